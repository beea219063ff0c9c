"""12.3: undo the skewing."""

import numpy as np

from pixelcnn_lib.family.diagonal_bilstm import skew, unskew
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


def show_there_and_back(unskew):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    face = data.in_colour(data.faces(1))  # (1, 16, 16, 3)
    skewed = skew(face.astype("float32"))
    back = np.asarray(unskew(skewed)).clip(0, 255).astype("uint8")
    titles = ["a face", "skewed, and back by yours"]
    return figures.show_images(np.concatenate([face, back]), titles=titles, scale=5)


def skewed(count, height, width, features, seed):
    """A skewed map that is nowhere zero: an LSTM has states outside the picture too."""
    return (noise(count, height, width + height - 1, features, seed=seed),)


exercise = Exercise(
    id="12.3",
    title="Unskew",
    minutes=8,
    difficulty=2,
    solution=unskew,
    hints=(
        "How wide is the picture, if the skewed map has H rows and W + H - 1 columns?",
        "Do the three steps of skew backwards: write all rows as one line, append what was left out, "
        "cut the line into rows of W + H, and keep the first W columns.",
        "With steps = x.shape[2]: ops.reshape to (-1, H * steps, F), ops.pad H zeros at the end of "
        "axis 1, ops.reshape to (-1, H, steps + 1, F), then [:, :, : steps + 1 - H].",
    ),
    cases={
        "a wide picture": skewed(1, 3, 5, 2, seed=1),
        "a high picture": skewed(1, 5, 2, 2, seed=2),
        "two pictures": skewed(2, 3, 4, 2, seed=4),
        "one row": skewed(1, 1, 4, 2, seed=5),
        "one column": skewed(1, 4, 1, 2, seed=6),
    },
    shown=lambda x: f"unskew(x {x.shape})",
    axes=("image", "row", "column", "feature"),
    after=show_there_and_back,
    seen="A face, and the same face after the book's skew and your unskew.",
)
exercise.agrees(
    hint="row r, column c of the picture lies in row r, column c + r of the skewed map.",
)
by_a_network(exercise, (None, 3, 6, 2))


def first_columns(x):
    """Take the columns 0 to W - 1 of every row."""
    return x[:, :, : x.shape[2] + 1 - x.shape[1]]


def last_columns(x):
    """Take the last W columns of every row."""
    return x[:, :, x.shape[1] - 1 :]


def upside_down(x):
    """Move row 0 back by the most columns."""
    return np.flip(unskew(np.flip(x, axis=1)), axis=1)


exercise.mistaken(
    "row 0 was not moved, and row r was moved r columns to the right: its pixels begin at column r.",
    {
        "Every row gives its first W columns, but the pixels of row r begin at column r.": first_columns,
        "Every row gives its last W columns, but the pixels of row r begin at column r.": last_columns,
        "The rows move back the wrong way: row 0 by the most columns.": upside_down,
        "The rows have been skewed once more: they have moved to the right again.": (skew),
    },
)
exercise.mistaken(
    "the skewed map has W + H - 1 columns: keep the first W = x.shape[2] + 1 - H of the moved rows.",
    {
        "The rows are right, but H columns too many are kept.": ("steps + 1 - height", "steps + 1"),
    },
)
exercise.mistaken(
    "skew left out the end of the line, so append H places there: (0, H) for axis 1.",
    {
        "The zeros are put before the long line, and not after it.": ("(0, height)", "(height, 0)"),
    },
)
