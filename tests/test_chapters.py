"""What every chapter promises, besides what strict nbval compares: each failure is one plain line."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

import chapters as tool
from pixelcnn_lib.teach import exercises

ROOT = Path(__file__).parents[1]
PATHS = tool.in_order()
HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
CALLS = {"check", "hint", "predict", "report", "solution"}  # what the text tells readers to call


@dataclass
class Chapter:
    path: Path

    def __post_init__(self):
        self.number = int(self.path.stem[:2])
        self.cells = tool.read(self.path).cells
        self.code = [cell for cell in self.cells if cell.cell_type == "code"]
        self.texts = [cell.source for cell in self.cells if cell.cell_type == "markdown"]
        self.prose = "\n\n".join(self.texts)


def tags(cell):
    return set(cell.metadata.get("tags", []))


def first_cell(chapter):
    title, _, rest = chapter.cells[0].source.partition("\n")
    if not re.fullmatch(rf"# {chapter.number} · \S.*", title):
        yield f"begins with {title!r}, not with '# {chapter.number} · ' and its title"
    parts = re.findall(r"(?m)^\*\*(.+?)\*\* ", rest)
    if parts != ["Question.", "Time.", "You need", "You will build"]:
        yield f"has the parts {parts} in its first cell; copy the first cell of chapter 3"
    first_page = (ROOT / "book" / "intro.md").read_text(encoding="utf-8")
    if f"| [{title.removeprefix('# ')}](../chapters/{chapter.path.name}) |" not in first_page:
        yield "has no row with its title in the table of book/intro.md"


def recap(chapter):
    *_, last, _ = chapter.cells
    lines = [line for line in last.source.rpartition("## ")[2].splitlines() if line]
    points = [line for line in lines if line.startswith("- ")]
    if lines[0] != "Recap" or not 3 <= len(points) <= 5:
        yield "does not end with '## Recap' and three to five points"
    if not lines[-1].startswith("**Next.** "):
        yield "does not say what comes next: '**Next.** ' after the recap"


def canonical_form(chapter):
    written = nbformat.writes(tool.normalise(tool.read(chapter.path))) + "\n"
    if written != chapter.path.read_text(encoding="utf-8"):
        yield f"needs `make tidy ONLY=chapters/{chapter.path.name}`"


def code_cells(chapter):
    for cell in chapter.code:
        lines = cell.source.strip().splitlines()
        if not tags(cell) & HIDDEN:
            if len(lines) > 15:
                yield f"has a cell of {len(lines)} lines, at most 15 are shown: {lines[0]}"
            for line in lines:
                if len(line) > 76:
                    yield f"has a line of {len(line)} characters, at most 76 are shown: {line}"
        pictures = [out for out in cell.outputs if "image/png" in out.get("data", {})]
        if pictures and not cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "").strip():
            yield f"has a picture without a description (mystnb, image, alt): {lines[-1]}"
        if any("text/html" in out.get("data", {}) for out in cell.outputs):
            yield f"stores HTML, which GitHub shows without its style: {lines[-1]}"
    if not any("setup" in tags(cell) for cell in chapter.code[:1]):
        yield "has no setup cell: copy the first code cell of chapter 2"
    imported = re.search(r"(?m)^from pixelcnn_lib\.teach\.checks import (.+)$", all_code(chapter))
    if not imported or not CALLS <= set(re.findall(r"\w+", imported[1])):
        yield f"does not import {', '.join(sorted(CALLS))} from pixelcnn_lib.teach.checks"


def all_code(chapter):
    return "\n".join(cell.source for cell in chapter.code)


def comparison(chapter):
    ignored = [n for n, cell in enumerate(chapter.code) if "nbval-ignore-output" in tags(cell)]
    if len(ignored) > 2:
        yield f"has {len(ignored)} cells tagged nbval-ignore-output, at most two may have it"
    for n in ignored:
        after = chapter.code[n + 1 : n + 2]
        if not after or "nbval-ignore-output" in tags(after[0]) or not after[0].outputs:
            yield "has no checked output after the cell tagged nbval-ignore-output"
    for cell in chapter.code:
        for text in cell.metadata.get("quick", {}):
            if cell.source.count(text) != 1:
                yield f"has a cell whose metadata 'quick' need {text!r} once in it"
    if any("nbval-skip" in tags(cell) or "NBVAL_" in cell.source for cell in chapter.code):
        yield "has a cell that nbval skips"


def markdown(chapter):
    if found := re.search(r"(?m)^\s*(`{3,}|:{3,})\{\w+|\{[a-z:]+\}`", chapter.prose):
        yield f"has MyST that Colab and GitHub do not know: {found[0]}"
    if chapter.prose.count("<details") != chapter.prose.count("</details>"):
        yield "has a <details> without its end"
    for body in re.findall(r"(?s)<details.*?>(.*?)</details>", chapter.prose):
        _, end, answer = body.partition("</summary>")
        if not end or not answer.startswith("\n\n") or len(answer.split()) < 3:
            yield f"has a fold without summary, empty line or answer: {body[:60]!r}"


def predictions(chapter):
    headings = re.findall(r"(?m)^#+ .+$", chapter.prose)
    for n, cell in enumerate(chapter.cells):
        asked = re.fullmatch(r'predict\("(.+)"\)', cell.source)
        question = exercises.find(asked[1]) if asked else None
        for words in (question.gives_away or (question.right,)) if question else ():
            for text in (*headings, in_sight(chapter.cells[n + 1 :])):
                if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", " ".join(text.split()), re.I):
                    where = text if text in headings else "the text in sight of it"
                    yield f"answers {question.id}, by {words!r}, in {where}"


def in_sight(cells, screen=120):
    """What a reader sees unasked beside a question: all until `screen` words of text are read."""
    seen = ""
    for cell in cells:
        if cell.cell_type == "markdown":
            words = re.sub(r"(?s)<details.*?</details>", "", cell.source).split()
            seen += " " + " ".join(words[:screen])
            screen -= len(words)
        elif "remove-cell" not in tags(cell):
            shown = [] if tags(cell) & HIDDEN else [cell.source]
            outputs = [] if "hide-output" in tags(cell) else cell.outputs
            shown += [out.get("text") or out.data["text/plain"] for out in outputs]
            seen += " " + " ".join(shown)
        if screen <= 0:
            break
    return seen


CHECKS = [first_cell, recap, canonical_form, code_cells, comparison, markdown, predictions]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_chapter_keeps_its_promises(path):
    chapter = Chapter(path)
    if found := [line for check in CHECKS for line in check(chapter)]:
        name = path.relative_to(ROOT)
        pytest.fail("\n".join(f"{name} {line}" for line in found), pytrace=False)


def test_every_notebook_is_in_the_table_of_contents():
    assert PATHS == sorted((ROOT / "chapters").glob("*.ipynb"))
    assert [int(path.stem[:2]) for path in PATHS] == list(range(1, len(PATHS) + 1))
    assert set(exercises.CHAPTERS) <= set(range(1, len(PATHS) + 1))


def test_tidy_restores_what_jupyterlab_saves_and_a_question_of_yesterday(tmp_path, capsys):
    copy = tmp_path / PATHS[1].name
    notebook = tool.read(PATHS[1])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    for number, cell in enumerate(notebook.cells):
        cell.metadata |= {"editable": True, "jupyter": {}}
        if cell.cell_type == "code":
            cell.execution_count = 2 * number + 7
            note = nbformat.v4.new_output("stream", name="stderr", text="a note\n")
            cell.outputs = [note, *cell.outputs]
        if cell.source.startswith(("predict(", "solution(")):
            old = {"text/plain": "old words", "text/html": "<p>old words</p>"}
            cell.outputs = [note, nbformat.v4.new_output("execute_result", old)]
    nbformat.write(notebook, copy)
    tool.main(["--tidy", str(copy)])
    assert capsys.readouterr().out == f"changed: {copy.name}\n"
    tidy = nbformat.writes(tool.normalise(tool.read(PATHS[1]))) + "\n"
    assert copy.read_text(encoding="utf-8") == tidy


@pytest.mark.slow
def test_a_run_stores_what_is_printed_and_a_cell_that_raises_stores_nothing(tmp_path):
    path = tmp_path / "a.ipynb"
    cells = ["import sys", "print('seen')", "print('unseen', file=sys.stderr)", "1 / 0"]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    nbformat.write(notebook, path)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        tool.run(path)
    assert path.read_bytes() == before
    notebook.cells.pop()
    nbformat.write(notebook, path)
    tool.run(path)
    assert b'"seen' in path.read_bytes() and b'"unseen' not in path.read_bytes()
