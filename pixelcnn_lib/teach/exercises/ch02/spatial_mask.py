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


# Mistakes, each as a reader writes it


def blank(kernel_size):
    """A mask that hides everything, and the row and the column of its centre."""
    height, width = np.broadcast_to(kernel_size, 2)
    return np.zeros((height, width), bool), height // 2, width // 2


def numbered(kernel_size):
    """The taps, numbered in reading order from the centre."""
    height, width = np.broadcast_to(kernel_size, 2)
    return np.arange(height * width).reshape(height, width) - height * width // 2


@exercise.mistake(
    '"Above and left" was read as a quarter of the plane: the upper right is hidden.',
    hint="a row above is finished in its whole width before this row begins.",
)
def quadrant(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[:row, : col + 1] = mask[row, :col] = True
    return mask


@exercise.mistake(
    "The column above the centre is hidden, and all columns to the right of it.",
    hint="a row above is finished in its whole width before this row begins.",
)
def strictly_above_and_left(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[: row + 1, :col] = True
    return mask


exercise.mistake(
    "The centre is True.",
    "the centre is the pixel that is being predicted.",
)(lambda kernel_size: numbered(kernel_size) <= 0)
exercise.mistake(
    "Past and future are swapped: only taps after the centre are True.",
    "True marks a tap that may be used.",
)(lambda kernel_size: numbered(kernel_size) > 0)
exercise.mistake(
    "True and False are swapped: what may be used is False, and the rest is True.",
    "True marks a tap that may be used.",
)(lambda kernel_size: np.where(numbered(kernel_size) < 0, 0, 1))


@exercise.mistake(
    "The centre's own row is True to its end.",
    hint="which pixels of this row are drawn before the centre?",
)
def row_to_its_end(kernel_size):
    mask, row, _ = blank(kernel_size)
    mask[: row + 1] = True
    return mask


@exercise.mistake(
    "The centre's own row is True on both sides of the centre.",
    hint="which pixels of this row are drawn before the centre?",
)
def both_sides(kernel_size):
    return row_to_its_end(kernel_size) & (numbered(kernel_size) != 0)


@exercise.mistake(
    "The pixels to the left in the centre's row are hidden.",
    hint="which pixels of this row are drawn before the centre?",
)
def only_rows_above(kernel_size):
    mask, row, _ = blank(kernel_size)
    mask[:row] = True
    return mask


@exercise.mistake(
    "The rows above the centre are hidden.",
    hint="which rows are drawn before the centre's?",
)
def only_this_row(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[row, :col] = True
    return mask


@exercise.mistake(
    "The rows below are True instead of the rows above.", hint="row 0 is at the top of the kernel."
)
def rows_below(kernel_size):
    return only_rows_above(kernel_size)[::-1] | only_this_row(kernel_size)


exercise.mistake(
    "In the centre's row the right part is True instead of the left part.",
    "column 0 is at the left of the kernel, and drawn first.",
)(lambda kernel_size: only_rows_above(kernel_size) | only_this_row(kernel_size)[:, ::-1])


@exercise.mistake(
    "The taps are read column by column.",
    hint="the order is row by row, and from left to right in a row.",
)
def columns_for_rows(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[:, :col] = mask[:row, col] = True
    return mask


@exercise.mistake(
    "The mask goes one row too far: to the pixel below the centre.",
    hint="row height // 2 is the centre's own row.",
)
def one_row_too_far(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[: row + 1] = mask[row + 1 : row + 2, :col] = True
    return mask


exercise.mistake("Height and width are swapped.", "in a pair, the height comes first.")(
    lambda kernel_size: numbered(np.broadcast_to(kernel_size, 2)[::-1]) < 0
)


@exercise.mistake(
    "The centre is taken at column height // 2.",
    hint="in a kernel that is not square, height // 2 and width // 2 differ.",
)
def height_for_width(kernel_size):
    mask, row, _ = blank(kernel_size)
    mask[:row] = mask[row, :row] = True
    return mask


@exercise.mistake(
    "The centre is taken at row width // 2.",
    hint="in a kernel that is not square, height // 2 and width // 2 differ.",
)
def width_for_height(kernel_size):
    mask, _, col = blank(kernel_size)
    mask[:col] = mask[col : col + 1, :col] = True
    return mask


square = exercise.mistake(
    "A pair is treated as a square.", "height and width may differ: (3, 7) is 3 rows of 7."
)
for side in (np.max, np.min, lambda pair: np.ravel(pair)[0], lambda pair: np.ravel(pair)[-1]):
    square(lambda kernel_size, side=side: numbered(int(side(kernel_size))) < 0)
for k, what in {-1: "without its diagonal", 0: "with its diagonal"}.items():
    exercise.mistake(
        f"That is a lower triangle, {what}.",
        "count the finished taps in row 0: are there as many as in a triangle?",
    )(lambda kernel_size, k=k: np.tril(np.ones(blank(kernel_size)[0].shape), k))


@exercise.mistake(
    "Only the nearest of the rows above is seen.",
    hint="all rows above are finished, not only the one just above.",
)
def nearest_row(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[max(row - 1, 0) : row] = mask[row, :col] = True
    return mask


# Mistakes that a condition describes well enough


@exercise.mistake(
    "In the centre's row, only the nearest tap on the left is seen.",
    hint="all taps to the left of the centre lie on finished pixels.",
)
def only_the_nearest_left(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[:row] = mask[row, max(col - 1, 0) : col] = True
    return mask


@exercise.caught("it lies left of the centre")
def only_the_first_left(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[:row] = mask[row, : min(col, 1)] = True
    return mask


exercise.caught("it lies in a row above")(lambda kernel_size: numbered(kernel_size) < -1)
exercise.caught("should be False, but it is -1: it is the centre")(
    lambda kernel_size: np.sign(-numbered(kernel_size)) - (numbered(kernel_size) == 0)
)


@exercise.caught("it comes after the centre")
def left_of_every_row(kernel_size):
    mask, row, col = blank(kernel_size)
    mask[:row] = mask[:, :col] = True
    return mask


exercise.caught("`kernel_size` changes nothing")(
    lambda kernel_size: np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], bool)
)


@exercise.caught("It accepts a number, but not a pair: spatial_mask((3, 7)) raised TypeError")
def number_only(kernel_size):
    mask = np.zeros((kernel_size, kernel_size), bool)
    mask[: kernel_size // 2] = mask[kernel_size // 2, : kernel_size // 2] = True
    return mask


exercise.caught("got shape (1,)")(lambda kernel_size: numbered(kernel_size).reshape(-1) < 0)
