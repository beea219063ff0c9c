"""Right answers to chapter 13."""

import itertools

from keras import ops

from pixelcnn_lib.teach.exercises.ch13.log_prob import log_area, on_line

# 13.1


def one_colour_after_another(numbers, pixels, levels=256):
    """A sum that grows by a colour at a time; no stack."""
    total = ops.log_softmax(numbers[..., 0, :], axis=-1)
    lean, known = ops.tanh(numbers[..., 7:10, :]), []
    places = {0: [], 1: [0], 2: [1, 2]}  # which leans each colour uses
    for colour in range(3):
        x = on_line(ops.cast(pixels[..., colour : colour + 1], numbers.dtype), levels)
        mean = numbers[..., 1 + colour, :]
        for row, other in zip(places[colour], known):
            mean = mean + lean[..., row, :] * other
        total = total + log_area(x, mean, numbers[..., 4 + colour, :], levels)
        known.append(x)
    return ops.logsumexp(total, axis=-1)


def with_a_logsumexp_of_its_own(numbers, pixels, levels=256):
    """The leans as a triangle, and the largest term taken out by hand."""
    x = ops.expand_dims(on_line(ops.cast(pixels, "float32"), levels), -1)
    weights, means, log_scales, leans = ops.split(numbers, [1, 4, 7], axis=-2)
    leans = ops.tanh(leans)
    green = leans[..., :1, :] * x[..., :1, :]
    blue = leans[..., 1:2, :] * x[..., :1, :] + leans[..., 2:, :] * x[..., 1:2, :]
    means = means + ops.concatenate([ops.zeros_like(green), green, blue], axis=-2)
    terms = ops.sum(log_area(x, means, log_scales, levels), axis=-2) + weights[..., 0, :]
    shares = ops.logsumexp(weights[..., 0, :], axis=-1)
    top = ops.max(terms, axis=-1)
    return top + ops.log(ops.sum(ops.exp(terms - top[..., None]), axis=-1)) - shares


# 13.2


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
    "13.1": [one_colour_after_another, with_a_logsumexp_of_its_own],
    "13.2": [by_four_products, by_a_larger_kernel],
}
