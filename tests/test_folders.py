"""A run's folder begins empty, one process uses it, its files are whole, and no others change."""

import errno
import os
import shutil

import filelock
import pytest
from long_runs import Killed, assert_same_run, kill_at, start

from pixelcnn_lib import folders, training


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a run that nothing interrupted."""
    run = tmp_path_factory.mktemp("whole") / "run"
    start(run)
    return run


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """The folder of a run that was killed after its first epoch."""
    run = tmp_path_factory.mktemp("cut") / "run"
    with pytest.raises(Killed):
        start(run, callbacks=[kill_at(1)])
    return run


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


def test_a_second_process_is_refused(cut):
    with filelock.FileLock(cut / "lock"):
        with pytest.raises(ValueError, match="in use by another process. Wait for it, or stop it"):
            training.resume(cut)


def test_other_files_in_a_run_s_folder_stay_as_they_are(whole, cut, tmp_path):
    """A later resume writes its own names, and removes only its own old checkpoints."""
    (tmp_path / "run").symlink_to(shutil.copytree(cut, tmp_path / "disk"))
    run = tmp_path / "run"  # the folder itself may be a link
    names = ["notes.txt", "samples/mine.png", "checkpoints/epoch_best.npz", "tensorboard/loss/mine"]
    names += ["checkpoints/epoch_1.npz", "checkpoints/mine_0001.npz", "log.csv.old"]
    for name in names:
        (run / name).write_text(name)
    training.resume(run, verbose=0)
    assert all((run / name).read_text() == name for name in names)
    for name in names:
        (run / name).unlink()
    assert_same_run(run, whole)


@pytest.mark.parametrize("name", ["checkpoints", "tensorboard/loss"])
def test_a_link_that_leads_out_of_the_run_is_refused(cut, tmp_path, name):
    run, away = shutil.copytree(cut, tmp_path / "run"), tmp_path / "away"
    (run / name).rename(away)
    (run / name).symlink_to(away)
    before = sorted(away.iterdir())
    with pytest.raises(ValueError, match=f"{name} is a link that leads out of the run's folder"):
        training.resume(run, verbose=0)
    assert sorted(away.iterdir()) == before


def test_only_a_regular_file_is_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    names = ["folder", "broken"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        names.append("pipe")
    for name in names:
        with pytest.raises(ValueError, match=f"{name} is no regular file, and the name is needed"):
            folders.write_whole(tmp_path / name, b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_file_is_written_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "grid.png"
    folders.write_whole(path, b"old", new=True)
    with pytest.raises(FileExistsError):
        folders.write_whole(path, b"new", new=True)
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        folders.write_whole(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["grid.png"] and path.read_bytes() == b"old"
    (tmp_path / "grid.png.part").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        folders.write_whole(path, b"new")
    assert (tmp_path / "grid.png.part").read_bytes() == b"mine"


def test_a_full_disk_leaves_what_was_whole(whole, tmp_path, monkeypatch):
    """The disk fills up while the second epoch's checkpoint is written."""
    run, replace = tmp_path / "run", os.replace

    def full(draft, path):
        if path == run / "checkpoints/epoch_0002.npz":
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(draft, path)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(
        OSError, match="No space left.*Fix this, then resume it: .*are whole"
    ) as told:
        start(run)
    assert told.value.errno == errno.ENOSPC and not list(run.rglob("*.part"))
    monkeypatch.undo()
    training.resume(run, verbose=0)
    assert_same_run(run, whole)
