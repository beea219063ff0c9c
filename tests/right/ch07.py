"""Right answers to chapter 7."""

import numpy as np
from keras import ops

from pixelcnn_lib import sampling


def probabilities(logits):
    shifted = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def with_softmax(logits, noise):
    ends = np.cumsum(ops.softmax(logits), axis=1)
    return (ends / ends[:, -1:] <= noise[:, None]).sum(axis=1)


def with_searchsorted(logits, noise):
    sums = np.cumsum(probabilities(logits), axis=1)[:, :-1]
    return [int(np.searchsorted(row, u, side="right")) for row, u in zip(sums, noise)]


def by_subtracting(logits, noise):
    levels = []
    for p, left in zip(probabilities(np.asarray(logits, "float64")), noise):
        level = 0
        while left >= p[level] and level < len(p) - 1:
            left -= p[level]
            level += 1
        levels.append(level)
    return np.array(levels, "uint16")


def rows_so_far(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for i in range(noise.shape[1]):
        for j in range(noise.shape[2]):
            for c in range(noise.shape[3]):
                logits = model(images[:, : i + 1])[:, i, j, c]
                images[:, i, j, c] = sampling.draw(logits, noise[:, i, j, c])
    return images


def with_a_tensor(model, noise):
    images = ops.zeros(noise.shape, "uint8")
    for i, j, c in np.ndindex(noise.shape[1:]):
        logits = ops.convert_to_numpy(model(images))[:, i, j, c]
        drawn = sampling.draw(logits, noise[:, i, j, c]).astype("uint8")[:, None, None, None]
        images = ops.slice_update(images, (0, i, j, c), drawn)
    return images


def by_chapter_1_s_loop(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for place in np.ndindex(noise.shape[1:]):
        here = (slice(None), *place)
        images[here] = sampling.draw(model(images)[here], noise[here])
    return images


def in_one_row_of_values(model, noise):
    flat, u = np.zeros((len(noise), noise[0].size), "uint8"), noise.reshape(len(noise), -1)
    for k in range(flat.shape[1]):
        logits = ops.reshape(model(flat.reshape(noise.shape)), (*flat.shape, -1))
        flat[:, k] = sampling.draw(logits[:, k], u[:, k])
    return flat.reshape(noise.shape)


RIGHT = {
    "7.1": [with_softmax, with_searchsorted, by_subtracting],
    "7.2": [rows_so_far, with_a_tensor, by_chapter_1_s_loop, in_one_row_of_values],
}
