"""The verdict on an answer: run it safely on every case, and say what it got wrong.

A message is given only if it is true. `explain` speaks of the answer as a whole if it can.
Otherwise the message names the case that failed, what was expected and what came.
"""

import functools
import inspect
import sys
import traceback
from contextlib import ExitStack, contextmanager, nullcontext
from typing import NamedTuple
from unittest import mock

import numpy as np

from pixelcnn_lib.teach import safely
from pixelcnn_lib.teach.errors import codes, hint_for, told
from pixelcnn_lib.teach.exercises import Wrong, briefly, copied, solved, unanswered
from pixelcnn_lib.teach.explain import explain
from pixelcnn_lib.teach.results import compare, converted
from pixelcnn_lib.teach.safely import TooSlow

STUMBLED = "The check itself failed"


class Unanswered(Exception):
    """The stub is still a stub."""


class Borrowed(Exception):
    """The answer called the library's own solution."""


class Verdict(NamedTuple):
    """What a check found: mark ○, ✗ or ✓, the line to print, and what is wrong."""

    mark: str
    line: str
    wrong: Wrong = None


def judge(exercise, value):
    """Return the Verdict on an answer, whatever the answer is or does. Only Ctrl-C is raised."""
    with safely.time_limit() as clock, safely.quiet(), safely.harmless():
        try:
            accept(exercise, value)
            return examine(Answer(exercise, value, clock))
        except Unanswered:
            return Verdict("○", unanswered(exercise.id))
        except TooSlow as late:
            hint = "does every loop end? A while loop needs a step towards its end."
            return refuse(exercise, Wrong(str(late), hint))
        except Wrong as wrong:
            return refuse(exercise, wrong)
        except Exception as error:
            wrong = Wrong(f"{STUMBLED} on it: {type(error).__name__}: {error}.", "compare by eye.")
            return refuse(exercise, wrong)


def accept(exercise, value):
    """Refuse answers that need no call: nothing, the library's own solution, or a result."""
    solution = exercise.solution
    if value is None or value is ...:
        raise Unanswered
    is_class = inspect.isclass(solution)
    own = [value, getattr(value, "func", None), getattr(value, "__wrapped__", None)]
    derived = is_class and inspect.isclass(value) and issubclass(value, solution)
    if derived or any(one is solution for one in own):
        message = f"That is the library's own {full_name(solution)}."
        raise Wrong(message, "write yours in the cell above.")
    makes_layers = inspect.isclass(value) or inspect.isroutine(value)
    if not callable(value) or is_class and not makes_layers:
        kind = "class" if is_class else "function"
        hint = f'give its name, without calling it: check("{exercise.id}", {solution.__name__}).'
        raise Wrong(f"Expected the {kind} itself, got {briefly(value)}.", hint)


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
                wrong = explain(answer, wrong)
            except (TooSlow, Unanswered):
                pass  # there is no time for more than the failing case
            return refuse(exercise, wrong)
    return Verdict("✓", solved(exercise))


def refuse(exercise, wrong):
    hint = wrong.hint or f'hint("{exercise.id}") gives you one.'
    return Verdict("✗", f"✗ {exercise.id} {wrong} Hint: {hint}", wrong)


class Answer:
    """The reader's answer, made safe to call: it gets copies, and every failure becomes a Wrong.

    exercise: Exercise. value: the answer as it was given.
    clock: safely.Clock, which stops it; None for a declared mistake, which needs no limit and may
        call the library's solution.
    """

    def __init__(self, exercise, value, clock=None):
        self.exercise, self.value, self.clock = exercise, value, clock
        self.outcomes = {}

    def __call__(self, *case):
        """Return the result on a case, NumPy arrays; raises Wrong for another shape, or nan."""
        got = self.outcome(case)
        if isinstance(got, Wrong):
            raise got
        call, expected = self.exercise.call(case), self.exercise.expected(*case)
        if isinstance(expected, dict):
            for key in expected:
                compare(f"{call} ({key})", expected[key], got[key])
        else:
            compare(call, expected, got)
        return got

    def is_right(self, case):
        """Tell whether the result on a case is right."""
        expected = self.exercise.expected(*case)
        try:
            got = self(*case)
        except Wrong:
            return False
        keys = expected if isinstance(expected, dict) else [...]
        return not any(np.any(self.exercise.differ(expected[key], got[key])) for key in keys)

    def of(self, mistake):
        """Return the Answer of a declared mistake; its results are computed once for all answers."""
        if mistake.results is None:
            mistake.results = Answer(self.exercise, mistake.form)
        return mistake.results

    def outcome(self, case):
        """Return the result on a case: arrays, or a Wrong; computed once."""
        key = tuple(map(id, case))
        if key not in self.outcomes:
            self.outcomes[key] = case, self.fresh(*case)
        return self.outcomes[key][1]

    def fresh(self, *case):
        """Compute the result on a case again: arrays, or a Wrong."""
        try:
            return self._run(case)
        except Wrong as wrong:
            return wrong

    def _run(self, case):
        exercise, given, call = self.exercise, copied(case), self.exercise.call(case)
        expected = exercise.expected(*exercise.inputs[0])
        guard = without(exercise.solution) if self.clock else nullcontext()
        run = self.clock.call if self.clock else lambda function, *args: function(*args)
        try:
            with guard:
                found = run(self._converted, given, expected, call)
        except (TooSlow, Unanswered, Wrong):
            raise
        except BaseException as error:
            if self.clock and self.clock.pressed:  # Ctrl-C
                raise
            if among(error, Borrowed):
                message = f"Your answer calls the library's {full_name(exercise.solution)}."
                raise Wrong(message, "write its steps yourself.") from None
            if is_stub(error, self.value):
                raise Unanswered from None
            message = f"{call} raised {told(error, self.value)}."
            raise Wrong(message, hint_for(error)) from None
        for number, (before, after) in enumerate(zip(case, given), 1):
            floats = isinstance(before, np.ndarray) and before.dtype.kind in "fc"
            if isinstance(before, np.ndarray) and not np.array_equal(before, after, floats):
                hint = "work on a copy: the caller still needs the original."
                raise Wrong(f"{call} changed its argument number {number}.", hint)
        return found

    def _converted(self, given, expected, call):
        return converted(self.exercise.probe(self._watched(call), *given), expected, call)

    def _watched(self, call):
        """Wrap a function, not a class, so that a result of None is refused before it is used."""
        if inspect.isclass(self.exercise.solution):
            return self.value

        @functools.wraps(self.value)
        def watched(*args, **options):
            result = self.value(*args, **options)
            if result is ... or result is None and is_empty(self.value):
                raise Unanswered
            if result is None:
                hint = "what should it return here? Does every path end with a return?"
                raise Wrong(f"{call} returned None.", hint)
            return result

        return watched


@contextmanager
def without(solution):
    """While an answer runs, replace the library's own solution by one that raises Borrowed."""

    def borrowed(*args, **options):
        raise Borrowed

    name, all_solutions = solution.__name__, sys.modules.get("pixelcnn_lib.teach.solutions")
    with ExitStack() as stack:
        for module in (sys.modules[solution.__module__], all_solutions):
            if getattr(module, name, None) is solution:
                stack.enter_context(mock.patch.object(module, name, borrowed))
        yield


def full_name(solution):
    module, name = solution.__module__.rpartition(".")[2], solution.__name__
    return name if module == name else f"{module}.{name}"


def among(error, kind):
    """Tell whether an error, or one that led to it, is of a kind."""
    return error is not None and (
        isinstance(error, kind) or among(error.__cause__ or error.__context__, kind)
    )


def is_stub(error, value):
    """Tell whether the answer's own line raised NotImplementedError, as a stub's does."""
    while error is not None:
        if isinstance(error, NotImplementedError) and error.__traceback__:
            *_, last = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
            return last.f_code in codes(value)
        error = error.__cause__ or error.__context__
    return False


def is_empty(value):
    """Tell whether a function's body does nothing: pass, ... or only a docstring."""
    code = getattr(value, "__code__", None)
    return code is not None and len(code.co_code) <= len((lambda: None).__code__.co_code)
