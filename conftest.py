"""For the tests and for the chapters: `pytest --nbval` runs a chapter by itself too."""

import os
import tempfile

import pytest


def pytest_addoption(parser):
    parser.addoption("--chapter", type=int, help="run only the tests of this chapter, such as 5")


def pytest_configure():
    """Notebooks that are run keep their answers in a new folder, not in the reader's file."""
    os.environ["PIXELCNN_ANSWERS"] = f"{tempfile.mkdtemp()}/answers.json"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Each notebook gets a folder of its own, before its kernel starts: it reports its answers."""
    if getattr(item, "cell_num", None) == 0:
        pytest_configure()


def of_chapter(item, number):
    """Tell whether a test belongs to a chapter.

    To chapter 5 belong the cells of 05_bits.ipynb, and the tests with a parameter that names the
    notebook, [05_bits], an exercise, [5_1], or a question or a message, [5.q1]. A test without a
    parameter may read all chapters, so it belongs to each.
    """
    if item.path.suffix == ".ipynb":
        return item.path.name.startswith(f"{number:02d}_")
    parameter = item.nodeid.partition("[")[2]
    return not parameter or parameter.startswith((f"{number:02d}_", f"{number}_", f"{number}."))


def shorten(item):
    """Let a test of a cell do less than the cell, such as a training of fewer steps.

    The cell's metadata say what to replace: "quick": {"steps = 1000": "steps = 20"}. Its output then
    differs from the stored one, so it is not compared. Raises UsageError if a text is not there once.
    """
    cell = getattr(item, "cell", {})
    for long, short in (quick := cell.get("metadata", {}).get("quick", {})).items():
        if cell.source.count(long) != 1:
            raise pytest.UsageError(f"{item.nodeid}: 'quick' needs {long!r} once in\n{cell.source}")
        cell.source = cell.source.replace(long, short)
    if quick:
        item.options["check"] = False


def pytest_collection_modifyitems(config, items):
    """Keep only the tests of a chapter, if one is named: its notebook, page and exercises.

    Strict nbval compares all but stderr, which depends on the machine, and HTML, which notebooks do
    not store. A picture's stored text is its description; its metadata keep the kernel's text.
    """
    if (number := config.getoption("chapter")) is not None:
        config.hook.pytest_deselected(items=[one for one in items if not of_chapter(one, number)])
        items[:] = [one for one in items if of_chapter(one, number)]
    for item in items:
        shorten(item)
        for output in getattr(item, "cell", {}).get("outputs", []):
            if text := output.get("metadata", {}).get("text/plain"):
                output["data"]["text/plain"] = text["repr"]
        if "text/html" not in getattr(item.parent, "skip_compare", ("text/html",)):
            item.parent.skip_compare += ("stderr", "text/html")
