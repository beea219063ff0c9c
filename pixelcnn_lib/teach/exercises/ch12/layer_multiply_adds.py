"""12.1: how many multiply-adds one masked convolution does on one image."""

import math

import numpy as np

from pixelcnn_lib import layers
from pixelcnn_lib.teach import cost
from pixelcnn_lib.teach.exercises import Exercise, Wrong


def convolution(filters_in, filters, kernel_size, mask_type, colours=3, scale=1.0):
    layer = layers.MaskedConv2D(filters, kernel_size, mask_type, colours)
    layer.build((None, None, None, filters_in))
    layer.kernel.assign(layer.kernel * scale)
    return layer


def both_counts(layer_multiply_adds, layer, height, width):
    kernel = np.array(layer.kernel)
    found = {
        "all": layer_multiply_adds(layer, height, width),
        "alive": layer_multiply_adds(layer, height, width, alive=True),
    }
    if not np.array_equal(kernel, layer.kernel):
        layer.kernel.assign(kernel)
        raise Wrong("The layer's kernel was changed.", "count, and leave it as it is.")
    return found


def described(layer, h, w):
    kh, kw, ins, outs = layer.kernel.shape
    return f"{kh}x{kw}, type {layer.mask_type}, {ins} to {outs} features, on {h}x{w} pixels"


exercise = Exercise(
    id="12.1",
    title="Count a layer",
    minutes=8,
    difficulty=2,
    solution=cost.layer_multiply_adds,
    hints=(
        "How often is one weight of the kernel used on one image?",
        "Count the weights, all or only the alive ones, and multiply by the number of pixels.",
        "The mask of the layer says which weights are alive: `layer.pattern` holds it for each pair "
        "of colours, and `layer.masked` applies it to a kernel of your choice.",
    ),
    cases=lambda: {
        "wide kernel, type A": (convolution(3, 12, (3, 7), "A"), 8, 9),
        "high kernel, type B": (convolution(6, 9, (5, 3), "B"), 6, 11),
        "grey": (convolution(2, 4, 3, "B", colours=1), 5, 4),
        "two colours, one tap": (convolution(4, 6, 1, "B", colours=2), 3, 7),
        "four colours, one tap, type A": (convolution(4, 8, 1, "A", colours=4), 2, 3),
        "a kernel of zeros": (convolution(3, 6, 3, "B", scale=0.0), 4, 5),
        "counts above 32 bits": (convolution(48, 48, 3, "B"), 701, 901),
    },
    probe=both_counts,
    shown=described,
)


def every(layer):
    return math.prod(layer.kernel.shape)


@exercise.condition
def right_counts(answer):
    """Compare the counts on all cases: first of all weights, then of the alive ones."""
    for part, what in {"all": "in all", "alive": "with alive weights"}.items():
        for layer, *size in exercise.inputs:
            expected, got = (one(layer, *size)[part].item() for one in (exercise.expected, answer))
            if math.isclose(got, expected, rel_tol=1e-9):
                continue
            says = f"expected {expected} multiply-adds {what}, got {got}."
            right, mine = (count / math.prod(size) for count in (expected, got))
            hint = f"at each pixel, {right:g} of {every(layer)} weights count; you count {mine:g}."
            return Wrong(f"{described(layer, *size)}: {says}", hint)


# Mistakes: other weights are counted, or on other pixels


def living(layer):
    return int(np.sum(layer.masked(np.ones(layer.kernel.shape))))


def per_pixel(alive=living, all=every, pixels=lambda layer, *size: math.prod(size)):
    """An answer: alive(layer), or without `alive` all(layer), times the pixels."""
    count = {True: alive, False: all}
    return lambda layer, *size, alive=False: pixels(layer, *size) * count[alive](layer)


def features(layer, share=1):
    return layer.kernel.shape[2] // share * (layer.filters // share)


exercise.mistakes_about(
    "the kernel is used at every pixel, height * width of them: the layer pads.",
    {
        "This is the count for one pixel.": per_pixel(pixels=lambda *_: 1),
        "The pixels are the height squared.": per_pixel(pixels=lambda _, height, width: height**2),
        "The kernel is counted only where it fits into the image.": per_pixel(
            pixels=lambda layer, *size: math.prod(np.subtract(size, layer.kernel_size) + 1)
        ),
    },
)
exercise.mistakes_about(
    "the mask alone says which weights are alive: add up what `layer.masked` leaves of np.ones, say.",
    {
        "With `alive`, dead weights are counted too.": per_pixel(every),
        "Weights whose value is 0 are counted as dead.": per_pixel(
            lambda layer: np.count_nonzero(layer.masked(layer.kernel))
        ),
        "A pair of colours counts as one weight.": per_pixel(lambda layer: layer.pattern.sum()),
        "With `alive`, every layer is taken to have three colours.": per_pixel(
            lambda layer: layer.pattern.sum() * features(layer, share=3)
        ),
        "With `alive`, all weights of the centre are counted.": per_pixel(
            lambda layer: (math.prod(layer.kernel_size) // 2 + 1) * features(layer)
        ),
    },
)
exercise.mistakes_about(
    "count layer.kernel alone: kh x kw taps; at each, all features that come in meet all that go out.",
    {
        "The biases are counted too.": per_pixel(
            *(lambda layer, count=count: count(layer) + layer.filters for count in (living, every))
        ),
        "Without `alive`, the taps of the kernel are not counted.": per_pixel(all=features),
        "Only alive weights are counted, even without `alive`.": per_pixel(all=living),
    },
)
exercise.mistake(
    "Large counts are wrong: the numbers have only 32 bits.",
    "make a whole number of Python with int(…) before you multiply.",
    lambda *case, **alive: np.float32(per_pixel()(*case, **alive)),
    lambda *case, **alive: np.int64(per_pixel()(*case, **alive)).astype("int32"),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "The layer's kernel was changed": per_pixel(
            lambda layer: np.sum(layer.masked(layer.kernel.assign(np.ones(layer.kernel.shape))))
        ),
        "in all, got 54360": per_pixel(all=lambda layer: every(layer) - 1),
        "372 of 756 weights count; you count 378": per_pixel(lambda layer: every(layer) // 2),
    }
)
