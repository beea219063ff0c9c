"""A run's folder: whose files are whose, and that none is ever lost, changed or half-written."""

import errno
import os
import shutil
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from long_runs import OPTIONS, Killed, assert_same_run, images, kill_at, start
from PIL import Image
from tiny import tiny

from pixelcnn_lib import __main__, folders, training


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


@pytest.fixture
def copy(whole, tmp_path):
    """A finished run, to spoil."""
    return shutil.copytree(whole, tmp_path / "copy")


def test_a_folder_in_use_is_refused(whole, copy, tmp_path):
    with pytest.raises(ValueError, match="holds a run. Resume it, or choose a new folder"):
        start(copy)
    (copy / "config.json").rename(tmp_path / "config.json")
    with pytest.raises(ValueError, match="holds a run whose config.json was removed. Restore that"):
        start(copy)
    (tmp_path / "config.json").rename(copy / "config.json")
    assert_same_run(copy, whole)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").touch()
    with pytest.raises(ValueError, match="is not empty, and holds no run. Choose a new folder"):
        start(tmp_path / "letters")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["a.txt"]
    for function in (training.resume, training.trained):
        with pytest.raises(ValueError, match="holds no run.*Start one with train"):
            function(tmp_path)
    with folders.at_work(copy), pytest.raises(ValueError, match="in use by another process"):
        training.resume(copy)


@pytest.mark.parametrize("spoil", ["truncate", "flip", "empty"])
def test_a_broken_checkpoint_gives_way_to_the_one_before(whole, copy, spoil):
    last = sorted((copy / "checkpoints").iterdir())[-1]
    content = bytearray(last.read_bytes())
    content[len(content) // 2] ^= 1
    spoilt = {"truncate": content[:-100], "flip": content, "empty": b""}
    last.write_bytes(spoilt[spoil])
    with pytest.warns(UserWarning, match=f"{last.name} is not as the run wrote it. It is now"):
        training.resume(copy, verbose=0)
    (aside,) = (copy / "checkpoints").glob("*-set-aside-1.npz")
    assert aside.read_bytes() == spoilt[spoil]
    aside.unlink()
    assert_same_run(copy, whole)


def test_no_whole_checkpoint_left(copy):
    """Both are set aside, and none is deleted."""
    for path in (copy / "checkpoints").iterdir():
        path.write_bytes(b"?" + path.name.encode())
    with pytest.raises(ValueError, match="no whole checkpoint"), pytest.warns(UserWarning):
        training.resume(copy)
    kept = sorted(path.read_bytes() for path in (copy / "checkpoints").iterdir())
    assert [content[:12] for content in kept] == [b"?epoch_0002-", b"?epoch_0003-"]


@pytest.mark.parametrize("name", ["checkpoints", "log.csv"])
def test_a_full_disk_leaves_what_was_whole(whole, tmp_path, monkeypatch, name):
    """The disk fills up in the second epoch, halfway through a file."""
    run, fill = tmp_path / "run", folders.fill

    def full(path, content):
        part = b"epoch," if name == "log.csv" else b"PK"
        fills = content.startswith(part) and len(list(run.glob("samples/*"))) == 2
        fill(path, content[: len(content) // 2] if fills else content)
        if fills:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folders, "fill", full)
    with pytest.raises(
        OSError, match=r"No space left.*Fix this, then resume it: .*before are whole"
    ) as error:
        start(run)
    assert error.value.errno == errno.ENOSPC
    monkeypatch.undo()
    assert not list(run.rglob("draft-*"))
    training.resume(run, verbose=0)
    assert_same_run(run, whole)


def test_an_error_without_a_number_is_told_without_one(tmp_path):
    def fail(epoch, logs):
        raise OSError("the camera is off")

    callback = keras.callbacks.LambdaCallback(on_epoch_begin=fail)
    with pytest.raises(OSError, match=r"^The run in .* stopped: the camera is off. Fix this, then"):
        start(tmp_path / "run", callbacks=[callback])


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError, match="Permission denied"):
        start(tmp_path / "run")
    tmp_path.chmod(0o755)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="nobody may write to /proc")
def test_files_for_tensorboard_that_cannot_be_written(copy, capsys):
    """TensorBoard's own writer would raise TensorFlow's error for it, which is no OSError."""
    shutil.rmtree(copy / "tensorboard" / "loss")
    (copy / "tensorboard" / "loss").symlink_to("/proc")
    with pytest.raises(OSError, match="The run in .* stopped: .*events.*Fix this, then resume it"):
        training.resume(copy, verbose=0)
    assert __main__.main(["resume", str(copy)]) == 1
    assert "stopped: No such file or directory" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_not_utf_8(tmp_path):
    run = tmp_path / os.fsdecode(b"bad\xffname")
    start(run, epochs=1)
    assert training.resume(run, epochs=2, verbose=0) and len(training.read_log(run)) == 2


@pytest.mark.parametrize("name", ["images.npz", "checkpoints", "config.json"])
def test_a_start_that_was_killed_in_the_midst_of_a_file_starts_again(whole, tmp_path, name):
    """With other weights, of which nothing may be left."""
    run, replace = tmp_path / "run", os.replace

    def killed(draft, path):
        if name in str(path):
            raise Killed
        replace(draft, path)

    unlink = Path.unlink
    keeps = lambda path, **options: "draft-" in path.name or unlink(path, **options)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(os, "replace", killed)
        patch.setattr(Path, "unlink", keeps)
        training.train(tiny(levels=256), images()[0], run, **OPTIONS)
    assert list(run.rglob("draft-*"))
    start(run)
    assert_same_run(run, whole)


def test_a_disk_that_is_full_from_the_start(tmp_path):
    """Not even the mark can be written whole; the start is repeated once there is room."""
    write = Path.write_bytes

    def full(path, content):
        write(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left.*Fix this, then start it again"):
            start(tmp_path / "run")
    assert (tmp_path / "run" / folders.MARK).stat().st_size > 0
    start(tmp_path / "run", epochs=1)


# Files of a user's


def fill(folder, names):
    """Write files of a user's, each with a content of its own; returns what survives."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"mine: " + name.encode())
    return lambda: [name for name in names if (folder / name).read_bytes()[6:] == name.encode()]


def every_name(run):
    """The names of all files that a run writes, drafts included."""
    names = [path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()]
    drafts = [f"{place}draft-log.csv" for place in ("", "checkpoints/", "samples/")]
    return [*names, *drafts, "draft-notes/a.txt", "checkpoints/epoch_0000-0a.npz"]


def test_a_folder_of_a_users_is_never_entered(whole, tmp_path):
    """Filled with every name that a run uses, or with any one of them."""
    names = every_name(whole)
    assert {"lock", folders.MARK, "config.json", "log.csv", "best.npz"} <= set(names)
    for number, chosen in enumerate([names, *([name] for name in names)]):
        folder = tmp_path / f"mine{number}"
        survivors = fill(folder, chosen)
        before = sorted(folder.rglob("*"))
        for use in (start, training.resume, training.trained):
            with pytest.raises(ValueError, match="holds no run"):
                use(folder)
        assert survivors() == chosen and sorted(folder.rglob("*")) == before


def test_an_empty_file_in_the_way_of_a_start_is_a_users_too(tmp_path):
    for name in ("images.npz", "config.json", "tensorboard", "draft-log.csv"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
        with pytest.raises(ValueError, match="holds no run"):
            start(tmp_path / name)
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file. A run needs a folder"):
        start(tmp_path / "file")


def test_a_users_files_survive_in_a_run(whole, cut, tmp_path):
    """They were put there after a kill; then it is resumed, killed, resumed, and drawn from."""
    run = shutil.copytree(cut, tmp_path / "run")
    there = set(every_name(run))
    names = {name for name in every_name(whole) if not (run / name).exists()}
    names = {name for name in names if "/epoch_000" not in name}  # those the run will write
    names |= {"checkpoints/epoch_best.npz", f"checkpoints/epoch_0100-{16 * 'a'}.npz"}
    names |= {"tensorboard/loss/events.out.tfevents.1.mine", "samples/mine.png", "mine/lock"}
    names |= {"samples/epoch_2.png", "samples/epoch_best.png", "samples/epoch_0009.png"}
    names |= {"grid.png.txt", f"draft-{os.getpid()}-{16 * 'b'}", "log-set-aside-1.csv"}
    names = sorted(names)
    assert "draft-notes/a.txt" in names and len(there) > 8
    survivors = fill(run, names)
    with pytest.raises(Killed):
        training.resume(run, verbose=0, callbacks=[kill_at(2)])
    assert survivors() == names
    training.resume(run, verbose=0)
    for command in (
        ["sample", run, "--n=1"],
        ["complete", run, "--image", run / "samples/mine.png"],
    ):
        Image.fromarray(np.zeros((4, 4, 3), "uint8")).save(run / "samples/mine.png")
        arguments = [*command, "--size=4", "--out", run / f"{command[0]}.png"]
        assert __main__.main([str(one) for one in arguments]) == 0
        (run / "samples/mine.png").write_bytes(b"mine: samples/mine.png")
    assert survivors() == names
    for name in names:
        (run / name).unlink()
    assert training.read_log(run) == training.read_log(whole)
    assert not list(run.rglob("draft-*.*"))


def test_a_users_file_where_the_run_will_write_is_refused(whole, cut, tmp_path):
    run = shutil.copytree(cut, tmp_path / "run")
    for name in ("samples/epoch_0002.png", "log.csv", "loss.png", "best.npz"):
        content = (run / name).read_bytes() if (run / name).exists() else None
        survivors = fill(run, [name])
        with pytest.raises(ValueError, match=f"{name} is not as the run wrote it, .* Move it els"):
            training.resume(run, verbose=0)
        assert survivors() == [name]
        (run / name).unlink()
        if content:
            (run / name).write_bytes(content)
    training.resume(run, verbose=0)
    assert_same_run(run, whole)


@pytest.mark.parametrize("name", ["tensorboard", "samples", "checkpoints"])
def test_a_file_in_the_place_of_a_folder_is_refused(copy, name):
    shutil.rmtree(copy / name)
    survivors = fill(copy, [name])
    with pytest.raises(ValueError):
        training.resume(copy, verbose=0)
    assert survivors() == [name]


def test_a_users_images_where_a_start_was_killed_are_refused(tmp_path):
    with pytest.raises(Killed), pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "train_to_end", lambda *_: (_ for _ in ()).throw(Killed))
        start(tmp_path / "run")
    survivors = fill(tmp_path / "run", ["images.npz"])
    with pytest.raises(ValueError, match="images.npz is not as the run wrote it, .* Move it else"):
        start(tmp_path / "run")
    assert survivors() == ["images.npz"]


def test_a_run_without_its_mark_is_no_run(copy):
    (copy / folders.MARK).unlink()
    for use in (training.resume, training.trained):
        with pytest.raises(ValueError, match="but not the pixelcnn_run.json that train writes"):
            use(copy)
    with pytest.raises(ValueError, match="is not empty, and holds no run"):
        start(copy)


@pytest.mark.parametrize(
    "change",
    [{"files": 1}, {"files": {"config.json": 1}}, {"events": [1]}, {"draft": "../x"}, {"draft": 1}],
)
def test_a_mark_of_another_form_is_none(tmp_path, change):
    mark = folders.new_mark()
    (tmp_path / folders.MARK).write_bytes(folders.encode(mark))
    assert folders.read_mark(tmp_path)["draft"] == mark["draft"]
    for content in (folders.encode({**mark, **change}), b"[]", b"[" * 10**5, b"\xff"):
        (tmp_path / folders.MARK).write_bytes(content)
        assert folders.read_mark(tmp_path) is None


def test_a_lock_with_content_is_a_users(copy):
    survivors = fill(copy, ["lock"])
    with pytest.raises(ValueError, match="lock is not a run's lock, which is empty. Move it"):
        training.resume(copy, verbose=0)
    assert survivors() == ["lock"]


def test_a_users_file_that_comes_while_the_run_goes_on_is_set_aside(whole, tmp_path):
    """Twice the same name, so that neither is lost; the run goes on."""
    run = tmp_path / "run"

    def come(epoch, logs):
        if epoch:
            (run / "log.csv").write_bytes(b"mine: %d" % epoch)

    with pytest.warns(
        UserWarning, match="log.csv is not as the run wrote it. It is now log-set-as"
    ):
        start(run, callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=come)])
    asides = [run / f"log-set-aside-{number}.csv" for number in (1, 2)]
    assert [aside.read_bytes() for aside in asides] == [b"mine: 1", b"mine: 2"]
    assert_same_run(run, whole)


def test_a_draft_never_takes_the_name_of_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "private_name", lambda: "draft-1")
    survivors = fill(tmp_path, ["draft-1"])
    with pytest.raises(FileExistsError):
        folders.write_whole(tmp_path / "grid.png", b"")
    assert survivors() == ["draft-1"]
