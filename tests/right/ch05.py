"""Right answers to chapter 5."""

import math

import numpy as np
from keras import ops

LN2 = math.log(2)


def in_keras_s_loss(images, logits):
    import keras

    return keras.losses.sparse_categorical_crossentropy(images, logits, from_logits=True) / LN2


def with_one_hot(images, logits):
    log_p = ops.log_softmax(logits, axis=-1)
    hot = ops.one_hot(ops.cast(images, "int32"), logits.shape[-1])
    return -ops.sum(hot * log_p, axis=-1) / LN2


def with_probabilities(paid, exact):
    p = np.prod(2.0**-paid, axis=(1, 2, 3))
    return (p / 2.0**-exact).mean()


def with_exp(paid, exact):
    bits = ops.sum(paid, axis=(1, 2, 3))
    return ops.mean(ops.exp(LN2 * (exact - bits)))


RIGHT = {"5.1": [in_keras_s_loss, with_one_hot], "5.2": [with_probabilities, with_exp]}
