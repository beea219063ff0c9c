"""The verdict on an answer: each condition in turn, and an explanation of the first that fails."""

import inspect
from typing import NamedTuple

from pixelcnn_lib.teach.answer import Answer, Unanswered
from pixelcnn_lib.teach.exercises import Wrong, briefly, solved, unanswered
from pixelcnn_lib.teach.explain import explain
from pixelcnn_lib.teach.safely import SECONDS, TooSlow, quiet


class Verdict(NamedTuple):
    """What a check found: mark ○, ✗ or ✓, the line to print, and what is wrong."""

    mark: str
    line: str
    wrong: Wrong = None


def judge(exercise, value):
    """Return the Verdict on an answer, whatever the answer is or does. Only Ctrl-C is raised."""
    with quiet():
        try:
            accept(exercise, value)
            answer = Answer(exercise, value, SECONDS)
            wrong = answer.failed_condition()
            if wrong:
                raise explain(answer, wrong)
            return Verdict("✓", solved(exercise))
        except Unanswered:
            return Verdict("○", unanswered(exercise.id))
        except Wrong as wrong:
            return refuse(exercise, wrong)
        except TooSlow as late:
            return refuse(exercise, Wrong(*late.args))


def refuse(exercise, wrong):
    hint = wrong.hint or f'hint("{exercise.id}") gives you one.'
    return Verdict("✗", f"✗ {exercise.id} {wrong} Hint: {hint}", wrong)


def accept(exercise, value):
    """Refuse what needs no call: nothing, the library's own solution, or a result."""
    solution = exercise.solution
    if value is None or value is ...:
        raise Unanswered
    if value is solution:
        message = f"That is the library's own {solution.__name__}."
        raise Wrong(message, "write yours in the cell above.")
    if not callable(value):
        kind = "class" if inspect.isclass(solution) else "function"
        hint = f'give its name, without calling it: check("{exercise.id}", {solution.__name__}).'
        raise Wrong(f"Expected the {kind} itself, got {briefly(value)}.", hint)
