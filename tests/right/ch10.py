"""Right answers to chapter 10."""

import numpy as np


def by_passes(ends, epochs, steps, batch, valid):
    """All work in forward passes of one image, at a measured pace; then what compiling has cost."""
    lasting = sorted(after - before for before, after in zip(ends, ends[1:]))
    middle = len(lasting) // 2
    usual = (lasting[middle] + lasting[-1 - middle]) / 2
    passes = epochs * (3 * steps * batch + valid)
    return (passes * usual / (3 * batch) + ends[0] - usual) / 60 / 60


def as_an_array(first, second):
    d = np.asarray(first) - np.asarray(second)
    return np.array([d.mean(), np.sqrt(d.var() / (len(d) - 1))])


RIGHT = {"10.1": [by_passes], "10.2": [as_an_array]}
