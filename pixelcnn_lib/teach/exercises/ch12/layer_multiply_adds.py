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
        "counts above 32 bits": (convolution(48, 48, 3, "B"), 700, 900),
    },
    probe=both_counts,
    shown=described,
)
exercise.agrees(
    "all products",
    "{call}: expected {expected} multiply-adds in all, got {got}.",
    hint="each weight is used once at each pixel.",
    part="all",
)
exercise.agrees(
    "alive products",
    "{call}: expected {expected} multiply-adds with alive weights, got {got}.",
    hint="the mask says which weights are alive; layer.pattern is the mask for each pair of colours.",
    part="alive",
)


def mask_of(layer):
    _, _, filters_in, filters_out = layer.kernel.shape
    return masks.rgb_mask(
        layer.kernel_size, filters_in, filters_out, layer.mask_type, layer.colours
    )


def counted(layer, height, width, alive=False):
    """The right count, of which the mistakes below are made."""
    mask = mask_of(layer)
    return height * width * (int(mask.sum()) if alive else mask.size)


@exercise.mistake("This is the count for one pixel.", hint="the kernel is used at every pixel.")
def one_pixel(layer, height, width, alive=False):
    return int(mask_of(layer).sum()) if alive else math.prod(layer.kernel.shape)


@exercise.mistake("The biases are counted too.", hint="a bias is added, not multiplied.")
def with_biases(layer, height, width, alive=False):
    weights = mask_of(layer).sum() if alive else math.prod(layer.kernel.shape)
    return height * width * (weights + layer.filters)


@exercise.mistake(
    "The biases are counted, and with `alive` the dead weights, too.",
    hint="start from the kernel, and use the mask.",
)
def parameters(layer, height, width, alive=False):
    return layer.count_params() * height * width


@exercise.mistake(
    "With `alive`, dead weights are counted too.",
    hint="layer.kernel itself holds no zeros: the mask is applied when the layer runs.",
)
def never_dead(layer, height, width, alive=False):
    return height * width * math.prod(layer.kernel.shape)


@exercise.mistake(
    "The weights of the kernel are counted where their value is not 0.",
    hint="a weight counts whatever its value is, and the mask is applied when the layer runs.",
)
def not_zero_at_all(layer, height, width, alive=False):
    return height * width * np.count_nonzero(np.asarray(layer.kernel))


@exercise.mistake(
    "The weights are counted where their value is above 0.",
    hint="weights may be negative: the mask says which are alive, not their values.",
)
def above_zero(layer, height, width, alive=False):
    kernel = np.asarray(layer.masked(layer.kernel)) if alive else np.ones(layer.kernel.shape)
    return height * width * (kernel > 0).sum()


@exercise.mistake(
    "The values of the weights are added up, instead of counting the weights.",
    hint="how many numbers does the kernel hold? Its shape says it.",
)
def summed_weights(layer, height, width, alive=False):
    kernel = layer.masked(layer.kernel) if alive else layer.kernel
    return height * width * np.asarray(kernel).sum()


@exercise.mistake(
    "With `alive`, the values of the weights are added up, instead of counting the weights.",
    hint="a count is a whole number: give `layer.masked` a kernel of ones.",
)
def summed_alive(layer, height, width, alive=False):
    kernel = layer.masked(layer.kernel) if alive else np.ones(layer.kernel.shape)
    return height * width * np.asarray(kernel).sum()


@exercise.mistake(
    "The taps of the kernel are not counted, only its features.",
    hint="the kernel has kh x kw taps, and each has weights of its own.",
)
def one_tap(layer, height, width, alive=False):
    return height * width * math.prod(layer.kernel.shape[2:])


for side, name in enumerate(("height", "width")):

    @exercise.mistake(
        f"Only the {name} is counted, not the whole image.",
        hint="the kernel is used at every pixel: how many are there?",
    )
    def one_side(layer, height, width, alive=False, side=side):
        return counted(layer, (height, width)[side], 1, alive)

    @exercise.mistake(
        f"The number of pixels is the square of the {name}.", hint="an image need not be square."
    )
    def square_image(layer, height, width, alive=False, side=side):
        return counted(layer, (height, width)[side], (height, width)[side], alive)


@exercise.mistake(
    "With `alive`, each alive pair of colours counts only the features of the input.",
    hint="an input colour's features meet all features of an output colour: both counts multiply.",
)
def features_in_only(layer, height, width, alive=False):
    _, _, filters_in, _ = layer.kernel.shape
    weights = layer.pattern.sum() * (filters_in // layer.colours)
    return height * width * int(weights if alive else math.prod(layer.kernel.shape))


@exercise.mistake(
    "With `alive`, every layer is taken to have three colours.",
    hint="layer.pattern.shape says how many colours there are.",
)
def always_three(layer, height, width, alive=False):
    _, _, filters_in, filters_out = layer.kernel.shape
    weights = layer.pattern.sum() * (filters_in // 3) * (filters_out // 3)
    return height * width * int(weights if alive else math.prod(layer.kernel.shape))


@exercise.mistake("Without `alive`, the biases are counted too.", hint="count layer.kernel only.")
def with_biases_in_all(layer, height, width, alive=False):
    weights = mask_of(layer).sum() if alive else layer.count_params()
    return height * width * int(weights)


@exercise.mistake(
    "These are operations, two for each multiply-add.",
    hint="count a multiplication and the addition after it as one.",
)
def operations(layer, height, width, alive=False):
    return 2 * counted(layer, height, width, alive)


@exercise.mistake(
    "This is three times too much, as for a training step.",
    hint="count only what the forward pass multiplies.",
)
def with_the_way_back(layer, height, width, alive=False):
    return 3 * counted(layer, height, width, alive)


@exercise.mistake(
    "The kernel is counted only where it fits into the image.",
    hint="the layer pads: it computes an output at every pixel.",
)
def where_it_fits(layer, height, width, alive=False):
    rows, cols = layer.kernel_size
    return counted(layer, height - rows + 1, width - cols + 1, alive)


@exercise.mistake(
    "With `alive`, one weight is counted for each pair of colours.",
    hint="how many features does each colour have, in the input and in the output?",
)
def only_the_pattern(layer, height, width, alive=False):
    weights = layer.pattern.sum() if alive else math.prod(layer.kernel.shape)
    return height * width * int(weights)


@exercise.mistake(
    "With `alive`, each pair of colours counts all features, also those of other colours.",
    hint="how many features does each colour have, in the input and in the output?",
)
def all_features(layer, height, width, alive=False):
    _, _, filters_in, filters_out = layer.kernel.shape
    weights = int(layer.pattern.sum()) * filters_in * filters_out
    return height * width * (weights if alive else math.prod(layer.kernel.shape))


@exercise.mistake(
    "With `alive`, all weights of the centre are counted.",
    hint="at the centre a colour sees only some of the colours.",
)
def past_and_whole_centre(layer, height, width, alive=False):
    rows, cols, filters_in, filters_out = layer.kernel.shape
    taps = rows * cols // 2 + 1 if alive else rows * cols
    return height * width * taps * filters_in * filters_out


@exercise.mistake("With `alive`, the centre is left out.", hint="which colours may the centre see?")
def past_without_centre(layer, height, width, alive=False):
    rows, cols, filters_in, filters_out = layer.kernel.shape
    taps = rows * cols // 2 if alive else rows * cols
    return height * width * taps * filters_in * filters_out


@exercise.mistake(
    "With `alive`, half of all weights are counted; a mask hides about half, but not exactly.",
    hint="use the layer's pattern.",
)
def half(layer, height, width, alive=False):
    return height * width * math.prod(layer.kernel.shape) // (2 if alive else 1)


@exercise.mistake(
    "Two thirds of the weights are alive in the example; other layers differ.",
    hint="use the pattern of the layer that you are given.",
)
def as_in_the_example(layer, height, width, alive=False):
    weights = math.prod(layer.kernel.shape)
    return height * width * (weights * 12 // 18 if alive else weights)


@exercise.mistake(
    "Weights whose value is 0 are counted as dead.",
    hint="the mask decides which weights are alive, not their values: try a kernel of ones.",
)
def not_zero(layer, height, width, alive=False):
    kernel = np.asarray(layer.masked(layer.kernel)) if alive else np.ones(layer.kernel.shape)
    return height * width * np.count_nonzero(kernel)


@exercise.mistake(
    "Only alive weights are counted, even without `alive`.",
    hint="without `alive` every weight of the kernel counts.",
)
def always_alive(layer, height, width, alive=False):
    return counted(layer, height, width, alive=True)


@exercise.mistake("`alive` is used the wrong way round.", hint="which count is the smaller one?")
def turned_round(layer, height, width, alive=False):
    return counted(layer, height, width, not alive)


@exercise.mistake(
    "With `alive`, the dead weights are counted.", hint="the pattern is 1 where a weight is alive."
)
def the_dead(layer, height, width, alive=False):
    mask = mask_of(layer)
    return height * width * int((1 - mask).sum() if alive else mask.size)


@exercise.caught("The layer's kernel was changed")
def overwrites(layer, height, width, alive=False):
    layer.kernel.assign(mask_of(layer) if alive else np.ones(layer.kernel.shape))
    return height * width * int(np.sum(layer.kernel))


@exercise.caught("multiply-adds in all, got")
def square_kernels(layer, height, width, alive=False):
    rows, _, filters_in, filters_out = layer.kernel.shape
    weights = mask_of(layer).sum() if alive else rows * rows * filters_in * filters_out
    return height * width * weights


@exercise.caught("multiply-adds with alive weights, got")
def in_32_bits(layer, height, width, alive=False):
    weights = mask_of(layer).sum(dtype="int32") if alive else math.prod(layer.kernel.shape)
    return weights * np.int32(height * width) if alive else weights * height * width
