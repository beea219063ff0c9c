"""What an answer returned: turned into NumPy, and compared with the solution's kind and shape."""

import types
from collections.abc import Iterator

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong, briefly, to_numpy

KINDS = {
    "a text": (str, bytes),
    "a complex number": complex,
    "a dict": dict,
    "a set": (set, frozenset),
    "a generator": Iterator,
    "a class": type,
    "a function": (types.FunctionType, types.BuiltinFunctionType, types.MethodType),
}


def kind(result):
    """Name the kind of a result that is not a number or an array of numbers; "" for others."""
    numbers = np.asarray(result) if isinstance(result, (list, tuple, np.ndarray)) else None
    if numbers is not None and numbers.dtype.kind in "USO" and numbers.size:
        return kind(numbers.flat[0])
    if "complex" in str(getattr(result, "dtype", "")):
        return "a complex number"
    return next((name for name, types in KINDS.items() if isinstance(result, types)), "")


def converted(result, expected, call):
    """Return what an answer returned as NumPy arrays of the solution's kind.

    result: what the answer returned. expected: what the solution returns, as NumPy.
    call: str, the call in words.
    Raises Wrong if the result cannot be turned into such arrays.
    """
    if isinstance(expected, dict):
        if not isinstance(result, dict) or result.keys() != expected.keys():
            message = f"{call} returned {briefly(result)}: expected a dict with {list(expected)}."
            raise Wrong(message, "which keys does the task name?")
        return {key: converted(result[key], expected[key], f"{call} ({key})") for key in expected}
    try:
        came, found = kind(result), to_numpy(result)
    except (TypeError, ValueError):
        hint = "return one array; rows of different lengths do not form one."
        raise Wrong(f"{call} returned {briefly(result)}, which is no array.", hint) from None
    if expected.dtype.kind in "USO":  # a text is expected
        return found
    if came or found.dtype.kind in "USO":
        wanted = "an array of numbers" if expected.shape else "a number"
        message = f"{call} returned {briefly(result)}: expected {wanted}"
        raise Wrong(f"{message}, got {came or 'objects'}.", "which step turns it into that?")
    return found


def compare(call, expected, got):
    """Raise Wrong for a result of another shape than the solution's, or with nan in it."""
    if got.shape != expected.shape:
        shapes = [got.shape, expected.shape]
        came, wanted = (f"shape {shape}" if shape else "a single value" for shape in shapes)
        raise Wrong(f"{call}: expected {wanted}, got {came}.", hint_for_shapes(*shapes))
    if got.dtype.kind in "fc":
        bad = np.isnan(got) & ~np.isnan(expected.astype(got.dtype))
        if bad.any():
            hint = "look for 0 / 0, 0 * inf, inf - inf, or the logarithm of a number below 0."
            raise Wrong(f"{call}: {bad.sum()} of {bad.size} values are nan.", hint, got, bad)


def hint_for_shapes(got, expected):
    """Return a hint at the step from one shape to the other, if it is a single step."""
    if sorted(got) == sorted(expected):
        return "the sizes are right, but their order is wrong."
    if not expected:
        return "how do these values become one number?"
    if not got:
        return "over which axis is it computed? Without `axis`, all values become one number."
    for axis in range(max(len(got), len(expected))):
        if got == expected[:axis] + expected[axis + 1 :]:
            return f"axis {axis}, of size {expected[axis]}, is missing. In which step is it lost?"
        if expected == got[:axis] + got[axis + 1 :]:
            return f"axis {axis}, of size {got[axis]}, is one too many. Where does it come from?"
    if len(got) == len(expected):
        wrong = [axis for axis, sizes in enumerate(zip(got, expected)) if len(set(sizes)) > 1]
        more = got[wrong[0]] - expected[wrong[0]]
        if len(wrong) == 1:
            return f"axis {wrong[0]} is too {'long' if more > 0 else 'short'}, by {abs(more)}."
    return "print the shape of each step."
