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


# Mistakes: another rule in type A, in type B or in both


def rules(a, b):
    """An answer: a(colours) is the rule of type A, b(colours) that of type B."""
    return lambda mask_type, colours=3: (a if mask_type == "A" else b)(colours)


def upper(k):
    """The rule that is a triangle of ones: k=0 with the diagonal, k=1 without it."""
    return lambda colours: np.triu(np.ones((colours, colours)), k)


right_a, right_b = upper(1), upper(0)

exercise.mistake(
    "Rows and columns are swapped: blue feeds red.",
    "the row is the colour that is used (source), the column the colour that uses it (target).",
    rules(lambda n: right_a(n).T, np.tri),
)
exercise.mistakes_about(
    "A is for the layer that reads the image, where a colour itself is the value to be predicted. "
    "After this layer, red's features do not contain the red value.",
    {
        "A and B are swapped.": rules(right_b, right_a),
        "Type A lets a colour see itself.": rules(right_b, right_b),
        "With one colour, type A lets it see itself.": rules(
            lambda n: right_a(n) if n > 1 else right_b(n), right_b
        ),
        "Type B hides a colour from itself.": rules(right_a, right_a),
    },
)
exercise.mistakes_about(
    "in both types: which colours of the pixel are known when green is predicted, and when blue is?",
    {
        "Type A hides all colours of the pixel.": rules(lambda n: np.zeros((n, n)), right_b),
        "Type B shows all colours of the pixel.": rules(right_a, lambda n: np.ones((n, n))),
        "In type B a colour sees only itself.": rules(right_a, np.eye),
        "A colour sees only the colour just before it: blue does not see red.": rules(
            lambda n: np.eye(n, k=1), lambda n: np.eye(n) + np.eye(n, k=1)
        ),
    },
)
exercise.mistakes_about(
    "type A leaves out the diagonal, B includes it: which k is that in np.triu?",
    {
        "In both types the triangle begins one diagonal too high: in A red feeds no green.": rules(
            upper(2), upper(1)
        ),
        "In both types the triangle begins one diagonal too low: in B green feeds red.": rules(
            upper(0), upper(-1)
        ),
    },
)

# Mistakes that a condition, or what is said of all cases, describes well enough

exercise.all_caught(
    {
        "source 0, target 2 should be True, but it is 0: that source comes before": rules(
            right_a, lambda n: np.eye(n) + np.eye(n, k=1)
        ),
        "should be False, but it is 1: that source comes after": rules(right_a, upper(-1)),
        "colour_rule('B', colours=1): source 0, target 0 should be True, but it is 0": rules(
            right_a, lambda n: right_b(n) if n > 1 else right_a(n)
        ),
        "`colours` changes nothing": rules(lambda n: right_a(3), lambda n: right_b(3)),
    }
)
