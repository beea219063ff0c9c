"""14.3: where each pixel lies, as another pixel sees it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.pairs import both


def offsets(height, width, near):
    """Say for each pair of pixels how far the source lies above the target, and to its left.

    height, width: int, of the picture. near: int, larger offsets are cut to this number.
    Returns up and left, two int arrays (P, P), [target, source], of numbers from -near to near.
    """
    row, col = np.divmod(np.arange(height * width), width)  # (P,) each
    up, left = row[:, None] - row, col[:, None] - col  # (P, P)
    return np.clip(up, -near, near), np.clip(left, -near, near)


def show_from_one_pixel(offsets):
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(2, 1, figsize=(4, 4.6), layout="constrained")
    for ax, name, part in zip(axes, ("up", "left"), offsets(5, 9, 3), strict=True):
        numbers = np.asarray(part)[24].reshape(5, 9)  # of the target in row 2, column 6
        ax.imshow(numbers, cmap="coolwarm", vmin=-6, vmax=6)
        for (row, col), number in np.ndenumerate(numbers):
            ax.text(col, row, number, ha="center", va="center_baseline")
        ax.set(title=name, xticks=[], yticks=[])
    return fig


exercise = Exercise(
    id="14.3",
    title="Up and left",
    minutes=8,
    difficulty=1,
    solution=offsets,
    hints=(
        "In which row and in which column is pixel number i, if a row has `width` pixels?",
        "Make an array of the rows of all pixels, and one of their columns. Then subtract each of "
        "them from itself, so that all pairs meet: shapes (P, 1) and (P,) give (P, P).",
        "row, col = np.divmod(np.arange(height * width), width). Then row[:, None] - row, and "
        "np.clip(…, -near, near).",
    ),
    cases={
        "a wide picture": (2, 4, 9),
        "a high picture": (4, 2, 9),
        "one row": (1, 5, 9),
        "one pixel": (1, 1, 2),
        "a wide picture, near=2": (3, 6, 2),
        "a high picture, near=1": (5, 3, 1),
    },
    shown=lambda height, width, near: f"offsets({height}, {width}, near={near})",
    probe=both("up", "left"),
    axes=("target", "source"),
    after=show_from_one_pixel,
    seen="Your offsets in a picture of 5x9 pixels, for the target in row 2, column 6, with near=3.",
)
exercise.agrees(
    "{call}, up: expected {expected} at {place}, got {got}.",
    hint="the row of the target minus the row of the source, cut to -near … near.",
    part="up",
)
exercise.agrees(
    "{call}: up is right. Left: expected {expected} at {place}, got {got}.",
    hint="the column of the target minus the column of the source, cut to -near … near.",
    part="left",
)
exercise.mistaken(
    "return up, then left: the target minus the source, with its sign. In row[:, None] - row, each row "
    "is a target.",
    {
        "Up and left are exchanged.": (
            "np.clip(up, -near, near), np.clip(left, -near, near)",
            "np.clip(left, -near, near), np.clip(up, -near, near)",
        ),
        "Both signs are wrong: a source above the target has a negative number.": (
            "row[:, None] - row, col[:, None] - col",
            "row - row[:, None], col - col[:, None]",
        ),
        "The sign of up is wrong: a source above the target has a negative number.": (
            "row[:, None] - row",
            "row - row[:, None]",
        ),
        "The sign of left is wrong: a source on the left has a negative number.": (
            "col[:, None] - col",
            "col - col[:, None]",
        ),
        "These are distances: they do not tell left from right.": (
            "row[:, None] - row, col[:, None] - col",
            "abs(row[:, None] - row), abs(col[:, None] - col)",
        ),
    },
)
exercise.mistaken(
    "reading order: each row has `width` pixels, so pixel number i is in row i // width, column i % width.",
    {
        "The pixels are numbered column by column.": ("width), width)", "width), height)[::-1]"),
        "Height is taken for width: the result is right for squares only.": (
            "width), width)",
            "width), height)",
        ),
    },
)
exercise.mistaken(
    "first subtract, then cut: np.clip(up, -near, near) keeps the signs, and so for left.",
    {
        "Nothing is cut: there are offsets larger than near.": (
            "np.clip(up, -near, near), np.clip(left, -near, near)",
            "up, left",
        ),
        "Up is never below 0.": ("np.clip(up, -near", "np.clip(up, 0"),
        "The offsets are never below 0.": (
            "np.clip(up, -near, near), np.clip(left, -near, near)",
            "np.clip(up, 0, near), np.clip(left, 0, near)",
        ),
        "Offsets that are too large become 0.": (
            "np.clip(up, -near, near), np.clip(left, -near, near)",
            "up * (abs(up) <= near), left * (abs(left) <= near)",
        ),
        "Only the large offsets are cut: those below -near are left.": (
            "np.clip(up, -near, near), np.clip(left, -near, near)",
            "np.minimum(up, near), np.minimum(left, near)",
        ),
    },
)
