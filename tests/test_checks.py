"""Checks put to the test: right answers pass, wrong ones get the words that fit, nothing crashes."""

import dataclasses
import functools
import importlib
import inspect
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import IPython
import keras
import numpy as np
import pytest
from keras import ops

from pixelcnn_lib import masks
from pixelcnn_lib.teach import checks, diagnosis, exercises, judge, returned, safely, solutions
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agreement

ROOT = Path(__file__).parents[1]
ASKED = [one for number in exercises.CHAPTERS for one in exercises.chapter(number).values()]
EXERCISES = [one for one in ASKED if isinstance(one, Exercise)]


def name(one):
    return f"{one.id.replace('.', '_')}"


@pytest.fixture(autouse=True)
def own_reader(tmp_path, monkeypatch):
    """answers.json lies in a folder of the test's own, no hint is taken, a busy machine has time."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(safely, "SECONDS", 30)
    monkeypatch.setattr(checks, "_hints", checks.Counter())
    monkeypatch.setattr(checks, "_right", {})
    monkeypatch.setattr(checks, "KEPT", tmp_path / "answers.json")
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)  # other tests may have made a shell


@pytest.fixture(params=EXERCISES, ids=name)
def exercise(request):
    return request.param


def answers(mistakes):
    """Every form of some mistakes, each with the words that its message must hold."""
    return [(mistake.message, form) for mistake in mistakes for form in mistake.forms]


def wrong(exercise):
    return answers(exercise.mistakes) + answers(exercise.caught_mistakes)


@functools.cache
def verdicts(exercise):
    """The Verdict on every wrong answer of an exercise's file, in its order."""
    return [judge.judge(exercise, form) for _, form in wrong(exercise)]


def right(exercise):
    number = int(exercise.id.partition(".")[0])
    return importlib.import_module(f"right.ch{number:02d}").RIGHT[exercise.id]


# every exercise


def test_right_answers_pass(exercise):
    assert len(right(exercise)) >= 3
    for answer in right(exercise):
        assert judge.judge(exercise, answer).line == exercises.solved(exercise), answer.__name__


def test_known_mistakes_get_their_words(exercise):
    assert len(wrong(exercise)) >= 10
    found = iter(verdicts(exercise))
    for mistake in exercise.mistakes:
        said = f"✗ {exercise.id} {mistake.message} Hint: {mistake.hint}"
        for form in mistake.forms:
            assert next(found).line == said, form.__name__


def test_other_mistakes_are_caught(exercise):
    found = verdicts(exercise)[len(answers(exercise.mistakes)) :]
    for (words, form), verdict in zip(answers(exercise.caught_mistakes), found, strict=True):
        assert verdict.mark == "✗" and words in verdict.line, f"{form.__name__}: {verdict.line}"


def of_texts(solution):
    """A class whose methods, or whose call as a layer, return a text."""
    text = lambda *_, **__: "5.0"
    if issubclass(solution, keras.layers.Layer):
        begin = lambda self, *_, **__: keras.layers.Layer.__init__(self)
        return type("Mine", (keras.layers.Layer,), {"__init__": begin, "call": text})
    methods = {name: text for name in vars(solution) if not name.startswith("_")}
    return type("Mine", (), {"__init__": lambda *_, **__: None, "__call__": text, **methods})


def test_a_result_of_another_kind_gets_one_plain_line(exercise):
    if inspect.isclass(exercise.solution):
        verdict = judge.judge(exercise, of_texts(exercise.solution))
        assert verdict.mark == "✗" and judge.STUMBLED not in verdict.line, verdict.line
        return
    odd = {"a text": "5.0", "a dict": {"b": 1}, "a complex number": 1j, "a set": {1, 2}}
    for came, value in odd.items():
        line = judge.judge(exercise, lambda *_, value=value, **__: value).line
        own = returned.kind(exercise.returned) == came or callable(exercise.returned)
        own = own or isinstance(exercise.returned, dict)
        assert judge.STUMBLED not in line and (own or f", got {came}." in line), line
    assert "returned None" in judge.judge(exercise, lambda *_, **__: print(end="")).line


def test_words_are_well_formed(exercise):
    messages = [mistake.message for mistake in exercise.mistakes]
    assert len(set(messages)) == len(messages)
    for verdict in verdicts(exercise):
        assert judge.STUMBLED not in verdict.line
        message, hint = verdict.line.split(" Hint: ")
        assert message.endswith((".", "?")) and hint.endswith((".", "?")), verdict.line
        assert "\n" not in verdict.line


def test_every_condition_is_needed(exercise):
    names = [condition.__name__ for condition in exercise.conditions]
    assert len(set(names)) == len(names)
    pairs = list(zip(wrong(exercise), verdicts(exercise)))
    for dropped in exercise.conditions:
        rest = [one for one in exercise.conditions if one is not dropped]
        less = dataclasses.replace(exercise, conditions=rest)
        suspects = [(form, v) for (_, form), v in pairs if v.condition == dropped.__name__]
        changed = (judge.judge(less, form).line != full.line for form, full in suspects)
        assert any(changed), f"no mistake needs the condition {dropped.__name__!r}"


def test_cases_say_what_they_separate(exercise):
    cases = exercise.cases() if callable(exercise.cases) else exercise.cases
    assert len(cases) >= 1 and all(isinstance(name, str) for name in cases)


def test_the_solution_is_right_and_is_refused_as_borrowed(exercise):
    assert "the library's own" in judge.judge(exercise, exercise.solution).line
    answer = judge.Answer(exercise, exercise.solution, may_borrow=True)
    assert [one(answer) for one in exercise.conditions] == [None] * len(exercise.conditions)


def test_a_stub_is_not_answered_yet(exercise, capsys):
    def stub(*args, **kwargs):
        raise NotImplementedError

    for answer in (stub, None, ...):
        checks.check(exercise.id, answer)
        assert capsys.readouterr().out == f"○ {exercise.id} not answered yet\n"


def test_a_right_answer_is_put_to_use(exercise, capsys):
    answer = right(exercise)[0]
    checks.check(exercise.id, answer)
    assert capsys.readouterr().out == exercises.solved(exercise) + "\n"


def test_a_wrong_answer_is_drawn(exercise, capsys):
    for (_, form), verdict in zip(wrong(exercise), verdicts(exercise)):
        if verdict.wrong.values is not None:
            checks.check(exercise.id, form)
            assert capsys.readouterr().out == verdict.line + "\n"
            return


def test_hints_are_three_and_the_solution_is_there(exercise, capsys):
    assert len(set(exercise.hints)) == 3
    for number, hint in enumerate([*exercise.hints, exercise.hints[-1]], 1):
        checks.hint(exercise.id)
        assert capsys.readouterr().out == f"Hint {min(number, 3)} of 3: {hint}\n"
    solution = checks.solution(exercise.id)
    assert exercise.solution.__name__ in solution.source
    assert solution._repr_html_().startswith("<details>")
    assert exercise.minutes >= 1 and exercise.difficulty in (1, 2, 3)


def test_an_answer_is_used_once_its_check_was_right(capsys):
    exercise = exercises.find("2.1")
    answer, other = right(exercise)[:2]
    assert checks.yours("2.1", answer) is exercise.solution
    assert capsys.readouterr().out == exercises.in_use(exercise, right=False) + "\n"
    checks.check("2.1", answer)
    capsys.readouterr()
    assert checks.yours("2.1", answer) is answer
    assert capsys.readouterr().out == exercises.in_use(exercise, right=True) + "\n"
    assert checks.yours("2.1", other) is exercise.solution  # the check has not seen this one
    assert checks.yours("2.9", answer) is None


def test_a_part_is_the_reader_s_if_it_is_right_and_nothing_is_stored(capsys):
    exercise = exercises.find("2.1")
    answer, wrong = right(exercise)[0], exercise.mistakes[0].forms[0]
    assert checks.part("2.1", answer) is answer
    assert capsys.readouterr().out == exercises.solved(exercise) + "\n"
    assert checks.part("2.1", wrong) is exercise.solution
    out = capsys.readouterr().out
    assert out.startswith("✗ 2.1 ") and out.endswith(
        "\nThe cells below use the book's spatial_mask.\n"
    )
    assert checks.part("2.1", None) is exercise.solution
    assert capsys.readouterr().out.startswith(exercises.unanswered("2.1") + "\n")
    assert checks.part("2.9", answer) is None
    assert not checks.KEPT.exists()


# any exercise: a function and a class made for the test


def doubled(x, times=1):
    return x * 2**times


class Scale:
    """A class to be answered."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        return x * self.factor


FUNCTION = Exercise(
    id="0.1",
    title="Doubling",
    minutes=1,
    difficulty=1,
    solution=doubled,
    hints=("Add.", "Add it to itself.", "x + x"),
    cases=lambda: {"once": (np.arange(6.0).reshape(2, 3),), "twice": (np.ones((3, 2)), 2)},
    axes=("row", "column"),
    conditions=[agreement("all", hint="twice as much.")],
    mistakes=[Mistake("It is squared.", "times two.", [lambda x, times=1: x**2])],
)
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
    conditions=[agreement("scaled", part="scaled")],
)
QUESTION = Prediction(
    id="0.q1", asks="Is it?", choices={"yes": "It seems so.", "no": None}, why="So it is."
)
KINDS = {one.id: one for one in (FUNCTION, CLASS, QUESTION)}


@pytest.fixture
def asked(monkeypatch):
    """The exercises above, as if they were chapter 0."""
    monkeypatch.setattr(exercises, "CHAPTERS", [0])
    monkeypatch.setattr(checks, "CHAPTERS", [0])
    monkeypatch.setattr(exercises, "chapter", lambda number: KINDS)
    monkeypatch.setattr(checks, "chapter", lambda number: KINDS)


def in_class(call):
    """A class whose call does this."""
    return type("Mine", (), {"__init__": lambda self, factor: None, "__call__": call})


def raises(x, *_):
    return {}["missing"]


def leaves(x, *_):
    raise SystemExit


def misfits(x, *_):
    return ops.zeros((2, 3)) + ops.zeros(4)


def prints(x, *_):
    print(end="")


def changes(x, *_):
    x += x
    return x


def loops(x, *_):
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            pass


def floats(x, *_):
    return x[x]


def calls(x, *_):
    return grid()


MISUSE = {
    "Hint: an index must be a whole number": floats,
    "Hint: compare the arguments of that call with those of the definition.": calls,
    "raised KeyError: 'missing', at `return {}[\"missing\"]`": raises,
    "raised SystemExit": leaves,
    "raised InvalidArgumentError: Incompatible shapes: [2,3] vs. [4], at `return": misfits,
    "returned None": prints,
    "changed its argument": changes,
    "Still waiting after 0.2 seconds": loops,
    "returned 'twice'": lambda x, *_: "twice",
    "[[1], [1, 2]]": lambda x, *_: [[1], [1, 2]],
    "got shape (1,)": lambda x, *_: np.ones(1),
    "got a single value": lambda x, *_: 3,
    "values are nan": lambda x, *_: x * np.nan,
    "returned arrays of the shapes [(1,), (2,)], not one array": lambda x, *_: np.array(
        [np.ones(1), np.ones(2)], dtype=object
    ),
    "returned an array of dtype object": lambda x, *_: np.array([[1, 2]], dtype=object),
    "Hint: the message says what that call expects": lambda x, *_: masks.spatial_mask(2),
    "the same sizes in another order": lambda x, *_: np.ones((2, 5)) + np.ones((5, 2)),
    "print both shapes": lambda x, *_: np.ones((2, 5)) + np.ones((2, 4)),
    ", got a text.": lambda x, *_: np.array(["one", "two"]),
    ", got a dict.": lambda x, *_: {"doubled": x},
    ", got a complex number.": lambda x, *_: x + 1j,
}


@pytest.mark.parametrize("said", MISUSE)
def test_misuse_of_a_function_is_explained(said, asked, monkeypatch, capsys):
    if MISUSE[said] is loops:
        monkeypatch.setattr(safely, "PATIENCE", 0.2)
    checks.check("0.1", MISUSE[said])
    out = capsys.readouterr().out
    assert out.startswith("✗ 0.1 ") and said in out and "Hint: " in out and out.count("\n") == 1


def adds_sizes(x, *_):
    kernel = np.ones((3, 4))
    old = kernel
    old = np.concatenate([x, kernel])
    return old


def stacks(x, *_):
    parts = [x[:1], x]
    return ops.stack(parts) + ops.sum(x)


def splits(x, *_):
    return ops.split(x, 7, axis=-1)


def multiplies(x, *_):
    kernel = np.ones((7, 4))
    return x @ kernel


def asks_a_tensor(x, *_):
    return ops.ones(x.shape).size


def misspells(x, *_):
    return ops.sofmax(x)


ERRORS = {
    asks_a_tensor: "has no attribute 'size', at `return ops.ones(x.shape).size`. Hint: NumPy arrays",
    misspells: "at `return ops.sofmax(x)`. Hint: did you mean `softmax`",
    adds_sizes: "x, kernel])`, where x is float64 (2, 3), kernel is float64 (3, 4). Hint: which shape",
    stacks: "at `return ops.stack(parts) + ops.sum(x)`",
    splits: "axis 1 has the size 3, which cannot be split into 7 equal parts, at `return ops.split",
    multiplies: "the inner sizes of a matrix product differ: 3 and 7, at `return x @ kernel`, where x",
}


@pytest.mark.parametrize("answer", ERRORS)
def test_an_error_of_a_library_is_told_with_the_line_and_the_shapes(answer):
    line = judge.judge(FUNCTION, answer).line
    assert ERRORS[answer] in line and "old" not in line.partition("`, where")[2], line


@pytest.mark.parametrize("said", MISUSE)
def test_misuse_of_a_class_is_explained(said, asked, monkeypatch, capsys):
    misuse = MISUSE[said]
    if misuse is loops:
        monkeypatch.setattr(safely, "PATIENCE", 0.2)

    def call(self, x):
        return misuse(x)

    call.__code__ = call.__code__.replace(co_filename=misuse.__code__.co_filename)
    checks.check("0.2", in_class(call))
    out = capsys.readouterr().out
    said = said.partition(", at `")[0]
    assert out.startswith("✗ 0.2 ") and said in out and "Hint: " in out and out.count("\n") == 1


@pytest.mark.parametrize(
    "id, answer",
    [
        ("0.1", doubled),
        ("0.1", functools.partial(doubled, times=1)),
        ("0.1", lambda x, times=1: doubled(x, times)),
        ("0.2", Scale),
        ("0.2", type("Mine", (Scale,), {})),
        ("0.2", lambda factor: Scale(factor)),
    ],
)
def test_the_librarys_own_is_refused(id, answer, asked, capsys):
    checks.check(id, answer)
    out = capsys.readouterr().out
    said = f"✗ {id} That is the library's own", f"✗ {id} Your answer calls the library's"
    assert out.startswith(said)


@pytest.mark.parametrize(
    "id, answer, said",
    [
        ("0.1", np.ones(3), "Expected the function itself, got float64 array (3,)"),
        ("0.1", 3, "Expected the function itself, got 3"),
        ("0.2", Scale(3), "Expected the class itself, got a Scale"),
    ],
)
def test_a_result_is_no_answer(id, answer, said, asked, capsys):
    checks.check(id, answer)
    assert said in capsys.readouterr().out


def test_empty_bodies_are_not_answered_yet(asked, capsys):
    def documented(x, times=1):
        """Twice x."""

    def dotted(x, times=1): ...

    def returned(x, times=1):
        return ...

    for answer in (documented, dotted, returned):
        checks.check("0.1", answer)
    assert capsys.readouterr().out == "○ 0.1 not answered yet\n" * 3


def test_a_method_left_open_is_not_answered_yet(asked, capsys):
    def call(self, x):
        raise NotImplementedError

    checks.check("0.2", in_class(call))
    assert capsys.readouterr().out == "○ 0.2 not answered yet\n"


def test_a_difference_is_placed(asked, capsys):
    def almost(x, times=1):
        result = x * 2**times
        result[1, 0] += 1
        return result

    checks.check("0.1", almost)
    said = "Only column 0 is wrong. doubled(float64 array (2, 3)): expected 6 at row 1, column 0, got 7."
    assert capsys.readouterr().out == f"✗ 0.1 {said} Hint: twice as much.\n"


def grid(height, width=2):
    return np.ones((height, width))


GRID = dataclasses.replace(
    FUNCTION, solution=grid, cases={"default": (3,), "wide": (4, 5), "high": (4, 3)}, mistakes=[]
)


@pytest.mark.parametrize(
    "answer, said",
    [
        (lambda height, width=2: np.ones((height, 2)), "what should `width` decide?"),
        (lambda height, width=2: np.ones((3, width)), "what should `height` decide?"),
        (lambda height, width=2: np.ones((width, height)), "their order is wrong."),
        (
            lambda height, width=2: np.ones((height, width, 1)),
            "axis 2, of size 1, is one too many.",
        ),
        (lambda height, width=2: height * np.ones(width), "axis 0, of size 3, is missing."),
        (lambda height, width=2: np.ones((height, width + 1)), "the size of axis 1 come from?"),
        (
            lambda height, width=2: np.full((1, 1, 1, 1), height + width),
            "print the shape of each step.",
        ),
        (lambda height, width=2: height + width / 2, "over which axis is it computed?"),
    ],
)
def test_a_wrong_shape_is_traced_to_an_argument(answer, said):
    assert said in judge.judge(GRID, answer).line


def mean_of_each_row(x, times=1):
    return x.mean(axis=1, keepdims=True)


def test_a_wrong_axis_is_told_by_the_shape():
    row = dataclasses.replace(FUNCTION, solution=mean_of_each_row, mistakes=[], known={})
    line = judge.judge(row, lambda x, times=1: x.mean(axis=0, keepdims=True)).line
    assert "axis 0 has become 1, but axis 1 should" in line


def test_a_call_names_its_arguments():
    assert GRID.call((4, 5)) == "grid(4, width=5)"
    assert CLASS.call((3, 4)) == "Scale(3)(x)"


def test_a_mistake_is_run_once_for_all_answers():
    runs = []
    mistake = Mistake("It is squared.", "times two.", [lambda x, times=1: runs.append(0) or x**2])
    exercise = dataclasses.replace(FUNCTION, mistakes=[mistake], known={})
    for _ in range(3):
        assert "It is squared." in judge.judge(exercise, lambda x, times=1: x**2).line
    assert len(runs) == 2  # once for each case


SQUARED = dataclasses.replace(
    FUNCTION,
    cases={name: (np.arange(2.0, 2.0 + size),) for size, name in enumerate("abcd", 2)},
    mistakes=[Mistake("It is squared.", "times two.", [lambda x, times=1: x**2.0])],
    known={},
)


def test_a_mistake_that_explains_most_cases_is_named_and_the_others_too():
    def answer(x, times=1):
        return x[:9] ** 2 if len(x) < 5 else x[9]

    said = "It is squared. Besides, doubled(float64 array (5,)) raised IndexError"
    assert said in judge.judge(SQUARED, answer).line
    otherwise = lambda x, times=1: x**2 if len(x) < 5 else np.sin(x)
    said = "It is squared. Besides, something else is wrong for: d. Hint: times two."
    assert said in judge.judge(SQUARED, otherwise).line
    half = lambda x, times=1: x**2 if len(x) < 4 else x[9]
    assert "It is squared" not in judge.judge(SQUARED, half).line
    right_in_one = lambda x, times=1: x**2 if len(x) < 5 else 2 * x
    assert "It is squared" not in judge.judge(SQUARED, right_in_one).line
    other = Mistake("It is cubed.", "twice.", [lambda x, times=1: x ** (2 if len(x) < 5 else 3)])
    both = dataclasses.replace(SQUARED, mistakes=[*SQUARED.mistakes, other], known={})
    assert "It is" not in judge.judge(both, otherwise).line  # both would explain as much


def test_a_mistake_in_another_unit_is_named():
    line = judge.judge(SQUARED, lambda x, times=1: -np.log(2) * x**2).line
    assert "Two things are wrong. It is squared. And every value is -0.6931 times as large." in line
    assert "Hint: times two. Also: natural and binary logarithms differ" in line


def test_right_cases_are_named():
    answer = lambda x, times=1: 2 * x + (len(x) == 3) * np.sin(x)
    assert "Wrong only for: b. Hint: twice as much." in judge.judge(SQUARED, answer).line


def test_a_mistake_that_raises_is_recognised(monkeypatch):
    mistake = Mistake("The end is passed.", "count from 0.", [lambda x, times=1: x[9]])
    exercise = dataclasses.replace(FUNCTION, mistakes=[mistake])
    assert "The end is passed." in judge.judge(exercise, lambda x, times=1: [x[9]]).line
    without_source = eval("lambda x, times=1: [x[9]]")
    assert "The end is passed." in judge.judge(exercise, without_source).line


def test_what_only_chooses_words_is_no_part_of_a_mistake():
    one, other = {"y": np.ones(2), "_notes": np.ones(2)}, {"y": np.ones(2), "_notes": np.zeros(2)}
    assert diagnosis.same(one, other) and not diagnosis.same(one, {**other, "y": np.zeros(2)})


def test_a_solution_is_found_by_its_name():
    assert solutions.blocks_needed is exercises.find("4.2").solution
    with pytest.raises(AttributeError, match="no exercise has a solution named missing"):
        solutions.missing  # noqa: B018


def test_a_solution_shows_what_it_is_made_of():
    exercise = dataclasses.replace(FUNCTION, parts=(grid,))
    source = checks.Solution(exercise).source
    assert source.startswith("def grid") and "\n\n\ndef doubled" in source


def test_a_mistake_is_recognised_by_its_behaviour(asked, capsys):
    checks.check("0.1", lambda x, times=1: np.multiply(x, x).tolist())
    assert capsys.readouterr().out == "✗ 0.1 It is squared. Hint: times two.\n"


def test_other_libraries_and_dtypes_pass(asked, capsys):
    tf = pytest.importorskip("tensorflow")
    checks.check("0.1", lambda x, times=1: tf.constant(x, "float32") * 2**times)
    checks.check("0.1", tf.function(lambda x, times=1: tf.cast(x, "int64") * 2**times))
    checks.check("0.1", lambda x, times=1: (x * 2**times).tolist())
    assert capsys.readouterr().out == "✓ 0.1 Doubling\n" * 3


def test_a_check_that_stumbles_says_so(asked, monkeypatch, capsys):
    monkeypatch.setattr(FUNCTION, "conditions", [lambda answer: answer.missing])
    checks.check("0.1", lambda x, times=1: x)
    assert judge.STUMBLED in capsys.readouterr().out


def test_a_picture_that_fails_is_no_crash(asked, monkeypatch, capsys):
    monkeypatch.setattr(FUNCTION, "after", lambda answer: 1 / 0)
    checks.check("0.1", lambda x, times=1: x * 2**times)
    said = "✓ 0.1 Doubling\n(No picture this time.)\n"
    assert capsys.readouterr().out == said


def test_the_target_is_drawn_after_the_last_hint_alone(asked):
    wrong = judge.judge(FUNCTION, lambda x, times=1: x + 1).wrong
    titles = lambda: [ax.get_title() for ax in checks._draw(FUNCTION, wrong).axes]
    assert titles() == ["yours"]
    for _ in range(3):
        checks.hint("0.1")
    assert titles() == ["yours", "expected"]


def test_an_open_check_needs_no_heavy_library():
    code = "import sys; from pixelcnn_lib.teach import checks; checks.check('2.1', None);"
    code += "sys.exit(sorted({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)) or None)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == exercises.unanswered("2.1") + "\n" and done.returncode == 0, done.stderr


def test_unknown_ids_are_answered(asked, capsys):
    for call in (lambda id: checks.check(id, None), checks.hint, checks.solution):
        for id in ("0.9", "9.1", "one", 2.1, "0.q1", None):
            assert call(id) is None
            assert capsys.readouterr().out.startswith("✗ ")
    assert checks.predict("0.1") is None
    assert "answered with check" in capsys.readouterr().out


def test_a_prediction_is_kept_found_again_and_forgotten(asked, capsys):
    figure = checks.predict("0.q1")
    assert figure.answer == {} and not checks.KEPT.exists()
    figure.answer = said = {"choice": "yes", "sure": 70, "right": False}  # as the browser sends it
    assert json.loads(checks.KEPT.read_text()) == {"0.q1": said}
    again = checks.predict("0.q1")  # as in a new kernel
    assert again.answer == said
    checks.report()
    assert capsys.readouterr().out == (
        "Chapter 0: 0 of 2 done.\nPredictions of which you were 70 % sure: 0 of 1 right.\n"
        "Kept in answers.json.\n"
    )
    again.answer = {}
    assert json.loads(checks.KEPT.read_text()) == {}


def test_the_report_sets_how_often_beside_how_sure(asked, capsys):
    said = [(50, True), (90, True), (90, False), (50, False), (90, True)]
    kept = {f"0.q{n}": {"choice": "yes", "sure": s, "right": r} for n, (s, r) in enumerate(said)}
    checks.KEPT.write_text(json.dumps({**kept, "0.q9": {"done": True, "tries": 1, "hints": 0}}))
    checks.report()
    assert capsys.readouterr().out.splitlines()[1:-1] == [
        "Predictions of which you were 50 % sure: 1 of 2 right.",
        "Predictions of which you were 90 % sure: 2 of 3 right.",
    ]


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


def test_a_teacher_s_script_shows_where_a_class_stands(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[1] / "book" / "teaching.md").read_text(encoding="utf-8")
    script = page.split("```python\n")[1].split("```")[0]
    one = lambda done, tries: {"done": done, "tries": tries, "hints": 1}
    said = {"choice": "no", "sure": 90, "right": True}
    for student, name, kept in [
        ("ann", "answers.json", {"2.1": one(True, 2), "12.1": one(True, 1), "2.q1": said}),
        ("ann", "answers_09.json", {"9.1": one(False, 4)}),
        ("ben", "answers_02.json", {"2.1": one(False, 3), "2.2": one(False, 0)}),
    ]:
        (tmp_path / "handed_in" / student).mkdir(parents=True, exist_ok=True)
        (tmp_path / "handed_in" / student / name).write_text(json.dumps(kept))
    monkeypatch.chdir(tmp_path)
    exec(script, {})
    assert capsys.readouterr().out.splitlines() == [
        "2.1: 1 of 2 who tried have solved it, median tries 2.5",
        "9.1: 0 of 1 who tried have solved it, median tries 4",
        "12.1: 1 of 1 who tried have solved it, median tries 1",
    ]


@pytest.mark.parametrize(
    "kept",
    ["", "[]", '{"0.1": 3}', '{"zero": {}}', '{"0.1": {"done": null}, "0.q1": {"sure": "x"}}'],
)
def test_a_spoilt_file_is_begun_anew(kept, asked, capsys):
    checks.KEPT.write_text(kept)
    checks.report()
    checks.check("0.1", lambda x, times=1: x * 2**times)
    assert json.loads(checks.KEPT.read_text())["0.1"]["done"]


def test_a_folder_that_cannot_be_written_stops_nothing(asked, monkeypatch, capsys):
    monkeypatch.setattr(checks, "KEPT", checks.Path("missing/answers.json"))
    checks.check("0.1", lambda x, times=1: x * 2**times)
    assert capsys.readouterr().out == "✓ 0.1 Doubling\n"


def test_without_alarms_a_timer_stops_the_loop(asked, monkeypatch, capsys):
    monkeypatch.setattr(safely, "SECONDS", 0.2)
    monkeypatch.delattr(safely.signal, "SIGALRM")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a shell's background job
    try:
        checks.check("0.1", loops)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert "Still running" in capsys.readouterr().out


def test_a_wrong_is_its_message():
    assert str(Wrong("So.", "else.")) == "So."
