"""Shared by the tests of pages; the conftest.py one folder up is shared by all."""

import pytest

pytest.register_assert_rewrite("browser", "in_page", "legible", "long_runs", "reference", "tiny")

import browser  # noqa: E402 - its assertions are rewritten only if it comes after the line above
from browser import chromium, tab  # noqa: E402, F401 - fixtures


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
