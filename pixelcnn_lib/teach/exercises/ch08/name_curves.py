"""8.3: what happened in each of the chapter's four runs."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, briefly


def name_curves():
    """What happened in each of the chapter's four runs."""
    return {"a": "overfit", "b": "leak", "c": "honest", "d": "rate too high"}


RIGHT = name_curves()
NAMES = ", ".join(map(repr, sorted(RIGHT.values())))
SAID = {
    ("a", "leak"): "A leak would also help on fresh images: the model would see their values, too.",
    ("a", "honest"): "Its training loss goes below the entropy, and its fresh score goes up.",
    ("a", "rate too high"): "Its training loss falls steadily, so the steps are not too long.",
    (
        "b",
        "overfit",
    ): "A model that overfits is bad on fresh images. This one is excellent on both.",
    ("b", "honest"): "On fresh images no honest model stays below the entropy of the source.",
    ("b", "rate too high"): "It falls far, also on fresh images.",
    ("c", "overfit"): "Its training loss and its fresh score stay together.",
    ("c", "leak"): "It stays above the entropy.",
    ("c", "rate too high"): "It comes down and settles near the entropy.",
    ("d", "overfit"): "It has not even learnt its training images.",
    ("d", "leak"): "A model that can see the answer would do better than this.",
    ("d", "honest"): "It stays far above what shorter steps reach.",
}
CLUES = {
    "a": "compare the two plots: how does it do on its training images, and how on fresh ones?",
    "b": "what can be below the entropy on images that were never seen?",
    "c": "what would a run without any fault look like in both plots?",
    "d": "what does it do in training, after the first stage?",
}


def plain(word):
    """A key or a name without case, and with spaces for underscores and hyphens."""
    return " ".join(word.lower().replace("_", " ").replace("-", " ").split())


def names(name_curves):
    """The four names in order; Wrong for anything that is not a dict of them."""
    said = name_curves()
    if said is None or said is ...:
        return said
    if not isinstance(said, dict):
        hint = '{"a": …, "b": …} is a dict: a key, a colon, a value.'
        raise Wrong(f"name_curves() returned {briefly(said)}; expected a dict.", hint)
    said = {plain(str(key)): value for key, value in said.items()}
    if missing := [run for run in RIGHT if run not in said]:
        there = ", ".join(map(repr, said)) or "none"
        hint = "the keys are the letters of the four curves."
        raise Wrong(f"The key {missing[0]!r} is missing; the keys are: {there}.", hint)
    if others := [key for key in said if key not in RIGHT]:
        raise Wrong(
            f"{others[0]!r} is none of the four curves.", "a, b, c and d are all there are."
        )
    for run in RIGHT:
        if not isinstance(said[run], str):
            hint = f"write one of {NAMES}, in quotes."
            raise Wrong(
                f"Curve {run} has the value {briefly(said[run])}, which is not a name.", hint
            )
    for run in RIGHT:
        if plain(said[run]) not in RIGHT.values():
            hint = f"choose among {NAMES}."
            raise Wrong(f"Curve {run}: {said[run]!r} is none of the four names.", hint)
    return np.array([plain(said[run]) for run in RIGHT])


def named(run):
    """Make a condition: one of the four curves has its right name."""

    def condition(answer):
        said = str(answer()[list(RIGHT).index(run)])
        if said != RIGHT[run]:
            return Wrong(f"Curve {run}, {said}? {SAID[run, said]}", CLUES[run])

    condition.__name__ = f"curve {run}"
    return condition


exercise = Exercise(
    id="8.3",
    title="Name four curves",
    minutes=5,
    difficulty=1,
    solution=name_curves,
    hints=(
        "Look at both plots: what does each run do on fresh images?",
        "Only a leak gives a score below the entropy on fresh images. A run that has memorised its "
        "training images is below it in training only.",
        "One run is below the entropy in both plots, one in training only, one just above it in "
        "both, one far above it in both.",
    ),
    cases={"the four runs": ()},
    probe=names,
    conditions=[named(run) for run in RIGHT],
)

# Mistakes that a condition describes well enough

for (run, name), why in SAID.items():
    exercise.caught(why)(lambda run=run, name=name: {**RIGHT, run: name})
exercise.all_caught(
    {
        "'Overfitting' is none of the four names": lambda: {**RIGHT, "a": "Overfitting"},
        "the value None, which is not a name": lambda: {**RIGHT, "d": None},
        "'e' is none of the four curves": lambda: {**RIGHT, "e": "honest"},
        "expected a dict": lambda: list(RIGHT.values()),
        "The key 'a' is missing; the keys are: 'overfit'": (
            lambda: {name: run for run, name in RIGHT.items()}
        ),
    }
)
