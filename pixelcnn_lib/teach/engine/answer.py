"""An answer and its results: called in time and with copies, every failure is a Wrong in plain words."""

import functools
import inspect
import re
import traceback

import numpy as np

from pixelcnn_lib.teach.engine.exercise import Wrong, briefly, copied, to_numpy
from pixelcnn_lib.teach.engine.safely import TooSlow, settings_kept, time_limit

AT = ", at `"  # before the line of an answer that raised
# what Keras (bold type) and TensorFlow (the node and the operation) put around an error's message
FRAME = r"\x1b\[\d*m|\{\{function_node .*?\}\} | \[Op:.*"


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
        except (Unanswered, Wrong, TooSlow, KeyboardInterrupt):
            raise
        except BaseException as error:
            if is_stub(error):
                raise Unanswered from None
            words, hint = told(error, self.value)
            raise Wrong(f"{call} raised {words}", hint) from None
        for number, (before, after) in enumerate(zip(case, given), 1):
            if not isinstance(before, np.ndarray):
                continue
            if before.shape != after.shape or before.tobytes() != after.tobytes():
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


def checked(result, expected, call):
    """Return what an answer returned as NumPy, if its kind and its shape are right.

    result: what the answer returned, or a dict of such results. expected: what the solution gives:
    an array, or a dict of arrays. call: str, the call in words.
    Raises Wrong for another kind, another shape, and nan.
    """
    if isinstance(expected, dict):
        return {key: checked(result[key], expected[key], f"{call} ({key})") for key in expected}
    try:
        got = to_numpy(result)
    except Exception:  # whatever its __array__ raises
        hint = "return one array; rows of different lengths do not form one."
        raise Wrong(f"{call} returned {briefly(result)}, which is no array.", hint) from None
    no_number = got.dtype.kind in "cOSUmM" or got.dtype.type is np.void
    if no_number and got.dtype.kind != expected.dtype.kind:
        wanted = "an array of numbers" if expected.shape else "a number"
        message = f"{call} returned {briefly(result)}: expected {wanted}."
        raise Wrong(message, "which step turns it into that?")
    if got.shape != expected.shape:
        shapes = got.shape, expected.shape
        came, wanted = (f"shape {shape}" if shape else "a single value" for shape in shapes)
        message = f"{call}: expected {wanted}, got {came}."
        raise Wrong(message, hint_for_shapes(*shapes), values=got)
    if got.dtype.kind == "f":
        bad = (got != got) & (expected == expected)
        if bad.any():
            hint = "look for 0 / 0, inf / inf, inf - inf, or the logarithm of a number below 0."
            raise Wrong(f"{call}: {bad.sum()} of {bad.size} values are nan.", hint, got, bad)
    return got


def hint_for_shapes(got, expected):
    """Return a hint at the step from one shape to the other."""
    if sorted(got) == sorted(expected):
        return "the sizes are right, but their order is wrong."
    if len(got) < len(expected):
        return "an axis is missing. In which step is it lost?"
    if len(got) > len(expected):
        return "there is an axis too many. In which step should it go?"
    return "print the shape of each step."


def same(one, other):
    """Tell whether two outcomes are equal up to rounding: arrays, dicts of arrays, or Wrongs."""
    if isinstance(one, Wrong) or isinstance(other, Wrong):
        equal = type(one) is type(other) and without_place(one) == without_place(other)
        return equal and (one.values is None or same(one.values, other.values))
    if isinstance(one, dict):
        return all(same(one[key], other[key]) for key in one)
    if one.shape != other.shape:
        return False
    if {one.dtype.kind, other.dtype.kind} != {"f"}:
        return (one == other).all()
    finite = abs(other) < float("inf")  # by operators only, as in unlike
    largest = abs(other[finite]).max(initial=0)
    with np.errstate(invalid="ignore"):
        near = finite & (abs(one - other) <= 1e-4 * abs(other) + 1e-6 * largest)
    return (near | (one == other) | (one != one) & (other != other)).all()


def told(error, value):
    """Return an error on one line, with the answer's line that raised it, and a hint.

    error: the exception. value: the answer, a function or a class.
    """
    said = f"{type(error).__name__}: {first_line(error):.160}".rstrip(": ")
    steps = zip(traceback.walk_tb(error.__traceback__), traceback.extract_tb(error.__traceback__))
    own = [
        (frame, at.line) for (frame, _), at in steps if at.filename == file_of(value) and at.line
    ]
    if not own:
        return f"{said}.", "call it in a new cell: the traceback shows where it fails."
    frame, line = own[-1]
    hint = "print the values, the types and the shapes of what that line uses, just before it."
    return f"{said}{AT}{line}`{shapes(line, frame.f_locals)}.", hint


def without_place(wrong):
    """Return the message of a Wrong without the line that raised."""
    return str(wrong).partition(AT)[0].rstrip(".")


def file_of(value):
    """Return the name of the file, or of the notebook's cell, that defines an answer."""
    members = vars(value).values() if inspect.isclass(value) else [inspect.unwrap(value)]
    return next((one.__code__.co_filename for one in members if hasattr(one, "__code__")), None)


def first_line(error):
    """Return an error's first line, without what the libraries put around it."""
    try:
        said = str(error)
    except Exception:  # its own __str__ fails
        return ""
    lines = [line.strip(" .") for line in re.sub(FRAME, "", said).splitlines()]
    lines = [line for line in lines if line and not line.startswith("Exception encountered")]
    return lines[0] if lines else ""


def shapes(line, known):
    """Return the shapes and dtypes of a line's arrays: ", where x is float32 (2, 3)"."""
    line = re.sub(r"^[\w, ]+=(?!=)", "", line)  # the names on the left are old values
    names = dict.fromkeys(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", line))
    arrays = {name: known[name] for name in names if getattr(known.get(name), "shape", ())}
    found = [f"{name} is {briefly(one).replace(' array', '')}" for name, one in arrays.items()]
    return f", where {', '.join(found[:3])}" if found else ""
