"""Bits per dimension: how many bits per value a perfect code for the model's predictions needs."""

import keras
import numpy as np
from keras import ops

LOG_2 = float(np.log(2))


@keras.saving.register_keras_serializable("pixelcnn")
def bits_per_dim(images, logits):
    """Compute the loss in bits: minus the binary logarithm of each true value's probability.

    images: (N, H, W, colours), whole numbers below `levels`.
    logits: (N, H, W, colours, levels); they need not be normalised.
    Returns (N, H, W, colours), the bits of each value. Keras takes their mean, over all values.
    """
    values = ops.expand_dims(ops.cast(images, "int32"), -1)
    log_p = ops.take_along_axis(ops.log_softmax(logits, axis=-1), values, axis=-1)[..., 0]
    return -log_p / LOG_2


class Mean(keras.losses.Loss):
    """The mean of the bits that the model has computed, over all devices that share a batch."""

    def call(self, images, bits):
        return bits
