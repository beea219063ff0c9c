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


def negated(x):
    """Swap 0 and 1; what has other values becomes infinite, and so is like nothing."""
    return 1 - x if set(np.unique(x)) == {0, 1} else np.full(x.shape, np.inf)


CHANGES = {
    "True and False are swapped everywhere.": ("what does True mean in the task?", negated),
    "Every value is the exponential of what is expected.": ("leave out the exp.", np.exp),
    "Every value is the logarithm of what is expected.": ("leave out the log.", np.log),
    "Every value is 1 divided by what is expected.": (
        "what is divided by what?",
        np.reciprocal,
    ),
    "The fraction of every value is cut off.": ("`/` keeps it, `//` and int() do not.", np.trunc),
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
    return (
        returned_argument(pairs, cases)
        or factor(pairs)
        or changed(pairs)
        or offset(pairs)
        or permuted(pairs)
        or moved(pairs)
    )


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


def changed(pairs):
    """Find out whether one of CHANGES was applied to every value."""
    with np.errstate(all="ignore"):
        for message, (hint, change) in CHANGES.items():
            if all(alike(got, change(right)) for got, right in pairs):
                return message, hint
    return None


def offset(pairs):
    """Find out whether every value is wrong by the same amount."""
    if any(got.shape != right.shape for got, right in pairs):
        return None
    offsets = np.concatenate([(got - right).ravel() for got, right in pairs])
    if not np.allclose(offsets, offsets[0], 1e-4, 1e-6):
        return None
    side = "above" if offsets[0] > 0 else "below"
    message = f"Every value is {abs(offsets[0]):.4g} {side} what is expected."
    return message, "count from 0, and check the ends."


def permuted(pairs):
    """Find out whether the axes have another order, or one of them is reversed."""
    ranks = {right.ndim for _, right in pairs}
    if len(ranks) > 1 or not 1 <= max(ranks) <= 5:
        return None
    (rank,) = ranks
    for order in list(itertools.permutations(range(rank)))[1:]:
        if all(alike(got, right.transpose(order)) for got, right in pairs):
            return f"The axes have another order: {order}.", "which axis comes first?"
    for axis in range(rank):
        if all(alike(got, np.flip(right, axis)) for got, right in pairs):
            return f"Axis {axis} is reversed.", "where does it begin?"
    return None


def moved(pairs):
    """Find out whether every value has moved by one place along an axis."""
    if any(got.shape != right.shape or not right.ndim for got, right in pairs):
        return None
    for axis in range(min(right.ndim for _, right in pairs)):
        both = [(np.moveaxis(got, axis, 0), np.moveaxis(right, axis, 0)) for got, right in pairs]
        if any(len(right) < 3 for _, right in both):
            continue
        if all(alike(got[1:], right[:-1]) for got, right in both):
            return (
                f"Along axis {axis} every value comes one place too late.",
                "where does it begin?",
            )
        if all(alike(got[:-1], right[1:]) for got, right in both):
            return (
                f"Along axis {axis} every value comes one place too early.",
                "where does it begin?",
            )
    return None
