"""What the chapters ask. One exercise is one file, chNN/NAME.py; chNN/__init__.py has predictions.

A file is read from top to bottom: the solution (or the library's function that is the solution),
the cases, the conditions that decide, and the mistakes that readers make. Most mistakes are edits
of the solution's own text. An answer that gives what a mistake gives, on all cases, has the mistake
and gets its message.
"""

import importlib
import pkgutil
from pathlib import Path

from pixelcnn_lib.teach.engine.exercise import Exercise, Prediction, Wrong, to_numpy, unlike

CHAPTERS = sorted(int(path.name[2:]) for path in Path(__file__).parent.glob("ch[0-9][0-9]"))


def chapter(number):
    """Everything a chapter asks: {id: Exercise or Prediction}, predictions last.

    The exercises are the files of the folder chNN that define `exercise`.
    """
    package = folder(number)
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for found in pkgutil.iter_modules(package.__path__)
    ]
    exercises = [module.exercise for module in modules if hasattr(module, "exercise")]
    exercises.sort(key=lambda one: int(one.id.partition(".")[2]))
    return {one.id: one for one in exercises} | predictions(number)


def predictions(number):
    """The predictions of a chapter, {id: Prediction}: unlike the exercises, they load no Keras."""
    return {one.id: one for one in folder(number).PREDICTIONS}


def folder(number):
    return importlib.import_module(f"{__name__}.ch{number:02d}")


def find(id):
    """The exercise or prediction of that id; ValueError names those that there are."""
    if not isinstance(id, str):
        raise ValueError(f'An id is text: put quotes around it, as in "{id}".')
    number = id.partition(".")[0]
    if not number.isdecimal() or int(number) not in CHAPTERS:
        raise ValueError(f'There is no exercise {id!r}. An id looks like "2.1": chapter, number.')
    asked = (predictions if ".q" in id else chapter)(int(number))
    if id not in asked:
        raise ValueError(f"There is no exercise {id}. Chapter {number} has {', '.join(asked)}.")
    return asked[id]
