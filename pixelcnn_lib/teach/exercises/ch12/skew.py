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
    },
    shown=lambda x: f"skew(x {x.shape})",
    axes=("image", "row", "column", "feature"),
    after=show_skewed,
    seen="A face, skewed by your function: what is new is black.",
)
exercise.agrees(
    hint="the pixel in row r, column c moves to row r, column c + r. All other places are 0."
)


def upside_down(x):
    """Move the uppermost row farthest."""
    return np.flip(skew(np.flip(x, axis=1)), axis=1)


def cut_off(x):
    """Move each row, and keep the width of the picture."""
    return skew(x)[:, :, : x.shape[2]]


exercise.mistaken = {
    "row 0 stays at the left, and each row begins one column to the right of the row above it.": {
        "The rows are skewed the other way: the uppermost row has moved farthest.": upside_down
    },
    "row H - 1 moves by H - 1 columns, so the result has W + H - 1 columns.": {
        "The map is no wider than before, so what has moved out of it is lost.": cut_off,
    },
    "the result is (N, H, W + H - 1, F): join the rows along axis 1.": {
        "Rows and images are exchanged.": lambda x: np.swapaxes(skew(x), 0, 1)
    },
}
by_a_network(exercise, (None, 3, 4, 2))
