"""Right answers to chapter 6."""

import math

import numpy as np
import tensorflow as tf
from keras import ops


def sliced(image, size):
    patches = []
    for row in range(0, image.shape[0] - size + 1, size):
        for col in range(0, image.shape[1] - size + 1, size):
            patches.append(image[row : row + size, col : col + size])
    return np.stack(patches)


def with_tensorflow(image, size):
    patches = tf.image.extract_patches(
        image[None], [1, size, size, 1], [1, size, size, 1], [1, 1, 1, 1], "VALID"
    )
    return tf.reshape(patches, (-1, size, size, image.shape[2]))


def summed(choices, noise_bits, size):
    total = sum(math.log2(n) for n in choices)
    dims = 3 * size**2
    return (total + noise_bits * dims) / dims


def with_probabilities(choices, noise_bits, size):
    log_p = sum(ops.log(1 / n) for n in choices) - 3 * size**2 * noise_bits * math.log(2)
    return -log_p / math.log(2) / (3 * size**2)


RIGHT = {
    "6.1": [sliced, with_tensorflow],
    "6.2": [summed, with_probabilities],
}
