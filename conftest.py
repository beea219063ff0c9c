"""For the tests and for the chapters: `pytest --nbval` runs a chapter by itself too."""

import os
import re
import tempfile


def pytest_addoption(parser):
    parser.addoption("--chapter", type=int, help="run only the tests of this chapter, such as 5")


def pytest_configure():
    """Notebooks that are run keep their answers in a new folder, not in the reader's file."""
    os.environ["PIXELCNN_ANSWERS"] = f"{tempfile.mkdtemp()}/answers.json"


def pytest_collection_modifyitems(config, items):
    """Keep only the tests of a chapter, if one is named: its notebook, page and exercises.

    Strict nbval compares all but stderr, which depends on the machine, and HTML, which notebooks do
    not store. A picture's stored text is its description; its metadata keep the kernel's text.
    """
    if (number := config.getoption("chapter")) is not None:
        named = rf"/{number:02d}_|\[(.*\W)?({number:02d}_|ch{number:02d}|{number}[._]q?\d)"
        others = [item for item in items if not re.search(named, item.nodeid)]
        items[:] = [item for item in items if re.search(named, item.nodeid)]
        config.hook.pytest_deselected(items=others)
    for item in items:
        for output in getattr(item, "cell", {}).get("outputs", []):
            if text := output.get("metadata", {}).get("text/plain"):
                output["data"]["text/plain"] = text["repr"]
        if "text/html" not in getattr(item.parent, "skip_compare", ("text/html",)):
            item.parent.skip_compare += ("stderr", "text/html")
