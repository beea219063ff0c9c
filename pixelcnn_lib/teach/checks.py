"""What a reader calls: check an answer and use it, ask for a hint or the solution, predict, report."""

import base64
import functools
import html
import io
import json
import os
import re
from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np

from pixelcnn_lib import disk
from pixelcnn_lib.teach.engine.exercise import Exercise, Prediction, copied, to_numpy
from pixelcnn_lib.teach.engine.judge import judge
from pixelcnn_lib.teach.engine.safely import SECONDS, TooSlow, quiet, time_limit
from pixelcnn_lib.teach.exercises import CHAPTERS, chapter, find

# beside the notebook, where it survives a restart of the kernel; tests keep theirs elsewhere
KEPT = Path(os.environ.get("PIXELCNN_ANSWERS", "answers.json"))
ENOUGH = 10  # predictions, to say how well a reader judges them
PREDICTED = {"choice", "sure", "right"}  # what is stored of a prediction
FIELDS = {"done": bool, "tries": int, "hints": int, "choice": str, "sure": int, "right": bool}
MOST = 2**20  # bytes of answers.json; all exercises need some thousands
_hints = Counter()  # how many hints the reader has taken, by id
_right = {}  # the answers that a check found right in this kernel, by id
_told = []  # that answers.json is somebody else's, so that it is said once


def check(id, answer):
    """Say whether an answer is right, and if not, what is wrong with it. Only Ctrl-C is raised.

    id: such as "2.1". answer: the reader's function or class itself. An answer that takes too long
    is stopped after some seconds, except in a loop inside compiled code.
    """
    exercise = _find(id, Exercise)
    if exercise is None:
        return
    verdict = judge(exercise, answer)
    print(verdict.line)
    if verdict.mark == "✗":
        _keep(id, tries=1)
        if verdict.wrong.marks is not None:
            _show(lambda: _draw(exercise, verdict.wrong), "Your values, the wrong ones crossed.")
    if verdict.mark == "✓":
        _right[id] = answer
        _keep(id, tries=1, done=True)
        if exercise.after:
            _show(lambda: exercise.after(answer), exercise.seen)


def yours(id, answer):
    """Return the reader's answer if a check found it right, otherwise the book's; print which.

    So cells that use the answer also run while the exercise is still unsolved.
    """
    exercise = _find(id, Exercise)
    if exercise is None:
        return None
    right = _right.get(id) is answer
    print(in_use(exercise, right))
    return handed_on(exercise, answer) if right else exercise.solution


def in_use(exercise, right):
    """The line that says whose answer the cells below use: the reader's, if it is right."""
    name = exercise.solution.__name__
    if right:
        return f"The cells below use your own {name}."
    return f"The cells below use the book's {name}, as {exercise.id} is not answered yet."


def handed_on(exercise, answer):
    """Return an answer that gives an array of the solution's dtype, if the solution gives an array.

    So a later cell can use an answer that returns lists, or floats in place of booleans.
    """
    if exercise.probe is not Exercise.probe:
        return answer
    like = exercise.solution(*copied(exercise.inputs[0]))
    if not isinstance(like, np.ndarray):
        return answer

    @functools.wraps(answer)
    def handed(*args, **options):
        return to_numpy(answer(*args, **options)).astype(like.dtype)

    return handed


def hint(id):
    """Print the next of three hints, the vaguest first; after the last one, repeat it."""
    exercise = _find(id, Exercise)
    if exercise is None:
        return
    if _hints[id] < len(exercise.hints):
        _hints[id] += 1
        _keep(id, hints=1)
    print(f"Hint {_hints[id]} of {len(exercise.hints)}: {exercise.hints[_hints[id] - 1]}")


def solution(id):
    """Return the library's own code for an exercise, without docstrings, folded at first."""
    exercise = _find(id, Exercise)
    return exercise and Solution(exercise)


class Solution:
    """The source of an exercise's solution, as a page shows it."""

    def __init__(self, exercise):
        self.exercise = exercise
        self.source = exercise.code

    def __repr__(self):
        title, solution = f"Solution of {self.exercise.id}", self.exercise.solution
        if solution.__module__.startswith("pixelcnn_lib.teach.exercises."):
            return title
        return f"{title}, in the library: {solution.__module__}.{solution.__qualname__}"

    def _repr_html_(self):
        code = html.escape(self.source, quote=False)
        title = re.sub("(?<=[a-z])[._]", r"\g<0><wbr>", repr(self))  # a phone may break it there
        return f"<details><summary>{title}</summary>\n<pre><code>{code}</code></pre>\n</details>"


def predict(id):
    """Ask the reader to predict what the next cells show: return a live figure. Never raises.

    id: such as "4.q1". The reader's prediction is stored in answers.json.
    """
    question = _find(id, Prediction)
    if question is None:
        return None
    from pixelcnn_lib.teach.live.predict import Predict

    known = (_kept() or {}).get(id, {})
    figure = Predict(question, {name: known[name] for name in PREDICTED if name in known})
    figure.observe(lambda change: _commit(id, change.new), "answer")
    return figure


def report():
    """Print how many exercises are done in each chapter that the reader has begun.

    The file answers.json, beside the notebook, stores for each exercise: done, tries (checks of an
    answer) and hints; for each prediction: choice, sure (per cent) and right.
    It survives a restart of the kernel, and a teacher can collect it.
    """
    _told.clear()
    if (kept := _kept()) is not None:
        print(*reported(kept), sep="\n")


def reported(kept):
    """Yield the lines of a report. kept: dict, what answers.json stores."""
    begun = {id.partition(".")[0] for id in kept}
    for number in (number for number in CHAPTERS if str(number) in begun):
        asked = [id for id, one in chapter(number).items() if isinstance(one, Exercise)]
        done = [id for id in asked if kept.get(id, {}).get("done")]
        yield f"Chapter {number}: {len(done)} of {len(asked)} done. {', '.join(done)}".rstrip()
    predicted = [one for one in kept.values() if PREDICTED <= set(one)]
    if predicted:
        right = sum(one["right"] for one in predicted)
        yield f"Predictions: {right} of {len(predicted)} right."
    if len(predicted) >= ENOUGH:
        for sure in sorted({one["sure"] for one in predicted}):
            right = [one["right"] for one in predicted if one["sure"] == sure]
            yield f"  {sure} % sure: {sum(right)} of {len(right)} right"
    yield (f"Kept in {KEPT.name}." if kept else "Nothing is answered yet.")


def _find(id, kind):
    """Return the exercise or prediction with this id; if there is none, print why: None."""
    try:
        asked = find(id)
    except ValueError as error:
        return print(f"✗ {error}")
    if not isinstance(asked, kind):
        name = "predict" if isinstance(asked, Prediction) else "check"
        return print(f"✗ {id} is answered with {name}.")
    return asked


def _draw(exercise, wrong):
    """Draw the reader's values with the wrong ones crossed; the target only after the last hint."""
    from pixelcnn_lib.teach import figures

    told = _hints[exercise.id] == len(exercise.hints)
    return figures.show_wrong(wrong.values, wrong.marks, wrong.expected if told else None)


def _show(draw, words):
    """Show the figure that `draw` returns, in a notebook; if drawing fails, nothing is raised."""
    import matplotlib.pyplot as plt
    from IPython import get_ipython
    from IPython.display import display

    try:
        with time_limit(SECONDS), quiet():
            figure, png = draw(), io.BytesIO()
            figure.savefig(png, format="png")
            plt.close(figure)  # or Jupyter shows it once more
    except (Exception, TooSlow):
        return print("(No picture this time.)")
    if get_ipython():  # the text never depends on the figure, so outputs compare
        picture = base64.b64encode(png.getvalue()).decode()
        display({"text/plain": words, "image/png": picture}, raw=True)


def _kept():
    """Return what answers.json stores, {} if there is no such file.

    Returns None if it is not what this module has written; then it is never changed, and the first
    time, a line says why.
    """
    try:
        return _read()
    except (OSError, ValueError, RecursionError) as error:
        got = str(error) if type(error) is ValueError else "it cannot be read, or is cut off"
        if not _told:
            _told.append(True)
            print(
                f"Nothing is stored: {KEPT} should hold answers to this book's exercises, but {got}. "
                "It stays as it is: rename it, or set PIXELCNN_ANSWERS to another file."
            )
        return None


def _read():
    """Read answers.json. Raises ValueError, OSError or RecursionError if it cannot be our own."""
    try:
        what = disk.kind(KEPT)
    except NotADirectoryError:
        what = "nothing"
    if what == "nothing":
        return {}
    if what != "a file":
        raise ValueError(f"it is {what}")
    kept = json.loads(disk.read_whole(KEPT, MOST))
    fits = isinstance(kept, dict) and all(
        isinstance(one, dict)
        and all(type(value) is FIELDS.get(name) for name, value in one.items())
        and ({"done", "tries", "hints"} == set(one) or {"choice", "right"} <= set(one) <= PREDICTED)
        for one in kept.values()
    )
    if not fits:
        raise ValueError("it holds something else")
    return kept


def _keep(id, done=False, **counts):
    """Add to what is stored for an exercise."""
    kept = _kept()
    if kept is None:
        return
    one = kept[id] = {"done": False, "tries": 0, "hints": 0, **kept.get(id, {})}
    one["done"] |= done
    for name, count in counts.items():
        one[name] += count
    _write(kept)


def _commit(id, answer):
    """Store what the reader predicts; an empty answer deletes it."""
    kept = _kept()
    if kept is None:
        return
    kept.pop(id, None)
    _write({**kept, id: answer} if answer else kept)


def _write(kept):
    """Write answers.json; if it cannot be written, nothing is stored."""
    with suppress(OSError, ValueError):
        disk.write_whole(KEPT, f"{json.dumps(kept, indent=1)}\n".encode())
