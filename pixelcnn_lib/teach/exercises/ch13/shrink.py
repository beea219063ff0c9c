"""13.2: a convolution that halves the map, and sees nothing after the first of each four pixels."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


def shrink(x, kernel):
    """Convolve at every second pixel of every second row, the first included."""
    x = ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0)))  # (N, 1 + H, 1 + W, in)
    return ops.conv(x, kernel, strides=2, padding="valid")


def case(height, width):
    """A map of two features, and a kernel."""
    return noise(2, height, width, 2, seed=height), noise(2, 2, 2, 3, seed=width)


def show_sight(shrink):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    pixels = np.eye(48, dtype="float32").reshape(48, 6, 8, 1)  # (sources, 6, 8, 1): one is 1
    small = ops.convert_to_numpy(shrink(pixels, np.ones((2, 2, 1, 1), "float32")))
    read = small[:, 1, 2, 0].reshape(6, 8) > 0
    kinds = np.where(read, leaks.SEEN, leaks.HIDDEN)
    return figures.show_fields({"read by the small pixel (1, 2)": kinds}, target=(2, 4))


exercise = Exercise(
    id="13.2",
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
    cases={"an even map": case(4, 6), "an odd height": case(5, 4), "an odd width": case(4, 7)},
    shown=lambda x, kernel: f"shrink(x {x.shape}, kernel {kernel.shape})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_sight,
    seen="The target is the pixel (2, 4). Your small pixel (1, 2) reads it and three pixels before it.",
)
exercise.agrees(
    hint="the small pixel (R, C) reads the rows 2R - 1 and 2R, and the columns 2C - 1 and 2C. Outside "
    "the map, the kernel reads zeros."
)
exercise.mistaken = {
    "its last tap, kernel[1, 1], belongs on the first of the four pixels. So one row of zeros goes "
    'above, and one column to the left. After that: padding="valid".': {
        "The kernel reads one row and one column too far: also later pixels.": [
            ("(1, 0), (1, 0)", "(0, 0), (0, 0)"),
            ("valid", "same"),
        ],
        "Zeros are added on all four sides of the map.": ("(1, 0), (1, 0)", "(1, 1), (1, 1)"),
        "The small pixel (R, C) reads the rows 2R and 2R + 1, and the columns 2C and 2C + 1.": (
            "(1, 0), (1, 0)",
            "(0, 0), (0, 0)",
        ),
        "There are zeros on the left, but none above.": ("(1, 0), (1, 0)", "(0, 0), (1, 0)"),
        "The kernel moves by one pixel, so the map keeps its size.": ("strides=2", "strides=1"),
    }
}
by_a_network(exercise, (None, 5, 6, 2), call=lambda shrink, x: shrink(x, noise(2, 2, 2, 3)))
