"""14.3: undo the skewing."""

import numpy as np
from keras import ops

from pixelcnn_lib.family import diagonal_bilstm
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


def show_there_and_back(unskew):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    house = data.toy_pictures([(0, 0, 0, 1, 9, 4)])  # (1, 16, 16, 3) uint8
    skewed = diagonal_bilstm.skew(house.astype("float32"))
    back = np.asarray(unskew(skewed)).clip(0, 255).astype("uint8")
    titles = ["a picture", "skewed, and back by yours"]
    return figures.show_images(np.concatenate([house, back]) * 16, titles=titles, scale=5)


def skewed(count, height, width, features, seed):
    """A skewed map that is nowhere zero: an LSTM has states outside the picture too."""
    return (noise(count, height, width + height - 1, features, seed=seed),)


exercise = Exercise(
    id="14.3",
    title="Unskew",
    minutes=8,
    difficulty=2,
    solution=diagonal_bilstm.unskew,
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
        "a square": skewed(1, 4, 4, 1, seed=3),
        "two pictures": skewed(2, 3, 4, 2, seed=4),
        "one row": skewed(1, 1, 4, 2, seed=5),
        "one column": skewed(1, 4, 1, 2, seed=6),
        "two rows": skewed(3, 2, 6, 1, seed=7),
    },
    shown=lambda x: f"unskew(x {x.shape})",
    axes=("image", "row", "column", "feature"),
    after=show_there_and_back,
    seen="A toy house, and the same house after the book's skew and your unskew.",
)
exercise.agrees(
    "pixels",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="row r, column c of the picture lies in row r, column c + r of the skewed map.",
)


by_a_network(exercise, (None, 3, 6, 2))


# Mistakes: rows from other columns, or another line cut into rows


def taken(column, width=lambda height, steps: steps + 1 - height):
    """Make an answer that takes row r of the picture from a column(r, H) on, around the end."""

    def answer(x):
        rolled = [np.roll(x[:, r], -column(r, x.shape[1]), axis=1) for r in range(x.shape[1])]
        return np.stack(rolled, axis=1)[:, :, : width(*x.shape[1:3])]

    return answer


def recut(x, zeros):
    """The long line with (before, after) zeros, cut into rows of one column more."""
    count, height, steps, features = x.shape
    line = np.pad(x.reshape(count, -1, features), ((0, 0), zeros, (0, 0)))
    return line.reshape(count, height, steps + 1, features)


def squeezed(reshape, *first):
    """Make an answer that gives the whole map, as if zeros were left out, the picture's shape."""

    def answer(x):
        count, height, steps, features = x.shape
        return reshape(x, (*(first or [count]), height, steps + 1 - height, features))

    return answer


exercise.mistake(
    "The whole map is reshaped, and it is larger than the picture: nothing is left out.",
    "of row r, only the W = x.shape[2] + 1 - H columns from column r on are the picture. The places "
    "around it need not be zero: an LSTM has states there too, so do not look for zeros.",
    squeezed(np.reshape),
    squeezed(np.reshape, -1),
    squeezed(ops.reshape),
    squeezed(ops.reshape, -1),
)
exercise.mistakes_about(
    "row 0 was not moved, and row r was moved r columns to the right: its pixels begin at column r.",
    {
        "Nothing has moved back: the first W columns of every row are taken.": taken(
            lambda r, height: 0
        ),
        "Nothing has moved back: the last W columns of every row are taken.": taken(
            lambda r, height: height - 1
        ),
        "The rows move back the wrong way: row 0 by the most columns.": taken(
            lambda r, height: height - 1 - r
        ),
        "The rows have been skewed once more: they have moved to the right again.": (
            taken(lambda r, height: -r),
            diagonal_bilstm.skew,
        ),
    },
)
exercise.mistakes_about(
    "the skewed map has W + H - 1 columns: keep the first W = x.shape[2] + 1 - H of the moved rows.",
    {
        "The last column of the picture is lost.": taken(
            lambda r, height: r, lambda height, steps: steps - height
        ),
        "The rows are right, but the columns that skewing added are kept.": (
            taken(lambda r, height: r, lambda height, steps: steps),
            lambda x: recut(x, (0, x.shape[1])),
        ),
        "The last W columns are kept, not the first ones.": (
            lambda x: recut(x, (0, x.shape[1]))[:, :, x.shape[1] :]
        ),
    },
)
exercise.mistake(
    "The zeros are put before the long line, and not after it.",
    "skew left out the end of the line, so append H places there: (0, H) for axis 1.",
    lambda x: recut(x, (x.shape[1], 0))[:, :, : x.shape[2] + 1 - x.shape[1]],
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "Right for: one row, two rows": taken(lambda r, height: r if r < 2 else 0),
        "raised ValueError": lambda x: recut(x, (0, 0)),
        "no network can be trained with this function": taken(lambda r, height: r),
    }
)
