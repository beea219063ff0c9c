"""The network, its heads and its loss once more, by loops, in NumPy and decimals alone.

Written from the paper and from design, not from the library, which is not imported.
"""

from decimal import Decimal, getcontext

import numpy as np

getcontext().prec = 60


def alive(row, col, source, target, mask_type):
    """May a weight live, `row` and `col` counted from the kernel's centre, colours given?"""
    if (row, col) != (0, 0):
        return (row, col) < (0, 0)
    return source < target or (mask_type == "B" and source == target)


def mask(height, width, filters_in, filters_out, mask_type, colours):
    """A kernel's mask (kh, kw, in, out), one weight at a time."""
    result = np.zeros((height, width, filters_in, filters_out))
    for row, col, i, o in np.ndindex(result.shape):
        source, target = i // (filters_in // colours), o // (filters_out // colours)
        where = (row - height // 2, col - width // 2)
        result[row, col, i, o] = alive(*where, source, target, mask_type)
    return result


def convolve(x, weights, mask_type, colours):
    """x (H, W, in), weights (kernel, bias) -> (H, W, out); what lies outside is zero."""
    kernel, bias = (np.asarray(array, float) for array in weights)
    kernel = kernel * mask(*kernel.shape, mask_type, colours)
    y = np.empty((*x.shape[:2], len(bias)))
    for row, col in np.ndindex(x.shape[:2]):
        y[row, col] = bias
        for a, b in np.ndindex(kernel.shape[:2]):
            r, c = row + a - kernel.shape[0] // 2, col + b - kernel.shape[1] // 2
            if 0 <= r < x.shape[0] and 0 <= c < x.shape[1]:
                y[row, col] += x[r, c] @ kernel[a, b]
    return y


def network(image, levels, first, blocks, skips, top, head):
    """An image (H, W, colours) -> parameters (H, W, colours, P).

    first, head: (kernel, bias). blocks: for each its three convolutions. skips: for each its
    weights. top: two convolutions.
    """
    height, width, colours = image.shape
    x = convolve(image / (levels - 1) * 2 - 1, first, "A", colours)
    total = 0
    for block, skip in zip(blocks, skips, strict=True):
        total = total + x * np.asarray(skip)
        y = x
        for weights in block:
            y = convolve(relu(y), weights, "B", colours)
        x = x + y
    y = x + total
    for weights in [*top, head]:
        y = convolve(relu(y), weights, "B", colours)
    return y.reshape(height, width, colours, -1)


def relu(x):
    return np.where(x > 0, x, 0)


def categorical(parameters):
    """(levels,) -> the probability of each level, Decimal."""
    odds = [Decimal(float(p)).exp() for p in parameters]
    return [each / sum(odds) for each in odds]


def logistic_mixture(parameters, levels):
    """(3 * components,) -> the probability of each level, Decimal: areas under logistic curves."""
    weights, means, log_scales = np.split(np.asarray(parameters, float), 3)
    edges = [Decimal(2 * level - 1) / (levels - 1) - 1 for level in range(1, levels)]
    edges = [Decimal("-Infinity"), *edges, Decimal("Infinity")]
    result = [Decimal(0)] * levels
    for share, mean, log_scale in zip(categorical(weights), means, log_scales):
        mean, scale = Decimal(float(mean)), Decimal(float(np.clip(log_scale, -7, 7))).exp()
        for level in range(levels):
            low, high = ((edge - mean) / scale for edge in edges[level : level + 2])
            result[level] += share * area(low, high)
    return result


def area(low, high):
    """The area under the logistic curve of mean 0 and scale 1, taken on the side of its tail."""
    if low > 0:
        low, high = -high, -low
    return 1 / (1 + (-high).exp()) - 1 / (1 + (-low).exp())


def bits(probability):
    """How many bits a value of this probability costs."""
    return float(-Decimal(probability).ln() / Decimal(2).ln())
