"""Print the library's own code."""

from pixelcnn_lib.teach.exercises import code_of


def show(function):
    """Print the code of a function without its docstring, and an empty line."""
    print(f"{code_of(function)}\n")
