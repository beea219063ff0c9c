"""Right answers to chapter 7."""

import numpy as np

from pixelcnn_lib import sampling


def probabilities(logits):
    shifted = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def with_searchsorted(logits, noise):
    sums = np.cumsum(probabilities(logits), axis=1)[:, :-1]
    return [int(np.searchsorted(row, u, side="right")) for row, u in zip(sums, noise)]


def rows_so_far(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for i in range(noise.shape[1]):
        for j in range(noise.shape[2]):
            for c in range(noise.shape[3]):
                logits = model(images[:, : i + 1])[:, i, j, c]
                images[:, i, j, c] = sampling.draw(logits, noise[:, i, j, c])
    return images


RIGHT = {"7.1": [with_searchsorted], "7.2": [rows_so_far]}
