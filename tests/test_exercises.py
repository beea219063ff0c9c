"""The exercise cells of every chapter: their form. `make test-colab` runs the chapters solved."""

import ast
import inspect
import re

import nbformat
import pytest

from chapters import ROOT, in_order
from pixelcnn_lib.teach import checks, exercises
from pixelcnn_lib.teach.engine import judge
from pixelcnn_lib.teach.exercises import Exercise, Prediction
from pixelcnn_lib.teach.source import code_of

PATHS = in_order()
MARKS = {1: "○", 2: "○○", 3: "○○○"}
COUNTS = ["no", "one", "two", "three", "four", "five", "six"]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cells(path):
    return nbformat.read(path, as_version=4).cells


@pytest.fixture
def asked(path):
    return exercises.chapter(int(path.stem[:2])).values()


@pytest.fixture
def declared(asked):
    return [one for one in asked if isinstance(one, Exercise)]


@pytest.fixture
def whole(cells, declared):
    """The exercises of a chapter that has all their pieces; without, only one test fails."""
    if piece := lacking(cells, declared):
        pytest.skip(f"the chapter lacks {piece}")
    return declared


def tags(cell):
    return set(cell.metadata.get("tags", [])) & {"exercise", "check", "solution"}


def stdout(cell):
    return "".join(out.text for out in cell.outputs if out.output_type == "stream")


def calls(cells, name):
    """List the calls of a function in the code cells, in order; magics are left out."""
    found = []
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        tree = ast.parse(re.sub(r"(?m)^( *)[%!].*$", r"\1pass", cell.source))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        found += [(cell, node) for node in nodes if ast.unparse(node.func) == name]
    return found


def parts(node):
    """{name: function} of a class's methods, or of a function."""
    if isinstance(node, ast.ClassDef):
        return {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
    return {node.name: node}


def signature(node):
    """Parameters and defaults of a function, without annotations."""
    return ast.dump(ast.parse(ast.unparse(node.args).join(["lambda ", ": 0"])).body[0].value.args)


def is_stub(source, solution):
    """Tell whether a cell's code has a solution's name and arguments, and is left open."""
    (theirs,), mine = ast.parse(inspect.getsource(solution)).body, ast.parse(source).body
    if [(type(one), getattr(one, "name", "")) for one in mine] != [(type(theirs), theirs.name)]:
        return False
    solved, left = parts(theirs), parts(mine[0])
    alike = all(
        name in solved and signature(solved[name]) == signature(left[name]) for name in left
    )
    ends = [ast.unparse(method.body[-1]) for method in left.values()]
    return alike and "raise NotImplementedError" in ends


def lacking(cells, declared):
    """Say which piece of its exercises a chapter lacks; "" if all are there, in order."""
    for exercise in declared:
        if piece := lacking_cell(cells, exercise):
            return piece
    if sum(bool(tags(cell)) for cell in cells) > 3 * len(declared):
        return "a file in its folder of exercises/ for some cells that are tagged as an exercise's"
    minutes = sum(one.minutes for one in declared)
    words = f"{COUNTS[len(declared)]} exercise{'s' * (len(declared) != 1)}"
    if not re.search(rf"\b{minutes} (of them )?for the {words}\.", cells[0].source):
        return f"'{minutes} of them for the {words}.' in its first cell"
    return ""


def lacking_cell(cells, exercise):
    """Say which of an exercise's four cells a chapter lacks; "" if all are there, in order."""
    heading = f"### Exercise {exercise.id} · {exercise.title}"
    texts = [n for n, cell in enumerate(cells) if heading in cell.source.splitlines()]
    if len(texts) != 1:
        return f"a Markdown cell with the heading {heading!r}"
    number, name = texts[0], exercise.solution.__name__
    minutes = f"{exercise.minutes} minute{'' if exercise.minutes == 1 else 's'}"
    effort = f"{minutes} · {MARKS[exercise.difficulty]}"
    after = cells[number].source.partition(heading)[2].split("\n\n")
    if len(after) < 3 or after[1] != effort:
        return f"{effort!r} as the line after the heading of {exercise.id}"
    wanted = [
        ("exercise", ""),
        ("check", f'check("{exercise.id}", {name})'),
        ("solution", f'solution("{exercise.id}")'),
    ]
    for place, (tag, source) in enumerate(wanted, number + 1):
        cell = cells[place] if place < len(cells) else None
        if cell is None or tags(cell) != {tag} or source not in ("", cell.source):
            code = f" and the code {source}" if source else ""
            return f"for {exercise.id} a cell with the tag {tag!r}{code}, after the one before it"
    if not is_stub(cells[number + 1].source, exercise.solution):
        return f"a stub {name} with the solution's arguments, which raises NotImplementedError"
    if stdout(cells[number + 2]) != judge.unanswered(exercise.id) + "\n":
        return f"the output {judge.unanswered(exercise.id)!r} below the check: run the chapter"
    return ""


def test_has_all_pieces_of_each_exercise(path, cells, declared):
    if piece := lacking(cells, declared):
        pytest.fail(f"chapters/{path.name} lacks {piece}", pytrace=False)


def test_the_ten_sessions_add_up_the_minutes_of_their_chapters():
    minutes = {}
    for path in PATHS:
        first = nbformat.read(path, as_version=4).cells[0].source
        minutes[path.stem[:2].lstrip("0")] = int(re.search(r"About (\d+) minutes", first)[1])
    page = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
    table = page.split("**Ten sessions")[1]
    rows = re.findall(r"\| (\d+) \| chapters? (\d+)(?: and (\d+))? \|", table)
    assert len(rows) == 10
    for total, *names in rows:
        sum_of = sum(minutes[name] for name in names if name)
        if int(total) != sum_of:
            row = " and ".join(filter(None, names))
            pytest.fail(f"book/teaching.md: chapters {row} take {sum_of} minutes", pytrace=False)


def test_hides_no_stub_and_says_whose_answer_is_used(cells, whole):
    names = {one.solution.__name__: one.id for one in whole}
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        taken = re.findall(r"(?m)^from pixelcnn_lib\S* import (.+)$", cell.source)
        imported = {name.strip() for line in taken for name in line.split(",")}
        assert not imported & set(names), f"{imported & set(names)} hides a stub"
    for cell, call in calls(cells, "checks.yours"):
        id, name = call.args[0].value, call.args[1].id
        assert names[name] == id
        assert checks.in_use(exercises.find(id), right=False) in stdout(cell)


def telling(solution):
    """Return the lines that give a solution away: long ones, without heads and comments."""
    lines = code_of(solution).splitlines()
    lines = [line.partition("  #")[0].strip() for line in lines]
    return [line for line in lines if len(line) > 30 and not line.startswith(("def", "class"))]


def test_gives_no_whole_answer_before_its_place(cells, whole):
    for one in whole:
        end = next(n for n, cell in enumerate(cells) if cell.source == f'solution("{one.id}")')
        text = "\n".join(cell.source + str(cell.get("outputs", "")) for cell in cells[:end])
        lines = telling(one.solution)
        assert not lines or [line for line in lines if line not in text], f"{one.id} is given away"


def test_asks_every_question_in_order(cells, asked):
    questions = [one.id for one in asked if isinstance(one, Prediction)]
    assert [call.args[0].value for _, call in calls(cells, "predict")] == questions


def test_ends_with_the_report(cells):
    assert cells[-1].source.startswith("report()")
    assert stdout(cells[-1]) == "Nothing is answered yet.\n"
