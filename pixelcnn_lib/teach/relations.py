"""Relations between a wrong answer and the right one: a sign, a factor, a shift, swapped axes.

Each relation is tested on every case. It is reported only if it holds for all cases.
"""

import itertools

import numpy as np

FACTORS = [
    (np.log(2), "natural and binary logarithms differ by ln 2 = 0.693."),
    (1 / np.log(2), "natural and binary logarithms differ by ln 2 = 0.693."),
    (np.log(2) ** 2, "log 2 is on the wrong side: multiply by it, or divide?"),
    (np.log(2) ** -2, "log 2 is on the wrong side: multiply by it, or divide?"),
    (np.log(2) / np.log(10), "decimal and binary logarithms differ by log10(2) = 0.301."),
    (1 / np.log(10), "np.log10 is the decimal logarithm, np.log the natural one."),
    (255.0, "the levels go from 0 to 255: where do they become 0 to 1?"),
    (1 / 255, "the levels go from 0 to 255: where do they become 0 to 1?"),
    (8.0, "a value of 256 levels has 8 bits: what is counted, values or bits?"),
    (1 / 8, "a value of 256 levels has 8 bits: what is counted, values or bits?"),
    (3.0, "there are three colours: what is counted, pixels or values?"),
    (1 / 3, "there are three colours: what is counted, pixels or values?"),
    (100.0, "is a share meant, or a percentage?"),
    (0.01, "is a share meant, or a percentage?"),
    (1e-12, "is the unit 1, or a million million (1e12)?"),
    (3600.0, "an hour has 3600 seconds."),
    (3600.0**2, "an hour has 3600 seconds: divide by them, or multiply?"),
]
MINUS = 1.0, "is there a minus too many, or one missing?"
CHANGES = [
    (
        "The sign of every value is wrong.",
        "is there a minus too many, or one missing?",
        np.negative,
    ),
    ("Every value is the exponential of what is expected.", "leave out the exp.", np.exp),
    ("Every value is the square of what is expected.", "what is squared?", np.square),
    ("Every value is 1 divided by what is expected.", "what is divided by what?", np.reciprocal),
    ("Every value is rounded to a whole number.", "keep the fraction.", np.round),
    ("Every value is rounded up to a whole number.", "keep the fraction.", np.ceil),
    ("The fraction of every value is cut off.", "`/` keeps it, `//` and int() do not.", np.trunc),
    (
        "Every value is what is expected modulo 256: it went around in uint8.",
        "count and add in a wider dtype, int64 for example.",
        lambda x: np.mod(x, 256),
    ),
    (
        "True and False are swapped everywhere.",
        "what does True mean in the task?",
        lambda x: np.logical_not(x) if set(np.unique(x)) <= {0, 1} else np.full(x.shape, np.nan),
    ),
]


def relation(answer):
    """Find a relation between an answer and its solution.

    answer: judge.Answer.
    Returns (message, hint), or None if there is no relation.
    """
    return _throughout(answer, _between)


def any_factor(answer):
    """Find one factor, of any size, for all values of all cases."""
    return _throughout(answer, lambda pairs, *_, **__: _scaled(_comparable(pairs), known=False))


def _throughout(answer, between):
    """Apply between(pairs, cases) to the results, to a part of them, or to the wrong cases."""
    exercise = answer.exercise
    got = [answer.outcome(case) for case in exercise.inputs]
    expected = [exercise.expected(*case) for case in exercise.inputs]
    if isinstance(expected[0], dict):
        if not all(isinstance(one, dict) for one in got):
            return None
        for part in expected[0]:
            pairs = [(one[part], right[part]) for one, right in zip(got, expected)]
            if not all(equal(one, right) for one, right in pairs):
                found = between(pairs, [()] * len(got))
                return found and (f"{part.capitalize()}: {found[0]}", found[1])
        return None
    if not all(isinstance(one, np.ndarray) and one.dtype.kind in "biufc" for one in got):
        return None
    pairs = list(zip(got, expected))
    if found := between(pairs, exercise.inputs):
        return found
    wrong = [number for number, pair in enumerate(pairs) if not equal(*pair)]
    if 1 < len(wrong) < len(pairs):
        few = [pairs[one] for one in wrong], [exercise.inputs[one] for one in wrong]
        found = between(*few, every_case=False)
        return found and (f"In all cases that are wrong: {found[0]}", found[1])


def by_a_unit(pairs):
    """Find a sign or the factor of another logarithm for all values of all cases.

    pairs: [(array, array)], one pair for each case; the first is the second times the factor.
    Returns (message, hint), or None if there is no such factor.
    """
    factors = _factors(pairs)
    if factors is None or not np.allclose(factors, factors[0], 1e-3, 0):
        return None
    for known, hint in [*FACTORS[:6], MINUS]:
        if np.isclose(abs(factors[0]), known, 1e-3, 0) and not np.isclose(factors[0], 1, 1e-3, 0):
            return f"And every value is {factors[0]:.4g} times as large.", hint
    return None


def on_one_case(got, expected):
    """Find the logarithm or sign by which all values of one case are wrong.

    got: array, the answer.
    expected: array, the solution.
    Returns a sentence, or None.
    """
    if expected.dtype.kind != "f" or not np.any(expected):
        return None
    for (factor, hint), sign in itertools.product([*FACTORS[:6], MINUS], (1, -1)):
        if sign * factor != 1 and equal(got, sign * factor * expected):
            return f"in this case every value is {sign * factor:.4g} times what is expected: {hint}"
    return None


def alike(one, other):
    """Tell whether two arrays of one shape are equal up to rounding, relative to their values."""
    finite = np.abs(other[np.isfinite(other)])
    scale = finite.max() if finite.size else 0.0
    return np.allclose(one, other, 1e-4, 1e-6 * scale, equal_nan=True)


def equal(one, other):
    return one.shape == other.shape and alike(one, other)


def _between(pairs, cases, every_case=True):
    """Find a relation that holds for all pairs (got, expected), of every case or of some."""
    pairs = _comparable(pairs)
    if not pairs:
        return None
    for place in range(max(map(len, cases)) if every_case else 0):
        given = [case[place] if len(case) > place else None for case in cases]
        if all(isinstance(one, np.ndarray) and one.dtype.kind in "biuf" for one in given):
            if all(equal(got, one) for (got, _), one in zip(pairs, given)):
                message = f"It returns the values of its argument number {place + 1}."
                return message, "which step should change them, and is its result used?"
    alike = all(got.shape == right.shape for got, right in pairs)
    if every_case and alike and len(pairs) > 1 and all(equal(got, pairs[0][0]) for got, _ in pairs):
        return "It gives the same result on every case.", "what should it depend on?"
    return (
        _permuted(pairs)
        or _changed(pairs)
        or _scaled(pairs)
        or _scaled_by_a_size(pairs, cases)
        or _offset(pairs)
        or (_moved(pairs) or _gathered(pairs) if every_case else None)
    )


def _comparable(pairs):
    """Return the pairs as floats; [] if they are nearly equal, no numbers, or one value only."""
    if any(one.dtype.kind not in "biufc" for pair in pairs for one in pair):
        return []
    pairs = [(np.asarray(got, "float64"), np.asarray(right, "float64")) for got, right in pairs]
    if all(equal(got, right) for got, right in pairs):  # nearly right: there is no relation to find
        return []
    if any(np.isnan(got).any() and not np.isnan(right).any() for got, right in pairs):
        return []
    values = np.unique(np.concatenate([right.ravel() for _, right in pairs]))
    return pairs if len(values) > 1 else []


def _permuted(pairs):
    """Find out whether the axes have another order, or one of them is reversed."""
    ranks = {right.ndim for _, right in pairs}
    if len(ranks) > 1 or ranks <= {0} or max(ranks) > 5:
        return None
    (rank,) = ranks
    for order in itertools.permutations(range(rank)):
        if order != tuple(range(rank)):
            if all(equal(got, right.transpose(order)) for got, right in pairs):
                return f"The axes have another order: {order}.", "which axis comes first?"
    for axis in range(rank):
        if all(equal(got, np.flip(right, axis)) for got, right in pairs):
            return f"Axis {axis} is reversed.", "where does it begin?"
    return None


def _changed(pairs):
    """Find out whether one of CHANGES was applied to every value."""
    with np.errstate(all="ignore"):
        if all(equal(np.exp(got), right) for got, right in pairs):  # log(0) is no number
            return "Every value is the logarithm of what is expected.", "leave out the log."
        for message, hint, change in CHANGES:
            if all(equal(got, change(right)) for got, right in pairs):
                return message, hint
    return None


def _factors(pairs):
    """Find for each case the factor between all its values and those expected; or None."""
    factors = []
    for got, right in pairs:
        if got.shape != right.shape or not np.any(right):
            return None
        place = np.unravel_index(np.abs(right).argmax(), right.shape)
        factors.append(got[place] / right[place])
        if not factors[-1] or not equal(got, right * factors[-1]):
            return None
    return factors


def _scaled_by_a_size(pairs, cases):
    """Find a factor that differs from case to case, as the size of an argument does."""
    factors = _factors(pairs)
    if factors is None:
        return None
    for number in range(min(map(len, cases))):
        shapes = [getattr(case[number], "shape", ()) for case in cases]
        sizes = {f"axis {axis}": [s[axis] for s in shapes] for axis in range(min(map(len, shapes)))}
        for where, values in {"": [int(np.prod(shape)) for shape in shapes], **sizes}.items():
            of = f"{where} of argument number {number + 1}" if where else f"argument {number + 1}"
            for power, what in {1: "multiplied", -1: "divided"}.items():
                if len(set(values)) > 1 and np.allclose(
                    factors, np.power(values, float(power)), 1e-3, 0
                ):
                    return (
                        f"Every value is {what} by the size of {of}.",
                        "is it a mean or a sum, and over what?",
                    )
    return None


def _scaled(pairs, known=True):
    """Find one factor for all values of all cases: a known one, or any."""
    factors = _factors(pairs)
    if not factors or not np.allclose(factors, factors[0], 1e-3, 0):
        return None
    factor = factors[0]
    if abs(factor - 1) < 0.01:  # rounded too early, not scaled
        return None
    for one, hint in FACTORS if known else ():
        if np.isclose(abs(factor), one, 1e-3, 0):
            hint = hint if factor > 0 else f"which sign should it have? And {hint}"
            return f"Every value is {factor:.4g} times what is expected.", hint
    hint = "which factor is missing, or applied twice?"
    return None if known else (f"Every value is {factor:.4g} times what is expected.", hint)


def _offset(pairs):
    """Find out whether every value is wrong by the same amount."""
    if any(got.shape != right.shape for got, right in pairs):
        return None
    offsets = np.concatenate([(got - right).ravel() for got, right in pairs])
    if np.allclose(offsets, offsets[0], 1e-4, 1e-6):
        side = "above" if offsets[0] > 0 else "below"
        return (
            f"Every value is {abs(offsets[0]):.4g} {side} what is expected.",
            "count from 0, and check the ends.",
        )
    return None


def _moved(pairs):
    """Find out whether every value has moved by one place."""
    if any(got.shape != right.shape for got, right in pairs):
        return None
    for axis, step in itertools.product(range(pairs[0][1].ndim), (1, -1)):
        if all(right.ndim > axis and right.shape[axis] > 2 for _, right in pairs):
            if all(
                equal(_inner(got, axis, step), _inner(right, axis, -step)) for got, right in pairs
            ):
                where = "late" if step > 0 else "early"
                return (
                    f"Along axis {axis} every value comes one place too {where}.",
                    "check where it begins.",
                )
    return None


def _gathered(pairs):
    """Find out whether all values are right, but at wrong places along an axis."""
    ranks = {right.ndim for _, right in pairs}
    if len(ranks) > 1 or any(got.shape != right.shape for got, right in pairs):
        return None
    if len(np.unique(np.concatenate([right.ravel() for _, right in pairs]))) < 3:
        return None  # among ones and zeros, much is alike by chance
    for axis in range(max(ranks)):
        moved = []
        for got, right in pairs:
            mine, wanted = (np.moveaxis(one, axis, 0) for one in (got, right))
            sources = [[n for n, other in enumerate(wanted) if alike(one, other)] for one in mine]
            if not all(sources):
                break
            moved += [(n, one[0]) for n, one in enumerate(sources) if len(one) == 1 and one[0] != n]
        else:
            if len(moved) > 1:
                place, source = moved[0]
                return (
                    f"Along axis {axis} the right values are misplaced: place {place} has what "
                    f"belongs at {source}.",
                    f"which index runs along axis {axis}?",
                )
    return None


def _inner(array, axis, step):
    """Return all but the first (step 1) or all but the last (step -1) along an axis."""
    cut = slice(1, None) if step > 0 else slice(None, -1)
    return array[(slice(None),) * axis + (cut,)]


def placed(answer):
    """Find out whether all wrong values, or all right ones, are first or last along an axis.

    answer: judge.Answer.
    Returns a sentence, or None.
    """
    exercise = answer.exercise
    marks = []
    for case in exercise.inputs:
        pair = answer.outcome(case), exercise.expected(*case)
        if isinstance(pair[0], dict) and isinstance(pair[1], dict):
            pairs = [(pair[0][part], pair[1][part]) for part in pair[1] if part in pair[0]]
            pairs = [pair for pair in pairs if pair[1].ndim == len(exercise.axes)] or [pair]
            pair = pairs[0]
        got, right = pair
        if not isinstance(got, np.ndarray) or got.shape != right.shape:
            return None
        if right.ndim != len(exercise.axes):
            return None
        marks.append(exercise.differ(right, got))
    for axis, name in enumerate(exercise.axes):
        wrong = [np.moveaxis(one, axis, 0).reshape(one.shape[axis], -1).any(1) for one in marks]
        wrong = [one for one in wrong if len(one) > 1]  # for each place along the axis
        if not any(one.any() for one in wrong):
            continue
        if not any(one[1:].any() for one in wrong):
            return f"Only {name} 0 is wrong."
        if not any(one[:-1].any() for one in wrong):
            return f"Only the last {name} is wrong."
        if all(not one[0] and one[1:].all() for one in wrong):
            return f"Only {name} 0 is right."
        if all(not one[-1] and one[:-1].all() for one in wrong):
            return f"Only the last {name} is right."
    return None
