"""Right answers to chapter 1."""

import numpy as np


def stepwise(target, source):
    for s, t in zip(source, target):
        if s != t:
            return s < t
    return False


def in_numpy(target, source):
    weights = np.array([10**8, 10, 1], "int64")
    return np.dot(source, weights) < np.dot(target, weights)


RIGHT = {
    "1.1": [stepwise, in_numpy],
}
