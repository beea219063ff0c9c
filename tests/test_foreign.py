"""Nothing that is not ours is ever changed, and no file takes more than it holds.

Each row is one finding: what is made in an empty folder, what is done, and a part of the one line.
"""

import os
import shutil

import pytest
from long_runs import start

from pixelcnn_lib import __main__ as command
from pixelcnn_lib import disk, training
from pixelcnn_lib.teach import checks

DIARY = b"Dear diary"


def listing(folder):
    """What a folder holds: paths with kinds, permissions, contents and what links stand for."""
    return {
        str(path): (
            path.lstat().st_mode,
            path.read_bytes() if disk.kind(path) == "a file" else None,
            os.readlink(path) if path.is_symlink() else None,
        )
        for path in folder.rglob("*")
    }


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The present folder is empty but for somebody's diary and a folder of theirs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "diary").write_bytes(DIARY)
    (tmp_path / "theirs").mkdir()
    return tmp_path


def said(capsys, line, status=2):
    """Run the command, and return its only line."""
    assert command.main(line.split()) == status
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert not out and "[Errno" not in line
    return line


# Writing

DRAW = "sample small --n 1 --size 2 --out"
THINGS = {  # what may be in the place of a file
    "a link": lambda path: path.symlink_to("diary"),
    "a broken link": lambda path: path.symlink_to("nowhere"),
    "a pipe": os.mkfifo,
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("thing", THINGS)
def test_only_a_file_is_replaced(home, capsys, thing):
    THINGS[thing](home / "a.npz")
    THINGS[thing](home / "a.opat")
    before = listing(home)
    lines = [f"compress {home / 'diary'} --out a.opat --force"]
    if thing != "a folder":
        lines += [f"{DRAW} a.npz --force", f"{DRAW} a.npz/"]
    for line in lines:
        assert f"is {thing.replace('broken ', '')}" in said(capsys, line)
    with pytest.raises(ValueError, match="only a file is replaced"):
        disk.write_whole(home / "a.opat", b"new")
    assert listing(home) == before


@pytest.mark.parametrize("thing", ["a file", "a link"])
def test_a_draft_has_a_fresh_name(home, thing):
    {"a file": shutil.copy, "a link": os.symlink}[thing]("diary", "a.png.part")
    assert command.main(f"{DRAW} a.png".split()) == 0
    assert (home / "a.png.part").read_bytes() == (home / "diary").read_bytes() == DIARY
    assert disk.kind("a.png") == "a file"
    assert {path.name for path in home.iterdir()} == {"a.png", "a.png.part", "diary", "theirs"}


def test_permissions_are_those_of_any_new_file_or_are_kept(home):
    new, old = home / "new", home / "diary"
    disk.write_whole(new, b"")
    (home / "other").touch()
    assert new.stat().st_mode == (home / "other").stat().st_mode
    old.chmod(0o640)
    disk.write_whole(old, b"")
    assert old.stat().st_mode & 0o777 == 0o640


# Somebody else's run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "run"
    start(run, epochs=1)
    return run


@pytest.fixture
def copy(run, home):
    """A run of one epoch of two, in the present folder."""
    return shutil.copytree(run, home / "run")


LINKS = [  # what is replaced by a link in the run's folder, and to what
    *((name, "diary") for name in ("config.json", "log.csv", "images.npz", "best.npz", "lock")),
    ("samples/epoch_0002.png", "diary"),
    ("checkpoints/epoch_0001.npz", "diary"),
    *((name, "theirs") for name in ("samples", "tensorboard", "tensorboard/loss", "checkpoints")),
]


@pytest.mark.parametrize("name, target", LINKS)
def test_a_run_with_links_to_the_outside_is_refused(home, copy, capsys, name, target):
    path = copy / name
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(home / target)
    before = listing(home)
    assert f"run/{name} must be a f" in (line := said(capsys, "resume run --epochs 2"))
    assert "it is a link. Remove it" in line
    with pytest.raises(ValueError, match="it is a link"):
        training.resume(copy, epochs=2, verbose=0)
    assert listing(home) == before


def test_a_lock_that_is_somebody_s_file_by_another_name(home, copy):
    (copy / "lock").unlink()
    (copy / "lock").hardlink_to(home / "diary")
    with pytest.raises(ValueError, match="lock must be a file of the run's own; it is a link"):
        training.resume(copy)
    assert (home / "diary").read_bytes() == DIARY


@pytest.mark.parametrize("name", ["config.json", "log.csv"])
def test_drafts_of_old_names_are_left_alone(home, copy, name):
    (copy / f"{name}.part").symlink_to(home / "diary")
    training.resume(copy, epochs=2, verbose=0)
    assert (home / "diary").read_bytes() == DIARY and (copy / f"{name}.part").is_symlink()


def test_what_a_killed_process_left_unfinished_is_removed(copy):
    draft = copy / "checkpoints" / f"{disk.DRAFT}0123"
    draft.touch()
    training.resume(copy, verbose=0)
    assert not draft.exists()


def test_a_start_that_fails_can_be_repeated(home, monkeypatch):
    whole, write = home / "whole", disk.write_whole

    def full(path, content):
        if path.name == "config.json":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(disk, "write_whole", full)
    with pytest.raises(OSError):
        start(whole, epochs=1)
    monkeypatch.undo()
    start(whole, epochs=1)


# Answers

ONE = '{"2.1": {"done": true, "tries": 1, "hints": 0}}'
ANSWERS = {  # what is in the place of answers.json, and what the line says of it
    "a link": "it is a link",
    "a broken link": "it is a link",
    "a pipe": "it is a pipe",
    "a folder": "it is a folder",
    "a device": "it is a device",
    "Dear diary": "it cannot be read, or is cut off",
    "": "it cannot be read, or is cut off",
    ONE[:-9]: "it cannot be read, or is cut off",
    ONE + 2**20 * " ": "it has 1,048,623 bytes, and at most 1,048,576 are read",
    100_000 * "[": "it cannot be read, or is cut off",
    "[1, 2]": "it holds something else",
    '{"2.1": 5}': "it holds something else",
    '{"2.1": {"done": true}}': "it holds something else",
    '{"2.1": {"done": true, "tries": "1", "hints": 0}}': "it holds something else",
    '{"2.1": {"name": "Ann"}}': "it holds something else",
}


@pytest.mark.parametrize("found", ANSWERS, ids=lambda found: f"{found:.20}")
def test_answers_are_not_stored_in_somebody_s_file(home, monkeypatch, capsys, found):
    path = home / "answers.json"
    if found == "a device":
        path = type(home)("/dev/null")
    elif found in THINGS:
        THINGS[found](path)
    else:
        path.write_text(found)
    monkeypatch.setattr(checks, "KEPT", path)
    monkeypatch.setattr(checks, "_told", [])
    before = listing(home), os.stat("/dev/null").st_mode
    checks.hint("3.2")
    checks.hint("3.2")
    figure = checks.predict("4.q1")
    figure.answer = {"choice": "yes", "right": True}
    out = capsys.readouterr().out
    (line,) = (line for line in out.splitlines() if not line.startswith("Hint"))
    assert line.startswith(f"Nothing is stored: {path} should hold answers")
    assert f"but {ANSWERS[found]}. It stays as it is: rename it" in line
    checks.report()  # says it again
    assert capsys.readouterr().out == f"{line}\n"
    assert (listing(home), os.stat("/dev/null").st_mode) == before
