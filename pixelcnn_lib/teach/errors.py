"""What an answer raised, on one line: the error, the line of the answer, and the shapes there."""

import inspect
import re
import traceback

from pixelcnn_lib.teach.exercises import briefly

AT = ", at `"  # before the line of an answer that raised
# what Keras (bold type) and TensorFlow (the node and the operation) put around an error's message
FRAME = r"\x1b\[\d*m|\{\{function_node .*?\}\} | \[Op:.*"


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
    lines = [line.strip(" .") for line in re.sub(FRAME, "", str(error)).splitlines()]
    lines = [line for line in lines if line and not line.startswith("Exception encountered")]
    return lines[0] if lines else ""


def shapes(line, known):
    """Return the shapes and dtypes of a line's arrays: ", where x is float32 (2, 3)"."""
    line = re.sub(r"^[\w, ]+=(?!=)", "", line)  # the names on the left are old values
    names = dict.fromkeys(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*", line))
    arrays = {name: known[name] for name in names if getattr(known.get(name), "shape", ())}
    found = [f"{name} is {briefly(one).replace(' array', '')}" for name, one in arrays.items()]
    return f", where {', '.join(found[:3])}" if found else ""
