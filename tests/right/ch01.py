"""Right answers to chapter 1."""

import math

import numpy as np
from keras import ops


def stepwise(target, source):
    for s, t in zip(source, target):
        if s != t:
            return s < t
    return False


def in_numpy(target, source):
    weights = np.array([10**8, 10, 1], "int64")
    return np.dot(source, weights) < np.dot(target, weights)


def value_by_value(p, image):
    total = 0.0
    for place in np.ndindex(*image.shape):
        total += math.log(p[place][image[place]])
    return total


def in_keras(p, image):
    chosen = ops.take_along_axis(ops.cast(p, "float32"), ops.cast(image, "int32")[..., None], -1)
    return ops.sum(ops.log(chosen))


RIGHT = {
    "1.1": [stepwise, in_numpy],
    "1.2": [value_by_value, in_keras],
}
