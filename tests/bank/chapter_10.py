"""Answers to chapter 10."""

import math
import statistics

import numpy as np
from keras import ops

from pixelcnn_lib import masks

# 10.1


def sizes(layer):
    return [int(side) for side in layer.kernel.shape]


def mask_of(layer):
    _, _, filters_in, filters_out = sizes(layer)
    return masks.rgb_mask(
        layer.kernel_size, filters_in, filters_out, layer.mask_type, layer.colours
    )


def weights_alone(layer, height, width, alive=False):
    return int(mask_of(layer).sum()) if alive else math.prod(sizes(layer))


def with_biases(layer, height, width, alive=False):
    weights = mask_of(layer).sum() if alive else math.prod(sizes(layer))
    return height * width * (weights + layer.filters)


def parameters(layer, height, width, alive=False):
    dead = (1 - mask_of(layer)).sum() if alive else 0
    return (layer.count_params() - dead) * height * width


def flop(layer, height, width, alive=False):
    return 2 * by_mask(layer, height, width, alive)


def with_the_way_back(layer, height, width, alive=False):
    return 3 * by_mask(layer, height, width, alive)


def where_it_fits(layer, height, width, alive=False):
    rows, cols = layer.kernel_size
    return by_mask(layer, height - rows + 1, width - cols + 1, alive)


def never_alive(layer, height, width, alive=False):
    return height * width * math.prod(sizes(layer))


def nonzero(layer, height, width, alive=False):
    kernel = np.asarray(layer.kernel)
    weights = np.count_nonzero(kernel) if alive else kernel.size
    return height * width * weights


def pattern_alone(layer, height, width, alive=False):
    weights = layer.pattern.sum() if alive else math.prod(sizes(layer))
    return height * width * int(weights)


def past_and_centre(layer, height, width, alive=False):
    rows, cols, filters_in, filters_out = sizes(layer)
    taps = masks.spatial_mask((rows, cols)).sum() + 1 if alive else rows * cols
    return height * width * taps * filters_in * filters_out


def past_without_centre(layer, height, width, alive=False):
    rows, cols, filters_in, filters_out = sizes(layer)
    taps = masks.spatial_mask((rows, cols)).sum() if alive else rows * cols
    return height * width * taps * filters_in * filters_out


def half(layer, height, width, alive=False):
    return height * width * math.prod(sizes(layer)) // (2 if alive else 1)


def square_kernels(layer, height, width, alive=False):
    rows, _, filters_in, filters_out = sizes(layer)
    weights = mask_of(layer).sum() if alive else rows * rows * filters_in * filters_out
    return height * width * weights


def all_parameters(layer, height, width, alive=False):
    return layer.count_params() * height * width


def as_in_the_example(layer, height, width, alive=False):
    weights = math.prod(sizes(layer))
    return height * width * (weights * 12 // 18 if alive else weights)


def by_mask(layer, height, width, alive=False):
    mask = mask_of(layer)
    return height * width * (int(mask.sum()) if alive else mask.size)


def by_ones(layer, height, width, alive=False):
    ones = ops.ones(layer.kernel.shape)
    return ops.sum(layer.masked(ones) if alive else ones) * height * width


def in_loops(layer, height, width, alive=False):
    rows, cols, filters_in, filters_out = sizes(layer)
    count = 0
    for row in range(rows):
        for col in range(cols):
            for source in range(layer.colours):
                for target in range(layer.colours):
                    if not alive or layer.pattern[row, col, source, target]:
                        count += (filters_in // layer.colours) * (filters_out // layer.colours)
    return count * height * width


def by_share(layer, height, width, alive=False):
    share = layer.pattern.mean() if alive else 1.0
    return round(share * math.prod(sizes(layer)) * height * width)


def by_float_share(layer, height, width, alive=False):
    share = layer.pattern.mean() if alive else 1.0
    return math.prod(sizes(layer)) * share * height * width


# 10.2


def forgot_two(forward, images, flops, share):
    return 3 * forward * images / (flops * share) / 3600


def forgot_back(forward, images, flops, share):
    return 2 * forward * images / (flops * share) / 3600


def forgot_both(forward, images, flops, share):
    return forward * images / (flops * share) / 3600


def back_as_forward(forward, images, flops, share):
    return 2 * (forward + forward) * images / (flops * share) / 3600


def in_seconds(forward, images, flops, share):
    return 6 * forward * images / (flops * share)


def in_minutes(forward, images, flops, share):
    return 6 * forward * images / (flops * share) / 60


def share_upside_down(forward, images, flops, share):
    return 6 * forward * images * share / flops / 3600


def at_the_peak(forward, images, flops, share):
    return 6 * forward * images / flops / 3600


def upside_down(forward, images, flops, share):
    return flops * share / (6 * forward * images) / 3600


def in_days(forward, images, flops, share):
    return by_steps(forward, images, flops, share) / 24


def whole_hours(forward, images, flops, share):
    return 6 * forward * images // (flops * share) // 3600


def by_steps(forward, images, flops, share):
    a_second = flops * share / 2  # multiply-adds
    seconds = images * (forward + 2 * forward) / a_second
    return seconds / 60 / 60


def by_numpy(forward, images, flops, share):
    return np.prod([6.0, forward, images]) / np.prod([3600.0, flops, share])


def by_throughput(forward, images, flops, share):
    images_an_hour = 3600 * flops * share / (6 * forward)
    return images / images_an_hour


# 10.3


def turned(first, second):
    return by_statistics(second, first)


def two_errors(first, second):
    n = len(first)
    error = np.sqrt(np.var(first, ddof=1) / n + np.var(second, ddof=1) / n)
    return np.mean(first) - np.mean(second), error


def sum_of_errors(first, second):
    errors = [np.std(bits, ddof=1) / len(bits) ** 0.5 for bits in (first, second)]
    return np.mean(first) - np.mean(second), sum(errors)


def spread_alone(first, second):
    return np.mean(first - second), (first - second).std(ddof=1)


def numpys_default(first, second):
    d = first - second
    return d.mean(), d.std() / np.sqrt(len(d))


def numpys_spread(first, second):
    d = first - second
    return d.mean(), d.std()


def squared(first, second):
    d = first - second
    return d.mean(), d.var(ddof=1) / len(d)


def by_n(first, second):
    d = first - second
    return d.mean(), d.std(ddof=1) / len(d)


def of_the_first(first, second):
    return np.mean(first - second), np.std(first, ddof=1) / np.sqrt(len(first))


def of_medians(first, second):
    _, error = by_statistics(first, second)
    return np.median(first - second), error


def by_ratio(first, second):
    _, error = by_statistics(first, second)
    return first.mean() / second.mean(), error


def twice_the_error(first, second):
    difference, error = by_statistics(first, second)
    return difference, 1.96 * error


def error_first(first, second):
    return by_statistics(first, second)[::-1]


def distances(first, second):
    return by_statistics(np.abs(first - second), np.zeros(len(first)))


def difference_of_errors(first, second):
    errors = [np.std(bits, ddof=1) / len(bits) ** 0.5 for bits in (first, second)]
    return np.mean(first - second), abs(errors[0] - errors[1])


def one_less_twice(first, second):
    d = first - second
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d) - 1)


def mean_alone(first, second):
    return np.mean(first - second)


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


# 10.4

RIGHT_WORDS = ("as it is", "other images", "convert", "other levels", "at most", "other images")


def words(**other):
    """The right verdicts, but for those given."""
    return lambda: {**dict(zip("abcdef", RIGHT_WORDS)), **other}


WRONG = {
    "10.1": {
        "the count for one pixel": [weights_alone],
        "The biases are counted": [with_biases, parameters],
        "biases, and dead weights": [all_parameters],
        "other layers differ": [as_in_the_example],
        "two for each multiply-add": [flop],
        "a training step": [with_the_way_back],
        "only where it fits": [where_it_fits],
        "counted among the living": [never_alive, nonzero],
        "one weight for each pair of colours": [pattern_alone],
        "all weights of the centre tap": [past_and_centre],
        "not exactly half": [half],
        "living multiply-adds, got": [past_without_centre],
        "multiply-adds in all, got": [square_kernels],
    },
    "10.2": {
        "Half of it": [forgot_two],
        "A third of it": [forgot_back],
        "A sixth of it": [forgot_both],
        "The way back counts as one pass": [back_as_forward],
        "These are seconds": [in_seconds],
        "These are minutes": [in_minutes],
        "The share makes the run shorter": [share_upside_down],
        "taken to reach its peak": [at_the_peak],
        "These are days": [in_days],
        "cut to whole ones": [whole_hours],
        "hours, got": [upside_down],
    },
    "10.3": {
        "The sign is turned": [turned],
        "changed places": [error_first],
        "lost their signs": [distances],
        "are added up": [sum_of_errors],
        "subtracted from the other's": [difference_of_errors],
        "N - 1 is used twice": [one_less_twice],
        "expected two numbers": [mean_alone],
        "on images of its own": [two_errors],
        "not of their mean": [spread_alone],
        "where a sample wants N - 1": [numpys_default],
        "and with N instead of N - 1": [numpys_spread],
        "the square of the standard error": [squared],
        "not by its root": [by_n],
        "the first model's own score": [of_the_first],
        "expected a difference of": [of_medians, by_ratio],
        "expected a standard error of": [twice_the_error],
    },
    "10.4": {
        "on CIFAR-10's test images": [words(a="other images")],
        "scored exactly": [words(a="at most")],
        "belong to the training files": [words(b="as it is")],
        "A nat is not a bit": [words(c="as it is")],
        "has all 256 levels": [words(c="other levels")],
        "easier than one of 256": [words(d="as it is")],
        "was never predicted": [words(d="convert")],
        "It scores a density": [words(e="as it is")],
        "and of another size": [words(f="as it is")],
        "not where the difference lies": [words(f="at most")],
        "goes up, not down": [words(d="at most")],
        "for the images it was taken on": [words(b="at most")],
        "none of the five verdicts": [words(e="a bound"), words(a="as is")],
        "says nothing about number": [
            lambda: {"a": "as it is"},
            lambda: dict(zip("ABCDEF", RIGHT_WORDS)),
        ],
        "expected a dict": [lambda: list(RIGHT_WORDS)],
    },
}

RIGHT = {
    "10.1": [by_mask, by_ones, in_loops, by_share, by_float_share],
    "10.2": [by_steps, by_numpy, by_throughput],
    "10.3": [by_statistics, by_covariance, by_ops, as_an_array],
    "10.4": [
        words(),
        words(a=" As it is", c="CONVERT"),
        lambda: dict(zip("fedcba", reversed(RIGHT_WORDS))),
    ],
}
