"""Right answers to chapter 12."""

import math
import statistics

import numpy as np
from keras import ops

from pixelcnn_lib import masks


def by_mask(layer, height, width, alive=False):
    _, _, filters_in, filters_out = layer.kernel.shape
    sizes = layer.kernel_size, filters_in, filters_out, layer.mask_type, layer.colours
    mask = masks.rgb_mask(*sizes)
    return height * width * (int(mask.sum()) if alive else mask.size)


def by_ones(layer, height, width, alive=False):
    ones = ops.ones(layer.kernel.shape)
    return int(ops.sum(layer.masked(ones) if alive else ones)) * height * width


def in_loops(layer, height, width, alive=False):
    rows, cols, filters_in, filters_out = layer.kernel.shape
    count = 0
    for row, col, source, target in np.ndindex(*layer.pattern.shape):
        if not alive or layer.pattern[row, col, source, target]:
            count += (filters_in // layer.colours) * (filters_out // layer.colours)
    return count * height * width


def by_float_share(layer, height, width, alive=False):
    share = layer.pattern.mean() if alive else 1.0
    return math.prod(layer.kernel.shape) * share * height * width


def by_steps(forward, images, flops, share):
    a_second = flops * share / 2  # multiply-adds
    seconds = images * (forward + 2 * forward) / a_second
    return seconds / 60 / 60


def by_numpy(forward, images, flops, share):
    return np.prod([6.0, forward, images]) / np.prod([3600.0, flops, share])


def by_throughput(forward, images, flops, share):
    images_an_hour = 3600 * flops * share / (6 * forward)
    return images / images_an_hour


def by_statistics(first, second):
    d = [float(a - b) for a, b in zip(first, second)]
    return statistics.mean(d), statistics.stdev(d) / math.sqrt(len(d))


def by_covariance(first, second):
    table = np.cov(first, second)  # divides by N - 1
    variance = table[0, 0] + table[1, 1] - 2 * table[0, 1]
    return np.mean(first) - np.mean(second), np.sqrt(variance / len(first))


def by_ops(first, second):
    d = ops.convert_to_tensor(first) - ops.convert_to_tensor(second)
    n = d.shape[0]
    return ops.mean(d), ops.sqrt(ops.sum((d - ops.mean(d)) ** 2) / (n - 1) / n)


def as_an_array(first, second):
    d = np.asarray(first) - np.asarray(second)
    return np.array([d.mean(), np.sqrt(d.var() / (len(d) - 1))])


def in_order():
    return {
        "a": "as it is",
        "b": "other images",
        "c": "convert",
        "d": "other levels",
        "e": "at most",
        "f": "other images",
    }


RIGHT = {
    "12.1": [by_mask, by_ones, in_loops, by_float_share],
    "12.2": [by_steps, by_numpy, by_throughput],
    "12.3": [by_statistics, by_covariance, by_ops, as_an_array],
    "12.4": [
        in_order,
        lambda: {key.upper(): word.title() for key, word in in_order().items()},
        lambda: dict(reversed(in_order().items())),
    ],
}
