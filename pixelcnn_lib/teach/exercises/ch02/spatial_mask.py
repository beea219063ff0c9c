"""2.1: which taps of a kernel lie on finished pixels."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import above, both_forms, centre, future, left, taps
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


def where(decide):
    """An answer: decide(row, col), for the row and column of each tap, counted from the centre."""
    return lambda kernel_size: decide(*taps(kernel_size))


def before(row, col):
    return (row < 0) | (row == 0) & (col < 0)


exercise.mistakes_about(
    "a row above is finished in its whole width before this row begins.",
    {
        '"Above and left" was read as a quarter of the plane: the upper right is hidden.': where(
            lambda row, col: before(row, col) & (col <= 0)
        ),
        "Only the nearest of the rows above is seen.": where(
            lambda row, col: before(row, col) & (row >= -1)
        ),
    },
)
exercise.mistakes_about(
    "the centre is the pixel that is being predicted, and True marks a tap that may be used.",
    {
        "The centre is True.": where(lambda row, col: before(row, col - 1)),
        "Past and future are swapped: only taps after the centre are True.": where(
            lambda row, col: before(-row, -col)
        ),
        "The centre's own row is True to its end.": where(lambda row, col: row <= 0),
    },
)
exercise.mistake(
    "The taps are read column by column.",
    "the image is drawn row by row, from the top, and from left to right in a row.",
    where(lambda row, col: before(col, row)),
)
exercise.mistakes_about(
    "height and width may differ: (3, 7) is 3 rows of 7. The centre is at row height // 2, column "
    "width // 2.",
    {
        "Height and width are swapped.": lambda kernel_size: before(
            *taps(np.broadcast_to(kernel_size, 2)[::-1])
        ),
        "The centre is taken at column height // 2.": where(
            lambda row, col: before(row, col - col.min() + row.min())
        ),
        "The centre is taken at row width // 2.": where(
            lambda row, col: before(row - row.min() + col.min(), col)
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
        "it lies left of the centre": where(lambda row, col: row < 0),
        "should be False, but it is -1: it is the centre": where(
            lambda row, col: np.where(before(row, col), 1, -1)
        ),
        "it comes after the centre": where(lambda row, col: (row < 0) | (row == 0) & (col != 0)),
        "It accepts a number, but not a pair: spatial_mask((3, 7)) raised TypeError": (
            lambda kernel_size: np.zeros((kernel_size, kernel_size)) + before(*taps(kernel_size))
        ),
    }
)
