"""13.1: the past pixels that a stack of masked convolutions never sees."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.groups import by_group


def blind_spot(height, width, row, col):
    """Mark the past pixels that a stack of masked 3x3 convolutions never sees, however deep.

    Each step to the right is also a step up, so a pixel d rows above is seen only if it lies at most
    d columns to the right. height, width: int, of the image. row, col: int, of the pixel that is
    predicted. Returns bool (height, width).
    """
    rows, cols = np.ogrid[:height, :width]
    above = row - rows  # (height, 1)
    return (above > 0) & (cols - col > above)  # (height, width)


def offsets(height, width, row, col):
    """How many rows above and columns to the right of the present pixel each pixel lies."""
    rows, cols = np.mgrid[:height, :width]
    return row - rows, cols - col


def blind(*case):
    above, right = offsets(*case)
    return (above > 0) & (right > above)


def edge(*case):
    above, right = offsets(*case)
    return (above > 0) & (right == above)


def seen(*case):
    above, right = offsets(*case)
    return ((above > 0) & (right < above)) | ((above == 0) & (right < 0))


def later(*case):
    above, right = offsets(*case)
    return (above < 0) | ((above == 0) & (right >= 0))


def show_share(blind_spot):
    import matplotlib.pyplot as plt

    size = 16
    shares = np.zeros((size, size))
    for row, col in np.ndindex(size, size):
        past = max(row * size + col, 1)
        shares[row, col] = np.asarray(blind_spot(size, size, row, col)).sum() / past
    fig, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
    drawn = ax.imshow(shares, vmin=0, vmax=1)
    ax.set(xlabel="column", ylabel="row")
    fig.colorbar(drawn, label="share of the past in the blind spot")
    return fig


exercise = Exercise(
    id="13.1",
    title="The blind spot",
    minutes=8,
    difficulty=1,
    solution=blind_spot,
    hints=(
        "Follow a path back from the present pixel: in each layer it takes one step, to a pixel that "
        "the kernel reads. Which step goes one column to the right, and in which row does it end?",
        "After d steps up, a path is at most d columns to the right. So in the row d above, which "
        "columns does no path reach?",
        "rows, cols = np.ogrid[:height, :width] numbers rows and columns. A pixel is in the blind spot "
        "if it lies above and cols - col is larger than row - rows.",
    ),
    cases={
        "a wide image": (4, 11, 3, 2),
        "the middle of a square": (8, 8, 5, 3),
        "a high image": (10, 5, 8, 1),
        "the left border": (6, 7, 5, 0),
        "the right border": (5, 6, 4, 5),
        "many columns to the left": (3, 9, 2, 7),
        "the first row": (4, 6, 0, 2),
        "one row": (1, 6, 0, 1),
        "one column": (6, 1, 4, 0),
    },
    axes=("row", "column"),
    after=show_share,
    seen="The share of its past that each pixel of a 16x16 image never sees.",
)
by_group(
    exercise,
    [
        (
            "hidden pixels",
            blind,
            "it lies d rows above and more than d columns to the right",
            "each step to the right is also a step up.",
        ),
        (
            "the edge of the blind spot",
            edge,
            "it lies d rows above and d columns to the right, and d diagonal steps reach it",
            "how far to the right can a path be after d steps up?",
        ),
        (
            "visible pixels",
            seen,
            "a path of steps up, left and diagonally up reaches it",
            "how many steps up does a path need before it is that far to the right?",
        ),
        (
            "later pixels",
            later,
            "it comes later, or is the present pixel, so it is not hidden past",
            "True marks only pixels that come before the present one.",
        ),
    ],
)


# Mistakes, each as a reader writes it


def mistaken(message, hint):
    """Declare a mistake in forms that are functions of (above, right), two arrays."""

    def declare(*forms):
        for decide in forms:
            mistake(lambda *case, decide=decide: decide(*offsets(*case)))

    mistake = exercise.mistake(message, hint)
    return declare


def past(above, right):
    return (above > 0) | ((above == 0) & (right < 0))


mistaken(
    "The pixels on the diagonal are marked too.",
    "d diagonal steps reach the pixel that is d rows above and d columns to the right.",
)(lambda above, right: (above > 0) & (right >= above))
mistaken(
    "The blind spot begins one column too late.",
    "in the row just above, one step reaches one column to the right, and no farther.",
)(lambda above, right: (above > 0) & (right > above + 1))
mistaken(
    "This is the blind spot of a network whose first layer is 7x7.",
    "here all layers are 3x3: in the row d above, d columns to the right are seen, not d + 2.",
)(lambda above, right: (above > 0) & (right > above + 2))
mistaken(
    "The whole region to the upper right is marked.",
    "diagonal steps see a part of it: up to d columns to the right in the row d above.",
)(lambda above, right: (above > 0) & (right > 0))
mistaken(
    "Left and right are exchanged.",
    "to the left there is no blind spot: a path may go left in every row.",
)(lambda above, right: (above > 0) & (-right > above))
mistaken(
    "What is seen is marked, and what is never seen is not.",
    "True marks what is never seen: it lies farther to the right than any path reaches.",
)(
    lambda above, right: ((above > 0) & (right <= above)) | ((above == 0) & (right < 0)),
    lambda above, right: (above > 0) & (right <= above),
    lambda above, right: (above > 0) & (abs(right) <= above),
    lambda above, right: (above > 0) & (right > 0) & (right <= above),
)
mistaken(
    "The blind spot ends before the right border of the image.",
    "in the row d above, all columns that lie more than d to the right are never seen.",
)(
    lambda above, right: (right > above) & (right < 2 * above),
    lambda above, right: (right > above) & (right <= 2 * above),
    lambda above, right: (right > above) & (right < 3 * above),
    lambda above, right: (right > above) & (right <= 3 * above),
    lambda above, right: (above > 0) & (right == above + 1),
)
mistaken(
    "Later pixels are marked too.",
    "they do not belong to the past: no prediction may use them.",
)(lambda above, right: (right > above) | (above < 0))
mistaken(
    "Everything is marked that is never seen, the present pixel and later ones too.",
    "True marks only pixels that come before the present one.",
)(lambda above, right: ~(((above > 0) & (right <= above)) | ((above == 0) & (right < 0))))
mistaken(
    "Both sides are marked, to the left and to the right.",
    "to the left there is no blind spot: a path may go left in every row.",
)(lambda above, right: (above > 0) & (abs(right) > above))
mistaken(
    "Columns far to the left and rows below are marked: rows and columns are exchanged.",
    "what counts is how far to the right a pixel of a row above lies.",
)(lambda above, right: (right < 0) & (-above > -right))
mistaken(
    "The rest of the present row is marked too.",
    "the pixels to the right in the present row come later.",
)(lambda above, right: (above >= 0) & (right > above))
mistaken(
    "The present row and the rows below are treated like rows above.",
    "only rows above the present one have hidden pixels: their numbers are smaller than `row`.",
)(lambda above, right: right > above)
mistaken(
    "The rows are counted with the wrong sign: `cols - col` is compared with `rows - row`.",
    "d rows above the present pixel, `rows - row` is -d.",
)(lambda above, right: (above > 0) & (right > -above))
mistaken(
    "The rows are counted from the top of the image, not from the present pixel.",
    "what counts is how many rows above the present pixel a pixel lies.",
)(lambda above, right: (above > 0) & (right > above.max() - above))
mistaken(
    "The blind spot lies below the present pixel.",
    "row 0 is at the top: a row above has a smaller number.",
)(lambda above, right: (above < 0) & (right > -above))
mistaken(
    "The slope is two columns for each row.",
    "a 3x3 kernel reaches one column to the right in the row above.",
)(
    lambda above, right: (above > 0) & (right > 2 * above),
    lambda above, right: (above > 0) & (right >= 2 * above),
    lambda above, right: (above > 0) & (right > 2 * above + 1),
    lambda above, right: (above > 0) & (right > 2 * (above - 1)),
)
mistaken(
    "All rows above are treated like the row just above.",
    "with each row upwards, a path reaches one column more to the right.",
)(lambda above, right: (above > 0) & (right > 1))
mistaken(
    "The slope is one column for two rows.",
    "each step up may also go one column to the right: d rows above, d columns are reached.",
)(
    lambda above, right: (above > 0) & (2 * right > above),
    lambda above, right: (above > 0) & (2 * right > above + 1),
    lambda above, right: (above > 0) & (right > 0) & (2 * right >= above),
)
mistaken(
    "Paths end after too few steps: pixels far to the left are marked, which more layers reach.",
    "follow the paths until no new pixel is reached. A row can have more columns than the image has rows.",
)(
    lambda above, right: past(above, right) & ((right > above) | (-right > above.max())),
    lambda above, right: past(above, right) & ((right > above) | (-right > np.ptp(above) + 1)),
)
mistaken(
    "Rows and columns are exchanged: the columns of the image are its rows here.",
    "the array has the shape (height, width), and the row comes first.",
)(lambda above, right: (right > 0) & (above > right))
mistaken(
    "Only the row just above is marked.",
    "the rows farther up have hidden pixels too, if the image is wide enough.",
)(lambda above, right: (above == 1) & (right > 1))


exercise.mistake(
    "That is a list of places, not an array of the image's shape that is True in the blind spot.",
    "start from np.zeros((height, width), bool), and set an entry where you would add to the list.",
    lambda *case: np.argwhere(blind(*case)),
    lambda *case: np.argwhere(blind(*case).T)[:, ::-1],
    lambda *case: [tuple(place) for place in np.argwhere(blind(*case))],
)


# Mistakes that a condition describes well enough


@exercise.caught("The axes have another order")
def width_first(height, width, row, col):
    return blind(height, width, row, col).T


@exercise.caught("it lies d rows above and more than d columns to the right")
def three_rows_at_most(height, width, row, col):
    return blind(height, width, row, col) & (row - np.arange(height) <= 3)[:, None]


@exercise.caught("a path of steps up, left and diagonally up reaches it")
def first_column_too(height, width, row, col):
    above, right = offsets(height, width, row, col)
    return (above > 0) & ((right > above) | (right == -col))
