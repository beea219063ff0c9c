"""Solutions of exercises that have no twin in the library."""

import itertools

import numpy as np
from keras import ops

from pixelcnn_lib import layers, losses, sampling


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


def forward(net, images):
    """Run a PixelCNN by its parts.

    uint8 images (N, H, W, colours) -> natural log-probabilities (N, H, W, colours, levels).
    """
    x = net.first(net.scale(images))  # (N, H, W, 2h)
    skipped = 0
    for layer, skip in zip(net.body, net.skips):
        skipped += x * skip
        x = layer(x)  # (N, H, W, 2h)
    y = x + skipped  # (N, H, W, 2h)
    for layer in net.top:
        y = layer(ops.relu(y))  # (N, H, W, features at the top)
    return net.head.log_probs(net.head(ops.relu(y)))  # (N, H, W, colours, levels)


def plain_layer(filters_per_colour, colours=3, **layer):
    """Make a pixel layer without a residual: a masked 3x3 convolution of type B, and a ReLU."""
    filters = 2 * filters_per_colour * colours
    return layers.MaskedConv2D(filters, 3, "B", colours, activation="relu", **layer)


def total_probability(net, shape, levels):
    """Add up the probabilities of all images of a tiny shape (H, W, colours).

    net: uint8 images (N, H, W, colours) -> natural log-probabilities (N, H, W, colours, levels).
    """
    choices = itertools.product(range(levels), repeat=int(np.prod(shape)))
    images = np.array(list(choices), "uint8").reshape(-1, *shape)  # (N, H, W, colours)
    log_p = ops.convert_to_numpy(net(images))  # (N, H, W, colours, levels)
    chosen = np.take_along_axis(log_p, images[..., None].astype(int), axis=-1)
    return np.exp(chosen.sum(axis=(1, 2, 3, 4))).sum()


def cut_patches(image, size):
    """Cut an image (H, W, colours) into squares side by side: (n, size, size, colours).

    They come row by row; what is left over at the right and the foot is dropped.
    """
    down, across, colours = image.shape[0] // size, image.shape[1] // size, image.shape[2]
    grid = image[: down * size, : across * size].reshape(down, size, across, size, colours)
    return grid.swapaxes(1, 2).reshape(-1, size, size, colours)


def to_grey(images):
    """Average the colours of uint8 images (..., colours): uint8 (..., 1), rounded."""
    return np.round(images.mean(axis=-1, keepdims=True)).astype("uint8")


def source_entropy(choices, noise_bits, size):
    """Give the entropy of a source of square pictures in three colours, in bits per dimension.

    choices: how many there are of each of the picture's free choices, all alike in probability and
    readable from the picture. noise_bits: the fresh random bits in each value.
    """
    return noise_bits + np.log2(choices).sum() / (size * size * 3)


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


def blocks_needed(height, width):
    """Count the blocks after a 7x7 layer until the last pixel of an image sees the first.

    The way is as long as the longer side, less one. The first layer reaches 3 pixels, up and to the
    left at once, and each block one more. Returns a whole number, at least 0.
    """
    return max(0, max(height, width) - 1 - 3)


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
