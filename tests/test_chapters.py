"""The form of every chapter. Strict nbval compares what its cells print."""

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from docutils.nodes import make_id
from IPython.core.interactiveshell import InteractiveShell
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

import chapters as tool
from pixelcnn_lib.teach import checks
from pixelcnn_lib.teach.live import base

ROOT = Path(__file__).parents[1]
PATHS = tool.in_order()
HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
# Of what github/markup, through html-pipeline, keeps: what outputs use
KEPT_BY_GITHUB = {"code", "details", "div", "em", "li", "p", "pre", "strong", "summary", "ul"}
KEPT_BY_GITHUB |= {"table", "tbody", "td", "th", "thead", "tr", "wbr"}


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return tool.read(path)


@pytest.fixture
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_brings_what_a_reader_may_call(code):
    pages = [(ROOT / "book" / name).read_text() for name in ("how_to_use.md", "teaching.md")]
    called = set(re.findall(r"`(hint|report|check|predict|solution)\b", "".join(pages)))
    assert {"hint", "report", "predict"} <= called
    names = {"check", "solution"} | called
    (line,) = (
        line
        for cell in code
        for line in cell.source.splitlines()
        if line.startswith("from pixelcnn_lib.teach.checks import ")
    )
    assert names <= set(re.findall(r"\w+", line.partition(" import ")[2]))


def tags(cell):
    return set(cell.metadata.get("tags", []))


PARTS = ["Question.", "Time.", "You need", "You will build"]


def test_opens_with_its_question_and_what_is_needed(path, notebook):
    first = notebook.cells[0].source
    title, _, rest = first.partition("\n")
    assert re.fullmatch(rf"# {int(path.stem[:2])} · \S.*", title)
    before, *parts = re.split(r"^\*\*(.+?)\*\* ", rest, flags=re.MULTILINE)
    assert (before.strip(), parts[::2]) == ("", PARTS)
    question, time, needed, built = (part.strip() for part in parts[1::2])
    assert question.endswith("?") and re.match(r"About (\d+ minutes|an hour)\b", time)
    asked, fold, answers = needed.partition("<details>\n<summary>Answers</summary>\n")
    assert "three questions to see whether you are ready:" in asked.lower() and fold
    for lists in (asked, answers):
        assert re.findall(r"^(\d)\. \S", lists, re.MULTILINE) == ["1", "2", "3"]
    assert answers.endswith("</details>") and built


def test_ends_with_a_recap_and_what_comes_next(notebook):
    *_, last, reported = notebook.cells
    assert reported.source.startswith("report()")
    recap = f"\n{last.source}".rpartition("\n## ")[2]
    heading, *lines = filter(None, recap.splitlines())
    assert heading == "Recap"
    *points, following = lines
    assert 3 <= len(points) <= 5
    assert all(point.startswith("- ") and point.endswith(".") for point in points)
    assert following.startswith("**Next.** ")


def test_the_glossary_leads_to_headings():
    text = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
    links = re.findall(r'href="\.\./chapters/(\w+)\.html#([^"]+)"', text)
    assert len(links) > 10
    for name, place in links:
        cells = tool.read(ROOT / "chapters" / f"{name}.ipynb").cells
        headings = re.findall(r"^#+ (.+)$", "\n\n".join(c.source for c in cells), re.MULTILINE)
        assert place in map(make_id, headings)


def test_every_notebook_is_in_the_table_of_contents():
    assert PATHS == sorted((ROOT / "chapters").glob("*.ipynb"))
    numbers = [int(path.stem[:2]) for path in PATHS]
    assert numbers == list(range(1, len(PATHS) + 1))


def test_the_first_page_lists_every_chapter(path, notebook):
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    first_page = (ROOT / "book" / "intro.md").read_text(encoding="utf-8")
    assert f"| [{title}](../chapters/{path.name}) |" in first_page


def test_is_in_canonical_form(path, notebook):
    assert all("id" in cell for cell in notebook.cells)
    nbformat.validate(notebook)
    written = nbformat.writes(tool.normalise(notebook)) + "\n"
    assert written == path.read_text(encoding="utf-8"), f"run: make tidy ONLY=chapters/{path.name}"


def test_is_made_of_text_and_code_alone(notebook):
    assert {cell.cell_type for cell in notebook.cells} == {"markdown", "code"}


def test_ran_from_top_to_bottom(code):
    counts = [cell.execution_count for cell in code if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


def test_shows_at_most_15_lines_of_76_characters_at_once(code):
    shown = [cell.source.strip().splitlines() for cell in code if not tags(cell) & HIDDEN]
    assert [lines for lines in shown if len(lines) > 15] == []
    assert [line for lines in shown for line in lines if len(line) > 76] == []


def test_describes_every_picture(code):
    for cell in code:
        if any(kind.startswith("image/") for out in cell.outputs for kind in out.get("data", {})):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert alt.strip(), f"no mystnb image alt at the cell:\n{cell.source}"


def test_github_nbconvert_and_vs_code_show_every_picture_with_its_description(notebook, code):
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    shown = re.findall(r'<img alt="([^"]+)"[^>]* src="data:image/png', page)
    described = []
    for cell in code:
        for data in (output.get("data", {}) for output in cell.outputs):
            assert "image/png" not in data or "text/html" not in data  # which GitHub would prefer
            if "image/png" in data:
                described.append(cell.metadata.mystnb.image.alt)
                assert data["text/plain"] == described[-1]
    assert list(map(html.unescape, shown)) == described


def test_outputs_need_no_element_that_github_drops(code):
    """It drops scripts and styles with their text, and of all others the attributes that style."""
    for cell in code:
        for output in cell.outputs:
            text = output.get("data", {}).get("text/html", "")
            text = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", text)
            assert set(re.findall(r"<(\w+)", text)) <= KEPT_BY_GITHUB
            assert not re.search(r"<[^>]*\s(hidden|style=)", text)


def test_stores_the_words_that_questions_and_solutions_have_today(code):
    """Strict nbval compares them too, but only after all cells before them have run."""
    show = InteractiveShell.instance().display_formatter.format
    for cell in code:
        if call := re.fullmatch(r'(predict|solution)\("([\w.]+)"\)', cell.source):
            today = show(getattr(checks, call[1])(call[2]))[0]
            (output,) = cell.outputs
            assert {kind: today[kind] for kind in output.data} == output.data, cell.source


def test_leaves_at_most_two_outputs_unchecked(code):
    ignored = [i for i, cell in enumerate(code) if "nbval-ignore-output" in tags(cell)]
    assert len(ignored) <= 2
    for i in ignored:
        assert i + 1 < len(code), "the last cell is not checked"
        assert "nbval-ignore-output" not in tags(code[i + 1]) and code[i + 1].outputs


def test_skips_no_cell(code):
    assert not any("nbval-skip" in tags(cell) or "NBVAL_" in cell.source for cell in code)


def test_has_no_raw_cell(notebook):
    assert all(cell.cell_type != "raw" for cell in notebook.cells)


def test_is_plain_markdown(prose):
    assert not re.search(r"^\s*(`{3,}|:{3,})\{", prose, re.MULTILINE), "a MyST directive"
    assert not re.search(r"\{[a-z:]+\}`", prose), "a MyST role"


def test_answers_every_question(prose):
    assert prose.count("<details") == prose.count("</details>")
    for body in re.findall(r"<details.*?>(.*?)</details>", prose, re.DOTALL):
        question, end, answer = body.partition("</summary>")
        assert "<summary" in question and end, f"no summary:\n{body}"
        assert answer.startswith("\n\n"), f"a blank line must follow the summary:\n{body}"
        assert len(answer.split()) >= 3, f"no answer:\n{body}"


def notebook_of(*cells):
    cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    return nbformat.v4.new_notebook(cells=cells)


def test_the_tool_stores_what_is_printed_and_changes_nothing_when_run_again(tmp_path):
    path = tmp_path / "a.ipynb"
    cells = ["import sys, time", "print('seen')", "print('unseen', file=sys.stderr)", "time.time()"]
    cells = notebook_of(*cells)
    cells.cells[3].metadata = {"tags": ["nbval-ignore-output"], "executionInfo": {"user": "me"}}
    nbformat.write(cells, path)
    tool.run(path)
    first = path.read_bytes()
    tool.run(path)
    assert path.read_bytes() == first
    assert b'"seen' in first and b'"unseen' not in first and b"executionInfo" not in first


def test_the_tool_stops_at_a_cell_that_raises(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(notebook_of("1 / 0"), path)
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        tool.run(path)
    assert path.read_bytes() == before


def as_jupyterlab_saves(notebook):
    """Change a notebook as a run in JupyterLab does: its metadata, counts and outputs."""
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13.5"}
    for number, cell in enumerate(notebook.cells):
        cell.metadata |= {"editable": True, "slideshow": {"slide_type": ""}, "jupyter": {}}
        cell.metadata.setdefault("tags", [])
        if cell.cell_type != "code":
            continue
        cell.execution_count = 2 * number + 7
        cell.metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
        note = nbformat.v4.new_output("stream", name="stderr", text="a note\n")
        for output in cell.outputs:
            if "data" in output:
                view = {"model_id": "a1b2", "version_major": 2, "version_minor": 0}
                output.data["application/vnd.jupyter.widget-view+json"] = view
                base.complete([output])
                output.metadata = {"needs_background": "light"}
            if "execution_count" in output:
                output.execution_count = cell.execution_count
        for place, output in reversed(list(enumerate(cell.outputs))):
            if output.output_type == "stream" and output.text.count("\n") > 1:  # in two pieces
                first, end, rest = output.text.partition("\n")
                pieces = [{**output, "text": first + end}, note, {**output, "text": rest}]
                cell.outputs[place : place + 1] = map(nbformat.from_dict, pieces)
        cell.outputs.append(note)


def test_tidy_restores_what_jupyterlab_saves_and_runs_nothing(path, tmp_path, capsys):
    copy = tmp_path / path.name
    notebook = tool.read(path)
    as_jupyterlab_saves(notebook)
    notebook.cells[0].source += "\n\nOne more sentence."
    nbformat.write(notebook, copy)
    tool.main(["--tidy", str(copy)])
    assert capsys.readouterr().out == f"changed: {copy.name}\n"
    expected = tool.read(path)
    expected.cells[0].source += "\n\nOne more sentence."
    assert copy.read_text(encoding="utf-8") == nbformat.writes(expected) + "\n"


def test_tidy_leaves_every_chapter_alone(capsys):
    before = [path.stat() for path in PATHS]
    tool.main(["--tidy"])
    assert capsys.readouterr().out == "changed: nothing\n"
    assert [path.stat().st_mtime_ns for path in PATHS] == [one.st_mtime_ns for one in before]


@pytest.mark.parametrize("text", [None, "<<<<<<< HEAD\n{}"], ids=["missing", "not JSON"])
def test_tidy_says_what_is_no_notebook(text, tmp_path):
    path = tmp_path / "a.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SystemExit, match="a.ipynb") as stop:
        tool.main(["--tidy", str(path)])
    assert "\n" not in str(stop.value)
    assert text is None or path.read_text() == text


def test_every_chapter_installs_the_library_from_the_address_in_the_config():
    stamp = [sys.executable, ROOT / "book" / "tools" / "stamp.py", "--check"]
    settings = {k: v for k, v in os.environ.items() if not k.startswith("PIXELCNN_")}
    run = subprocess.run(stamp, env=settings, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + "run: make stamp"


def test_outputs_are_small():
    outputs = [cell.get("outputs", []) for path in PATHS for cell in tool.read(path).cells]
    assert len(json.dumps(outputs)) < 6_500_000
