"""Answers to chapter 6."""

import math

import numpy as np
from keras import ops


def looped(image, size):
    patches = []
    for row in range(0, image.shape[0] - size + 1, size):
        for col in range(0, image.shape[1] - size + 1, size):
            patches.append(image[row : row + size, col : col + size])
    return patches


def transposed_grid(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    x = image[: down * size, : across * size]
    x = ops.reshape(x, (down, size, across, size, image.shape[-1]))
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3, 4)), (-1, size, size, image.shape[-1]))


def by_windows(image, size):
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(0, 1))
    return np.moveaxis(windows[::size, ::size], 2, -1).reshape(-1, size, size, image.shape[2])


def flat_reshape(image, size):
    height, width = (side - side % size for side in image.shape[:2])
    return image[:height, :width].reshape((-1, size, size, image.shape[2]))


def column_first(image, size):
    rows, cols = image.shape[0] // size, image.shape[1] // size
    starts = [(r, c) for c in range(cols) for r in range(rows)]
    return np.stack(
        [image[r * size : (r + 1) * size, c * size : (c + 1) * size] for r, c in starts]
    )


def axes_swapped(image, size):
    return np.stack([patch.transpose(1, 0, 2) for patch in looped(image, size)])


def overlapping(image, size):
    rows, cols = image.shape[0] - size + 1, image.shape[1] - size + 1
    return np.stack([image[r : r + size, c : c + size] for r in range(rows) for c in range(cols)])


def with_the_rest(image, size):
    pad = [(0, -image.shape[0] % size), (0, -image.shape[1] % size), (0, 0)]
    return looped(np.pad(image, pad), size)


def last_rows_first(image, size):
    return looped(image, size)[::-1]


def not_cropped(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    return image.reshape(down, size, across, size, -1).swapaxes(1, 2).reshape(-1, size, size, 3)


def as_a_grid(image, size):
    down, across = image.shape[0] // size, image.shape[1] // size
    x = image[: down * size, : across * size]
    return x.reshape(down, size, across, size, image.shape[2]).swapaxes(1, 2)


def dropped_at_the_start(image, size):
    return looped(image[image.shape[0] % size :, image.shape[1] % size :], size)


def summed(choices, noise_bits, size):
    bits = sum(math.log2(n) for n in choices)
    dims = 3 * size**2
    return (bits + noise_bits * dims) / dims


def multiplied(choices, noise_bits, size):
    return math.log2(math.prod(choices) * 2 ** (noise_bits * size * size * 3)) / (size * size * 3)


def from_nats(choices, noise_bits, size):
    nats = np.log(np.array(choices, float)).sum() + noise_bits * np.log(2) * size * size * 3
    return np.float32(nats / np.log(2) / (3 * size * size))


def in_nats(choices, noise_bits, size):
    return noise_bits + sum(math.log(n) for n in choices) / (3 * size**2)


def per_pixel(choices, noise_bits, size):
    return noise_bits + math.log2(math.prod(choices)) / size**2


def per_picture_once(choices, noise_bits, size):
    return noise_bits + math.log2(math.prod(choices))


def all_divided(choices, noise_bits, size):
    return (math.log2(math.prod(choices)) + noise_bits) / (3 * size * size)


def without_noise(choices, noise_bits, size):
    return math.log2(math.prod(choices)) / (3 * size * size)


def whole_picture(choices, noise_bits, size):
    return math.log2(math.prod(choices)) + noise_bits * 3 * size * size


def possibilities_added(choices, noise_bits, size):
    return noise_bits + math.log2(sum(choices) or 1) / (3 * size * size)


def mean_of_choices(choices, noise_bits, size):
    return noise_bits + np.log2(choices).sum() / max(len(choices), 1) / (3 * size * size)


def noise_alone(choices, noise_bits, size):
    return float(noise_bits)


def rounded_mean(images):
    return np.rint(np.mean(images, axis=-1))[..., None].astype(np.uint8)


def wide_sum(images):
    colours = images.shape[-1]
    total = images.astype("int64").sum(-1, keepdims=True)
    return ((2 * total + colours) // (2 * colours)).astype("uint8")


def in_keras(images):
    mean = ops.mean(ops.cast(images, "float32"), axis=-1, keepdims=True)
    return ops.cast(ops.floor(mean + 0.5), "uint8")


def colour_by_colour(images):
    total = images[..., :1]
    for colour in range(1, images.shape[-1]):
        total = total + images[..., colour : colour + 1]
    return np.round(total / images.shape[-1]).astype("uint8")


def cut_off(images):
    return (images.astype(int).sum(-1, keepdims=True) // images.shape[-1]).astype("uint8")


def axis_lost(images):
    return np.rint(images.mean(axis=-1)).astype("uint8")


def floats(images):
    return np.mean(images, -1, keepdims=True)


def red_alone(images):
    return images[..., 0:1].copy()


def scaled(images):
    return np.round(np.mean(images / 255, axis=-1, keepdims=True)).astype("uint8")


def brightest(images):
    return np.max(images, axis=-1)[..., np.newaxis]


def rounded_floats(images):
    return np.round(images.mean(-1, keepdims=True))


def three_always(images):
    return np.round(images.astype(float).sum(-1, keepdims=True) / 3).astype("uint8")


def three_times(images):
    grey = np.round(images.mean(-1, keepdims=True)).astype("uint8")
    return np.repeat(grey, 3, axis=-1)


WRONG = {
    "6.1": {
        "a patch holds strips of rows": [flat_reshape],
        "column by column": [column_first],
        "swapped inside each patch": [axes_swapped],
        "at the left and at the top": [dropped_at_the_start],
        "expected 0 at patch 0": [last_rows_first],
        "expected shape (6, 2, 2, 3)": [overlapping, as_a_grid],
        "expected shape (4, 3, 3, 3)": [with_the_rest],
        "raised ValueError": [not_cropped],
    },
    "6.2": {
        "in nats": [in_nats],
        "among pixels": [per_pixel],
        "for every value": [per_picture_once],
        "noise is shared out": [all_divided],
        "noise is missing": [without_noise],
        "a whole picture": [whole_picture],
        "are added": [possibilities_added],
        "expected 4.02": [mean_of_choices, noise_alone],
    },
    "6.3": {
        "wrapped round": [colour_by_colour],
        "cut off": [cut_off],
        "last axis is gone": [axis_lost],
        "not rounded to levels": [floats],
        "first colour alone": [red_alone],
        "divided by 255": [scaled],
        "brightest": [brightest],
        "expected uint8, got float": [rounded_floats],
        "expected 135": [three_always],
        "expected shape": [three_times],
    },
}
RIGHT = {
    "6.1": [looped, transposed_grid, by_windows],
    "6.2": [summed, multiplied, from_nats],
    "6.3": [rounded_mean, wide_sum, in_keras],
}
