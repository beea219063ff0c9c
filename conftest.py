"""For the tests and for the chapters: `pytest --nbval` runs a chapter by itself too."""

import os
import tempfile


def pytest_configure():
    """Notebooks that are run keep their answers in a new folder, not in the reader's file."""
    os.environ["PIXELCNN_ANSWERS"] = f"{tempfile.mkdtemp()}/answers.json"


def pytest_collection_modifyitems(items):
    """Let strict nbval compare everything except stderr, which depends on the machine.

    It compares the HTML of figures to play with too, although notebooks do not store it.
    """
    for item in items:
        if hasattr(item, "cell"):
            from pixelcnn_lib.teach.live import base

            base.complete(item.cell.get("outputs", []))
        if "stderr" not in getattr(item.parent, "skip_compare", ("stderr",)):
            item.parent.skip_compare += ("stderr",)
