"""The verdict on an answer: run it safely on every case, and say what it got wrong."""

import _thread
import inspect
import random
import re
import signal
import sys
import threading
import traceback
import warnings
from contextlib import contextmanager, nullcontext
from typing import NamedTuple
from unittest import mock

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong, briefly, copied, solved, to_numpy, unanswered

SECONDS = 8  # for an answer; drawing what is wrong with it takes one or two more
STUMBLED = "The check itself stumbled"
AT = ", at `"  # before the line of an answer that raised
# what Keras (bold type) and TensorFlow (the node and the operation) put around an error's message
FRAME = r"\x1b\[\d*m|\{\{function_node .*?\}\} | \[Op:.*"


class Unanswered(Exception):
    """The stub is still a stub."""


class Borrowed(Exception):
    """The answer called the library's own."""


class TooSlow(BaseException):
    """Time is over. No Exception, so that an answer's own `except` does not catch it."""


class Verdict(NamedTuple):
    """What a check found: mark ○, ✗ or ✓, the line to print, what is wrong, the failed condition."""

    mark: str
    line: str
    wrong: Wrong = None
    condition: str = ""


def judge(exercise, value):
    """Give the Verdict on an answer, whatever it is and does. Raises nothing."""
    try:
        with time_limit(), quiet():
            _accept(exercise, value)
            return examine(Answer(exercise, value))
    except Unanswered:
        return Verdict("○", unanswered(exercise.id))
    except TooSlow:
        hint = "does every loop end? A while loop needs a step towards its end."
        return _refuse(exercise, Wrong(f"Still running after {SECONDS} seconds.", hint))
    except Wrong as wrong:
        return _refuse(exercise, wrong)
    except Exception as error:
        wrong = Wrong(f"{STUMBLED} over it: {type(error).__name__}: {error}.", "compare by eye.")
        return _refuse(exercise, wrong)


def examine(answer):
    """Put an Answer to each condition; the first that fails decides."""
    exercise = answer.exercise
    for condition in exercise.conditions:
        try:
            wrong = condition(answer)
        except Wrong as raised:
            wrong = raised
        if wrong:
            return _refuse(exercise, _recognise(answer, wrong), condition.__name__)
    return Verdict("✓", solved(exercise))


def _refuse(exercise, wrong, condition=""):
    hint = wrong.hint or f'hint("{exercise.id}") gives you one.'
    return Verdict("✗", f"✗ {exercise.id} {wrong} Hint: {hint}", wrong, condition)


def _recognise(answer, wrong):
    """Say more of a wrong answer, if it behaves like a known mistake."""
    for mistake in answer.exercise.mistakes:
        known = Answer(answer.exercise, mistake.twin, may_borrow=True)
        if all(same(known.outcome(case), answer.outcome(case)) for case in answer.exercise.inputs):
            return Wrong(mistake.message, mistake.hint, wrong.values, wrong.marks, wrong.expected)
    return wrong


def same(one, other):
    """Compare two outcomes: arrays, dicts of them, or what went wrong, wherever it was."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or not {one.dtype.kind, other.dtype.kind} <= set("fc"):
            return np.array_equal(one, other)
        return np.allclose(one, other, 1e-4, 1e-5, equal_nan=True)
    if not (isinstance(one, Wrong) and isinstance(other, Wrong)):
        return False
    return str(one).partition(AT)[0] == str(other).partition(AT)[0]


class Answer:
    """The reader's answer, made safe to call: it gets copies, and whatever goes wrong is a Wrong.

    `value` is the answer as it was given; the results are NumPy arrays, each computed once.
    """

    def __init__(self, exercise, value, may_borrow=False):
        self.exercise, self.value, self.known = exercise, value, {}
        self.watch = nullcontext if may_borrow else lambda: _without(exercise.twin)

    def __call__(self, *case):
        """Give what the probe finds on a case: like the twin's in kind and shape, and no nan."""
        got = self.outcome(case)
        if isinstance(got, Wrong):
            raise got
        call, expected = self.exercise.call(case), self.exercise.expected(*case)
        pairs = [("", expected, got)]
        if isinstance(expected, dict):
            pairs = [(f" ({key})", expected[key], got[key]) for key in expected]
        for part, right, mine in pairs:
            _compare(call + part, right, mine, lambda: self.ignored(case))
        return got

    def ignored(self, case):
        """Name the argument that the twin's shape depends on and the answer's does not, or None."""
        if not all(isinstance(one, (int, str, tuple)) for one in case):
            return None  # others may be heavy
        for place, name in enumerate(self.exercise.names(case)):
            follows = []
            for value in [one[place] for one in self.exercise.inputs if len(one) > place]:
                other = (*case[:place], value, *case[place + 1 :])
                try:
                    right = self.exercise.expected(*other)
                except Exception:  # no case for the twin
                    continue
                if np.shape(right) != np.shape(self.exercise.expected(*case)):
                    mine = self.outcome(case), self.outcome(other)
                    follows.append(np.shape(mine[0]) != np.shape(mine[1]))
            if follows and not any(follows):
                return name
        return None

    def outcome(self, case):
        """What came of a case: arrays, or a Wrong."""
        key = tuple(map(id, case))
        if key not in self.known:
            try:
                self.known[key] = case, self._run(case)
            except Wrong as wrong:
                self.known[key] = case, wrong
        return self.known[key][1]

    def _run(self, case):
        exercise, given = self.exercise, copied(case)
        call = exercise.call(case)
        try:
            with self.watch():
                result = exercise.probe(self.value, *given)
        except (Exception, SystemExit) as error:
            if _among(error, Borrowed):
                hint = "write out what it does."
                raise Wrong(
                    f"That is the library's {_name(exercise.twin)} at work.", hint
                ) from None
            if _among(error, NotImplementedError):
                raise Unanswered from None
            hint = "run that call in a cell of its own to see more."
            raise Wrong(f"{call} raised {_told(error, self.value)}.", hint) from None
        if result is ... or result is None and _is_empty(self.value):
            raise Unanswered
        if result is None:
            raise Wrong(f"{call} returned None.", "is there a return at its end?")
        for number, (before, after) in enumerate(zip(case, given), 1):
            if isinstance(before, np.ndarray) and not np.array_equal(before, after):
                hint = "work on a copy: the caller still needs the original."
                raise Wrong(f"{call} changed its argument number {number}.", hint)
        try:
            return to_numpy(result)
        except (TypeError, ValueError):
            hint = "return one array; rows of different lengths make none."
            raise Wrong(f"{call} returned {briefly(result)}, which is no array.", hint) from None


def _without(twin):
    """Where an answer runs, the library's own is missing: it raises Borrowed."""

    def borrowed(*args, **kwargs):
        raise Borrowed

    return mock.patch.object(sys.modules[twin.__module__], twin.__name__, borrowed)


def _name(twin):
    return f"{twin.__module__.rpartition('.')[2]}.{twin.__name__}"


def _accept(exercise, value):
    """Refuse what need not be called: nothing, the library's own, a result instead of a function."""
    twin = exercise.twin
    if value is None or value is ...:
        raise Unanswered
    is_class = inspect.isclass(twin)
    own = [value, getattr(value, "func", None), getattr(value, "__wrapped__", None)]
    derived = is_class and inspect.isclass(value) and issubclass(value, twin)
    if derived or any(one is twin for one in own):
        raise Wrong(f"That is the library's own {_name(twin)}.", "write yours in the cell above.")
    makes_layers = inspect.isclass(value) or inspect.isroutine(value)
    if not callable(value) or is_class and not makes_layers:
        kind = "class" if is_class else "function"
        hint = f'give its name, without calling it: check("{exercise.id}", {twin.__name__}).'
        raise Wrong(f"Expected the {kind} itself, got {briefly(value)}.", hint)


def _compare(call, expected, got, ignored):
    """Raise Wrong for a result of another kind or shape than the twin's, or with nan in it.

    ignored: finds the name of an argument that the answer's shape should depend on, or None.
    """
    kinds = {got.dtype.kind, expected.dtype.kind}
    if len(kinds) > 1 and not kinds <= set("biufcV"):  # V: the small floats of other libraries
        hint = f"return what NumPy can turn into {expected.dtype}."
        raise Wrong(f"{call} returned {briefly(got)}.", hint)
    if got.shape != expected.shape:
        shapes = [got.shape, expected.shape]
        came, wanted = (f"shape {shape}" if shape else "a single value" for shape in shapes)
        hint = "print the shape of each step."
        if sorted(got.shape) == sorted(expected.shape):
            hint = "the sizes are right, their order is not."
        elif name := ignored():
            hint = f"the shape depends on `{name}`; yours does not."
        raise Wrong(f"{call}: expected {wanted}, got {came}.", hint)
    if got.dtype.kind in "fc":
        bad = np.isnan(got) & ~np.isnan(expected.astype(got.dtype))
        if bad.any():
            hint = "look for 0 / 0, log of 0 or inf - inf."
            raise Wrong(f"{call}: {bad.sum()} of {bad.size} values are nan.", hint, got, bad)


def _among(error, kind):
    """Tell whether an error is, or comes from, one of a kind."""
    return error is not None and (
        isinstance(error, kind) or _among(error.__cause__ or error.__context__, kind)
    )


def _is_empty(value):
    """Tell whether a function's body does nothing: pass, ... or a docstring alone."""
    code = getattr(value, "__code__", None)
    return code is not None and len(code.co_code) <= len((lambda: None).__code__.co_code)


def _told(error, value):
    """An error on one line, with the line of the answer that raised it."""
    plain = re.sub(FRAME, "", str(error))
    lines = [line.strip(" .") for line in plain.splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("Exception encountered")] or [""]
    members = vars(value).values() if inspect.isclass(value) else [value]
    files = {one.__code__.co_filename for one in members if hasattr(one, "__code__")}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    place = f"{AT}{frames[-1].line}`" if frames and frames[-1].line else ""
    return f"{type(error).__name__}: {lines[0]:.160}{place}"


@contextmanager
def quiet():
    """Within this block warn of nothing; after it, the chapter's random numbers go on as before."""
    luck = random.getstate(), np.random.get_state()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(luck[0])
        np.random.set_state(luck[1])


@contextmanager
def time_limit():
    """Raise TooSlow in this block after SECONDS; only the main thread can be stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if not hasattr(signal, "SIGALRM"):  # Windows
        over = threading.Event()
        timer = threading.Timer(SECONDS, lambda: (over.set(), _thread.interrupt_main()))
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored
        timer.start()
        try:
            yield
        except KeyboardInterrupt:
            if over.is_set():
                raise TooSlow from None
            raise
        finally:
            timer.cancel()
            signal.signal(signal.SIGINT, before)
        return

    def stop(*_):
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)  # again each second, if something caught it
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
