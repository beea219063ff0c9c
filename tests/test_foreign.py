"""Nothing that is not ours is ever changed, and no file takes more than it holds.

Each row is one finding: what is made in an empty folder, what is done, and a part of the one line.
"""

import contextlib
import io
import json
import os
import shutil
import struct
import tracemalloc
import warnings
import zipfile
import zlib

import numpy as np
import pytest
from long_runs import assert_same_run, start
from PIL import Image
from tiny import some_faces, tiny

from pixelcnn_lib import __main__ as command
from pixelcnn_lib import coding, data, disk, folders, runs, training
from pixelcnn_lib.caching import Schedule, delay
from pixelcnn_lib.command import actions, arguments
from pixelcnn_lib.exact import ExactPredictor
from pixelcnn_lib.family import PixelCNN
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
    *((name, "theirs") for name in ("samples", "checkpoints")),
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


KILLS = {"images.npz": 1, "epoch_0000.npz": 2, "config.json": 3}  # and how many files are begun


@pytest.mark.slow
def test_a_start_that_is_killed_can_be_repeated(home, monkeypatch):
    """All that it leaves is taken for its own, and nothing else is."""
    replace = os.replace

    def killed(draft, path):
        if path.name in KILLS:
            shutil.copytree(home / "run", home / path.name)  # as SIGKILL would leave it
        replace(draft, path)

    monkeypatch.setattr(os, "replace", killed)
    start("run", epochs=1)
    monkeypatch.undo()
    for name, begun in KILLS.items():
        left = home / name
        assert len(list(left.rglob("*.npz"))) == begun - 1
        (left / "mine.npz").write_bytes(DIARY)
        with pytest.raises(ValueError, match="is not empty, and holds no run"):
            start(left, epochs=1)
        (left / "mine.npz").unlink()
        start(left, epochs=1)
        assert not list(left.rglob(f"{disk.DRAFT}*"))
        assert_same_run(left, home / "run")


@pytest.mark.parametrize("name", ["checkpoints", "images.npz", "lock"])
def test_a_link_in_what_a_killed_start_left(home, name):
    (home / "run").mkdir()
    (home / "run" / folders.BEGUN).touch()
    (home / "run" / name).symlink_to(home / ("theirs" if name == "checkpoints" else "diary"))
    before = listing(home)
    with pytest.raises(ValueError, match="is not empty, and holds no run"):
        start("run", epochs=1)
    assert listing(home) == before


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


# Reading


def claiming(shape, content=b"", dtype="|u1"):
    """Return an .npz file's bytes, whose only array has a header of this shape."""
    header = io.BytesIO()
    form = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, form)
    with zipfile.ZipFile(file := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", header.getvalue() + content)
    return file.getvalue()


def bomb():
    """Return an .npz file that says its packed 4 kB are 4 GB."""
    file = bytearray(claiming((2**32 - 129, 1, 1, 1)))
    at = file.rindex(b"PK\1\2") + 24  # the unpacked size in the directory
    file[at : at + 4] = struct.pack("<I", 2**32 - 1)
    return bytes(file)


NO_NPZ = "cannot be read: it is damaged, or no .npz file of numbers"
BAD = {  # the name, what it holds or is, and what `load` says of it
    "a.png": (os.mkfifo, "a.png is a pipe. Name a file, or remove it."),
    "a.npz": (os.mkfifo, "a.npz is a pipe. Name a file, or remove it."),
    "zero.png": (lambda path: path.symlink_to("/dev/zero"), "zero.png is a device. Name a file"),
    "zero.npz": (lambda path: path.symlink_to("/dev/zero"), "zero.npz is a device. Name a file"),
    "lying.npz": (lambda path: path.write_bytes(claiming((2**40, 4, 4, 3))), NO_NPZ),
    "bomb.npz": (lambda path: path.write_bytes(bomb()), NO_NPZ),
}


@contextlib.contextmanager
def within(size):
    """Check that the block never takes more than so many bytes of memory."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < size


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_image_is_refused_at_once(home, name):
    make, message = BAD[name]
    make(home / name)
    with within(2**20), pytest.raises(ValueError, match=message):
        data.load(home / name)


SKIPPED = {name: make for name, (make, _) in BAD.items() if name.endswith(".png")}
SKIPPED["dangling.png"] = lambda path: path.symlink_to("nowhere")
SKIPPED["long.png"] = lambda path: path.symlink_to(300 * "a")  # which the system cannot follow


@pytest.mark.parametrize("name", SKIPPED)
def test_bad_files_in_a_folder_are_skipped(home, name):
    SKIPPED[name](home / "theirs" / name)
    Image.new("RGB", (4, 4)).save(home / "theirs" / "whole.png")
    with pytest.warns(UserWarning, match=f"Left out 1 of 2 images: theirs/{name}"):
        assert data.load("theirs", skip_bad=True).shape == (1, 4, 4, 3)


def test_arrays_larger_than_the_memory(home, monkeypatch):
    np.savez_compressed("faces.npz", some_faces(2))
    monkeypatch.setattr(disk, "memory", lambda: 1000)
    with pytest.raises(MemoryError):
        data.load("faces.npz")


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_decompress_reads_only_files(home, capsys, make):
    make(home / "a.opat")
    line = said(capsys, "decompress a.opat --out a.png")
    assert "a.opat cannot be used: it is a " in line and line.endswith("compress has written.")


def forged(height, width):
    """Return a file of empty streams that says it holds an image of this size, drawn by small."""
    strips = -(-height // coding.STRIP)
    model = coding.checksum(PixelCNN.pretrained())
    file = coding.HEADER.pack(coding.MAGIC, 1, 3, height, width, model, 0)
    file += bytes(coding.CRC.size * strips)
    return file + coding.CRC.pack(zlib.crc32(file))


def test_a_file_that_needs_more_memory_than_there_is(home, capsys, monkeypatch):
    (home / "a.opat").write_bytes(forged(4000, 4000))
    assert (home / "a.opat").stat().st_size == 83
    monkeypatch.setattr(disk, "memory", lambda: 2**29)
    line = said(capsys, "decompress a.opat --out a.png")
    assert (
        "An image of 4000 x 4000 pixels takes more memory than this computer has, about 1 " in line
    )


def test_a_large_image_is_foretold(capsys, monkeypatch, home):
    (home / "a.opat").write_bytes(forged(4000, 4000))
    monkeypatch.setattr(coding, "decode", lambda *_, **__: np.zeros((1, 1, 3), "uint8"))
    monkeypatch.setattr(disk, "memory", lambda: 2**33)
    assert command.main("decompress a.opat --out a.png".split()) == 0
    line = capsys.readouterr().err
    assert "4000 x 4000 pixels take about" in line and "and about 13 minutes with small" in line


def test_an_image_of_zeros_has_an_empty_stream():
    """So a stream's length bounds no image, and what is refused is the memory."""
    model, image = tiny(scale=0.7), np.zeros((300, 20, 3), "uint8")
    file = coding.encode(model, image)
    assert len(file) == coding.HEADER.size + 3 * coding.CRC.size  # of which one is a length
    assert (coding.decode(model, file) == image).all()


def test_a_strip_takes_no_more_memory_than_is_foretold():
    model = PixelCNN.pretrained()
    with within(coding.strip_memory(model, 250, 400)):
        schedule = Schedule(250, 400, delay(model, 400))
        predictor = ExactPredictor(model, 1, schedule)
        predictor.run(0, lambda *_: np.zeros((schedule.lanes, 1)))


def rewrite(path, part="settings", **changes):
    config = json.loads(path.read_text())
    config[part].update(changes)
    path.write_text(json.dumps(config))


RUNS = [  # how a run's folder is spoilt, and the line
    (lambda run: rewrite(run / "config.json", batch_size=2**30), "can have at most 894,784; got a"),
    (
        lambda run: (run / "config.json").write_text(2**28 * " " + "{}"),
        "config.json cannot be used: it has 268,435,458 bytes, and at most 268,435,456 are read",
    ),
    (
        lambda run: np.savez(run / "images.npz", train_0=some_faces(2)[:, :4, :4]),
        "size must be 4 or less",
    ),
    (
        lambda run: rewrite(run / "config.json", "model", filters_per_colour=30_000),
        "config.json cannot be used: such a network has more weights than the",
    ),
    (
        lambda run: rewrite(run / "config.json", "model", blocks=10**6),
        "config.json cannot be used: such a network has more weights than the",
    ),
]


@pytest.mark.parametrize("spoil, message", RUNS)
def test_a_forged_run_is_refused_at_once(copy, capsys, spoil, message):
    spoil(copy)
    assert message in said(capsys, "resume run")


def test_images_of_another_size_than_the_run_learnt_from(home):
    start("whole", size=None, augment=False, epochs=1)
    images = {name: some_faces(2)[:, :8, :8] for name in ("train_0", "valid_0")}
    np.savez("whole/images.npz", **images)
    message = r"config.json says images of \[16, 16, 3\], these are of \[8, 8, 3\]"
    with pytest.raises(ValueError, match=message):
        training.resume("whole", epochs=2)


def test_complex_weights_are_refused(copy):
    with np.load(copy / "best.npz") as arrays:
        weights = [arrays[name] + 0j for name in arrays.files]
    np.savez(copy / "best.npz", *weights)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="do not fit the model in config.json"):
            training.trained(copy)


@pytest.mark.parametrize("name", ["config.json", "log.csv", "best.npz"])
def test_a_run_s_pipe_is_refused_at_once(copy, name):
    (copy / name).unlink()
    os.mkfifo(copy / name)
    with pytest.raises(ValueError, match=f"{name} cannot be used: it is a pipe, and a regular"):
        (runs.read_log if name == "log.csv" else training.trained)(copy)


# Arguments

EARLY = [  # refused before Keras is loaded
    ("train --data photos --out run --preset nope", "--preset must be one of tiny, small, faces,"),
    ("train --data photos --out run --model gated --preset tiny", "must be one of gated, faces;"),
    ("sample small --out a.png --temperature 1e300", "--temperature: must be a number from 1e-06"),
]


@pytest.mark.parametrize("line, message", EARLY)
def test_what_is_refused_before_keras_is_loaded(capsys, monkeypatch, line, message):
    monkeypatch.setattr(actions, "wake_keras", None)
    monkeypatch.setattr(actions, "load_model", None)
    assert message in said(capsys, line)


def test_a_name_cannot_control_the_terminal(home, capsys):
    name = "\x1b[2J\u202e\n.npz"
    np.savez(home / name, some_faces(2))
    for line in (["score", name], ["complete", "small", "--out", "a.png", "--image", name], [name]):
        assert command.main(line) == 2
    assert (
        command.main(["sample", "small", "--n", "1", "--size", "2", "--out", name[:-4] + "/"]) == 0
    )
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err and "\u202e" not in out + err
    assert arguments.plain(name) == r"\x1b[2J\u202e .npz"
