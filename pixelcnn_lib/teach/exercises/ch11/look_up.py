"""11.2: a convolution that sees only rows above, by padding and shifting, without a mask."""

import numpy as np
from keras import ops

from pixelcnn_lib import leaks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


def look_up(x, kernel, shift=1):
    """Convolve so that the lowest row of the kernel lies `shift` rows above the present pixel."""
    height, width = kernel.shape[:2]
    top, side = height - 1 + shift, width // 2
    x = ops.pad(x, ((0, 0), (top, 0), (side, side), (0, 0)))  # (N, top + H, …, in)
    y = ops.conv(x, kernel, padding="valid")  # (N, H + shift, W, out)
    return y[:, : x.shape[1] - top]  # (N, H, W, out)


def case(height, width, kh, kw, shift):
    """An input of two features, a kernel and a shift."""
    return noise(2, height, width, 2, seed=height), noise(kh, kw, 2, 3, seed=kw), shift


def show_sight(look_up):
    from pixelcnn_lib.teach import figures

    pixels = np.eye(49, dtype="float32").reshape(49, 7, 7, 1)  # (sources, 7, 7, 1): one is 1
    kernel, fields = np.ones((3, 5, 1, 1), "float32"), {}
    for shift in (1, 0):
        seen = ops.convert_to_numpy(look_up(pixels, kernel, shift)).reshape(49, 49) > 0
        fields[f"shift={shift}"] = leaks.classify(seen.T)[5 * 7 + 3].reshape(7, 7)
    return figures.show_fields(fields, (5, 3))


exercise = Exercise(
    id="11.2",
    title="Shift instead of mask",
    minutes=12,
    difficulty=2,
    solution=look_up,
    hints=(
        "With shift 1, the lowest row of the kernel lies just above the image when row 0 is computed. How "
        "many rows of zeros are needed there for the whole kernel?",
        "Pad kh - 1 + shift rows at the top, none at the bottom, and kw // 2 columns at each side. Then "
        "convolve without further padding. How many rows too many come out, and which ones?",
        "ops.pad(x, ((0, 0), (top, 0), (side, side), (0, 0))), then ops.conv(x, kernel, "
        'padding="valid"), then keep the first H rows.',
    ),
    cases={
        "one row of the kernel": case(4, 5, 1, 3, 1),
        "two rows of the kernel": case(4, 5, 2, 3, 1),
        "three wide rows of the kernel": case(5, 6, 3, 7, 1),
        "the present row too": case(4, 5, 2, 3, 0),
        "shift by two": case(5, 4, 2, 3, 2),
    },
    shown=lambda x, kernel, shift: f"look_up(x {x.shape}, kernel {kernel.shape}, shift={shift})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_sight,
    seen="What your convolution sees of an image, with a kernel of 3x5. On an image, shift=0 leaks.",
)
exercise.agrees(hint="which rows of x does the kernel cover for this row of the result?")
exercise.mistaken = {
    "with shift 1, the kernel's lowest row lies on the row just above the present one, with shift 0 "
    "on the present row: how many rows of zeros does that need above the image?": {
        "The output is not shifted: each row sees itself.": ("height - 1 + shift", "height - 1"),
        "The shift is one row, whatever `shift` is.": ("height - 1 + shift", "height"),
    },
    "the lowest row of the kernel, not its middle or its top, lies on row r - shift: all rows of zeros "
    "belong above the image.": {"The zeros are put below the image.": ("(top, 0)", "(0, top)")},
    "pad kw // 2 columns at each side: rows above are finished in their whole width.": {
        "The columns are not centred: none to the right is seen.": ("(side, side)", "(2 * side, 0)")
    },
    "keep the first H rows of the result: [:, :H].": {
        "With shift 0, [:-shift] keeps nothing.": (": x.shape[1] - top", ":-shift")
    },
}
by_a_network(exercise, (None, 4, 5, 2), (2, 3, 2, 3))
