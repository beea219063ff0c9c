"""Right answers to chapter 5."""

import math

import numpy as np

LN2 = math.log(2)


def in_keras_s_loss(images, logits):
    import keras

    return keras.losses.sparse_categorical_crossentropy(images, logits, from_logits=True) / LN2


def with_probabilities(paid, exact):
    p = np.prod(2.0**-paid, axis=(1, 2, 3))
    return (p / 2.0**-exact).mean()


RIGHT = {"5.1": [in_keras_s_loss], "5.2": [with_probabilities]}
