"""Arithmetic that gives the same numbers everywhere, to the last bit; `coding` needs it.

Floating-point numbers are rounded, so a sum depends on the order in which it is added, and each
library and processor has its own order and its own exp. Here no sum is rounded:

- Weights, and the features that they multiply, are whole multiples of 2^-12, and features are
  between -128 and 128. So every product is a multiple of 2^-24. float64 has 53 bits: a sum of such
  products is exact, in any order, while it stays below 2^29. These features are rounded: the inputs
  of each convolution, and what each block returns; in attention, the input of the norm, queries,
  keys, values, and each exp before it is added up. The division by the sum of exps comes last.
- exp is read from a table, e^(-i / 4096) for i = 0 … 65535, rounded to multiples of 2^-24. No entry
  is so close to the middle between two multiples that a correct exp could be rounded to the other
  one. tanh and the sigmoid are computed from exp, and rounded to multiples of 2^-24.
- All else is done value by value with +, -, *, /, the square root and floor, in a fixed order. IEEE
  754 says how float64 rounds each of them.

Everything fits into float64, so that JavaScript can do the same.
"""

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Cache, CachedPredictor
from pixelcnn_lib.heads import CategoricalHead, split_features

FINE = 12  # weights and features are multiples of 2^-12
LIMIT = 128  # the largest feature
POWER = 24  # exp, tanh and the sigmoid are multiples of 2^-24
FLAT = 7  # as in heads: log scales are between -7 and 7


def floor(x, xp=np):
    """floor in float64: on JAX, ops.floor of Keras 3.15 computes float64 as float32."""
    return np.floor(x) if xp is np else x // 1


def grid(x, bits, xp=np):
    """Round to the nearest multiple of 2^-bits; from the middle between two, upwards."""
    return floor(x * 2.0**bits + 0.5, xp) * 2.0**-bits


class Maths:
    """numpy or keras.ops, whose exp, tanh and mean are the same everywhere. All in float64.

    xp: numpy, or keras.ops. array: function that converts a NumPy array to what xp computes with.
    """

    def __init__(self, xp, array):
        table = grid(np.exp(-np.arange(2.0**16) / 2**FINE), POWER)
        self.xp, self.table = xp, array(np.append(table, 0))

    def __getattr__(self, name):
        return getattr(self.xp, name)

    def exp(self, x):
        """e^x for x below or at 0; it is 0 if x is -16 or less."""
        step = floor(self.xp.clip(-x, 0, 16) * 2.0**FINE + 0.5, self.xp)
        return self.xp.take(self.table, self.xp.array(step, "int32"), axis=0)

    def tanh(self, x):
        e = self.exp(-2 * self.xp.abs(x))
        tanh = grid((1 - e) / (1 + e), POWER, self.xp)
        return self.xp.where(x < 0, -tanh, tanh)

    def sigmoid(self, x):
        e = self.exp(-self.xp.abs(x))
        return grid(self.xp.where(x < 0, e, 1) / (1 + e), POWER, self.xp)

    def mean(self, x, axis, keepdims):
        """The sum, divided: a library may multiply it by the rounded inverse of the number."""
        return self.xp.sum(x, axis=axis, keepdims=keepdims) / x.shape[axis]


class ExactCache(Cache):
    """A Cache whose twins compute exactly: it rounds weights, and the features they multiply."""

    def __init__(self, model, schedule, count, xp=np, labels=None):
        super().__init__(model, schedule, count, xp, labels)
        self.dtype = "float64"
        self.maths = Maths(xp, super().array)

    def array(self, tensor):
        array = ops.convert_to_numpy(tensor)
        if array.dtype.kind == "f":
            array = grid(array.astype("float64"), FINE)
        return super().array(array)

    def rounded(self, x):
        return grid(self.xp.clip(x, -LIMIT, LIMIT), FINE, self.xp)


class ExactPredictor(CachedPredictor):
    """A CachedPredictor that computes exactly. Arguments: see there; the temperature is 1."""

    new_cache = ExactCache

    def __init__(self, model, count, schedule, xp=np, labels=None):
        super().__init__(model, count, schedule, xp=xp, labels=labels)
        self.distribution = new_distribution(model.head, self.cache.maths)

    def parameters(self, group):
        return self.distribution.read(super().parameters(group))


def new_distribution(head, maths):
    """Return what a head's parameters mean, in exact arithmetic: Categorical or Mixture."""
    return (Categorical if isinstance(head, CategoricalHead) else Mixture)(head, maths)


class Categorical:
    """The distribution of a CategoricalHead: see Mixture."""

    def __init__(self, head, maths):
        self.next_colour, self.maths = head.next_colour, maths

    def read(self, logits):
        """Turn logits into probabilities, the largest of which is 1: (levels, n), same shape."""
        return self.maths.exp(logits - self.maths.max(logits, axis=0))

    def cumulative(self, p, temperature, xp):
        sums = xp.cumsum(p, axis=-1)  # (n, levels)
        return sums[:, -1], lambda levels: xp.take_along_axis(sums, levels[:, None], -1)[:, 0]


class Mixture:
    """The distribution of a LogisticMixtureHead or a TiedMixtureHead.

    head: the head. maths: Maths.
    """

    def __init__(self, head, maths):
        self.next_colour, self.head, self.maths = head.next_colour, head, maths
        self.components, self.last = head.components, head.levels - 1

    def read(self, parameters):
        """Prepare the parameters of a group's colours, (P, n), unchanged shape.

        The logits become weights, the largest of which is 1. Means are counted in levels. A log
        scale becomes the steepness, 1 / scale, for a step of one level. Shifts go through tanh.
        """
        maths, count = self.maths, self.components
        colours = self.head.colours // self.head.groups(self.head.colours)
        ends = count, count * (1 + colours), count * (1 + 2 * colours)
        logits, means, log_scales, shifts = maths.split(parameters, ends)
        weights = maths.exp(logits - maths.max(logits, axis=0))
        means = (means + 1) * (self.last / 2)
        unit = grid(np.exp(FLAT) * 2 / self.last, POWER)
        steep = maths.exp(-FLAT - maths.clip(log_scales, -FLAT, FLAT)) * unit
        return maths.concatenate([weights, means, steep, maths.tanh(shifts)])

    def cumulative(self, parameters, temperature, xp):
        """Return the CDF of n values, not divided by its last value.

        parameters: (n, 3 * components), as `next_colour` returns them.
        Returns its last value, (n,), and a function: levels (n,), not the last -> (n,).
        """
        parts = split_features(parameters, 3 * [self.components], xp)
        weights, means, steep = (xp.transpose(part) for part in parts)  # (components, n)

        def at_most(levels):
            edge = xp.array(levels, "float64") + 0.5  # (n,)
            return xp.sum(weights * self.maths.sigmoid((edge - means) * steep), axis=0)  # (n,)

        return xp.sum(weights, axis=0), at_most

    def given(self, parameters, values, left, xp):
        """As TiedMixtureHead.given: a component's weight is multiplied by its area at the value."""
        weights, mean, means, steep, steeps, shifts, rest = self.head._parts(parameters, left, xp)
        values = xp.array(values, "float64")[:, None]  # (n, 1)
        upper = self.maths.sigmoid((values + 0.5 - mean) * steep)  # (n, components)
        lower = self.maths.sigmoid((values - 0.5 - mean) * steep)  # (n, components)
        area = xp.where(values == self.last, 1, upper) - xp.where(values == 0, 0, lower)
        weights = weights * (area + 2.0**-POWER)  # not 0, however far the value is
        weights = grid(weights / xp.sum(weights, axis=-1, keepdims=True), POWER, xp)
        means = means + shifts * (values - self.last / 2)  # (n, (left - 1) * components)
        return xp.concatenate([weights, means, steeps, rest], axis=-1)
