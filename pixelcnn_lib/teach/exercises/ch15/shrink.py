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


def taps(rows=(-1, 0), cols=(-1, 0), kernel=lambda k: k, pad="constant"):
    """Make an answer whose small pixel (R, C) reads the rows 2R + rows, and so the columns."""

    def answer(x, weights):
        height, width = (-(-side // 2) for side in x.shape[1:3])
        x, y = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)), pad), 0
        for row, col in np.ndindex(2, 2):
            r, c = 2 + rows[row], 2 + cols[col]
            seen = x[:, r : r + 2 * height : 2, c : c + 2 * width : 2]
            y = y + seen @ kernel(weights)[row, col]
        return y

    return answer


def padded(zeros, padding, strides=2):
    """Make an answer that adds zeros before and after both rows and columns, and convolves."""
    pad = (0, 0), zeros, zeros, (0, 0)
    return lambda x, kernel: ops.conv(ops.pad(x, pad), kernel, strides=strides, padding=padding)


exercise.mistakes_about(
    "its last tap belongs on the first of the four pixels, so the zeros always go above and to the left.",
    {
        "The kernel reads one row and one column too far: also pixels that come later.": (
            taps((0, 1), (0, 1))
        ),
        "The rows are right, but the kernel reads one column too far to the right.": (
            taps((-1, 0), (0, 1))
        ),
        "The columns are right, but the kernel reads one row too far down.": taps((0, 1), (-1, 0)),
        "Only odd sides get zeros. On an even side, the kernel reads one row or column too far.": (
            lambda x, kernel: taps(*((-(n % 2), 1 - n % 2) for n in x.shape[1:3]))(x, kernel)
        ),
    },
)
exercise.mistakes_about(
    "kernel[1, 1] belongs on the pixel (2R, 2C), and the other three taps before it. No mask is needed: "
    "the features of a pixel do not know the pixel itself.",
    {
        "The kernel lies one row and one column too far back: the first of the four pixels is not "
        "read.": taps((-2, -1), (-2, -1)),
        "The kernel is turned by half a turn.": taps(kernel=lambda k: k[::-1, ::-1]),
        "Only the first of the four pixels is read: the other three taps are lost.": (
            lambda x, kernel: x[:, ::2, ::2] @ kernel[1, 1]
        ),
        "The last tap is set to zero, as by a mask A.": (
            taps(kernel=lambda k: k * np.array([[1, 1], [1, 0]])[:, :, None, None])
        ),
    },
)
exercise.mistake(
    "Zeros are added on more than two sides of the map.",
    'put them only above and on the left, and then convolve with padding="valid".',
    padded((1, 0), "same"),
    padded((1, 1), "valid"),
)
exercise.mistake(
    "The map comes around: the first row reads the last one.",
    "ops.roll is circular. Rows of zeros must come in.",
    lambda x, kernel: taps((0, 1), (0, 1))(np.roll(x, (1, 1), (1, 2)), kernel),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the rows 2R - 1 and 2R": taps(kernel=lambda k: 0 * k + k.mean((0, 1))),
        "outside the map, the kernel reads zeros": taps(pad="edge"),
        "expected shape (1, 2, 3, 3), got shape (1, 5, 7, 3)": padded((1, 1), "valid", strides=1),
        "no network can be trained with this function": taps(),
    }
)
