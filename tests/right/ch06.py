"""Right answers to chapter 6."""

import math
from functools import reduce

import numpy as np
import tensorflow as tf
from keras import ops


def sliced(image, size):
    patches = []
    for row in range(0, image.shape[0] - size + 1, size):
        for col in range(0, image.shape[1] - size + 1, size):
            patches.append(image[row : row + size, col : col + size])
    return np.stack(patches)


def in_keras(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    x = image[: down * size, : across * size]
    x = ops.reshape(x, (down, size, across, size, image.shape[-1]))
    x = ops.transpose(x, (0, 2, 1, 3, 4))
    return ops.reshape(x, (down * across, size, size, image.shape[-1]))


def by_splits(image, size):
    height, width = image.shape[:2]
    rows = [image[i * size : (i + 1) * size] for i in range(height // size)]
    return [
        row[:, j * size : (j + 1) * size].tolist() for row in rows for j in range(width // size)
    ]


def with_tensorflow(image, size):
    patches = tf.image.extract_patches(
        image[None], [1, size, size, 1], [1, size, size, 1], [1, 1, 1, 1], "VALID"
    )
    return tf.reshape(patches, (-1, size, size, image.shape[2]))


def summed(choices, noise_bits, size):
    total = sum(math.log2(n) for n in choices)
    dims = 3 * size**2
    return (total + noise_bits * dims) / dims


def multiplied(choices, noise_bits, size):
    return noise_bits + math.log2(math.prod(choices)) / (size * size * 3)


def from_probabilities(choices, noise_bits, size):
    entropy = lambda p: -sum(one * math.log(one, 2) for one in p)
    choice_bits = reduce(lambda total, n: total + entropy([1 / n] * n), choices, 0)
    return ops.convert_to_tensor(noise_bits + choice_bits / math.prod((size, size, 3)))


def wide_sum(images):
    colours = images.shape[-1]
    total = images.astype("int64").sum(-1, keepdims=True)
    return ((2 * total + colours) // (2 * colours)).astype("uint8")


def grey_in_keras(images):
    mean = ops.mean(ops.cast(images, "float32"), axis=-1, keepdims=True)
    return ops.cast(ops.floor(mean + 0.5), "uint8")


def pixel_by_pixel(images):
    grey = np.zeros((*images.shape[:-1], 1), "uint8")
    for place in np.ndindex(images.shape[:-1]):
        grey[place] = round(sum(map(int, images[place])) / images.shape[-1])
    return grey


@tf.function
def with_einsum(images):
    mean = tf.einsum("...c->...", tf.cast(images, "float64")) / images.shape[-1]
    return tf.cast(tf.round(mean), tf.uint8)[..., tf.newaxis]


RIGHT = {
    "6.1": [sliced, in_keras, by_splits, with_tensorflow],
    "6.2": [summed, multiplied, from_probabilities],
    "6.3": [wide_sum, grey_in_keras, pixel_by_pixel, with_einsum],
}
