"""Right answers to chapter 15."""

import keras
import numpy as np
from keras import layers, ops

# 15.1


def by_errors_of_the_means(a, b):
    errors = [np.std(one, ddof=1) / len(one) ** 0.5 for one in (a, b)]
    return np.array([np.average(a) - np.average(b), np.hypot(*errors)])


def by_plain_python(a, b):
    squared = 0
    for one in (a, b):
        mean = sum(one) / len(one)
        squared += sum((bits - mean) ** 2 for bits in one) / (len(one) - 1) / len(one)
    return [sum(a) / len(a) - sum(b) / len(b), squared**0.5]


# 15.2


def by_two_stacks(colours=64):
    """Rows above by a convolution of the rows moved down; the own row by one to the left."""
    images = keras.Input((None, None, 1), dtype="int32")
    x = layers.Embedding(colours, 24)(images[..., 0])
    above = layers.ZeroPadding2D(((3, 0), (2, 2)))(x)
    above = layers.Conv2D(48, (3, 5))(above)[:, :-1]  # row r: of the rows r - 3 to r - 1
    left = layers.Conv2D(48, (1, 3))(layers.ZeroPadding2D(((0, 0), (3, 0)))(x))[:, :, :-1]
    x = layers.Dense(96, "gelu")(layers.concatenate([above, left]))
    return keras.Model(images, layers.Dense(colours)(x))


class Looking(keras.layers.Layer):
    """Attention of each pixel to all earlier ones, by Keras's own layer, moved on by one pixel."""

    def __init__(self):
        super().__init__()
        self.attention = layers.MultiHeadAttention(2, 16)

    def build(self, shape):
        flat = shape[0], None, shape[-1]
        self.attention.build(flat, flat)

    def call(self, x):
        shape = ops.shape(x)
        x = ops.reshape(x, (shape[0], shape[1] * shape[2], shape[3]))
        x = ops.pad(x, ((0, 0), (1, 0), (0, 0)))[:, :-1]
        return ops.reshape(self.attention(x, x, use_causal_mask=True), shape)


def by_attention(colours=64):
    images = keras.Input((None, None, 1), dtype="int32")
    x = Looking()(layers.Embedding(colours, 32)(images[..., 0]))
    return keras.Model(images, layers.Dense(colours)(layers.Dense(64, "relu")(x)))


RIGHT = {
    "15.1": [by_errors_of_the_means, by_plain_python],
    "15.2": [by_two_stacks, by_attention],
}
