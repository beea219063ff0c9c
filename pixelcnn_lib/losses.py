"""Bits per dimension: how many bits a perfect coder would spend on each value of an image."""

import math
from itertools import product
from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.masks import whole_number

LOG_2 = float(np.log(2))
SIDE = 192  # up to SIDE * SIDE pixels go through a network at a time


@keras.saving.register_keras_serializable("pixelcnn")
def bits_per_dim(images, logits):
    """The loss, in bits per dimension: every one of the H * W * colours values counts.

    images: (N, H, W, colours), whole numbers below levels.
    logits: (N, H, W, colours, levels), need not be normalised.
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


def score(model, images, batch_size=16, labels=None):
    """Score a model on images it has not seen: the mean over all their values.

    Every value weighs the same, in a ragged last batch too. Memory does not grow with the images:
    large ones are scored in parts that overlap by what the model can see, which gives the same
    number. The exception is a model with a pixel layer that has no `cached` step: how far such a
    layer can see is not known, so each image goes through the model whole.

    model: a PixelCNN.
    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours) of any sizes.
    batch_size: int, how many images at most go through the model together.
    labels: int (N,), the class of each image, for a model with classes.
    Returns a Score; its error is the standard error over images, nan for a single one.
    Raises ValueError for images or labels that the model does not take.
    """
    whole_number("batch_size", batch_size, 1, 2**31)
    if isinstance(images, np.ndarray):
        pixels = math.prod(images.shape[1:3]) or 1
        at_once = max(min(batch_size, SIDE**2 // pixels), 1)
        batches = [images[i : i + at_once] for i in range(0, len(images), at_once)]
    else:
        batches = [as_batch(image) for image in images]
    if not batches or not all(batch.size for batch in batches):
        raise ValueError("score needs at least one image, with at least one pixel; got none.")
    labels, ends = model.as_labels(labels, len(images)), np.cumsum([len(one) for one in batches])
    parts = len(ends) * [None] if labels is None else np.split(labels, ends[:-1])
    bits = np.concatenate([total_bits(model, *both) for both in zip(batches, parts)])
    sizes = np.concatenate([np.full(len(batch), batch[0].size) for batch in batches])
    bits /= sizes
    mean = np.average(bits, weights=sizes)
    spread = (bits - mean) * sizes / sizes.mean()
    error = np.sqrt((spread**2).sum() / (len(bits) - 1) / len(bits)) if len(bits) > 1 else np.nan
    return Score(float(mean), float(error), bits)


def total_bits(model, images, labels=None):
    """Count the bits of each image, part by part: uint8 (N, H, W, colours) -> float64 (N,)."""
    model.check_images(images)
    _, height, width, _ = images.shape
    small = height * width <= SIDE**2 or model.margin is None
    side = max(height, width) if small else SIDE
    row_margin, col_margin = model.margin or (0, 0)
    parts = product(cuts(height, row_margin, side), cuts(width, col_margin, side))
    total = np.zeros(len(images))
    for (rows, row), (cols, col) in parts:
        log_p = ops.convert_to_numpy(model.log_prob(images[:, rows, cols], labels))
        total -= log_p[:, row, col].sum((1, 2, 3), dtype="float64") / LOG_2
    return total


def cuts(size, margin, side):
    """Cut a picture's side into stretches of equal length, and tell which part of each counts.

    The parts that count add up to `size`. Around each there is at least `margin`, up to the
    picture's own edge, so a network that sees no farther computes there what it does in the whole.
    side: the length to aim at. Yields (slice of the side, slice of that stretch).
    """
    step = max(side - 2 * margin, margin, 1)  # a margin wider than the side still gets forward
    length = min(step + 2 * margin, size)
    if length == size:
        step = size
    for start in range(0, size, step):
        first = min(max(start - margin, 0), size - length)
        stop = min(start + step, size)
        yield slice(first, first + length), slice(start - first, stop - first)


def as_batch(image):
    """Make an array (H, W, colours) a batch of one."""
    if isinstance(image, tuple):
        raise ValueError(
            "Expected arrays, got a Photograph: use [one.image for one in photographs]."
        )
    return np.asarray(image)[None]
