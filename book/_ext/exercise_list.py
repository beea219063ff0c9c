"""The page with all exercises, made from the chapters: titles, minutes and difficulty."""

import json
import re
from pathlib import Path

from docutils.nodes import make_id

PAGE = "book/exercises"
EXERCISE = re.compile(r"(?m)^### (Exercise (\d+\.\d+) · (.+))\n\n(\d+) minutes? · (○+)$")


def table(name, text):
    """Return a chapter's part of the page, as Markdown; "" for a chapter without exercises.

    name: str, such as "02_masks". text: str, the chapter's Markdown cells.
    """
    found = EXERCISE.findall(text)
    if not found:
        return ""
    rows = [
        f'| <a href="../chapters/{name}.html#{make_id(heading)}">{id} {title}</a> '
        f"| {minutes} | {marks} |"
        for heading, id, title, minutes, marks in found
    ]
    title = re.search("(?m)^# (.+)$", text)[1]
    head = f"\n## {title}\n\n| exercise | minutes | difficulty |\n|---|---|---|\n"
    total = sum(int(minutes) for _, _, _, minutes, _ in found)
    return head + "\n".join(rows) + f"\n\nTogether {total} minutes.\n"


def add_list(app, docname, source):
    if docname == PAGE:
        for path in sorted((Path(app.srcdir) / "chapters").glob("*.ipynb")):
            app.env.note_dependency(str(path))
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
            source[0] += table(path.stem, "\n\n".join(texts))


def setup(app):
    app.connect("source-read", add_list)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
