"""The library's own code, shown in pieces."""

import inspect
import re
import textwrap

WIDTH = 76  # characters that a page shows of a line


def show(function, start="", stop=None):
    """Print the code of a function, or of a part of it, without its docstring.

    A comment that does not fit on its line is printed above it. An empty line ends the piece.

    function: what to show; a method too.
    start: str, part of the first line to show; by default the head.
    stop: str, part of the first line that is not shown any more; by default there is none.
    Raises ValueError if no line holds `start`, or none after it holds `stop`.
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
    """Find the first line, from one on, that holds a text."""
    for number, line in enumerate(lines[first:], first):
        if text in line:
            return number
    raise ValueError(f"{function.__qualname__} has no line with {text!r} after line {first}.")
