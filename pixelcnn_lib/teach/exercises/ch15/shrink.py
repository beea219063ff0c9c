"""15.3: a convolution that halves the map, and sees nothing after the first of each four pixels."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch15.at_work import show_sight
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


def shrink(x, kernel):
    """Convolve at every second pixel of every second row, the first included.

    x: (N, H, W, in). kernel: (2, 2, in, out), whose last tap lies on that pixel.
    Returns (N, H / 2, W / 2, out), both rounded up.
    """
    x = ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0)))  # (N, 1 + H, 1 + W, in)
    return ops.conv(x, kernel, strides=2, padding="valid")


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
by_a_network(exercise, (None, 5, 6, 2), call=lambda shrink, x: shrink(x, noise(2, 2, 2, 3)))


# Mistakes: zeros at other places, or other kernels


def placed(above=1, left=1, kernel=lambda k: k, mode="constant"):
    """An answer that adds rows above and columns on the left, and as many as it needs behind."""

    def answer(x, weights):
        height, width = -(-x.shape[1] // 2), -(-x.shape[2] // 2)
        x = np.pad(x, ((0, 0), (above, 2), (left, 2), (0, 0)), mode)
        return ops.conv(x, kernel(weights), strides=2, padding="valid")[:, :height, :width]

    return answer


def on_all_sides(strides):
    zeros = (0, 0), (1, 1), (1, 1), (0, 0)
    return lambda x, kernel: ops.conv(ops.pad(x, zeros), kernel, strides, padding="valid")


exercise.mistakes_about(
    "its last tap, kernel[1, 1], belongs on the first of the four pixels. So one row of zeros goes "
    'above, and one column to the left. After that: padding="valid".',
    {
        "The kernel reads one row and one column too far: also later pixels.": placed(0, 0),
        "The rows are right, but the kernel reads one column too far to the right.": placed(1, 0),
        "The columns are right, but the kernel reads one row too far down.": placed(0, 1),
        "The kernel lies one row and one column too far back: the first of the four pixels is not "
        "read.": placed(2, 2),
        "Zeros are added on more than two sides of the map.": on_all_sides(strides=2),
        "The map comes around: the first row reads the last one.": lambda x, kernel: placed(0, 0)(
            np.roll(x, (1, 1), (1, 2)), kernel
        ),
    },
)
exercise.mistakes_about(
    "take the kernel as it is. No mask is needed: the features of a pixel do not know the pixel itself.",
    {
        "The kernel is turned by half a turn.": placed(kernel=lambda k: k[::-1, ::-1]),
        "The last tap is set to zero, as by a mask A.": placed(
            kernel=lambda k: k * np.float32([[1, 1], [1, 0]])[:, :, None, None]
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the rows 2R - 1 and 2R": placed(kernel=lambda k: 0 * k + k.mean((0, 1))),
        "outside the map, the kernel reads zeros": placed(mode="edge"),
        "expected shape (1, 2, 3, 3), got shape (1, 5, 7, 3)": on_all_sides(strides=1),
        "no network can be trained with this function": placed(),
    }
)
