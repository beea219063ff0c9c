"""Write the list of exercises, book/exercises.md, from their declarations.

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

All exercises, with the minutes to allow; the questions and predictions in the text are not listed. One circle: you have just read it. Two: it wants a thought. Three: it wants paper.

Write your answer into the cell that holds the stub and run the cell below it. It says what is right, what is wrong, and where. For a hint run `hint("2.1")` in a cell of its own: there are three, the vaguest first. `report()` says what you have done.
"""


def heading(exercise):
    """The first line of an exercise's Markdown cell."""
    return f"### Exercise {exercise.id} · {exercise.title}"


def effort(exercise):
    """Its third line: minutes and difficulty."""
    plural = "" if exercise.minutes == 1 else "s"
    return f"{exercise.minutes} minute{plural} · {MARKS[exercise.difficulty]}"


def anchor(text):
    """The id that Sphinx gives a heading."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def first_markdown(path):
    cells = nbformat.read(path, as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "markdown")


def page():
    """The whole page, chapter by chapter, of the notebooks that there are."""
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
