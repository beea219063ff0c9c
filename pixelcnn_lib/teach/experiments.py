"""Experiments with a wrong answer: what it returns when some arguments are changed.

A finding is reported only if it holds for all cases that say anything about it.
"""

import itertools

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.relations import alike

AT = ", at `"  # before the line of an answer that raised
PLAIN = (bool, int, float, str, tuple)
FIXED = "does your code use a fixed number or a default instead of `{name}`?"


def same(one, other):
    """Tell whether two outcomes are equal: arrays, dicts of arrays, or errors on any line.

    Keys of a dict that start with an underscore are not compared.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [key for key in one if not key.startswith("_")]
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in keys)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or not {one.dtype.kind, other.dtype.kind} <= set("fc"):
            return np.array_equal(one, other)
        return alike(one, other)
    if not (isinstance(one, Wrong) and isinstance(other, Wrong)):
        return False
    first, second = (str(error).partition(AT)[0].rstrip(".") for error in (one, other))
    return first == second


def quick(case):
    """Tell whether a case contains no model, so that it can be run many times."""
    return all(isinstance(one, (*PLAIN, np.ndarray)) for one in case)


def changed(case, place, value):
    return (*case[:place], value, *case[place + 1 :])


def ignored_argument(answer):
    """Find an argument that changes the solution but not the answer; words and hint, or None.

    Each argument of each case is replaced by that of each other case.
    """
    exercise = answer.exercise
    for place, name in enumerate(exercise.names(max(exercise.inputs, key=len))):
        follows = []
        values = [case[place] for case in exercise.inputs if len(case) > place]
        for case in exercise.inputs:
            plain = quick(case) and len(case) > place and isinstance(case[place], PLAIN)
            for value in values if plain else ():
                other = changed(case, place, value)
                try:
                    moves = not same(exercise.expected(*case), exercise.expected(*other))
                except Exception:  # the solution does not take this
                    continue
                if moves:
                    mine = [answer.outcome(one) for one in (case, other)]
                    follows.append(not same(*mine) or isinstance(mine[0], Wrong))
        if follows and not any(follows):
            return f"`{name}` changes nothing in your answer.", f"what should `{name}` decide?"
    return None


def as_if(answer):
    """Find changed arguments for which the answer is right on every case; words and hint, or None.

    Both may fail on the same cases, but at least one case must have the same wrong result.
    """
    exercise = answer.exercise
    if not all(map(quick, exercise.inputs)):
        return None
    if "as if" not in exercise.known:
        exercise.known["as if"] = list(_if_changed(exercise))
    mine = [answer.outcome(case) for case in exercise.inputs]
    right = [exercise.expected(*case) for case in exercise.inputs]
    for what, hint, outcomes in exercise.known["as if"]:
        pairs = list(zip(mine, outcomes))
        if all(same(*p) if p[1] is not None else isinstance(p[0], Wrong) for p in pairs):
            if any(p[1] is not None and not same(p[0], one) for p, one in zip(pairs, right)):
                return f"Your answer gives the right result for {what}.", hint
    return None


def _if_changed(exercise):
    """Yield the solution's results for changed arguments: (words, hint, array or None per case)."""
    names = exercise.names(exercise.filled(exercise.inputs[0]))
    for what, hint, change in _changes(exercise, names):
        outcomes = []
        for case in exercise.inputs:
            try:
                outcomes.append(exercise.fresh(*change(exercise.filled(case))))
            except Exception:  # the solution does not take this
                outcomes.append(None)
        if any(one is not None for one in outcomes):
            yield what, hint, outcomes


def _changes(exercise, names):
    """Yield the changes of arguments: (words, hint, function of a case)."""
    whole = exercise.filled(exercise.inputs[0])
    for (i, one), (j, other) in itertools.combinations(enumerate(names), 2):
        alike = type(whole[i]) is type(whole[j])
        if alike and not isinstance(whole[i], str):
            yield (
                f"`{one}` and `{other}` swapped",
                f"which of the two is `{one}`, and where do you use it?",
                lambda case, i=i, j=j: changed(changed(case, i, case[j]), j, case[i]),
            )
    for place, name in enumerate(names):
        given = [exercise.filled(case)[place] for case in exercise.inputs]
        for what, hint, change in _values(name, given):
            yield (
                what,
                hint,
                lambda case, place=place, change=change: changed(case, place, change(case[place])),
            )


def _values(name, given):
    """Yield the changes of one argument: (words, hint, function of its value)."""
    kinds = {type(one) for one in given}
    ends = "count from 0, and check the ends."
    if kinds <= {int, float} or kinds == {str}:
        for value in sorted(set(given)):
            hint = FIXED.format(name=name)
            yield f"`{name}` = {value!r}, whatever `{name}` is", hint, lambda _, v=value: v
    if kinds == {str} and len(set(given)) == 2:
        one, other = sorted(set(given))
        which = f"what does {one!r} mean, and what {other!r}?"
        yield f"{one!r} and {other!r} swapped", which, {one: other, other: one}.get
    if kinds == {int}:
        for step in (1, -1, 2, -2):
            sign = "+" if step > 0 else "-"
            yield f"`{name}` {sign} {abs(step)}", ends, lambda n, step=step: n + step
        yield f"2 * `{name}`", f"does `{name}` count twice?", lambda n: 2 * n
        yield f"half of `{name}`", f"is `{name}` halved once too often?", lambda n: n // 2
    if kinds <= {int, float} and float in kinds:
        yield f"1 / `{name}`", f"multiply by `{name}`, or divide?", lambda x: 1 / x
        yield f"-`{name}`", "is there a minus too many, or one missing?", lambda x: -x
        yield f"1 - `{name}`", f"which part does `{name}` mean?", lambda x: 1 - x
    if kinds == {tuple}:
        yield f"`{name}` reversed", "which number comes first?", lambda one: one[::-1]
    if kinds == {np.ndarray}:
        yield from _arrays(name, min(one.ndim for one in given), {one.dtype.kind for one in given})


def _arrays(name, rank, kinds):
    for axis in range(rank):
        flip = lambda x, axis=axis: np.flip(x, axis)
        yield f"`{name}` reversed along axis {axis}", f"where does axis {axis} begin?", flip
        first = lambda x, axis=axis: np.broadcast_to(x.take([0], axis), x.shape).copy()
        yield (
            f"`{name}` with its first entry along axis {axis} everywhere",
            f"which index runs along axis {axis} of `{name}`?",
            first,
        )
    for one, other in itertools.combinations(range(rank), 2):
        swap = lambda x, one=one, other=other: x.swapaxes(one, other)
        yield f"`{name}` with axes {one} and {other} swapped", "which axis is which?", swap
    for step, side in ((1, "higher"), (-1, "lower")):
        if kinds <= set("iu"):
            up = lambda x, step=step: (x + np.asarray(step).astype(x.dtype)).astype(x.dtype)
            yield f"`{name}` one {side}", "do you count from 0 or from 1?", up
    if kinds == {"f"}:
        yield f"`{name}` with the other sign", "is there a minus too many?", np.negative
        yield f"the exponential of `{name}`", f"is `{name}` a logarithm?", np.exp
        yield f"the logarithm of `{name}`", f"is `{name}` a logarithm already?", np.log
        mean = lambda x: np.full_like(x, x.mean())
        yield f"`{name}` set to its mean", f"where does each entry of `{name}` count?", mean


def one_at_a_time(answer):
    """Find out whether single entries along axis 0 are right, but several are wrong; or None."""
    exercise, found = answer.exercise, []
    for case in exercise.inputs:
        right, got = exercise.expected(*case), answer.outcome(case)
        if not (quick(case) and isinstance(right, np.ndarray) and right.ndim):
            return None
        parts = [isinstance(one, np.ndarray) and len(one) == len(right) for one in case]
        if len(right) < 2 or not any(parts):
            if not same(got, right):
                return None
            continue
        if same(got, right):
            return None
        for n in range(min(len(right), 8)):
            alone = [one[n : n + 1] if part else one for one, part in zip(case, parts)]
            try:
                mine, wanted = answer.fresh(*alone), exercise.fresh(*alone)
            except Exception:  # the solution does not take this
                return None
            wrong = not isinstance(mine, np.ndarray) or mine.shape != wanted.shape
            if wrong or exercise.differ(wanted, mine).any():
                return None
            if exercise.differ(right[n : n + 1], wanted).any():  # the entries depend on each other
                return None
        found.append(case)
    if not found:
        return None
    name = exercise.axes[0] if exercise.axes else "entry along axis 0"
    return (
        f"A single {name} is right, but several together are wrong.",
        f"which step is computed over all of them, and should be computed for each {name}?",
    )


def ignored_part(answer):
    """Find an end of an array argument that changes the solution but not the answer; or None.

    In every case, the values at this end are replaced by those at the other end.
    """
    exercise = answer.exercise
    try:
        [answer(*case) for case in exercise.inputs]
    except Wrong:  # of another shape, for example
        return None
    for place, name in enumerate(exercise.names(max(exercise.inputs, key=len))):
        arrays = [(case, case[place]) for case in exercise.inputs if len(case) > place]
        if not arrays or not all(isinstance(one, np.ndarray) for _, one in arrays):
            continue
        for axis, end in itertools.product(range(min(one.ndim for _, one in arrays)), (0, -1)):
            followed = []
            for case, one in arrays:
                moved = np.moveaxis(one.copy(), axis, 0)
                if not len(moved):  # no end to replace
                    continue
                moved[end] = moved[-1 - end]
                other = changed(case, place, np.moveaxis(moved, 0, axis))
                try:
                    moves = not same(exercise.expected(*case), exercise.fresh(*other))
                except Exception:  # the solution does not take this
                    continue
                if moves:
                    followed.append(not same(answer.outcome(case), answer.fresh(*other)))
            if len(followed) > 1 and not any(followed):
                where = f"along axis {axis} of `{name}`"
                which = "first" if end == 0 else "last"
                return (
                    f"The {which} values {where} change nothing in your answer.",
                    "are they used?",
                )
    return None
