"""Copy the chapters, and answer every exercise with its solution.

python book/tools/solve.py FOLDER [NOTEBOOK ...]      then run strict nbval over FOLDER

Each stub is replaced by the source of its solution, and the stored output of its check by what a
right answer must print. No output comes from a run.
"""

import ast
import inspect
import re
import sys
import textwrap
from pathlib import Path

import nbformat
from nbformat.v4 import new_output

from chapters import in_order
from pixelcnn_lib.teach import checks, exercises
from pixelcnn_lib.teach.engine import judge


def answer(exercise):
    """Return a solution as the source of a cell: what it needs from its module, then its own code.

    Everything is wrapped in a function, so that the imports replace no name of the chapter.
    Decorators are left out, because a class can register its name only once.
    """
    solution = exercise.solution
    (node,) = ast.parse(inspect.getsource(solution)).body
    node.decorator_list = []
    used = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    needed = sorted(used & set(vars(inspect.getmodule(solution))) - {solution.__name__})
    lines = [f"from {solution.__module__} import {', '.join(needed)}"] if needed else []
    lines += [ast.unparse(node), f"return {solution.__name__}"]
    body = textwrap.indent("\n".join(lines), "    ")
    return f"def _solved():\n{body}\n\n{solution.__name__} = _solved()"


def outputs(exercise):
    """Return what the check of a right answer shows: its line and its text, without the picture."""
    shown = [new_output("stream", name="stdout", text=judge.accepted(exercise) + "\n")]
    if exercise.after:
        shown.append(new_output("display_data", data={"text/plain": exercise.seen}))
    return shown


def say_whose(cell):
    """Let the stored output of a cell say that it uses the reader's answer."""
    if used := re.search(r'\byours\("(.+?)"', cell.source):
        exercise = exercises.find(used[1])
        book, reader = (checks.in_use(exercise, right) for right in (False, True))
        cell.outputs[0].text = cell.outputs[0].text.replace(book, reader)


def solve(notebook):
    """Answer every exercise of a notebook, in place; returns their ids."""
    tagged = lambda cell, tag: tag in cell.metadata.get("tags", [])
    stubs = [cell for cell in notebook.cells if tagged(cell, "exercise")]
    tests = [cell for cell in notebook.cells if tagged(cell, "check")]
    ids = [re.match(r'check\("(.+?)"', cell.source)[1] for cell in tests]
    for stub, test, id in zip(stubs, tests, ids, strict=True):
        exercise = exercises.find(id)
        stub.source, test.outputs = answer(exercise), outputs(exercise)
    for cell in notebook.cells:
        say_whose(cell)
    report = "\n".join(checks.reported({id: {"done": True} for id in ids})) + "\n"
    notebook.cells[-1].outputs = [new_output("stream", name="stdout", text=report)]
    return ids


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in map(Path, sys.argv[2:] or in_order()):
        notebook = nbformat.read(path, as_version=4)
        print(path.stem, *solve(notebook))
        nbformat.write(notebook, folder / path.name)
