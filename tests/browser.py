"""Headless Chromium for tests of pages and figures, without access to the network."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

HTML = Path(__file__).parents[1] / "_build" / "html"
CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
REPORTED = []  # what all pages of the running test reported as errors
NEEDED = pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true",
    reason="Chromium is not installed: the pages were not looked at",
)
FIGURE_PAGE = """<!doctype html><html lang="en-GB" data-theme="{theme}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A figure</title>
<style>html {{ color-scheme: {theme} }}</style><body><main><h1>A figure</h1>
{figures}
</main></body></html>"""


@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of one module."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "the page tests need Chromium on the PATH"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def watched_page(browser, allowed=("file:", "data:", "blob:"), **options):
    """A page that collects what goes wrong: `page.outside`, addresses asked, and `page.errors`.

    REPORTED gets the errors as well, so that conftest.py shows them in any test that fails.
    allowed: what addresses may begin with. options: those of Playwright's new_page.
    """
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
    page.outside, page.errors = [], []

    def let_pass(route):
        if route.request.url.startswith(allowed):
            return route.continue_()
        page.outside.append(route.request.url)
        route.abort()

    page.route("**/*", let_pass)

    def note(error):
        page.errors.append(error)
        REPORTED.append(error)

    page.on("console", lambda line: note(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: note(error.stack or str(error)))
    yield page
    page.close()


@pytest.fixture
def tab(chromium):
    """A fresh page; the test fails if it asks another host or reports an error."""
    with watched_page(chromium) as page:
        yield page
        assert page.errors == []
        assert page.outside == []


def stop_the_clock(page):
    """From now on the page's time passes only in `page.clock.run_for`.

    An installed clock goes on by itself, so it is paused at a time that it cannot have reached.
    """
    page.clock.install(time=0)
    page.clock.pause_at(3600)


def open_figure(page, *figures, theme="light", width=None):
    """Open a file with the HTML of one figure, or of several, one below the other.

    Returns the Locator of the first. width: of the window, such as 360.
    """
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.html"
        text = "\n".join(figure.to_html() for figure in figures)
        path.write_text(FIGURE_PAGE.format(theme=theme, figures=text), encoding="utf-8")
        page.goto(path.as_uri(), wait_until="load")
    assert page.errors == []
    return page.locator(".opat").first


def open_chapter(page, name, folder=HTML):
    """Open a built page, such as "02_masks_and_a_detective", from its file."""
    path = folder / "chapters" / f"{name}.html"
    assert path.is_file(), f"{path.name} is not built: run `make book` first"
    page.goto(path.as_uri(), wait_until="load")
    return page


def words(view):
    """What a figure says below its picture, and to a screen reader."""
    return view.get_by_role("status").inner_text()


def pixels(canvas):
    """What a canvas shows: uint8 (height, width, 4), red, green, blue and how opaque."""
    found = canvas.evaluate("""canvas => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        return { shape: [height, width, 4], values: [...data] };
    }""")
    return np.reshape(found["values"], found["shape"])
