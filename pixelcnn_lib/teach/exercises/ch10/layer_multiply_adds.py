"""10.1: how many multiply-adds one masked convolution does on one image."""

from pixelcnn_lib import layers
from pixelcnn_lib.teach import cost
from pixelcnn_lib.teach.exercises import Exercise


def convolution(filters_in, filters, kernel_size, mask_type, colours=3, scale=1.0):
    layer = layers.MaskedConv2D(filters, kernel_size, mask_type, colours)
    layer.build((None, None, None, filters_in))
    layer.kernel.assign(layer.kernel * scale)
    return layer


def described(layer, height, width, alive=False):
    kh, kw, ins, outs = layer.kernel.shape
    size = f"{height}x{width} pixels{', alive' if alive else ''}"
    return f"{kh}x{kw}, type {layer.mask_type}, {ins} to {outs} features, on {size}"


exercise = Exercise(
    id="10.1",
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
        "wide kernel, type A, alive": (convolution(3, 12, (3, 7), "A"), 8, 9, True),
        "high kernel, type B": (convolution(6, 9, (5, 3), "B"), 6, 11),
        "high kernel, type B, alive": (convolution(6, 9, (5, 3), "B"), 6, 11, True),
        "grey, alive": (convolution(2, 4, 3, "B", colours=1), 5, 4, True),
        "four colours, one tap, alive": (convolution(4, 8, 1, "A", colours=4), 2, 3, True),
        "a kernel of zeros, alive": (convolution(3, 6, 3, "B", scale=0.0), 4, 5, True),
        "counts above 32 bits": (convolution(48, 48, 3, "B"), 701, 901),
    },
    shown=described,
)
exercise.agrees(
    hint="how many weights count at one pixel, and how many pixels are there?",
)
exercise.mistaken(
    "the kernel is used at every pixel, height * width of them: the layer pads.",
    {
        "This is the count for one pixel.": ("weights * rows * columns", "weights"),
        "The pixels are the height squared.": ("weights * rows * columns", "weights * rows * rows"),
    },
)
exercise.mistaken(
    "only the mask says which weights are alive: add up what `layer.masked` leaves of np.ones, say.",
    {
        "With `alive`, dead weights are counted too.": (
            "weights * int(layer.pattern.sum()) // layer.pattern.size",
            "weights",
        ),
        "Weights whose value is 0 are counted as dead.": (
            "weights * int(layer.pattern.sum()) // layer.pattern.size",
            "int(np.count_nonzero(layer.masked(layer.kernel)))",
        ),
        "A pair of colours counts as one weight.": (
            "weights * int(layer.pattern.sum()) // layer.pattern.size",
            "int(layer.pattern.sum())",
        ),
    },
)
exercise.mistaken(
    "count only layer.kernel: kh x kw taps; at each, all features that come in meet all that go out.",
    {
        "The biases are counted too.": (
            "weights * rows * columns",
            "(weights + layer.filters) * rows * columns",
        ),
        "Only alive weights are counted, even without `alive`.": ("if alive:", "if True:"),
    },
)
