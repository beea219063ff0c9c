"""Right answers to chapter 15."""

import keras
import numpy as np
from keras import layers, ops

# 15.1


def by_choice(a, b, dice):
    (n, count), m = a.shape, len(b)
    of_a, of_b, faces = (dice.choice(k, k) for k in (n, m, count))
    return np.mean(a[np.ix_(of_a, faces)]) - np.mean(b[np.ix_(of_b, faces)])


def by_counting(a, b, dice):
    """How often each seed and each face was drawn, as weights."""
    weights = [dice.multinomial(n, [1 / n] * n) / n for n in (*a.shape, len(b))]
    return float(weights[0] @ a @ weights[1] - weights[2] @ b @ weights[1])


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


RIGHT = {"15.1": [by_choice, by_counting], "15.2": [by_two_stacks, by_attention]}
