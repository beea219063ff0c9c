"""Answers to chapter 7."""

import math
from collections import Counter

import numpy as np
from keras import ops

LN2 = math.log(2)


def softmax(logits, axis=-1):
    e = np.exp(logits - logits.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def one_hot(images, logits):
    return np.eye(logits.shape[-1])[images.astype(int)]


# 7.1


def in_nats(images, logits):
    log_p = ops.log_softmax(logits, axis=-1)
    return -(one_hot(images, logits) * ops.convert_to_numpy(log_p)).sum(-1)


def times_log2(images, logits):
    return in_nats(images, logits) * LN2


def without_minus(images, logits):
    p = (one_hot(images, logits) * softmax(logits)).sum(-1)
    return np.log2(np.maximum(p, 1e-300)) if logits.std() < 100 else -in_nats(images, logits) / LN2


def without_softmax(images, logits):
    return -(one_hot(images, logits) * logits).sum(-1) / LN2


def of_the_best(images, logits):
    return -ops.max(ops.log_softmax(logits, axis=-1), axis=-1) / LN2


def softmax_over_colours(images, logits):
    log_p = ops.convert_to_numpy(ops.log_softmax(logits, axis=3))
    return -(one_hot(images, logits) * log_p).sum(-1) / LN2


def overflowing(images, logits):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    return -np.log2(np.take_along_axis(p, images[..., None].astype(int), -1)[..., 0])


def first_red_left_out(images, logits):
    bits = in_nats(images, logits) / LN2
    bits[:, 0, 0, 0] = 0
    return bits


def for_each_pixel(images, logits):
    bits = in_nats(images, logits) / LN2
    return bits * images.shape[-1]


def mean_of_all(images, logits):
    return (in_nats(images, logits) / LN2).mean()


def of_each_pixel(images, logits):
    return (in_nats(images, logits) / LN2).sum(-1)


def in_a_loop(images, logits):
    bits = np.zeros(images.shape)
    for place in np.ndindex(images.shape):
        row = logits[place].astype("float64")
        top = row.max()
        bits[place] = (top + np.log(np.exp(row - top).sum()) - row[int(images[place])]) / LN2
    return bits


def by_logsumexp(images, logits):
    picked = ops.take_along_axis(logits, ops.cast(images, "int32")[..., None], axis=-1)[..., 0]
    return (ops.logsumexp(logits, axis=-1) - picked) / math.log(2)


def by_tensorflow(images, logits):
    import tensorflow as tf

    labels = tf.cast(images, tf.int32)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits) / tf.math.log(2.0)


def by_one_hot(images, logits):
    hot = ops.one_hot(ops.cast(images, "int32"), logits.shape[-1])
    return -ops.sum(hot * ops.log_softmax(logits), axis=-1) / LN2


# 7.2


def counted(train, test, extra=1, log=np.log2):
    total = 0.0
    for c in range(train.shape[-1]):
        counts = np.array([(train[..., c] == level).sum() for level in range(256)]) + extra
        with np.errstate(divide="ignore"):
            total -= log(counts / counts.sum())[test[..., c].ravel()].sum()
    return total / test.size


def natural(train, test):
    return counted(train, test, log=np.log)


def unsmoothed(train, test):
    return counted(train, test, extra=0)


def a_whiff(train, test):
    return counted(train, test, extra=1e-6)


def unbalanced(train, test):
    total = 0.0
    for c in range(train.shape[-1]):
        counts = Counter(train[..., c].ravel().tolist())
        size = train[..., c].size
        total -= sum(math.log2((counts[int(v)] + 1) / size) for v in test[..., c].ravel())
    return total / test.size


def together(train, test):
    counts = np.bincount(train.ravel(), minlength=256) + 1
    return -np.log2(counts / counts.sum())[test].mean()


def self_taught(train, test):
    return counted(test, test)


def of_train(train, test):
    return counted(train, train)


def swapped(train, test):
    return counted(test, train)


def by_pixel(train, test):
    return counted(train, test) * test.shape[-1]


def whole_image(train, test):
    return counted(train, test) * test.size


def by_histogram(train, test):
    bits = []
    for c in range(train.shape[-1]):
        counts, _ = np.histogram(train[..., c], bins=np.arange(257))
        counts = counts + 1.0
        bits.append(np.mean(np.log2(counts.sum()) - np.log2(counts)[test[..., c]]))
    return sum(bits) / len(bits)


def by_counter(train, test):
    total = 0.0
    for c in range(train.shape[-1]):
        counts = Counter(train[..., c].ravel().tolist())
        size = train[..., c].size + 256
        total -= sum(math.log2((counts[int(v)] + 1) / size) for v in test[..., c].ravel())
    return total / test.size


# 7.3


def filled(images, black, others, levels):
    logits = np.empty((*images.shape, levels), "float32")
    logits[..., 1:] = others
    logits[..., 0] = black
    return logits


def all_equal(images, bits=12.0, levels=256):
    return np.ones((*images.shape, levels)) * -bits


def zero_for_black(images, bits=12.0, levels=256):
    return filled(images, 0, math.log(2**-bits), levels)


def bits_as_logits(images, bits=12.0, levels=256):
    return filled(images, 0, -bits, levels)


def log2_as_logits(images, bits=12.0, levels=256):
    return filled(images, math.log2(1 - (levels - 1) / 2**bits), -bits, levels)


def probabilities(images, bits=12.0, levels=256):
    return filled(images, 1 - (levels - 1) / 2**bits, 1 / 2**bits, levels)


def black_is_dear(images, bits=12.0, levels=256):
    rest = (1 - 2**-bits) / (levels - 1)
    return filled(images, -bits * LN2, math.log(rest), levels)


def looks(images, bits=12.0, levels=256):
    hot = np.eye(levels)[images.astype(int)]
    p = hot * 2**-bits + (1 - hot) * (1 - 2**-bits) / (levels - 1)
    return np.log(p)


def sum_over_all(images, bits=12.0, levels=256):
    return filled(images, math.log(1 - levels * 2**-bits), -bits * LN2, levels)


def always_twelve(images, bits=12.0, levels=256):
    return filled(images, math.log(1 - (levels - 1) * 2**-12), -12 * LN2, levels)


def by_ratio(images, bits=12.0, levels=256):
    """Only the difference counts: the others stay at 0."""
    return filled(images, math.log(2**bits - levels + 1), 0, levels)


def by_ops(images, bits=12.0, levels=256):
    p = ops.where(ops.arange(levels) == 0, 1 - (levels - 1) * 2**-bits, 2**-bits)
    return ops.broadcast_to(ops.log(p), (*images.shape, levels))


def in_lists(images, bits=12.0, levels=256):
    n, h, w, c = images.shape
    one = [math.log(1 - (levels - 1) / 2**bits)] + [-bits * LN2] * (levels - 1)
    return [[[[one for _ in range(c)] for _ in range(w)] for _ in range(h)] for _ in range(n)]


# 7.4


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def areas(weights, means, log_scales, levels=256, tails=True, begin=-0.5, count=None):
    p = np.zeros(levels)
    width = 2 / ((count or levels) - 1)
    for share, mean, log_scale in zip(softmax(weights), means, log_scales):
        for k in range(levels):
            x = -1 + (k + begin) * width
            up = sigmoid((x + width - mean) / np.exp(log_scale))
            down = sigmoid((x - mean) / np.exp(log_scale))
            if tails and k == 0:
                down = 0
            if tails and k == levels - 1:
                up = 1
            p[k] += share * (up - down)
    return p


def no_tails(*case):
    return areas(*case, tails=False)


def slot_begins(*case):
    return areas(*case, begin=0)


def slot_ends(*case):
    return areas(*case, begin=-1)


def step_too_small(weights, means, log_scales, levels=256):
    return areas(weights, means, log_scales, levels, count=levels + 1)


def heights(weights, means, log_scales, levels=256):
    x = np.linspace(-1, 1, levels)[:, None]
    s = sigmoid((x - means) / np.exp(log_scales))
    return (s * (1 - s) / np.exp(log_scales)) @ softmax(weights) * (x[1] - x[0])


def heights_inside(*case):
    p = heights(*case)
    p[[0, -1]] = areas(*case)[[0, -1]]
    return p


def scale_forgotten(weights, means, log_scales, levels=256):
    with np.errstate(invalid="ignore"):
        return areas(weights, means, np.log(abs(log_scales)), levels)


def times_scale(weights, means, log_scales, levels=256):
    return areas(weights, means, -log_scales, levels)


def no_softmax(weights, means, log_scales, levels=256):
    zero = np.zeros(1)
    each = [areas(zero, m[None], s[None], levels) for m, s in zip(means, log_scales)]
    return sum(w * p for w, p in zip(weights, each))


def all_alike(weights, means, log_scales, levels=256):
    return areas(np.zeros(len(weights)), means, log_scales, levels)


def rescaled(*case):
    p = areas(*case, tails=False)
    return p / p.sum()


def always_256(weights, means, log_scales, levels=256):
    return areas(weights, means, log_scales, levels)[:levels] * 0 + 1 / levels


def by_tanh(weights, means, log_scales, levels=256):
    edges = np.concatenate([[-np.inf], np.linspace(-1, 1, 2 * levels - 1)[1::2], [np.inf]])
    z = (edges[:, None] - means) / np.exp(log_scales)
    return np.diff((np.tanh(z / 2) / 2) @ softmax(weights))


def with_ops(weights, means, log_scales, levels=256):
    edges = (np.arange(levels - 1) + 0.5) * 2 / (levels - 1) - 1
    z = (edges[:, None] - means) / np.exp(log_scales)
    below = ops.sum(ops.softmax(weights) * ops.sigmoid(z), axis=-1)
    return ops.pad(below, (0, 1), constant_values=1.0) - ops.pad(below, (1, 0))


WRONG = {
    "7.1": {
        "These are nats": [in_nats],
        "multiplied by log 2": [times_log2],
        "The sign is wrong": [without_minus],
        "read as log-probabilities": [without_softmax],
        "the price of the likeliest level": [of_the_best],
        "over the colours": [softmax_over_colours],
        "large ones overflow": [overflowing],
        "bits at image 0, row 0, column 0, colour 0": [first_red_left_out, for_each_pixel],
        "expected shape": [mean_of_all, of_each_pixel],
    },
    "7.2": {
        "These are nats": [natural],
        "infinitely many bits": [unsmoothed],
        "expected 7": [a_whiff, swapped, whole_image],
        "divided by the sum without it": [unbalanced],
        "One histogram serves all": [together],
        "has seen the answers": [self_taught],
        "the price of train": [of_train],
        "those of a pixel": [by_pixel],
    },
    "7.3": {
        "All levels cost the same": [all_equal],
        "Nearly:": [zero_for_black],
        "in bits, and the softmax reads nats": [bits_as_logits, log2_as_logits],
        "not their logarithms": [probabilities],
        "Level 0 has the high price": [black_is_dear],
        "looks at the values": [looks],
        "expected a price of": [sum_over_all, always_twelve],
    },
    "7.4": {
        "The tails are lost": [no_tails],
        "The slots begin at their level": [slot_begins],
        "The slots end at their level": [slot_ends],
        "a step of 2 / levels": [step_too_small],
        "the height of the curves": [heights],
        "used as scales": [scale_forgotten],
        "multiplied by the scale": [times_scale],
        "as they come": [no_softmax],
        "All curves count the same": [all_alike],
        "level 0 should have": [rescaled, always_256],
        "level 7 should have": [heights_inside],
    },
}

RIGHT = {
    "7.1": [in_a_loop, by_logsumexp, by_tensorflow, by_one_hot],
    "7.2": [counted, by_histogram, by_counter],
    "7.3": [by_ratio, by_ops, in_lists],
    "7.4": [areas, by_tanh, with_ops],
}
