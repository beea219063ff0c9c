"""Write the list of exercises, book/exercises.md, from the notebooks.

python book/tools/exercises.py
"""

import re

import nbformat

from chapters import ROOT, in_order
from pixelcnn_lib.teach import exercises

PAGE = ROOT / "book" / "exercises.md"
MARKS = {1: "○", 2: "○○", 3: "○○○"}
HEAD = """\
# Exercises

This page lists all exercises, with their minutes and their difficulty. It does not list the questions and predictions in the text. One circle means: you have just read it. Two circles: you have to think. Three circles: take pen and paper.

Write your answer into the cell with the stub, run it, and run the check in the cell below it. The check says whether the answer is right, and if not, what is wrong and where. For a hint, run `hint("2.1")` in a new cell: there are three hints, and each says more than the one before. `report()` lists the exercises that you have solved.
"""


def heading(exercise):
    """Return the first line of an exercise's Markdown cell."""
    return f"### Exercise {exercise.id} · {exercise.title}"


def effort(exercise):
    """Return the third line of an exercise's cell: minutes and difficulty."""
    plural = "" if exercise.minutes == 1 else "s"
    return f"{exercise.minutes} minute{plural} · {MARKS[exercise.difficulty]}"


def anchor(text):
    """Return the id that Sphinx gives a heading."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def first_markdown(path):
    cells = nbformat.read(path, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "markdown")


def page():
    """Return the whole page, chapter by chapter."""
    text = HEAD
    for path in in_order():
        number = int(path.stem[:2])
        asked = exercises.chapter(number).values() if number in exercises.CHAPTERS else []
        asked = [one for one in asked if isinstance(one, exercises.Exercise)]
        if not asked:
            continue
        title = re.search(r"(?m)^# (.+)$", first_markdown(path))[1]
        text += f"\n## {title}\n\n| exercise | minutes | difficulty |\n|---|---|---|\n"
        for one in asked:
            place = f"../chapters/{path.stem}.html#{anchor(heading(one).strip('# '))}"
            link = f'<a href="{place}">{one.id} {one.title}</a>'
            text += f"| {link} | {one.minutes} | {MARKS[one.difficulty]} |\n"
        minutes = sum(one.minutes for one in asked)
        text += f"\nTogether {minutes} minutes.\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
