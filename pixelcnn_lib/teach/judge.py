"""The verdict on an answer: run it safely on every case, and say what it got wrong.

A message is given only if it is true. `diagnosis` explains a wrong answer as a whole if it can.
Otherwise the message names the case that failed, what was expected and what came.
"""

import inspect
import sys
import traceback
from contextlib import nullcontext
from typing import NamedTuple
from unittest import mock

import numpy as np

from pixelcnn_lib.teach import safely
from pixelcnn_lib.teach.diagnosis import recognise
from pixelcnn_lib.teach.errors import codes, hint_for, told
from pixelcnn_lib.teach.exercises import Wrong, briefly, copied, solved, unanswered
from pixelcnn_lib.teach.returned import (
    attentive,
    compare,
    converted,
    refuse_other_kind,
    refuse_other_parts,
)
from pixelcnn_lib.teach.safely import TooSlow

STUMBLED = "The check itself failed"


class Unanswered(Exception):
    """The stub is still a stub."""


class Borrowed(Exception):
    """The answer called the library's own solution."""


class Verdict(NamedTuple):
    """What a check found: mark ○, ✗ or ✓, the line to print, what is wrong, the failed condition."""

    mark: str
    line: str
    wrong: Wrong = None
    condition: str = ""


def judge(exercise, value):
    """Return the Verdict on an answer, whatever the answer is or does. Never raises."""
    safely.remember()
    if names := safely.replaced():
        return _refuse(exercise, _told_replaced(names, "A cell"))
    try:
        with safely.time_limit() as clock, safely.quiet(), safely.harmless():
            verdict = _judge(exercise, value, clock)
    except TooSlow as late:  # the judge itself was interrupted
        verdict = _refuse(exercise, Wrong(str(late), "does every loop end?"))
    if (names := safely.replaced()) and verdict.mark == "✓":
        return _refuse(exercise, _told_replaced(names, "Your answer"))
    return verdict


def _judge(exercise, value, clock):
    try:
        _accept(exercise, value)
        return examine(Answer(exercise, value, clock))
    except Unanswered:
        return Verdict("○", unanswered(exercise.id))
    except TooSlow as late:
        hint = "does every loop end? A while loop needs a step towards its end."
        return _refuse(exercise, Wrong(str(late), hint))
    except Wrong as wrong:
        return _refuse(exercise, wrong)
    except Exception as error:
        wrong = Wrong(f"{STUMBLED} on it: {type(error).__name__}: {error}.", "compare by eye.")
        return _refuse(exercise, wrong)


def examine(answer):
    """Test an Answer on each condition; the first condition that fails decides."""
    exercise = answer.exercise
    for condition in exercise.conditions:
        try:
            wrong = condition(answer)
        except Wrong as raised:
            wrong = raised
        if wrong:
            try:
                wrong = recognise(answer, wrong)
            except (TooSlow, Unanswered):
                pass  # there is no time for more than the failing case
            return _refuse(exercise, wrong, condition.__name__)
    return Verdict("✓", solved(exercise))


def _refuse(exercise, wrong, condition=""):
    hint = wrong.hint or f'hint("{exercise.id}") gives you one.'
    return Verdict("✗", f"✗ {exercise.id} {wrong} Hint: {hint}", wrong, condition)


def _told_replaced(names, who):
    function = "a function" if len(names) == 1 else "functions"
    return Wrong(
        f"{who} replaced {function} of the library: {', '.join(names[:3])}. The original is back.",
        "give your own function another name, and run this check again.",
    )


class Answer:
    """The reader's answer, made safe to call: it gets copies, and every failure becomes a Wrong.

    `value` is the answer as it was given; the results are NumPy arrays, each computed once.
    """

    def __init__(self, exercise, value, clock=None, may_borrow=False):
        self.exercise, self.value, self.known = exercise, value, {}
        self.clock = clock or safely.Clock()
        self.watch = nullcontext if may_borrow else lambda: _without(exercise.solution)

    def __call__(self, *case):
        """Return the probe's result on a case, checked for its kind, its shape and nan."""
        got = self.outcome(case)
        if isinstance(got, Wrong):
            raise got
        call, expected = self.exercise.call(case), self.exercise.expected(*case)
        pairs = [("", expected, got)]
        if isinstance(expected, dict):
            pairs = [(f" ({key})", expected[key], got[key]) for key in expected]
        for part, right, mine in pairs:
            compare(call + part, right, mine)
        return got

    def like(self, form):
        """Return the Answer of a known mistake; its results are computed once for all answers."""
        known = self.exercise.known.setdefault(form, Answer(self.exercise, form, may_borrow=True))
        known.clock = self.clock
        return known

    def outcome(self, case):
        """Return the result on a case: arrays, or a Wrong."""
        key = tuple(map(id, case))
        if key not in self.known:
            self.known[key] = case, self.fresh(*case)
        return self.known[key][1]

    def fresh(self, *case):
        """Compute the result on a case again: arrays, or a Wrong."""
        try:
            return self._run(case)
        except Wrong as wrong:
            return wrong

    def _run(self, case):
        exercise, given = self.exercise, copied(case)
        call, answer = exercise.call(case), self._watched(exercise.call(case))
        try:
            with self.watch():
                found = self.clock.call(self._probe, answer, given, call)
        except (TooSlow, Unanswered, Wrong):
            raise
        except BaseException as error:
            if _among(error, Borrowed):
                hint = "write its steps yourself."
                raise Wrong(
                    f"Your answer calls the library's {_name(exercise.solution)}.", hint
                ) from None
            if _is_stub(error, self.value):
                raise Unanswered from None
            message = f"{call} raised {told(error, self.value)}."
            raise Wrong(message, hint_for(error)) from None
        self._refuse_nothing(call, found)
        refuse_other_parts(call, found, exercise.expected(*exercise.inputs[0]))
        for number, (before, after) in enumerate(zip(case, given), 1):
            floats = isinstance(before, np.ndarray) and before.dtype.kind in "fc"
            if isinstance(before, np.ndarray) and not np.array_equal(before, after, floats):
                hint = "work on a copy: the caller still needs the original."
                raise Wrong(f"{call} changed its argument number {number}.", hint)
        return found

    def _watched(self, call):
        """Wrap a function so that its results are checked before a probe uses them; not a class."""
        if inspect.isclass(self.exercise.solution):
            return self.value
        expected = self.exercise.returned

        def look(result):
            if expected is not None and result is not None and result is not ...:
                refuse_other_kind(call, result, expected)

        return attentive(self.value, look)

    def _refuse_nothing(self, call, result):
        if result is ... or result is None and _is_empty(self.value):
            raise Unanswered
        if result is None:
            raise Wrong(
                f"{call} returned None.",
                "what should it return here? Does every path end with a return?",
            )

    def _probe(self, answer, given, call):
        result = self.exercise.probe(answer, *given)
        return result if result is None or result is ... else converted(result, call)


def _without(solution):
    """While an answer runs, replace the library's own solution by one that raises Borrowed."""

    def borrowed(*args, **kwargs):
        raise Borrowed

    return mock.patch.object(sys.modules[solution.__module__], solution.__name__, borrowed)


def _name(solution):
    module, name = solution.__module__.rpartition(".")[2], solution.__name__
    return name if module == name else f"{module}.{name}"


def _accept(exercise, value):
    """Refuse answers that need no call: nothing, the library's own solution, or a result."""
    solution = exercise.solution
    if value is None or value is ...:
        raise Unanswered
    is_class = inspect.isclass(solution)
    own = [value, getattr(value, "func", None), getattr(value, "__wrapped__", None)]
    derived = is_class and inspect.isclass(value) and issubclass(value, solution)
    if derived or any(one is solution for one in own):
        raise Wrong(
            f"That is the library's own {_name(solution)}.", "write yours in the cell above."
        )
    makes_layers = inspect.isclass(value) or inspect.isroutine(value)
    if not callable(value) or is_class and not makes_layers:
        kind = "class" if is_class else "function"
        hint = f'give its name, without calling it: check("{exercise.id}", {solution.__name__}).'
        raise Wrong(f"Expected the {kind} itself, got {briefly(value)}.", hint)


def _among(error, kind):
    """Tell whether an error, or one that led to it, is of a kind."""
    return error is not None and (
        isinstance(error, kind) or _among(error.__cause__ or error.__context__, kind)
    )


def _is_stub(error, value):
    """Tell whether the answer's own line raised NotImplementedError, as a stub's does."""
    while error is not None:
        if isinstance(error, NotImplementedError) and error.__traceback__:
            *_, last = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
            return last.f_code in codes(value)
        error = error.__cause__ or error.__context__
    return False


def _is_empty(value):
    """Tell whether a function's body does nothing: pass, ... or only a docstring."""
    code = getattr(value, "__code__", None)
    return code is not None and len(code.co_code) <= len((lambda: None).__code__.co_code)
