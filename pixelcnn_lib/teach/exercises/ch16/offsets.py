"""16.3: where each pixel lies, as another pixel sees it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch16.at_work import show_from_one_pixel


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


# Mistakes: other differences, cut in another way, or other rows and columns


def apart(x):
    return x[:, None] - x


def of_places(
    part=lambda x, near: np.clip(apart(x), -near, near),
    place=lambda number, height, width: np.divmod(number, width),
):
    """An answer of part(x, near), where x is the rows, then the columns, that `place` gives."""
    return lambda height, width, near: [
        part(x, near) for x in place(np.arange(height * width), height, width)
    ]


right = offsets  # some of them start from it

exercise.mistakes_about(
    "return up, then left: the target minus the source, with its sign. In row[:, None] - row, each row "
    "is a target.",
    {
        "Up and left are exchanged.": lambda *case: right(*case)[::-1],
        "Both signs are wrong: a source above the target has a negative number.": of_places(
            lambda x, near: np.clip(-apart(x), -near, near)
        ),
        "These are distances: they do not tell left from right.": of_places(
            lambda x, near: np.minimum(abs(apart(x)), near)
        ),
    },
)
exercise.mistakes_about(
    "reading order: each row has `width` pixels, so pixel number i is in row i // width, column i % width.",
    {
        "Height is taken for width: the result is right for squares only.": of_places(
            place=lambda number, height, width: np.divmod(number, height)
        ),
        "The pixels are numbered column by column.": of_places(
            place=lambda number, height, width: np.divmod(number, height)[::-1]
        ),
    },
)
exercise.mistakes_about(
    "first subtract, then cut: np.clip(up, -near, near) keeps the signs, and so for left.",
    {
        "Nothing is cut: there are offsets larger than near.": of_places(lambda x, near: apart(x)),
        "Offsets below 0 are cut to 0: sources to the right look as if they were straight above.": (
            of_places(lambda x, near: np.clip(apart(x), 0, near))
        ),
        "Only the large offsets are cut: those below -near are left.": of_places(
            lambda x, near: np.minimum(apart(x), near)
        ),
        "Offsets below -near become near: they have lost their sign.": of_places(
            lambda x, near: np.where(abs(apart(x)) > near, near, apart(x))
        ),
        "The places are cut before the subtraction.": of_places(
            lambda x, near: apart(np.minimum(x, near))
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "Up: The axes have another order": lambda *case: (-right(*case)[0], right(*case)[1]),
        "Left: The axes have another order": lambda *case: (right(*case)[0], -right(*case)[1]),
        "Expected two arrays, got one of shape (8, 8)": lambda *case: right(*case)[0],
    }
)
