"""5.2: a layer for the body that adds nothing to its output: a masked convolution and a ReLU."""

import functools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch05.at_work import at_work, show_plain, shown


def plain_layer(filters_per_colour, colours=3, **layer):
    """Make a pixel layer without a residual: a masked 3x3 convolution of type B, and a ReLU.

    filters_per_colour: int, half the features of each colour. colours: int, colours of a pixel.
    layer: options for the layer, such as dtype. Returns a layer, (N, H, W, 2h) -> (N, H, W, 2h).
    """
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", colours, activation="relu", **layer)


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


for part, (says, hint) in {
    "_weights": (
        "{call}: expected {expected} trained weights, got {got}.",
        "there is one 3x3 kernel from 2h to 2h features, and one bias for each output feature.",
    ),
    "_negative": ("{call} gives values below 0.", "what does a ReLU do with such values?"),
    "result": (
        "{call} with random weights: expected {expected} at {place}, got {got}.",
        "compare step by step: one convolution, then a ReLU, and nothing else.",
    ),
    "as in training": (
        "{call} gives another result in training, with training=True.",
        "a convolution and a ReLU do the same in training as otherwise.",
    ),
    "of its own": (
        "Two layers made by {call} share their weights: if one changes, the other changes too.",
        "make a new layer in each call.",
    ),
    "_dtype": (
        '{call} was asked for dtype="float64", but computes in another dtype.',
        "pass **layer on to each layer that you make.",
    ),
    "_options": (
        "{call} was asked for trainable=False, but its weights are trained.",
        "pass on everything in **layer, not only dtype.",
    ),
}.items():
    exercise.agrees(part, says, hint, part=part)


# Mistakes: the right layer with other options, and what is done around it


def conv(filters_per_colour, colours=3, size=3, mask="B", activation="relu", **layer):
    """The right layer, if nothing else is said."""
    width = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(width, size, mask, colours, activation=activation, **layer)


def with_(**options):
    return lambda *features, **layer: conv(*features, **options, **layer)


def followed_by(other):
    """An answer that puts another layer behind the right one. other: a maker, as the answer is one."""
    return lambda *features, **layer: keras.Sequential(
        [conv(*features, **layer), other(*features, **layer)]
    )


def around(call):
    """A masked convolution without a ReLU, and what is done around it."""

    class Around(keras.layers.Layer):
        def __init__(self, filters_per_colour, colours=3, **layer):
            super().__init__(**layer)
            self.conv = conv(filters_per_colour, colours, activation=None, dtype=self.dtype_policy)

    Around.call = call
    return Around


exercise.mistakes_about(
    "use layers.MaskedConv2D(filters, 3, 'B', colours): it masks its weights at every call.",
    {
        "The mask is of type A.": with_(mask="A"),
        "The kernel is not 3x3.": (with_(size=1), with_(size=5)),
    },
)
exercise.mistakes_about(
    "a ReLU gives x if x is above 0, and 0 otherwise; it is the `activation` of the convolution.",
    {
        "There is no ReLU. Without one, a stack of layers can do no more than one layer.": with_(
            activation=None
        ),
        "The ReLU comes before the convolution.": around(lambda self, x: self.conv(ops.relu(x))),
    },
)
exercise.mistake(
    "The input is added to the output.",
    "one 3x3 convolution, with its bias and a ReLU, is enough; there is no sum.",
    around(lambda self, x: x + ops.relu(self.conv(x))),
    around(lambda self, x: ops.relu(x + self.conv(x))),
)
exercise.mistakes_about(
    "h counts the features of all colours, and `colours` is the fourth argument of MaskedConv2D.",
    {
        "The layer always has three colours, whatever `colours` is.": lambda n, colours=3, **layer: (
            layers.MaskedConv2D(2 * n * colours, 3, "B", activation="relu", **layer)
        ),
        "The filters are counted for one colour only.": lambda n, colours=3, **layer: (
            layers.MaskedConv2D(2 * n, 3, "B", colours, activation="relu", **layer)
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "It leaks.": lambda n, colours=3, **layer: keras.layers.Conv2D(
            2 * n * colours, 3, padding="same", activation="relu", **layer
        ),
        "one 3x3 kernel looks one pixel far": followed_by(conv),
        "goes in, (2, 5, 3, 2) comes out": lambda n, **layer: conv(n // 2, **layer),
        "expected 148 trained weights, got 144": with_(use_bias=False),
        "what does a ReLU do with such values?": with_(activation="gelu"),
        "compare step by step": with_(activation="sigmoid"),
        "another result in training": followed_by(
            lambda n, colours=3, **layer: keras.layers.Dropout(0.5, **layer)
        ),
        "share their weights": functools.cache(conv),
        'asked for dtype="float64"': lambda n, colours=3, **layer: conv(n, colours),
        "asked for trainable=False": lambda n, colours=3, dtype=None, **layer: conv(
            n, colours, dtype=dtype
        ),
    }
)
