"""The page with all exercises, made from the chapters: titles, minutes and difficulty.

And in the chapters' pages, where nobody can answer, the way to the notebook in place of the checks.
"""

import json
import re
from pathlib import Path

from docutils.nodes import make_id

PAGE = "book/exercises"
EXERCISE = re.compile(r"(?m)^### (Exercise (\d+\.\d+) · (.+))\n\n(\d+) minutes? · (○+)$")


def table(name, text):
    """Return a chapter's part of the page, as Markdown; "" for a chapter without exercises.

    name: str, such as "02_masks_and_a_detective". text: str, the chapter's Markdown cells.
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


def colab(options, docname):
    """Return the address that opens a chapter in Colab; "" without a repository.

    options: the theme's. docname: str, such as "chapters/02_masks_and_a_detective".
    """
    repository = options["repository_url"].removeprefix("https://github.com/").rstrip("/")
    start = options["launch_buttons"].get("colab_url")
    branch = options.get("repository_branch") or "main"
    return repository and start and f"{start}/github/{repository}/blob/{branch}/{docname}.ipynb"


def invite(cells, address):
    """Put an invitation in place of each check, and let the solutions stand without their calls."""
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    titles = {id: title for _, id, title, _, _ in EXERCISE.findall("\n\n".join(texts))}
    for cell in cells:
        tags = cell["metadata"].get("tags", [])
        if "check" in tags:
            id = re.search(r'check\("([\d.]+)"', "".join(cell["source"]))[1]
            answer = (
                f"[Answer it in the notebook]({address})"
                if address
                else "Answer it in the notebook"
            )
            text = f"**{titles[id]}** · {answer}, where it is checked at once."
            cell.update(cell_type="markdown", source=text)
            del cell["outputs"], cell["execution_count"]
        elif "solution" in tags:
            tags.append("remove-input")


def invite_readers(app, docname, source):
    if docname.startswith("chapters/"):
        notebook = json.loads(source[0])
        invite(notebook["cells"], colab(app.config.html_theme_options, docname))
        source[0] = json.dumps(notebook)


def setup(app):
    app.connect("source-read", add_list)
    app.connect("source-read", invite_readers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
