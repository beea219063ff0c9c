"""Checks put to the test: right answers pass, wrong ones get the words that fit, nothing crashes."""

import dataclasses
import functools
import importlib
import json
import linecache
import subprocess
import sys
import types

import IPython
import numpy as np
import pytest
from doubling import FUNCTION, doubled
from keras import ops

from pixelcnn_lib import layers
from pixelcnn_lib.teach import checks, exercises, source
from pixelcnn_lib.teach.engine import judge
from pixelcnn_lib.teach.engine.answer import same
from pixelcnn_lib.teach.engine.exercise import Exercise, Prediction

ASKED = [one for number in exercises.CHAPTERS for one in exercises.chapter(number).values()]
EXERCISES = [one for one in ASKED if isinstance(one, Exercise)]


@pytest.fixture(autouse=True)
def own_reader(tmp_path, monkeypatch):
    """answers.json lies in a folder of the test's own, and no hint is taken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(judge, "SECONDS", 60)
    monkeypatch.setattr(checks, "_hints", checks.Counter())
    monkeypatch.setattr(checks, "_right", {})
    monkeypatch.setattr(checks, "_told", [])
    monkeypatch.setattr(checks, "KEPT", tmp_path / "answers.json")
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)  # other tests may have made a shell


@pytest.fixture(params=EXERCISES, ids=lambda one: one.id.replace(".", "_"))
def exercise(request):
    return request.param


def right(exercise):
    """The right answers in other styles that tests/right gives for an exercise."""
    number = int(exercise.id.partition(".")[0])
    return importlib.import_module(f"right.ch{number:02d}").RIGHT.get(exercise.id, [])


# every exercise


def test_right_answers_pass_and_are_put_to_use(exercise, capsys):
    own = exercise.edited([])  # a copy of the solution
    for answer in [own, *right(exercise)]:
        checks.check(exercise.id, answer)
        assert capsys.readouterr().out == judge.accepted(exercise) + "\n", answer.__name__


def test_mistakes_get_their_words(exercise):
    messages = [mistake.message for mistake in exercise.mistakes]
    assert len(set(messages)) == len(messages) >= 3, f"{exercise.id} needs three mistakes or more"
    for mistake in exercise.mistakes:
        answer = judge.answer_of(exercise, mistake)  # whose results are computed once for all
        failed = answer.failed_condition()
        assert failed, f"{exercise.id}: right in all cases, so no mistake: {mistake.message}"
        wrong = judge.explain(answer, failed)
        assert (str(wrong), wrong.hint) == (mistake.message, mistake.hint)
        assert mistake.message.endswith((".", "?")) and mistake.hint.endswith((".", "?")), wrong


def test_answers_of_another_kind_get_one_plain_line(exercise, capsys):
    def stub(*args, **options):
        raise NotImplementedError

    for answer in (stub, None, ...):
        checks.check(exercise.id, answer)
        assert capsys.readouterr().out == f"○ {exercise.id} not answered yet\n"
    assert "the library's own" in judge.judge(exercise, exercise.solution).line
    for value in ("5.0", {"b": 1}, {1, 2}):
        line = judge.judge(exercise, lambda *_, value=value, **__: value).line
        assert line.startswith("✗") and "\n" not in line, line


def test_hints_are_three_and_the_solution_is_there(exercise, capsys):
    assert len(set(exercise.hints)) == 3
    for number, hint in enumerate([*exercise.hints, exercise.hints[-1]], 1):
        checks.hint(exercise.id)
        assert capsys.readouterr().out == f"Hint {min(number, 3)} of 3: {hint}\n"
    assert exercise.solution.__name__ in checks.solution(exercise.id).source
    assert exercise.minutes >= 1 and exercise.difficulty in (1, 2, 3)


@pytest.mark.slow
def test_every_condition_is_needed(exercise):
    for number, dropped in enumerate(exercise.conditions):
        rest = [one for one in exercise.conditions if one is not dropped]
        less = dataclasses.replace(exercise, conditions=rest)
        lines = {one: judge.judge(less, one.form).line for one in exercise.mistakes}
        changed = [one for one, line in lines.items() if one.message not in line]
        assert changed, f"{exercise.id}: no mistake needs condition number {number + 1}"


# answers that once passed, were told a cause that was not theirs, or were sent to a right line


def shifted_by_the_first(log_likelihoods, prior):
    p = prior * np.exp(log_likelihoods - log_likelihoods[:, :1])
    return p / p.sum(axis=1, keepdims=True)


def one_level_too_low(logits, noise):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    ends = np.cumsum(p / p.sum(axis=1, keepdims=True), axis=1)
    ends /= ends[:, -1:]
    return (ends <= noise[:, None]).sum(axis=1) - 1


def every_second_of_all(x, kernel):
    x = ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0)))
    return ops.conv(x, kernel, padding="valid")[:, 1::2, 1::2]


TOLD = {
    "1.1 The temperature has no effect": lambda probs, temperature: probs,
    "1.2 Called again with the same seed, it draws other pictures.": (
        exercises.find("1.2").edited((", seed=dice", ""))
    ),
    "2.2 No prediction counts as changed": lambda model, image: np.zeros((image.size,) * 2, bool),
    "7.1 One small change makes your answer right. Look at the line `return": one_level_too_low,
    "7.1 This is right, but not where the noise is just below 1.": (
        lambda logits, noise: exercises.find("7.1").solution(logits, np.minimum(noise, 0.9999))
    ),
    "9.1 This is nan if the class with by far the largest likelihood": shifted_by_the_first,
    "13.2 The small pixel (R, C) reads the rows 2R and 2R + 1": every_second_of_all,
    "17.1 auroc([0.1, 0.3, 0.4], [0.2, 0.4, 0.45]): expected 0.7222, got 0.5833. Wrong only": (
        lambda usual, foreign: np.clip(foreign[:, None] - usual + 0.5, 0, 1).mean()
    ),
    "17.3 comparable(-90, shape=(3, 5, 2), unit='bits', per='image', first=None, step=0.003906)": (
        exercises.find("17.3").edited(("np.log2(step)", 'np.log2(step) * (per != "image")'))
    ),
}


@pytest.mark.parametrize("said", TOLD)
def test_a_message_says_no_more_than_the_results_do(said):
    line = judge.judge(exercises.find(said.split()[0]), TOLD[said]).line
    assert line.startswith(f"✗ {said}")


# any exercise: the function of doubling.py, and a class


class Scale:
    """A class to be answered."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        return x * self.factor


CLASS = Exercise(
    id="0.2",
    title="Scaling",
    minutes=1,
    difficulty=1,
    solution=Scale,
    hints=("Multiply.", "Keep the factor.", "self.factor = factor"),
    cases=lambda: {"any": (3, np.arange(4.0))},
    probe=lambda scale, factor, x: {"scaled": scale(factor)(x)},
    shown=lambda factor, x: f"Scale({factor})(x)",
)
CLASS.agrees(part="scaled")
QUESTION = Prediction(
    id="0.q1", asks="Is it?", choices={"yes": "It seems so.", "no": None}, why="So it is."
)
KINDS = {one.id: one for one in (FUNCTION, CLASS, QUESTION)}


@pytest.fixture
def asked(monkeypatch):
    """The exercises above, as if they were chapter 0."""
    for module in (exercises, checks):
        monkeypatch.setattr(module, "CHAPTERS", [0])
        monkeypatch.setattr(module, "chapter", lambda number: KINDS)
    monkeypatch.setattr(exercises, "predictions", lambda number: KINDS)


def raises(x, *_):
    return {}["missing"]


def misfits(x, *_):
    return ops.zeros((2, 3)) + ops.zeros(4)


def multiplies(x, *_):
    kernel = np.ones((7, 4))
    return x @ kernel


def changes(x, *_):
    x += x
    return x


def almost(x, times=1):
    result = x * 2**times
    result[1, 0] += 1
    return result


def once_more(x, times=1):
    power = 2 ** (times + 1)
    return x * power


def halved(x, times=1):
    result = []
    for row in x:
        result.append(row * 2**times)
        return np.array(result)


def in_words(x, *_):
    return f"{'twice'}"


def power_of(times, x=1):
    return x * 2**times


def one_too_few(x, times=1):
    return x * 2 ** (times - 1)


def one_more(x, times=1):
    up = times + 1
    return x * 2**up


def squared(x, times=1):
    return np.multiply(x, x).tolist()


MISUSE = {
    "One small change makes your answer right. Look at the line `power = 2 ** (times + 1)`.": once_more,
    "Look at the line `up = times + 1` or at the line `return x * 2**up`. Hint: what": one_more,
    "expected 2 at row 0, column 1, got 1. Hint: twice": one_too_few,
    "expected 0 at row 0, column 0, got 1. Wrong only for: once. Hint: twice as much.": power_of,
    "Look at the line `for row in x:`. Hint: what should it say": halved,
    "raised KeyError: 'missing', at `return {}[\"missing\"]`. Hint: print the values": raises,
    "InvalidArgumentError: Incompatible shapes: [2,3] vs. [4], at `return ops.zeros": misfits,
    "at `return x @ kernel`, where x is float64 (2, 3), kernel is float64 (7, 4).": multiplies,
    "raised SystemExit": lambda x, *_: sys.exit(),
    "returned None": lambda x, *_: print(end=""),
    "changed its argument": changes,
    "returned 'twice': expected an array of numbers.": in_words,
    "returned [[1], [1, 2]], which is no array": lambda x, *_: [[1], [1, 2]],
    "returned complex128 array (2, 3): expected an array of numbers": lambda x, *_: x + 1j,
    "returned {'a': 1}: expected an array of numbers": lambda x, *_: {"a": 1},
    "expected shape (2, 3), got shape (2, 3, 1). Hint: there is an axis too many": (
        lambda x, *_: x[..., None]
    ),
    "got a single value. Hint: an axis is missing": lambda x, *_: 3,
    "6 of 6 values are nan": lambda x, *_: x * np.nan,
    "That is the library's own": doubled,
    "Expected the function itself, got float64 array (3,)": np.ones(3),
    "expected 6 at row 1, column 0, got 7. Wrong only for: once.": lambda x, times=1: (
        almost(x, times) if times == 1 else x * 2**times
    ),
    "It is squared. Hint: times two.": squared,
    "This is right once, but not twice. Hint: 2**times": lambda x, times=1: x * (times + 1),
}


@pytest.mark.parametrize("said", MISUSE)
def test_a_wrong_answer_is_explained_in_one_line(said, asked, capsys):
    checks.check("0.1", MISUSE[said])
    out = capsys.readouterr().out
    assert out.startswith("✗ 0.1 ") and said in out and "Hint: " in out and out.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["isclose", "allclose", "array_equal", "equal", "not_equal", "abs"]
)
def test_no_comparison_of_the_reader_s_decides(name, monkeypatch):
    exercise = dataclasses.replace(FUNCTION, tolerance=1e-6)
    monkeypatch.setattr(np, name, lambda *_, **__: np.True_)
    assert judge.judge(exercise, lambda x, times=1: 0 * x).mark == "✗"


class Unreadable:
    def __array__(self, *args, **options):
        raise RuntimeError("unreadable")


def escapes(images, logits):
    raise GeneratorExit("out")


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("mute")


def mute(images, logits):
    raise Mute


@functools.cache
def blocks_needed(height, width):
    return max(height, width)


UPPER = "sorted(np.diff(ends))[len(ends) // 2]"  # for an even number of steps no median


def at_temperature(probs, temperature):
    probs **= 1 / temperature
    probs /= probs.sum(-1, keepdims=True)
    return probs


@pytest.mark.parametrize(
    "number, answer, said",
    [
        ("5.1", lambda images, logits: Unreadable(), "returned a Unreadable, which is no array"),
        ("5.1", lambda images, logits: np.datetime64("2020"), "expected an array of numbers"),
        ("3.2", lambda height, width: np.void(b"ab"), "expected a number"),
        ("5.1", escapes, "raised GeneratorExit: out"),
        ("5.1", mute, "raised Mute, at `raise Mute`"),
        ("3.2", blocks_needed, "✗ 3.2"),
        ("17.1", np.mean, "✗ 17.1"),
        ("2.1", layers.MaskedConv2D(3, 3, "A"), "Expected the class itself, got a MaskedConv2D"),
        ("10.1", exercises.find("10.1").edited(("np.median(np.diff(ends))", UPPER)), "✗ 10.1"),
    ],
)
def test_every_answer_gets_its_line(number, answer, said, capsys):
    checks.check(number, answer)
    assert said in capsys.readouterr().out


def test_an_id_without_quotes_is_told_to_have_them(capsys):
    checks.check(3.2, blocks_needed)
    assert 'put quotes around it, as in "3.2"' in capsys.readouterr().out


def test_a_replaced_comparison_hides_no_change_of_an_argument(monkeypatch, capsys):
    monkeypatch.setattr(np, "array_equal", lambda *args, **options: True)
    checks.check("1.1", at_temperature)
    assert "changed its argument number 1" in capsys.readouterr().out


def test_a_replaced_comparison_names_no_mistake(monkeypatch):
    for name in ("allclose", "isclose", "array_equal"):
        monkeypatch.setattr(np, name, lambda *args, **options: True)
    one, other = np.zeros(3), np.array([0, 1.0, 2.0])
    assert not same(one, other) and same(other, other + 1e-9)
    assert not same(one > 1, other > 1) and same(other > 1, other > 1)


def test_questions_and_checks_are_there_before_keras():
    code = "import ipykernel, IPython, sys; from pixelcnn_lib.teach import exercises, stored; "
    code += "[exercises.predictions(number) for number in exercises.CHAPTERS]; "
    code += "stored.shown('predict(\"4.q1\")'); sys.exit('keras' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_edit_that_no_longer_applies_is_named():
    with pytest.raises(ValueError, match="0.1: an edit's text must stand once .* stands 0 times"):
        FUNCTION.edited(("missing", "x"))
    assert FUNCTION.edited(("2**times", "times"))(3, 5) == 15
    assert FUNCTION.edited("x + times")(3, 5) == 8


def test_a_class_that_a_notebook_defines_is_read(monkeypatch):
    code = "class Mine:\n    def call(self):\n        return 1"
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))  # has no file
    monkeypatch.setitem(linecache.cache, "cell", (len(code), None, code.splitlines(True), "cell"))
    exec(compile(code, "cell", "exec"), names := {"__name__": "__main__"})
    assert source.code_of(names["Mine"]) == code


def test_a_declared_mistake_is_run_once_for_all_answers():
    runs = []
    mistake = {"It is squared.": lambda x, times=1: runs.append(0) or x**2}
    exercise = dataclasses.replace(FUNCTION, mistaken={"times two.": mistake})
    for _ in range(3):
        assert "It is squared." in judge.judge(exercise, squared).line
    assert len(runs) == 2  # once for each case


def test_other_libraries_and_dtypes_pass_and_are_handed_on_as_judged(capsys):
    tf = pytest.importorskip("tensorflow")
    as_floats = dataclasses.replace(
        FUNCTION, solution=lambda x: x > 2, cases={"any": (np.arange(4),)}
    )
    as_floats.solution.__name__ = "large"
    answers = [
        lambda x, times=1: tf.constant(x, "float32") * 2**times,
        tf.function(lambda x, times=1: tf.cast(x, "int64") * 2**times),
        lambda x, times=1: (x * 2**times).tolist(),
    ]
    for answer in answers:
        assert judge.judge(FUNCTION, answer).mark == "✓"
    handed = checks.handed_on(as_floats, lambda x: [float(one > 2) for one in x])(np.arange(4))
    assert handed.dtype == bool and handed.tolist() == [False, False, False, True]
    assert checks.handed_on(CLASS, Scale) is Scale


def test_an_answer_is_used_once_its_check_was_right(capsys):
    exercise = exercises.find("3.2")
    answer, other = exercise.edited([]), exercise.edited([])
    assert checks.yours("3.2", answer) is exercise.solution
    assert capsys.readouterr().out == checks.in_use(exercise, right=False) + "\n"
    checks.check("3.2", answer)
    capsys.readouterr()
    assert checks.yours("3.2", answer) is answer
    assert capsys.readouterr().out == checks.in_use(exercise, right=True) + "\n"
    assert checks.yours("3.2", other) is exercise.solution  # the check has not seen this one
    assert checks.yours("3.9", answer) is None


def test_the_target_is_drawn_after_the_last_hint_alone(asked):
    wrong = judge.judge(FUNCTION, almost).wrong
    titles = lambda: [ax.get_title() for ax in checks._draw(FUNCTION, wrong).axes]
    assert titles() == ["yours"]
    for _ in range(3):
        checks.hint("0.1")
    assert titles() == ["yours", "expected"]


# answers.json


def test_a_prediction_is_kept_found_again_and_forgotten(asked, capsys):
    figure = checks.predict("0.q1")
    assert figure.answer == {} and not checks.KEPT.exists()
    figure.answer = said = {"choice": "yes", "sure": 70, "right": False}  # as the browser sends it
    assert json.loads(checks.KEPT.read_text()) == {"0.q1": said}
    again = checks.predict("0.q1")  # as in a new kernel
    assert again.answer == said
    checks.report()
    assert capsys.readouterr().out == (
        "Chapter 0: 0 of 2 done.\nPredictions: 0 of 1 right.\nKept in answers.json.\n"
    )
    many = {f"0.q{n}": said | {"right": n > 6} for n in range(1, checks.ENOUGH + 1)}
    checks.KEPT.write_text(json.dumps(many))
    checks.report()
    assert "Predictions: 4 of 10 right.\n  70 % sure: 4 of 10 right\n" in capsys.readouterr().out
    checks.KEPT.write_text(json.dumps({"0.q1": said}))
    again.answer = {}
    assert json.loads(checks.KEPT.read_text()) == {}


def test_what_is_done_survives_a_restart(asked, monkeypatch, capsys):
    checks.report()
    checks.check("0.1", lambda x, times=1: x)
    checks.hint("0.1")
    checks.check("0.1", lambda x, times=1: x * 2**times)
    checks.check("0.2", None)
    monkeypatch.setattr(checks, "_hints", checks.Counter())  # a new kernel
    capsys.readouterr()
    checks.report()
    assert capsys.readouterr().out == "Chapter 0: 1 of 2 done. 0.1\nKept in answers.json.\n"
    assert json.loads(checks.KEPT.read_text()) == {"0.1": {"done": True, "tries": 2, "hints": 1}}


def test_nothing_is_stored_where_nothing_can_be_written(asked, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(checks, "KEPT", tmp_path / "missing" / "answers.json")
    checks.check("0.1", lambda x, times=1: x * 2**times)
    assert capsys.readouterr().out == "✓ 0.1 Doubling\n"
