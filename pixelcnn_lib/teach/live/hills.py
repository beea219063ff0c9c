"""Distributions over the levels as short strings, to be drawn: heights from 0 to 31.

A hill is its first level and the heights from there on, one base-32 digit each: "126:1ahvq3".
The highest level has the height 31; heights below half a step are left out.
"""

import numpy as np

DIGITS = "0123456789abcdefghijklmnopqrstuv"


def pack(log_p):
    """Turn natural log-probabilities (..., levels) into a list of hills, in C order."""
    log_p = np.reshape(log_p, (-1, np.shape(log_p)[-1]))  # (N, levels)
    heights = np.rint(31 * np.exp(log_p - log_p.max(-1, keepdims=True))).astype(int)
    return [hill(row) for row in heights]


def hill(heights):
    """Write heights (levels,), whole numbers up to 31, from the first to the last above 0."""
    first, last = np.flatnonzero(heights)[[0, -1]]
    return f"{first}:{''.join(DIGITS[height] for height in heights[first : last + 1])}"


def bits(log_p, values):
    """Return the cost of the levels that occurred, in hundredths of a bit: int (...).

    log_p: natural log-probabilities (..., levels). values: whole numbers (...).
    """
    paid = np.take_along_axis(log_p, np.asarray(values, int)[..., None], axis=-1)[..., 0]
    return np.rint(-100 * paid / np.log(2)).astype(int)
