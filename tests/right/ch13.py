"""Right answers to chapter 13."""

import itertools

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises.ch13.pixel_bits import area, on_line

# 13.1


def areas(weights, means, log_scales, levels=256):
    p, width = np.zeros(levels), 2 / (levels - 1)
    sigmoid = lambda x: 1 / (1 + np.exp(-x))
    for weight, mean, log_scale in zip(weights, means, log_scales):
        share = np.exp(weight) / np.exp(weights).sum()
        for k in range(levels):
            x = -1 + (k - 0.5) * width
            up = sigmoid((x + width - mean) / np.exp(log_scale)) if k < levels - 1 else 1
            down = sigmoid((x - mean) / np.exp(log_scale)) if k > 0 else 0
            p[k] += share * (up - down)
    return p


def with_ops(weights, means, log_scales, levels=256):
    edges = (np.arange(levels - 1) + 0.5) * 2 / (levels - 1) - 1
    z = (edges[:, None] - means) / np.exp(log_scales)
    below = ops.sum(ops.softmax(weights) * ops.sigmoid(z), axis=-1)
    return ops.pad(below, (0, 1), constant_values=1.0) - ops.pad(below, (1, 0))


# 13.2


def by_a_loop_over_components(pixel, weights, means, scales, leans, levels=256):
    """In plain numbers, with logarithms of its own."""
    line, total = [2 * int(level) / (levels - 1) - 1 for level in pixel], 0.0
    for k, weight in enumerate(weights):
        mean = [
            means[0, k],
            means[1, k] + leans[0, k] * line[0],
            means[2, k] + leans[1, k] * line[0] + leans[2, k] * line[1],
        ]
        p = weight
        for colour in range(3):
            p *= float(area(pixel[colour], mean[colour], scales[colour, k], levels))
        total += p
    return -np.log(total) / np.log(2)


def by_a_matrix(pixel, weights, means, scales, leans, levels=256):
    """In keras.ops: the leans as a triangle of each component."""
    triangle = np.zeros((3, 3, len(weights)))
    triangle[[1, 2, 2], [0, 0, 1]] = leans
    moved = means + np.einsum("ijk,j->ik", triangle, on_line(pixel, levels))
    p = [area(pixel[c], moved[c], scales[c], levels) for c in range(3)]
    return -ops.log2(ops.sum(ops.prod(ops.stack(p), axis=0) * weights))


# 13.3


def by_four_products(x, kernel):
    """A product for each of the four taps."""
    height, width = x.shape[1:3]
    x = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    y = 0
    for row, col in itertools.product(range(2), repeat=2):
        seen = x[:, row : row + height : 2, col : col + width : 2]
        y = y + ops.matmul(seen, kernel[row, col])
    return y


def by_a_larger_kernel(x, kernel):
    """A 3x3 kernel with zeros after its centre, at every second pixel."""
    kernel = ops.pad(kernel, ((0, 1), (0, 1), (0, 0), (0, 0)))
    x = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return ops.conv(x, kernel, 2, "valid")


RIGHT = {
    "13.1": [areas, with_ops],
    "13.2": [by_a_loop_over_components, by_a_matrix],
    "13.3": [by_four_products, by_a_larger_kernel],
}
