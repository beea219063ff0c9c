"""Whatever a reader's code does, the kernel still works, and a right answer still passes."""

import os
import signal
import sys
import time

import IPython
import keras
import nbclient
import nbformat
import pytest
from test_checks import FUNCTION

from pixelcnn_lib.teach import checks, exercises, safely


@pytest.fixture(autouse=True)
def asked(tmp_path, monkeypatch):
    """Make test_checks's FUNCTION the only exercise, with limits short enough for a test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(checks, "KEPT", tmp_path / "answers.json")
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)  # other tests may have made a shell
    monkeypatch.setattr(exercises, "CHAPTERS", [0])
    monkeypatch.setattr(exercises, "chapter", lambda number: {"0.1": FUNCTION})
    monkeypatch.setattr(safely, "SECONDS", 30)
    monkeypatch.setattr(safely, "MEMORY", 500_000_000)


def catches_all(x, times=1):
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            pass


def loops(x, times=1):
    while True:
        pass


def calls_a_layer_without_end(x, times=1):
    layer = keras.layers.Dense(2)
    while True:
        layer(x)


def replaces_stdout(x, times=1):
    sys.stdout = sys.stderr = None
    return x


def evil_result(x, times=1):
    class Evil:
        def __array__(self, *args, **options):
            raise KeyboardInterrupt

        def __repr__(self):
            raise GeneratorExit

    return Evil()


def evil_error(x, times=1):
    class Evil(BaseException):
        def __str__(self):
            raise ValueError

    raise Evil


def thrown(kind):
    def throws(x, times=1):
        raise kind

    return throws


def deep(x, times=1):
    return deep(x, times)


HOSTILE = {
    "raised KeyboardInterrupt": thrown(KeyboardInterrupt),
    "raised GeneratorExit": thrown(GeneratorExit),
    "raised SystemExit": lambda x, times=1: sys.exit(3),
    "raised Evil": evil_error,
    "raised RecursionError": deep,
    "RuntimeError: _exit() must not be called in an answer": lambda x, times=1: os._exit(1),
    "RuntimeError: kill() must not be called in an answer": lambda x, times=1: os.kill(0, 9),
    "RuntimeError: input() must not be called in an answer": lambda x, times=1: input(),
    "raised MemoryError": lambda x, times=1: list(range(10**12)),
    "raised NotImplementedError: Layer": lambda x, times=1: keras.layers.Layer()(x),
    "Still waiting after 1 seconds. Hint": catches_all,
    "Still running after 1 seconds of computing.": loops,
    "Still running after 1 seconds of computing. Hint": calls_a_layer_without_end,
    "Still waiting after 1 seconds": lambda x, times=1: time.sleep(100),
    "returns the values of its argument number 1.": replaces_stdout,
    "raised KeyboardInterrupt, at": evil_result,
}


def passes(capsys):
    checks.check("0.1", lambda x, times=1: x * 2**times)
    assert capsys.readouterr().out == "✓ 0.1 Doubling\n"


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_code_hurts_nobody(said, monkeypatch, capsys):
    here, out = os.getcwd(), sys.stdout
    with monkeypatch.context() as patch:
        if "running" in said:
            patch.setattr(safely, "SECONDS", 1)
        if "waiting" in said:
            patch.setattr(safely, "IDLE", 1)
        checks.check("0.1", HOSTILE[said])
    line = capsys.readouterr().out
    assert line.startswith("✗ 0.1 ") and said in line and line.count("\n") == 1, line
    assert os.getcwd() == here and sys.stdout is out
    passes(capsys)


def test_printed_lines_are_kept_back(capsys):
    def chatty(x, times=1):
        for line in range(1000):
            print("line", line)
        print("x" * 10**6)
        return x * 2**times

    checks.check("0.1", chatty)
    lines = capsys.readouterr().out.splitlines()
    assert lines[: safely.LINES] == [f"line {line}" for line in range(safely.LINES)]
    assert lines[safely.LINES :] == ["(1982 more printed lines are not shown.)", "✓ 0.1 Doubling"]


def test_ctrl_c_stops_the_check_itself():
    def presses(x, times=1):
        signal.raise_signal(signal.SIGINT)
        return x

    with pytest.raises(KeyboardInterrupt):
        checks.check("0.1", presses)


def test_a_kernel_answers_after_what_would_end_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PIXELCNN_ANSWERS", str(tmp_path / "answers.json"))

    def cell(body):
        source = f"def blocks_needed(height, width):\n    {body}\ncheck('3.2', blocks_needed)"
        return nbformat.v4.new_code_cell(source)

    right = "return max(height, width, 4) - 4"
    bodies = ["exit()", "quit()", "input()", "get_ipython().kernel.do_shutdown(False)", right]
    start = "from pixelcnn_lib.teach.checks import check"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(start), *map(cell, bodies)]
    )
    nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": tmp_path}}
    ).execute()
    said = ["".join(o.get("text", "") for o in one.outputs) for one in notebook.cells[1:]]
    assert (
        "exit() must not be called in an answer" in said[0]
        and "exit() must not be called in an answer" in said[1]
    )
    assert said[2].startswith("✗ 3.2 ") and said[3].startswith("✗ 3.2 ")
    assert said[4].startswith("✓ 3.2 ")
