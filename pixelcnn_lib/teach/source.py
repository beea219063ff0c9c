"""The library's own code, and a reader's: found, and printed."""

import ast
import inspect
import linecache
import textwrap


def show(function):
    """Print the code of a function without its docstring, and an empty line."""
    print(f"{code_of(function)}\n")


def code_of(function):
    """Return the source of a function or a class, without its decorators and its docstrings."""
    lines = textwrap.dedent(source_of(function)).splitlines()
    tree = ast.parse("\n".join(lines))
    dropped = set(range(1, tree.body[0].lineno))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            dropped |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return "\n".join(line for n, line in enumerate(lines, 1) if n not in dropped)


def source_of(value):
    """Return the source of a function or a class, also of a class that a notebook defines."""
    try:
        return inspect.getsource(value)
    except OSError:  # inspect finds the cell of a function, but not that of a class
        files = [
            one.__code__.co_filename for one in vars(value).values() if inspect.isfunction(one)
        ]
        lines = linecache.getlines(files[0]) if files else []
        for node in ast.parse("".join(lines)).body:
            if isinstance(node, ast.ClassDef) and node.name == value.__name__:
                return "".join(lines[node.lineno - 1 : node.end_lineno])
        raise
