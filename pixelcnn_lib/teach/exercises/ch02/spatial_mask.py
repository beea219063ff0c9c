"""2.1: which taps of a kernel lie on finished pixels."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import above, both_forms, centre, future, left
from pixelcnn_lib.teach.exercises.groups import by_group


def show_mask(spatial_mask):
    from pixelcnn_lib.teach import figures

    mask = np.asarray(spatial_mask((5, 9)), bool)
    return figures.show_mask(mask[:, :, None, None], colours=1)


exercise = Exercise(
    id="2.1",
    title="The spatial mask",
    minutes=5,
    difficulty=1,
    solution=masks.spatial_mask,
    hints=(
        "Number the taps in reading order. Which numbers come before the centre's?",
        "Two groups of taps lie on finished pixels: all rows above the centre, and the left part of its own row.",
        "Slices select both groups: rows [:height // 2], and in row height // 2 a part of the columns.",
    ),
    cases={
        "1x1": (1,),
        "5x5": (5,),
        "3x7": ((3, 7),),
        "7x3": ((7, 3),),
        "1x5": ((1, 5),),
        "5x1": ((5, 1),),
    },
    axes=("row", "column"),
    after=show_mask,
    seen="Your mask for a kernel of 5x9.",
)
both_forms(exercise)
by_group(
    exercise,
    [
        (
            "rows above",
            above,
            "it lies in a row above the centre",
            "those rows are finished in their whole width.",
        ),
        (
            "left part of the row",
            left,
            "it lies left of the centre, in the centre's own row",
            "are those pixels drawn already?",
        ),
        ("centre", centre, "it is the centre", "the centre is the pixel that is being predicted."),
        (
            "taps after the centre",
            future,
            "it comes after the centre",
            "read the taps in order, and stop at the centre.",
        ),
    ],
)


# Mistakes: other taps are True


def numbered(kernel_size):
    """The taps, numbered in reading order from the centre."""
    height, width = np.broadcast_to(kernel_size, 2)
    return np.arange(height * width).reshape(height, width) - height * width // 2


def parts(*places):
    """An answer: True in these parts of the kernel; places: (row, col) of the centre -> an index."""

    def spatial_mask(kernel_size):
        height, width = np.broadcast_to(kernel_size, 2)
        mask = np.zeros((height, width), bool)
        for place in places:
            mask[place(height // 2, width // 2)] = True
        return mask

    return spatial_mask


def rows_above(row, col):
    return slice(row)


def left(row, col):
    return row, slice(col)


exercise.mistakes_about(
    "a row above is finished in its whole width before this row begins.",
    {
        '"Above and left" was read as a quarter of the plane: the upper right is hidden.': parts(
            lambda row, col: (slice(row), slice(col + 1)), left
        ),
        "The column above the centre is hidden, and all columns to the right of it.": parts(
            lambda row, col: (slice(row + 1), slice(col))
        ),
        "The rows above the centre are hidden.": parts(left),
        "Only the nearest of the rows above is seen.": parts(
            lambda row, col: slice(max(row - 1, 0), row), left
        ),
    },
)
exercise.mistakes_about(
    "the centre is the pixel that is being predicted, and True marks a tap that may be used.",
    {
        "The centre is True.": lambda kernel_size: numbered(kernel_size) <= 0,
        "Past and future are swapped: only taps after the centre are True.": lambda kernel_size: (
            numbered(kernel_size) > 0
        ),
        "True and False are swapped: what may be used is False, and the rest is True.": (
            lambda kernel_size: np.where(numbered(kernel_size) < 0, 0, 1)
        ),
    },
)
exercise.mistakes_about(
    "in the centre's row, all pixels to the left are drawn before the centre, and none to the right.",
    {
        "The centre's own row is True to its end.": parts(lambda row, col: slice(row + 1)),
        "The centre's own row is True on both sides of the centre.": parts(
            rows_above, left, lambda row, col: (row, slice(col + 1, None))
        ),
        "The pixels to the left in the centre's row are hidden.": parts(rows_above),
        "In the centre's row the right part is True instead of the left part.": parts(
            rows_above, lambda row, col: (row, slice(col + 1, None))
        ),
        "In the centre's row, only the nearest tap on the left is seen.": parts(
            rows_above, lambda row, col: (row, slice(max(col - 1, 0), col))
        ),
    },
)
exercise.mistakes_about(
    "the image is drawn row by row, from the top, and from left to right in a row.",
    {
        "The rows below are True instead of the rows above.": parts(
            lambda row, col: slice(row + 1, None), left
        ),
        "The taps are read column by column.": parts(
            lambda row, col: (slice(None), slice(col)), lambda row, col: (slice(row), col)
        ),
        "The mask goes one row too far: to the pixel below the centre.": parts(
            lambda row, col: slice(row + 1), lambda row, col: (slice(row + 1, row + 2), slice(col))
        ),
    },
)
exercise.mistakes_about(
    "height and width may differ: (3, 7) is 3 rows of 7. The centre is at row height // 2, column "
    "width // 2.",
    {
        "Height and width are swapped.": lambda kernel_size: (
            numbered(np.broadcast_to(kernel_size, 2)[::-1]) < 0
        ),
        "The centre is taken at column height // 2.": parts(
            rows_above, lambda row, col: (row, slice(row))
        ),
        "The centre is taken at row width // 2.": parts(
            lambda row, col: slice(col), lambda row, col: (slice(col, col + 1), slice(col))
        ),
        "A pair is treated as a square.": tuple(
            lambda kernel_size, side=side: numbered(int(side(np.ravel(kernel_size)))) < 0
            for side in (np.max, np.min, lambda pair: pair[0], lambda pair: pair[-1])
        ),
    },
)
exercise.mistakes_about(
    "count the finished taps in row 0: are there as many as in a triangle?",
    {
        f"That is a lower triangle, {what}.": lambda kernel_size, k=k: np.tril(
            np.ones(np.broadcast_to(kernel_size, 2)), k
        )
        for k, what in {-1: "without its diagonal", 0: "with its diagonal"}.items()
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "it lies left of the centre": parts(rows_above, lambda row, col: (row, slice(min(col, 1)))),
        "it lies in a row above": lambda kernel_size: numbered(kernel_size) < -1,
        "should be False, but it is -1: it is the centre": lambda kernel_size: (
            np.sign(-numbered(kernel_size)) - (numbered(kernel_size) == 0)
        ),
        "it comes after the centre": parts(rows_above, lambda row, col: (slice(None), slice(col))),
        "`kernel_size` changes nothing": lambda kernel_size: numbered(3) < 0,
        "It accepts a number, but not a pair: spatial_mask((3, 7)) raised TypeError": (
            lambda kernel_size: np.zeros((kernel_size, kernel_size)) + (numbered(kernel_size) < 0)
        ),
    }
)
