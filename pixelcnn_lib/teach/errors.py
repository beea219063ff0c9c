"""What an answer raised, on one line: the error, the line of the answer, and the shapes there."""

import difflib
import inspect
import re
import traceback

import numpy as np

from pixelcnn_lib.teach.exercises import briefly
from pixelcnn_lib.teach.experiments import AT

# what Keras (bold type) and TensorFlow (the node and the operation) put around an error's message
FRAME = r"\x1b\[\d*m|\{\{function_node .*?\}\} | \[Op:.*"


HINTS = {  # for what an answer raised
    "TypeError": "print the types of what that line uses.",
    "ValueError": "print the shapes and dtypes of what that line uses.",
    "InvalidArgumentError": "print the shapes and dtypes of what that line uses.",
    "IndexError": "print the shape of the array, and the index.",
    "KeyError": "print the keys of that dict.",
    "NameError": "is that name spelled as in the line that defines it?",
    "AttributeError": "which type is the object before the dot, and does it have that name?",
    "RecursionError": "where does the recursion end?",
    "MemoryError": "that array is too large: which size do you need?",
    "ZeroDivisionError": "which divisor can be 0?",
    "SystemExit": "an answer returns its result; it does not exit.",
}
SHAPED = {"ValueError", "InvalidArgumentError", "IndexError"}  # may be caused by a shape
PLAIN = [  # (what a library says, the same in plain words)
    (
        r".*mismatch in its core dimension \d+.*\(size (\d+) is different from (\d+)\)",
        r"the inner sizes of a matrix product differ: \2 and \1",
    ),
    (r"operands could not be broadcast together with shapes (.*)", r"these shapes do not fit: \1"),
    (
        r"Number of ways to split .*split_dim (-?\d+) \(size = (\d+)\) and num_split (\d+)",
        r"axis \1 has the size \2, which cannot be split into \3 equal parts",
    ),
    (
        r"Value for attr '\w+' of (\w+) is not in the list of allowed values: (.*)",
        r"\1 came, and only these dtypes are allowed: \2",
    ),
    (
        r".*EagerTensor' object does not support item assignment",
        "a tensor does not support item assignment",
    ),
]


def codes(value):
    """Return the compiled code of an answer: the function's, or that of the class's methods."""
    members = vars(value).values() if inspect.isclass(value) else [inspect.unwrap(value)]
    members = [getattr(one, "python_function", one) for one in members]  # under tf.function
    return {one.__code__ for one in members if hasattr(one, "__code__")}


def hint_for(error):
    names = [kind.__name__ for kind in type(error).__mro__]
    said = _first_line(error)
    *_, last = ["", *(one.filename for one in traceback.extract_tb(error.__traceback__))]
    if "pixelcnn_lib" in last and {"ValueError", "TypeError"} & set(names):
        return "the message says what that call expects: compare it with what you pass."
    if "TypeError" in names and "argument" in said:
        return "compare the arguments of that call with those of the definition."
    if "AttributeError" in names and (hint := _hint_for_attribute(error)):
        return hint
    if "IndexError" in names and "integer" in said:
        return "an index must be a whole number: cast it to an integer type."
    shapes = [sorted(one.split(",")) for one in re.findall(r"[\[(](\d+(?:,\d+)+)[\])]", said)]
    if len(shapes) == 2 and re.search("broadcast|shape", said):
        if shapes[0] == shapes[1]:
            return "the two shapes have the same sizes in another order: which axis is which?"
        return "print both shapes: which axis has a size you did not expect? Where is it from?"
    if re.search(r"same dtype|expected to be an? \w+ tensor but is an? \w+ tensor", said):
        return "that line mixes two dtypes: cast one of them to the other."
    if _may_be_a_shape(error) and "IndexError" not in names:
        return "which shape or dtype on that line is not what you expected? Where is it from?"
    known = [HINTS[name] for name in names if name in HINTS]
    return (known or ["print the values that the line uses, just before it."])[0]


def _hint_for_attribute(error):
    """Hint at a missing attribute: NumPy's arrays have it, or the object has a similar one."""
    owner, name = error.obj, error.name
    if owner is None or name is None:
        return None
    if not inspect.ismodule(owner) and hasattr(np.ndarray, name):
        return "NumPy arrays have that name: np.asarray(x) turns x into one."
    near = difflib.get_close_matches(name, [one for one in dir(owner) if one[0] != "_"])
    return f"did you mean {' or '.join(f'`{one}`' for one in near)}?" if near else None


def _first_line(error):
    """Return an error's first line, without what the libraries put around it."""
    try:
        plain = re.sub(FRAME, "", str(error))
    except Exception:  # an error class of the answer's own
        return ""
    lines = [line.strip(" .") for line in plain.splitlines() if line.strip()]
    if lines and lines[0] == "in user code:":  # AutoGraph: the frames, then the error itself
        return lines[-1].partition("Error: ")[2] or lines[-1]
    lines = [line for line in lines if not line.startswith("Exception encountered")]
    return lines[0] if lines else ""


def told(error, value):
    """Return an error on one line, with the answer's line that raised it and the shapes there."""
    files = {code.co_filename for code in codes(value)}
    walked = traceback.walk_tb(error.__traceback__)
    frames = [frame for frame, _ in walked if frame.f_code.co_filename in files]
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    place = f"{AT}{lines[-1].line}`" if lines and lines[-1].line else ""
    if place and _may_be_a_shape(error):
        place += _shapes(lines[-1].line, frames[-1].f_locals)
    said = _first_line(error)
    for pattern, plain in PLAIN:
        said = re.sub(f"^{pattern}$", plain, said)
    said = f": {said:.160}" if said else ""
    return f"{type(error).__name__}{said}{place}"


def _may_be_a_shape(error):
    """Tell whether to list shapes for an error; not if its message already names two."""
    names = {kind.__name__ for kind in type(error).__mro__}
    *_, last = traceback.extract_tb(error.__traceback__)
    own = "pixelcnn_lib" in last.filename
    named = re.findall(r"[\[(]\d+,[\d, ]*[\])]", _first_line(error))
    return bool(names & SHAPED) and not own and len(named) < 2


def _shapes(line, known):
    """Return the shapes and dtypes of a line's arrays: ", where x is float32 (2, 3)"."""
    found = []
    line = re.sub(r"^[\w, ]+=(?!=)", "", line)  # the names on the left are old values
    for name in dict.fromkeys(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", line)):
        shape = getattr(known.get(name), "shape", None)
        if isinstance(shape, tuple) and shape:
            found.append(f"{name} is {briefly(known[name]).replace(' array', '')}")
    return f", where {', '.join(found[:3])}" if found else ""
