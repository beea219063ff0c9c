"""A run's folder begins empty, one process uses it, its files are whole, and no others change."""

import os

import filelock
import pytest
from long_runs import Killed, assert_same_run, kill_at, start

from pixelcnn_lib import disk, folders, training


@pytest.mark.parametrize("name", ["letter.txt", "images.npz", "lock", "checkpoints/epoch_0001.npz"])
def test_a_run_begins_only_in_a_new_or_empty_folder(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"mine")
    with pytest.raises(ValueError, match="is not empty, and holds no run. Choose a new folder"):
        start(tmp_path)
    for function in (training.resume, training.trained, training.read_log):
        with pytest.raises(ValueError, match="holds no run. Start one with train, or name another"):
            function(tmp_path)
    with pytest.raises(ValueError, match="is a file. A run needs a folder"):
        folders.check_free(path)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
    assert path.read_bytes() == b"mine"


def test_a_run_is_used_by_one_process_and_leaves_other_files_as_they_are(tmp_path):
    """A later resume writes its own names, and removes only its own old checkpoint."""
    run, whole = tmp_path / "run", tmp_path / "whole"
    start(whole)
    with pytest.raises(Killed):
        start(run, callbacks=[kill_at(1)])
    with filelock.FileLock(run / "lock"):
        with pytest.raises(ValueError, match="in use by another process. Wait for it, or stop it"):
            training.resume(run)
    names = ["notes.txt", "samples/mine.png", "checkpoints/epoch_best.npz"]
    names += ["checkpoints/epoch_1.npz", "checkpoints/mine_0001.npz", "log.csv.old"]
    for name in names:
        (run / name).write_text(name)
    training.resume(run, verbose=0)
    assert all((run / name).read_text() == name for name in names)
    for name in names:
        (run / name).unlink()
    assert_same_run(run, whole)


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "grid.png"
    disk.write_whole(path, b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        disk.write_whole(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["grid.png"] and path.read_bytes() == b"old"
