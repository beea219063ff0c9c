"""Find a number in an answer's code that should be an argument or a size, by an experiment.

In the answer's compiled code, a number is replaced by a size of each case. If this makes the answer
right on every case, and other numbers make it wrong, the number is the mistake.
"""

import dis
import inspect
import itertools
import types

from pixelcnn_lib.teach.exercises import Wrong
from pixelcnn_lib.teach.sharing import traits

LOADS = ("LOAD_CONST", "LOAD_SMALL_INT")
OTHERS = (1, 2, 7, 100)  # with a number that is larger by so much, an answer must be wrong


def fixed_number(answer, wrong):
    """Find a number in the code that should be an argument or a size; words and hint, or None.

    answer: judge.Answer, of a function. wrong: {name: case}, the cases on which it is wrong.
    """
    function = inspect.unwrap(answer.value) if callable(answer.value) else None
    if not isinstance(function, types.FunctionType) or len(wrong) < 2:
        return None
    cases = answer.exercise.named
    known = {name: traits(answer.exercise, case) for name, case in cases.items()}
    sizes = [key for key in known[next(iter(wrong))] if all(key in one for one in known.values())]
    sizes = [key for key in sizes if all(type(one[key]) is int for one in known.values())]
    sizes = [key for key in sizes if len({one[key] for one in known.values()}) > 1]
    first = next(iter(wrong))
    right = [name for name in cases if name not in wrong]
    for number, places in _numbers(function.__code__):
        for step, key in itertools.product((0, -1, 1), sizes):
            values = {name: known[name][key] + step for name in cases}
            if all(  # wrong cases first: they decide most
                name in right
                if values[name] == number
                else _is_right(answer, function, places, values[name], cases[name])
                for name in [*wrong, *right]
            ) and not any(  # a size that any other number can replace says nothing
                _is_right(answer, function, places, values[first] + more, cases[first])
                for more in OTHERS
            ):
                size = number - step
                others = any(known[name][key] != size for name in right)
                always = "right in every case" if others else "right"
                words = f"It is {always} only where {key} is {size}."
                return words, f"where is {number} fixed in your code?"
    return None


def _numbers(code):
    """Yield each number in compiled code with its places: all of them, then one by one."""
    found = {}
    for place, number in _places(code):
        if number > 1:  # 0 and 1 are everywhere
            found.setdefault(number, []).append(place)
    for number, places in found.items():
        yield number, places
        if len(places) > 1:
            yield from ((number, [one]) for one in places)


def _places(code, path=()):
    """Yield every whole number that code loads: ((*indices of inner code, offset), number)."""
    for one in dis.get_instructions(code):
        if one.opname in LOADS and type(one.argval) is int and len(code.co_consts) < 255:
            yield (*path, one.offset), one.argval
    for index, inner in enumerate(code.co_consts):
        if inspect.iscode(inner):
            yield from _places(inner, (*path, index))


def _replaced(code, place, value):
    """Return the code with another number at one place."""
    consts = [*code.co_consts]
    first, *rest = place
    if rest:
        consts[first] = _replaced(consts[first], rest, value)
        return code.replace(co_consts=tuple(consts))
    raw = bytearray(code.co_code)
    raw[first : first + 2] = dis.opmap["LOAD_CONST"], len(consts)
    return code.replace(co_code=bytes(raw), co_consts=(*consts, value))


def _is_right(answer, function, places, value, case):
    """Tell whether an answer is right on a case with another number at some places of its code."""
    code = function.__code__
    for place in places:
        code = _replaced(code, place, value)
    copy = types.FunctionType(
        code, function.__globals__, None, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    exercise = answer.exercise
    try:
        got = type(answer)(exercise, copy, answer.clock)(*case)
    except Wrong:
        return False
    right = exercise.expected(*case)
    pairs = [(right, got)] if not isinstance(right, dict) else [(right[k], got[k]) for k in right]
    return not any(exercise.differ(*pair).any() for pair in pairs)
