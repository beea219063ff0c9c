"""Shared by all tests."""

import os
import tempfile

import pytest

pytest.register_assert_rewrite(
    "browser", "firefox", "in_page", "legible", "long_runs", "reference", "tiny"
)

import browser  # noqa: E402 - its assertions are rewritten only if it comes after the line above
from browser import chromium, tab  # noqa: E402, F401 - fixtures
from firefox import firefox  # noqa: E402, F401 - a fixture


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    browser.REPORTED.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Show what pages reported, such as an error in a figure's JavaScript, in a failing test."""
    report = yield
    if report.failed and browser.REPORTED:
        report.sections.append(("Reported by the page", "\n".join(browser.REPORTED)))
    return report


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


def pytest_configure():
    """Notebooks that are run keep their answers in a new folder, not in the reader's file."""
    os.environ["PIXELCNN_ANSWERS"] = f"{tempfile.mkdtemp()}/answers.json"
