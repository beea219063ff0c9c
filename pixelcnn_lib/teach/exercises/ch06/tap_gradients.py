"""6.2: the gradients of the first layer's taps, which tell a liar before its training."""

import functools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.teach import bugs
from pixelcnn_lib.teach.exercises import Exercise


def tap_gradients(model, images):
    """Measure the gradient at each tap of a network's first kernel; no weight moves."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = ops.mean(losses.bits_per_dim(images, model(images)))
    gradient = tape.gradient(loss, model.first.kernel)  # (kh, kw, inputs, outputs)
    return ops.mean(ops.abs(gradient), axis=(2, 3))


@functools.cache
def small_networks():
    """A liar, and networks whose masks are right, with a batch for each."""
    grey, colour = (dict(levels=8, colours=colours) for colours in (1, 3))
    return {
        "a liar": batched(lambda: bugs.model("mask_once", **grey), seed=1),
        "an honest network": batched(lambda: PixelCNN(4, 1, 6, **grey), seed=1),
        "three colours": batched(lambda: PixelCNN(2, 1, 3, **colour), seed=2),
    }


def batched(build, seed):
    keras.utils.set_random_seed(seed)
    model = build()
    model.start = model.get_weights()
    shape = (2, 5, 6, model.first.colours)
    return model, np.random.default_rng(seed).integers(8, size=shape).astype("uint8")


def in_thousandths(tap_gradients, model, images):
    """The result, times 1000, and whether a weight has moved."""
    model.set_weights(model.start)  # an answer may have moved them
    found = 1000 * np.asarray(tap_gradients(model, images))
    pairs = zip(model.get_weights(), model.start)
    moved = any((now != before).any() for now, before in pairs)
    return {"gradients": found, "moved": moved}


exercise = Exercise(
    id="6.2",
    title="Find the liar before its training",
    minutes=6,
    difficulty=2,
    solution=tap_gradients,
    hints=(
        "Which lines of exercise 6.1 do you need here, and which one moves the weights?",
        "Ask the tape for the gradient with respect to model.first.kernel alone. It has the kernel's "
        "shape, (7, 7, inputs, outputs).",
        "Without a list, tape.gradient(loss, kernel) gives one array. Take ops.abs, then ops.mean over "
        "the axes (2, 3).",
    ),
    cases=small_networks,
    probe=in_thousandths,
    shown=lambda model, images: f"tap_gradients(model, images), {images.shape[3]} colours",
    axes=("row", "column"),
    tolerance=1e-3,
)
exercise.agrees(
    "{call}: expected {expected} thousandths at {place}, got {got}.",
    hint="the gradient of which loss, with respect to which weights, and its mean over which axes?",
    part="gradients",
)
MOVED = "The gradients are right, but the weights of the network have moved."
MEASURE = "the gradient is only measured: no optimiser, and no training."
exercise.agrees(MOVED, MEASURE, part="moved")
exercise.mistaken = {
    "the size of each single gradient, ops.abs, comes first. Then their mean.": {
        "Without absolute values, gradients of opposite signs cancel in the mean.": (
            "ops.abs(gradient)",
            "gradient",
        ),
        "The absolute value is taken after the mean, in which opposite signs have cancelled.": (
            "ops.abs(ops.mean(gradient, axis=(2, 3)))"
        ),
    },
    "the gradient has the kernel's shape: axes 0 and 1 are the taps, 2 the inputs, 3 the outputs.": {
        "The mean is taken over the taps, so one number for each input and output is left.": (
            "axis=(2, 3)",
            "axis=(0, 1)",
        ),
        "The sizes are added up over inputs and outputs: their mean is asked for.": (
            "ops.sum(ops.abs(gradient), axis=(2, 3))"
        ),
    },
    "as in exercise 6.1, the loss is the mean of losses.bits_per_dim over all values.": {
        "The loss is the sum over all values, and not their mean.": (
            "ops.mean(losses",
            "ops.sum(losses",
        )
    },
    MEASURE: {
        MOVED: (
            "    return",
            "    keras.optimizers.SGD().apply([gradient], [model.first.kernel])\n    return",
        )
    },
}
