"""11.1: the past pixels that a stack of masked convolutions never sees."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def blind_spot(height, width, row, col):
    """Mark the past pixels that a stack of masked 3x3 convolutions never sees, however deep.

    Each step to the right is also a step up, so a pixel d rows above is seen only if it lies at most
    d columns to the right. height, width: int, of the image. row, col: int, of the pixel that is
    predicted. Returns bool (height, width).
    """
    rows, cols = np.ogrid[:height, :width]
    above = row - rows  # (height, 1)
    return (above > 0) & (cols - col > above)  # (height, width)


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
    id="11.1",
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
        "a high image": (10, 5, 8, 1),
        "far from the left border": (3, 20, 2, 15),
        "farther than many layers reach": (40, 50, 38, 30),
    },
    axes=("row", "column"),
    after=show_share,
    seen="The share of its past that each pixel of a 16x16 image never sees.",
)
exercise.agrees(
    hint="each step goes left, up or diagonally up. True marks the past pixels that no number of "
    "such steps reaches."
)
exercise.mistaken = {
    "in the row d above, a path reaches up to d columns to the right, by d diagonal steps.": {
        "The pixels on the diagonal are marked too.": "(above > 0) & (cols - col >= above)",
        "The whole region to the upper right is marked.": "(above > 0) & (cols > col)",
    },
    "to the left there is no blind spot: a path may go left in every row.": {
        "Left and right are exchanged.": "(above > 0) & (col - cols > above)",
        "There is a triangle on the left, too.": "(above > 0) & (abs(cols - col) > above)",
    },
    "only rows above the present one have hidden pixels: their numbers are smaller than `row`.": {
        "Later pixels are marked too.": "cols - col > above"
    },
}
