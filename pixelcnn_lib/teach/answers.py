"""Solutions of exercises that have no twin in the library."""

import itertools
import sys

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, masks, sampling


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


def __getattr__(name):
    """A solution that stands in its exercise's file."""
    from pixelcnn_lib.teach import exercises

    for number in exercises.CHAPTERS:
        for one in exercises.chapter(number).values():
            solution = getattr(one, "solution", None)
            if getattr(solution, "__name__", "") == name:
                return getattr(sys.modules[solution.__module__], name)
    raise AttributeError(f"no exercise has the solution {name}")
