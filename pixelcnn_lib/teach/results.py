"""What an answer returned: turned into NumPy, and compared with the solution's kind and shape."""

import numpy as np

from pixelcnn_lib.teach.errors import without_place
from pixelcnn_lib.teach.exercises import Wrong, briefly, to_numpy


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
    except (TypeError, ValueError, NotImplementedError):
        hint = "return one array; rows of different lengths do not form one."
        raise Wrong(f"{call} returned {briefly(result)}, which is no array.", hint) from None
    if got.dtype.kind in "cOSU" and got.dtype.kind != expected.dtype.kind:
        wanted = "an array of numbers" if expected.shape else "a number"
        message = f"{call} returned {briefly(result)}: expected {wanted}."
        raise Wrong(message, "which step turns it into that?")
    if got.shape != expected.shape:
        shapes = got.shape, expected.shape
        came, wanted = (f"shape {shape}" if shape else "a single value" for shape in shapes)
        message = f"{call}: expected {wanted}, got {came}."
        raise Wrong(message, hint_for_shapes(*shapes), values=got)
    if got.dtype.kind == "f":
        bad = np.isnan(got) & ~np.isnan(expected.astype(got.dtype))
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
    if one.shape != other.shape or {one.dtype.kind, other.dtype.kind} != {"f"}:
        return np.array_equal(one, other)
    largest = np.abs(other[np.isfinite(other)]).max(initial=0)
    return np.allclose(one, other, 1e-4, 1e-6 * largest, equal_nan=True)
