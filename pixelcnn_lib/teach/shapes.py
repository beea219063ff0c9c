"""Relations between a result of a wrong shape and the right one: an extra axis, sum or rows.

Each relation is tested on every case. It is reported only if it holds for all cases.
"""

import numpy as np

from pixelcnn_lib.teach.relations import equal


def other_shape(answer):
    """Find a step from an answer's results to the right ones, or from the right ones to them.

    answer: judge.Answer.
    Returns (words, hint), or None if there is no such relation.
    """
    exercise = answer.exercise
    got = [answer.outcome(case) for case in exercise.inputs]
    expected = [exercise.expected(*case) for case in exercise.inputs]
    if not all(isinstance(one, np.ndarray) and one.dtype.kind in "biufc" for one in got + expected):
        return None
    pairs = list(zip(got, expected))
    if len(np.unique(np.concatenate([right.ravel() for right in expected]))) < 3:
        return None  # among ones and zeros, much is alike by chance
    if all(one.shape == other.shape for one, other in pairs):
        return None
    if len({one.ndim for one in got}) > 1 or len({one.ndim for one in expected}) > 1:
        return None
    return _whole(pairs) or _reduced(pairs) or _cut(pairs)


def _holds(pairs, change):
    """Tell whether change(one, other) makes an array equal to the other one, in every pair."""
    try:
        return all(equal(np.asarray(change(one, other)), other) for one, other in pairs)
    except (ValueError, IndexError):  # for these shapes there is no such change
        return False


def _whole(pairs):
    """The same values in another shape."""
    if _holds(pairs, lambda got, right: got.reshape(right.shape)):
        return "The values are right, but not their shape.", ""
    repeated = any(got.size < right.size for got, right in pairs)
    if repeated and _holds(pairs, lambda got, right: np.broadcast_to(got, right.shape)):
        return (
            "The values are right, but they are not repeated.",
            "for which axes do they have to be repeated? np.broadcast_to does this.",
        )
    return None


def _reduced(pairs):
    """The right values before a sum or a mean, or after one too many."""
    swapped = [(right, got) for got, right in pairs]
    for words, hint, both in (
        ("The {name} over {where} is missing.", "which step makes one number of several?", pairs),
        (
            "That is the {name} of the right values over {where}.",
            "return the values themselves.",
            swapped,
        ),
    ):
        rank = both[0][0].ndim
        for axis in (None, *range(rank)):
            where = "all values" if axis is None else f"axis {axis}"
            for name, reduce in (("sum", np.sum), ("mean", np.mean)):
                for keep in (False, True):
                    change = lambda one, _, f=reduce, a=axis, k=keep: f(one, axis=a, keepdims=k)
                    if rank and _holds(both, change):
                        return words.format(name=name, where=where), hint
    return None


def _cut(pairs):
    """The right values with others before or after them, or a part of the right values."""
    if any(got.ndim != right.ndim for got, right in pairs):
        return None
    swapped = [(right, got) for got, right in pairs]
    for axis in range(pairs[0][0].ndim):
        for end in ("beginning", "end"):

            def part(longer, shorter, axis=axis, end=end):
                size, all_of_them = shorter.shape[axis], longer.shape[axis]
                if size > all_of_them:
                    raise ValueError
                start = 0 if end == "end" else all_of_them - size
                return np.take(longer, range(start, start + size), axis)

            if _holds(pairs, part):
                return (
                    f"The values are right, with others at the {end} of axis {axis}.",
                    f"which places along axis {axis} are too many?",
                )
            if _holds(swapped, part):
                return (
                    f"The values are right, but those at the {end} of axis {axis} are missing.",
                    f"where does axis {axis} begin, and where does it end?",
                )
    return None
