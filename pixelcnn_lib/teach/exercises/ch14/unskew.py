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


# Mistakes, each as a reader writes it


def taken(column, width=lambda height, steps: steps + 1 - height, rows=lambda n, r, height: r):
    """Make an answer that takes row r of the picture from a column(r, H, steps) on."""

    def answer(x):
        count, height, steps, features = x.shape
        wide = width(height, steps)
        result = np.zeros((count, height, max(wide, 0), features), "float32")
        for n, r, c in np.ndindex(result.shape[:3]):
            place = column(rows(n, r, height), height, steps) + c
            if 0 <= place < steps:
                result[n, r, c] = x[n, r, place]
        return result

    return answer


def around(shift):
    """Make an answer that rolls row r by shift(r) and cuts, so that columns come around."""

    def answer(x):
        rolled = [np.roll(x[:, r], shift(r), axis=1) for r in range(x.shape[1])]
        return np.stack(rolled, axis=1)[:, :, : x.shape[2] + 1 - x.shape[1]]

    return answer


def squeezed(reshape, *first):
    """Make an answer that gives the whole map, as if zeros were left out, the picture's shape."""

    def answer(x):
        count, height, steps, features = x.shape
        return reshape(x, (*(first or [count]), height, steps + 1 - height, features))

    return answer


exercise.mistakes_about(
    "of row r, only the W = x.shape[2] + 1 - H columns from column r on are the picture. The places "
    "around it need not be zero: an LSTM has states there too, so do not look for zeros.",
    {
        "The whole map comes back: nothing is left out.": (lambda x: x, lambda x: x.ravel()),
        "The whole map is reshaped, and it is larger than the picture: nothing is left out.": (
            squeezed(np.reshape),
            squeezed(np.reshape, -1),
            squeezed(ops.reshape),
            squeezed(ops.reshape, -1),
        ),
    },
)
exercise.mistake(
    "Nothing has moved back: the first W columns of every row are taken.",
    "row r was moved r columns to the right: its pixels begin at column r.",
    taken(lambda r, height, steps: 0),
)
exercise.mistake(
    "Nothing has moved back: the last W columns of every row are taken.",
    "row r was moved r columns to the right: its pixels begin at column r.",
    taken(lambda r, height, steps: height - 1),
)
exercise.mistake(
    "The rows move back the wrong way: row 0 by the most columns.",
    "row 0 was not moved, and row r was moved r columns to the right.",
    taken(lambda r, height, steps: height - 1 - r),
)
exercise.mistake(
    "The rows have been skewed once more: they have moved to the right again.",
    "row r has to move r columns to the left.",
    taken(lambda r, height, steps: -r),
    around(lambda r: r),
    taken(lambda r, height, steps: -r, lambda height, steps: steps + height - 1),
)
exercise.mistake(
    "All rows are taken from one column too far to the right.",
    "the pixels of row r begin at column r of the skewed map.",
    taken(lambda r, height, steps: r + 1),
    around(lambda r: -r - 1),
)
exercise.mistake(
    "All rows are taken from one column too far to the left.",
    "the pixels of row r begin at column r of the skewed map.",
    taken(lambda r, height, steps: r - 1),
    around(lambda r: 1 - r),
)
exercise.mistake(
    "Each row moves back by two columns for each row above it.",
    "the pixels of row r begin at column r of the skewed map.",
    taken(lambda r, height, steps: 2 * r),
)
exercise.mistake(
    "Height and width are exchanged: the first H columns are kept, which is right for squares only.",
    "the picture has W = x.shape[2] + 1 - H columns.",
    taken(lambda r, height, steps: r, lambda height, steps: height),
)
exercise.mistake(
    "The last column of the picture is lost.",
    "the skewed map has W + H - 1 columns, so W = x.shape[2] + 1 - H.",
    taken(lambda r, height, steps: r, lambda height, steps: steps - height),
)
exercise.mistake(
    "One column too many is kept.",
    "the skewed map has W + H - 1 columns, so W = x.shape[2] + 1 - H.",
    taken(lambda r, height, steps: r, lambda height, steps: steps + 2 - height),
    lambda x: _recut(x)[:, :, : x.shape[2] + 2 - x.shape[1]],
)
exercise.mistake(
    "The rows are right, but the columns that skewing added are kept.",
    "keep only the first W = x.shape[2] + 1 - H columns.",
    taken(lambda r, height, steps: r, lambda height, steps: steps),
    lambda x: np.stack([np.roll(x[:, r], -r, axis=1) for r in range(x.shape[1])], axis=1),
    lambda x: _recut(x),
)
exercise.mistake(
    "The zeros are put before the long line, and not after it.",
    "skew left out the end of the line, so append H places there: (0, H) for axis 1.",
    lambda x: _recut(x, before=True)[:, :, : x.shape[2] + 1 - x.shape[1]],
)
exercise.mistake(
    "The last W columns are kept, not the first ones.",
    "after the rows have moved back, the picture is in the first W columns.",
    lambda x: _recut(x)[:, :, x.shape[1] :],
)
exercise.mistake(
    "The rows are counted through the whole batch: in the second picture, row 0 moves too.",
    "each picture begins anew with row 0: keep the batch axis in the reshape.",
    taken(lambda r, height, steps: r, rows=lambda n, r, height: n * height + r),
)
exercise.mistake(
    "The picture comes out mirrored.",
    "unskew only moves rows. The second LSTM's mirror image is turned back after it, by ops.flip.",
    lambda x: taken(lambda r, *_: r)(x)[:, :, ::-1],
)
exercise.mistake(
    "The skewed map is mirrored before its rows move back.",
    "ops.flip comes after unskew: in a mirrored skewed map, the rows are skewed the other way.",
    lambda x: taken(lambda r, *_: r)(x[:, :, ::-1]),
)
exercise.mistake(
    "The picture comes out upside down.",
    "unskew only moves rows to the left. Row 0 stays the uppermost one.",
    lambda x: taken(lambda r, *_: r)(x)[:, ::-1],
)


def _recut(x, before=False):
    """The long line with H zeros at its end, or before it, cut into rows of one column more."""
    count, height, steps, features = x.shape
    sides = (height, 0) if before else (0, height)
    x = np.pad(x.reshape(count, -1, features), ((0, 0), sides, (0, 0)))
    return x.reshape(count, height, steps + 1, features)


# Mistakes that a condition describes well enough


@exercise.caught("Right for: one row, two rows")
def only_one_row_moved(x):
    return taken(lambda r, height, steps: r if r < 2 else 0)(x)


@exercise.caught("raised ValueError")
def without_what_was_left_out(x):
    count, height, steps, features = x.shape
    return x.reshape(count, height, steps + 1, features)[:, :, : steps + 1 - height]


@exercise.caught("expected shape")
def zeros_in_front_of_each_row(x):
    return np.pad(_recut(x), ((0, 0), (0, 0), (1, 0), (0, 0)))


@exercise.caught("no network can be trained with this function")
def by_numpy(x):
    height = x.shape[1]
    width = x.shape[2] - height + 1
    return np.stack([x[:, r, r : r + width] for r in range(height)], axis=1)
