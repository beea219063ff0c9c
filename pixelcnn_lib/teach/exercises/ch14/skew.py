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
    return np.asarray(diagonal_bilstm.skew(np.ones_like(x))) > 0


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
    cases={
        "a wide picture": (noise(1, 3, 5, 2, seed=1),),
        "a high picture": (noise(1, 5, 2, 2, seed=2),),
        "a square": (noise(1, 4, 4, 1, seed=3),),
        "two pictures": (noise(2, 3, 4, 2, seed=4),),
        "one row": (noise(1, 1, 4, 2, seed=5),),
        "one column": (noise(1, 4, 1, 2, seed=6),),
        "two rows": (noise(3, 2, 6, 1, seed=7),),
    },
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


def placed(column=lambda r, height: r, width=lambda height, across: across + height - 1):
    """An answer that puts row r at a column(r, H), in a map of a width(H, W)."""

    def answer(x):
        count, height, across, features = x.shape
        result = np.zeros((count, height, width(height, across), features), "float32")
        for r, c in np.ndindex(height, across):
            place = column(r, height) + c
            if 0 <= place < result.shape[2]:
                result[:, r, place] = x[:, r, c]
        return result

    return answer


def rolled(step):
    """An answer that rolls row r by r steps."""
    return lambda x: np.stack([np.roll(x[:, r], r * step, 1) for r in range(x.shape[1])], 1)


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
        "All rows have moved by the same number of columns.": placed(lambda r, height: height - 1),
        "The columns have moved down, and not the rows to the right.": lambda x: np.swapaxes(
            placed()(np.swapaxes(x, 1, 2)), 1, 2
        ),
    },
)
exercise.mistakes_about(
    "row H - 1 moves by H - 1 columns, so the result has W + H - 1 columns.",
    {
        "The map is one column too wide: its last column is always zero.": placed(
            width=lambda height, across: across + height
        ),
        "The map is no wider than before, so what has moved out of it is lost.": placed(
            width=lambda height, across: across
        ),
        "The rows have moved in a circle, back in on the other side.": (rolled(1), rolled(-1)),
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

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the pixels are right": lambda x: np.where(placed()(x) == 0, 1, placed()(x)),
        "Right for: one row, two rows": placed(lambda r, height: r if r < 2 else 0),
        "no network can be trained with this function": placed(),
    }
)
