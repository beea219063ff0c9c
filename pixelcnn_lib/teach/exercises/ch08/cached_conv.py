"""8.2: a masked convolution on a picture, which keeps its inputs and runs at one pixel at a time."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy


class CachedConv:
    """A masked convolution of k by k taps, run at one pixel at a time."""

    def __init__(self, kernel, n, height, width):
        self.kernel, self.half = kernel, len(kernel) // 2
        border = 2 * self.half  # zeros lie around the picture
        self.kept = np.zeros((n, height + border, width + border, kernel.shape[2]))

    def keep(self, row, col, x):
        """Keep the input at a pixel, (n, in)."""
        self.kept[:, row + self.half, col + self.half] = x

    def output(self, row, col):
        """Return the output at a pixel, (n, out), from the inputs that are kept so far."""
        size = len(self.kernel)
        window = self.kept[:, row : row + size, col : col + size]  # (n, k, k, in)
        return np.tensordot(window, self.kernel, axes=3)  # (n, out)


def walk(cached_conv, kernel, inputs, mask_type):
    """Run a layer over pictures (n, H, W, in), pixel by pixel, and return its outputs."""
    n, height, width, _ = inputs.shape
    layer = cached_conv(kernel.copy(), n, height, width)
    outputs = np.empty((n, height, width, kernel.shape[3]))
    for row, col in np.ndindex(height, width):
        if mask_type == "B":
            layer.keep(row, col, inputs[:, row, col].copy())
        y = layer.output(row, col)
        if y is None:
            raise Wrong("output returned None.", "is there a return at its end?")
        if np.shape(y) != outputs[:, row, col].shape:
            says = f"output returned shape {np.shape(y)}, expected {outputs[:, row, col].shape}."
            raise Wrong(
                says, "of each picture, sum over the rows, columns and features of the window."
            )
        outputs[:, row, col] = to_numpy(y)
        if mask_type == "A":
            layer.keep(row, col, inputs[:, row, col].copy())
    return outputs


def show_emboss(cached_conv):
    """Each pixel of a face's brightness, minus the mean of its four earlier neighbours."""
    from pixelcnn_lib import faces
    from pixelcnn_lib.teach import figures

    grey = faces.in_colour(faces.faces(4, seed=2)).mean(-1, keepdims=True)  # (4, 16, 16, 1)
    kernel = np.zeros((3, 3, 1, 1))
    kernel[0] = kernel[1, 0] = -0.25
    kernel[1, 1] = 1
    found = np.clip(128 + walk(cached_conv, kernel, grey, "B"), 0, 255)
    return figures.show_images(np.concatenate([grey, found]).astype("uint8"), columns=4)


rng = np.random.default_rng(82)


def case(size, mask_type, n, height, width, features, filters):
    kernel = rng.normal(size=(size * size, features, filters))
    kernel[size * size // 2 + (mask_type == "B") :] = 0
    inputs = rng.normal(size=(n, height, width, features))
    return kernel.reshape(size, size, features, filters), inputs, mask_type


exercise = Exercise(
    id="8.2",
    title="A convolution that remembers",
    minutes=15,
    difficulty=3,
    solution=CachedConv,
    hints=(
        "Where do the taps of the kernel lie if the pixel is in a corner of the picture?",
        "Give the kept inputs a border of zeros, k // 2 wide. Then the window of every pixel lies "
        "inside the array.",
        "With the border, pixel (row, col) is at [row + k // 2, col + k // 2], and its window begins "
        "at [row, col]. np.tensordot(window, kernel, axes=3) multiplies and sums over three axes.",
    ),
    cases={
        "3x3, mask B": case(3, "B", 2, 5, 7, 3, 4),
        "3x3, mask A": case(3, "A", 1, 6, 4, 2, 5),
        "7x7, mask A": case(7, "A", 2, 9, 8, 2, 3),
        "one column": case(3, "B", 1, 5, 1, 2, 3),
    },
    probe=walk,
    shown=lambda kernel, inputs, mask_type: (
        f"CachedConv, kernel {kernel.shape}, mask {mask_type}, pictures {inputs.shape}"
    ),
    axes=("picture", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_emboss,
    seen="Your layer on four faces: the brightness of each pixel, minus the mean of four neighbours.",
)
exercise.agrees(
    "{call}: at {place}, expected {expected}, got {got}.",
    hint="which input does each tap read? Print one window.",
)
exercise.mistaken = {
    "with the border, pixel (row, col) is at [row + k // 2, col + k // 2]; its window begins at "
    "[row, col].": {
        "The inputs are kept half a window too far up and left.": (
            "[:, row + self.half, col + self.half] = x",
            "[:, row, col] = x",
        )
    },
    "convolutions of networks do not turn the kernel: tap [0, 0] reads the pixel above left.": {
        "The kernel is turned: upside down, and mirrored.": (
            "(window, self.kernel,",
            "(window, self.kernel[::-1, ::-1],",
        ),
    },
}
exercise.symptoms = {
    "multiply the whole window by the whole kernel, with the tap at the centre: the taps that the mask "
    "forbids are zero already.": {
        "This is right for mask A, but not for mask B.": (
            "        border =",
            "        self.kernel[self.half, self.half] = 0\n        border =",
        ),
        "This is right for kernels of 3x3, but not for one of 7x7.": (
            "len(kernel) // 2",
            "min(1, len(kernel) // 2)",
        ),
    }
}
