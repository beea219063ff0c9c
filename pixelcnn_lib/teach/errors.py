"""What an answer raised, on one line: the error, the line of the answer, and the shapes there."""

import inspect
import re
import traceback

from pixelcnn_lib.teach.exercises import briefly

AT = ", at `"  # before the line of an answer that raised
# what Keras (bold type) and TensorFlow (the node and the operation) put around an error's message
FRAME = r"\x1b\[\d*m|\{\{function_node .*?\}\} | \[Op:.*"
SHAPED = {"ValueError", "InvalidArgumentError", "IndexError"}  # may be caused by a shape
HINTS = {
    "InvalidArgumentError": "print the shapes and dtypes of what that line uses.",
    "ValueError": "print the shapes and dtypes of what that line uses.",
    "IndexError": "print the shape of the array, and the index.",
    "TypeError": "print the types of what that line uses, and compare the arguments of the call "
    "with those of the definition.",
    "KeyError": "print the keys of that dict.",
    "NameError": "is that name spelled as in the line that defines it?",
    "AttributeError": "which type is the object before the dot, and does it have that name?",
    "RecursionError": "where does the recursion end?",
    "MemoryError": "that array is too large: which size do you need?",
    "ZeroDivisionError": "which divisor can be 0?",
    "SystemExit": "an answer returns its result; it does not exit.",
}


def codes(value):
    """Return the compiled code of an answer: the function's, or that of the class's methods."""
    members = vars(value).values() if inspect.isclass(value) else [inspect.unwrap(value)]
    members = [getattr(one, "python_function", one) for one in members]  # under tf.function
    return {one.__code__ for one in members if hasattr(one, "__code__")}


def hint_for(error):
    """Return a hint for an error of an answer, by the error's type."""
    names = [kind.__name__ for kind in type(error).__mro__]
    raised_in = traceback.extract_tb(error.__traceback__)[-1:]
    own = any("pixelcnn_lib" in frame.filename for frame in raised_in)
    if own and {"ValueError", "TypeError"} & set(names):
        return "the message says what that call expects: compare it with what you pass."
    known = [HINTS[name] for name in names if name in HINTS]
    return (known or ["print the values that the line uses, just before it."])[0]


def told(error, value):
    """Return an error on one line, with the answer's line that raised it and the shapes there.

    error: the exception. value: the answer, a function or a class.
    """
    files = {code.co_filename for code in codes(value)}
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    lines = [one for one in traceback.extract_tb(error.__traceback__) if one.filename in files]
    frames = [frame for frame in frames if frame.f_code.co_filename in files]
    place = ""
    if lines and lines[-1].line:
        place = f"{AT}{lines[-1].line}`"
        if SHAPED & {kind.__name__ for kind in type(error).__mro__}:
            place += shapes(lines[-1].line, frames[-1].f_locals)
    said = first_line(error)
    said = f": {said:.160}" if said else ""
    return f"{type(error).__name__}{said}{place}"


def first_line(error):
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


def shapes(line, known):
    """Return the shapes and dtypes of a line's arrays: ", where x is float32 (2, 3)"."""
    found = []
    line = re.sub(r"^[\w, ]+=(?!=)", "", line)  # the names on the left are old values
    for name in dict.fromkeys(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", line)):
        shape = getattr(known.get(name), "shape", None)
        if isinstance(shape, tuple) and shape:
            found.append(f"{name} is {briefly(known[name]).replace(' array', '')}")
    return f", where {', '.join(found[:3])}" if found else ""
