"""The exercise cells of every chapter: their form, and the chapters with all of them solved."""

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import exercises as listing
import nbformat
import pytest
import solve as solving

from chapters import in_order
from pixelcnn_lib.teach import checks, exercises
from pixelcnn_lib.teach.exercises import Exercise, Prediction

ROOT = Path(__file__).parents[1]
PATHS = in_order()


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    return nbformat.read(path, as_version=4).cells


@pytest.fixture
def asked(path):
    number = int(path.stem[:2])
    return exercises.chapter(number) if number in exercises.CHAPTERS else {}


@pytest.fixture
def declared(asked):
    return [one for one in asked.values() if isinstance(one, Exercise)]


def tags(cell):
    return set(cell.metadata.get("tags", [])) & {"exercise", "check", "solution"}


def stdout(cell):
    return "".join(out.text for out in cell.outputs if out.output_type == "stream")


def quartets(cells):
    """The four cells of each exercise."""
    starts = [i for i, cell in enumerate(cells) if "exercise" in tags(cell)]
    return [cells[i - 1 : i + 3] for i in starts]


def trees(cells):
    """The code cells, parsed; magics left out."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    source = lambda cell: re.sub(r"(?m)^( *)[%!].*$", r"\1pass", cell.source)
    return [(cell, ast.parse(source(cell))) for cell in code]


def test_has_four_cells_for_each_exercise_in_order(cells, declared):
    assert sum(bool(tags(cell)) for cell in cells) == 3 * len(declared)
    for (text, stub, test, answer), one in zip(quartets(cells), declared, strict=True):
        assert text.cell_type == "markdown"
        last = text.source[text.source.rfind("### ") :]
        assert last.startswith(f"{listing.heading(one)}\n\n{listing.effort(one)}\n")
        assert (tags(stub), tags(test), tags(answer)) == ({"exercise"}, {"check"}, {"solution"})
        assert test.source == f'check("{one.id}", {one.solution.__name__})'
        assert answer.source == f'solution("{one.id}")'


def test_has_at_most_four_exercises(declared):
    assert len(declared) <= 4


def test_stores_every_check_as_open(cells, declared):
    for (_, _, test, answer), one in zip(quartets(cells), declared, strict=True):
        assert stdout(test) == exercises.unanswered(one.id) + "\n" and len(test.outputs) == 1
        (shown,) = answer.outputs
        assert shown.data["text/html"] == checks.Solution(one)._repr_html_()


def signature(node):
    """Parameters and defaults of a function, without annotations."""
    arguments = ast.parse(ast.unparse(node.args).join(["lambda ", ": 0"])).body[0].value.args
    return ast.dump(arguments)


def methods(node):
    return {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}


def test_stubs_have_the_solutions_form_and_are_open(cells, declared):
    for (_, stub, _, _), one in zip(quartets(cells), declared, strict=True):
        (mine,) = ast.parse(stub.source).body
        (solution,) = ast.parse(inspect.getsource(one.solution)).body
        assert type(mine) is type(solution) and mine.name == solution.name
        if isinstance(mine, ast.ClassDef):
            assert list(map(ast.unparse, mine.bases)) == list(map(ast.unparse, solution.bases))
            pairs = [(method, methods(solution)[name]) for name, method in methods(mine).items()]
        else:
            pairs = [(mine, solution)]
        for method, original in pairs:
            assert signature(method) == signature(original), f"{one.id}: {method.name}"
        last = [ast.unparse(method.body[-1]) for method, _ in pairs]
        assert "raise NotImplementedError" in last, f"{one.id}: {last}"


def test_calls_the_library_through_its_modules(cells, declared):
    names = {one.solution.__name__ for one in declared}
    for _, tree in trees(cells):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pixelcnn_lib"):
                taken = {alias.asname or alias.name for alias in node.names}
                assert not taken & names and "*" not in taken, f"{taken & names} hides a stub"


def uses(tree):
    """Find the calls checks.yours("3.2", sees) of a cell: {name of the answer: id}."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    mine = [call for call in calls if ast.unparse(call.func) == "checks.yours"]
    return {call.args[1].id: call.args[0].value for call in mine}


def test_uses_a_reader_s_answer_only_if_it_is_right(cells, declared):
    names = {one.solution.__name__ for one in declared}
    for cell, tree in trees(cells):
        used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        used = [] if tags(cell) else sorted(name for name in used if name in names)
        assert used == sorted(uses(tree)), f"call the library instead:\n{cell.source}"


def test_says_whose_answer_is_used(cells, declared):
    asked = {one.id: one for one in declared}
    for cell, tree in trees(cells):
        for name, id in uses(tree).items():
            assert asked[id].solution.__name__ == name
            assert stdout(cell) == exercises.in_use(asked[id], right=False) + "\n"
            solving.say_whose(cell)
            assert stdout(cell) == exercises.in_use(asked[id], right=True) + "\n"


def telling(solution):
    """Return the lines that give a solution away: long ones, no heads, docstrings or comments."""
    text, quiet = inspect.getsource(solution), set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            first = node.body[0]
            end = first.end_lineno + 1 if ast.get_docstring(node) else first.lineno
            quiet.update(range(node.lineno, end))
    lines = [line.partition("  #")[0].strip() for line in text.split("\n")]
    return [line for n, line in enumerate(lines, 1) if n not in quiet and len(line) > 30]


def test_gives_no_whole_answer_before_its_place(cells, declared):
    for quartet, one in zip(quartets(cells), declared, strict=True):
        before = cells[: cells.index(quartet[3])]
        text = "\n".join(cell.source + str(cell.get("outputs", "")) for cell in before)
        lines = telling(one.solution)
        hidden = [line for line in lines if line not in text]
        assert hidden or not lines, f"{one.id} is given away"


def test_ends_with_the_report(cells):
    assert cells[-1].source.startswith("report()")
    assert stdout(cells[-1]) == "Nothing is answered yet.\n"


def test_tells_of_hints_once(cells, declared):
    told = [
        cell.source for cell in cells if cell.cell_type == "markdown" and "hint(" in cell.source
    ]
    assert len(told) == 1 and f'hint("{declared[0].id}")' in told[0]


def test_asks_every_question_and_shows_its_figure(cells, asked):
    questions = [id for id, one in asked.items() if isinstance(one, Prediction)]
    found = []
    for cell, tree in trees(cells):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in (call for call in calls if ast.unparse(call.func) == "predict"):
            found.append(call.args[0].value)
            (output,) = cell.outputs
            assert f'data-predict="{found[-1]}"' in output.data["text/html"]
    assert found == questions


def test_covers_a_folded_result_in_jupyter_too(cells):
    for cell in cells:
        folded = "hide-output" in cell.metadata.get("tags", [])
        assert cell.metadata.get("jupyter", {}).get("outputs_hidden", False) == folded
        assert cell.metadata.get("collapsed", False) == folded


def test_every_declared_chapter_is_there():
    assert {int(path.stem[:2]) for path in PATHS} >= set(exercises.CHAPTERS)


def test_the_list_of_exercises_is_up_to_date():
    page = listing.PAGE.read_text(encoding="utf-8")
    assert page == listing.page(), "run: python book/tools/exercises.py"


def test_a_solved_exercise_shows_what_its_declaration_promises():
    for exercise in exercises.chapter(2).values():
        if isinstance(exercise, Exercise):
            names = {}
            exec(solving.answer(exercise), names)
            answer = names[exercise.solution.__name__]
            assert answer is not exercise.solution
            assert checks.judge(exercise, answer).line + "\n" == solving.outputs(exercise)[0].text


@pytest.mark.slow
def test_runs_to_its_end_with_every_exercise_solved(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    if not solving.solve(notebook):
        pytest.skip("the chapter asks nothing")
    nbformat.write(notebook, tmp_path / path.name)
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=600", "-q"]
    command = [sys.executable, "-m", "pytest", *options, "-p", "conftest", "-c"]
    command += [str(ROOT / "pyproject.toml"), f"--rootdir={tmp_path}", str(tmp_path / path.name)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
