"""One relation between all that an answer gives and all that is expected, such as a wrong sign."""

import itertools

import numpy as np

MINUS = "is there a minus too many, or one missing?"
LOGARITHM = "natural and binary logarithms differ by log 2 = 0.693."
LEVELS = "the levels go from 0 to 255: where do they become 0 to 1?"
COLOURS = "there are three colours: what is counted, pixels or values?"
FACTORS = {
    1.0: MINUS,
    np.log(2): LOGARITHM,
    1 / np.log(2): LOGARITHM,
    np.log(2) ** 2: "log 2 is on the wrong side: multiply by it, or divide?",
    np.log(2) ** -2: "log 2 is on the wrong side: multiply by it, or divide?",
    255.0: LEVELS,
    1 / 255: LEVELS,
    3.0: COLOURS,
    1 / 3: COLOURS,
}


def alike(one, other):
    """Tell whether two arrays are equal, up to rounding relative to their largest value."""
    if one.shape != other.shape:
        return False
    finite = np.abs(other[np.isfinite(other)])
    scale = finite.max() if finite.size else 0.0
    return np.allclose(one, other, 1e-4, 1e-6 * scale, equal_nan=True)


def relation(pairs, cases):
    """Find a relation that holds on every case.

    pairs: list of (array, array), what the answer gives and what is expected, a pair for each case.
    cases: list of tuples, the arguments of each case.
    Returns (message, hint), or None if there is none.
    """
    if any(one.dtype.kind not in "biuf" for pair in pairs for one in pair):
        return None
    pairs = [(got.astype("float64"), right.astype("float64")) for got, right in pairs]
    values = np.concatenate([right.ravel() for _, right in pairs])
    if len(np.unique(values)) < 2 or all(alike(*pair) for pair in pairs):
        return None
    if any(np.isnan(got).any() and not np.isnan(right).any() for got, right in pairs):
        return None
    first = pairs[0]
    same_shape = all(got.shape == right.shape for got, right in pairs)
    if len(pairs) > 1 and same_shape and all(alike(got, first[0]) for got, _ in pairs):
        return "It gives the same result on every case.", "what should it depend on?"
    return returned_argument(pairs, cases) or factor(pairs)


def returned_argument(pairs, cases):
    for place in range(min(map(len, cases))):
        given = [case[place] for case in cases]
        if all(isinstance(one, np.ndarray) and one.dtype.kind in "biuf" for one in given):
            if all(alike(got, one.astype("float64")) for (got, _), one in zip(pairs, given)):
                message = f"It returns the values of its argument number {place + 1}."
                return message, "which step should change them, and is its result used?"
    return None


def factor(pairs):
    """Find one known factor between all values of all cases."""
    for (size, hint), sign in itertools.product(FACTORS.items(), (1, -1)):
        if sign * size != 1 and all(alike(got, sign * size * right) for got, right in pairs):
            if size == 1:
                return "The sign of every value is wrong.", hint
            return f"Every value is {sign * size:.4g} times what is expected.", hint
    return None
