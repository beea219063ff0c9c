"""For the tests and for the chapters: `pytest --nbval` runs a chapter by itself too."""

import os
import tempfile


def pytest_configure():
    """Notebooks that are run keep their answers in a new folder, not in the reader's file."""
    os.environ["PIXELCNN_ANSWERS"] = f"{tempfile.mkdtemp()}/answers.json"


def pytest_collection_modifyitems(items):
    """Let strict nbval compare all but stderr, which depends on the machine, and HTML.

    Notebooks store no HTML. A picture's stored text is its description, and its metadata keep the
    text that the kernel gives.
    """
    for item in items:
        for output in getattr(item, "cell", {}).get("outputs", []):
            if text := output.get("metadata", {}).get("text/plain"):
                output["data"]["text/plain"] = text["repr"]
        if "text/html" not in getattr(item.parent, "skip_compare", ("text/html",)):
            item.parent.skip_compare += ("stderr", "text/html")
