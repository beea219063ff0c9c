"""Print the library's own code, in pieces."""

import inspect
import re
import textwrap

WIDTH = 76  # characters that a page shows of a line


def show(function, start="", stop=None):
    """Print the code of a function, or a part of it, without its docstring.

    If a line is too long because of its comment, the comment is printed above the line. An empty
    line ends the piece.

    function: a function or a method.
    start: str, a part of the first line to print; by default, the `def` line.
    stop: str, a part of the first line that is not printed; by default, all lines are.
    Raises ValueError if no line contains `start`, or if no line after it contains `stop`.
    """
    code = textwrap.dedent(inspect.getsource(function))
    code = re.sub(r'\n +"""(.|\n)*?"""', "", code, count=1)
    lines = code.splitlines()
    first = place(lines, start, 0, function)
    last = len(lines) if stop is None else place(lines, stop, first + 1, function)
    for line in lines[first:last]:
        code, mark, comment = line.partition("  # ")
        if mark and len(line) > WIDTH:
            print(f"{' ' * (len(code) - len(code.lstrip()))}# {comment}")
            line = code
        print(line)
    print()


def place(lines, text, first, function):
    """Return the number of the first line that contains a text, counting from line `first`."""
    for number, line in enumerate(lines[first:], first):
        if text in line:
            return number
    raise ValueError(f"{function.__qualname__} has no line with {text!r} after line {first}.")
