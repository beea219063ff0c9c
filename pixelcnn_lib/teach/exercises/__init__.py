"""What the chapters ask, one module per chapter: small declarations that `teach.checks` puts to use."""

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

CHAPTERS = sorted(int(path.stem[-2:]) for path in Path(__file__).parent.glob("chapter_*.py"))


class Wrong(Exception):
    """What is wrong with an answer: one sentence, and the hint that fits.

    To draw it: the reader's values, marks (bool, same shape) at the wrong ones, and the expected
    values, shown once all hints are taken.
    """

    def __init__(self, message, hint="", values=None, marks=None, expected=None):
        super().__init__(message)
        self.hint, self.values, self.marks, self.expected = hint, values, marks, expected


class Mistake(NamedTuple):
    """A known wrong answer: whatever behaves like `twin` on every case gets its message and hint."""

    twin: Callable
    message: str
    hint: str


@dataclass(eq=False)
class Exercise:
    """One exercise. Its answer is a function or a class, as its twin, whose source is the solution.

    parts: what the twin is made of, if the solution is to show the source of that too.
    cases: tuples of arguments, which the text does not show, or a function that returns them.
    probe(answer, *case): what is compared on a case, an array or a dict of arrays; by default what
    the answer returns. conditions: functions of the safely callable answer that return None or
    a Wrong. shown(*case): the call in words. axes: names of the compared array's axes. tolerance:
    how far floats may be from the twin's, relative and absolute. after(answer): puts a right answer
    to use and returns a figure, which `seen` describes.
    """

    id: str
    title: str
    minutes: int
    difficulty: int
    twin: Callable
    hints: tuple
    cases: Any
    conditions: list
    mistakes: list = field(default_factory=list)
    probe: Callable = lambda answer, *case: answer(*case)
    shown: Callable = None
    axes: tuple = ()
    tolerance: float = 0.0
    after: Callable = None
    seen: str = "Your answer at work."
    parts: tuple = ()
    known: dict = field(default_factory=dict, repr=False)

    @cached_property
    def inputs(self):
        return [tuple(case) for case in (self.cases() if callable(self.cases) else self.cases)]

    def expected(self, *case):
        """What the twin gives on a case, as NumPy; computed once."""
        key = tuple(map(id, case))
        if key not in self.known:
            self.known[key] = case, to_numpy(self.probe(self.twin, *copied(case)))
        return self.known[key][1]

    def call(self, case):
        """A case in words, such as spatial_mask(3) or colour_rule('A', colours=2)."""
        if self.shown:
            return self.shown(*case)
        words = list(map(briefly, case))
        for place, name in list(enumerate(self.names(case)))[1:]:
            words[place] = f"{name}={words[place]}"
        return f"{self.twin.__name__}({', '.join(words)})"

    def names(self, case):
        """The names of a case's arguments; none where a probe makes the call."""
        known = inspect.signature(self.twin).parameters if self.probe is Exercise.probe else ()
        return list(known)[: len(case)]

    def place(self, index):
        """An index in words: row 2, column 3."""
        if len(index) != len(self.axes):
            return f"index {list(index)}" if index else "the end"
        return ", ".join(f"{name} {i}" for name, i in zip(self.axes, index, strict=True))

    def differ(self, expected, got):
        """Mark where two arrays of one shape differ."""
        if self.tolerance and expected.dtype.kind in "fc":
            return ~np.isclose(got, expected, self.tolerance, self.tolerance, equal_nan=True)
        return np.asarray(got != expected)


@dataclass(eq=False)
class Prediction:
    """A question that the reader answers before the cell shows it.

    right: the answer, or a function that computes it. why: the explanation, shown once the reader
    has committed. replies: {wrong choice: what to say to it}. within: how far a number may be off.
    reveal: returns a figure, shown afterwards.
    """

    id: str
    right: Any
    why: str
    replies: dict = field(default_factory=dict)
    within: float = 0.0
    reveal: Callable = None
    seen: str = "What happens."


def agrees(name, says=None, hint="", where=None, part=None):
    """Make a condition: the answer equals its twin on every case.

    where(*case): the places that count, bool, of the compared shape. part: the key to compare where
    the probe gives a dict. says: the message, with {call}, {place}, {expected} and {got} to fill in.
    """
    says = says or "{call}: expected {expected} at {place}, got {got}."

    def condition(answer):
        for case in answer.exercise.inputs:
            expected, got = answer.exercise.expected(*case), answer(*case)
            if part is not None:
                expected, got = expected[part], got[part]
            wrong = answer.exercise.differ(expected, got)
            here = wrong if where is None else wrong & where(*case)
            if here.any():
                index = tuple(int(i) for i in np.argwhere(here)[0])
                message = says.format(
                    call=answer.exercise.call(case),
                    place=answer.exercise.place(index),
                    expected=briefly(expected[index]),
                    got=briefly(got[index]),
                )
                picture = (got, wrong, expected) if index else ()
                return Wrong(message, hint, *picture)

    condition.__name__ = name
    return condition


def of_dtype(dtype, hint):
    """Make a condition: every array that the answer returns has this dtype."""

    def condition(answer):
        for case in answer.exercise.inputs:
            got = answer(*case).dtype
            if got != dtype:
                return Wrong(f"{answer.exercise.call(case)}: expected {dtype}, got {got}.", hint)

    condition.__name__ = f"dtype {dtype}"
    return condition


def briefly(value):
    """A value on one line: an array by its shape and dtype."""
    if getattr(value, "shape", ()):
        return f"{np.asarray(value).dtype} array {tuple(value.shape)}"
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.4g}"
    plain = isinstance(value, (str, int, complex, tuple, list, dict, type(None)))
    text = repr(value) if plain else getattr(value, "__name__", f"a {type(value).__name__}")
    return text if len(text) < 60 else f"a {type(value).__name__}"


def to_numpy(value):
    """Turn what an answer gave, of whatever library, into a NumPy array, or a dict of them."""
    if isinstance(value, dict):
        return {key: to_numpy(one) for key, one in value.items()}
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)


def copied(case):
    """A case whose arrays, lists and dicts may be changed without harm."""
    return tuple(one.copy() if isinstance(one, (np.ndarray, list, dict)) else one for one in case)


def unanswered(id):
    """The line of what is still open, stored under every check of the chapters."""
    return f"○ {id} not answered yet"


def solved(exercise):
    """The line of a right answer."""
    return f"✓ {exercise.id} {exercise.title}"


def chapter(number):
    """Everything a chapter asks: {id: Exercise or Prediction}, in its order."""
    module = importlib.import_module(f"{__name__}.chapter_{number:02d}")
    return {one.id: one for one in module.EXERCISES}


def find(id):
    """The exercise or prediction of that id; ValueError names those that there are."""
    number = id.partition(".")[0] if isinstance(id, str) else ""
    if not number.isdecimal() or int(number) not in CHAPTERS:
        raise ValueError(f'There is no exercise {id!r}. An id looks like "2.1": chapter, number.')
    asked = chapter(int(number))
    if id not in asked:
        raise ValueError(f"There is no exercise {id}. Chapter {number} has {', '.join(asked)}.")
    return asked[id]
