"""Right answers to chapter 14."""

import numpy as np
from keras import ops

# 14.1: a network is trained through it


def by_bands(scores):
    *_, targets, sources = scores.shape
    seen = ops.arange(sources) <= ops.expand_dims(ops.arange(targets), 1)
    return ops.softmax(ops.where(seen, scores, float("-inf")), axis=-1)


# 14.2


class ByLists:
    def __init__(self, n, heads, key, value):
        self.kept = [(np.zeros((n, heads, key)), np.zeros((n, heads, value)))]

    def look(self, query, bias):
        scores = [(key * query).sum(-1) for key, _ in self.kept]
        scores = np.stack(scores, -1) / np.sqrt(query.shape[-1]) + bias
        weights = np.asarray(ops.softmax(scores))
        return sum(weights[..., n, None] * value for n, (_, value) in enumerate(self.kept))

    def keep(self, key, value):
        self.kept.append((key, value))


RIGHT = {"14.1": [by_bands], "14.2": [ByLists]}
