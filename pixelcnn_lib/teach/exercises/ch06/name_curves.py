"""6.2: what happened in each of the chapter's four runs."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def name_curves():
    """What happened in each of the chapter's four runs."""
    return {"a": "overfit", "b": "leak", "c": "honest", "d": "rate too high"}


RIGHT = name_curves()
CLUES = {
    "a": "compare the two plots: how does it do on its training faces, and how on new ones?",
    "b": "what can be below the entropy on faces that were never seen?",
    "c": "what would a run without any fault look like in both plots?",
    "d": "what does it do in training, after the first stage?",
}


def names(name_curves):
    """The four names in order; Wrong for anything that is not a dict of them."""
    said = name_curves()
    if not isinstance(said, dict) or set(said) != set(RIGHT):
        raise Wrong(
            'name_curves() should return a dict with exactly the keys "a", "b", "c" and "d".',
            'for example {"a": "leak", "b": …}.',
        )
    for run, name in said.items():
        if name not in RIGHT.values():
            hint = f"choose among {', '.join(map(repr, sorted(RIGHT.values())))}."
            raise Wrong(f"Curve {run}: {name!r} is none of the four names.", hint)
    return np.array([said[run] for run in RIGHT])


exercise = Exercise(
    id="6.2",
    title="Name four curves",
    minutes=4,
    difficulty=1,
    solution=name_curves,
    hints=(
        "Look at both plots: what does each run do on new faces?",
        "Only a leak gives a score below the entropy on new faces. A run that has memorised its "
        "training faces is below it in training only.",
        "One run is below the entropy in both plots, one in training only, one just above it in "
        "both, one far above it in both.",
    ),
    cases={"the four runs": ()},
    probe=names,
)


@exercise.condition
def all_named(answer):
    for run, said in zip(RIGHT, answer()):
        if said != RIGHT[run]:
            return Wrong(f"Curve {run} is not {str(said)!r}.", CLUES[run])


exercise.mistaken(
    "look at the second plot: which run is below the entropy on faces that were never seen?",
    {
        "The leak and the overfitting are swapped: a leak also helps on new faces.": [
            ('"a": "overfit"', '"a": "leak"'),
            ('"b": "leak"', '"b": "overfit"'),
        ],
        "The leak and the honest run are swapped: no honest run is below the entropy on new "
        "faces.": [
            ('"b": "leak"', '"b": "honest"'),
            ('"c": "honest"', '"c": "leak"'),
        ],
    },
)
exercise.mistaken(
    "which run is bad on its training faces, too?",
    {
        "The overfitting and the high rate are swapped: a run that overfits is good on its training "
        "faces.": [
            ('"a": "overfit"', '"a": "rate too high"'),
            ('"d": "rate too high"', '"d": "overfit"'),
        ],
    },
)
