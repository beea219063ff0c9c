"""The verdict on an answer: each condition in turn, and an explanation of the first that fails.

A wrong answer is explained as a whole: by a known mistake, or by the line where it is wrong. What is
said holds on every case. If nothing can be said, the message of the failed condition stays: the first
difference, with its place.
"""

import functools
import inspect
import io
import math
import sys
import time
from contextlib import redirect_stdout
from typing import NamedTuple

from pixelcnn_lib.teach.engine.answer import Answer, Unanswered, same
from pixelcnn_lib.teach.engine.exercise import Wrong, briefly
from pixelcnn_lib.teach.engine.safely import SECONDS, TooSlow, quiet
from pixelcnn_lib.teach.engine.slips import changed_programs
from pixelcnn_lib.teach.source import code_of

SEARCH = 5  # seconds of CPU time, to look for a small change
NAMED = 3  # cases that a message names
MOST = 2  # lines that a message names


class Verdict(NamedTuple):
    """What a check found: mark ○, ✗ or ✓, the line to print, and what is wrong."""

    mark: str
    line: str
    wrong: Wrong = None


def judge(exercise, value):
    """Return the Verdict on an answer, whatever the answer is or does. Only Ctrl-C is raised."""
    with quiet():
        try:
            check_kind(exercise, value)
            answer = Answer(exercise, value, SECONDS)
            wrong = answer.failed_condition()
            if wrong:
                raise explain(answer, wrong)
            return Verdict("✓", accepted(exercise))
        except Unanswered:
            return Verdict("○", unanswered(exercise.id))
        except Wrong as wrong:
            return refuse(exercise, wrong)
        except TooSlow as late:
            return refuse(exercise, Wrong(*late.args))


def refuse(exercise, wrong):
    """Return the Verdict on a wrong answer, with a hint; wrong: Wrong, what is wrong with it."""
    hint = wrong.hint or f'hint("{exercise.id}") gives you one.'
    return Verdict("✗", f"✗ {exercise.id} {wrong} Hint: {hint}", wrong)


def check_kind(exercise, value):
    """Refuse what needs no call: nothing, the library's own solution, or a result."""
    solution = exercise.solution
    if value is None or value is ...:
        raise Unanswered
    if value is solution:
        message = f"That is the library's own {solution.__name__}."
        raise Wrong(message, "write yours in the cell above.")
    kind = "class" if inspect.isclass(solution) else "function"
    instance = not (inspect.isclass(value) or inspect.isroutine(value))
    if not callable(value) or kind == "class" and instance:
        hint = f'give its name, without calling it: check("{exercise.id}", {solution.__name__}).'
        raise Wrong(f"Expected the {kind} itself, got {briefly(value)}.", hint)


def unanswered(id):
    """The line of what is still open, stored under every check of the chapters."""
    return f"○ {id} not answered yet"


def accepted(exercise):
    """The line of a right answer."""
    return f"✓ {exercise.id} {exercise.title}"


def explain(answer, wrong):
    """Return a Wrong that says what is wrong with an answer.

    answer: Answer. wrong: Wrong, the message of the failed condition.
    """
    message, hint = known_mistake(answer) or wrong_line(answer) or first_difference(answer, wrong)
    return Wrong(message, hint, wrong.values, wrong.marks, wrong.expected)


def known_mistake(answer):
    """Find the declared mistake that gives the answer's results; words and hint, or None.

    If there is none, find the symptom: a mistake that is wrong in the same cases.
    """
    cases, mistakes = answer.exercise.inputs, answer.exercise.mistakes
    known = {mistake: answer_of(answer.exercise, mistake) for mistake in mistakes}
    for mistake, one in known.items():
        if all(same(one.outcome(case), answer.outcome(case)) for case in cases):
            return mistake.message, mistake.hint
    for mistake, one in known.items():
        if mistake.symptom and all(one.is_right(case) == answer.is_right(case) for case in cases):
            return mistake.message, mistake.hint
    return None


@functools.cache  # so the results of a mistake are computed once
def answer_of(exercise, mistake):
    """Return a declared Mistake as an Answer, so that a reader's answer can be compared with it."""
    return Answer(exercise, mistake.form, seconds=math.inf)


def wrong_line(answer):
    """Find small changes of the answer's own code that make it right: say where, and not what.

    Only the likeliest kind of change counts that makes it right. If such changes of many lines do,
    nothing is said: most of these lines are right.
    """
    wrong = [case for case in answer.exercise.inputs if not answer.is_right(case)]
    try:
        code, names = code_of(answer.value), namespace(answer.value)
    except (OSError, TypeError, SyntaxError, AttributeError):  # no source, or no function
        return None
    if not wrong or not code.startswith(("def ", "class ")):  # a lambda's source is a whole line
        return None
    if len(code.splitlines()) == 2:  # its only line says nothing
        return None
    start, found = time.process_time(), {}
    for programs in changed_programs(code, answer.exercise.code):
        for line, program in programs:
            if time.process_time() - start > SEARCH:
                break
            there = f"`{code.splitlines()[line - 1].strip()}`"
            if there not in found and is_right(answer, program, dict(names), wrong[0]):
                found[there] = line
        if found:
            break
    if not 0 < len(found) <= MOST:
        return None
    lines = " or at the line ".join(sorted(found, key=found.get))
    message = f"One small change makes your answer right. Look at the line {lines}."
    return message, "what should it say, or where should it stand?"


def is_right(answer, program, names, first):
    """Tell whether a changed answer is right; the case `first` is tried before all conditions.

    program: its compiled code. names: dict, what the program may use.
    """
    try:
        with redirect_stdout(io.StringIO()):
            exec(program, names)
            changed = Answer(answer.exercise, names[answer.value.__name__], seconds=1)
            return changed.is_right(first) and not changed.failed_condition()
    except (Exception, TooSlow):  # the change is none that Python, or the answer, can bear
        return False


def namespace(value):
    """Return the names that a function or a class can use."""
    if inspect.isclass(value):
        return vars(sys.modules[value.__module__])
    function = inspect.unwrap(value)  # what a decorator such as functools.cache wraps
    return {**function.__globals__, **inspect.getclosurevars(function).nonlocals}


def first_difference(answer, wrong):
    """Add to the message of the failed condition which cases are wrong, if not all are."""
    named = answer.exercise.named
    cases = [name for name, case in named.items() if not answer.is_right(case)]
    if not 0 < len(cases) < len(named):
        return str(wrong), wrong.hint
    more = f"; and {len(cases) - NAMED} more" if len(cases) > NAMED else ""
    return f"{wrong} Wrong only for: {'; '.join(cases[:NAMED])}{more}.", wrong.hint
