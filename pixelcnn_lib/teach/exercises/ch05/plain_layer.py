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
        seer = leaks.describe((2, 2, target // (2 * case[0])), case[1])
        seen = leaks.describe((row, col, source // (2 * case[0])), case[1])
        verb = "see" if len(extra) else "do not see"
        says = f"{exercise.call(case)}: the features of {seer}, {verb} those of {seen}."
        if len(extra) and (row, col) >= (2, 2):
            return Wrong(f"It leaks. {says}", "which layer hides what comes later?")
        return Wrong(says, "a 3x3 kernel looks one pixel far; only the first layer has mask A.")


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
    "as in training": ("{call} gives another result in training.", "what changes in training?"),
    "of its own": ("Two layers of {call} share their weights.", "make a new one in each call."),
    "_dtype": ('{call}: dtype="float64" is lost.', "pass **layer on to each layer that you make."),
    "_options": ("{call}: trainable=False is lost.", "pass on everything in **layer."),
}.items():
    exercise.agrees(part, says, hint, part=part)


# Mistakes: the right layer with other options, and what is done around it


def with_(**options):
    """The right answer, but for these options."""

    def make(filters_per_colour, colours=3, **layer):
        usual = {"kernel_size": 3, "mask_type": "B", "colours": colours, "activation": "relu"}
        return layers.MaskedConv2D(2 * filters_per_colour * colours, **(usual | layer | options))

    return make


def around(call):
    """A masked convolution without a ReLU, and what is done around it."""

    class Around(keras.layers.Layer):
        def __init__(self, filters_per_colour, colours=3, **layer):
            super().__init__(**layer)
            self.conv = conv(filters_per_colour, colours, activation=None, dtype=self.dtype_policy)

    Around.call = call
    return Around


conv = with_()
exercise.mistakes_about(
    "use layers.MaskedConv2D(filters, 3, 'B', colours): it masks its weights at every call.",
    {
        "The mask is of type A.": with_(mask_type="A"),
        "The kernel is not 3x3.": (with_(kernel_size=1), with_(kernel_size=5)),
        "The layer always has three colours, whatever `colours` is.": with_(colours=3),
    },
)
exercise.mistakes_about(
    "the layer is one convolution whose `activation` is a ReLU, and there is no sum.",
    {
        "There is no ReLU, so a stack of layers does no more than one.": with_(activation=None),
        "The ReLU comes before the convolution.": around(lambda self, x: self.conv(ops.relu(x))),
        "The input is added to the output.": (
            around(lambda self, x: x + ops.relu(self.conv(x))),
            around(lambda self, x: ops.relu(x + self.conv(x))),
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "It leaks.": lambda n, colours=3, **layer: keras.layers.Conv2D(
            2 * n * colours, 3, padding="same", activation="relu", **layer
        ),
        "goes in, (2, 5, 3, 2) comes out": lambda n, **layer: conv(n // 2, **layer),
        "expected 148 trained weights, got 144": with_(use_bias=False),
        "what does a ReLU do with such values?": with_(activation="gelu"),
        "compare step by step": with_(activation="sigmoid"),
        "in training": around(lambda self, x, training=0: ops.relu(self.conv(x)) * (1 - training)),
        "share their weights": functools.cache(conv),
        'dtype="float64" is lost': lambda n, colours=3, **layer: conv(n, colours),
        "trainable=False is lost": lambda *n, trainable=True, **layer: conv(*n, **layer),
    }
)
