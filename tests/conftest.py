"""Shared by all tests."""

import os
import tempfile

from browser import chromium, tab  # noqa: F401 - fixtures


def pytest_collection_modifyitems(items):
    """Strict nbval compares all but stderr, which is stored nowhere: it is the machine's own."""
    for item in items:
        if "stderr" not in getattr(item.parent, "skip_compare", ("stderr",)):
            item.parent.skip_compare += ("stderr",)


def pytest_configure():
    """Notebooks that are run keep their answers in a new folder, not in the reader's file."""
    os.environ["PIXELCNN_ANSWERS"] = f"{tempfile.mkdtemp()}/answers.json"
