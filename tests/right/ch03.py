"""Right answers to chapter 3."""

import keras
import tensorflow as tf
from keras import ops

from pixelcnn_lib import layers, leaks, masks

Masked = layers.MaskedConv2D


class InSequence(keras.Model):
    """A ReLU as the activation of the first two convolutions, and one of its own at the start."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.branch = keras.Sequential(
            [
                keras.layers.ReLU(),
                Masked(h, 1, "B", colours, activation="relu"),
                Masked(h, (3, 3), "B", colours, activation="relu"),
                Masked(2 * h, 1, "B", colours),
            ]
        )

    def call(self, x):
        return keras.layers.add([x, self.branch(x)])


class Late(keras.layers.Layer):
    """The convolutions are made in build, of the width that comes; the call is compiled."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        self.colours = colours

    def build(self, shape):
        h = shape[-1] // 2
        for name, filters, size in [("a", h, 1), ("b", h, 3), ("c", 2 * h, 1)]:
            setattr(self, name, Masked(filters, size, "B", self.colours))

    @tf.function
    def call(self, x):
        relu = lambda y: tf.where(y > 0, y, 0)
        return x + self.c(relu(self.b(relu(self.a(relu(x))))))


def by_steps(height, width):
    row, col, blocks = height - 1 - 3, width - 1 - 3, 0
    while row > 0 or col > 0:
        row, col, blocks = row - 1, col - 1, blocks + 1
    return blocks


def by_receptive_field(height, width):
    first = masks.colour_pattern(7, "A", colours=1)
    look = masks.colour_pattern(3, "B", colours=1)
    if height == width == 1:
        return 0
    blocks = 0
    while not leaks.receptive_field([first] + [look] * blocks, (height, width, 1))[-1, 0]:
        blocks += 1
    return blocks


def with_tensors(height, width):
    return ops.maximum(ops.maximum(height, width) - 4, 0)


RIGHT = {
    "3.1": [InSequence, Late],
    "3.2": [by_steps, by_receptive_field, with_tensors],
}
