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
  one. tanh, and the sigmoid of a mixture, are computed from exp, and rounded to multiples of
  2^-24. A gate's sigmoid is (1 + tanh(x / 2)) / 2.
- All else is done value by value with +, -, *, /, the square root and floor, in a fixed order. IEEE
  754 says how float64 rounds each of them.

Everything fits into float64, so that JavaScript can do the same.
"""

import numpy as np

from pixelcnn_lib.caching import Cache, CachedPredictor
from pixelcnn_lib.heads import FLAT, CategoricalHead, split_features

FINE = 12  # weights and features are multiples of 2^-12
LIMIT = 128  # the largest feature
POWER = 24  # exp, tanh and a mixture's sigmoid are multiples of 2^-24


def grid(x, bits):
    """Round to the nearest multiple of 2^-bits; from the middle between two, upwards."""
    return np.floor(x * 2.0**bits + 0.5) * 2.0**-bits


TABLE = np.append(grid(np.exp(-np.arange(2.0**16) / 2**FINE), POWER), 0)


def exp(x):
    """e^x for x below or at 0; it is 0 if x is -16 or less."""
    step = np.floor(np.clip(-x, 0, 16) * 2.0**FINE + 0.5)
    return TABLE[step.astype("int32")]


def tanh(x):
    """tanh, a multiple of 2^-24."""
    e = exp(-2 * np.abs(x))
    result = grid((1 - e) / (1 + e), POWER)
    return np.where(x < 0, -result, result)


def sigmoid(x):
    """1 / (1 + e^-x), a multiple of 2^-24."""
    e = exp(-np.abs(x))
    return grid(np.where(x < 0, e, 1) / (1 + e), POWER)


class ExactCache(Cache):
    """A Cache that computes exactly, in float64: it rounds weights, and the features they multiply."""

    exp, tanh = staticmethod(exp), staticmethod(tanh)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.dtype = "float64"

    def array(self, tensor):
        array = super().array(tensor)
        return grid(array.astype("float64"), FINE) if array.dtype.kind == "f" else array

    def rounded(self, x):
        return grid(np.clip(x, -LIMIT, LIMIT), FINE)


class ExactPredictor(CachedPredictor):
    """A CachedPredictor that computes exactly. Arguments: see there; the temperature is 1."""

    new_cache = ExactCache

    def __init__(self, model, count, schedule, labels=None):
        super().__init__(model, count, schedule, labels=labels)
        meaning = Categorical if isinstance(model.head, CategoricalHead) else Mixture
        self.distribution = meaning(model.head)

    def parameters(self):
        return self.distribution.read(super().parameters())

    def to_choose_by(self, parameters):
        """Return the undivided CDF of a colour's values, and its last value; see Mixture.sums."""
        return self.distribution.sums(parameters)


class Categorical:
    """The distribution of a CategoricalHead: see Mixture."""

    def __init__(self, head):
        self.next_colour = head.next_colour

    def read(self, logits):
        """Turn logits into probabilities, the largest of which is 1: (levels, n), same shape."""
        return exp(logits - logits.max(axis=0))

    def sums(self, p):
        sums = p.cumsum(axis=-1)  # (n, levels)
        return sums[:, -1], lambda levels: np.take_along_axis(sums, levels[:, None], -1)[:, 0]


class Mixture:
    """The distribution of a LogisticMixtureHead or a TiedMixtureHead."""

    def __init__(self, head):
        self.next_colour, self.head = head.next_colour, head
        self.components, self.last = head.components, head.levels - 1

    def read(self, parameters):
        """Prepare the parameters of a group's colours, (P, n), unchanged shape.

        The logits become weights, the largest of which is 1. Means are counted in levels. A log
        scale becomes the steepness, 1 / scale, for a step of one level. Shifts go through tanh.
        """
        count = self.components
        colours = self.head.colours // self.head.groups(self.head.colours)
        ends = count, count * (1 + colours), count * (1 + 2 * colours)
        logits, means, log_scales, shifts = np.split(parameters, ends)
        weights = exp(logits - logits.max(axis=0))
        means = (means + 1) * (self.last / 2)
        unit = grid(np.exp(FLAT) * 2 / self.last, POWER)
        steep = exp(-FLAT - np.clip(log_scales, -FLAT, FLAT)) * unit
        return np.concatenate([weights, means, steep, tanh(shifts)])

    def sums(self, parameters):
        """Return the CDF of n values, not divided by its last value; Head.cumulative divides it.

        parameters: float64 (n, 3 * components), as `next_colour` returns them.
        Returns its last value, (n,), and a function: levels (n,), not the last -> (n,).
        """
        parts = split_features(parameters, 3 * [self.components], np)
        weights, means, steep = (part.T for part in parts)  # (components, n)

        def at_most(levels):
            return np.sum(weights * sigmoid((levels + 0.5 - means) * steep), axis=0)  # (n,)

        return np.sum(weights, axis=0), at_most

    def given(self, parameters, values, left, xp):
        """As TiedMixtureHead.given: a component's weight is multiplied by its area at the value."""
        weights, mean, means, steep, steeps, shifts, rest = self.head.parts(parameters, left, xp)
        values = values[:, None].astype("float64")  # (n, 1)
        upper = sigmoid((values + 0.5 - mean) * steep)  # (n, components)
        lower = sigmoid((values - 0.5 - mean) * steep)  # (n, components)
        area = np.where(values == self.last, 1, upper) - np.where(values == 0, 0, lower)
        weights = weights * (area + 2.0**-POWER)  # not 0, however far the value is
        weights = grid(weights / np.sum(weights, axis=-1, keepdims=True), POWER)
        means = means + shifts * (values - self.last / 2)  # (n, (left - 1) * components)
        return np.concatenate([weights, means, steeps, rest], axis=-1)
