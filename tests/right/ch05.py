"""Right answers to chapter 5."""

import math
from collections import Counter

import numpy as np
import tensorflow as tf
from keras import ops

LN2 = math.log(2)


# 5.1


def in_a_loop(images, logits):
    bits = np.zeros(images.shape)
    for place in np.ndindex(images.shape):
        row = logits[place].astype("float64")
        top = row.max()
        bits[place] = (top + np.log(np.exp(row - top).sum()) - row[int(images[place])]) / LN2
    return bits


def in_keras_s_loss(images, logits):
    import keras

    return keras.losses.sparse_categorical_crossentropy(images, logits, from_logits=True) / LN2


# 5.2


def by_counter(train, test):
    total = 0.0
    for c in range(train.shape[-1]):
        counts = Counter(train[..., c].ravel().tolist())
        size = train[..., c].size + 256
        total -= sum(math.log2((counts[int(v)] + 1) / size) for v in test[..., c].ravel())
    return total / test.size


def by_offsets(train, test):
    """One bincount over colour * 256 + level."""
    colours = train.shape[-1]
    counts = np.ones((colours, 256), "float32")
    np.add.at(counts, (np.arange(colours), train), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return ops.mean(-ops.log(p[np.arange(colours), test]) / LN2)


# 5.3


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
    "5.1": [in_a_loop, in_keras_s_loss],
    "5.2": [by_counter, by_offsets],
    "5.3": [sliced, with_tensorflow],
    "5.4": [summed, with_probabilities],
}
