"""16.3: where each pixel lies, as another pixel sees it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def offsets(height, width, near):
    """Say for each pair of pixels how far the source lies above the target, and to its left.

    height, width: int, of the picture. near: int, larger offsets are cut to this number.
    Returns up and left, two int arrays (P, P), [target, source], of numbers from -near to near.
    """
    row, col = np.divmod(np.arange(height * width), width)  # (P,) each
    up, left = row[:, None] - row, col[:, None] - col  # (P, P)
    return np.clip(up, -near, near), np.clip(left, -near, near)


def two_arrays(offsets, *case):
    answer = offsets(*case)
    if answer is None or answer is ...:
        return answer
    if len(answer) != 2:
        shape = getattr(answer, "shape", None)
        got = f"one of shape {tuple(shape)}" if shape else len(answer)
        raise Wrong(f"Expected two arrays, got {got}.", "return up and left, in this order.")
    return dict(zip(("up", "left"), answer))


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
    id="16.3",
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
        "a square": (3, 3, 9),
        "one row": (1, 5, 9),
        "one column": (5, 1, 9),
        "one pixel": (1, 1, 2),
        "a wide picture, near=2": (3, 6, 2),
        "a high picture, near=1": (5, 3, 1),
    },
    shown=lambda height, width, near: f"offsets({height}, {width}, near={near})",
    probe=two_arrays,
    axes=("target", "source"),
    after=show_from_one_pixel,
    seen="Your offsets in a picture of 5x9 pixels, for the target in row 2, column 6, with near=3.",
)
exercise.agrees(
    "up",
    "{call}, up: expected {expected} at {place}, got {got}.",
    hint="the row of the target minus the row of the source, cut to -near … near.",
    part="up",
)
exercise.agrees(
    "left",
    "{call}: up is right. Left: expected {expected} at {place}, got {got}.",
    hint="the column of the target minus the column of the source, cut to -near … near.",
    part="left",
)


# Mistakes, each as a reader writes it


def between(
    pair=lambda row, col: (row[:, None] - row, col[:, None] - col),
    cut=lambda part, near: np.clip(part, -near, near),
    place=lambda height, width: np.divmod(np.arange(height * width), width),
):
    """Make an answer with one step changed."""
    return lambda height, width, near: [cut(part, near) for part in pair(*place(height, width))]


exercise.mistake(
    "Up and left are exchanged.",
    "return the rows first: up, left.",
    between(lambda row, col: (col[:, None] - col, row[:, None] - row)),
)
exercise.mistake(
    "Both signs are wrong: a source above the target has a negative number.",
    "subtract the source from the target: in row[:, None] - row, each row is a target.",
    between(lambda row, col: (row - row[:, None], col - col[:, None])),
)
exercise.mistake(
    "These are distances: they do not tell left from right.",
    "keep the sign, without abs.",
    between(lambda row, col: (abs(row[:, None] - row), abs(col[:, None] - col))),
)
exercise.mistakes_about(
    "reading order: each row has `width` pixels, so pixel number i is in row i // width, column i % width.",
    {
        "Height is taken for width: the result is right for squares only.": between(
            place=lambda height, width: np.divmod(np.arange(height * width), height)
        ),
        "The pixels are numbered column by column.": between(
            place=lambda height, width: np.divmod(np.arange(height * width), height)[::-1]
        ),
        "Left is the difference of the numbers of the pixels, and not of their columns.": between(
            place=lambda height, width: (
                np.arange(height * width) // width,
                np.arange(height * width),
            )
        ),
    },
)
exercise.mistakes_about(
    "the numbers go from -near to near, with their sign: np.clip(up, -near, near), and so for left.",
    {
        "Nothing is cut: there are offsets larger than near.": between(cut=lambda part, near: part),
        "Offsets below 0 are cut to 0: sources to the right look as if they were straight above.": (
            between(cut=lambda part, near: np.clip(part, 0, near))
        ),
        "Only the large offsets are cut: those below -near are left.": between(
            cut=lambda part, near: np.minimum(part, near)
        ),
        "Offsets below -near become near: they have lost their sign.": between(
            cut=lambda part, near: np.where(abs(part) > near, near, part)
        ),
        "All offsets have grown by near, as if they were places in a table.": between(
            cut=lambda part, near: np.clip(part, -near, near) + near
        ),
    },
)


def numbers_subtracted(height, width, near):
    number = np.arange(height * width)
    return tuple(np.clip(one, -near, near) for one in np.divmod(number[:, None] - number, width))


exercise.mistake(
    "The numbers of the pixels are subtracted, and only the difference is split by width.",
    "first find the row and the column of each pixel, then subtract.",
    numbers_subtracted,
)
exercise.mistake(
    "The places are cut before the subtraction.",
    "first subtract, then cut the differences.",
    lambda height, width, near: between(
        place=lambda *size: np.minimum(np.divmod(np.arange(height * width), width), near)
    )(height, width, near),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "Wrong only for: a high picture, near=1": lambda *case: (
            between(cut=lambda part, near: part)(*case)[0],
            between()(*case)[1],
        ),
        "Up: The axes have another order": between(
            lambda row, col: (row - row[:, None], col[:, None] - col)
        ),
        "Left: The axes have another order": between(
            lambda row, col: (row[:, None] - row, col - col[:, None])
        ),
        "Expected two arrays, got one of shape (8, 8)": lambda *case: between()(*case)[0],
        "expected shape": lambda height, width, near: between(
            place=lambda *size: (np.arange(height), np.arange(width))
        )(height, width, near),
    }
)
