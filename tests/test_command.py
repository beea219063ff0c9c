"""The command: its arguments, the images that they name, and what it writes and prints."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from tiny import noise_images, some_faces, tiny

from pixelcnn_lib import __main__ as command
from pixelcnn_lib import (
    __version__,
    coding,
    data,
    faces,
    family,
    heads,
    model,
    pictures,
    runs,
    training,
)
from pixelcnn_lib.command import actions, arguments, sources
from pixelcnn_lib.family import PixelCNN, PixelSNAIL
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score

SMALLEST = "--preset tiny --epochs 1 --steps 1 --batch 2 --patch 8"


@pytest.fixture
def call(capsys):
    """Run the command in this process: its status, what it printed, and its messages."""

    def call(line, *more):
        status = command.main([*line.split(), *map(str, more)])
        out, err = capsys.readouterr()
        said = [line for line in err.replace("\r", "\n").splitlines() if line.strip()]
        said = [line for line in said if "%|" not in line and " % |" not in line]  # without bars
        return SimpleNamespace(status=status, out=out, err="\n".join(said))

    return call


def parsed(line):
    return arguments.parser().parse_args(line.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve crops of photographs, each a little higher than the one before."""
    folder = tmp_path_factory.mktemp("images")
    for i, image in enumerate(data.photos(24)[:12]):
        Image.fromarray(image[: 10 + i]).save(folder / f"{i:02}.png")
    return folder


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / "first"
    assert command.main([*f"train {SMALLEST} --data {folder} --out {run}".split()]) == 0
    return run


# Arguments


def test_help_needs_the_standard_library_only():
    code = (
        "import sys\nfrom pixelcnn_lib.__main__ import main\nmain(['--help'])\nmain(['--version'])"
    )
    code += "\nprint(sorted({'keras', 'numpy', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.endswith(f"\npixelcnn_lib {__version__}\n[]\n") and not done.stderr
    commands = ("train", "resume", "score", "sample", "complete", "compress", "decompress")
    for name in commands:
        assert f"\n    {name} " in done.stdout


def test_names_are_the_library_s():
    assert arguments.HEADS == tuple(heads.HEADS)
    assert arguments.PRESETS == {name: tuple(one.presets) for name, one in family.MEMBERS.items()}
    assert set(arguments.SHIPPED) == {n for one in family.MEMBERS.values() for n in one.shipped}
    files = {
        f"{one.prefix}{name}.weights.h5" for one in family.MEMBERS.values() for name in one.shipped
    }
    assert files == {path.name for path in model.WEIGHTS.glob("*.h5")}


def test_arguments_reach_the_library(monkeypatch, folder, capsys):
    got = []
    monkeypatch.setattr(training, "train", lambda *args, **options: got.append((args, options)))
    monkeypatch.setattr(training, "resume", lambda run, **options: got.append(options))
    monkeypatch.setattr(actions, "summarise", lambda run: None)
    line = "train --data photos --out run --preset tiny --rate 0.1 --batch 3 --epochs 4 --steps 5"
    assert command.main([*line.split(), "--seed", "6"]) == 0
    (net, *_), options = got.pop()
    names = "learning_rate batch_size epochs steps_per_epoch seed size augment".split()
    assert [options[name] for name in names] == [0.1, 3, 4, 5, 6, 32, True]
    assert net.name == "tiny"
    assert command.main([*f"train {SMALLEST} --out run --data {folder}".split()]) == 0
    patches = len(got.pop()[1]["valid"])
    said = f", 10 images; keeps the best epoch on {patches} patches of 2 others.\n"
    assert patches > 2 and said in capsys.readouterr().out
    monkeypatch.setattr(Path, "exists", lambda path: True)
    assert command.main("resume run --epochs 7".split()) == 0
    assert got[0]["epochs"] == 7


@pytest.mark.parametrize(
    "line, expected",
    [
        ("--data photos", ("PixelCNN", "TiedMixtureHead", 12, None, 256)),
        ("--data faces", ("PixelCNN", "CategoricalHead", 32, None, 64)),
        ("--data faces-all --model pixelsnail", ("PixelSNAIL", "CategoricalHead", 40, None, 64)),
        (
            "--data photos --preset tiny --head mixture",
            ("PixelCNN", "LogisticMixtureHead", 10, None, 256),
        ),
        ("--data photos --model gated", ("GatedPixelCNN", "TiedMixtureHead", 10, None, 256)),
        ("--data digits --labels", ("PixelCNN", "CategoricalHead", 20, 10, 17)),
        ("--data mnist", ("PixelCNN", "CategoricalHead", 32, None, 2)),
        ("--data mnist --model gated", ("GatedPixelCNN", "TiedMixtureHead", 10, None, 2)),
    ],
)
def test_the_model_that_train_builds(line, expected):
    args = parsed(f"train --out run {line}")
    net = actions.new_model(args, sources.learning(args))
    width = net.sizes["filters_per_colour"]
    assert (type(net).__name__, type(net.head).__name__, width, net.classes, net.levels) == expected


# Images


def test_what_is_held_out_is_not_learnt_from(tmp_path):
    np.savez(tmp_path / "a.npz", some_faces(25))
    line = f"train --out run --data {tmp_path / 'a.npz'} --patch 8"
    train, valid, size, *_ = sources.learning(parsed(line))
    assert len(train) == 22 and valid.shape == (12, 8, 8, 3) and size == 8
    few, labels = sources.some_of(np.arange(3000), np.arange(3000))
    assert len(few) == len(set(few)) == 1000 and (few == labels).all()


@pytest.mark.parametrize("labels", [[1] * 20, [0] * 18 + [1, 2], [0, 2] * 10])
def test_each_class_needs_images_to_learn_from(labels, tmp_path):
    np.savez(tmp_path / "a.npz", images=some_faces(20), labels=labels)
    line = f"train --labels --out run --data {tmp_path / 'a.npz'}"
    with pytest.raises(ValueError, match="has no image to learn from"):
        sources.learning(parsed(line))


def test_labels_of_an_npz_and_of_folders(tmp_path):
    """Each image keeps its label, whether it is held out, or cut into patches."""
    images, labels = some_faces(25), np.arange(25) % 3
    np.savez(tmp_path / "a.npz", images=images, labels=labels)
    for image, label in zip(images, labels):
        folder = tmp_path / "all" / ("2 cats", "10 dogs", "owls")[label] / "deeper"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / f"{image.sum()}.png")
    label_of = {image.tobytes(): label for image, label in zip(images, labels)}
    for name, classes in [("a.npz", ["0", "1", "2"]), ("all", ["10 dogs", "2 cats", "owls"])]:
        names = classes if name == "a.npz" else ["2 cats", "10 dogs", "owls"]  # of each label
        line = f"train --labels --out run --data {tmp_path / name}"
        given = sources.learning(parsed(line))
        assert given.classes == classes and len(given.labels) == 22 and len(given.valid) == 3
        for part, theirs in ((given.images, given.labels), (given.valid, given.valid_labels)):
            expected = [classes.index(names[label_of[image.tobytes()]]) for image in part]
            np.testing.assert_array_equal(theirs, expected)
        patches = sources.learning(parsed(f"{line} --patch 8"))
        np.testing.assert_array_equal(patches.valid_labels, given.valid_labels.repeat(4))


# What it writes and prints


def test_it_starts_without_the_backend_s_log(tmp_path):
    line = f"-m pixelcnn_lib sample small --n 1 --size 2 --out {tmp_path / 'a.png'}"
    done = subprocess.run([sys.executable, *line.split()], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(": 1 image, 2 high and 2 wide\n")


def test_a_run_is_resumed(run, call):
    before = training.read_log(run)
    done = call("resume", run)
    assert done.status == 0 and training.read_log(run) == before
    assert done.out.startswith(f"{run}: kept epoch 1 of 1, {before[0]['val_loss']:.3f} bits ")


def test_score(run, folder, call):
    expected = score(training.trained(run), runs.read_images(run)[1])
    done = call("score", run)  # of what it held out
    spread, count = f"± {expected.error:.3f}", len(expected.per_image)
    line = f"{expected.bits:.3f} {spread} bits per dimension (± standard error, {count} patches)\n"
    assert done.out == line
    scores = json.loads(call("score --json", run).out)
    assert scores["bits_per_dim"] == expected.bits and scores["standard_error"] == expected.error
    assert scores["bits_per_dim_of_each_image"] == expected.per_image.tolist()
    assert call("score --patch 4", run).out.endswith(f"{4 * count} patches)\n")
    assert "--patch must be 8 or less, the smallest" in call("score --patch 9", run).err
    done = call("score", run, "--data", folder)
    assert f"{run} has learnt from 10 of these 12 images, so the score is better" in done.err
    assert done.out.endswith("12 images)\n")
    done = call("score --json", run, "--data", folder / "00.png")
    assert json.loads(done.out)["standard_error"] is None


def test_a_built_in_name_is_told_from_a_folder_s(call, tmp_path, monkeypatch):
    (tmp_path / "digits").mkdir()
    monkeypatch.chdir(tmp_path)
    done = call("score digits")
    assert done.status == 0 and "Write ./digits for the digits that is here" in done.err


def test_what_is_changed_in_loading_is_said_in_a_line(call, tmp_path):
    for i, image in enumerate(data.photos(8)[:2]):
        Image.fromarray(image).save(tmp_path / f"{i}.png")
    Image.new("L", (8, 8)).save(tmp_path / "2.png")
    (tmp_path / "3.png").touch()
    done = call("score small --skip-bad --data", tmp_path)
    assert done.status == 0 and done.out.endswith("3 images)\n")
    left_out, grey = done.err.splitlines()
    assert f"Left out 1 of 4 images: {tmp_path / '3.png'} cannot be read as an ima" in left_out
    assert grey.endswith("score: 1 of 3 images are grey: converted to colour.")


def test_sample_draws_what_the_library_draws(run, call, tmp_path):
    out = tmp_path / "grid.png"
    drawn = generate_images(PixelCNN.pretrained(), 3, 4, seed=5)
    line = "sample small --n 3 --size 4 --seed 5 --out"
    done = call(f"{line} {out}")
    assert done.out == f"{out}: 3 images, 4 high and 4 wide\n"
    np.testing.assert_array_equal(np.array(Image.open(out))[::4, ::4], pictures.tile(drawn))
    assert call(f"{line} {tmp_path / 'a.npz'}").status == 0
    np.testing.assert_array_equal(data.load(tmp_path / "a.npz"), drawn)
    assert call(f"{line} {tmp_path / 'all'}/").status == 0
    np.testing.assert_array_equal(data.load(tmp_path / "all"), drawn)
    done = call("sample --n 1 --force", run, "--out", out)
    assert done.out == f"{out}: 1 image, 8 high and 8 wide\n"  # as large as what it learnt from
    assert np.array(Image.open(out)).shape == (32, 32, 3)
    done = call("sample --n 1 --size 2x5 --force", run, "--out", out)
    assert np.array(Image.open(out)).shape == (8, 20, 3)


def test_a_wish_is_guided_as_in_the_library(call, tmp_path):
    out, labels = tmp_path / "a.npz", np.tile(faces.ask("sad"), (2, 1))
    line = "sample faces --n 2 --size 3 --ask sad --guidance 1.5 --top-p 0.9 --seed 4 --out"
    assert call(f"{line} {out}").status == 0
    options = dict(seed=4, labels=labels, temperature=0.8, guidance=1.5, top_p=0.9)
    drawn = PixelSNAIL.pretrained("faces").sample(2, 3, **options)
    np.testing.assert_array_equal(data.load(out), drawn)


@pytest.mark.parametrize(
    "kind, options",
    [
        ("photo", ""),
        ("grey", ""),
        ("face", "--model faces"),
        ("digit", "--model digits --labels 6"),
    ],
)
def test_what_is_compressed_comes_back(call, tmp_path, kind, options):
    photo = data.photographs("test")[0].image[:5, :6]
    picture = {
        "photo": photo,
        "grey": photo[..., 0],
        "face": some_faces(1)[0],
        "digit": pictures.tile(data.digits("test")[0][:1], 17),  # in colour, as sample draws it
    }[kind]
    picture = Image.fromarray(picture)
    picture.save(tmp_path / "in.png")
    file, out = tmp_path / "in.opat", tmp_path / "out.png"
    said = call(f"compress {options}", tmp_path / "in.png", "--out", file)
    assert said.out.startswith(f"{file}: {file.stat().st_size} bytes, PNG: "), said.err
    assert "WebP: " in said.out
    assert call("decompress", file, "--out", out).status == 0
    again = Image.open(out)
    assert again.mode == ("L" if kind in ("grey", "digit") else "RGB")
    assert again.convert(picture.mode).tobytes() == picture.tobytes()
    assert "exists" in call("decompress", file, "--out", out).err
    if kind == "photo":
        assert call("decompress", file, "--out", out, "--force").status == 0


def test_a_file_that_cannot_be_read_gets_one_line(call, tmp_path):
    file, out = tmp_path / "file.opat", tmp_path / "out.png"
    file.write_bytes(b"text")
    said = call("decompress", file, "--out", out).err
    assert "file.opat cannot be used: This is no file" in said
    assert "does not begin with OPAT. Name a file that compress has written." in said
    picture = tmp_path / "in.png"
    Image.fromarray(noise_images(1, (4, 4), levels=256)[0]).save(picture)
    file.unlink()
    said = call("compress", picture, "--out", file, "--model", "faces")
    assert "in.png has other colours than faces draws" in said.err
    grey = tmp_path / "grey.png"
    Image.new("L", (4, 4)).save(grey)
    said = call("compress", grey, "--out", file, "--model", "digits")
    assert "This model has 10 classes. Give labels: one whole number" in said.err
    assert "end in .opat" in call("compress", picture, "--out", out).err
    said = call("compress", tmp_path / "no.png", "--out", file).err
    assert "no.png does not exist. compress takes the file of one image." in said
    file.write_bytes(coding.encode(tiny(), noise_images(1, (2, 2))[0]))
    assert "Another model has written" in (said := call("decompress", file, "--out", out).err)
    assert "Give its run with --model" in said
    said = call("decompress", file, "--out", out, "--model", "digits").err
    assert "Leave out --model, or give its run" in said
    assert not out.exists()


def test_a_folder_s_name_chooses_no_network():
    given = SimpleNamespace(images=np.zeros((1, 8, 8, 3), "uint8"), classes=None)
    args = SimpleNamespace(model="pixelcnn", data="tiny", preset=None, head=None)
    assert actions.new_model(args, given).name == "small"


@pytest.mark.parametrize("known", ["top", "left"])
def test_complete_keeps_what_is_known(call, tmp_path, known):
    out = tmp_path / "cats.png"
    Image.fromarray(data.photos(20)[0][:, :, 0]).save(tmp_path / "cat.png")
    line = f"complete small --n 2 --size 8 --known {known} --out {out}"
    assert call(line, "--image", tmp_path / "cat.png").status == 0
    sheet = np.array(Image.open(out))[::4, ::4]
    image, hidden, *drawn = data.cut([sheet], 8)
    kept = np.s_[:4] if known == "top" else np.s_[:, :4]
    rest = np.s_[4:] if known == "top" else np.s_[:, 4:]
    for other in (hidden, *drawn):
        np.testing.assert_array_equal(other[kept], image[kept])
    assert (hidden[rest] == 127).all() and (drawn[0][rest] != drawn[1][rest]).any()
