"""Bad input gets one line: what was expected, what came, and how to fix it.

Every row is an input and a part of its line. No row may end in a traceback, or write anything.
"""

import io
import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import filelock
import keras
import numpy as np
import pytest
from keras.saving import register_keras_serializable
from long_runs import forge
from PIL import Image
from test_data import Opens, png

from pixelcnn_lib import __main__ as command
from pixelcnn_lib import data, heads, layers, leaks, losses, masks, sampling, scoring, training
from pixelcnn_lib.command import actions
from pixelcnn_lib.family import PixelCNN, PixelCNNPP

PROGRAM = "python -m pixelcnn_lib"
RAMP = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(6, 4, 3)


def listing(folder):
    return sorted((str(path), path.stat().st_size) for path in folder.rglob("*"))


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    """Run the command in an empty folder, check what every row must do, and return its one line."""

    def refused(line, status=2):
        before = listing(tmp_path)
        monkeypatch.chdir(tmp_path)
        assert command.main(line.split() if isinstance(line, str) else line) == status
        done = capsys.readouterr()
        assert done.err.startswith(PROGRAM) and done.err.count("\n") == 1 and not done.out
        assert "[Errno" not in done.err and "(…)" not in done.err
        assert listing(tmp_path) == before
        return done.err

    return refused


# The command's arguments

DRAW, FILL = "--out a.png", "complete small --image a --out a.png"
TRAIN, DIGITS = "train --data toy --out run", "9" * 5000
COMMAND = [
    ("", "arguments are required: COMMAND"),
    ("draw", "invalid choice: 'draw'"),
    ("train", "required: --data, --out"),
    ("train --data toy", "required: --out"),
    ("train --out run", "required: --data"),
    (f"{TRAIN} more", "unrecognized arguments: more"),
    (f"{TRAIN} --pre tiny", "unrecognized arguments: --pre tiny"),
    (f"{TRAIN} --preset huge", "invalid choice: 'huge'"),
    (f"{TRAIN} --preset", "expected one argument"),
    (f"{TRAIN} --model huge", "invalid choice: 'huge'"),
    (
        f"{TRAIN} --model gated --preset small",
        "gated has the presets gated, gated-paper; got small",
    ),
    (f"{TRAIN} --epochs 0", "--epochs: must be a whole number from 1 to 1,000,000, got '0'"),
    (f"{TRAIN} --epochs -1", "--epochs: must be a whole number"),
    (f"{TRAIN} --epochs 1.5", "must be a whole number from 1 to 1,000,000, got '1.5'"),
    (f"{TRAIN} --epochs 1e3", "got '1e3'"),
    (f"{TRAIN} --epochs ten", "got 'ten'"),
    (f"{TRAIN} --epochs {10**30}", f"from 1 to 1,000,000, got '{10**30}'"),
    (f"{TRAIN} --epochs {DIGITS}", f"got '{'9' * 40}…'"),
    (f"{TRAIN} --steps 0", "--steps: must be a whole number"),
    (f"{TRAIN} --steps {10**30}", "--steps: must be a whole number from 1 to 1,000,000"),
    (f"{TRAIN} --batch 0", "--batch: must be a whole number"),
    (f"{TRAIN} --batch {10**30}", "--batch: must be a whole number from 1 to 100,000"),
    (f"{TRAIN} --rate 0", "--rate: must be a number above 0, got '0'"),
    (f"{TRAIN} --rate -1", "--rate: must be a number above 0"),
    (f"{TRAIN} --rate nan", "--rate: must be a number above 0, got 'nan'"),
    (f"{TRAIN} --rate inf", "got 'inf'"),
    (f"{TRAIN} --rate 1e999", "got '1e999'"),
    (f"{TRAIN} --rate fast", "got 'fast'"),
    (f"{TRAIN} --seed -1", "--seed: must be a whole number from 0 to 4,294,967,295, got '-1'"),
    (f"{TRAIN} --seed {2**32}", "from 0 to 4,294,967,295"),
    (f"{TRAIN} --seed x", "got 'x'"),
    (f"{TRAIN} --precision float8", "invalid choice: 'float8'"),
    (f"{TRAIN} --patch 0", "--patch: must be a whole number from 1 to 4,096"),
    (f"{TRAIN} --patch {10**30}", "--patch: must be a whole number from 1 to 4,096"),
    (f"{TRAIN} --patch 8", "--patch must be from 16 to 64 for toy; got 8."),
    (f"{TRAIN} --patch 65", "--patch must be from 16 to 64 for toy; got 65."),
    (f"{TRAIN} --import numpy", "unrecognized arguments: --import"),
    ("train --data photos --out run --patch 500", "--patch must be 168 or less, the smallest"),
    ("train --data nowhere --out run", "nowhere is none of photos, toy, digits, mnist, cifar10"),
    (
        "train --data built-in:nowhere --out run",
        "built-in:nowhere is not built in. These are: photos",
    ),
    ("train --data . --out run", "holds no image: no file whose name ends in .png, .jpg"),
    (f"{TRAIN} --valid photos", "photos does not exist. Name a folder of images or an .npz file."),
    (f"{TRAIN} --valid .", "holds no image"),
    (["train", "--data", "", "--out", "run"], "--data: must be a name or a path, got ''"),
    (["train", "--data", "toy", "--out", " "], "--out: must be a name or a path, got ' '"),
    (["train", "--data", "no\nwhere", "--out", "run"], "no where is none of photos"),
    (f"{TRAIN} --labels", "toy has no labels; digits, mnist, cifar10 have."),
    ("train --data photos --out run --labels", "photos has no labels; digits"),
    ("train --data . --out run --labels", "holds no image"),
    (f"{TRAIN} --labels 3", "unrecognized arguments: 3"),
    ("resume", "required: RUN"),
    ("resume nowhere", f"nowhere holds no run. Start one: {PROGRAM} train --data photos --out"),
    (["resume", ""], "RUN: must be a name or a path"),
    (["resume", "my run"], "train --data photos --out 'my run'"),
    ("resume nowhere --epochs 0", "--epochs: must be a whole number"),
    ("resume nowhere --device gpu", "invalid choice: 'gpu'"),
    ("score", "required: RUN"),
    ("score nowhere", "nowhere is no run's folder, and no shipped model: small, small-cat"),
    (
        "score built-in:tiny",
        "built-in:tiny is not built in. These are: small, small-categorical, digits.",
    ),
    ("score small --data nowhere", "nowhere is none of photos"),
    ("score small --data photos --patch 500", "--patch must be 150 or less, the smallest"),
    ("score small --data toy --patch 15", "--patch must be from 16 to 64 for toy"),
    ("score small --data .", "holds no image"),
    ("score small --patch many", "--patch: must be a whole number"),
    ("score small --import", "expected one argument"),
    (["score", "small", "--data", ""], "--data: must be a name or a path"),
    ("score digits --data photos", "photos has no labels; digits, mnist, cifar10 have."),
    ("sample small", "required: --out"),
    (
        f"sample small --labels 3 {DRAW}",
        "so it takes no labels. Leave them out, or train it with -",
    ),
    (f"sample digits --labels 10 {DRAW}", "--labels must be one whole number from 0 to 9 for each"),
    (f"sample digits --labels -1 {DRAW}", "--labels: must be whole numbers with commas between"),
    (f"sample digits --labels seven {DRAW}", "such as 7 or 0,1,2, got 'seven'"),
    (f"sample digits --labels 1, {DRAW}", "such as 7 or 0,1,2, got '1,'"),
    (f"sample digits --labels {DRAW}", "--labels: expected one argument"),
    ("sample nowhere --out a.png", "nowhere is no run's folder"),
    ("sample small --out a.jpg", "must be a .png in a folder that exists; got a.jpg"),
    ("sample small --out no/a.png", "must be a .png in a folder that exists"),
    ("sample small --out a", "must be a .png in a folder that exists"),
    (f"sample small --n 0 {DRAW}", "--n: must be a whole number from 1 to 10,000, got '0'"),
    (f"sample small --n -1 {DRAW}", "--n: must be a whole number from 1 to 10,000, got '-1'"),
    (f"sample small --n {10**30} {DRAW}", "--n: must be a whole number from 1 to 10,000"),
    (f"sample small --n many {DRAW}", "got 'many'"),
    (f"sample small --size 0 {DRAW}", "--size: must be N or HxW, whole numbers from 1 to 9,999"),
    (f"sample small --size 4x {DRAW}", "must be N or HxW"),
    (f"sample small --size 4x0 {DRAW}", "must be N or HxW"),
    (f"sample small --size 4x4x4 {DRAW}", "must be N or HxW"),
    (f"sample small --size {10**30} {DRAW}", "must be N or HxW"),
    (f"sample small --size -4 {DRAW}", "must be N or HxW"),
    (f"sample small --zoom 0 {DRAW}", "--zoom: must be a whole number from 1 to 100"),
    (f"sample small --zoom 101 {DRAW}", "--zoom: must be a whole number from 1 to 100"),
    (f"sample small --seed -1 {DRAW}", "from 0 to 4,294,967,295, got '-1'"),
    (f"sample small --temperature 0 {DRAW}", "--temperature: must be a number above 0"),
    (f"sample small --temperature hot {DRAW}", "got 'hot'"),
    (f"sample small --n 9999 --size 9999 {DRAW}", "100,000,000 is the most. Give a smaller --n,"),
    ("complete small --out a.png", "required: --image"),
    ("complete small --image nowhere --out a.png", "nowhere does not exist"),
    ("complete small --image . --out a.png", "holds no image"),
    (f"{FILL} --known right", "invalid choice: 'right'"),
    (f"{FILL} --share 0", "--share: must be a number above 0 and below 1, got '0'"),
    (f"{FILL} --share 1", "--share: must be a number above 0 and below 1, got '1'"),
    (f"{FILL} --share half", "got 'half'"),
    (f"{FILL} --n 0", "--n: must be a whole number from 1 to 10,000"),
    (f"{FILL} --size 3y4", "must be N or HxW"),
    (["complete", "small", "--image", "", "--out", "a.png"], "--image: must be a name or a path"),
]


@pytest.mark.parametrize("line, message", COMMAND, ids=[f"{line!s:.60}" for line, _ in COMMAND])
def test_a_bad_argument(refused, line, message):
    assert message in refused(line)


# Files: the library and the command say the same


def save(path, image=RAMP, **options):
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    image.save(path, **options)


def archive(path, **members):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("_", "."), content)


def declares(shape, dtype="|u1", content=b""):
    """The bytes of an .npy whose header declares more than it holds."""
    head = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content


def npy(array):
    np.save(file := io.BytesIO(), array)
    return file.getvalue()


def half(path):
    save(path, data.photos(100)[0])
    path.write_bytes(path.read_bytes()[:9000])


def clear(path):
    save(path, Image.new("RGBA", (4, 4), (1, 2, 3, 254)))


def two(folder, first, second):
    for name, make in {"a.png": first, "b.png": second}.items():
        folder.mkdir(exist_ok=True)
        make(folder / name)


def many(folder):
    folder.mkdir()
    for i in range(12):
        (folder / f"{i:02}.png").touch()


TOY, NO_IMAGE = data.toy(3), "cannot be read as an image: it is empty, damaged, or none of PNG"
SAVE = "Save the images with numpy.savez_compressed"
FILES = {
    "text.png": (lambda path: path.write_text("hello"), NO_IMAGE),
    "empty.jpg": (lambda path: path.touch(), NO_IMAGE),
    "half.png": (half, NO_IMAGE),
    "script.webp": (lambda path: path.write_text("%!PS-Adobe-3.0 EPSF-3.0\n"), NO_IMAGE),
    "deep.png": (lambda p: save(p, np.zeros((4, 4), np.uint16)), "more than 8 bits a value"),
    "deep-rgb.png": (
        lambda path: path.write_bytes(png(2, 2, 16, 2, (b"\0" + bytes(12)) * 2)),
        "more than 8 bits a value",
    ),
    "float.tif": (lambda p: save(p, np.zeros((4, 4), np.float32)), "Save it with 8 bits."),
    "cmyk.jpg": (lambda path: save(path, Image.new("CMYK", (4, 4))), "has the colours CMYK"),
    "clear.png": (clear, "is partly transparent, and the colour behind it is not known. Put it on"),
    "clear.gif": (
        lambda path: save(path, Image.fromarray(RAMP).quantize(4), transparency=0),
        "is partly transparent",
    ),
    "bomb.png": (
        lambda path: path.write_bytes(png(60000, 60000, 1, 0, b"")),
        "is too large: more than",
    ),
    "large.png": (
        lambda path: save(path, Image.new("RGB", (300, 200))),
        "Images of 300 x 200 are too large to learn from whole. Give --patch 32.",
    ),
    "notes.txt": (lambda path: path.write_text("hello"), "is no image and no .npz: a file whose"),
    "no-suffix": (lambda path: save(path, format="png"), "is no image and no .npz"),
    "empty": (lambda path: path.mkdir(), "holds no image: no file whose name ends in .png"),
    "hidden": (
        lambda path: (path / ".git").mkdir(parents=True) or save(path / ".git" / "a.png"),
        "holds no image",
    ),
    "one-bad": (
        lambda path: two(path, save, clear),
        "b.png is partly transparent, and the colour behind it is not known. Put it on a background, and "
        "save it without alpha. Or give --skip-bad to continue without.",
    ),
    "two-bad": (
        lambda path: two(path, half, clear),
        f"2 of 2 images cannot be used: two-bad/a.png {NO_IMAGE}, JPEG, WEBP, GIF, BMP, TIFF; "
        "two-bad/b.png is partly transparent, and the colour behind it is not known. Fix or remove",
    ),
    "many-bad": (
        many,
        "09.png cannot be read as an image: it is empty, damaged, or none of PNG, J",
    ),
    "most-bad": (many, "; and 2 more. Fix or remove them."),
    "mixed": (
        lambda path: two(path, save, lambda one: save(one, RAMP[:5])),
        "mixed sizes: mixed/a.png is 4 x 6, mixed/b.png is 4 x 5. Give --patch 32, for example",
    ),
    "npy.npz": (lambda path: path.write_bytes(npy(TOY)), f"File is not a zip file). {SAVE}"),
    "empty.npz": (lambda path: path.touch(), "cannot be read (File is not a zip file)"),
    "text.NPZ": (lambda path: path.write_text("PK no zip"), "cannot be read (File is not a zip"),
    "nothing.npz": (lambda path: np.savez(path), "it holds nothing, and no array 'images'"),
    "readme.npz": (lambda path: archive(path, a_txt="hello"), "its member a.txt is no array"),
    "fake.npz": (
        lambda path: archive(path, images_npy="hello"),
        "its member images.npy is no array",
    ),
    "new.npz": (
        lambda path: archive(path, a_npy=b"\x93NUMPY\x09\x00"),
        "its array has the unknown format 9",
    ),
    "torn.npz": (
        lambda path: archive(path, a_npy=b"\x93NUMPY\x01\x00\xff\xff{'descr"),
        "cannot be read (",
    ),
    "short.npz": (
        lambda path: archive(path, a_npy=declares((9, 9, 9, 3), content=b"123")),
        "a.npy is shorter than it declares",
    ),
    "huge.npz": (
        lambda path: archive(path, a_npy=declares((2048, 1024, 1024, 3))),
        "declares 6.0 GiB of images; at most 4.0 GiB are read. Save fewer images in it.",
    ),
    "negative.npz": (
        lambda path: archive(path, a_npy=declares((-1, 4, 4, 3))),
        "holds no image: its shape is (-1, 4, 4, 3)",
    ),
    "two.npz": (
        lambda path: np.savez(path, a=TOY, b=TOY),
        "it holds a, b, and no array 'images'",
    ),
    "floats.npz": (
        lambda path: np.savez(path, TOY / 255),
        "levels 0 to 255; got float64 (3, 16, 16, 3). Floats from 0 to 1 become levels by",
    ),
    "ints.npz": (lambda path: np.savez(path, TOY.astype(int)), "got int64 (3, 16, 16, 3)"),
    "one.npz": (lambda path: np.savez(path, TOY[0]), "got uint8 (16, 16, 3)"),
    "first.npz": (lambda p: np.savez(p, TOY.transpose(0, 3, 1, 2)), "got uint8 (3, 3, 16, 16)"),
    "alpha.npz": (lambda p: np.savez(p, np.zeros((1, 4, 4, 4), "u1")), "got uint8 (1, 4, 4, 4)"),
    "none.npz": (lambda path: np.savez(path, TOY[:0]), "holds no image: its shape is (0, 16"),
    "pickled.npz": (
        lambda path: np.savez(path, np.array([Opens(path.with_name("opened"))])),
        "got object (1,)",
    ),
    "names.npz": (lambda path: np.savez(path, np.array(["a", "b"])), "got <U1 (2,)"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file(refused, tmp_path, monkeypatch, name):
    make, message = FILES[name]
    make(tmp_path / name)
    line = refused(f"train --out run --data {name}")
    assert message in line
    monkeypatch.chdir(tmp_path)
    if name == "large.png":  # the library takes it: how large is too large, the command decides
        return
    with pytest.raises(ValueError) as error:
        data.load(name)
    assert "\n" not in str(error.value)
    assert command.in_words(error.value) == line.partition(": ")[2].strip()


PATCHED = [
    ("small.png", save, "is 4 x 6, too small for patches of 9 x 9. Remove it, or choose patches"),
    ("toys.npz", lambda path: np.savez(path, TOY[:, :8]), "is 16 x 8, too small for patches of 9"),
]


@pytest.mark.parametrize("name, make, message", PATCHED)
def test_what_is_too_small_for_its_patches(refused, tmp_path, name, make, message):
    make(tmp_path / name)
    assert message in refused(f"train --out run --patch 9 --data {name}")


# A name that two things have

CLASHES = [
    ("photos", "train --out run --data photos", "built-in:photos for the first, ./photos for the"),
    ("toy", "train --out run --data toy", "toy can mean the built-in toy or the folder toy here"),
    ("cifar10", "score small --data cifar10", "Write built-in:cifar10 for the first"),
    ("small", f"sample small {DRAW}", "small can mean the built-in small or the folder small here"),
    ("small", "score small", "Write built-in:small for the first, ./small for the second."),
    (
        "small-categorical",
        f"sample small-categorical {DRAW}",
        "Write built-in:small-categorical for",
    ),
]


@pytest.mark.parametrize("name, line, message", CLASHES)
def test_a_name_that_two_things_have(refused, tmp_path, name, line, message):
    (tmp_path / name).mkdir()
    assert message in refused(line)


def test_a_file_of_a_built_in_name(refused, tmp_path):
    (tmp_path / "toy").touch()
    assert "the file toy here" in refused(TRAIN)
    assert "toy is no image and no .npz" in refused("train --out run --data ./toy")


# Labels

IMAGES, UNFIT = TOY[:2], "must hold labels for its 2 images, whole numbers; got"


def in_folders(*names):
    def make(path):
        for name in names:
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            save(path / name)

    return make


LABELLED = {
    "none.npz": (
        lambda path: np.savez(path, IMAGES),
        "it holds no array 'labels'). Save them with",
    ),
    "few.npz": (lambda path: np.savez(path, images=IMAGES, labels=[1]), f"{UNFIT} int64 (1,)."),
    "wide.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=[[0, 1]]),
        f"{UNFIT} int64 (1, 2)",
    ),
    "floats.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=[0.0, 1.0]),
        f"{UNFIT} float64 (2,)",
    ),
    "names.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=["cat", "dog"]),
        f"{UNFIT} <U3 (2,)",
    ),
    "minus.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=[0, -1]),
        "must hold labels from 0 to 9999; got -1. Number the classes from 0.",
    ),
    "large.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=[0, 10**4]),
        "from 0 to 9999; got 10000. Number the classes from 0.",
    ),
    "unsigned.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=np.array([1, 2**63 + 5], "u8")),
        "got 9223372036854775813.",
    ),
    "short-labels.npz": (
        lambda path: archive(path, images_npy=npy(IMAGES), labels_npy=declares((2,), "<i8", b"1")),
        "labels.npy is shorter than it declares",
    ),
    "pickled-labels.npz": (
        lambda path: np.savez(path, images=IMAGES, labels=np.array([Opens(path), 1])),
        f"{UNFIT} object (2,)",
    ),
    "beside": (
        in_folders("a/1.png", "b/1.png", "c.png"),
        "needs a folder for each class of images, two or more, and no image beside them; it has 2 "
        "of images, and 1 images beside them.",
    ),
    "one-class": (
        in_folders("a/1.png", "a/2.png"),
        "it has 1 of images, and 0 images beside them.",
    ),
    "flat": (in_folders("1.png", "2.png"), "it has 0 of images, and 2 images beside them."),
    "one.png": (save, "needs a folder for each class"),
}


@pytest.mark.parametrize("name", LABELLED)
def test_bad_labels(refused, tmp_path, monkeypatch, name):
    make, message = LABELLED[name]
    make(tmp_path / name)
    assert message in refused(f"train --labels --out run --data {name}")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError) as error:
        data.load(name, labels=True)
    assert message in str(error.value)


def test_one_class_is_none(refused, tmp_path):
    np.savez(tmp_path / "a.npz", images=IMAGES, labels=[0, 0])
    assert "classes must be a whole number from 2" in refused(
        "train --labels --out run --data a.npz"
    )


def test_levels_that_the_digits_do_not_have(refused, tmp_path):
    np.savez(tmp_path / "a.npz", images=ZEROS[..., :1] + np.uint8(255), labels=[0, 1])
    line = refused("train --data digits --valid a.npz --out run")
    assert "The digits have the levels 0 to 16, the images of --valid up to 255. Name other" in line
    line = refused("score digits --data a.npz")
    assert "knows the levels 0 to 16, got 255. Name other images, or quantise these." in line


def test_a_score_needs_the_model_s_classes(refused, tmp_path):
    in_folders("a/1.png", "b/1.png")(tmp_path / "two")
    line = refused("score digits --data two")
    assert "two needs a folder for each of the model's 10 classes" in line and "it has 2." in line


# What is there already

THERE = [
    (TRAIN, "run", "--out must be a folder, new or empty; run is a file."),
    (f"sample small {DRAW}", "a.png", "a.png exists. Choose another name, or give --force to"),
    (f"sample small --force {DRAW}", "a.png/", "--out must be a .png file; a.png is a folder."),
    ("resume run", "run", "run holds no run. Start one"),
    ("score run", "run", "run is no run's folder"),
    ("score run", "run/", "run holds no run. Start one with train, or name another folder."),
    (TRAIN, "run/config.json", f"run holds a run. Resume it: {PROGRAM} resume run. Or choose"),
    (
        TRAIN.replace("run", "run/deep"),
        "run",
        "--out must be a folder, new or empty; run is a file.",
    ),
]


@pytest.mark.parametrize("line, path, message", THERE)
def test_what_is_there_already(refused, tmp_path, line, path, message):
    place = tmp_path / path
    (place if path.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
    if not path.endswith("/"):
        place.touch()
    assert message in refused(line)


# The library


@pytest.fixture(scope="module")
def models():
    """An untrained model, one of 8 levels, one of grey images, and one with three classes."""
    sizes = dict(filters_per_colour=2, blocks=1, head_per_colour=2)
    changes = ({}, {"levels": 8}, {"colours": 1}, {"classes": 3})
    return [PixelCNN(**sizes, **more) for more in changes]


def trained(model, images, **changed):
    settings = dict(epochs=1, steps_per_epoch=1, batch_size=1, verbose=0)
    return training.train(model, images, **{"run": "never", **settings, **changed})


def drawn(model, n=1, size=4, **options):
    return sampling.generate_images(model, n, size, **options)


def broken():
    """A model of which one weight is nan."""
    model = PixelCNN(2, 1, 2)
    model.set_weights(
        [weight * NAN if i == 0 else weight for i, weight in enumerate(model.get_weights())]
    )
    return model


ZEROS, NAN = np.zeros((2, 4, 4, 3), "uint8"), float("nan")
DTYPE, SHAPE = (
    "PixelCNN takes uint8 images, whole levels 0 to 255; got",
    "takes images (N, H, W, 3)",
)
SIZES, SEED = (
    "n must be a whole number above 0, and size such a number",
    "seed must be a whole number from 0",
)
SIDE = "size must be a whole number of at least 16"
FIXED = "MaskedConv2D keeps each output on its own pixel: it needs padding, strides, dilation_rate"
NONE = "This model has no classes, so it takes no labels. Leave them out, or build it with"
NEEDED = "This model has 3 classes. Give labels: one whole number from 0 to 2 for each image."
WRONG = "labels must be one whole number from 0 to 2 for each image"


def fitted(model, *data):
    model.compile("adam", loss=losses.bits_per_dim)
    return model.fit(*data, verbose=0)


BY_CLASS = [  # what is called with the first of these models, and with the last, which has classes
    (lambda plain, _: plain(ZEROS, [0, 1]), NONE),
    (lambda plain, _: plain.log_prob(ZEROS, [0, 1]), NONE),
    (lambda plain, _: scoring.score(plain, ZEROS, labels=[0, 1]), NONE),
    (lambda plain, _: drawn(plain, labels=[1]), NONE),
    (lambda plain, _: fitted(plain, ZEROS, np.array([0, 1])), NONE),
    (lambda plain, _: trained(plain, ZEROS, labels=[0, 1]), NONE),
    (lambda plain, _: leaks.influence(plain, (2, 2, 3), label=1), NONE),
    (lambda _, model: model(ZEROS), NEEDED),
    (lambda _, model: model.predict(ZEROS), NEEDED),
    (lambda _, model: model.predict((ZEROS, np.array([0, 99]))), f"{WRONG}; got 99."),
    (lambda _, model: model.log_prob(ZEROS), NEEDED),
    (lambda _, model: scoring.score(model, ZEROS), NEEDED),
    (lambda _, model: drawn(model), NEEDED),
    (lambda _, model: sampling.complete(model, ZEROS, True), NEEDED),
    (lambda _, model: fitted(model, ZEROS), NEEDED),
    (lambda _, model: trained(model, ZEROS), NEEDED),
    (lambda _, model: trained(model, ZEROS, labels=[0, 1], valid=ZEROS), NEEDED),
    (lambda _, model: leaks.influence(model, (2, 2, 3)), NEEDED),
    (lambda _, model: model(ZEROS, [0, -1]), f"{WRONG}; got -1."),
    (lambda _, model: model(ZEROS, [3, 0]), f"{WRONG}; got 3."),
    (lambda _, model: model(ZEROS, [0, 1, 2]), f"{WRONG}, shape (2,); got int64, shape (3,)."),
    (lambda _, model: model(ZEROS, 1), f"{WRONG}, shape (2,); got int64, shape ()."),
    (lambda _, model: model(ZEROS, [0.0, 1.0]), "got float64, shape (2,)."),
    (lambda _, model: model(ZEROS, ["a", "b"]), "got str32, shape (2,)."),
    (lambda _, model: model(ZEROS, [True, False]), "got bool, shape (2,)."),
    (lambda _, model: model(ZEROS, np.eye(2, 3, dtype=int)), "got int64, shape (2, 3)."),
    (lambda _, model: drawn(model, labels=[0, 1]), f"{WRONG}, shape (1,); got int64, shape (2,)."),
    (lambda _, model: drawn(model, labels=[-1]), f"{WRONG}; got -1."),
    (lambda _, model: scoring.score(model, [ZEROS[0]], labels=[5]), f"{WRONG}; got 5."),
    (
        lambda _, model: scoring.score(model, ZEROS, labels=[1]),
        "shape (2,); got int64, shape (1,).",
    ),
    (lambda _, model: fitted(model, ZEROS, ZEROS), "got uint8, shape (2, 4, 4, 3)."),
    (lambda _, model: trained(model, ZEROS, labels=[0, 3]), f"{WRONG}; got 3."),
    (
        lambda _, model: trained(model, ZEROS, labels=[0, 1], class_names=["a", "b"]),
        "class_names must name each of the model's 3 classes; got 2 names.",
    ),
    (
        lambda *_: PixelCNN(2, 1, 2, classes=1),
        "classes must be a whole number from 2 to 10000; got",
    ),
    (lambda *_: PixelCNN(2, 1, 2, classes="3"), "classes must be a whole number from 2 to 10000"),
    (lambda *_: PixelCNN(2, 0, 2, classes=3), "classes need blocks=1 or more"),
    (lambda *_: data.digits("all"), "split must be one of train, valid, test; got 'all'."),
    (lambda *_: data.mnist("valid"), "split must be 'train' or 'test'; got 'valid'."),
]


@pytest.mark.parametrize("call, message", BY_CLASS, ids=range(len(BY_CLASS)))
def test_labels_that_do_not_fit(models, tmp_path, monkeypatch, call, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError) as error:
        call(models[0], models[3])
    assert message in str(error.value) and "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


LIBRARY = [  # what is called with a model, one of 8 levels and one of grey images
    (lambda *_: masks.spatial_mask(2), "kernel_size must be odd"),
    (lambda *_: masks.spatial_mask(0), "kernel_size must be odd"),
    (lambda *_: masks.spatial_mask(-3), "Use (1, 1)."),
    (lambda *_: masks.spatial_mask((3, 4)), "got (3, 4). Use (3, 5)."),
    (lambda *_: masks.colour_rule("C"), 'mask_type must be "A" or "B", not'),
    (lambda *_: masks.rgb_mask(3, 4, 6, "A"), "filters_in must be a multiple of 3"),
    (lambda *_: masks.rgb_mask(3, 6, 4, "A"), "filters_out must be a multiple of 3"),
    (lambda *_: masks.rgb_mask(3, 3, 0, "A"), "filters_out must be a multiple of 3"),
    (lambda *_: masks.rgb_mask(3, 3, 3, "a"), 'mask_type must be "A" or "B"'),
    (lambda *_: masks.rgb_mask(3, 3, 3, "A", 0), "colours must be a whole number from 1 to 16"),
    (lambda *_: layers.MaskedConv2D(3, 3, colours=0), "colours must be a whole number from 1 to"),
    (lambda *_: layers.MaskedConv2D(4, 3), "filters must be a multiple of 3, one block per colour"),
    (lambda *_: layers.MaskedConv2D(3, 2), "kernel_size must be odd"),
    (lambda *_: layers.MaskedConv2D(3, 3, "C"), 'mask_type must be "A" or "B"'),
    (lambda *_: layers.MaskedConv2D(3, 3, padding="valid"), FIXED),
    (lambda *_: layers.MaskedConv2D(3, 3, strides=2), FIXED),
    (lambda *_: layers.MaskedConv2D(3, 3, dilation_rate=2), FIXED),
    (lambda *_: layers.MaskedConv2D(3, 3, groups=3), FIXED),
    (lambda *_: layers.MaskedConv2D(3, 3, data_format="channels_first"), FIXED),
    (lambda *_: layers.MaskedConv2D(6, 3)(np.zeros((1, 4, 4, 4))), "number of input features must"),
    (lambda *_: layers.ResidualBlock(2)(np.zeros((1, 4, 4, 3))), "needs an input of 12 features"),
    (
        lambda *_: PixelCNN(0, 1, 2),
        "filters_per_colour must be a whole number from 1 to 1024; got 0",
    ),
    (
        lambda *_: PixelCNN("4", 1, 2),
        "filters_per_colour must be a whole number from 1 to 1024; got",
    ),
    (lambda *_: PixelCNN(1.5, 1, 2), "filters_per_colour must be a whole number"),
    (lambda *_: PixelCNN(10**5, 1, 2), "filters_per_colour must be a whole number"),
    (lambda *_: PixelCNN(4, -1, 2), "blocks must be a whole number from 0 to 1000; got -1."),
    (lambda *_: PixelCNN(4, 1.5, 2), "blocks must be a whole number from 0 to 1000; got 1.5."),
    (lambda *_: PixelCNN(4, 1, 0), "head_per_colour must be a whole number from 1 to 8192; got 0."),
    (lambda *_: PixelCNN(4, 1, 2, levels=1), "levels must be a whole number from 2 to 256; got 1."),
    (lambda *_: PixelCNN(4, 1, 2, levels=257), "levels must be a whole number from 2 to 256"),
    (lambda *_: PixelCNN(4, 1, 2, levels="8"), "levels must be a whole number from 2 to 256"),
    (
        lambda *_: PixelCNN(4, 1, 2, colours=0),
        "colours must be a whole number from 1 to 16; got 0.",
    ),
    (lambda *_: PixelCNN(4, 1, 2, colours="3"), "colours must be a whole number from 1 to 16"),
    (
        lambda *_: PixelCNN(4, 1, 2, head="mixture"),
        "head must be CategoricalHead, LogisticMixtureHe",
    ),
    (lambda *_: heads.LogisticMixtureHead(0), "components must be a whole number from 1 to 1000"),
    (lambda *_: heads.TiedMixtureHead(0), "components must be a whole number from 1 to 1000"),
    (lambda *_: heads.LogisticMixtureHead(1.5), "components must be a whole number from 1 to 1000"),
    (
        lambda *_: PixelCNN.preset("huge"),
        "preset must be one of tiny, small, digits, paper, wide; got 'huge",
    ),
    (lambda *_: PixelCNN.preset(3), "preset must be one of"),
    (lambda *_: PixelCNN.pretrained("big"), "name must be one of small, small-categorical, digits"),
    (lambda model, *_: model.log_prob(ZEROS / 255), f"{DTYPE} float64"),
    (lambda model, *_: model.log_prob(ZEROS.astype(int)), f"{DTYPE} int64. It scales them itself"),
    (lambda model, *_: model.log_prob(ZEROS[0]), "A single image needs images[None]"),
    (lambda model, *_: model.log_prob(ZEROS[..., :1]), f"{SHAPE}, got shape (2, 4, 4, 1)"),
    (lambda _, few, __: few.log_prob(ZEROS + 8), "knows the levels 0 to 7, got 8."),
    (lambda *three: three[2].log_prob(ZEROS), "takes images (N, H, W, 1)"),
    (
        lambda model, *_: scoring.score(model, []),
        "score needs at least one image, with at least one pixel; got none.",
    ),
    (
        lambda model, *_: scoring.score(model, ZEROS[:0]),
        "score needs at least one image, with at least one pixel; got none.",
    ),
    (lambda model, *_: scoring.score(model, ZEROS[0]), SHAPE),
    (
        lambda model, *_: scoring.score(model, ZEROS, 0),
        "batch_size must be a whole number from 1 to",
    ),
    (
        lambda model, *_: training.train(model, ZEROS, "run", devices=["gpu:7"]),
        "devices must be among cpu:0; got gpu:7.",
    ),
    (lambda model, *_: scoring.score(model, ZEROS / 255), DTYPE),
    (lambda model, *_: scoring.score(model, [ZEROS[0] / 255]), DTYPE),
    (
        lambda model, *_: scoring.score(model, data.photographs()),
        "got a Photograph: use [one.image",
    ),
    (lambda model, *_: scoring.score(model, ["a.png"]), "got 'a.png': read files with data.load."),
    (lambda _, few, __: scoring.score(few, ZEROS + 9), "Build it with levels=10 or more, or quant"),
    (lambda model, *_: drawn(model, 0), f"{SIZES} or a pair (height, width); got n=0"),
    (lambda model, *_: drawn(model, -1), SIZES),
    (lambda model, *_: drawn(model, 1.5), SIZES),
    (lambda model, *_: drawn(model, "2"), SIZES),
    (lambda model, *_: drawn(model, 1, 0), SIZES),
    (lambda model, *_: drawn(model, 1, "4"), SIZES),
    (lambda model, *_: drawn(model, 1, None), SIZES),
    (lambda model, *_: drawn(model, 1, (4,)), SIZES),
    (lambda model, *_: drawn(model, 1, (4, 0)), SIZES),
    (lambda model, *_: drawn(model, 1, (4, 4, 4)), SIZES),
    (
        lambda model, *_: drawn(model, method="fast"),
        "one of naive, cached, wavefront, compiled; got",
    ),
    (lambda model, *_: drawn(model, temperature=0), "temperature must be above 0"),
    (lambda model, *_: drawn(model, temperature=-1), "temperature must be above 0"),
    (lambda model, *_: drawn(model, temperature=NAN), "temperature must be above 0"),
    (
        lambda model, *_: drawn(model, noise=np.zeros((1, 4, 4))),
        "noise must be of shape (1, 4, 4, 3)",
    ),
    (lambda model, *_: drawn(model, noise=np.ones((1, 4, 4, 3))), "one number in [0, 1) for each"),
    (lambda model, *_: drawn(model, noise=np.full((1, 4, 4, 3), NAN)), "one number in [0, 1)"),
    (lambda model, *_: sampling.complete(model, ZEROS / 255, True), DTYPE),
    (lambda model, *_: sampling.complete(model, ZEROS[0], True), SHAPE),
    (lambda model, *_: sampling.complete(model, ZEROS[:0], True), "There is nothing to draw"),
    (lambda model, *_: sampling.complete(model, ZEROS, ZEROS[..., 0] > 0), "use known[..., None]"),
    (lambda _, few, __: sampling.complete(few, ZEROS + 9, True), "knows the levels 0 to 7, got 9."),
    (
        lambda *_: leaks.influence(lambda images: images, (2, 2, 3)),
        "must return logits (N, H, W, c",
    ),
    (lambda *_: data.photographs("holdout"), "split must be one of train, valid, test; got 'hold"),
    (lambda *_: data.photos(16, "holdout"), "split must be one of train, valid, test"),
    (
        lambda *_: data.photos(0),
        "size must be a whole number from 1 to 168; got",
    ),
    (lambda *_: data.photos("16"), "size must be a whole number from 1 to 168"),
    (lambda *_: data.photos(33, "valid"), "size must be a whole number from 1 to 32"),
    (lambda *_: data.cut(ZEROS, 0), "size must be a whole number from 1 to 4"),
    (lambda *_: data.cut(ZEROS, 5), "size must be a whole number from 1 to 4"),
    (lambda *_: data.cut(ZEROS, 2.0), "got 2.0."),
    (lambda *_: data.cut([], 4), "cut needs at least one image, got none."),
    (lambda *_: data.cut(data.photographs(), 4), "cut needs arrays: use [one.image for one in ph"),
    (lambda *_: data.cut(ZEROS[0], 4), "got shapes (4, 3) and (4, 3)."),
    (lambda *_: data.cut([ZEROS[0], ZEROS[1, ..., :1]], 4), "colours; got shapes (4, 4, 3) and (4"),
    (lambda *_: data.photographs(["train"]), "split must be one of train, valid, test; got ['tr"),
    (lambda *_: data.digits(["train"]), "split must be one of train, valid, test; got ['train']."),
    (lambda *_: data.split([]), "split needs at least one image, got none."),
    (
        lambda *_: data.split("toy"),
        "images must be arrays (H, W, colours), or \"photos\"; got 'toy'",
    ),
    (lambda *_: data.split(None), "got None."),
    (lambda *_: data.cifar10("valid"), "split must be 'train' or 'test'; got 'valid'."),
    (lambda *_: data.toy(-1), "n must be a whole number from 0 to 10000000; got -1."),
    (lambda *_: data.toy(1.5), "n must be a whole number from 0 to 10000000; got 1.5."),
    (lambda *_: data.toy(1, seed=-1), SEED),
    (lambda *_: data.toy(1, seed="a"), SEED),
    (lambda *_: data.toy(1, 15), SIDE),
    (lambda *_: data.toy(1, "16"), SIDE),
    (lambda *_: data.toy_entropy(8), SIDE),
    (lambda *_: data.toy_layouts(ZEROS), SIDE),
    (lambda *_: data.toy_layouts([1]), "images must be uint8 (n, s, s, 3); got int64 (1,)."),
    (lambda *_: data.toy_pictures([1]), "layouts must be int (n, 6); got int64 (1,)."),
    (lambda *_: data.toy_pictures(1), "layouts must be int (n, 6); got int64 ()."),
    (
        lambda *_: data.toy_pictures([[0, 9, 0, 0, 0, 0]]),
        "ground and wall must be from 0 to 3; got 9",
    ),
    (lambda *_: data.toy_pictures([6 * [-1]]), "ground and wall must be from 0 to 3; got -1."),
    (lambda *_: data.load("nowhere", patch="4"), "patch must be a whole number from 1 to"),
    (lambda *_: data.load("nowhere", patch=-1), "patch must be a whole number from 1 to"),
    (
        lambda *_: data.toy_layouts(TOY[0]),
        "images must be uint8 (n, s, s, 3); got uint8 (16, 16, 3)",
    ),
    (lambda *_: data.load("nowhere"), "nowhere does not exist. Name a folder of images or an .npz"),
    (lambda *_: data.load(""), "source must be the path of a folder or a file; got ''."),
    (lambda *_: data.load(None), "source must be the path of a folder or a file; got None."),
    (lambda model, *_: trained(model, ZEROS, epochs=0), "epochs must be a whole number from 1 to"),
    (lambda model, *_: trained(model, ZEROS, epochs="3"), "epochs must be a whole number"),
    (lambda model, *_: trained(model, ZEROS, steps_per_epoch=0), "steps_per_epoch must be a whole"),
    (lambda model, *_: trained(model, ZEROS, batch_size=-3), "batch_size must be a whole number"),
    (lambda model, *_: trained(model, ZEROS, size=0), "size must be a whole number from 1 to"),
    (lambda model, *_: trained(model, ZEROS, size=5), "size must be 4 or less, the smallest image"),
    (
        lambda model, *_: trained(model, ZEROS, learning_rate=0),
        "learning_rate must be a number abov",
    ),
    (lambda model, *_: trained(model, ZEROS, learning_rate=NAN), "learning_rate must be a number"),
    (
        lambda model, *_: trained(model, ZEROS, learning_rate="fast"),
        "learning_rate must be a number",
    ),
    (lambda model, *_: trained(model, ZEROS, seed=2**32), SEED),
    (lambda model, *_: trained(model, []), "images must hold at least one image, got none."),
    (lambda model, *_: trained(model, ZEROS[:, :, :0]), "images must have at least one pixel each"),
    (
        lambda model, *_: trained(model, ZEROS, valid=ZEROS[:, :0]),
        "valid must have at least one pixel each; got shape (0, 4, 3).",
    ),
    (
        lambda model, *_: trained(model, "photos"),
        "images must be an array (N, H, W, colours), or a list of arrays; got 'photos'.",
    ),
    (lambda model, *_: trained(model, None), "or a list of arrays; got None."),
    (lambda model, *_: trained(model, np.uint8(0)), "or a list of arrays; got np.uint8(0)."),
    (
        lambda model, *_: trained(model, ZEROS, valid_labels=[1, 2]),
        "valid_labels need images: give valid too, or leave them out.",
    ),
    (
        lambda model, *_: trained(model, ZEROS, callbacks=5),
        "callbacks must be Keras callbacks; got",
    ),
    (
        lambda model, *_: trained(model, ZEROS, callbacks=[keras.callbacks.Callback]),
        "callbacks must be Keras callbacks; got <class",
    ),
    (
        lambda model, *_: trained(model, ZEROS, devices="cpu:0"),
        "devices must be a list of names; got 'cpu:0'. Use ['cpu:0'].",
    ),
    (lambda model, *_: trained(model, ZEROS / 255), DTYPE),
    (lambda model, *_: trained(model, ZEROS[0]), SHAPE),
    (lambda model, *_: trained(model, [ZEROS[0], ZEROS[0, :2]]), "Images of 2 shapes need a size"),
    (lambda model, *_: trained(model, data.photographs()), "got a Photograph: use [one.image"),
    (lambda _, few, __: trained(few, ZEROS + 9), "knows the levels 0 to 7"),
    (lambda model, *_: trained(model, ZEROS, valid=[]), "valid must hold at least one image"),
    (lambda model, *_: trained(model, ZEROS, valid=ZEROS[..., :1]), SHAPE),
    (
        lambda model, *_: trained(model, ZEROS[:, :2], augment=True),
        "augment turns images, so they m",
    ),
    (lambda model, *_: model(ZEROS / 255), f"{DTYPE} float64"),
    (lambda model, *_: model(None), f"{DTYPE} NoneType"),
    (lambda _, few, __: few(ZEROS + 8), "knows the levels 0 to 7, got 8."),
    (lambda _, few, __: few.predict(ZEROS + 8), "knows the levels 0 to 7, got 8."),
    (
        lambda model, *_: fitted(model, ZEROS, ZEROS.astype(int) - 5),
        "Levels begin at 0; got -5. Give uint8",
    ),
    (lambda model, *_: drawn(model, True), SIZES),
    (lambda model, *_: drawn(model, seed=-1), SEED),
    (lambda model, *_: drawn(model, seed="a"), SEED),
    (lambda model, *_: drawn(model, temperature="hot"), "temperature must be above 0, got hot"),
    (lambda model, *_: drawn(model, method=["naive"]), "one of naive, cached, wavefront"),
    (
        lambda *_: drawn("small"),
        "model must be a model of the family, such as PixelCNN.pretrained()",
    ),
    (lambda model, *_: sampling.complete(model, ZEROS, "top"), "known must be True or False"),
    (lambda model, *_: sampling.complete(model, ZEROS, NAN), "known must be True or False"),
    (
        lambda *_: drawn(broken()),
        "The model has weights that are nan or infinite, so it cannot draw",
    ),
    (lambda model, *_: leaks.influence(model, trials=0), "trials must be a whole number from 1 to"),
    (lambda model, *_: leaks.influence(model, batch_size=-1), "batch_size must be a whole number"),
    (lambda model, *_: leaks.influence(model, levels=1), "levels must be a whole number from 2 to"),
    (lambda *_: layers.CausalConv2D(3, 2, colours=1, centred=True), "needs an odd width and colo"),
    (lambda *_: layers.CausalConv2D(3, 3, centred=True), "centred=True needs an odd width and"),
    (lambda *_: PixelCNN.preset(["tiny"]), "preset must be one of"),
    (lambda *_: PixelCNN.pretrained(["small"]), "name must be one of"),
    (lambda *_: PixelCNNPP.pretrained(), "No PixelCNNPP is shipped. Use PixelCNN.pretrained"),
    (
        lambda *_: training.resume("nowhere"),
        "nowhere holds no run. Start one with train, or name another folder.",
    ),
    (
        lambda *_: training.trained("nowhere"),
        "nowhere holds no run. Start one with train, or name another folder.",
    ),
]


@pytest.mark.parametrize("call, message", LIBRARY, ids=[message for _, message in LIBRARY])
def test_the_library(models, tmp_path, monkeypatch, call, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError) as error:
        call(*models[:3])
    assert message in str(error.value) and "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


# A run's folder


@register_keras_serializable("test_bad_input")
class Own(layers.ResidualBlock):
    """A user's own pixel layer."""


def train_small(run, **options):
    sizes = dict(filters_per_colour=2, blocks=1, head_per_colour=2)
    model = PixelCNN(
        **sizes, levels=8, pixel_layer=options.pop("pixel_layer", layers.ResidualBlock)
    )
    settings = dict(epochs=2, steps_per_epoch=1, batch_size=1, verbose=0)
    training.train(model, ZEROS, run, **settings, **options)
    return run


@pytest.fixture(scope="module")
def runs_of_two_kinds(tmp_path_factory):
    """Two runs; nobody has imported the pixel layer of the second."""
    runs = tmp_path_factory.mktemp("runs")
    for name, layer in {"known": layers.ResidualBlock, "own": Own}.items():
        train_small(runs / name, pixel_layer=layer, valid=ZEROS[:1])
    return runs


def changed(name, content):
    return lambda run: (run / name).write_bytes(content)


def config_with(**changes):
    """Change a run's configuration, and its checksum in the mark."""

    def change(run):
        config = json.loads((run / "config.json").read_text())
        for name, value in changes.items():
            parts = (config, config["settings"], config["model"])
            next(part for part in parts if name in part)[name] = value
        forge(run, "config.json", json.dumps(config).encode())

    return change


def remove(name):
    return lambda run: (run / name).unlink()


def spoil(pattern):
    def change(run):
        for path in run.glob(pattern):
            path.write_bytes(path.read_bytes()[:-100])

    return change


def occupy(run):
    (run / "tensorboard").rename(run / "before")
    (run / "tensorboard").touch()


NOT_ITS_OWN = (
    "is not as the run wrote it: it was changed, or is damaged. Restore it from a copy, or"
)
NO_CONFIG = "config.json does not describe a run"
NO_FILE = "run holds a run whose config.json was removed. Restore that file from a copy, or name"
DRAW_IT = "sample run --n 1 --size 4 --out a.png"
RUNS = [  # how the folder is changed, the command, and the line
    (changed("config.json", b"{}"), "resume run", f"config.json {NOT_ITS_OWN}"),
    (changed("config.json", b""), DRAW_IT, f"config.json {NOT_ITS_OWN}"),
    (changed("best.npz", b"hello"), DRAW_IT, f"best.npz {NOT_ITS_OWN}"),
    (changed("best.npz", b""), "score run", f"best.npz {NOT_ITS_OWN}"),
    (spoil("images.npz"), "resume run", f"images.npz {NOT_ITS_OWN}"),
    (spoil("images.npz"), "score run", f"images.npz {NOT_ITS_OWN}"),
    (remove("best.npz"), DRAW_IT, "run has lost its best.npz. Restore that file from a copy, or"),
    (remove("pixelcnn_run.json"), DRAW_IT, "not the pixelcnn_run.json that train writes"),
    (remove("pixelcnn_run.json"), "resume run", "Restore that file from a copy, or name"),
    (remove("config.json"), "resume run", f"resume: {NO_FILE}"),
    (remove("config.json"), "score run", f"score: {NO_FILE}"),
    (remove("config.json"), "train --data toy --out run", f"train: {NO_FILE}"),
    (
        occupy,
        "resume run",
        "tensorboard is not as the run wrote it, and the run needs its name. Mov",
    ),
    (
        changed("lock", b"mine"),
        "resume run",
        "lock is not a run's lock, which is empty. Move it els",
    ),
    (
        config_with(epochs="3"),
        "resume run",
        f"{NO_CONFIG}: epochs must be a whole number from 1 to",
    ),
    (config_with(epochs=10**30), "resume run", f"{NO_CONFIG}: epochs must be a whole number"),
    (config_with(learning_rate=None), "resume run", f"{NO_CONFIG}: learning_rate must be a number"),
    (config_with(settings=None), DRAW_IT, NO_CONFIG),
    (config_with(shape=[4, "4", 3]), DRAW_IT, NO_CONFIG),
    (config_with(devices=7), "resume run", NO_CONFIG),
    (config_with(blocks=None), DRAW_IT, "blocks must be a whole number from 0 to 1000; got None."),
    (config_with(filters_per_colour=10**5), DRAW_IT, "filters_per_colour must be a whole number"),
    (config_with(blocks=3), DRAW_IT, "does not fit its model"),
    (config_with(blocks=3), "resume run", "weights of other shapes than the model in config.json"),
    (config_with(head=7), DRAW_IT, "The model of run cannot be built"),
    (config_with(pixel_layer="no>one"), DRAW_IT, "Keras does not know the pixel layer no>one"),
    (config_with(dtype="int8"), "resume run", "The model of run cannot be built"),
    (
        config_with(devices=["gpu:0", "gpu:1"]),
        "resume run",
        "The run began on gpu:0, gpu:1, and no GPU",
    ),
    (
        config_with(devices=["gpu:0"]),
        "resume run",
        "with a GPU, or give --device cpu to continue",
    ),
    (lambda run: None, "resume run --epochs 1", "epochs must be a whole number from 2 to"),
    (
        lambda run: None,
        "score run --patch 5",
        "--patch must be 4 or less, the smallest image's side;",
    ),
    (lambda run: None, "score run --data toy", "This model knows the levels 0 to 7, got"),
    (
        lambda run: None,
        "train --data toy --out run",
        "run holds a run. Resume it: python -m pixelcnn",
    ),
]


@pytest.mark.parametrize("change, line, message", RUNS, ids=[message for *_, message in RUNS])
def test_a_bad_run(refused, runs_of_two_kinds, tmp_path, change, line, message):
    shutil.copytree(runs_of_two_kinds / "known", tmp_path / "run")
    change(tmp_path / "run")
    if "resume" in line:
        (tmp_path / "run" / "lock").touch()  # what the command may leave
    assert message in refused(line)


def test_a_run_in_use(refused, runs_of_two_kinds, tmp_path):
    shutil.copytree(runs_of_two_kinds / "known", tmp_path / "run")
    with filelock.FileLock(tmp_path / "run" / "lock"):
        assert "run is in use by another process. Wait for it, or stop it." in refused("resume run")


def test_a_run_without_a_whole_checkpoint(runs_of_two_kinds, tmp_path, capsys):
    run = shutil.copytree(runs_of_two_kinds / "known", tmp_path / "run")
    spoil("checkpoints/*")(run)
    assert command.main(["resume", str(run)]) == 2
    *aside, last = capsys.readouterr().err.splitlines()
    assert "has no whole checkpoint left. Start a new run." in last
    assert len(aside) == 2 and all("-set-aside-1.npz" in line for line in aside)


def test_a_run_with_a_layer_of_one_s_own(refused, runs_of_two_kinds, tmp_path, monkeypatch):
    shutil.copytree(runs_of_two_kinds / "own", tmp_path / "run")
    known = keras.saving.get_registered_object
    others = lambda name: None if name == "test_bad_input>Own" else known(name)
    monkeypatch.setattr(keras.saving, "get_registered_object", others)
    told = (
        "Keras does not know the pixel layer test_bad_input>Own yet. Give --import test_bad_input,"
    )
    assert told in refused(DRAW_IT) and told in refused("score run")
    (tmp_path / "run" / "lock").touch()
    assert told in refused("resume run")


def test_a_gpu_s_run_is_resumed_on_a_cpu_if_told(runs_of_two_kinds, tmp_path):
    run = shutil.copytree(runs_of_two_kinds / "known", tmp_path / "run")
    config_with(devices=["gpu:0"])(run)
    assert command.main(["resume", str(run), "--device", "cpu"]) == 0


# Errors of the system and of the backend

FULL = OSError(28, "No space left on device", "run/config.json")
TENSORFLOW = type("ResourceExhaustedError", (Exception,), {})("OOM when allocating tensor")
JAX = type("XlaRuntimeError", (RuntimeError,), {})("RESOURCE_EXHAUSTED: Out of memory allocating")
OF_RUN = "The run in run stopped: [Errno 28] No space left on device. Fix this."
SYSTEM = [  # what the library raises, in which command, the status, and the line
    (
        MemoryError(),
        TRAIN,
        1,
        "There is not enough memory. Give a smaller --batch, --patch or --pr",
    ),
    (TENSORFLOW, TRAIN, 1, "There is not enough memory. Give a smaller --batch"),
    (JAX, TRAIN, 1, "There is not enough memory. Give a smaller --batch"),
    (MemoryError(), "resume run", 1, "Close other programs and resume again, or start a run with"),
    (TENSORFLOW, "score small", 1, "There is not enough memory. Give --patch 32, to score squares"),
    (JAX, f"sample small {DRAW}", 1, "There is not enough memory. Give a smaller --n or --size."),
    (MemoryError(), FILL, 1, "There is not enough memory. Give a smaller --n or --size."),
    (FULL, TRAIN, 1, "train: No space left on device: 'run/config.json'"),
    (OSError(28, OF_RUN), TRAIN, 1, "train: The run in run stopped: No space left on device. Fix"),
    (OSError(13, "Permission denied", "a"), "score small", 1, "score: Permission denied: 'a'"),
    (ValueError("two\n  lines"), TRAIN, 2, "train: two lines"),
    (ModuleNotFoundError("No module named 'x'"), TRAIN, 2, "No module named 'x'. Install what is"),
    (KeyboardInterrupt(), TRAIN, 130, "train: stopped.\n"),
    (KeyboardInterrupt(), "score small", 130, "score: stopped.\n"),
]


@pytest.mark.parametrize("error, line, status, message", SYSTEM)
def test_the_system(refused, monkeypatch, error, line, status, message):
    def fail(args):
        raise error

    monkeypatch.setattr(actions, line.split()[0], fail)
    assert message in refused(line, status)


def test_a_bug_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(actions, "score", lambda args: {}["bug"])
    with pytest.raises(KeyError):
        command.main(["score", "small"])


CLOSED = PermissionError(13, "Permission denied")


def test_what_cannot_be_opened(refused, tmp_path, monkeypatch):
    two(tmp_path / "closed", save, save)
    np.savez(tmp_path / "closed.npz", TOY)
    (tmp_path / "closed" / "deep").mkdir()
    read, listed = Image.open, os.scandir

    def scandir(path):
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    def fail(path, *args, **options):
        if "b." in str(path) or "npz" in str(path):
            raise CLOSED
        return read(path, *args, **options)

    monkeypatch.setattr(Image, "open", fail)
    monkeypatch.setattr(os, "scandir", scandir)
    line = refused("train --out run --data closed")
    assert "2 of 3 images cannot be used: closed/deep cannot be opened: permission denied; " in line
    assert "closed/b.png cannot be opened: permission denied. Fix or remove them" in line
    monkeypatch.setattr(zipfile, "ZipFile", fail)
    line = refused("train --out run --data closed.npz")
    assert "closed.npz cannot be opened: permission denied. Make it readable, or remove it" in line


def test_what_cannot_be_written_to(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert ". cannot be written to. Choose another folder for --out." in refused(TRAIN)
    assert ". cannot be written to" in refused(f"sample small {DRAW}")


def test_one_image_is_completed(refused, tmp_path):
    two(tmp_path / "cats", save, save)
    np.savez(tmp_path / "cats.npz", TOY)
    line = refused("complete small --out a.png --image cats")
    assert "--image takes one image; cats holds 2. Name one, such as cats/a.png." in line
    line = refused("complete small --out a.png --image cats.npz")
    assert "--image takes one image; cats.npz holds 3. Save one of them as a PNG." in line


def test_validation_images_that_do_not_fit(refused, tmp_path):
    save(tmp_path / "grey.png", RAMP[..., 0])
    save(tmp_path / "large.png", Image.new("RGB", (300, 200)))
    line = refused(f"{TRAIN} --valid grey.png")
    assert (
        "The images of --data are in colour, those of --valid grey. Convert one of the two" in line
    )
    assert "300 x 200 are too large to learn from whole" in refused(f"{TRAIN} --valid large.png")


# Modules of one's own

MODULES = [
    ("nowhere", None, "--import nowhere failed: ModuleNotFoundError: No module named 'nowhere'."),
    ("mine_a.py", "", "Write mine_a for the file mine_a.py."),
    ("mine_b", "x = 1 / 0", "--import mine_b failed: ZeroDivisionError: division by zero."),
    ("mine_d", "import sys; sys.exit('bye')", "--import mine_d failed: SystemExit: bye."),
    ("mine_c", "def", "--import mine_c failed: SyntaxError: invalid syntax (mine_c.py, line 1)."),
]


@pytest.mark.parametrize("name, content, message", MODULES)
def test_a_module_of_one_s_own(refused, tmp_path, monkeypatch, name, content, message):
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    if content is not None:
        (tmp_path / name).with_suffix(".py").write_text(content)
    assert message in refused(f"score small --import {name}")


# What only a process of its own can show


def process(line, tmp_path, **environment):
    """Run a line of the shell, in which `$P` is the command; return the finished process."""
    environment = {**os.environ, "P": f"{sys.executable} -m pixelcnn_lib", **environment}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    return done


PROCESSES = [  # a line of the shell, the environment, the status, and the one line
    ("$P score nowhere 2>&-", {}, 2, None),
    ("$P score nowhere >&- 2>&- <&-", {}, 2, None),
    ("$P score nowhere", {"PYTHONIOENCODING": "ascii"}, 2, "nowhere is no run's folder"),
    ("$P score ú", {"PYTHONIOENCODING": "ascii"}, 2, "score: \\xfa is no run's folder"),
    (
        "$P score small",
        {"KERAS_BACKEND": "torch"},
        2,
        "Keras cannot load its backend: No module nam",
    ),
    ("$P score small", {"KERAS_BACKEND": "foo"}, 2, "Install tensorflow or jax with pip, and set"),
    (
        "$P score small",
        {"KERAS_BACKEND": "numpy"},
        2,
        "The backend numpy cannot train here. Install",
    ),
    (
        "$P score small",
        {"PYTHONPATH": "stub"},
        2,
        "No module named 'tensorflow'. Install tensorflow",
    ),
    ("$P score small", {"KERAS_HOME": "first"}, 2, 'Write "image_data_format": "channels_last" in'),
    ("$P score nowhere", {"PYTHONPATH": "stopped"}, 130, "score: stopped."),
]


@pytest.mark.parametrize("line, environment, status, message", PROCESSES)
def test_a_process(tmp_path, line, environment, status, message):
    for path, content in {
        "stub/tensorflow.py": "raise ModuleNotFoundError(\"No module named 'tensorflow'\")",
        "stopped/numpy.py": "raise KeyboardInterrupt",  # Ctrl-C while it starts
        "first/keras.json": json.dumps({"image_data_format": "channels_first"}),
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content)
    if "PYTHONPATH" in environment:
        paths = [environment["PYTHONPATH"], os.environ.get("PYTHONPATH", "")]
        environment = {"PYTHONPATH": os.pathsep.join(paths)}
    done = process(line, tmp_path, **environment)
    assert done.returncode == status and done.stdout == ""
    assert done.stderr.count("\n") == (message is not None)
    assert (message or "") in done.stderr


SCORED = """
import sys
from pixelcnn_lib import __main__ as command
from pixelcnn_lib.command import actions
actions.score = lambda args: print("1.000 bits")
sys.exit(command.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("line, status", [("score small", 141), ("--help", 0)])
def test_a_reader_that_has_left(line, status):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        call = [sys.executable, "-c", SCORED, *line.split()]
        done = subprocess.run(call, stdout=writing, stderr=subprocess.PIPE, text=True)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout():
    with open("/dev/full", "w") as full:
        call = [sys.executable, "-c", SCORED, "score", "small"]
        done = subprocess.run(call, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, f"{PROGRAM} score: No space left on device.\n")
