"""5.2: a layer for the body that adds nothing to its output: a masked convolution and a ReLU."""

import functools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks, masks
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.weights import called, count, fill, in_training


def plain_layer(filters_per_colour, colours=3, **layer):
    """Make a pixel layer without a residual: a masked 3x3 convolution of type B, and a ReLU.

    filters_per_colour: int, half the features of each colour. colours: int, colours of a pixel.
    layer: options for the layer, such as dtype. Returns a layer, (N, H, W, 2h) -> (N, H, W, 2h).
    """
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", colours, activation="relu", **layer)


def shown(filters_per_colour, colours, shape):
    return f"plain_layer({filters_per_colour}{'' if colours == 3 else f', colours={colours}'})"


def at_work(plain_layer, filters_per_colour, colours, shape):
    """Put a layer to work on noise (2, *shape, 2h), in float64.

    Keys with an underscore are left out where an answer is compared with known mistakes.
    """
    call, width = shown(filters_per_colour, colours, shape), 2 * filters_per_colour * colours
    sizes = {} if colours == 3 else {"colours": colours}
    x = np.random.default_rng(0).normal(size=(2, *shape, width)) * 4  # relu6 would cut some
    layer = plain_layer(filters_per_colour, **sizes, dtype="float64")
    if layer is None or layer is ...:
        return layer
    result = ops.convert_to_numpy(called(layer, x, call)(x))
    if result.shape != x.shape:
        hint = "2h features go in and 2h come out, on the same pixels; h counts all colours."
        raise Wrong(f"{call}: {x.shape} goes in, {result.shape} comes out.", hint)
    found = {"reach": reach(layer, width)}
    fill(layer)
    trained = ops.convert_to_numpy(in_training(layer, x))
    result = found["result"] = ops.convert_to_numpy(layer(x))
    found["as in training"] = np.allclose(trained, result)
    found |= {"_weights": count(layer), "_negative": (result < 0).any()}
    stored = sorted(tuple(weight.shape) for weight in layer.trainable_variables)
    own = [(3, 3, width, width), (width,)]
    if stored != own and count(layer) == 9 * width**2 + width and is_relu_of_a_sum(layer, x):
        # as many weights in other shapes: their values do not compare
        found["result"] = exercise.expected(filters_per_colour, colours, shape)["result"]
    kept, free = True, True  # looked at once only, as it takes its time
    if colours == 3:
        second = called(plain_layer(filters_per_colour, dtype="float64"), x, call)
        fill(second, np.zeros)
        kept = np.array_equal(ops.convert_to_numpy(layer(x)), result)
        free = not called(
            plain_layer(filters_per_colour, trainable=False), x, call
        ).trainable_variables
    return found | {"of its own": kept, "_dtype": result.dtype == "float64", "_options": free}


def reach(layer, width):
    """Tell which features of a 5x5 image the centre's depend on: bool (5, 5, width, width)."""
    rng = np.random.default_rng(0)  # all of one sign, so that nothing cancels
    fill(layer, lambda shape: rng.uniform(0.05, 0.15, shape) / np.prod(shape[:-1]))
    seen = np.zeros((25 * width, width), bool)
    for base in (np.full((1, 5, 5, width), 1.0), np.full((1, 5, 5, width), -9.0)):
        changed = base * (1 + 0.5 * np.eye(base.size).reshape(-1, 5, 5, width))  # one feature each
        before, after = (ops.convert_to_numpy(layer(x))[:, 2, 2] for x in (base, changed))
        seen |= abs(after - before) > 1e-7
    return seen.reshape(5, 5, width, width)


def is_relu_of_a_sum(layer, x):
    """Tell whether a layer is max(0, a x + b): nothing below 0, and straight above it."""
    y = x[::-1]
    a, b, middle = (ops.convert_to_numpy(layer(one)) for one in (x, y, (x + y) / 2))
    on = (a > 0) & (b > 0)
    return (a >= 0).all() and (a == 0).any() and np.allclose(middle[on], (a + b)[on] / 2)


def show_plain(plain_layer):
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    net = PixelCNN(4, 2, 4, levels=4, pixel_layer=plain_layer)
    seen = leaks.influence(net, (5, 5, 3), levels=4)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 1), (5, 5, 3))


exercise = Exercise(
    id="5.2",
    title="A plain body",
    minutes=8,
    difficulty=2,
    solution=plain_layer,
    hints=(
        "Which layer of chapter 3 looks at neighbouring pixels, but only at those before its own?",
        "Count the features. One colour has 2 * filters_per_colour of them, and the layer makes "
        "the features of all colours.",
        "layers.MaskedConv2D(filters, kernel_size, mask_type, colours) can do all of it, because it "
        "passes other options, such as activation, on to Keras.",
    ),
    cases={
        "one colour": (2, 1, (5, 3)),
        "three colours, the default": (2, 3, (4, 5)),
        "four colours": (1, 4, (3, 3)),
        "wider, one row": (3, 2, (1, 6)),
    },
    probe=at_work,
    shown=shown,
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_plain,
    seen="Who sees whom through a network of your layers.",
)


@exercise.condition
def sees_its_past(answer):
    """Fail a layer that leaks, or whose reach in 5x5 pixels is not that of a 3x3 kernel of type B."""
    for case in exercise.inputs:
        expected, got = exercise.expected(*case)["reach"], answer(*case)["reach"]
        if (expected == got).all():
            continue
        extra = np.argwhere(got & ~expected)
        row, col, source, target = extra[-1] if len(extra) else np.argwhere(expected & ~got)[0]
        colour, other = (feature // (2 * case[0]) for feature in (target, source))
        seer = leaks.describe((2, 2, colour), case[1])
        seen = leaks.describe((row, col, other), case[1])
        verb = "see" if len(extra) else "do not see"
        says = f"{exercise.call(case)}: the features of {seer}, {verb} those of {seen}."
        if not len(extra):
            return Wrong(says, "the kernel is 3x3, and all layers except the first have mask B.")
        if (row, col) < (2, 2):
            return Wrong(says, "one 3x3 kernel looks one pixel far.")
        return Wrong(f"It leaks. {says}", "which layer hides what comes later?")


exercise.agrees(
    "how many weights",
    "{call}: expected {expected} trained weights, got {got}.",
    hint="there is one 3x3 kernel from 2h to 2h features, and one bias for each output feature.",
    part="_weights",
)
exercise.agrees(
    "nothing below 0",
    "{call} gives values below 0.",
    hint="what does a ReLU do with such values?",
    part="_negative",
)
exercise.agrees(
    "convolution and ReLU",
    "{call} with random weights: expected {expected} at {place}, got {got}.",
    hint="compare step by step: one convolution, then a ReLU, and nothing else.",
    part="result",
)
exercise.agrees(
    "as in training",
    "{call} gives another result in training, with training=True.",
    hint="a convolution and a ReLU do the same in training as otherwise.",
    part="as in training",
)
exercise.agrees(
    "of its own",
    "Two layers made by {call} share their weights: if one changes, the other changes too.",
    hint="make a new layer in each call.",
    part="of its own",
)
exercise.agrees(
    "keeps dtype",
    '{call} was asked for dtype="float64", but computes in another dtype.',
    hint="pass **layer on to each layer that you make.",
    part="_dtype",
)
exercise.agrees(
    "keeps options",
    "{call} was asked for trainable=False, but its weights are trained.",
    hint="pass on everything in **layer, not only dtype.",
    part="_options",
)


# Mistakes, each as a reader writes it


def conv(filters_per_colour, colours=3, size=3, mask="B", activation="relu", **layer):
    """The right layer, if nothing else is said."""
    width = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(width, size, mask, colours, activation=activation, **layer)


def with_(**options):
    return functools.partial(conv, **options)


linear = exercise.mistake(
    "There is no ReLU. Without one, a stack of layers can do no more than one layer.",
    hint="which argument sets the activation?",
)(with_(activation=None))
bent = exercise.mistake(
    "The convolution is right, but its activation is not a ReLU.",
    hint="a ReLU gives x if x is above 0, and 0 otherwise.",
)
for name in "elu selu gelu silu leaky_relu relu6 softplus sigmoid tanh exponential".split():
    bent(with_(activation=name))
bent(with_(activation=ops.abs))
exercise.mistake("The mask is of type A.", hint="only the first layer of a network has mask A.")(
    with_(mask="A")
)
sized = exercise.mistake("The kernel is not 3x3.", hint="which argument gives the kernel's size?")
for size in (1, 5, 7, (1, 3), (3, 1)):
    sized(with_(size=size))
exercise.mistake("The convolution has no bias.", hint="leave `use_bias` at its default.")(
    with_(use_bias=False)
)
two = exercise.mistake(
    "There are two convolutions.", hint="one 3x3 convolution and a ReLU are enough."
)


def twice(sizes, activation):
    """Make an answer of two convolutions; activation: of the first."""

    def answer(*features, **layer):
        steps = zip(sizes, (activation, "relu"))
        return keras.Sequential(
            [conv(*features, size=size, activation=act, **layer) for size, act in steps]
        )

    return answer


for sizes in [(3, 3), (1, 3), (3, 1)]:
    two(twice(sizes, "relu")), two(twice(sizes, None))


class Around(keras.layers.Layer):
    """A masked convolution, and what is done around it."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        self.conv = linear(filters_per_colour, colours, dtype=self.dtype_policy)


@exercise.mistake(
    "The ReLU comes before the convolution.",
    hint="convolve first: the ReLU is the `activation` of the convolution.",
)
class ReluFirst(Around):
    def call(self, x):
        return self.conv(ops.relu(x))


summed = exercise.mistake("The input is added to the output.", hint="this layer has no such sum.")


@summed
class ReluAndSum(Around):
    def call(self, x):
        return x + ops.relu(self.conv(x))


@summed
class SumAndRelu(Around):
    def call(self, x):
        return ops.relu(x + self.conv(x))


@exercise.mistake(
    "That is a residual block: three convolutions and a sum.",
    hint="one convolution and a ReLU are enough.",
)
def block(filters_per_colour, colours=3, **layer):
    return layers.ResidualBlock(filters_per_colour, colours, **layer)


unmasked = exercise.mistake(
    "The weights are not masked at every call.", hint="use layers.MaskedConv2D: it masks them."
)


@unmasked
class Unmasked(keras.layers.Conv2D):
    def __init__(self, filters_per_colour, colours=3, **layer):
        self.colours = colours
        filters = 2 * filters_per_colour * colours
        super().__init__(filters, 3, padding="same", activation="relu", **layer)


@unmasked
class MaskedOnce(Unmasked):
    def build(self, shape):
        super().build(shape)
        mask = masks.rgb_mask((3, 3), shape[-1], self.filters, "B", self.colours)
        self.kernel.assign(self.kernel * mask)


@exercise.mistake(
    "The layer always has three colours, whatever `colours` is.",
    hint="pass `colours` on: it is the fourth argument of layers.MaskedConv2D.",
)
def always_three(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", activation="relu", **layer)


@exercise.mistake(
    "The filters are counted for one colour only.",
    hint="the layer makes the features of all colours.",
)
def one_colour(filters_per_colour, colours=3, **layer):
    filters = 2 * filters_per_colour
    return layers.MaskedConv2D(filters, 3, "B", colours, activation="relu", **layer)


# Mistakes that a condition describes well enough

exercise.caught("see those of row 0, column 3")(with_(size=(5, 3)))
exercise.caught("what does a ReLU do with such values?")(
    with_(activation=keras.layers.LeakyReLU(0.3))
)
exercise.caught("raised ValueError")(with_(padding="valid"))
exercise.caught("(2, 5, 3, 4) goes in, (2, 5, 3, 2) comes out")(
    lambda n, colours=3, **layer: conv(n // 2, colours, **layer)
)
exercise.caught('asked for dtype="float64"')(lambda n, colours=3, **layer: conv(n, colours))
exercise.caught("asked for trainable=False")(
    lambda n, colours=3, **layer: conv(n, colours, dtype=layer.get("dtype"))
)
exercise.caught("share their weights")(functools.cache(conv))
exercise.caught("gives the class MaskedConv2D, expected a Keras layer")(
    lambda n, colours=3, **layer: layers.MaskedConv2D
)
exercise.caught("gives a function, expected a Keras layer")(
    lambda n, colours=3, **layer: lambda x: ops.relu(conv(n, colours, **layer)(x))
)


@exercise.caught("returned None")
def no_return(filters_per_colour, colours=3, **layer):
    conv(filters_per_colour, colours, **layer)


@exercise.caught("It leaks.")
def no_colours(filters_per_colour, colours=3, **layer):
    return conv(filters_per_colour * colours, 1, **layer)


@exercise.caught("expected 148 trained weights, got 156")
def normalised(filters_per_colour, colours=3, **layer):
    steps = conv(filters_per_colour, colours, **layer), keras.layers.BatchNormalization(**layer)
    return keras.Sequential(steps)


@exercise.caught("another result in training")
def dropped_out(filters_per_colour, colours=3, **layer):
    steps = conv(filters_per_colour, colours, **layer), keras.layers.Dropout(0.5, **layer)
    return keras.Sequential(steps)
