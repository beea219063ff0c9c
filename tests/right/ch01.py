"""Right answers to chapter 1."""

import math

import numpy as np
from keras import ops


def stepwise(target, source):
    for s, t in zip(source, target):
        if s != t:
            return s < t
    return False


def as_a_number(target, source):
    row, col, colour = np.subtract(target, source)
    return int(row > 0 or (row == 0 and (col > 0 or (col == 0 and colour > 0))))


def in_numpy(target, source):
    weights = np.array([10**8, 10, 1], "int64")
    return np.dot(source, weights) < np.dot(target, weights)


def unpacked(target, source):
    (row, col, colour), (r, c, k) = target, source
    if (r, c) == (row, col):
        return k < colour
    return r < row if r != row else c < col


def recursive(target, source):
    if not target:
        return False
    if target[0] == source[0]:
        return recursive(target[1:], source[1:])
    return target[0] > source[0]


def value_by_value(p, image):
    total = 0.0
    for place in np.ndindex(*image.shape):
        total += math.log(p[place][image[place]])
    return total


def one_hot(p, image):
    chosen = np.arange(p.shape[-1]) == image[..., None]
    return np.log(np.einsum("hwcl,hwcl->hwc", p, chosen)).sum()


def in_keras(p, image):
    chosen = ops.take_along_axis(ops.convert_to_tensor(p), ops.cast(image, "int32")[..., None], -1)
    return ops.sum(ops.log(chosen))


def by_indices(p, image):
    row, col, colour = np.indices(image.shape)
    return np.log(p[row, col, colour, image]).sum().astype("float32").reshape(())


def of_lists(p, image):
    if isinstance(image, np.ndarray):
        p, image = p.tolist(), image.tolist()
    if not isinstance(image, list):
        return math.log(p[image])
    return sum(map(of_lists, p, image))


RIGHT = {
    "1.1": [stepwise, as_a_number, in_numpy, unpacked, recursive],
    "1.2": [value_by_value, one_hot, in_keras, by_indices, of_lists],
}
