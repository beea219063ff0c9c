"""12.1: move each row one column farther to the right than the row above it."""

import numpy as np

from pixelcnn_lib.family.diagonal_bilstm import skew
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


def show_skewed(skew):
    from pixelcnn_lib import faces
    from pixelcnn_lib.teach import figures

    face = faces.in_colour(faces.faces(1))  # (1, 16, 16, 3)
    skewed = np.asarray(skew(face.astype("float32")))
    return figures.show_images(skewed.clip(0, 255).astype("uint8"), scale=5)


exercise = Exercise(
    id="12.1",
    title="Skew",
    minutes=12,
    difficulty=2,
    solution=skew,
    hints=(
        "Write the skewed rows of a 3x4 picture one below the other, with its zeros. Now read all of it "
        "as one long line. How many zeros lie between the last pixel of a row and the first of the next?",
        "Between two rows of the result there are always H zeros. So give each row H zeros at its end, "
        "write all rows as one line, and cut the line anew into rows of W + H - 1.",
        "ops.pad(x, ((0, 0), (0, 0), (0, H), (0, 0))), then ops.reshape to (-1, H * (W + H), F), then "
        "[:, :-H], then ops.reshape to (-1, H, W + H - 1, F).",
    ),
    cases={
        "a wide picture": (noise(1, 3, 5, 2, seed=1),),
        "a high picture": (noise(1, 5, 2, 2, seed=2),),
        "two pictures": (noise(2, 3, 4, 2, seed=4),),
        "one row": (noise(1, 1, 4, 2, seed=5),),
        "one column": (noise(1, 4, 1, 2, seed=6),),
    },
    shown=lambda x: f"skew(x {x.shape})",
    axes=("image", "row", "column", "feature"),
    after=show_skewed,
    seen="A face, skewed by your function: what is new is black.",
)
exercise.agrees(
    hint="the pixel in row r, column c moves to row r, column c + r. All other places are 0.",
)
by_a_network(exercise, (None, 3, 4, 2))


def unmoved(x):
    """Only make the map wider."""
    return np.pad(x, ((0, 0), (0, 0), (0, x.shape[1] - 1), (0, 0)))


def upside_down(x):
    """Move the uppermost row farthest."""
    return np.flip(skew(np.flip(x, axis=1)), axis=1)


def in_a_circle(x):
    """Roll each row, so that what leaves it on the right comes back on the left."""
    return np.stack([np.roll(x[:, row], row, axis=1) for row in range(x.shape[1])], axis=1)


def cut_off(x):
    """Move each row, and keep the width of the picture."""
    return skew(x)[:, :, : x.shape[2]]


exercise.mistaken(
    "row 0 stays at the left, and each row begins one column to the right of the row above it.",
    {
        "Nothing has moved: all rows begin at column 0.": unmoved,
        "The rows are skewed the other way: the uppermost row has moved farthest.": upside_down,
    },
)
exercise.mistaken(
    "row H - 1 moves by H - 1 columns, so the result has W + H - 1 columns.",
    {
        "The map is no wider than before, so what has moved out of it is lost.": cut_off,
        "The rows have moved in a circle, back in on the other side.": in_a_circle,
    },
)
exercise.mistaken(
    "give each row H zeros at its end before the rows become one line, and leave out the last H places "
    "of the line, [:, :-H].",
    {
        "The zeros are put before the rows, and not after them.": ("(0, height)", "(height, 0)"),
        "The zeros are left out at the beginning of the long line, and not at its end.": (
            "x, (0, 0, 0)",
            "x, (0, height, 0)",
        ),
    },
)
