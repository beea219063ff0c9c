"""Solutions of exercises that have no twin in the library; `answers.forward` is that of 5.1."""

import sys

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses, masks, sampling
from pixelcnn_lib.teach import exercises


def sample_naive(model, noise):
    """Draw images value by value, running the whole network for each.

    model: uint8 images (N, H, W, colours) -> logits (N, H, W, colours, levels). noise: float
    (N, H, W, colours) in [0, 1). Returns uint8 (N, H, W, colours).
    """
    images = np.zeros(noise.shape, "uint8")
    for row, col, colour in np.ndindex(noise.shape[1:]):
        logits = ops.convert_to_numpy(model(images))[:, row, col, colour]  # (N, levels)
        images[:, row, col, colour] = sampling.draw(logits, noise[:, row, col, colour])
    return images


class CachedRow:
    """A masked layer of three taps on a grey row, run one pixel at a time.

    kernel: (3, in, out), the taps left, present and right; the right one is dead.
    """

    def __init__(self, kernel):
        self.kernel = kernel
        self.left = np.zeros((1, kernel.shape[1]))  # nothing lies left of the first pixel

    def step(self, x):
        """Take the input at the next pixel (N, in); return the output there (N, out)."""
        y = self.left @ self.kernel[0] + x @ self.kernel[1]  # (N, out)
        self.left = x
        return y


def image_log_prob(p, image):
    """Apply the chain rule: the natural logarithm of the probability of a whole image.

    p: (H, W, colours, levels), the probability of every level of a value, given the values before
    it. image: whole numbers (H, W, colours). Returns one number.
    """
    picked = np.take_along_axis(p, image[..., None].astype("int64"), axis=-1)  # (H, W, colours, 1)
    return np.log(picked).sum()


def histogram_bits(train, test):
    """Score images by how often each level came in others, colour by colour: bits per dimension.

    train, test: uint8 (…, colours). Every level counts once more than it was seen, so that none is
    impossible. Returns one number.
    """
    bits = []
    for colour in range(train.shape[-1]):
        counts = np.bincount(train[..., colour].ravel(), minlength=256) + 1  # (256,)
        price = -np.log2(counts / counts.sum())  # (256,)
        bits.append(price[test[..., colour]].mean())
    return np.mean(bits)


def sure_of_black(images, bits=12.0, levels=256):
    """Bet on level 0: logits (N, H, W, colours, levels) that price each other level at `bits` bits.

    images: (N, H, W, colours); their values make no difference.
    """
    p = np.full(levels, 2.0**-bits)  # (levels,)
    p[0] = 1 - p[1:].sum()
    return np.broadcast_to(np.log(p), (*images.shape, levels))  # (N, H, W, colours, levels)


def mixture_probabilities(weights, means, log_scales, levels=256):
    """Probabilities (levels,) of the levels under a mixture of logistics on [-1, 1].

    weights, as logits, means, log_scales: (components,). The first and last level get the tails.
    """
    edges = (2 * np.arange(1, levels) - 1) / (levels - 1) - 1  # between two levels, (levels - 1,)
    z = (edges - means[:, None]) / np.exp(log_scales[:, None])  # (components, levels - 1)
    share = np.exp(weights - weights.max())  # (components,)
    share = share / share.sum()
    below = share @ (0.5 + 0.5 * np.tanh(z / 2))  # the sigmoid of z, averaged: (levels - 1,)
    return np.diff(np.concatenate([[0.0], below, [1.0]]))


class MaskedConv2D(keras.layers.Conv2D):
    """A convolution whose kernel is masked: `layers.MaskedConv2D` in its plainest form."""

    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.mask_type, self.colours = mask_type, colours

    def build(self, input_shape):
        super().build(input_shape)
        sizes = self.kernel_size, input_shape[-1], self.filters
        self.mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel * self.mask)


def mended_leaks(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Make the mask of a kernel (height, width): past taps 1, the centre by colour, the rest 0.

    Returns float32 (height, width, filters_in, filters_out), features grouped by colour.
    """
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0  # to the right, from the next tap on
    mask[height // 2 + 1 :] = 0  # below
    for source in range(filters_in):
        for target in range(filters_out):
            colour_in = source // (filters_in // colours)  # features are compared by colour
            colour_out = target // (filters_out // colours)
            if colour_in > colour_out or (colour_in == colour_out and mask_type == "A"):
                mask[height // 2, width // 2, source, target] = 0
    return mask


def mended_blindness(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Make the mask of a kernel (height, width): past taps 1, the centre by colour, the rest 0.

    Returns float32 (height, width, filters_in, filters_out), features grouped by colour.
    """
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2 + 1 :] = 0  # below
    mask[height // 2, width // 2 + 1 :] = 0  # to the right: this half of the row alone
    rule = masks.colour_rule(mask_type, colours)  # the present pixel, colour by colour
    rule = rule.repeat(filters_in // colours, axis=0).repeat(filters_out // colours, axis=1)
    mask[height // 2, width // 2] = rule
    return mask


def train_step(model, optimizer, images):
    """Take one step of training by hand, with TensorFlow's tape.

    images: uint8 (N, H, W, colours). Changes the model's weights; returns the loss before the step,
    in bits per dimension.
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(images)  # (N, H, W, colours, levels)
        loss = ops.mean(losses.bits_per_dim(images, logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return float(loss)


def evaluate(model, images, batch_size=16):
    """Score images of one size, a batch at a time: the mean over all values, in bits.

    images: uint8 (N, H, W, colours). The last batch may be smaller. Returns a float.
    """
    total = 0.0
    for start in range(0, len(images), batch_size):
        log_p = model.log_prob(images[start : start + batch_size])  # (B, H, W, colours)
        total -= ops.convert_to_numpy(log_p).sum(dtype="float64")
    return float(total / images.size / np.log(2))


def name_curves():
    """What happened in each of the chapter's four runs."""
    return {"a": "overfit", "b": "leak", "c": "honest", "d": "rate too high"}


def compare(first, second):
    """Compare two models by the bits of each image, the same images in the same order.

    first, second: bits per dimension, (N,) each. Returns the mean of first - second, and the
    standard error of that mean.
    """
    difference = np.subtract(first, second)  # (N,)
    return difference.mean(), difference.std(ddof=1) / np.sqrt(len(difference))


def comparable():
    """How each of the chapter's six numbers compares with 3.14."""
    return {
        "a": "as it is",
        "b": "other images",
        "c": "convert",
        "d": "other levels",
        "e": "at most",
        "f": "other images",
    }


def __getattr__(name):
    """Find the solution of that name in the exercises' own files."""
    for number in exercises.CHAPTERS:
        for asked in exercises.chapter(number).values():
            solution = getattr(asked, "solution", None)
            if getattr(solution, "__name__", "") == name:
                return getattr(sys.modules[solution.__module__], name)
    raise AttributeError(f"no exercise has a solution of the name {name!r}")
