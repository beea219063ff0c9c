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


# Mistakes, each as a reader writes it


def placed(column, width=None, rows=lambda n, r, height: r):
    """Make an answer that puts row r at a column(r, H, W), in a map of a width(H, W)."""

    def answer(x):
        count, height, across, features = x.shape
        wide = width(height, across) if width else across + height - 1
        result = np.zeros((count, height, wide, features), "float32")
        for n, r, c in np.ndindex(count, height, across):
            place = column(rows(n, r, height), height, across) + c
            if 0 <= place < wide:
                result[n, r, place] = x[n, r, c]
        return result

    return answer


exercise.mistake(
    "The rows are skewed the other way: the uppermost row has moved farthest.",
    "row 0 stays at the left, and each row begins one column to the right of the row above it.",
    placed(lambda r, height, width: height - 1 - r),
)
exercise.mistake(
    "All rows lie one column too far to the right, also row 0.",
    "row r moves by r columns, so row 0 does not move.",
    placed(lambda r, height, width: r + 1),
    placed(lambda r, height, width: r + 1, lambda height, width: width + height),
)
exercise.mistake(
    "Row 1 begins where row 0 begins: the rows below it lie one column too far to the left.",
    "row r moves by r columns.",
    placed(lambda r, height, width: max(r - 1, 0)),
)
exercise.mistake(
    "Nothing has moved: all rows begin at column 0.",
    "row r moves by r columns.",
    placed(lambda r, height, width: 0),
)
exercise.mistake(
    "All rows have moved by the same number of columns.",
    "row r moves by r columns.",
    placed(lambda r, height, width: height - 1),
    placed(lambda r, height, width: min(1, height - 1)),
)
exercise.mistake(
    "Each row has moved by two columns for each row above it.",
    "row r moves by r columns.",
    placed(lambda r, height, width: 2 * r),
    placed(lambda r, height, width: 2 * r, lambda height, width: width + 2 * height - 2),
)
exercise.mistake(
    "The rows have moved, but the map is one column too wide: its last column is always zero.",
    "row H - 1 moves by H - 1 columns, so W + H - 1 columns are enough.",
    placed(lambda r, height, width: r, lambda height, width: width + height),
)
exercise.mistake(
    "The map is no wider than before, so what has moved out of it is lost.",
    "the result has W + H - 1 columns.",
    placed(lambda r, height, width: r, lambda height, width: width),
)
exercise.mistake(
    "Height and width are exchanged: the result is right for squares only.",
    "each row needs H - 1 further columns, where H = x.shape[1] is the number of rows.",
    lambda x: placed(lambda r, height, width: r, lambda height, width: 2 * width - 1)(x),
    lambda x: placed(lambda r, height, width: r, lambda height, width: 2 * height - 1)(x),
    lambda x: _cut(x, x.shape[2]),
)
exercise.mistake(
    "The rows are counted through the whole batch: in the second picture, row 0 has moved too.",
    "each picture begins anew with row 0: keep the batch axis in the reshape.",
    placed(lambda r, height, width: r, rows=lambda n, r, height: n * height + r),
)
exercise.mistake(
    "The columns have moved down instead of the rows to the right.",
    "axis 1 counts the rows, axis 2 the columns.",
    lambda x: np.swapaxes(placed(lambda r, *_: r)(np.swapaxes(x, 1, 2)), 1, 2),
)
exercise.mistake(
    "The picture is mirrored: the columns run from right to left.",
    "skew only moves rows. The mirror image for the second LSTM is made before, by ops.flip.",
    lambda x: placed(lambda r, *_: r)(x[:, :, ::-1]),
)
exercise.mistake(
    "The result is mirrored: its columns run from right to left.",
    "skew only moves rows. The mirror image for the second LSTM is made before, by ops.flip.",
    lambda x: placed(lambda r, *_: r)(x)[:, :, ::-1],
)
exercise.mistake(
    "The picture is upside down.",
    "skew only moves rows to the right. Row 0 stays the uppermost one.",
    lambda x: placed(lambda r, *_: r)(x[:, ::-1]),
)
exercise.mistake(
    "The rows have moved in a circle: what leaves a row on one side comes in on the other.",
    "np.roll is circular. Make the map wider first, so that nothing leaves it.",
    lambda x: np.stack([np.roll(x[:, r], r, axis=1) for r in range(x.shape[1])], axis=1),
    lambda x: np.stack([np.roll(x[:, r], -r, axis=1) for r in range(x.shape[1])], axis=1),
)
exercise.mistake(
    "The rows have moved to the left, in a circle.",
    "np.roll and ops.roll move to the right by a positive number: roll row r by r.",
    lambda x: np.stack(
        [np.roll(row, -r, axis=1) for r, row in enumerate(np.swapaxes(_wider(x), 0, 1))], axis=1
    ),
)
exercise.mistake(
    "All new zeros are at the end of the picture, not at the end of each row.",
    "pad before the rows become one line: each row gets H zeros of its own.",
    lambda x: np.pad(
        x.reshape(len(x), -1, x.shape[3]),
        ((0, 0), (0, x.shape[1] * (x.shape[1] - 1)), (0, 0)),
    ).reshape(len(x), x.shape[1], -1, x.shape[3]),
)
exercise.mistake(
    "The zeros are put before the rows, and not after them.",
    "pad each row at its end: (0, H) for axis 2.",
    lambda x: _cut(x, x.shape[1], before=True),
)
exercise.mistake(
    "The zeros are left out at the beginning of the long line, and not at its end.",
    "row 0 begins with its first pixel: leave out the last H places, [:, :-H].",
    lambda x: _cut(x, x.shape[1], first=True),
)


def _wider(x):
    return np.pad(x, ((0, 0), (0, 0), (0, x.shape[1] - 1), (0, 0)))


def _cut(x, zeros, before=False, first=False):
    """Pad by a number of zeros, reshape and cut, with as many rows as there were."""
    count, height, width, features = x.shape
    sides = (zeros, 0) if before else (0, zeros)
    x = np.pad(x, ((0, 0), (0, 0), sides, (0, 0)))
    x = x.reshape(count, -1, features)
    x = x[:, zeros:] if first else x[:, : x.shape[1] - zeros]
    return x.reshape(count, height, -1, features)


# Mistakes that a condition describes well enough


@exercise.caught("expected shape (1, 3, 7, 2), got shape (1, 3, 8, 2)")
def padded_only(x):
    return np.pad(x, ((0, 0), (0, 0), (0, x.shape[1]), (0, 0)))


@exercise.caught("the pixels are right")
def edges_repeated(x):
    marks, columns = inside(x), np.arange(x.shape[2] + x.shape[1] - 1)
    result = placed(lambda r, *_: r)(x)
    for r in range(x.shape[1]):
        near = np.clip(columns - r, 0, x.shape[2] - 1)
        result[:, r] = np.where(marks[:, r], result[:, r], x[:, r, near])
    return result


@exercise.caught("Right for: one row, two rows")
def only_one_row_moved(x):
    return placed(lambda r, height, width: r if r < 2 else 0)(x)


@exercise.caught("no network can be trained with this function")
def by_assignment(x):
    count, height, width, features = x.shape
    result = np.zeros((count, height, width + height - 1, features), "float32")
    for r in range(height):
        result[:, r, r : r + width] = x[:, r]
    return result
