"""12.1: how many multiply-adds one masked convolution does on one image."""

import math

import numpy as np

from pixelcnn_lib import layers, masks
from pixelcnn_lib.teach import cost
from pixelcnn_lib.teach.exercises import Exercise, Wrong


def convolution(filters_in, filters, kernel_size, mask_type, colours=3, scale=1.0):
    layer = layers.MaskedConv2D(filters, kernel_size, mask_type, colours)
    layer.build((None, None, None, filters_in))
    layer.kernel.assign(layer.kernel * scale)
    return layer


def whole(count):
    """A count as a whole number, where only rounding keeps it from being one."""
    count = np.asarray(count)
    near = count.dtype.kind == "f" and np.allclose(count, np.rint(count), rtol=1e-9, atol=0)
    return np.rint(count).astype(int) if near else count


def both_counts(layer_multiply_adds, layer, height, width):
    kernel = np.array(layer.kernel)
    found = {
        "all": whole(layer_multiply_adds(layer, height, width)),
        "alive": whole(layer_multiply_adds(layer, height, width, alive=True)),
    }
    if not np.array_equal(kernel, layer.kernel):
        layer.kernel.assign(kernel)
        raise Wrong("The layer's kernel was changed.", "count, and leave it as it is.")
    return found


def described(layer, height, width):
    rows, cols = layer.kernel_size
    features = f"{layer.kernel.shape[2]} to {layer.filters} features"
    return f"{rows}x{cols}, type {layer.mask_type}, {features}, on {height}x{width} pixels"


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


def counts(part, what):
    """Make the condition that the counts are right: all products, or those of alive weights."""

    def condition(answer):
        for case in exercise.inputs:
            expected, got = (one[part].item() for one in (exercise.expected(*case), answer(*case)))
            if got == expected:
                continue
            layer, pixels = case[0], case[1] * case[2]
            hint = f"that is no multiple of the {pixels} pixels, and each weight is used at each of them."
            if got % pixels == 0:
                right, all = expected // pixels, every(layer)
                hint = f"of the {all} weights, {'all' if right == all else right} count at each "
                hint += f"pixel; you count {got // pixels}. Which are too many, or missing?"
            message = f"{exercise.call(case)}: expected {expected} multiply-adds {what}, got {got}."
            return Wrong(message, hint)

    condition.__name__ = f"{part} products"
    return condition


exercise.condition(counts("all", "in all"))
exercise.condition(counts("alive", "with alive weights"))

# Mistakes: other weights are counted, or on other pixels


def every(layer):
    return math.prod(layer.kernel.shape)


def living(layer):
    _, _, *features = layer.kernel.shape
    return masks.rgb_mask(layer.kernel_size, *features, layer.mask_type, layer.colours).sum()


def per_pixel(alive=living, all=every):
    """An answer that multiplies alive(layer), or without `alive` all(layer), by the pixels."""
    count = {True: alive, False: all}
    return lambda layer, height, width, alive=False: height * width * count[alive](layer)


def on(size):
    """An answer that counts rightly, but for an image of another size(layer, height, width)."""
    return lambda layer, height, width, alive=False: per_pixel()(
        layer, *size(layer, height, width), alive
    )


def masked(layer):
    return np.asarray(layer.masked(layer.kernel))


def features(layer, share=1):
    return layer.kernel.shape[2] // share * (layer.filters // share)


exercise.mistakes_about(
    "the kernel is used at every pixel, height * width of them: the layer pads.",
    {
        "This is the count for one pixel.": on(lambda layer, height, width: (1, 1)),
        "The number of pixels is the square of the height.": on(
            lambda _, height, width: (height, height)
        ),
        "The kernel is counted only where it fits into the image.": on(
            lambda layer, height, width: np.subtract((height + 1, width + 1), layer.kernel_size)
        ),
    },
)
exercise.mistake(
    "The biases are counted too.",
    "count layer.kernel only: a bias is added, not multiplied.",
    per_pixel(all=lambda layer: layer.count_params()),
    per_pixel(lambda layer: living(layer) + layer.filters, lambda layer: layer.count_params()),
)
exercise.mistakes_about(
    "weights are counted, whatever their values: the mask says which are alive. For example, add up "
    "what `layer.masked` leaves of a kernel of ones.",
    {
        "With `alive`, dead weights are counted too.": per_pixel(every),
        "Weights whose value is 0 are counted as dead.": per_pixel(
            lambda layer: np.count_nonzero(masked(layer))
        ),
        "With `alive`, the values of the weights are added up, instead of counting them.": per_pixel(
            lambda layer: masked(layer).sum()
        ),
        "With `alive`, half of all weights are counted; a mask hides about half, not exactly.": (
            per_pixel(lambda layer: every(layer) // 2)
        ),
    },
)
exercise.mistakes_about(
    "the kernel has kh x kw taps; at each, all features that come in meet all that go out.",
    {
        "Without `alive`, the taps of the kernel are not counted, only its features.": per_pixel(
            all=features
        ),
        "With `alive`, one weight is counted for each pair of colours.": per_pixel(
            lambda layer: layer.pattern.sum()
        ),
        "With `alive`, each pair of colours counts all features, also those of other colours.": (
            per_pixel(lambda layer: layer.pattern.sum() * features(layer))
        ),
        "With `alive`, every layer is taken to have three colours.": per_pixel(
            lambda layer: layer.pattern.sum() * features(layer, share=3)
        ),
    },
)
exercise.mistake(
    "With `alive`, all weights of the centre are counted.",
    "at the centre a colour sees only some of the colours: layer.pattern says which.",
    per_pixel(lambda layer: (math.prod(layer.kernel_size) // 2 + 1) * features(layer)),
)
exercise.mistake(
    "Only alive weights are counted, even without `alive`.",
    "without `alive` every weight counts; with it, only those where the mask is 1.",
    per_pixel(all=living),
)
exercise.mistake(
    "These are operations, two for each multiply-add.",
    "count a multiplication and the addition after it as one.",
    lambda *case, **alive: 2 * per_pixel()(*case, **alive),
)
exercise.mistake(
    "Large counts are wrong: the numbers have only 32 bits.",
    "make a whole number of Python with int(…) before you multiply.",
    lambda *case, **alive: np.float32(per_pixel()(*case, **alive)),
    lambda *case, **alive: np.int64(per_pixel()(*case, **alive)).astype("int32"),
)

# Mistakes that a condition describes well enough


@exercise.caught("The layer's kernel was changed")
def overwrites(layer, height, width, alive=False):
    ones = np.ones(layer.kernel.shape)
    layer.kernel.assign(layer.masked(ones) if alive else ones)
    return height * width * int(np.sum(layer.kernel))


exercise.all_caught(
    {
        "weights, 372 count at each pixel; you count 371": per_pixel(
            lambda layer: living(layer) - 1
        ),
        "that is no multiple of the 72 pixels": lambda *case, **alive: (
            per_pixel()(*case, **alive) + case[0].filters  # the biases, once
        ),
    }
)
