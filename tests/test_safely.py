"""An endless loop, an exit or a long printout does no harm: a right answer still passes after it."""

import re
import signal
import time
import warnings

import IPython
import keras
import nbclient
import nbformat
import numpy as np
import pytest
from doubling import FUNCTION

from pixelcnn_lib.teach import checks, exercises
from pixelcnn_lib.teach.engine import judge, safely


@pytest.fixture(autouse=True)
def asked(tmp_path, monkeypatch):
    """Make FUNCTION the only exercise, with a limit short enough for a test."""
    monkeypatch.setattr(checks, "KEPT", tmp_path / "answers.json")
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)  # other tests may have made a shell
    monkeypatch.setattr(exercises, "CHAPTERS", [0])
    monkeypatch.setattr(exercises, "chapter", lambda number: {"0.1": FUNCTION})
    monkeypatch.setattr(judge, "SECONDS", 1)


def loops(x, times=1):
    while True:
        pass


def counts(x, times=1):
    return sum(1 for _ in iter(int, 1))


def catches_all(x, times=1):
    while True:
        try:
            x.sum()
        except:  # noqa: E722 (what a reader may write)
            pass


def catches_all_that_stops_it(x, times=1):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def calls_a_layer(x, times=1):
    layer = keras.layers.Dense(2)
    while True:
        layer(x)


@pytest.mark.parametrize(
    "endless", [loops, counts, catches_all, catches_all_that_stops_it, calls_a_layer]
)
def test_an_endless_loop_is_stopped(endless, capsys):
    checks.check("0.1", endless)
    assert capsys.readouterr().out == (
        "✗ 0.1 Still running after 1 seconds of computing. Hint: does every loop end? "
        "A while loop needs a step towards its end.\n"
    )
    checks.check("0.1", lambda x, times=1: x * 2**times)
    assert capsys.readouterr().out == "✓ 0.1 Doubling\n"


def test_an_answer_that_sleeps_is_woken(capsys):
    checks.check("0.1", lambda x, times=1: time.sleep(1000))
    said = r"✗ 0.1 Still waiting after \d+ seconds. Hint: take out what waits, such as sleep.\n"
    assert re.fullmatch(said, capsys.readouterr().out)


def test_settings_of_one_answer_do_not_reach_the_next(capsys):
    def sets(x, times=1):
        np.seterr(all="raise")
        warnings.simplefilter("error")
        return x * 2**times

    before = np.geterr(), list(warnings.filters)
    checks.check("0.1", sets)
    assert capsys.readouterr().out == "✓ 0.1 Doubling\n"
    assert (np.geterr(), list(warnings.filters)) == before


def test_a_long_printout_is_cut(capsys):
    def chatty(x, times=1):
        for line in range(1000):
            print("line", line)
        return x * 2**times

    checks.check("0.1", chatty)
    out = capsys.readouterr().out
    assert out.startswith("line 0\nline 1\n") and len(out) < safely.PRINTED + 100
    assert out.endswith(" more printed characters are not shown.)\n✓ 0.1 Doubling\n")


def test_ctrl_c_stops_the_check_itself():
    def presses(x, times=1):
        signal.raise_signal(signal.SIGINT)
        return x

    with pytest.raises(KeyboardInterrupt):
        checks.check("0.1", presses)


def test_a_kernel_answers_after_an_endless_loop(tmp_path, monkeypatch):
    monkeypatch.setenv("PIXELCNN_ANSWERS", str(tmp_path / "answers.json"))
    bodies = ["while True: pass", "return max(height, width, 4) - 4"]
    start = "from pixelcnn_lib.teach import checks\nfrom pixelcnn_lib.teach.engine import judge\njudge.SECONDS = 1"
    answers = [
        f"def blocks_needed(height, width):\n    {body}\nchecks.check('3.2', blocks_needed)"
        for body in bodies
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in (start, *answers)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    where = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, timeout=120, resources=where).execute()
    said = ["".join(out.get("text", "") for out in cell.outputs) for cell in notebook.cells[1:]]
    assert said[0].startswith("✗ 3.2 Still running after 1 seconds")
    assert said[1].startswith("✓ 3.2 ")
