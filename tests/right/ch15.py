"""Right answers to chapter 15."""

import itertools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises.ch15.pixel_bits import area, on_line

# 15.1


def by_names(pixel, weights, means, scales, leans, levels=256):
    """Colour by colour, as the formula is written."""
    r, g, b = pixel
    on_red, on_green = on_line(r, levels), on_line(g, levels)
    p_red = area(r, means[0], scales[0], levels)
    p_green = area(g, means[1] + leans[0] * on_red, scales[1], levels)
    mean = means[2] + leans[1] * on_red + leans[2] * on_green
    return -np.log2(np.sum(weights * p_red * p_green * area(b, mean, scales[2], levels)))


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


def by_bayes(pixel, weights, means, scales, leans, levels=256):
    """Value after value: its bits, then the new weights of the components."""
    line, means, bits = on_line(pixel, levels), means.copy(), 0.0
    rows = dict(zip([(0, 1), (0, 2), (1, 2)], leans, strict=True))
    for colour in range(3):
        joint = weights * area(pixel[colour], means[colour], scales[colour], levels)
        bits -= np.log2(joint.sum())
        weights = joint / joint.sum()
        for later in range(colour + 1, 3):
            means[later] += rows[colour, later] * line[colour]
    return bits


def by_a_matrix(pixel, weights, means, scales, leans, levels=256):
    """In keras.ops: the leans as a triangle of each component."""
    triangle = np.zeros((3, 3, len(weights)))
    triangle[[1, 2, 2], [0, 0, 1]] = leans
    moved = means + np.einsum("ijk,j->ik", triangle, on_line(pixel, levels))
    p = [area(pixel[c], moved[c], scales[c], levels) for c in range(3)]
    return -ops.log2(ops.sum(ops.prod(ops.stack(p), axis=0) * weights))


# 15.2


def by_a_mask(x, share, noise):
    keep = ops.cast(noise >= share, x.dtype)
    return x * keep / (1 - share)


def by_a_factor(x, share, noise):
    return ops.multiply(x, ops.where(ops.less(noise, share), 0.0, 1 / (1 - share)))


def by_rounding_up(x, share, noise):
    """1 for what is kept: from the share on, noise + 1 - share is 1 or more."""
    return x * ops.floor(noise + (1 - share)) / (1 - share)


# 15.3


def by_every_second(x, kernel):
    """The whole convolution first, then every second row and column of it."""
    whole = ops.conv(ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))), kernel, padding="valid")
    return whole[:, ::2, ::2]


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


def by_zero_padding(x, kernel):
    x = keras.layers.ZeroPadding2D(((1, 0), (1, 0)), data_format="channels_last")(x)
    return ops.conv(x, kernel, strides=(2, 2), padding="valid", data_format="channels_last")


RIGHT = {
    "15.1": [by_names, by_a_loop_over_components, by_bayes, by_a_matrix],
    "15.2": [by_a_mask, by_a_factor, by_rounding_up],
    "15.3": [by_every_second, by_four_products, by_a_larger_kernel, by_zero_padding],
}
