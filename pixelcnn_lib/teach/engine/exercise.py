"""What an exercise and a prediction are: data, the conditions that decide, and the words for values."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from pixelcnn_lib.teach.source import code_of


class Wrong(Exception):
    """What is wrong with an answer: one sentence, and the hint that fits.

    values: the reader's array, to be drawn; marks: bool, the same shape, True where it is wrong;
    expected: the right array, drawn once all hints are taken.
    """

    def __init__(self, message, hint="", values=None, marks=None, expected=None):
        super().__init__(message)
        self.hint, self.values, self.marks, self.expected = hint, values, marks, expected


@dataclass(eq=False)
class Mistake:
    """A wrong answer that readers give, and what to say to it.

    message, hint: str, for every answer with the same results; if `symptom`, for every answer that
    is wrong in the same cases. form: the wrong answer itself.
    """

    message: str
    hint: str
    form: Callable
    symptom: bool = False


@dataclass(eq=False)
class Exercise:
    """One exercise; the answer is a function or a class, as its solution.

    id: such as "2.1". title, minutes, difficulty (1 to 3): as the notebook's heading says.
    solution: the right answer, the library's own wherever it has one.
    hints: three, climbing: a question, the idea, the tool.
    cases: {what the case separates: tuple of arguments}, or a function that returns it. The text
        does not show them; each stands for one way in which a wrong answer can hide.
    probe: (answer, *case) -> what is compared on a case, an array or a dict of arrays; by default
        what the answer returns.
    shown: (*case) -> the call in words; by default the solution's name and the arguments.
    axes: names of the compared array's axes.
    tolerance: how far floats may be from the solution's, relative and absolute.
    after: (answer) -> a figure, for which a right answer is put to use; seen: its description.
    mistaken: {hint: {message: mistake}}. A mistake is an edit (old, new) of the solution's own text,
        a list of edits, the expression that the solution's last line returns instead, or, where
        these do not express it, a function. `old` must stand exactly once in the text.
    symptoms: the same, for messages that say only in which cases an answer is wrong. Every answer
        that is wrong in the same cases gets them.
    """

    id: str
    title: str
    minutes: int
    difficulty: int
    solution: Callable
    hints: tuple
    cases: Any
    probe: Callable = lambda answer, *case: answer(*case)
    shown: Callable = None
    axes: tuple = ()
    tolerance: float = 0.0
    after: Callable = None
    seen: str = "Your answer at work."
    conditions: list = field(default_factory=list)
    mistaken: dict = field(default_factory=dict)
    symptoms: dict = field(default_factory=dict)
    results: dict = field(default_factory=dict, init=False, repr=False)  # the solution's, by case

    # what an exercise's file declares

    def condition(self, decide):
        """Decorate a function of the safely callable answer: it returns None, or a Wrong."""
        self.conditions.append(decide)
        return decide

    def agrees(self, says=None, hint="", part=None):
        """Declare a condition: the answer equals the solution on every case.

        says: str, the message, with {call}, {place}, {expected} and {got} to fill in.
        hint: str, the hint that goes with it.
        part: the key to compare where the probe gives a dict.
        """

        @self.condition
        def agreement(answer):
            exercise = answer.exercise
            for case in exercise.inputs:
                expected, got = exercise.expected(*case), answer(*case)
                if part is not None:
                    expected, got = expected[part], got[part]
                wrong = exercise.differ(expected, got)
                if wrong.any():
                    index = tuple(int(i) for i in np.argwhere(wrong)[0])
                    at = " at {place}" if index else ""
                    text = says or f"{{call}}: expected {{expected}}{at}, got {{got}}."
                    right, mine = apart(expected[index], got[index])
                    call, place = exercise.call(case), exercise.place(index)
                    message = text.format(call=call, place=place, expected=right, got=mine)
                    return Wrong(message, hint, *((got, wrong, expected) if index else ()))

    def edited(self, edits):
        """Return the solution with its text edited.

        edits: one or several edits, or an expression, as `mistaken` describes them.
        Raises ValueError if a text to replace does not stand exactly once in the solution's code.
        """
        text = self.code
        if isinstance(edits, str):
            edits = [(text[text.rindex("return ") :], f"return {edits}")]
        for old, new in [edits] if isinstance(edits, tuple) else edits:
            if text.count(old) != 1:
                raise ValueError(
                    f"{self.id}: an edit's text must stand once in the solution's code; {old!r} "
                    f"stands {text.count(old)} times. Change the edit, or the solution."
                )
            text = text.replace(old, new)
        namespace = dict(vars(sys.modules[self.solution.__module__]))
        exec(text, namespace)
        return namespace[self.solution.__name__]

    @cached_property
    def mistakes(self):
        """The Mistakes that `mistaken` and `symptoms` declare."""
        return [
            Mistake(message, hint, form if callable(form) else self.edited(form), symptom)
            for symptom, declared in ((False, self.mistaken), (True, self.symptoms))
            for hint, group in declared.items()
            for message, form in group.items()
        ]

    @cached_property
    def code(self):
        """The source of the solution, without its docstrings."""
        return code_of(self.solution)

    # what the judge asks of it

    @cached_property
    def named(self):
        """{what the case separates: tuple of arguments}."""
        cases = self.cases() if callable(self.cases) else self.cases
        return {name: tuple(case) for name, case in cases.items()}

    @property
    def inputs(self):
        """The cases without their names: a list of tuples of arguments."""
        return list(self.named.values())

    def expected(self, *case):
        """What the solution gives on a case, as NumPy; computed once."""
        key = tuple(map(id, case))
        if key not in self.results:
            result = self.probe(self.solution, *copied(case))
            if isinstance(result, dict):
                result = {name: to_numpy(part) for name, part in result.items()}
            else:
                result = to_numpy(result)
            self.results[key] = case, result
        return self.results[key][1]

    def call(self, case):
        """A case in words, such as spatial_mask(3) or colour_rule('A', colours=2)."""
        if self.shown:
            return self.shown(*case)
        words = list(map(briefly, case))
        for place, name in list(enumerate(self.names(case)))[1:]:
            words[place] = f"{name}={words[place]}"
        return f"{self.solution.__name__}({', '.join(words)})"

    def names(self, case):
        """The names of a case's arguments; none where a probe makes the call."""
        plain = self.probe is Exercise.probe
        names = inspect.signature(self.solution).parameters if plain else ()
        return list(names)[: len(case)]

    def place(self, index):
        """An index in words: row 2, column 3."""
        if len(index) != len(self.axes):
            return f"index {list(index)}"
        return ", ".join(f"{name} {i}" for name, i in zip(self.axes, index, strict=True))

    def differ(self, expected, got):
        """Mark where two arrays of one shape differ."""
        return unlike(expected, got, self.tolerance if expected.dtype.kind in "fc" else 0)

    def equal(self, expected, got):
        """Tell whether two results, arrays or dicts of arrays, differ nowhere."""
        if isinstance(expected, dict):
            return all(self.equal(expected[key], got[key]) for key in expected)
        return not self.differ(expected, got).any()


@dataclass(eq=False)
class Prediction:
    """A question that the reader answers before the next cells show what happens.

    id: such as "4.q1".
    asks: the question. Here and below, text between backticks is shown as code.
    choices: {choice: what to say to it}, in the order shown; one, the right choice, has None.
    why: the explanation, shown once the reader has committed; an empty line starts a paragraph.
    gives_away: words that tell the answer, by default those of the right choice. No heading of the
        chapter may contain them, and no text in sight of the question.
    """

    id: str
    asks: str
    choices: dict
    why: str
    gives_away: tuple = ()

    @property
    def right(self):
        """The right choice, str."""
        (right,) = (choice for choice, reply in self.choices.items() if reply is None)
        return right


def unlike(expected, got, tolerance):
    """Mark where arrays differ, by operators only, so that no answer can replace what compares.

    tolerance: float, relative and absolute. If it is above 0, nan equals nan.
    """
    alike = got == expected
    if tolerance:
        size = abs(expected)
        alike |= (abs(got - expected) <= tolerance * (1 + size)) & (size < float("inf"))
        alike |= (got != got) & (expected != expected)
    return alike ^ True


def apart(one, other):
    """Two unlike values on one line each, with as many digits as tell them apart."""
    for digits in range(4, 17):
        words = [briefly(value, digits) for value in (one, other)]
        if words[0] != words[1]:
            break
    return words


def briefly(value, digits=4):
    """A value on one line: an array by its shape and dtype."""
    if getattr(value, "shape", ()):
        return f"{getattr(value.dtype, 'name', value.dtype)} array {tuple(value.shape)}"
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.item()
    if isinstance(value, float):
        return f"{value:{'#' * (digits > 4)}.{digits}g}"
    plain = isinstance(value, (str, int, complex, tuple, list, dict, type(None)))
    text = repr(value) if plain else getattr(value, "__name__", f"a {type(value).__name__}")
    short = len(text) < 60 and "\n" not in text
    return text if short else f"a {type(value).__name__}"


def to_numpy(value):
    """Turn what an answer gave, of whatever library, into a NumPy array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return np.asarray(value)


def copied(case):
    """A case whose arrays, lists and dicts may be changed without harm."""
    return tuple(one.copy() if isinstance(one, (np.ndarray, list, dict)) else one for one in case)
