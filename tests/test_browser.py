"""If a test of a page fails, it prints the page's errors in JavaScript."""

import os
import re
import subprocess
import sys
from pathlib import Path

from browser import NEEDED

PAGE = """
from browser import open_figure, watched_page

class Figure:
    def to_html(self):
        return '<p class="opat">0</p><script>{script}</script>'

def test_of_a_figure(tab):
    assert open_figure(tab, Figure()).inner_text() == "{expected}"

def test_of_a_page_of_its_own(chromium):
    with watched_page(chromium) as page:
        open_figure(page, Figure())
        assert page.outside == ["nothing"]
"""


def run(folder, **parts):
    """Run only two tests of a figure, as `make test` does; returns what is printed."""
    (folder / "test_page.py").write_text(PAGE.format(**parts))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "1",
        "-p",
        "conftest",
        "-p",
        "no:cacheprovider",
    ]
    settings = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "COLUMNS": "200"}
    done = subprocess.run(
        [*command, folder], cwd=folder, env=settings, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def of_test(name, printed):
    """Return what is printed about one failing test."""
    return re.search(rf"(?s)_ {name} _(.*?)\n[_=]{{20}}", printed)[1]


@NEEDED
def test_an_error_in_javascript_shows_itself_in_the_failing_test(tmp_path):
    printed = run(tmp_path, script="function draw() { absent() } draw()", expected="1")
    for name in ("test_of_a_figure", "test_of_a_page_of_its_own"):
        said = of_test(name, printed)
        assert "ReferenceError: absent is not defined" in said and "at draw (file:" in said
        assert "Left contains one more item" in said  # the assertion in a helper is rewritten


@NEEDED
def test_a_test_that_fails_by_itself_blames_no_page(tmp_path):
    printed = run(tmp_path, script="", expected="1")
    assert "assert '0' == '1'" in of_test("test_of_a_figure", printed)
    assert "Reported by the page" not in printed
