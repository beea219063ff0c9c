"""What the cases with a right answer have in common, and the other cases have not."""

import inspect

import numpy as np


def only_where(answer, wrong):
    """Find the one value of an argument, or of a size, with which an answer is right; or None.

    answer: judge.Answer. wrong: the names of the cases on which it is wrong.
    Returns (words, hint). The answer must be wrong with every other value, on two cases or more.
    A value is named only if it occurs in the answer's code or is the solution's default.
    """
    cases = answer.exercise.named
    right = [name for name in cases if name not in wrong]
    if not right or len(wrong) < 2:
        return None
    known = {name: traits(answer.exercise, case) for name, case in cases.items()}
    shared = [key for key in known[right[0]] if all(key in one for one in known.values())]
    found = []
    for key in shared:
        values = {known[name][key] for name in right}
        if len(values) == 1 and not any(known[name][key] in values for name in wrong):
            found.append((key, values.pop()))
    if not found:
        return None
    fixed = [one for one in found if _is_fixed(answer, *one)]
    if len({value for _, value in fixed}) != 1:
        return None
    what, value = fixed[0]
    if not _is_default(answer, what, value) and any(
        type(other) is int and abs(other - value) == 1 for _, other in found
    ):
        return None  # the number in the code may also be the other size, plus or minus 1
    hint = f"where is {value!r} fixed in your code, or taken as a default?"
    return f"It is right only where {what} is {value!r}.", hint


def _is_fixed(answer, what, value):
    """Tell whether a value is a default of the solution, or a number in the answer's code."""
    return _is_default(answer, what, value) or _is_written(answer.value, value)


def _is_default(answer, what, value):
    given = inspect.signature(answer.exercise.solution).parameters.get(what.strip("`"))
    return bool(given) and value == given.default


def _is_written(answer, value):
    """Tell whether a number, or its neighbour if it is above 10, occurs in an answer's code.

    0, 1, 2 and 4 do not count, because most code contains them.
    """
    code = [getattr(inspect.unwrap(answer), "__code__", None)] if callable(answer) else []
    if isinstance(answer, type):
        code = [getattr(one, "__code__", None) for one in vars(answer).values()]
    code = [one for one in code if one is not None]
    for one in code:
        code += [inner for inner in one.co_consts if inspect.iscode(inner)]
        numbers = {n for n in one.co_consts if isinstance(n, (int, float))}
        if value not in (0, 1, 2, 4) and not isinstance(value, str):
            if numbers & {value, *(value - 1, value + 1) * (value > 10)}:
                return True
    return False


def traits(exercise, case):
    """Return {words for an argument or a size: its value}."""
    found = {}
    for name, value in exercise.arguments(case).items():
        if isinstance(value, (bool, int, float, str)):
            found[name] = value
        elif isinstance(value, tuple) and all(isinstance(one, int) for one in value):
            found[f"the product of {name}"] = int(np.prod(value))
            found |= {f"entry {n} of {name}": one for n, one in enumerate(value)}
        elif isinstance(value, np.ndarray):
            found |= {f"axis {n} of {name}": size for n, size in enumerate(value.shape)}
            found |= {f"the last axis of {name}": size for size in value.shape[-1:]}
        else:
            known = {
                key: one for key, one in getattr(value, "__dict__", {}).items() if type(one) is int
            }
            found |= {f"`{key}` of {name}": one for key, one in known.items() if key[0] != "_"}
    return found
