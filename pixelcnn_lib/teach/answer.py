"""An answer made safe to call: it gets copies, it is stopped in time, and every failure is a Wrong."""

import functools
import inspect

import numpy as np

from pixelcnn_lib.teach.errors import told
from pixelcnn_lib.teach.exercises import Wrong, copied
from pixelcnn_lib.teach.results import checked
from pixelcnn_lib.teach.safely import settings_kept, time_limit


class Unanswered(Exception):
    """The stub is still a stub."""


class Answer:
    """A function or a class, and its results on the cases.

    exercise: Exercise. value: the reader's answer, or a declared mistake.
    seconds: of CPU time, for a call; an endless loop raises TooSlow.
    """

    def __init__(self, exercise, value, seconds):
        self.exercise, self.value, self.seconds = exercise, value, seconds
        self.outcomes = {}

    def failed_condition(self):
        """Return the Wrong of the first condition that fails, or None."""
        for condition in self.exercise.conditions:
            try:
                wrong = condition(self)
            except Wrong as raised:
                wrong = raised
            if wrong:
                return wrong

    def __call__(self, *case):
        """Return the result on a case, as NumPy arrays, or raise a Wrong."""
        outcome = self.outcome(case)
        if isinstance(outcome, Wrong):
            raise outcome
        return outcome

    def is_right(self, case):
        """Tell whether the result on a case is right."""
        outcome, expected = self.outcome(case), self.exercise.expected(*case)
        return not isinstance(outcome, Wrong) and self.exercise.equal(expected, outcome)

    def outcome(self, case):
        """Return the result on a case, as NumPy arrays, or a Wrong; computed once."""
        key = tuple(map(id, case))
        if key not in self.outcomes:
            try:
                outcome = self._result(case)
            except Wrong as wrong:
                outcome = wrong
            self.outcomes[key] = case, outcome
        return self.outcomes[key][1]

    def _result(self, case):
        exercise, given, call = self.exercise, copied(case), self.exercise.call(case)
        try:
            with settings_kept(), time_limit(self.seconds):
                result = exercise.probe(self._watched(call), *given)
        except (Unanswered, Wrong):
            raise
        except (Exception, SystemExit) as error:
            if is_stub(error):
                raise Unanswered from None
            words, hint = told(error, self.value)
            raise Wrong(f"{call} raised {words}", hint) from None
        for number, (before, after) in enumerate(zip(case, given), 1):
            floats = isinstance(before, np.ndarray) and before.dtype.kind == "f"
            if isinstance(before, np.ndarray) and not np.array_equal(before, after, floats):
                hint = "work on a copy: the caller still needs the original."
                raise Wrong(f"{call} changed its argument number {number}.", hint)
        return checked(result, exercise.expected(*case), call)

    def _watched(self, call):
        """Wrap a function, not a class, so that a result of None is refused before it is used."""
        if inspect.isclass(self.value):
            return self.value

        @functools.wraps(self.value)
        def watched(*args, **options):
            result = self.value(*args, **options)
            if result is None:
                hint = "what should it return here? Does every path end with a return?"
                raise Wrong(f"{call} returned None.", hint)
            return result

        return watched


def is_stub(error):
    """Tell whether a bare NotImplementedError, as a stub raises it, led to an error."""
    while error is not None:
        if isinstance(error, NotImplementedError) and not error.args:
            return True
        error = error.__cause__ or error.__context__
    return False
