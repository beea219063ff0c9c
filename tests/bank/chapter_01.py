"""Answers to chapter 1."""

import numpy as np
from keras import ops


def number(place, height=100, width=100):
    row, col, colour = place
    return (row * width + col) * 3 + colour


def quadrant(target, source):
    (row, col, colour), (r, c, k) = target, source
    if (r, c) == (row, col):
        return k < colour
    return r <= row and c <= col


def sees_itself(target, source):
    return number(source) <= number(target)


def swapped(target, source):
    return number(target) < number(source)


def whole_pixels_only(target, source):
    return source[0] < target[0] or (source[0] == target[0] and source[1] < target[1])


def whole_pixel_too(target, source):
    return source[0] < target[0] or (source[0] == target[0] and source[1] <= target[1])


def planes(target, source):
    if source[2] != target[2]:
        return source[2] < target[2]
    return source[:2] < target[:2]


def columns_first(target, source):
    return (source[1], source[0], source[2]) < (target[1], target[0], target[2])


def all_smaller(target, source):
    return source[0] < target[0] and source[1] < target[1] and source[2] < target[2]


def rows_above_alone(target, source):
    return source[0] < target[0] or (source[:2] == target[:2] and source[2] < target[2])


def bgr(target, source):
    flip = lambda place: (place[0], place[1], -place[2])
    return flip(source) < flip(target)


def same_colour_alone(target, source):
    return source < target and source[2] == target[2]


def sum_of_places(target, source):
    return sum(source) < sum(target)


def stepwise(target, source):
    for s, t in zip(source, target):
        if s != t:
            return s < t
    return False


def by_number(target, source):
    return number(source) < number(target)


def in_numpy(target, source):
    return np.dot(source, [10000, 100, 1]) < np.dot(target, [10000, 100, 1])


def as_a_number(target, source):
    row, col, colour = np.subtract(target, source)
    return int(row > 0 or (row == 0 and (col > 0 or (col == 0 and colour > 0))))


def picked(p, image):
    flat = p.reshape(-1, p.shape[-1])
    return flat[np.arange(len(flat)), image.reshape(-1)]


def product_first(p, image):
    return np.log(np.prod(picked(p, image)))


def mean(p, image):
    return np.mean(np.log(picked(p, image)))


def bits(p, image):
    return np.sum(np.log2(picked(p, image)))


def loss(p, image):
    return -np.sum(np.log(picked(p, image)))


def likeliest(p, image):
    return np.log(p.max(axis=-1)).sum()


def added(p, image):
    return np.log(picked(p, image).sum())


def without_the_first(p, image):
    return np.log(picked(p, image))[1:].sum()


def not_the_logarithm(p, image):
    return np.prod(picked(p, image))


def all_levels(p, image):
    return np.log(p).sum()


def one_per_value(p, image):
    return np.log(picked(p, image)).reshape(image.shape)


def without_the_last(p, image):
    return np.log(picked(p, image))[:-1].sum()


def taken_at_the_wrong_axis(p, image):
    return np.log(p[image]).sum()


def per_pixel(p, image):
    return np.log(picked(p, image)).sum() / 3


def value_by_value(p, image):
    total = 0.0
    for place in np.ndindex(*image.shape):
        total += float(np.log(p[place][image[place]]))
    return total


def one_hot(p, image):
    chosen = np.arange(p.shape[-1]) == image[..., None]
    return (np.log(p) * chosen).sum(dtype="float32")


def in_keras(p, image):
    chosen = ops.take_along_axis(ops.convert_to_tensor(p), ops.cast(image, "int32")[..., None], -1)
    return ops.sum(ops.log(chosen))


WRONG = {
    "1.1": {
        "was taken as a quadrant": [quadrant],
        "a value sees itself": [sees_itself],
        "Target and source are swapped": [swapped],
        "nothing of the value's own pixel": [whole_pixels_only],
        "should be False: the source lies in the same pixel": [whole_pixel_too],
        "blue is drawn first": [bgr],
        "all red first": [planes],
        "column by column": [columns_first],
        "in row, column and colour at once": [all_smaller],
        "should be True: the source lies in the same row": [rows_above_alone],
        "should be True: the source lies in another row": [same_colour_alone],
        "should be False: the source lies in another row": [sum_of_places],
    },
    "1.2": {
        "Right for small images": [product_first],
        "the mean over the values": [mean],
        "in bits": [bits],
        "The sign": [loss],
        "the likeliest level": [likeliest],
        "The probabilities are added": [added],
        "The very first value": [without_the_first],
        "not its logarithm": [not_the_logarithm],
        "of all levels": [all_levels],
        "expected a single value": [one_per_value],
        "For an image (2, 3, 3): expected": [without_the_last, per_pixel],
        "raised": [taken_at_the_wrong_axis],
    },
}
RIGHT = {
    "1.1": [stepwise, by_number, in_numpy, as_a_number],
    "1.2": [value_by_value, one_hot, in_keras],
}
