"""15.3: a convolution that halves the map, and sees nothing after the first of each four pixels."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


def shrink(x, kernel):
    """Convolve at every second pixel of every second row, the first included.

    x: (N, H, W, in). kernel: (2, 2, in, out), whose last tap lies on that pixel.
    Returns (N, H / 2, W / 2, out), both rounded up.
    """
    x = ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0)))  # (N, 1 + H, 1 + W, in)
    return ops.conv(x, kernel, strides=2, padding="valid")


def show_sight(shrink):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    pixels = np.eye(48, dtype="float32").reshape(48, 6, 8, 1)  # (sources, 6, 8, 1): one is 1
    small = ops.convert_to_numpy(shrink(pixels, np.ones((2, 2, 1, 1), "float32")))
    read = small[:, 1, 2, 0].reshape(6, 8) > 0
    kinds = np.where(read, leaks.SEEN, leaks.HIDDEN)
    return figures.show_fields({"read by the small pixel (1, 2)": kinds}, target=(2, 4))


def case(height, width, images=1, features=(2, 3), seed=None):
    """A map and a kernel."""
    x = noise(images, height, width, features[0], seed=seed or height)
    return x, noise(2, 2, *features, seed=width)


def at_edges(x, kernel):
    shape = len(x), -(-x.shape[1] // 2), -(-x.shape[2] // 2), kernel.shape[3]
    row, col = np.ix_(*map(np.arange, shape[1:3]))
    return np.broadcast_to(((row == 0) | (col == 0))[None, :, :, None], shape)


exercise = Exercise(
    id="15.3",
    title="Shrink",
    minutes=10,
    difficulty=2,
    solution=shrink,
    hints=(
        "The small pixel (0, 0) reads the pixel (0, 0), and three places outside the map. On which sides "
        "of the map do they lie?",
        "Put one row of zeros above the map and one column of zeros on its left. Then the kernel may move "
        "by two without any further padding.",
        "ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))), then ops.conv with strides=2 and "
        'padding="valid".',
    ),
    cases={
        "an even map": case(4, 6),
        "two rows, two columns": case(2, 2),
        "a single pixel": case(1, 1),
        "an odd height": case(5, 4),
        "an odd width": case(4, 7),
        "one row": case(1, 6),
        "one column": case(6, 1),
        "two images": case(4, 5, images=2, seed=9),
        "as many features out as in": case(6, 4, features=(3, 3)),
        "a single feature": case(4, 4, features=(1, 1)),
    },
    shown=lambda x, kernel: f"shrink(x {x.shape}, kernel {kernel.shape})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_sight,
    seen="The target is the pixel (2, 4). Your small pixel (1, 2) reads it and three pixels before it.",
)


@exercise.condition
def size(answer):
    for case in exercise.inputs:
        got, right = answer.outcome(case), exercise.expected(*case)
        if isinstance(got, Wrong):
            return got
        if got.ndim == 4 and got.shape[1:3] != right.shape[1:3]:
            return Wrong(
                f"{exercise.call(case)}: expected shape {right.shape}, got shape {got.shape}.",
                "with one row of zeros above, one column of zeros on the left, and steps of two from "
                'place 0 on, the size is right. padding="same" may add more zeros.',
            )


exercise.agrees(
    "inside",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="the small pixel (R, C) reads the rows 2R - 1 and 2R, and the columns 2C - 1 and 2C.",
    where=lambda x, kernel: ~at_edges(x, kernel),
)
exercise.agrees(
    "first row and column",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="outside the map, the kernel reads zeros.",
)
by_a_network(
    exercise,
    (None, 5, 6, 2),
    call=lambda shrink, x: shrink(x, noise(2, 2, 2, 3)),
)


# Mistakes: the four taps at other places, or other kernels


def taps(rows=(-1, 0), cols=(-1, 0), step=2, kernel=lambda k: k, pad="constant"):
    """Make an answer whose small pixel (R, C) reads the rows step * R + rows, and so the columns."""

    def answer(x, weights):
        weights = kernel(weights)
        height, width = (-(-side // 2) for side in x.shape[1:3])
        padded = np.pad(x, ((0, 0), (4, 4), (4, 4), (0, 0)), pad)
        y = 0
        for row, col in np.ndindex(2, 2):
            r, c = 4 + rows[row], 4 + cols[col]
            seen = padded[:, r : r + step * height : step, c : c + step * width : step]
            seen = np.pad(
                seen, ((0, 0), (0, height - seen.shape[1]), (0, width - seen.shape[2]), (0, 0))
            )
            y = y + seen @ weights[row, col]
        return y

    return answer


def padded(x, zeros, kernel, padding):
    """Convolve with steps of two, after adding zeros before and after both rows and columns."""
    x = ops.pad(x, ((0, 0), zeros, zeros, (0, 0)))
    return np.asarray(ops.conv(x, kernel, strides=2, padding=padding))


exercise.mistake(
    "The kernel reads one row and one column too far: also pixels that come later.",
    "its last tap belongs on the first of the four pixels, so the zeros go above and to the left.",
    taps((0, 1), (0, 1)),
    lambda x, kernel: ops.conv(x, kernel, strides=2, padding="same"),
)
exercise.mistake(
    "The rows are right, but the kernel reads one column too far to the right.",
    "put a column of zeros on the left, too.",
    taps((-1, 0), (0, 1)),
)
exercise.mistake(
    "The columns are right, but the kernel reads one row too far down.",
    "put a row of zeros above, too.",
    taps((0, 1), (-1, 0)),
)
exercise.mistake(
    "The kernel lies one row and one column too far back: the first of the four pixels is not read.",
    "its last tap belongs on the pixel (2R, 2C). This pixel's features do not know the pixel itself.",
    taps((-2, -1), (-2, -1)),
    lambda x, kernel: np.pad(taps((0, 1), (0, 1))(x, kernel), ((0, 0), (1, 0), (1, 0), (0, 0)))[
        :, :-1, :-1
    ],
)
exercise.mistake(
    "Zeros are added on more than two sides of the map.",
    'put them only above and on the left, and then convolve with padding="valid".',
    lambda x, kernel: padded(x, (1, 0), kernel, "same"),
    lambda x, kernel: padded(x, (1, 1), kernel, "same"),
    lambda x, kernel: padded(x, (1, 1), kernel, "valid"),
)
exercise.mistake(
    "Only odd sides get zeros. On an even side, the kernel reads one row or column too far.",
    "one row of zeros above and one column of zeros on the left, for every size of the map.",
    lambda x, kernel: ops.conv(
        ops.pad(x, ((0, 0), (x.shape[1] % 2, 0), (x.shape[2] % 2, 0), (0, 0))), kernel, strides=2
    ),
)
exercise.mistake(
    "The kernel lies one row too far up.",
    "one row of zeros above the map is enough.",
    taps((-2, -1), (-1, 0)),
)
exercise.mistake(
    "The kernel lies one column too far to the left.",
    "one column of zeros on the left of the map is enough.",
    taps((-1, 0), (-2, -1)),
)
exercise.mistake(
    "The kernel is turned upside down.",
    "ops.conv does not flip a kernel, and neither should you.",
    taps(kernel=lambda k: k[::-1]),
)
exercise.mistake(
    "The kernel is mirrored from left to right.",
    "ops.conv does not flip a kernel, and neither should you.",
    taps(kernel=lambda k: k[:, ::-1]),
)
exercise.mistake(
    "The kernel is turned by half a turn.",
    "the last tap, kernel[1, 1], belongs on the pixel (2R, 2C).",
    taps(kernel=lambda k: k[::-1, ::-1]),
)
exercise.mistake(
    "Rows and columns of the kernel are exchanged.",
    "the first axis of a kernel counts its rows, as axis 1 of the map does.",
    taps(kernel=lambda k: np.swapaxes(k, 0, 1)),
)
exercise.mistake(
    "Only the first of the four pixels is read: the other three taps are lost.",
    "that is a mask too many. All four taps lie on the pixel (2R, 2C) or before it.",
    taps(kernel=lambda k: np.concatenate([0 * k[:1], k[1:] * np.array([0, 1])[:, None, None]])),
    lambda x, kernel: x[:, ::2, ::2] @ kernel[1, 1],
)
exercise.mistake(
    "The last tap is set to zero, as by a mask A.",
    "the features of a pixel do not know the pixel itself, so no mask is needed.",
    taps(kernel=lambda k: k * np.array([[1, 1], [1, 0]])[:, :, None, None]),
)
exercise.mistake(
    "The neighbouring pixels are read, not every second one: the map is cut, not shrunk.",
    "move the kernel by two: strides=2.",
    taps(step=1),
)
exercise.mistake(
    "The map comes around: the first row reads the last one.",
    "ops.roll is circular. Rows of zeros must come in.",
    lambda x, kernel: taps((0, 1), (0, 1))(np.roll(x, (1, 1), (1, 2)), kernel),
    lambda x, kernel: np.asarray(
        ops.conv(np.roll(x, (1, 1), (1, 2)), kernel, strides=2, padding="same")
    ),
)


# Mistakes that a condition describes well enough


@exercise.caught("the rows 2R - 1 and 2R")
def all_taps_alike(x, kernel):
    return taps(kernel=lambda k: 0 * k + k.mean((0, 1)))(x, kernel)


@exercise.caught("outside the map, the kernel reads zeros")
def edges_repeated(x, kernel):
    return taps(pad="edge")(x, kernel)


@exercise.caught("expected shape (1, 2, 3, 3), got shape (1, 5, 7, 3)")
def padded_on_all_sides(x, kernel):
    x = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return ops.conv(x, kernel, strides=1, padding="valid")


@exercise.caught("no network can be trained with this function")
def by_numpy(x, kernel):
    return taps()(x, kernel)
