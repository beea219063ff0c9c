"""2.2: which colour of a pixel may feed which, for masks A and B."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import earlier, itself, later
from pixelcnn_lib.teach.exercises.groups import by_group


def show_rule(colour_rule):
    from pixelcnn_lib.teach import figures

    return figures.show_centre(np.asarray(colour_rule("B"), int))


exercise = Exercise(
    id="2.2",
    title="The colour rule",
    minutes=5,
    difficulty=1,
    solution=masks.colour_rule,
    hints=(
        "Write the table for three colours on paper. Which of its nine cells are 1?",
        "Give the colours numbers. Which numbers are smaller than the target's? In which cells do "
        "A and B differ?",
        "np.ogrid[:colours, :colours] gives a column of sources and a row of targets to compare.",
    ),
    cases={f"{mask_type} of 3 colours": (mask_type,) for mask_type in "AB"}
    | {f"{t} of {colours} colours": (t, colours) for colours in (2, 4, 5) for t in "AB"}
    | {f"{mask_type} of 1 colour": (mask_type, 1) for mask_type in "AB"},
    axes=("source", "target"),
    after=show_rule,
    seen="Your rule of type B.",
)
by_group(
    exercise,
    [
        (
            "earlier colours",
            earlier,
            "that source comes before the target",
            "earlier colours are known.",
        ),
        (
            "later colours",
            later,
            "that source comes after the target",
            "when the target is predicted, that colour is not drawn yet.",
        ),
        (
            "the diagonal",
            itself,
            "there source and target are the same colour",
            "A and B differ only there.",
        ),
    ],
)


# Mistakes, each as a reader writes it


def upper(colours, k):
    """A triangle of ones: k=0 with the diagonal, k=1 without it."""
    return np.triu(np.ones((colours, colours)), k)


exercise.mistake(
    "Rows and columns are swapped: blue feeds red.",
    "the row is the colour that is used (source), the column the colour that uses it (target).",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "A" else 0).T)
exercise.mistake("A and B are swapped.", "which of them is for the layer that reads the image?")(
    lambda mask_type, colours=3: upper(colours, 0 if mask_type == "A" else 1)
)
exercise.mistake(
    "True and False are swapped. Swapping A and B, and also rows and columns, gives the same.",
    "True at [source, target] lets source feed target; only type B has it on the diagonal.",
)(lambda mask_type, colours=3: np.tri(colours, k=0 if mask_type == "A" else -1))
exercise.mistake(
    "Type A lets a colour see itself.",
    "in the first layer that is the value to be predicted.",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "a" else 0))
exercise.mistake(
    "With one colour, type A lets it see itself.",
    "grey has a first layer too: there the colour itself is the value to be predicted.",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "A" and colours > 1 else 0))
exercise.mistake(
    "With one colour, type B hides it from itself.",
    "the rule is the same for every number of colours: type B has True on the diagonal.",
)(lambda mask_type, colours=3: upper(colours, 0 if mask_type == "B" and colours > 1 else 1))
exercise.mistake(
    "Type B hides a colour from itself.",
    "after the first layer, red's features do not contain the red value.",
)(lambda mask_type, colours=3: upper(colours, 1))
exercise.mistake(
    "Rows and columns are swapped, and type B hides a colour from itself.",
    "the row is the source; only type B has a 1 on the diagonal.",
)(lambda mask_type, colours=3: np.tri(colours, k=-1))
exercise.mistake(
    "The pixel is hidden or shown as a whole, whatever the colour.",
    "when green is predicted, red is known and blue is not.",
)(lambda mask_type, colours=3: np.full((colours, colours), mask_type == "B"))
exercise.mistake(
    "Type A hides all colours of the pixel.",
    "in the first layer, too, green may see red.",
)(lambda mask_type, colours=3: upper(colours, 0) * (mask_type == "B"))


@exercise.mistake(
    "Type B shows all colours of the pixel.",
    hint="in a later layer, too, red may not see blue.",
)
def all_in_b(mask_type, colours=3):
    return upper(colours, 1) if mask_type == "A" else np.ones((colours, colours))


exercise.mistake(
    "A colour sees only the colour just before it: blue does not see red.",
    "blue is drawn last: which colours are known by then?",
)(lambda mask_type, colours=3: np.eye(colours, k=1) + (mask_type == "B") * np.eye(colours))


@exercise.mistake(
    "A colour sees all other colours, also those that come after it.",
    hint="when red is predicted, nothing of its pixel is known.",
)
def all_others(mask_type, colours=3):
    return np.ones((colours, colours)) - (mask_type == "A") * np.eye(colours)


exercise.mistake(
    "A colour sees itself in type B, and no other colour in either type.",
    "green may see red: which cell is that?",
)(lambda mask_type, colours=3: np.eye(colours) * (mask_type == "B"))
exercise.mistake(
    "In type B a colour sees only itself.", "blue is drawn last: which colours are known by then?"
)(lambda mask_type, colours=3: upper(colours, 1) if mask_type == "A" else np.eye(colours))
for low, name in {1: "high: in A red feeds no green", -1: "low: in B green feeds red"}.items():
    exercise.mistake(
        f"In both types the triangle begins one diagonal too {name}.",
        "type A leaves out the diagonal, B includes it: which k is that in np.triu?",
    )(lambda mask_type, colours=3, low=low: upper(colours, (mask_type == "A") + low))
exercise.mistake(
    "In type B, each colour also sees the colour that comes after it.",
    "A leaves out the diagonal, B includes it: where do your two triangles begin?",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "A" else -1))
exercise.mistake(
    "In type A, a colour does not see the colour just before it.",
    "A leaves out the diagonal, and only the diagonal.",
)(lambda mask_type, colours=3: upper(colours, 2 if mask_type == "A" else 0))


exercise.mistake(
    "In type B rows and columns are swapped.",
    "in both types the row is the source, and earlier colours feed later ones.",
)(lambda mask_type, colours=3: upper(colours, 1) if mask_type == "A" else np.tri(colours))
exercise.mistake(
    "In type A rows and columns are swapped.",
    "in both types the row is the source, and earlier colours feed later ones.",
)(lambda mask_type, colours=3: upper(colours, 0) if mask_type == "B" else np.tri(colours, k=-1))
exercise.mistake(
    "Both types are the same: rows and columns are swapped, and a colour sees itself.",
    "only type B has a 1 on the diagonal, and the row is the source.",
)(lambda mask_type, colours=3: np.tri(colours))


# Mistakes that a condition describes well enough


@exercise.caught("source 0, target 2 should be True, but it is 0: that source comes before")
def only_neighbours_in_b(mask_type, colours=3):
    return upper(colours, 1) if mask_type == "A" else np.eye(colours) + np.eye(colours, k=1)


@exercise.caught("should be False, but it is 1: that source comes after")
def wraps_around(mask_type, colours=3):
    return np.maximum(upper(colours, mask_type == "A"), np.eye(colours, k=1 - colours))


@exercise.caught("should be False, but it is -1: there source and target are the same colour")
def three_kinds(mask_type, colours=3):
    return upper(colours, 0) - (mask_type == "A") * 2 * np.eye(colours)


exercise.caught("`colours` changes nothing")(
    lambda mask_type, colours=3: upper(3, 1 if mask_type == "A" else 0)
)
exercise.caught("raised TypeError")(lambda mask_type: upper(3, 1 if mask_type == "A" else 0))
