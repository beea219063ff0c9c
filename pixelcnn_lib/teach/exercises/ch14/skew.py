"""14.2: move each row one column farther to the right than the row above it."""

import numpy as np

from pixelcnn_lib.family import diagonal_bilstm
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


def show_skewed(skew):
    from pixelcnn_lib import data
    from pixelcnn_lib.teach import figures

    house = data.toy_pictures([(0, 0, 0, 1, 9, 4)])  # (1, 16, 16, 3) uint8
    skewed = np.asarray(skew(house.astype("float32")))
    return figures.show_images(skewed.clip(0, 255).astype("uint8") * 16, scale=5)


def inside(x):
    """Where the skewed map holds the picture: bool (N, H, W + H - 1, F)."""
    count, height, width, features = x.shape
    right = np.arange(width + height - 1) - np.arange(height)[:, None]  # column of the picture
    marks = ((right >= 0) & (right < width))[None, :, :, None]
    return np.broadcast_to(marks, (count, height, width + height - 1, features))


CASES = {
    "a wide picture": (noise(1, 3, 5, 2, seed=1),),
    "a high picture": (noise(1, 5, 2, 2, seed=2),),
    "a square": (noise(1, 4, 4, 1, seed=3),),
    "two pictures": (noise(2, 3, 4, 2, seed=4),),
    "one row": (noise(1, 1, 4, 2, seed=5),),
    "one column": (noise(1, 4, 1, 2, seed=6),),
    "two rows": (noise(3, 2, 6, 1, seed=7),),
}

exercise = Exercise(
    id="14.2",
    title="Skew",
    minutes=12,
    difficulty=2,
    solution=diagonal_bilstm.skew,
    hints=(
        "Write the skewed rows of a 3x4 picture one below the other, with its zeros. Now read all of it "
        "as one long line. How many zeros lie between the last pixel of a row and the first of the next?",
        "Between two rows of the result there are always H zeros. So give each row H zeros at its end, "
        "write all rows as one line, and cut the line anew into rows of W + H - 1.",
        "ops.pad(x, ((0, 0), (0, 0), (0, H), (0, 0))), then ops.reshape to (-1, H * (W + H), F), then "
        "[:, :-H], then ops.reshape to (-1, H, W + H - 1, F).",
    ),
    cases=CASES,
    shown=lambda x: f"skew(x {x.shape})",
    axes=("image", "row", "column", "feature"),
    after=show_skewed,
    seen="A toy house, skewed by your function: what is new is black.",
)
exercise.agrees(
    "pixels",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="the pixel in row r, column c moves to row r, column c + r.",
    where=inside,
)
exercise.agrees(
    "new places",
    "{call}: the pixels are right, but expected {expected} at {place}, got {got}.",
    hint="what is new to the left and to the right of a row is zero.",
)


by_a_network(exercise, (None, 3, 4, 2))


# Mistakes: rows at other columns, or another line cut into rows


def placed(column, width=lambda height, across: across + height - 1):
    """Make an answer that puts row r at a column(r, H), in a map of a width(H, W)."""

    def answer(x):
        count, height, across, features = x.shape
        result = np.zeros((count, height, width(height, across), features), "float32")
        for r, c in np.ndindex(height, across):
            place = column(r, height) + c
            if 0 <= place < result.shape[2]:
                result[:, r, place] = x[:, r, c]
        return result

    return answer


def rolled(x, step):
    """Roll row r by r steps."""
    return np.stack([np.roll(x[:, r], r * step, axis=1) for r in range(x.shape[1])], axis=1)


def cut(x, zeros, part):
    """Pad each row by (before, after) zeros, and cut a part of the long line into as many rows."""
    count, height, _, features = x.shape
    line = np.pad(x, ((0, 0), (0, 0), zeros, (0, 0))).reshape(count, -1, features)
    return line[:, part].reshape(count, height, -1, features)


exercise.mistakes_about(
    "row 0 stays at the left, and each row begins one column to the right of the row above it.",
    {
        "The rows are skewed the other way: the uppermost row has moved farthest.": placed(
            lambda r, height: height - 1 - r
        ),
        "Nothing has moved: all rows begin at column 0.": placed(lambda r, height: 0),
        "All rows have moved by the same number of columns.": (
            placed(lambda r, height: height - 1),
            placed(lambda r, height: min(1, height - 1)),
        ),
    },
)
exercise.mistake(
    "The columns have moved down instead of the rows to the right.",
    "axis 1 counts the rows, axis 2 the columns.",
    lambda x: np.swapaxes(placed(lambda r, height: r)(np.swapaxes(x, 1, 2)), 1, 2),
)
exercise.mistakes_about(
    "row H - 1 moves by H - 1 columns, so the result has W + H - 1 columns.",
    {
        "The rows have moved, but the map is one column too wide: its last column is always "
        "zero.": placed(lambda r, height: r, lambda height, across: across + height),
        "The map is no wider than before, so what has moved out of it is lost.": placed(
            lambda r, height: r, lambda height, across: across
        ),
    },
)
exercise.mistakes_about(
    "np.roll and ops.roll are circular, and move to the right by a positive number. Make the map wider "
    "first, then roll row r by r.",
    {
        "The rows have moved in a circle: what leaves a row on one side comes in on the other.": (
            lambda x: rolled(x, 1),
            lambda x: rolled(x, -1),
        ),
        "The rows have moved to the left, in a circle.": lambda x: rolled(
            placed(lambda r, height: 0)(x), -1
        ),
    },
)
exercise.mistakes_about(
    "give each row H zeros at its end before the rows become one line, and leave out the last H places "
    "of the line, [:, :-H].",
    {
        "The zeros are put before the rows, and not after them.": lambda x: cut(
            x, (x.shape[1], 0), slice(-x.shape[1])
        ),
        "The zeros are left out at the beginning of the long line, and not at its end.": (
            lambda x: cut(x, (0, x.shape[1]), slice(x.shape[1], None))
        ),
    },
)


@exercise.mistake(
    "All new zeros are at the end of the picture, not at the end of each row.",
    "pad before the rows become one line: each row gets H zeros of its own.",
)
def zeros_at_the_end(x):
    count, height, _, features = x.shape
    new = np.zeros((count, height * (height - 1), features), "float32")
    line = np.concatenate([x.reshape(count, -1, features), new], axis=1)
    return line.reshape(count, height, -1, features)


# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the pixels are right": lambda x: np.where(
            inside(x), placed(lambda r, height: r)(x), x[:, :, :1, :]
        ),
        "Right for: one row, two rows": placed(lambda r, height: r if r < 2 else 0),
        "no network can be trained with this function": placed(lambda r, height: r),
    }
)
