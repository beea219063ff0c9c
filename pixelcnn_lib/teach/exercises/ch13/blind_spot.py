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


def where(rule):
    """An answer: the pixels for which rule(rows above, columns to the right) holds."""

    def marked(height, width, row, col):
        rows, cols = np.mgrid[:height, :width]
        return rule(row - rows, cols - col)

    return marked


def above(rule):
    """The same, in the rows above alone."""
    return where(lambda up, right: (up > 0) & rule(up, right))


blind = above(lambda up, right: right > up)
edge = above(lambda up, right: right == up)
seen = where(lambda up, right: ((up > 0) & (right < up)) | ((up == 0) & (right < 0)))
later = where(lambda up, right: (up < 0) | ((up == 0) & (right >= 0)))


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

# Mistakes: another rule, of how far up and how far to the right a pixel lies

exercise.mistakes_about(
    "in the row d above, a path reaches up to d columns to the right, by d diagonal steps.",
    {
        "The pixels on the diagonal are marked too.": above(lambda up, right: right >= up),
        "The whole region to the upper right is marked.": above(lambda up, right: right > 0),
        "All rows above are treated like the row just above.": above(lambda up, right: right > 1),
        "The slope is two columns for each row.": above(lambda up, right: right > 2 * up),
    },
)
exercise.mistakes_about(
    "to the left there is no blind spot: a path may go left in every row.",
    {
        "Left and right are exchanged.": above(lambda up, right: -right > up),
        "Both sides are marked, left and right.": above(lambda up, right: abs(right) > up),
    },
)
exercise.mistakes_about(
    "only rows above the present one have hidden pixels: their numbers are smaller than `row`.",
    {
        "Later pixels are marked too.": (
            where(lambda up, right: right > up),
            where(lambda up, right: (up >= 0) & (right > up)),
        ),
        "The blind spot is marked below.": where(lambda up, right: (up < 0) & (right > -up)),
        "`cols - col` is compared with `rows - row`.": above(lambda up, right: right > -up),
        "Rows and columns are exchanged.": where(lambda up, right: (right > 0) & (up > right)),
    },
)
exercise.mistake(
    "What is seen is marked, and what is never seen is not.",
    "True marks what is never seen: it lies farther to the right than any path reaches.",
    lambda *case: edge(*case) | seen(*case),
    above(lambda up, right: right <= up),
    above(lambda up, right: abs(right) <= up),
)
exercise.all_caught(
    {
        "it lies d rows above and more than": above(lambda up, right: (up <= 3) & (right > up)),
        "diagonally up reaches it": above(lambda up, right: (right > up) | (-right > len(up))),
    }
)
