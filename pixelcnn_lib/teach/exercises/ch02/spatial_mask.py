"""2.1: which taps of a kernel lie on finished pixels."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import above, centre, future, left


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
        "Two groups of taps are finished: all rows above the centre, and the left part of its own row.",
        "Slices select both groups: rows [:height // 2], and in row height // 2 a part of the columns.",
    ),
    cases={
        "one tap": (1,),
        "a number": (5,),
        "wide": ((3, 7),),
        "high": ((7, 3),),
        "one row": ((1, 5),),
        "one column": ((5, 1),),
    },
    axes=("row", "column"),
    after=show_mask,
    seen="Your mask for a kernel of 5x9.",
)
exercise.agrees(
    "rows above",
    "{call}: {place} is hidden, but it lies in a row above the centre.",
    hint="rows above are finished, in their whole width.",
    where=above,
)
exercise.agrees(
    "this row's left",
    "{call}: {place} is hidden, but it lies left of the centre, in the centre's own row.",
    hint="which pixels of this row are drawn before the centre?",
    where=left,
)
exercise.agrees(
    "centre",
    "{call}: {place} should be False, but it is {got}: it is the centre.",
    hint="the centre is the pixel that is being predicted.",
    where=centre,
)
exercise.agrees(
    "future",
    "{call}: {place} should be False, but it is {got}: it comes after the centre.",
    hint="read the taps in order, and stop at the centre.",
    where=future,
)


def sides(kernel_size):
    return np.broadcast_to(kernel_size, 2)


# Mistakes, each as a reader writes it


@exercise.mistake(
    '"Above and left" was taken as a quadrant: above and to the right is hidden.',
    hint="a row above is finished, in its whole width, before this one begins.",
)
def quadrant(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2, : width // 2 + 1] = True
    mask[height // 2, : width // 2] = True
    return mask


@exercise.mistake(
    "The column above the centre, and what lies right of it, is hidden.",
    hint="a row above is finished, in its whole width, before this one begins.",
)
def strictly_above_and_left(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2, : width // 2] = True
    mask[height // 2, : width // 2] = True
    return mask


@exercise.mistake(
    "All is right but the centre, which is seen.",
    hint="the centre is the pixel that is being predicted.",
)
def centre_too(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width).reshape(height, width) <= height * width // 2


@exercise.mistake(
    "Past and future are swapped: only taps after the centre are seen.",
    hint="True marks a tap that may be used.",
)
def swapped(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width).reshape(height, width) > height * width // 2


@exercise.mistake(
    "True and False are swapped: what may be used is hidden, and the rest is seen.",
    hint="True marks a tap that may be used.",
)
def inside_out(kernel_size):
    height, width = sides(kernel_size)
    mask = np.ones((height, width), bool)
    mask[: height // 2] = False
    mask[height // 2, : width // 2] = False
    return mask


@exercise.mistake(
    "The rows above are right, but the centre's own row is seen to its end.",
    hint="which pixels of this row are drawn before the centre?",
)
def row_to_its_end(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2 + 1] = True
    return mask


@exercise.mistake(
    "The centre's own row is seen on both sides of the centre.",
    hint="which pixels of this row are drawn before the centre?",
)
def both_sides(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2 + 1] = True
    mask[height // 2, width // 2] = False
    return mask


@exercise.mistake(
    "The rows above are right, but nothing is seen to the left in the centre's row.",
    hint="which pixels of this row are drawn before the centre?",
)
def only_rows_above(kernel_size):
    height, width = sides(kernel_size)
    return np.repeat(np.arange(height)[:, None] < height // 2, width, axis=1)


@exercise.mistake(
    "The left part is right, but the rows above are hidden.",
    hint="which rows are drawn before the centre's?",
)
def only_this_row(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[height // 2, : width // 2] = True
    return mask


in_columns = exercise.mistake(
    "The taps are read column by column.",
    hint="the order is row by row, and from left to right in a row.",
)


@in_columns
def numbered_by_column(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width).reshape(width, height).T < height * width // 2


@in_columns
def columns_for_rows(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[:, : width // 2] = True
    mask[: height // 2, width // 2] = True
    return mask


@exercise.mistake("Height and width are swapped.", hint="in a pair, the height comes first.")
def width_first(kernel_size):
    width, height = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = True
    mask[height // 2, : width // 2] = True
    return mask


@exercise.mistake(
    "The centre is taken at column height // 2.",
    hint="in a kernel that is not square, height // 2 and width // 2 differ.",
)
def height_for_width(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = mask[height // 2, : height // 2] = True
    return mask


@exercise.mistake(
    "A pair is treated as a square.", hint="height and width may differ: (3, 7) is 3 rows of 7."
)
def square_only(kernel_size):
    size = int(np.max(kernel_size))
    return np.arange(size * size).reshape(size, size) < size * size // 2


# Mistakes that a condition describes well enough


@exercise.caught("it lies left of the centre")
def only_the_nearest_left(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = True
    mask[height // 2, max(width // 2 - 1, 0) : width // 2] = True
    return mask


@exercise.caught("it lies in a row above")
def one_tap_early(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width).reshape(height, width) < height * width // 2 - 1


@exercise.caught("it is the centre")
def centre_of_high_kernels(kernel_size):
    height, width = sides(kernel_size)
    taps = np.arange(height * width).reshape(height, width)
    return taps <= height * width // 2 if height > width else taps < height * width // 2


@exercise.caught("it comes after the centre")
def left_of_every_row(kernel_size):
    height, width = sides(kernel_size)
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = mask[:, : width // 2] = True
    return mask


@exercise.caught("`kernel_size` changes nothing")
def always_3x3(kernel_size):
    return np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], bool)


@exercise.caught("raised TypeError")
def number_only(kernel_size):
    mask = np.zeros((kernel_size, kernel_size), bool)
    mask[: kernel_size // 2] = mask[kernel_size // 2, : kernel_size // 2] = True
    return mask


@exercise.caught("got shape (1,)")
def in_a_line(kernel_size):
    height, width = sides(kernel_size)
    return np.arange(height * width) < height * width // 2
