"""What can be said of a wrong answer as a whole: a known mistake, a relation, a place.

A known mistake is named if the answer does the same on every case, or on most of those that it gets
wrong; what is said of all values (see `relations`) holds for all of them.
"""

import itertools

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.relations import alike, by_a_unit, placed, relation
from pixelcnn_lib.teach.safely import TooSlow

AT = ", at `"  # before the line of an answer that raised


def recognise(answer, wrong):
    """Say more of a wrong answer than the case that failed: what it does on all cases.

    answer: judge.Answer. wrong: Wrong, what the failed condition says.
    Returns a Wrong.
    """
    try:
        found = (
            _known_mistake(answer)
            or ignored_argument(answer)
            or relation(answer)
            or _mostly_known(answer)
            or _two_mistakes(answer)
            or _ignored_part(answer)
        )
    except TooSlow:
        found = None
    if not found:
        told = placed(answer), str(wrong), _spread(answer)
        found = " ".join(filter(None, told)), wrong.hint
    return Wrong(*found, wrong.values, wrong.marks, wrong.expected)


def _spread(answer):
    """Say which cases are right, or which few are wrong; nothing if all are wrong, or all right."""
    wrong = _wrong_cases(answer)
    right = [name for name in answer.exercise.named if name not in wrong]
    if not right or not wrong:
        return ""
    few = len(right) <= len(wrong)
    return f"{'Right for' if few else 'Wrong only for'}: {', '.join(right if few else wrong)}."


def _wrong_cases(answer):
    """{name of a case on which the answer is wrong: its arguments}."""
    wrong = {}
    for name, case in answer.exercise.named.items():
        try:
            expected, got = answer.exercise.expected(*case), answer(*case)
        except Wrong:
            wrong[name] = case
            continue
        one = not isinstance(expected, dict)
        pairs = [(expected, got)] if one else [(expected[key], got[key]) for key in expected]
        if any(answer.exercise.differ(*pair).any() for pair in pairs):
            wrong[name] = case
    return wrong


def _forms(answer):
    """Every form of every known mistake: (mistake, does it do the same on a case)."""
    for mistake in answer.exercise.mistakes:
        for form in mistake.forms:
            known = answer.like(form)
            yield mistake, lambda case, known=known: same(known.outcome(case), answer.outcome(case))


def _known_mistake(answer):
    """Find the mistake that an answer equals on every case; words and hint, or None."""
    for mistake, equals in _forms(answer):
        if all(map(equals, answer.exercise.inputs)):
            return mistake.message, mistake.hint


def _mostly_known(answer):
    """Find the mistake that explains most of the wrong cases, and at least two; or None.

    On the other cases the answer is wrong too, for a reason of its own: they are named.
    """
    wrong = _wrong_cases(answer)
    right = [case for name, case in answer.exercise.named.items() if name not in wrong]
    fewest = min(len(wrong) - 2, (len(wrong) - 1) // 2)
    best = None
    for mistake, equals in _forms(answer):
        rest = []
        for name, case in wrong.items():
            if not equals(case):
                rest.append(name)
            if len(rest) > fewest:
                break
        else:
            if all(map(equals, right)):
                best, fewest = (mistake, rest), len(rest) - 1
    if best is None:
        return None
    mistake, rest = best
    other = answer.outcome(wrong[rest[0]])
    besides = f"something else is wrong for: {', '.join(rest)}."
    return (
        f"{mistake.message} Besides, {other if isinstance(other, Wrong) else besides}",
        mistake.hint,
    )


def _two_mistakes(answer):
    """Find a known mistake that is combined with a wrong sign or unit; words and hint, or None."""
    inputs = answer.exercise.inputs
    floats = lambda found: isinstance(found, np.ndarray) and found.dtype.kind == "f"
    got = [answer.outcome(case) for case in inputs]
    if not all(map(floats, got)):
        return None
    for mistake in answer.exercise.mistakes:
        for form in mistake.forms:
            known = [answer.like(form).outcome(case) for case in inputs]
            found = all(map(floats, known)) and by_a_unit(list(zip(got, known)))
            if found:
                message = f"Two things are wrong. {mistake.message} {found[0]}"
                return message, f"{mistake.hint} Also: {found[1]}"
    return None


def _ignored_part(answer):
    """Find an end of an array argument that the solution follows and the answer does not; or None.

    In every case, the values there are replaced by those at the other end.
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
                changed = np.moveaxis(one.copy(), axis, 0)
                changed[end] = changed[-1 - end]
                other = (*case[:place], np.moveaxis(changed, 0, axis), *case[place + 1 :])
                try:
                    moves = not same(exercise.expected(*case), exercise.expected(*other))
                except Exception:  # no case for the solution
                    continue
                if moves:
                    followed.append(not same(answer.outcome(case), answer.outcome(other)))
            if len(followed) > 1 and not any(followed):
                where = f"along axis {axis} of `{name}`"
                which = "first" if end == 0 else "last"
                return (
                    f"The {which} values {where} change nothing in your answer.",
                    "are they used?",
                )
    return None


def same(one, other):
    """Compare two outcomes: arrays, dicts of them, or what went wrong, wherever it was.

    A key of a dict that starts with an underscore is left out.
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
    return str(one).partition(AT)[0] == str(other).partition(AT)[0]


def ignored_argument(answer):
    """Find an argument that the solution follows and the answer does not; words and hint, or None.

    Each argument of each case is replaced by those of the other cases.
    """
    exercise, plain = answer.exercise, (bool, int, float, str, tuple)
    for place, name in enumerate(exercise.names(max(exercise.inputs, key=len))):
        follows = []
        values = [case[place] for case in exercise.inputs if len(case) > place]
        for case in exercise.inputs:
            quick = all(isinstance(one, (*plain, np.ndarray)) for one in case)  # no model runs
            quick = quick and len(case) > place and isinstance(case[place], plain)
            for value in values if quick else ():
                other = (*case[:place], value, *case[place + 1 :])
                try:
                    moves = not same(exercise.expected(*case), exercise.expected(*other))
                except Exception:  # no case for the solution
                    continue
                if moves:
                    mine = [answer.outcome(one) for one in (case, other)]
                    follows.append(not same(*mine) or isinstance(mine[0], Wrong))
        if follows and not any(follows):
            return f"`{name}` changes nothing in your answer.", f"what should `{name}` decide?"
    return None
