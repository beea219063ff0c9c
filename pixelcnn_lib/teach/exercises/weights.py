"""Give a reader's layer weights that do not depend on how it was written."""

import keras
import numpy as np

from pixelcnn_lib.teach.exercises import Wrong


def noise(*shape, seed=0):
    """Normal random numbers, float32 of that shape."""
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def called(layer, x, call):
    """Return a layer after a first call, which makes its weights; Wrong if it is none.

    call: the words for how the layer was made.
    """
    if not isinstance(layer, keras.layers.Layer):
        made = (
            f"the class {layer.__name__}"
            if isinstance(layer, type)
            else f"a {type(layer).__name__}"
        )
        raise Wrong(
            f"{call} gives {made}, expected a Keras layer.",
            "return one that is ready to be called.",
        )
    if layer(x) is None:
        raise Wrong(
            f"The layer of {call} returned None.", "is there a return at the end of `call`?"
        )
    if not layer.weights:
        raise Wrong(
            f"{call} gives a layer without weights.", "a convolution is made in __init__ and kept."
        )
    return layer


def fill(layer, values=None):
    """Set what is trained in a layer: by default random, equal shapes alike, so that order is free.

    values: a function of a shape that gives an array.
    """
    for weight in layer.trainable_variables:
        fan_in = np.prod(weight.shape[:-1])
        scaled = noise(*weight.shape, seed=sum(weight.shape)) / np.sqrt(fan_in)
        weight.assign(values(weight.shape) if values else scaled)


def count(layer):
    """How many numbers are trained."""
    return np.array(sum(int(np.prod(weight.shape)) for weight in layer.trainable_variables))


def in_training(layer, x):
    """What a layer gives with training=True, if it takes that."""
    try:
        return layer(x, training=True)
    except TypeError:  # its call has no such argument
        return layer(x)
