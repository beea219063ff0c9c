"""The figures in real JupyterLab: what runs in a page runs there too, and tells Python."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from browser import NEEDED, watched_page

pytestmark = [NEEDED, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of its own: (address, folder)."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", f"--ServerApp.root_dir={folder}"]
    command += ["--IdentityProvider.token=", "--LabApp.news_url=None", "--ServerApp.ip=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        home = {**os.environ, "HOME": str(folder), "JUPYTER_NO_CONFIG": "1"}
        server = subprocess.Popen(command, env=home, cwd=folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=5).read()
                break
            except OSError:
                time.sleep(0.5)
        else:
            raise AssertionError((folder / "log").read_text())
        yield address, folder
    finally:
        server.terminate()
        server.wait(30)


def run_figure(page, lab, code, root):
    """Show a figure in a notebook; returns its Locator and `ask`, which evaluates Python.

    code: what makes the figure. root: the selector of what it draws.
    """
    address, folder = lab
    cells = [f"{code}\nfigure", "1"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "figure.ipynb")
    page.goto(f"{address}/lab/tree/figure.ipynb?reset")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.locator(".jp-Notebook-cell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    figure = page.locator(f".jp-OutputArea {root}")
    figure.locator("p").first.wait_for(timeout=120_000)

    def ask(expression):
        editor = page.locator(".jp-Notebook-cell .cm-content").nth(1)
        editor.click()
        page.keyboard.press("Control+A")
        page.keyboard.type(expression)
        page.keyboard.press("Control+Enter")
        output = page.locator(".jp-Notebook-cell").nth(1).locator(".jp-OutputArea-output pre")
        output.wait_for(timeout=30_000)
        return output.inner_text().strip()

    return figure, ask


def test_a_prediction_by_keyboard_is_kept_by_python(chromium, lab):
    code = "from pixelcnn_lib.teach import checks\nfigure = checks.predict('4.q1')"
    with watched_page(chromium, allowed=(lab[0], "data:", "blob:")) as page:
        figure, ask = run_figure(page, lab, code, ".opat-predict")
        figure.get_by_role("radio", name="about 35").focus()
        page.keyboard.press("ArrowDown")  # a key of JupyterLab's too
        figure.get_by_role("button", name="sure (90 %)", exact=True).press("Enter")
        right = "about 17"
        said = f"✓ Right. You chose “{right}” and were sure."
        assert figure.get_by_role("status").inner_text() == said
        kept = str({"choice": right, "sure": 90, "right": True})
        assert ask("checks._kept()['4.q1']") == kept
        assert ask("checks.predict('4.q1').answer == checks._kept()['4.q1']") == "True"
        figure.get_by_role("button", name="Predict again").click()
        assert ask("checks._kept()") == "{}"
        assert page.outside == []
