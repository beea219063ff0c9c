"""The verdict on an answer: run it safely on every case, and say what it got wrong.

A message is true, or it is not given. `diagnosis` says what it can of a wrong answer as a whole;
everything else is told as the case that failed, with what was expected and what came.
"""

import inspect
import re
import sys
import traceback
from contextlib import nullcontext
from typing import NamedTuple
from unittest import mock

import numpy as np

from pixelcnn_lib.teach import safely
from pixelcnn_lib.teach.diagnosis import recognise
from pixelcnn_lib.teach.exercises import Wrong, briefly, copied, solved, to_numpy, unanswered
from pixelcnn_lib.teach.experiments import AT
from pixelcnn_lib.teach.safely import TooSlow

STUMBLED = "The check itself stumbled"
# what Keras (bold type) and TensorFlow (the node and the operation) put around an error's message
FRAME = r"\x1b\[\d*m|\{\{function_node .*?\}\} | \[Op:.*"


HINTS = {  # for what an answer raised
    "TypeError": "print the types of what that line uses.",
    "ValueError": "print the shapes and dtypes of what that line uses.",
    "InvalidArgumentError": "print the shapes and dtypes of what that line uses.",
    "IndexError": "print the shape of the array, and the index.",
    "KeyError": "print the keys that there are.",
    "NameError": "is that name spelled as where it was made?",
    "AttributeError": "of which type is the object before the dot, and who gives it that name?",
    "RecursionError": "where does the recursion end?",
    "MemoryError": "that array is too large: which size do you need?",
    "ZeroDivisionError": "which divisor can be 0?",
    "SystemExit": "an answer returns its result; it does not exit.",
}


class Unanswered(Exception):
    """The stub is still a stub."""


class Borrowed(Exception):
    """The answer called the library's own."""


class Verdict(NamedTuple):
    """What a check found: mark ○, ✗ or ✓, the line to print, what is wrong, the failed condition."""

    mark: str
    line: str
    wrong: Wrong = None
    condition: str = ""


def judge(exercise, value):
    """Give the Verdict on an answer, whatever it is and does. Raises nothing."""
    safely.remember()
    if names := safely.replaced():
        return _refuse(exercise, _told_replaced(names, "A cell"))
    try:
        with safely.time_limit() as clock, safely.quiet(), safely.harmless():
            verdict = _judge(exercise, value, clock)
    except TooSlow as late:  # it met the judge itself
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
    """The reader's answer, made safe to call: it gets copies, and whatever goes wrong is a Wrong.

    `value` is the answer as it was given; the results are NumPy arrays, each computed once.
    """

    def __init__(self, exercise, value, clock=None, may_borrow=False):
        self.exercise, self.value, self.known = exercise, value, {}
        self.clock = clock or safely.Clock()
        self.watch = nullcontext if may_borrow else lambda: _without(exercise.solution)

    def __call__(self, *case):
        """Give what the probe finds on a case: like the solution's in kind and shape, and no nan."""
        got = self.outcome(case)
        if isinstance(got, Wrong):
            raise got
        call, expected = self.exercise.call(case), self.exercise.expected(*case)
        pairs = [("", expected, got)]
        if isinstance(expected, dict):
            pairs = [(f" ({key})", expected[key], got[key]) for key in expected]
        for part, right, mine in pairs:
            _compare(call + part, right, mine)
        return got

    def like(self, form):
        """The Answer of a known mistake; what it does is computed once for all answers."""
        known = self.exercise.known.setdefault(form, Answer(self.exercise, form, may_borrow=True))
        known.clock = self.clock
        return known

    def outcome(self, case):
        """What came of a case: arrays, or a Wrong."""
        key = tuple(map(id, case))
        if key not in self.known:
            self.known[key] = case, self.fresh(*case)
        return self.known[key][1]

    def fresh(self, *case):
        """What comes of a case, computed anew: arrays, or a Wrong."""
        try:
            return self._run(case)
        except Wrong as wrong:
            return wrong

    def _run(self, case):
        exercise, given = self.exercise, copied(case)
        call = exercise.call(case)
        try:
            with self.watch():
                found = self.clock.call(self._probe, given, call)
        except TooSlow:
            raise
        except Wrong:
            raise
        except BaseException as error:
            if _among(error, Borrowed):
                hint = "write out what it does."
                raise Wrong(
                    f"That is the library's {_name(exercise.solution)} at work.", hint
                ) from None
            if _is_stub(error, self.value):
                raise Unanswered from None
            message = f"{call} raised {_told(error, self.value)}."
            raise Wrong(message, _hint_for(error)) from None
        if found is ... or found is None and _is_empty(self.value):
            raise Unanswered
        if found is None:
            raise Wrong(f"{call} returned None.", "is there a return at its end?")
        for number, (before, after) in enumerate(zip(case, given), 1):
            floats = isinstance(before, np.ndarray) and before.dtype.kind in "fc"
            if isinstance(before, np.ndarray) and not np.array_equal(before, after, floats):
                hint = "work on a copy: the caller still needs the original."
                raise Wrong(f"{call} changed its argument number {number}.", hint)
        return found

    def _probe(self, given, call):
        result = self.exercise.probe(self.value, *given)
        return result if result is None or result is ... else _converted(result, call)


def _converted(result, call):
    """Turn what an answer returned into NumPy, or say that it is nothing of the kind."""
    try:
        found = to_numpy(result)
    except (TypeError, ValueError):
        hint = "return one array; rows of different lengths make none."
        raise Wrong(f"{call} returned {briefly(result)}, which is no array.", hint) from None
    for one in found.values() if isinstance(found, dict) else [found]:
        if one.dtype.kind == "O" and not one.shape and one.item() is None:
            raise Wrong(f"{call} returned None.", "is there a return at its end?")
        if one.dtype.kind == "O" and one.size and hasattr(one.flat[0], "shape"):
            hint = "return one array: its parts must have one shape."
            shapes = sorted({getattr(part, "shape", ()) for part in one.flat})
            raise Wrong(f"{call} returned arrays of the shapes {shapes}, not one array.", hint)
        if one.dtype.kind == "O" and one.shape:
            hint = "return numbers. Which step makes objects of them?"
            raise Wrong(f"{call} returned an array of dtype object.", hint)
        if one.dtype.kind == "O":
            kind = type(result).__name__
            raise Wrong(f"{call} returned a {kind}, which is no array.", "return numbers.")
    return found


def _without(solution):
    """Where an answer runs, the library's own is missing: it raises Borrowed."""

    def borrowed(*args, **kwargs):
        raise Borrowed

    return mock.patch.object(sys.modules[solution.__module__], solution.__name__, borrowed)


def _name(solution):
    module, name = solution.__module__.rpartition(".")[2], solution.__name__
    return name if module == name else f"{module}.{name}"


def _accept(exercise, value):
    """Refuse what need not be called: nothing, the library's own, a result instead of a function."""
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


def _compare(call, expected, got):
    """Raise Wrong for a result of another kind or shape than the solution's, or with nan in it."""
    kinds = {got.dtype.kind, expected.dtype.kind}
    if len(kinds) > 1 and not kinds <= set("biufcV"):  # V: the small floats of other libraries
        hint = f"return what NumPy can turn into {expected.dtype}."
        raise Wrong(f"{call} returned {briefly(got)}.", hint)
    if got.shape != expected.shape:
        shapes = [got.shape, expected.shape]
        came, wanted = (f"shape {shape}" if shape else "a single value" for shape in shapes)
        raise Wrong(f"{call}: expected {wanted}, got {came}.", _hint_for_shapes(*shapes))
    if got.dtype.kind in "fc":
        bad = np.isnan(got) & ~np.isnan(expected.astype(got.dtype))
        if bad.any():
            hint = "look for 0 / 0, 0 * inf, inf - inf, or the logarithm of a number below 0."
            raise Wrong(f"{call}: {bad.sum()} of {bad.size} values are nan.", hint, got, bad)


def _hint_for_shapes(got, expected):
    """The step from one shape to the other, if it is a single one."""
    pairs = list(enumerate(zip(got, expected)))
    lost = [axis for axis, (mine, right) in pairs if mine == 1 < right]
    kept = [axis for axis, (mine, right) in pairs if right == 1 < mine]
    if lost and kept:
        return f"axis {lost[0]} has become 1, and axis {kept[0]} should: which axis do you compute over?"
    if sorted(got) == sorted(expected):
        return "the sizes are right, their order is not."
    if not expected:
        return "how do these values become one number?"
    if not got:
        return "over which axis is it computed? Without `axis`, all values become one number."
    if len(got) == len(expected):
        axis = [one == other for one, other in zip(got, expected)].index(False)
        return f"where does the size of axis {axis} come from? Print the shape of each step."
    for axis in range(max(map(len, (got, expected)))):
        if got == expected[:axis] + expected[axis + 1 :]:
            return f"axis {axis}, of size {expected[axis]}, is missing. In which step is it lost?"
        if expected == got[:axis] + got[axis + 1 :]:
            return f"axis {axis}, of size {got[axis]}, is one too many. Where does it come from?"
    return "print the shape of each step."


def _among(error, kind):
    """Tell whether an error is, or comes from, one of a kind."""
    return error is not None and (
        isinstance(error, kind) or _among(error.__cause__ or error.__context__, kind)
    )


def _codes(value):
    """The compiled code of an answer: a function's, or that of a class's methods."""
    members = vars(value).values() if inspect.isclass(value) else [inspect.unwrap(value)]
    members = [getattr(one, "python_function", one) for one in members]  # under tf.function
    return {one.__code__ for one in members if hasattr(one, "__code__")}


def _is_stub(error, value):
    """Tell whether the answer's own line raised NotImplementedError, as a stub's does."""
    while error is not None:
        if isinstance(error, NotImplementedError) and error.__traceback__:
            *_, last = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
            return last.f_code in _codes(value)
        error = error.__cause__ or error.__context__
    return False


def _is_empty(value):
    """Tell whether a function's body does nothing: pass, ... or only a docstring."""
    code = getattr(value, "__code__", None)
    return code is not None and len(code.co_code) <= len((lambda: None).__code__.co_code)


def _hint_for(error):
    names = [kind.__name__ for kind in type(error).__mro__]
    said = _first_line(error)
    *_, last = ["", *(one.filename for one in traceback.extract_tb(error.__traceback__))]
    if "pixelcnn_lib" in last and {"ValueError", "TypeError"} & set(names):
        return "the message says what that call takes: compare it with what you give."
    if "TypeError" in names and "argument" in said:
        return "compare the arguments of that call with those of the definition."
    if "IndexError" in names and "integer" in said:
        return "an index is made of whole numbers: cast it to an integer type."
    shapes = [sorted(one.split(",")) for one in re.findall(r"[\[(](\d+(?:,\d+)+)[\])]", said)]
    if len(shapes) == 2 and re.search("broadcast|shape", said):
        if shapes[0] == shapes[1]:
            return "the two shapes have the same sizes in another order: which axis is which?"
        return "print both shapes: which axis has a size that you did not expect, and where from?"
    if re.search(r"same dtype|expected to be an? \w+ tensor but is an? \w+ tensor", said):
        return "two dtypes meet on that line: cast one of them to the other's."
    known = [HINTS[name] for name in names if name in HINTS]
    return (known or ["print what that line uses, just before it."])[0]


def _first_line(error):
    """What an error says first, without what the libraries put around it."""
    try:
        plain = re.sub(FRAME, "", str(error))
    except Exception:  # an error of the answer's own making
        return ""
    lines = [line.strip(" .") for line in plain.splitlines() if line.strip()]
    if lines and lines[0] == "in user code:":  # AutoGraph: the frames, then the error itself
        return lines[-1].partition("Error: ")[2] or lines[-1]
    lines = [line for line in lines if not line.startswith("Exception encountered")]
    return lines[0] if lines else ""


def _told(error, value):
    """An error on one line, with the line of the answer that raised it."""
    files = {code.co_filename for code in _codes(value)}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    place = f"{AT}{frames[-1].line}`" if frames and frames[-1].line else ""
    said = _first_line(error)
    told = f": {said:.160}" if said else ""
    return f"{type(error).__name__}{told}{place}"
