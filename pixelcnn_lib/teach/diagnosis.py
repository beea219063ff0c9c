"""Explain a wrong answer as a whole: by a known mistake, a relation, or a place.

A known mistake is named if it has the answer's results on every case, or on most of the cases that
the answer gets wrong. What is said of all values (see `relations`) holds for all of them.
"""

import itertools
import re

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.experiments import (
    AT,
    as_if,
    ignored_argument,
    ignored_part,
    one_at_a_time,
    same,
)
from pixelcnn_lib.teach.fixed import fixed_number
from pixelcnn_lib.teach.relations import alike, any_factor, by_a_unit, placed, relation
from pixelcnn_lib.teach.safely import TooSlow
from pixelcnn_lib.teach.shapes import other_shape
from pixelcnn_lib.teach.sharing import only_where

PRAISE = r"^Right|\b(is|are) (right|correct)\b"  # not true beside a second mistake


def recognise(answer, wrong):
    """Describe what a wrong answer does on all cases, not only on the case that failed.

    answer: judge.Answer. wrong: Wrong, the message of the failed condition.
    Returns a Wrong.
    """
    try:
        found, wrong_cases = _known_mistake(answer), _wrong_cases(answer)
        if wrong_cases:  # else all results are right, and there is nothing to say about them
            found = (
                found
                or ignored_argument(answer)
                or relation(answer)
                or as_if(answer)
                or _mistake_in_a_unit(answer)
                or _pair_of_mistakes(answer)
                or any_factor(answer)
                or _mostly_known(answer)
                or _known_where_it_runs(answer)
                or one_at_a_time(answer)
                or ignored_part(answer)
            )
        if found:
            return Wrong(*found, wrong.values, wrong.marks, wrong.expected)
        words, hint = (
            other_shape(answer)
            or only_where(answer, wrong_cases)
            or fixed_number(answer, wrong_cases)
            or ("", "")
        )
    except TooSlow:
        words, hint = "", ""
    told = placed(answer), str(wrong), words or _spread(answer)
    found = " ".join(filter(None, told)), hint or wrong.hint
    return Wrong(*found, wrong.values, wrong.marks, wrong.expected)


def _spread(answer):
    """List the right cases, or the wrong ones if they are fewer; "" if all are alike."""
    wrong = _wrong_cases(answer)
    right = [name for name in answer.exercise.named if name not in wrong]
    if not right or not wrong:
        return ""
    few = len(right) <= len(wrong)
    told = _listed(*((right, wrong) if few else (list(wrong), right)))
    return f"{'Right for' if few else 'Wrong only for'}: {told}."


def _listed(names, others):
    """Join names of cases, without names that extend another listed name by a comma and more."""
    for name in names:
        longer = f"{name}, "
        if not any(one.startswith(longer) for one in others):
            names = [one for one in names if not one.startswith(longer)]
    return ("; " if any(", " in name for name in names) else ", ").join(names)


def _wrong_cases(answer):
    """Return the cases on which the answer is wrong: {name: arguments}."""
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
    """Yield every form of every known mistake: (mistake, its Answer)."""
    for mistake in answer.exercise.mistakes:
        for form in mistake.forms:
            yield mistake, answer.like(form)


def _known_mistake(answer):
    """Find the mistake with the answer's results on every case; words and hint, or None."""
    for mistake, known in _forms(answer):
        if all(same(known.outcome(case), answer.outcome(case)) for case in answer.exercise.inputs):
            return mistake.message, mistake.hint


def _known_where_it_runs(answer):
    """Find the mistake with the answer's results where it runs, if both fail on the other cases.

    Both must differ from the right answer, on a case with three or more values or on two cases.
    """
    exercise = answer.exercise
    mine = [answer.outcome(case) for case in exercise.inputs]
    if not any(isinstance(one, Wrong) for one in mine):
        return None
    for mistake, known in _forms(answer):
        told = 0
        for case, one in zip(exercise.inputs, mine):
            other, failed = known.outcome(case), isinstance(one, Wrong)
            if not (failed and isinstance(other, Wrong) or not failed and same(one, other)):
                break
            if not failed and not same(one, exercise.expected(*case)):
                told += 2 if isinstance(one, dict) or len(np.unique(one)) > 2 else 1
        else:
            if told > 1:
                return mistake.message, mistake.hint
    return None


def _mostly_known(answer):
    """Find the mistake that explains most of the wrong cases, and at least two; or None.

    At least two of these cases must have values, because many mistakes raise the same error. No
    other mistake may explain as many cases: then the cases do not tell which of the two it is. The
    other wrong cases are named in the message, unless they are edge cases.
    """
    wrong = _wrong_cases(answer)
    names = answer.exercise.named
    right = [case for name, case in names.items() if name not in wrong]
    fewest = min(len(wrong) - 2, (len(wrong) - 1) // 2)
    best = []
    for mistake, known in _forms(answer):
        equals = lambda case, known=known: same(known.outcome(case), answer.outcome(case))
        rest, values = [], 0
        for name, case in wrong.items():
            if not equals(case):
                rest.append(name)
            elif not isinstance(answer.outcome(case), Wrong):
                values += 1
            if len(rest) > fewest:
                break
        else:
            if values > 1 and all(map(equals, right)):
                best = [one for one in best if len(one[2]) == len(rest)] + [(mistake, known, rest)]
                fewest = len(rest)
    if len({mistake.message for mistake, *_ in best}) != 1:
        return None
    mistake, known, rest = best[0]
    rest = [name for name in rest if not _is_edge(answer, known, names[name])]
    if not rest:
        return mistake.message, mistake.hint
    other = answer.outcome(wrong[rest[0]])
    others = [name for name in names if name not in rest]
    besides = f"something else is wrong for: {_listed(rest, others)}."
    return (
        f"{mistake.message} Besides, {other if isinstance(other, Wrong) else besides}",
        mistake.hint,
    )


def _is_edge(answer, known, case):
    """Tell whether a case is an edge case, such as an empty array, where a mistake may differ.

    On an edge case the mistake has no values, or at least half of all known mistakes are right.
    """
    right, mine = answer.exercise.expected(*case), answer.outcome(case)
    if isinstance(mine, Wrong) and AT in str(mine):  # an error is reported anyway
        return False
    if not np.size(known.outcome(case)):
        return True
    others = [same(form.outcome(case), right) for _, form in _forms(answer)]
    return 2 * sum(others) >= len(others)


def _results(answer, inputs, part):
    """Return the answer's arrays on all cases, or None if one result is not an array."""
    found = [answer.outcome(case) for case in inputs]
    if part is not None:
        found = [one.get(part) if isinstance(one, dict) else None for one in found]
    if all(isinstance(one, np.ndarray) and one.dtype.kind in "biuf" for one in found):
        return [one.astype("float64") for one in found]


def _pair_of_mistakes(answer):
    """Find two known mistakes that together explain all that the answer gets wrong; or None.

    Their differences are added, or their factors multiplied. If all values are zeros and ones, a
    place is wrong if either mistake makes it wrong. In a dict, each part may have its own mistake.
    """
    exercise = answer.exercise
    first = exercise.expected(*exercise.inputs[0])
    parts = list(first) if isinstance(first, dict) else [None]
    parts = [one for one in parts if one is None or not one.startswith("_")]
    right = [_results(Known(exercise), exercise.inputs, part) for part in parts]
    mine = [_results(answer, exercise.inputs, part) for part in parts]
    if None in right or None in mine:
        return None
    effects = []
    for mistake, known in _forms(answer):
        found = [_results(known, exercise.inputs, part) for part in parts]
        if None not in found and not re.search(PRAISE, mistake.message):
            effects.append((mistake, sum(found, [])))
    right, mine = sum(right, []), sum(mine, [])
    shapes = [one.shape for one in right]
    if [one.shape for one in mine] != shapes or all(map(alike, mine, right)):
        return None
    effects = [one for one in effects if [array.shape for array in one[1]] == shapes]
    effects = [one for one in effects if all(np.isfinite(array).all() for array in one[1])]
    if not all(np.isfinite(one).all() for one in mine + right):
        return None
    truths = [all(np.isin(one, [0, 1]).all() for one in both) for both in (right, mine)]
    if truths == [True, False]:
        return None
    rules = [_either] if all(truths) else [_added, _multiplied]
    found = {}
    for (one, first), (other, second) in itertools.combinations(effects, 2):
        if one is other or any(all(map(alike, mine, each)) for each in (first, second)):
            continue
        if any(all(map(rule, mine, right, first, second)) for rule in rules):
            overlap = sum(((a != r) & (b != r)).sum() for a, b, r in zip(first, second, right))
            found.setdefault(overlap, (one, other))
    if not found:
        return None
    one, other = found[min(found)]
    return (
        f"Two mistakes together explain what is wrong. One: {one.message} "
        f"The other: {other.message}",
        one.hint if one.hint == other.hint else f"{one.hint} And: {other.hint}",
    )


def _either(got, right, first, second):
    return np.array_equal(got != right, (first != right) | (second != right))


def _added(got, right, first, second):
    one, other = (np.where(np.isclose(x, right), 0, x - right) for x in (first, second))
    opposed = one * other < 0  # there they would hide each other
    return not opposed.any() and alike(got, first + second - right)


def _multiplied(got, right, first, second):
    nothing = right == 0  # which no factor changes
    if any(one[nothing].any() for one in (got, first, second)):
        return False
    powers = right**2, np.sqrt(abs(right))
    if any(alike(x, y) and not alike(x, right) for x in (first, second) for y in powers):
        return False  # the factor is the right value itself
    return alike(got * right, first * second)


def _mistake_in_a_unit(answer):
    """Find a known mistake that is combined with a wrong sign or unit; words and hint, or None."""
    inputs = answer.exercise.inputs
    floats = lambda found: isinstance(found, np.ndarray) and found.dtype.kind == "f"
    got = [answer.outcome(case) for case in inputs]
    if not all(map(floats, got)):
        return None
    for mistake, known in _forms(answer):
        known = [known.outcome(case) for case in inputs]
        found = all(map(floats, known)) and by_a_unit(list(zip(got, known)))
        if found:
            message = f"Two things are wrong. {mistake.message} {found[0]}"
            return message, f"{mistake.hint} Also: {found[1]}"
    return None


class Known:
    """The solution, with the method `outcome` of an Answer."""

    def __init__(self, exercise):
        self.outcome = lambda case: exercise.expected(*case)
