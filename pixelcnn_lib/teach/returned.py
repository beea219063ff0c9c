"""Turn what an answer returned into NumPy, and compare its kind and shape with the solution's."""

import functools
import types
from collections.abc import Iterator

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong, briefly, to_numpy

KIND_HINTS = {
    "a text": "return the result itself: leave out the quotes, str() and format().",
    "a dict": "return what is in it, not the dict.",
    "a complex number": "where does an imaginary part come from? Return real numbers.",
    "a function": "call it, and return its result.",
}


def kind(result, depth=2):
    """Name the kind of a result that is not a real number or an array of them; "" for others."""
    if isinstance(result, (str, bytes)) or getattr(result, "dtype", None) == "string":
        return "a text"
    if isinstance(result, np.ndarray) and result.dtype.kind in "USO" and result.size and depth:
        return kind(result.flat[0] if result.shape else result.item(), 0)
    if isinstance(result, complex) or "complex" in str(getattr(result, "dtype", "")):
        return "a complex number"
    for kinds, words in (
        (dict, "a dict"),
        ((set, frozenset), "a set"),
        (Iterator, "a generator"),
        (type, "a class"),
        ((types.FunctionType, types.BuiltinFunctionType, types.MethodType), "a function"),
    ):
        if isinstance(result, kinds):
            return words
    inner = (
        [kind(one, depth - 1) for one in result] if depth and type(result) in (list, tuple) else ()
    )
    return next(filter(None, inner), "")


def attentive(answer, look):
    """Wrap a function: look(result) is called with its result before anything else."""

    @functools.wraps(answer)
    def seen(*args, **options):
        result = answer(*args, **options)
        look(result)
        return result

    return seen


def refuse_other_kind(call, result, expected):
    """Raise Wrong for a text, a dict or the like if the solution returns another kind.

    If a layer or a dict is expected, the exercise itself reports what came.
    """
    came = kind(result)
    if not came or came == kind(expected) or callable(expected) or isinstance(expected, dict):
        return
    wanted = kind(expected) or "an array"
    if isinstance(expected, tuple):
        wanted = f"a tuple of {len(expected)}"
    elif not getattr(expected, "shape", not isinstance(expected, (bool, int, float))):
        wanted = "True or False" if isinstance(expected, (bool, np.bool_)) else "a number"
    if "complex" in came:
        wanted = wanted.replace("a number", "a real number").replace("an array", "a real array")
    hint = KIND_HINTS.get(came, f"which step turns it into {came}?")
    raise Wrong(f"{call} returned {briefly(result)}: expected {wanted}, got {came}.", hint)


def refuse_other_parts(call, found, expected):
    """Raise Wrong where a probe found a text, a dict or complex numbers in place of an array."""
    if isinstance(found, dict) and isinstance(expected, dict) and found.keys() == expected.keys():
        for key in expected:
            refuse_other_parts(f"{call} ({key})", found[key], expected[key])
    elif isinstance(found, dict) or kind(found) != kind(expected):
        refuse_other_kind(call, found, expected)


def converted(result, call):
    """Turn what an answer returned into NumPy arrays, or raise Wrong if it cannot be turned."""
    try:
        found = to_numpy(result)
    except (TypeError, ValueError):
        hint = "return one array; rows of different lengths do not form one."
        raise Wrong(f"{call} returned {briefly(result)}, which is no array.", hint) from None
    for one in found.values() if isinstance(found, dict) else [found]:
        if isinstance(one, dict):
            continue  # refuse_other_parts reports it
        if one.dtype.kind == "O" and not one.shape and one.item() is None:
            raise Wrong(f"{call} returned None.", "is there a return at its end?")
        if one.dtype.kind == "O" and one.size and hasattr(one.flat[0], "shape"):
            hint = "return one array: its parts must have one shape."
            shapes = sorted({getattr(part, "shape", ()) for part in one.flat})
            raise Wrong(f"{call} returned arrays of the shapes {shapes}, not one array.", hint)
        if one.dtype.kind == "O" and one.shape:
            hint = "return numbers. Which step turns them into objects?"
            raise Wrong(f"{call} returned an array of dtype object.", hint)
        if one.dtype.kind == "O":
            kind = type(result).__name__
            raise Wrong(f"{call} returned a {kind}, which is no array.", "return numbers.")
    return found


def compare(call, expected, got):
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
    """Return a hint at the step from one shape to the other, if it is a single step."""
    pairs = list(enumerate(zip(got, expected)))
    lost = [axis for axis, (mine, right) in pairs if mine == 1 < right]
    kept = [axis for axis, (mine, right) in pairs if right == 1 < mine]
    if lost and kept:
        return f"axis {lost[0]} has become 1, but axis {kept[0]} should: which axis do you compute over?"
    if sorted(got) == sorted(expected):
        return "the sizes are right, but their order is wrong."
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
