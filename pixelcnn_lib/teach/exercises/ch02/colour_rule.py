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
        "Write the table for three colours on paper. Which of its nine cells hold a 1?",
        "Give the colours numbers. Which numbers come before the target's? Which cells differ "
        "between A and B?",
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
        ("the diagonal", itself, "there a colour meets itself", "A and B differ only there."),
    ],
)


# Mistakes, each as a reader writes it


def upper(colours, k):
    """A triangle of ones: k=0 with the diagonal, k=1 without it."""
    return np.triu(np.ones((colours, colours)), k)


exercise.mistake(
    "Rows and columns are swapped: blue feeds red.",
    "rows are the colour looked at (the source), columns the colour that looks (the target).",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "A" else 0).T)
exercise.mistake("A and B are swapped.", "which of them looks at the image itself?")(
    lambda mask_type, colours=3: upper(colours, 0 if mask_type == "A" else 1)
)
exercise.mistake(
    "True and False are swapped. To swap A and B, and rows and columns as well, gives the same.",
    "True at [source, target] lets source feed target; only type B has it on the diagonal.",
)(lambda mask_type, colours=3: np.tri(colours, k=0 if mask_type == "A" else -1))
exercise.mistake(
    "Type A lets a colour see itself.",
    "in the first layer that is the value to be predicted.",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "a" else 0))
exercise.mistake(
    "Type B hides a colour from itself.",
    "after the first layer, red's features no longer hold the red value.",
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
    "Type B is right. Type A hides all colours of the pixel.",
    "in the first layer, too, green may see red.",
)(lambda mask_type, colours=3: upper(colours, 0) * (mask_type == "B"))


@exercise.mistake(
    "Type A is right. Type B shows all colours of the pixel.",
    hint="in a later layer, too, red may not see blue.",
)
def all_in_b(mask_type, colours=3):
    return upper(colours, 1) if mask_type == "A" else np.ones((colours, colours))


exercise.mistake(
    "A colour sees only the one just before it: blue does not see red.",
    "blue is drawn last: which colours are known by then?",
)(lambda mask_type, colours=3: np.eye(colours, k=1) + (mask_type == "B") * np.eye(colours))


@exercise.mistake(
    "A colour sees all others, also those that come after it.",
    hint="when red is predicted, nothing of its pixel is known.",
)
def all_others(mask_type, colours=3):
    return np.ones((colours, colours)) - (mask_type == "A") * np.eye(colours)


exercise.mistake(
    "A colour sees itself in type B, and no other colour in either type.",
    "green may see red: which cell is that?",
)(lambda mask_type, colours=3: np.eye(colours) * (mask_type == "B"))
for low, name in {1: "high: in A red feeds no green", -1: "low: in B green feeds red"}.items():
    exercise.mistake(
        f"In both types the triangle begins one diagonal too {name}.",
        "type A leaves out the diagonal, B includes it: which k is that in np.triu?",
    )(lambda mask_type, colours=3, low=low: upper(colours, (mask_type == "A") + low))
exercise.mistake(
    "Type B shows each colour the one that comes after it.",
    "A leaves out the diagonal, B includes it: where do your two triangles begin?",
)(lambda mask_type, colours=3: upper(colours, 1 if mask_type == "A" else -1))
exercise.mistake(
    "Type A hides from each colour the one just before it.",
    "A leaves out the diagonal, and only the diagonal.",
)(lambda mask_type, colours=3: upper(colours, 2 if mask_type == "A" else 0))


exercise.mistake(
    "Type A is right. In type B rows and columns are swapped.",
    "in both types the row is the source, and earlier colours feed later ones.",
)(lambda mask_type, colours=3: upper(colours, 1) if mask_type == "A" else np.tri(colours))
exercise.mistake(
    "Type B is right. In type A rows and columns are swapped.",
    "in both types the row is the source, and earlier colours feed later ones.",
)(lambda mask_type, colours=3: upper(colours, 0) if mask_type == "B" else np.tri(colours, k=-1))
exercise.mistake(
    "Both types are alike: rows and columns are swapped, and a colour sees itself.",
    "only type B has a 1 on the diagonal, and the row is the source.",
)(lambda mask_type, colours=3: np.tri(colours))


# Mistakes that a condition describes well enough


@exercise.caught("source 0, target 2 should be True, but it is 0: that source comes before")
def only_neighbours_in_b(mask_type, colours=3):
    return upper(colours, 1) if mask_type == "A" else np.eye(colours) + np.eye(colours, k=1)


@exercise.caught("should be False, but it is 1: that source comes after")
def wraps_around(mask_type, colours=3):
    return np.maximum(upper(colours, mask_type == "A"), np.eye(colours, k=1 - colours))


@exercise.caught("should be False, but it is -1: there a colour meets itself")
def three_kinds(mask_type, colours=3):
    return upper(colours, 0) - (mask_type == "A") * 2 * np.eye(colours)


exercise.caught("`colours` changes nothing")(
    lambda mask_type, colours=3: upper(3, 1 if mask_type == "A" else 0)
)
exercise.caught("raised TypeError")(lambda mask_type: upper(3, 1 if mask_type == "A" else 0))
