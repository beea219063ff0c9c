"""Answers to chapter 9."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import sampling


# 9.1: draw
def probabilities(logits):
    shifted = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def most_likely(logits, noise):
    return np.argmax(probabilities(logits), axis=-1)


def logits_summed(logits, noise):
    return (np.cumsum(logits, axis=1) <= noise.reshape(-1, 1)).sum(axis=1)


def not_normalised(logits, noise):
    sums = np.cumsum(np.exp(logits - logits.max(axis=1)[:, None]), axis=1)
    return np.array([np.searchsorted(row, u, side="right") for row, u in zip(sums, noise)])


def overflows(logits, noise):
    p = np.exp(logits)
    p = p / p.sum(1)[:, None]
    return np.sum(np.cumsum(p, 1)[:, :-1] <= noise[:, None], 1)


def left_side(logits, noise):
    sums = np.cumsum(probabilities(logits), axis=1)
    return [min(np.searchsorted(row, u), len(row) - 1) for row, u in zip(sums, noise)]


def first_true(logits, noise):
    return np.argmax(np.cumsum(probabilities(logits), axis=1) > noise[:, None], axis=1)


def beyond_the_last(logits, noise):
    sums = np.cumsum(probabilities(logits).astype("float16"), axis=1)
    return [np.searchsorted(row, u, side="right") for row, u in zip(sums.astype("float64"), noise)]


def unseeded(logits, noise):
    return [np.random.choice(len(p), p=p / p.sum()) for p in probabilities(logits).astype(float)]


def seeded(logits, noise):
    rng = np.random.default_rng(0)
    return [rng.choice(len(p), p=p / p.sum()) for p in probabilities(logits).astype(float)]


def counted_from_one(logits, noise):
    return [min(level + 1, logits.shape[1] - 1) for level in with_searchsorted(logits, noise)]


def last_passed(logits, noise):
    return [max(level - 1, 0) for level in with_searchsorted(logits, noise)]


def one_for_all(logits, noise):
    return with_searchsorted(logits, [noise[0]] * len(noise))


def overflows_in_place(logits, noise):
    p = np.exp(logits)
    p /= p.sum(-1, keepdims=True)
    return (p.cumsum(-1) > noise[:, None]).argmax(-1)


def overflows_and_clips(logits, noise):
    p = np.exp(logits)
    p = p / p.sum(-1, keepdims=True)
    levels = (p.cumsum(-1) <= noise[:, None]).sum(-1)
    return np.minimum(levels, logits.shape[-1] - 1)


def keras_first_true(logits, noise):
    sums = ops.cumsum(ops.softmax(logits, axis=-1), axis=-1)
    return ops.argmax(sums > noise[:, None], axis=-1)


def all_counted(logits, noise):
    return (probabilities(logits).cumsum(-1) <= noise[:, None]).sum(-1)


def maximum_of_all(logits, noise):
    p = np.exp(logits - logits.max())
    return ((p / p.sum(-1, keepdims=True)).cumsum(-1) <= noise[:, None]).sum(-1)


def after_the_first_true(logits, noise):
    return (probabilities(logits).cumsum(-1) > noise[:, None]).argmax(-1) + 1


def summed_down(logits, noise):
    return (probabilities(logits).cumsum(0) > noise[:, None]).argmax(-1)


def summed_flat(logits, noise):
    return (probabilities(logits).cumsum() > noise[:, None]).argmax(-1)


def divided_by_all(logits, noise):
    p = np.exp(logits - logits.max())
    return ((p / p.sum()).cumsum(-1) > noise[:, None]).argmax(-1)


def first_rows_stick(logits, noise):
    return np.searchsorted(probabilities(logits)[0].cumsum()[:-1], noise, side="right")


def strictly_below(logits, noise):
    levels = (probabilities(logits).cumsum(-1) < noise[:, None]).sum(-1)
    return np.minimum(levels, logits.shape[-1] - 1)


def scaled_noise(logits, noise):
    return (noise * logits.shape[-1]).astype(int)


def from_the_end(logits, noise):
    return logits.shape[-1] - 1 - np.array(with_searchsorted(logits[:, ::-1], noise))


def with_keepdims(logits, noise):
    return (probabilities(logits).cumsum(-1) <= noise[:, None]).sum(-1, keepdims=True)


def gives_sums(logits, noise):
    return probabilities(logits).cumsum(-1)


def gives_nothing(logits, noise):
    with_searchsorted(logits, noise)


def logits_first_true(logits, noise):
    return np.argmax(np.cumsum(logits, axis=1) > noise[:, None], axis=1)


def without_a_sum(logits, noise):
    return np.argmax(probabilities(logits) > noise[:, None], axis=1)


def beyond_counted(logits, noise):
    return np.sum(np.cumsum(probabilities(logits), axis=1) > noise[:, None], axis=1)


def nearest_end(logits, noise):
    ends = np.cumsum(probabilities(logits), axis=1)
    return [int(np.argmin(np.abs(row - u))) for row, u in zip(ends, noise)]


def one_hot(logits, noise):
    return np.eye(logits.shape[1], dtype=int)[with_searchsorted(logits, noise)]


def in_its_arguments(logits, noise):
    logits -= logits.max(1, keepdims=True)
    return with_searchsorted(logits, noise)


def with_searchsorted(logits, noise):
    sums = np.cumsum(probabilities(logits), axis=1)[:, :-1]
    return [int(np.searchsorted(row, u, side="right")) for row, u in zip(sums, noise)]


def by_subtracting(logits, noise):
    levels = []
    for p, left in zip(probabilities(np.asarray(logits, "float64")), noise):
        level = 0
        while left >= p[level] and level < len(p) - 1:
            left -= p[level]
            level += 1
        levels.append(level)
    return np.array(levels, "uint8")


def in_keras(logits, noise):
    sums = ops.cumsum(ops.softmax(ops.convert_to_tensor(logits), axis=-1), axis=-1)
    noise = ops.cast(noise, sums.dtype)
    return ops.sum(ops.cast(sums[:, :-1] <= noise[:, None], "int32"), axis=-1)


# 9.2: sample_naive
def columns_first(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for j in range(noise.shape[2]):
        for i in range(noise.shape[1]):
            for c in range(noise.shape[3]):
                logits = ops.convert_to_numpy(model(images))
                images[:, i, j, c] = sampling.draw(logits[:, i, j, c], noise[:, i, j, c])
    return images


def planes_first(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for c in range(noise.shape[3]):
        for i, j in np.ndindex(noise.shape[1:3]):
            images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def bgr(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j in np.ndindex(noise.shape[1:3]):
        for c in reversed(range(noise.shape[3])):
            images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def a_pass_per_pixel(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j in np.ndindex(noise.shape[1:3]):
        logits = model(images)[:, i, j]
        drawn = [sampling.draw(logits[:, c], noise[:, i, j, c]) for c in range(noise.shape[3])]
        images[:, i, j] = np.stack(drawn, -1)
    return images


def greedy(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = np.argmax(model(images)[:, i, j, c], axis=-1)
    return images


def one_pass(model, noise):
    logits, images = model(np.zeros(noise.shape, "uint8")), np.zeros(noise.shape, "uint8")
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(logits[:, i, j, c], noise[:, i, j, c])
    return images


def starts_at_one(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    _, height, width, colours = noise.shape
    for step in range(1, height * width * colours):
        i, j, c = step // (width * colours), step // colours % width, step % colours
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def first_uniform(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    images[:, 0, 0, 0] = 256 * noise[:, 0, 0, 0]
    for i, j, c in list(np.ndindex(noise.shape[1:]))[1:]:
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def scaled(model, noise):
    return step_by_step(model, noise) / 255.0


def scaled_canvas(model, noise):
    images = np.zeros(noise.shape)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c]) / 255
    return images


def noise_of_the_first(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        u = np.full(len(noise), noise[0, i, j, c])
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], u)
    return images


def one_picture(model, noise):
    images = np.zeros(noise.shape[1:], dtype=np.uint8)
    for i, j, c in np.ndindex(images.shape):
        logits = model(images[None])[:, i, j, c]
        images[i, j, c] = sampling.draw(logits, noise[:1, i, j, c])[0]
    return images


def fresh_canvas(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        canvas = np.zeros_like(images)
        images[:, i, j, c] = sampling.draw(model(canvas)[:, i, j, c], noise[:, i, j, c])
    return images


def the_pixel_before(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        logits = model(images)[:, i, max(j - 1, 0), c]
        images[:, i, j, c] = sampling.draw(logits, noise[:, i, j, c])
    return images


def reds_distribution(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, 0], noise[:, i, j, c])
    return images


def sides_swapped(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    _, width, height, colours = noise.shape
    for i, j, c in np.ndindex(height, width, colours):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def afresh_each_row(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        logits = model(images[:, i : i + 1])[:, 0, j, c]
        images[:, i, j, c] = sampling.draw(logits, noise[:, i, j, c])
    return images


def stops_early(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i in range(noise.shape[1]):
        for j in range(max(noise.shape[2] - 1, 1)):
            for c in range(noise.shape[3]):
                images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def with_the_librarys(model, noise):
    size = noise.shape[1:3]
    return sampling.generate_images(model, len(noise), size, noise=noise, method="naive")


def by_the_reds_noise(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, 0])
    return images


def by_the_first_noise(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, 0, 0, 0])
    return images


def returns_in_the_loop(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
        return images


def own_luck(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], np.random.rand(len(noise)))
    return images


def draws_from_exp(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        p = np.exp(model(images)[:, i, j, c])
        images[:, i, j, c] = sampling.draw(p, noise[:, i, j, c])
    return images


def draws_from_softmax(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        p = probabilities(model(images)[:, i, j, c])
        images[:, i, j, c] = sampling.draw(p, noise[:, i, j, c])
    return images


def one_colour_off(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c - 1], noise[:, i, j, c])
    return images


def without_the_present_row(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(noise.shape[1:]):
        logits = model(images[:, :i])[:, -1] if i else model(images)[:, 0]
        images[:, i, j, c] = sampling.draw(logits[:, j, c], noise[:, i, j, c])
    return images


def a_run_per_row(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i in range(noise.shape[1]):
        logits = model(images)
        for j, c in np.ndindex(noise.shape[2:]):
            images[:, i, j, c] = sampling.draw(logits[:, i, j, c], noise[:, i, j, c])
    return images


def all_colours_to_draw(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j in np.ndindex(noise.shape[1:3]):
        images[:, i, j] = sampling.draw(model(images)[:, i, j], noise[:, i, j])
    return images


def all_to_draw(model, noise):
    return sampling.draw(model(np.zeros(noise.shape, "uint8")), noise)


def always_three_colours(model, noise):
    images = np.zeros(noise.shape, dtype=np.uint8)
    for i, j, c in np.ndindex(*noise.shape[1:3], 3):
        images[:, i, j, c] = sampling.draw(model(images)[:, i, j, c], noise[:, i, j, c])
    return images


def returns_nothing(model, noise):
    step_by_step(model, noise)


def endless(model, noise):
    step = 0
    while step < noise.size:
        model(np.zeros(noise.shape, "uint8"))


def step_by_step(model, noise):
    images = np.random.default_rng(3).integers(0, 256, noise.shape).astype("uint8")
    _, height, width, colours = noise.shape
    for step in range(height * width * colours):
        i, j, c = step // (width * colours), step // colours % width, step % colours
        logits = ops.convert_to_numpy(model(images))[:, i, j, c]
        images[:, i, j, c] = sampling.draw(logits, noise[:, i, j, c])
    return images


def rows_so_far(model, noise):
    images = np.zeros(noise.shape, "uint8")
    for i in range(noise.shape[1]):
        for j in range(noise.shape[2]):
            for c in range(noise.shape[3]):
                logits = model(images[:, : i + 1])[:, i, j, c]
                images[:, i, j, c] = sampling.draw(logits, noise[:, i, j, c])
    return images


def one_after_another(model, noise):
    images = []
    for u in noise:
        image = np.full(u.shape, 255, "uint8")
        for place in np.ndindex(u.shape):
            logits = np.asarray(model(image[None]))[(0, *place)]
            image[place] = sampling.draw(logits[None], u[place][None])[0]
        images.append(image)
    return np.array(images, "int64")


def with_a_tensor(model, noise):
    images = ops.zeros(noise.shape, "uint8")
    for i, j, c in np.ndindex(noise.shape[1:]):
        logits = ops.convert_to_numpy(model(images))[:, i, j, c]
        drawn = sampling.draw(logits, noise[:, i, j, c]).astype("uint8")[:, None, None, None]
        images = ops.slice_update(images, (0, i, j, c), drawn)
    return images


# 9.3: CachedRow
class RemembersOutput:
    def __init__(self, kernel):
        self.kernel, self.last = kernel, None

    def step(self, x):
        last = np.zeros_like(x) if self.last is None else np.resize(self.last, x.shape)
        self.last = last @ self.kernel[0] + x @ self.kernel[1]
        return self.last


class TapsSwapped:
    def __init__(self, kernel):
        self.now, self.before, _ = kernel
        self.x = np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = x @ self.now + self.x @ self.before
        self.x = x
        return y


class Flipped:
    def __init__(self, kernel):
        self.kernel = kernel[::-1]
        self.x = np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.x @ self.kernel[0] + x @ self.kernel[1]
        self.x = x
        return y


class NeverUpdated:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        return self.left @ self.kernel[0] + x @ self.kernel[1]


class RightTapToo:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, 0 * kernel[0, :, 0]

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ (self.kernel[1] + self.kernel[2])
        self.left = x
        return y


class Shared:
    left = None

    def __init__(self, kernel):
        self.kernel = kernel

    def step(self, x):
        y = x @ self.kernel[1]
        if Shared.left is not None:
            y = y + Shared.left @ self.kernel[0]
        Shared.left = x
        return y


class SharedList:
    def __init__(self, kernel, seen=[]):  # noqa: B006
        self.kernel, self.seen = kernel, seen

    def step(self, x):
        y = x @ self.kernel[1]
        if self.seen:
            y = y + np.broadcast_to(self.seen[-1], x.shape) @ self.kernel[0]
        self.seen.append(x[0])
        return y


class AddsUp:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, 0

    def step(self, x):
        y = self.left * np.ones_like(x) @ self.kernel[0] + x @ self.kernel[1]
        self.left = self.left + x
        return y


class FirstAsItsOwnLeft:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, None

    def step(self, x):
        left = x if self.left is None else self.left
        self.left = x
        return left @ self.kernel[0] + x @ self.kernel[1]


class TwoBack:
    def __init__(self, kernel):
        self.kernel, self.seen = kernel, [np.zeros((1, kernel.shape[1]))] * 2

    def step(self, x):
        y = self.seen[0] @ self.kernel[0] + x @ self.kernel[1]
        self.seen = [self.seen[1], x]
        return y


class KeepsAll:
    def __init__(self, kernel):
        self.kernel, self.row = kernel, []

    def step(self, x):
        self.row.append(x)
        row = np.stack([np.zeros_like(x), *self.row])
        return row[-2] @ self.kernel[0] + row[-1] @ self.kernel[1]


class Convolves:
    def __init__(self, kernel):
        self.kernel, self.row = kernel, None

    def step(self, x):
        x = x[:, None]
        self.row = x if self.row is None else np.concatenate([self.row, x], 1)
        row = np.pad(self.row, ((0, 0), (1, 0), (0, 0)))
        return (row[:, :-1] @ self.kernel[0] + row[:, 1:] @ self.kernel[1])[:, -1]


class OneTapTooFar:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.left @ self.kernel[1] + x @ self.kernel[2]
        self.left = x
        return y


class KeptTooSoon:
    def __init__(self, kernel):
        self.kernel = kernel

    def step(self, x):
        self.left = x
        return self.left @ self.kernel[0] + x @ self.kernel[1]


class RightTapOnLeft:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ self.kernel[1] + self.left @ self.kernel[2]
        self.left = x
        return y


class KeepsItsOutput:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        self.left = self.left @ self.kernel[0] + x @ self.kernel[1]
        return self.left


class StartsAsOutput:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[2]))

    def step(self, x):
        self.left = self.left @ self.kernel[0] + x @ self.kernel[1]
        return self.left


class TimesElementwise:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.left * self.kernel[0] + x * self.kernel[1]
        self.left = x
        return y


class StartsAtNumber:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, 0

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ self.kernel[1]
        self.left = x
        return y


class CopiesIntoZeros:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ self.kernel[1]
        self.left[:] = x
        return y


class Truthy:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, None

    def step(self, x):
        y = x @ self.kernel[1]
        if self.left:
            y = y + self.left @ self.kernel[0]
        self.left = x
        return y


class WrongProduct:
    def __init__(self, kernel):
        self.kernel, self.kept = kernel, 0

    def step(self, x):
        y = self.kept + x @ self.kernel[1]
        self.kept = x @ self.kernel[1]
        return y


class Forgets:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        self.left = x


class KeepsTheFirst:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, None

    def step(self, x):
        if self.left is None:
            self.left = x
            return x @ self.kernel[1]
        return self.left @ self.kernel[0] + x @ self.kernel[1]


class NeighboursInOneStep:
    def __init__(self, kernel):
        self.kernel = kernel

    def step(self, x):
        outputs, left = [], np.zeros(x.shape[1])
        for pixel in x:
            outputs.append(left @ self.kernel[0] + pixel @ self.kernel[1])
            left = pixel
        return np.array(outputs)


class FirstIsX:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, None

    def step(self, x):
        y = x if self.left is None else self.left @ self.kernel[0] + x @ self.kernel[1]
        self.left = x
        return y


class OneLate:
    def __init__(self, kernel):
        self.kernel, self.seen = kernel, [np.zeros((1, kernel.shape[1]))] * 2

    def step(self, x):
        y = self.seen[0] @ self.kernel[0] + self.seen[1] @ self.kernel[1]
        self.seen = [self.seen[1], x]
        return y


class AddsTheBatch(TapsSwapped):
    def step(self, x):
        return super().step(x).sum(0)


class GivesBoth:
    def __init__(self, kernel):
        self.kernel, self.left = kernel, np.zeros((1, kernel.shape[1]))

    def step(self, x):
        y = self.left @ self.kernel[0] + x @ self.kernel[1]
        self.left = x
        return y, self.left


class Waiting:
    def __init__(self, kernel):
        self.kernel, self.given = kernel, None

    def step(self, x):
        y = x @ self.kernel[1] + (0 if self.given is None else self.given)
        self.given = x @ self.kernel[0]
        return y


class OneProduct:
    def __init__(self, kernel):
        self.matrix, self.left = np.concatenate(kernel[:2]), None

    def step(self, x):
        left = np.zeros_like(x) if self.left is None else self.left
        self.left = np.array(x)
        return np.concatenate([left, x], axis=1) @ self.matrix


class Window:
    def __init__(self, kernel):
        self.taps, self.window = kernel[:2], None

    def step(self, x):
        if self.window is None:
            self.window = np.zeros((2, *x.shape))
        self.window[0], self.window[1] = self.window[1].copy(), x
        return np.einsum("kni,kio->no", self.window, self.taps)


class InKeras(keras.layers.Layer):
    def __init__(self, kernel):
        super().__init__(dtype="float64")
        self.kernel, self.left = ops.convert_to_tensor(kernel), None

    def step(self, x):
        x = ops.convert_to_tensor(x)
        left = ops.zeros_like(x) if self.left is None else self.left
        self.left = x
        return ops.matmul(left, self.kernel[0]) + ops.matmul(x, self.kernel[1])


WRONG = {
    "9.1": {
        "It takes the likeliest level": [most_likely],
        "laid end to end as if": [logits_summed, logits_first_true],
        "lengths of the pieces": [without_a_sum],
        "pieces that end beyond": [beyond_counted],
        "whose end is nearest": [nearest_end],
        "a stick that is too long": [not_normalised],
        "exp overflows": [overflows, overflows_in_place, overflows_and_clips],
        "where the noise is 0": [left_side, strictly_below],
        "where the noise is close to 1": [
            first_true,
            keras_first_true,
            all_counted,
            maximum_of_all,
        ],
        "when it was called again": [unseeded],
        "other noise gave the same levels": [seeded],
        "expected level": [scaled_noise, from_the_end],
        "The rows are mixed": [summed_down, summed_flat, divided_by_all, first_rows_stick],
        "one too high": [counted_from_one, after_the_first_true],
        "one too low": [last_passed],
        "by the first row's noise": [one_for_all],
        "expected shape": [one_hot, with_keepdims, gives_sums],
        "returned None": [gives_nothing],
        "changed its argument": [in_its_arguments],
    },
    "9.2": {
        "goes down each column first": [columns_first],
        "all the reds, then all the greens": [planes_first],
        "without a look at the red": [bgr, a_pass_per_pixel],
        "takes the likeliest level": [greedy],
        "sees an empty canvas": [one_pass, fresh_canvas],
        "leaves the first value as it was": [starts_at_one],
        "Only the first value is drawn": [returns_in_the_loop],
        "when it was called again": [own_luck],
        "is given probabilities": [draws_from_exp, draws_from_softmax],
        "the distribution of another colour": [one_colour_off],
        "decided by one number": [by_the_reds_noise, by_the_first_noise],
        "the first value of a picture is wrong": [first_uniform],
        "divided by 255": [scaled],
        "takes uint8 images": [scaled_canvas],
        "with the first one's noise": [noise_of_the_first],
        "expected shape": [one_picture],
        "takes one value's logits": [all_colours_to_draw, all_to_draw],
        "a later colour of the first pixel": [reds_distribution, a_run_per_row],
        "the first pixel is right": [the_pixel_before, stops_early],
        "raised IndexError": [sides_swapped, always_three_colours],
        "the first row is right": [afresh_each_row, without_the_present_row],
        "the library's own sampler": [with_the_librarys],
        "returned None": [returns_nothing],
        "Still running": [endless],
    },
    "9.3": {
        "remembers its output": [RemembersOutput],
        "taps are swapped": [TapsSwapped],
        "one too far right": [OneTapTooFar],
        "kept too soon": [KeptTooSoon],
        "the kernel is flipped": [Flipped],
        "is left out": [NeverUpdated],
        "though it is dead": [RightTapToo, RightTapOnLeft],
        "share one memory": [Shared, SharedList],
        "adds up all the inputs": [AddsUp],
        "shapes do not fit": [
            KeepsItsOutput,
            StartsAsOutput,
            TimesElementwise,
            StartsAtNumber,
            CopiesIntoZeros,
        ],
        "truth value": [Truthy],
        "at the first pixel": [FirstAsItsOwnLeft],
        "the first pixel is right": [TwoBack, WrongProduct],
        "grows with the row": [KeepsAll, Convolves],
        "step returned no array": [Forgets],
        "step returned several things": [GivesBoth],
        "step returned shape": [FirstIsX, OneLate, AddsTheBatch],
        "The first input stays": [KeepsTheFirst],
        "they belong to N pictures": [NeighboursInOneStep],
    },
}
RIGHT = {
    "9.1": [with_searchsorted, by_subtracting, in_keras],
    "9.2": [step_by_step, rows_so_far, one_after_another, with_a_tensor],
    "9.3": [Waiting, OneProduct, Window, InKeras],
}
