"""1.1: may the prediction of one value use another?"""

from itertools import product

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise


def pairs():
    """Two targets, each with sources above and below, left and right, in every colour.

    The targets differ in their sum too, so an answer that adds the places uses the target.
    """
    targets = (2, 3, 1), (4, 1, 2)  # (row, col, colour)
    sources = product((0, 2, 3, 4, 5), (0, 1, 3, 4, 999), range(3))
    return {
        f"{source} for {target}": (target, source) for source, target in product(sources, targets)
    }


def show_seen(may_see):
    from pixelcnn_lib.teach import figures

    kinds = np.reshape([may_see((2, 2, 1), source) for source in np.ndindex(5, 5, 3)], (5, 5, 3))
    return figures.show_kinds(np.where(kinds, masks.SEEN, masks.HIDDEN), target=(2, 2, 1))


exercise = Exercise(
    id="1.1",
    title="What a value may see",
    minutes=4,
    difficulty=1,
    solution=masks.may_see,
    hints=(
        "Take two values of one image. What decides which of them is drawn first?",
        "Rows decide first. Columns count only in the same row, colours only in the same pixel.",
        "Python compares tuples in this way: from the left, until two entries differ.",
    ),
    cases=pairs,
    after=show_seen,
    seen="What one value may see, by your function.",
)
exercise.agrees(
    hint="compare the rows first. In the same row, compare the columns. In the same pixel, compare "
    "the colours.",
)
exercise.mistaken(
    "the image is drawn like a line of text, pixel by pixel, and a value sees all that came before.",
    {
        "Target and source are swapped: later values are seen.": ("<", ">"),
        "A value sees itself.": ("<", "<="),
        "The image is drawn column by column.": (
            "tuple(source) < tuple(target)",
            "(source[1], source[0], source[2]) < (target[1], target[0], target[2])",
        ),
        "All red values are drawn first.": (
            "tuple(source) < tuple(target)",
            "(source[2], *source[:2]) < (target[2], *target[:2])",
        ),
    },
)
exercise.mistaken(
    "when green is predicted, its pixel's red is known, and its blue is not.",
    {
        "Of the value's own pixel, nothing is seen.": (
            "tuple(source) < tuple(target)",
            "tuple(source[:2]) < tuple(target[:2])",
        ),
        "The value's own pixel is seen in all its colours.": (
            "tuple(source) < tuple(target)",
            "tuple(source[:2]) <= tuple(target[:2])",
        ),
    },
)
exercise.mistaken(
    "rows decide first: a row above is finished in its whole width.",
    {
        '"Above and left" was read as a quarter of the plane: the upper right is hidden.': (
            "return",
            "return source[1] <= target[1] and",
        ),
        "All three indices have to be smaller, or equal.": (
            "return",
            "return all(s <= t for s, t in zip(source, target)) and",
        ),
        "One smaller index is enough.": (
            "tuple(source) < tuple(target)",
            "any(s < t for s, t in zip(source, target))",
        ),
        "A column farther left is seen in every row, also below.": (
            "return",
            "return source[1] < target[1] or",
        ),
        "Earlier pixels are seen only in earlier colours.": (
            "return",
            "return source[2] < target[2] and",
        ),
        "The places are numbered with a fixed width, but an image may be wider.": (
            "tuple(source) < tuple(target)",
            "(16 * source[0] + source[1], source[2]) < (16 * target[0] + target[1], target[2])",
        ),
        "The three indices are added.": (
            "tuple(source) < tuple(target)",
            "sum(source) < sum(target)",
        ),
    },
)
