"""Bits per dimension: how many bits a perfect coder would spend on each value of an image."""

from typing import NamedTuple

import keras
import numpy as np
from keras import ops

LOG_2 = float(np.log(2))


@keras.saving.register_keras_serializable("pixelcnn")
def bits_per_dim(images, logits):
    """The loss, in bits per dimension: every one of the H * W * colours values counts.

    images: (N, H, W, colours), whole numbers below levels. logits: (N, H, W, colours, levels).
    Returns (N, H, W, colours), the bits spent on each value; Keras takes the mean.
    """
    values = ops.expand_dims(ops.cast(images, "int32"), -1)
    log_p = ops.take_along_axis(ops.log_softmax(logits, axis=-1), values, axis=-1)[..., 0]
    return -log_p / LOG_2


class Mean(keras.losses.Loss):
    """The mean of bits that are counted already; Keras shares it where devices share a batch."""

    def call(self, images, bits):
        return bits


class Score(NamedTuple):
    """Bits per dimension of a set of images, the mean's standard error, and the bits of each."""

    bits: float
    error: float
    per_image: np.ndarray


def score(model, images, batch_size=16):
    """Score a model on images it has not seen: the mean over all their values.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours) of any sizes. Every value
    weighs the same, in a ragged last batch too. Returns a Score; its error is the standard error
    over images, nan for a single one. Raises ValueError for images that the model does not take.
    """
    if isinstance(images, np.ndarray):
        batches = [images[i : i + batch_size] for i in range(0, len(images), batch_size)]
    else:
        batches = [as_batch(image) for image in images]
    if not batches:
        raise ValueError("score needs at least one image, got none.")
    log_p = [ops.convert_to_numpy(model.log_prob(batch)) for batch in batches]
    sizes = np.concatenate([np.full(len(p), p[0].size) for p in log_p])
    bits = np.concatenate([-p.mean((1, 2, 3), dtype="float64") / LOG_2 for p in log_p])
    mean = np.average(bits, weights=sizes)
    spread = (bits - mean) * sizes / sizes.mean()
    error = np.sqrt((spread**2).sum() / (len(bits) - 1) / len(bits)) if len(bits) > 1 else np.nan
    return Score(float(mean), float(error), bits)


def as_batch(image):
    """Make an array (H, W, colours) a batch of one."""
    if isinstance(image, tuple):
        raise ValueError(
            "Expected arrays, got a Photograph: use [one.image for one in photographs]."
        )
    return np.asarray(image)[None]
