"""Explain a wrong answer as a whole: by a known mistake, a relation, or its place.

What is said holds on every case. If nothing can be said, the message of the failed condition stays:
the first difference, with its place.
"""

import ast
import inspect
import io
import re
import sys
import time
from contextlib import redirect_stdout

import numpy as np

from pixelcnn_lib.teach.errors import AT
from pixelcnn_lib.teach.exercises import Wrong, code_of
from pixelcnn_lib.teach.relations import alike, relation
from pixelcnn_lib.teach.slips import MISSING, slips

SECONDS = 5  # of CPU time, to look for a small change


def explain(answer, wrong):
    """Return a Wrong that says what is wrong with an answer.

    answer: judge.Answer. wrong: Wrong, the message of the failed condition.
    """
    found = known_mistake(answer)
    if not found and wrong_cases(answer):  # else the results are right: nothing to say about them
        found = related(answer) or place_of_mistake(answer)
    if found:
        return Wrong(*found, wrong.values, wrong.marks, wrong.expected)
    message = " ".join(filter(None, [str(wrong), right_cases(answer)]))
    return Wrong(message, wrong.hint, wrong.values, wrong.marks, wrong.expected)


def same(one, other):
    """Tell whether two outcomes are equal: arrays, dicts of arrays, or errors on any line."""
    if isinstance(one, Wrong) or isinstance(other, Wrong):
        texts = [str(error).partition(AT)[0].rstrip(".") for error in (one, other)]
        return isinstance(one, Wrong) and isinstance(other, Wrong) and texts[0] == texts[1]
    if isinstance(one, dict):
        return all(same(one[key], other[key]) for key in one)
    if {one.dtype.kind, other.dtype.kind} <= set("fc"):
        return alike(one, other)
    return np.array_equal(one, other)


def known_mistake(answer):
    """Find the declared mistake with the answer's results on every case; words and hint, or None.

    Otherwise, one with its results on every case that does not end in an error, several of them wrong.
    """
    exercise = answer.exercise
    ended = [case for case in exercise.inputs if not isinstance(answer.outcome(case), Wrong)]
    several = sum(not answer.is_right(case) for case in ended) > 1
    for cases in (exercise.inputs, ended) if several else (exercise.inputs,):
        for mistake in exercise.mistakes:
            known = answer.of(mistake)
            if all(same(known.outcome(case), answer.outcome(case)) for case in cases):
                return mistake.message, mistake.hint
    return None


def place_of_mistake(answer):
    """Find a small change of the answer's own code that makes it right: say where, and not what."""
    exercise = answer.exercise
    try:
        code, names = code_of(answer.value), namespace(answer.value)
        around = [one for one in unary(exercise.code) if one.partition(".")[0] in names]
        trials = list(slips(code, around))
    except (OSError, TypeError, SyntaxError, AttributeError):  # no source, as of a lambda
        return None
    if "while" in code:  # a changed loop may not end
        return None
    wrong = exercise.named[wrong_cases(answer)[0]]
    start = time.process_time()
    for old, new, line, program in trials:
        if time.process_time() - start > SECONDS:
            return None
        if is_right(answer, program, dict(names), wrong):
            there = code.splitlines()[line - 1].strip() if line else ""
            place = f"`{old}` in the line `{there}`" if line else f"every `{old}`"
            place = f"the line `{there}`" if there == old else place
            hint = "what is missing there?" if MISSING in new else "what should stand there?"
            return (
                f"One change makes your answer right. Look at {place}.",
                hint if new else "is it needed?",
            )
    return None


def is_right(answer, program, names, first):
    """Tell whether a changed answer is right; the case `first` is tried before all conditions.

    names: dict, what the program may use.
    """
    try:
        exec(program, names)
        changed = type(answer)(answer.exercise, names[answer.value.__name__], answer.clock)
        with redirect_stdout(io.StringIO()):
            right = changed.is_right(first)
            return right and not any(condition(changed) for condition in answer.exercise.conditions)
    except Exception:  # the change is none that Python, or the answer, can bear
        return False


def namespace(value):
    """Return the names that a function or a class can use."""
    if inspect.isclass(value):
        return vars(sys.modules[value.__module__])
    return {**value.__globals__, **inspect.getclosurevars(value).nonlocals}


def unary(code):
    """List the functions of one argument that a program calls by their full names, as ops.relu."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = [ast.unparse(one.func) for one in calls if len(one.args) == 1]
    return sorted({name for name in names if re.fullmatch(r"[a-z]+\.[a-z_]+", name)})


def wrong_cases(answer):
    """List the names of the cases on which the answer is wrong."""
    exercise = answer.exercise
    return [name for name, case in exercise.named.items() if not answer.is_right(case)]


def right_cases(answer):
    """Say for which cases the answer is right, or wrong if these are fewer; "" if all are alike."""
    wrong = wrong_cases(answer)
    right = [name for name in answer.exercise.named if name not in wrong]
    if not right or not wrong:
        return ""
    if len(right) <= len(wrong):
        return f"Right for: {first_three(right)}."
    return f"Wrong only for: {first_three(wrong)}."


def first_three(names):
    """Name three cases, and count the others."""
    more = f"; and {len(names) - 3} more" if len(names) > 3 else ""
    return "; ".join(names[:3]) + more


def related(answer):
    """Find one relation between all results and those expected; words and hint, or None."""
    inputs = answer.exercise.inputs
    got = [answer.outcome(case) for case in inputs]
    expected = [answer.exercise.expected(*case) for case in inputs]
    if any(isinstance(one, Wrong) for one in got):
        return None
    if not isinstance(expected[0], dict):
        return relation(list(zip(got, expected)), inputs)
    for part in expected[0]:
        pairs = [(one[part], right[part]) for one, right in zip(got, expected)]
        if not all(same(*pair) for pair in pairs):
            found = relation(pairs, [()] * len(pairs))
            return found and (f"{part.capitalize()}: {found[0]}", found[1])
    return None
