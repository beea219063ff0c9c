"""Bad input gets one line: what was expected, what came, and how to fix it.

Each row is one kind of bad input and a part of its line. No row may end in a traceback, or write
anything.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tiny import some_faces

from pixelcnn_lib import __main__ as command
from pixelcnn_lib import data, faces, layers, leaks, masks, sampling, scoring
from pixelcnn_lib.command import actions
from pixelcnn_lib.family import PixelCNN, PixelCNNPP
from pixelcnn_lib.teach import figures

PROGRAM = "python -m pixelcnn_lib"
TRAIN, DRAW = "train --data photos --out run", "--out a.png"
FROM_FILE = "train --out run --data"
RAMP = np.arange(6 * 4 * 3, dtype=np.uint8).reshape(6, 4, 3)
ZEROS, NAN = np.zeros((2, 4, 4, 3), "uint8"), float("nan")


def listing(folder):
    return sorted((str(path), path.lstat().st_size) for path in folder.rglob("*"))


def is_said(line):
    """Tell whether a line of stderr is a message: neither a progress bar nor empty."""
    return line.strip() and "%|" not in line


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    """Run the command in an empty folder, check what every row must do, and return its one line."""
    monkeypatch.chdir(tmp_path)

    def refused(line, status=2):
        before = listing(tmp_path)
        assert command.main(line.split() if isinstance(line, str) else line) == status
        out, err = capsys.readouterr()
        (line,) = (line for line in err.replace("\r", "\n").splitlines() if is_said(line))
        assert line.startswith(PROGRAM) and "[Errno" not in line and not out
        assert listing(tmp_path) == before
        return line

    return refused


# Arguments and options that do not go together

ARGUMENTS = [
    (f"{TRAIN} --epochs 0", "--epochs: must be a whole number from 1 to 1,000,000, got '0'"),
    (f"{TRAIN} --rate nan", "--rate: must be a number from 1e-06 to 1, got 'nan'"),
    (f"{TRAIN} --minutes 5 --steps 9", "--minutes chooses the number of steps: leave --steps out."),
    (f"{TRAIN} --pre tiny", "unrecognized arguments: --pre tiny"),  # no abbreviations
    (f"sample small --size 4x0 {DRAW}", "--size: must be N or HxW, whole numbers from 1 to 9,999"),
    (f"sample digits --labels 1, {DRAW}", "such as 7 or 0,1,2, got '1,'"),
    (f"{TRAIN} --model huge", "argument --model: invalid choice: 'huge' (choose from"),
    (
        f"{TRAIN} --preset huge",
        "preset must be one of tiny, small, faces, digits, mnist, paper, wide; got",
    ),
    ("train --data faces --out run --labels", "faces has no labels; digits, cifar10 have."),
    (f"sample faces --ask grumpy {DRAW}", "A face can be no hat, hat, no glasses, glasses, short"),
    (f"sample faces-all --ask sad {DRAW}", "faces-all knows no attributes, so it takes no --ask"),
    (
        f"{TRAIN} --preset faces",
        "these images are in colour. Choose tiny or small or digits or mnist",
    ),
    (
        f"sample faces --labels 1 {DRAW}",
        'faces takes wishes, such as --ask "sad, hat", not --label',
    ),
    (f"sample digits --guidance 2 {DRAW}", "--guidance presses a wish. Give one with --ask, and"),
    (f"sample faces --ask sad --guidance -1 {DRAW}", "--guidance: must be a number from 0 to 100,"),
    (f"sample small --top-p 0 {DRAW}", "--top-p: must be a number from 0.01 to 1, got '0'"),
    ("train --data photos --out run --patch 500", "--patch must be 168 or less, the smallest"),
    ("train --data faces --out run --fit 8", "faces is built in; --fit and --background are for"),
    (f"{FROM_FILE} a.png --background red", "--background: must be white, black or #rrggbb, got"),
    ("resume nowhere", "nowhere holds no run. Start one with train, or name another folder."),
    ("score nowhere", "nowhere is no run's folder, and no shipped model: small, small-cat"),
    (f"sample small --labels 3 {DRAW}", "takes no labels. Leave them out, or train a model"),
    (f"sample digits --labels 10 {DRAW}", "labels must be one whole number from 0 to 9 for each"),
    ("sample small --out a.jpg", "--out must end in .png or .npz or /; got a.jpg"),
    ("sample small --out no/a.png", "--out must be in a folder that exists"),
    ("complete small --image . --out a.png", "takes one image; . is a folder. Name a file in it"),
]


@pytest.mark.parametrize("line, message", ARGUMENTS, ids=[f"{line!s:.60}" for line, _ in ARGUMENTS])
def test_arguments(refused, line, message):
    assert message in refused(line)


# Image files, .npz files and labels; what is wrong with one file, test_data.py asks


def save(path, image=RAMP, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    image.save(path, **options)


def folder(**images):
    """Return a function that makes a folder with these images, or empty files."""

    def make(path):
        for name, image in images.items():
            name = path / name.replace("__", "/").replace("_", ".")
            name.parent.mkdir(parents=True, exist_ok=True)
            name.touch() if image is None else save(name, image)

    return make


def npz(*arrays, **named):
    return lambda path: np.savez(path, *arrays, **named)


CLEAR, FACES = Image.new("RGBA", (4, 4), (1, 2, 3, 254)), some_faces(2)
EMPTY = "cannot be read as an image: it is empty, damaged, or none of PNG"
UNFIT = "must hold labels for its 2 images, whole numbers; got"
FILES = {  # the file or folder, how it is made, and the line
    "large.png": (
        lambda path: save(path, Image.new("RGB", (300, 200))),
        "Images of 300 x 200 are too large to learn from whole. Give --patch 32, or --fit 32 to",
    ),
    "phone": (
        folder(a_png=RAMP, b_heic=None),
        "phone/b.heic is HEIC, which cannot be read: convert it to PNG or JPEG. In its folder, "
        "ImageMagick does this: magick mogrify -format png *.heic. Or leave out bad images with "
        "--skip-bad (skip_bad=True).",
    ),
    "faces.npy": (
        lambda path: np.save(path, FACES),
        "png, .jpg, .jpeg, .jfif, .webp, .gif, .bmp, .tif, "
        ".tiff. Save the images with numpy.savez_compressed(path, images=images)",
    ),
    "clear.png": (lambda path: save(path, CLEAR), "Give the colour with --background to train, sc"),
    "torch.npz": (
        npz(FACES.transpose(0, 3, 1, 2)),
        "images.transpose(0, 2, 3, 1) puts the colours",
    ),
    "float.npz": (
        npz(FACES.transpose(0, 3, 1, 2) / 255),
        "astype('uint8'). images.transpose(0, 2, 3, 1) puts the colours last.",
    ),
    "grey.npz": (npz(FACES[..., 0]), "images[..., None] adds an axis for one colour."),
    "four.npz": (npz(FACES[..., [0, 1, 2, 2]]), "images[..., :3] leaves out the fourth"),
    "six.npz": (npz(FACES.repeat(2, axis=3)), "Save the images with numpy.savez_compressed"),
    "bad": (folder(a_png=None, b_png=CLEAR), f"2 of 2 images cannot be used: bad/a.png {EMPTY}"),
}
LABELLED = {
    "missing.npz": (npz(FACES), "holds arr_0, and no array 'labels'. Save them with"),
    "few.npz": (npz(images=FACES, labels=[1]), f"{UNFIT} int64 (1,)."),
    "minus.npz": (npz(images=FACES, labels=[0, -1]), "labels from 0 to 9999; got -1."),
    "zeros.npz": (npz(images=FACES, labels=[0, 0]), "classes must be a whole number from 2 to"),
    "one.png": (lambda path: save(path, RAMP), "one.png is one image. Give a folder that holds a"),
    "beside": (
        folder(a__1_png=RAMP, b__1_png=RAMP, c_png=RAMP),
        "needs a folder for each class of images, two or more, and no image beside them; it has 2",
    ),
}


@pytest.mark.parametrize("name", [*FILES, *LABELLED])
def test_files(refused, tmp_path, name):
    make, message = {**FILES, **LABELLED}[name]
    make(tmp_path / name)
    labels = " --labels" if name in LABELLED else ""
    assert message in refused(f"{FROM_FILE} {name}{labels}")


def test_files_that_do_not_fit_the_other_arguments(refused, tmp_path):
    save(tmp_path / "grey.png", RAMP[..., 0])
    save(tmp_path / "two" / "a" / "1.png")
    save(tmp_path / "two" / "b" / "1.png")
    line = refused(f"{FROM_FILE} grey.png --patch 9")
    assert "too small for patches of 9. Choose patches of 4 or less, the smallest side." in line
    line = refused(f"{FROM_FILE} grey.png --fit 4 --patch 8")
    assert "patch must be 4 or less, the side that fit gives; got 8." in line
    assert "the images to score are grey" in refused("score small --data grey.png")
    assert "two is a folder, and folders can" in refused("score digits --data two")
    np.savez(tmp_path / "faces.npz", FACES)
    assert "faces.npz holds 2. Save one" in refused(f"complete small {DRAW} --image faces.npz")


# What is there already

THERE = [  # what is made, the line, and the message
    ("run/config.json", TRAIN, "run holds a run. Resume it, or choose a new folder."),
    ("a.png", f"sample small {DRAW}", "a.png exists. Choose another name, or give --force to"),
    ("a/0.png", "sample small --out a/", "a is not empty. Choose another name for the folder."),
]


@pytest.mark.parametrize("path, line, message", THERE)
def test_what_is_there_already(refused, tmp_path, path, line, message):
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).touch()
    assert message in refused(line)


# Models, the system and the backend


def broken():
    """Return a model of which one weight is nan."""
    model = PixelCNN(2, 1, 2)
    model.first.kernel.assign(model.first.kernel * NAN)
    return model


def test_weights_that_are_nan(refused, monkeypatch, tmp_path):
    monkeypatch.setattr(actions, "load_model", lambda *_: (broken(), None))
    np.savez(tmp_path / "faces.npz", FACES)
    line = refused("score small --data faces.npz")
    assert "The score is nan: small has weights that are nan or infinite. Train it again" in line
    assert "nan or infinite, so it cannot draw" in refused(f"sample small --size 4 {DRAW}")


FULL = OSError(28, "No space left on device", "run/config.json")
DEVICE = type("ResourceExhaustedError", (Exception,), {})("OOM when allocating tensor")
JAX = type("XlaRuntimeError", (RuntimeError,), {})("RESOURCE_EXHAUSTED: Out of memory allocating")
SYSTEM = [  # what is raised, in which command, the status, and the line
    (MemoryError(), TRAIN, 1, "There is not enough memory. Name fewer or smaller images, give"),
    (DEVICE, TRAIN, 1, "There is not enough memory."),
    (JAX, "resume run", 1, "There is not enough memory."),
    (FULL, TRAIN, 1, "train: No space left on device: 'run/config.json'"),
    (ValueError("two\n  lines"), TRAIN, 2, "train: two lines"),
    (ModuleNotFoundError("No module named 'x'"), TRAIN, 2, "No module named 'x'. Install what is"),
    (KeyboardInterrupt(), TRAIN, 130, "train: stopped."),
    (RuntimeError("a bug"), TRAIN, None, None),  # keeps its traceback
]


@pytest.mark.parametrize("error, line, status, message", SYSTEM)
def test_the_system(refused, monkeypatch, error, line, status, message):
    def fail(args):
        raise error

    monkeypatch.setattr(actions, line.split()[0], fail)
    if status is None:
        with pytest.raises(type(error)):
            command.main(line.split())
        return
    assert message in refused(line, status)


def test_what_stops_a_run_says_how_to_resume_it(refused, monkeypatch, tmp_path):
    def fail(args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(actions, "resume", fail)
    (tmp_path / "my run").mkdir()
    (tmp_path / "my run" / "config.json").touch()
    line = refused(["resume", "my run"], status=1)
    assert line.endswith(f"No space left on device. Resume it with: {PROGRAM} resume 'my run'")


PROCESSES = [  # the environment, the argument, the status, and the line
    ({"KERAS_BACKEND": "foo"}, "small", "Install tensorflow or jax with pip, and set"),
    ({"KERAS_BACKEND": "numpy"}, "small", "The backend numpy cannot train here. Install"),
]


@pytest.mark.slow
@pytest.mark.parametrize("environment, argument, message", PROCESSES)
def test_a_process(tmp_path, environment, argument, message):
    paths = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "pixelcnn_lib", "score", argument],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
    assert message in done.stderr


# The library: what no other file of tests asks


@pytest.fixture(scope="module")
def models():
    """An untrained model, and one with three classes."""
    sizes = dict(filters_per_colour=2, blocks=1, head_per_colour=2)
    return PixelCNN(**sizes), PixelCNN(**sizes, classes=3)


def drawn(model, **options):
    return sampling.generate_images(model, 1, 4, **options)


NONE = "This model has no classes, so it takes no labels. Leave them out, or train a model with"
NEEDED = "This model has 3 classes. Give labels: one whole number from 0 to 2 for each image."
WRONG = "labels must be one whole number from 0 to 2 for each image"
LIBRARY = [  # what is called with the two models, and the message: a row for each kind of check
    (lambda *_: masks.rgb_mask(3, 3, 3, "C"), 'mask_type must be "A" or "B", not \'C\''),
    (lambda *_: layers.MaskedConv2D(4, 3), "filters must be a multiple of 3"),
    (lambda *_: layers.MaskedConv2D(6, 2), "kernel_size must be odd"),
    (lambda *_: layers.MaskedConv2D(6, 3, strides=2), "Leave them out"),
    (lambda *_: PixelCNN(2, 1, 2, levels=1), "levels must be a whole number from 2 to 256; got 1."),
    (lambda *_: PixelCNN(2, 1, 2, head="mixture"), "head must be CategoricalHead,"),
    (lambda *_: PixelCNN(2, 1, 2, embed=4), "embed needs colours=1: a pixel is then one name; got"),
    (lambda model, _: model(ZEROS / 255), "got float64. It scales them"),
    (lambda model, _: model(ZEROS[..., :1]), "takes images (N, H, W, 3), got shape (2, 4, 4, 1)."),
    (lambda model, _: drawn(model, noise=ZEROS), "noise must be of shape (1, 4, 4, 3)"),
    (lambda model, _: drawn(model, temperature=0), "temperature must be a number from 1e-6, where"),
    (
        lambda model, _: drawn(model, guidance=-1),
        "guidance must be a number from 0, which does not",
    ),
    (
        lambda model, _: drawn(model, guidance=2),
        "guidance needs a model with several labels, of wh",
    ),
    (lambda model, _: drawn(model, top_p=0), "top_p must be a number above 0 and at most 1, where"),
    (lambda model, _: drawn(model, top_k=0), "top_k must be a whole number from 1 to 256; got 0."),
    (lambda model, _: drawn(model, method="fast"), "wavefront; got 'fast'"),
    (lambda model, _: model.sample(0, 2), "n must be a whole number above 0"),
    (lambda *_: leaks.influence(lambda x: x, (2, 2, 3)), "It returned (3, 2, 2, 3); reshape its"),
    (lambda *_: figures.show_images(ZEROS / 255), "float64"),
    (lambda *_: data.photos(169), "size must be a whole number from 1 to 168; got 169."),
    (lambda *_: data.digits("holdout"), "split must be one of train, valid, test; got 'holdout'."),
    (lambda *_: data.faces(2, 0, "some"), "which must be one of plain, all; got 'some'."),
    (lambda *_: faces.read_face(ZEROS), "must be"),
    (lambda *_: layers.CausalConv2D(3, 2, colours=1, centred=True), "needs an odd"),
    (lambda *_: PixelCNN(2, 0, 2, classes=3), "classes need blocks=1 or more"),
    (lambda *_: PixelCNN.pretrained("big"), "name must be one of small, small-categorical, digits"),
    (lambda *_: PixelCNNPP.pretrained(), "No PixelCNNPP is shipped. Use PixelCNN.pretrained"),
    (lambda model, _: scoring.score(model, []), "score needs at least one image, with at least"),
    (lambda model, _: model.score(["a.png"]), "got 'a.png': read files with data.load."),
    (lambda *_: drawn("small"), "model must be a model of the family, such as PixelCNN.pretrained"),
    (lambda model, _: sampling.complete(model, ZEROS, ZEROS[..., 0] > 0), "use known[..., None]"),
    (lambda model, _: sampling.complete(model, ZEROS, "top"), "known must be True or False"),
    (lambda plain, _: plain(ZEROS, [0, 1]), NONE),
    (lambda _, model: model(ZEROS), NEEDED),
    (lambda _, model: leaks.influence(model, (2, 2, 3)), NEEDED),
    (lambda _, model: model.predict((ZEROS, np.array([0, 99]))), f"{WRONG}; got 99."),
    (lambda _, model: model(ZEROS, [0, 1, 2]), f"{WRONG}, shape (2,); got int64, shape (3,)."),
]


@pytest.mark.parametrize("call, message", LIBRARY, ids=range(len(LIBRARY)))
def test_the_library(models, tmp_path, monkeypatch, call, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError) as error:
        call(*models)
    assert message in str(error.value) and "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())
