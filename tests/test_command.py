"""The command: what it writes, and the one line that it says where it cannot."""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from PIL import Image

from pixelcnn_lib import __main__ as command
from pixelcnn_lib import data, family, model, pictures, runs, sampling, scoring, training
from pixelcnn_lib.command import actions, arguments, sources, start
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score

README = Path(__file__).parents[1] / "README.md"
RUN = "--preset tiny --epochs 1 --steps 1 --batch 2"


@pytest.fixture
def call(capsys):
    """Run the command in this process: its status, what it printed, and what it complained of."""

    def call(line, *more):
        try:
            status = command.main([*line.split(), *map(str, more)])
        except SystemExit as leave:
            status = leave.code
        return SimpleNamespace(status=status, **capsys.readouterr()._asdict())

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
    assert command.main([*f"train {RUN} --patch 8 --data {folder} --out {run}".split()]) == 0
    return run


def test_help_needs_the_standard_library_only():
    code = (
        "import sys\nfrom pixelcnn_lib import __main__ as command\ntry: command.main(['--help'])\n"
    )
    code += "finally: print(sorted({'keras', 'numpy', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.endswith("\n[]\n") and not done.stderr
    for name in ("train", "resume", "score", "sample", "complete"):
        assert f"\n    {name} " in done.stdout


def test_what_the_readme_says_can_be_typed():
    lines = README.read_text().splitlines()
    lines = [line for line in lines if line.startswith(f"{arguments.PROGRAM} ")]
    for line in lines:
        parsed(line.removeprefix(arguments.PROGRAM).partition("#")[0])
    assert len(lines) >= 5


def test_names_are_the_library_s():
    presets = {name: set(member.presets) for name, member in family.MEMBERS.items()}
    assert {name: set(ours) for name, ours in arguments.MODELS.items()} == presets
    assert set(arguments.SHIPPED) == set(family.PixelCNN.shipped)
    files = {f"{name}.weights.h5" for name in arguments.SHIPPED}
    assert files == {path.name for path in model.WEIGHTS.glob("*.h5")}


def test_it_starts_without_the_backend_s_log(tmp_path):
    line = f"-m pixelcnn_lib sample small --n 1 --size 2 --out {tmp_path / 'a.png'}"
    done = subprocess.run([sys.executable, *line.split()], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.endswith(
        ": 1 image, 2 high and 2 wide\n"
    )


def test_the_backend_s_log_is_kept_back_and_nothing_else(capfd, monkeypatch):
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: os.write(2, b"start-up log"))
    start.wake_keras()
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


# Training


def test_a_run_by_its_folder(run, folder, call):
    assert {"config.json", "log.csv", "best.npz"} <= {path.name for path in run.iterdir()}
    before = training.read_log(run)
    done = call("resume", run)
    assert done.status == 0 and training.read_log(run) == before
    assert done.out.startswith(f"{run}: kept epoch 1 of 1, {before[0]['val_loss']:.3f} bits ")
    refused = call(f"train {RUN} --patch 8", "--data", folder, "--out", run)
    assert refused.status == 2 and "holds a run. Resume it: python -m" in refused.err


def test_a_run_whose_name_begins_with_a_dash(call, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(f"train {RUN} --patch 8 --data {folder} --out=-run")
    assert done.status == 0 and "sample ./-run --out grid.png" in done.out
    assert "resume ./-run. Or choose" in call(f"train {RUN} --data {folder} --out=-run").err
    assert "sample ./-run --out grid.png" in call("resume ./-run").out


def test_a_folder_of_another_s_is_left_as_it_is(call, tmp_path):
    np.savez(tmp_path / "images.npz", data.toy(3))
    before = (tmp_path / "images.npz").read_bytes()
    done = call(f"train {RUN} --data {tmp_path / 'images.npz'} --out {tmp_path}")
    assert done.status == 2 and done.out == "" and "is not empty, and holds no run." in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["images.npz"]
    assert (tmp_path / "images.npz").read_bytes() == before


def test_resume_takes_more_epochs_and_a_device(run, call, monkeypatch):
    got = []
    monkeypatch.setattr(training, "resume", lambda run, **options: got.append(options))
    for line in ("", "--epochs 7", "--device cpu"):
        assert call(f"resume {run} {line}").status == 0
    first, longer, elsewhere = got
    assert set(first) == {"verbose", "callbacks"}
    assert longer["epochs"] == 7 and elsewhere["devices"] == ["cpu:0"]


@pytest.mark.parametrize(
    "line", ["resume", "score", "sample --out b.png", "complete --out b.png --image a.png"]
)
def test_a_module_is_imported_before_the_run_is_read(run, call, tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("mine_one", "mine_two"):
        (tmp_path / f"{name}.py").touch()
        monkeypatch.delitem(sys.modules, name, raising=False)

    def read(*args, **options):
        raise ValueError({"mine_one", "mine_two"} <= set(sys.modules))

    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    monkeypatch.setattr(training, "resume", read)
    monkeypatch.setattr(training, "trained", read)
    assert call(f"{line} {run} --import mine_one --import mine_two").err.endswith(": True\n")


def test_a_bar_counts_from_where_the_run_stands(capsys):
    with actions.bar() as callback:
        callback.set_params({"epochs": 3, "steps": 10})
        callback.on_epoch_begin(1)
        callback.on_train_batch_end(0)
        callback.on_epoch_end(1, {"loss": 5.0, "val_loss": 6.0})
    last = capsys.readouterr().err.split("\r")[-1]
    assert "step 11 of 30, " in last and "left, 5.000 bits, held out: 6.000" in last


def test_a_stopped_run_says_how_to_go_on(call, tmp_path, monkeypatch):
    def stop(model, images, run, **settings):
        (tmp_path / "run").mkdir(exist_ok=True)
        if images.shape[1] == 17:  # once it has begun
            (tmp_path / "run" / "config.json").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train", stop)
    line = f"train {RUN} --data toy --out {tmp_path / 'run'}"
    done = call(line)
    assert done.status == 130 and done.err.endswith("train: stopped.\n")
    done = call(f"{line} --patch 17")
    told = f"train: stopped. Resume it with: python -m pixelcnn_lib resume {tmp_path / 'run'}\n"
    assert done.status == 130 and done.err.endswith(told)


def test_a_full_disk_is_told_in_a_line(call, tmp_path, monkeypatch):
    def fail(model, images, run, **settings):
        (tmp_path / "my run").mkdir()
        (tmp_path / "my run" / "config.json").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(training, "train", fail)
    run = tmp_path / "my run"
    line = ["train", "--data", "toy", "--preset", "tiny", "--out", str(run)]
    done = call("", *line)
    assert (done.status, done.err) == (
        1,
        "python -m pixelcnn_lib train: No space left on device. Resume it with: python -m "
        f"pixelcnn_lib resume '{run}'\n",
    )


def test_what_is_held_out_is_not_learnt_from(tmp_path):
    images, line = data.toy(25), f"train --out run --data {tmp_path / 'a.npz'}"
    np.savez(tmp_path / "a.npz", images)
    train, valid, size, *_ = sources.learning(parsed(line))
    assert train.shape == (22, 16, 16, 3) and valid.shape == (3, 16, 16, 3) and size is None
    both = {image.tobytes() for image in [*train, *valid]}
    assert both == {image.tobytes() for image in images}
    train, valid, size, *_ = sources.learning(parsed(f"{line} --patch 8"))
    assert len(train) == 22 and valid.shape == (12, 8, 8, 3) and size == 8
    np.savez(tmp_path / "a.npz", images[:1])
    train, valid, size, *_ = sources.learning(parsed(line))
    assert len(train) == 1 and valid is None


def test_validation_images_of_one_s_own(tmp_path, call):
    images, others = data.toy(25), data.toy(2, seed=9)
    np.savez(tmp_path / "a.npz", images)
    np.savez(tmp_path / "b.npz", others)
    line = f"train --out run --data {tmp_path / 'a.npz'} --valid {tmp_path / 'b.npz'}"
    train, valid, *_ = sources.learning(parsed(line))
    np.testing.assert_array_equal(train, images)  # nothing is held out
    np.testing.assert_array_equal(valid, others)
    train, valid, size, *_ = sources.learning(parsed(f"{line} --patch 8"))
    assert len(train) == 25 and valid.shape == (8, 8, 8, 3) and size == 8
    np.savez(tmp_path / "c.npz", data.toy(2, 33))
    photos = f"train --out run --data photos --valid {tmp_path / 'c.npz'}"
    train, valid, size, *_ = sources.learning(parsed(photos))
    assert len(train) == 4 and valid.shape == (2, 32, 32, 3) and size == 32
    np.savez(tmp_path / "b.npz", np.concatenate([others, images[:3]]))
    with pytest.warns(UserWarning, match="3 of the 5 images of --valid are also learnt from"):
        sources.learning(parsed(line))


def test_the_named_sources(monkeypatch):
    train, valid, size, *_ = sources.learning(parsed("train --out run --data photos"))
    assert [len(train), len(valid), size] == [4, 4, 32]
    np.testing.assert_array_equal(valid[0], data.photographs("valid")[0].image)
    train, valid, size, *_ = sources.learning(parsed("train --out run --data toy --patch 20"))
    assert train.shape[1:] == valid.shape[1:] == (20, 20, 3) and size is None
    parts = [train, valid, sources.unseen("toy", parsed("score small --patch 20"))[0]]
    seen = [{image.tobytes() for image in part} for part in parts]
    assert not seen[0] & seen[1] and not (seen[0] | seen[1]) & seen[2]
    many = np.zeros((20_000, 2, 2, 3), "uint8"), np.arange(20_000) % 10
    monkeypatch.setitem(sources.WITH_LABELS, "cifar10", lambda part: many)
    train, valid, size, *_ = sources.learning(parsed("train --out run --data cifar10"))
    assert [len(train), len(valid), size] == [19_000, 1000, None]
    given = sources.learning(parsed("train --out run --data cifar10 --labels"))
    assert [len(given.labels), len(given.valid_labels)] == [19_000, 1000]
    assert sources.unseen("photos", parsed("score small"))[0][0].shape == (150, 225, 3)
    patches, _ = sources.unseen("photos", parsed("score small --patch 32"))
    assert patches.shape == (4 * 7 + 6 * 10, 32, 32, 3)


def test_labels_of_an_npz_and_of_folders(tmp_path):
    """Each image keeps its label, whether it is held out, or cut into patches."""
    images, labels = data.toy(25), np.arange(25) % 3
    np.savez(tmp_path / "a.npz", images=images, labels=labels)
    for image, label in zip(images, labels):
        folder = tmp_path / "all" / ("2 cats", "10 dogs", "owls")[label] / "deeper"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / f"{image.sum()}.png")
    label_of = {image.tobytes(): label for image, label in zip(images, labels)}
    for name, classes in [("a.npz", ["0", "1", "2"]), ("all", ["10 dogs", "2 cats", "owls"])]:
        number = {name: i for i, name in enumerate(classes)}
        names = classes if name == "a.npz" else ["2 cats", "10 dogs", "owls"]  # of each label
        line = f"train --labels --out run --data {tmp_path / name}"
        given = sources.learning(parsed(line))
        assert given.classes == classes and len(given.labels) == 22 and len(given.valid) == 3
        for part, theirs in ((given.images, given.labels), (given.valid, given.valid_labels)):
            expected = [number[names[label_of[image.tobytes()]]] for image in part]
            np.testing.assert_array_equal(theirs, expected)
        cut = sources.learning(parsed(f"{line} --patch 8"))
        np.testing.assert_array_equal(cut.valid_labels, given.valid_labels.repeat(4))
        plain = sources.learning(parsed(line.replace("--labels", "")))
        assert plain.labels is plain.valid_labels is plain.classes is None


def test_folders_that_are_numbers_are_in_their_order(tmp_path):
    for name in ("10", "9", "b", "a"):
        (tmp_path / name).mkdir()
        Image.new("L", (4, 4)).save(tmp_path / name / "a.png")
    assert data.load(tmp_path, labels=True)[2] == ["9", "10", "a", "b"]


def test_validation_classes_are_those_of_the_same_name(tmp_path):
    places = ("learnt/a", "learnt/b", "learnt/c", "valid/c", "valid/a", "other/a", "other/d")
    for number, place in enumerate(places):
        (tmp_path / place).mkdir(parents=True)
        Image.fromarray(data.toy(1, seed=number)[0]).save(tmp_path / place / "one.png")
    line = f"train --labels --out run --data {tmp_path / 'learnt'} --valid {tmp_path}"
    given = sources.learning(parsed(f"{line}/valid"))
    assert given.labels.tolist() == [0, 1, 2] and given.valid_labels.tolist() == [0, 2]
    with pytest.raises(ValueError, match="--valid has the class d, and --data has none of that"):
        sources.learning(parsed(f"{line}/other"))


def test_a_score_finds_classes_by_name(call, tmp_path):
    learnt, other = tmp_path / "learnt", tmp_path / "other"
    places = ("learnt/b", "learnt/c", "learnt/d", "other/c", "other/d", "last/a", "last/c")
    for number, place in enumerate(places):
        (tmp_path / place).mkdir(parents=True)
        Image.fromarray(data.toy(1, seed=number)[0]).save(tmp_path / place / "one.png")
    run = tmp_path / "run"
    line = f"train {RUN} --steps 9 --rate 0.1 --labels --valid {learnt} --data {learnt} --out"
    assert call(line, run).status == 0
    assert runs.read_config(run)["class_names"] == ["b", "c", "d"]
    model = training.trained(run)
    bits = [score(model, data.load(other), labels=labels).bits for labels in ([1, 2], [0, 1])]
    assert f"{bits[0]:.3f}" != f"{bits[1]:.3f}"
    assert call(f"score {run} --data {other}").out.startswith(f"{bits[0]:.3f} ± ")
    Image.new("L", (16, 16)).save(other / "c" / "grey.png")
    told = call(f"score {run} --data {other}").err  # once, though they are read twice
    assert told.count("1 of 3 images are grey: converted to colour") == 1
    told = call(f"score {run} --data {tmp_path / 'last'}").err
    assert "--data has the class a, and the run has none of that name. Rename it, or" in told


def test_digits_by_class(call, tmp_path):
    """Train, score, draw and complete: by class, at the digits' size and levels."""
    run, out = tmp_path / "run", tmp_path / "a.png"
    done = call("train --data digits --labels --epochs 1 --steps 1 --batch 2 --out", run)
    assert done.status == 0 and "1200 images; keeps the best epoch on 197 others" in done.out
    assert "class 0" not in done.out  # where the numbers say it all
    model = training.trained(run, dtype="float32")
    assert (model.classes, model.levels, model.colours) == (10, 17, 1)
    for line, split in [("score", "valid"), ("score --data digits", "test")]:
        images, labels = data.digits(split)
        bits = score(model, images, labels=labels).bits
        assert call(line, run).out.startswith(f"{bits:.3f} ± ")
    assert call("sample --n 12 --zoom 1 --out", out, run).status == 0
    labels = [*range(10), 0, 1]
    drawn = generate_images(model, 12, 8, seed=0, labels=labels)
    np.testing.assert_array_equal(np.array(Image.open(out)), pictures.tile(drawn, 17))
    assert call("sample --n 3 --labels 7,8 --force --zoom 1 --out", out, run).status == 0
    drawn = generate_images(model, 3, 8, seed=0, labels=[7, 8, 7])
    np.testing.assert_array_equal(np.array(Image.open(out)), pictures.tile(drawn, 17))
    digit = data.digits("test")[0][0]
    Image.fromarray((digit[..., 0] * 15.9375).round().astype("uint8")).save(tmp_path / "b.png")
    line = f"complete --labels 3 --n 2 --zoom 1 --force --image {tmp_path / 'b.png'} --out"
    assert call(line, out, run).status == 0
    expected = pictures.tile(digit[None], 17)
    np.testing.assert_array_equal(np.array(Image.open(out))[:8, :8], expected)


def test_its_arguments_reach_the_library(monkeypatch, tmp_path):
    got = []
    monkeypatch.setattr(training, "train", lambda *args, **options: got.append((args, options)))
    monkeypatch.setattr(actions, "summarise", lambda run: None)
    line = "train --data photos --out run --preset tiny --rate 0.1 --batch 3 --epochs 4 --steps 5"
    for seed in ("6", "6", "7"):
        assert command.main([*line.split(), "--precision", "mixed_bfloat16", "--seed", seed]) == 0
    (model, *_), options = got[0]
    names = "learning_rate batch_size epochs steps_per_epoch seed size augment".split()
    assert [options[name] for name in names] == [0.1, 3, 4, 5, 6, 32, True]
    assert model.dtype_policy.name == "mixed_bfloat16"
    first, same, other = (args[0].first.get_weights()[0] for args, _ in got)
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_its_arguments_reach_the_samplers(call, monkeypatch, tmp_path):
    got = []

    def draw(model, *args, seed, temperature):
        got.append((seed, temperature))
        return np.zeros((1, 4, 4, 3), "uint8")

    monkeypatch.setattr(sampling, "generate_images", draw)
    monkeypatch.setattr(sampling, "complete", draw)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    rest = f"small --n 1 --size 4 --seed 5 --temperature 0.7 --force --out {tmp_path / 'b.png'}"
    assert call(f"sample {rest}").status == 0
    assert call(f"complete {rest} --image {tmp_path / 'a.png'}").status == 0
    assert got == [(5, 0.7), (5, 0.7)]


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (1, 1)])
def test_an_image_of_one_row_or_column_keeps_its_colours(call, tmp_path, shape):
    Image.fromarray(np.full((*shape, 3), (200, 100, 0), "uint8")).save(tmp_path / "a.png")
    line = f"complete small --n 1 --size 4 --zoom 1 --out {tmp_path / 'b.png'} --image"
    assert call(line, tmp_path / "a.png").status == 0
    assert np.array(Image.open(tmp_path / "b.png"))[0, 0].tolist() == [200, 100, 0]


# Scores and pictures


def test_score(run, folder, call):
    with np.load(run / "images.npz") as sets:
        expected = score(training.trained(run), runs.unpack(sets, "valid"))
    line = f"{expected.bits:.3f} ± {expected.error:.3f} bits per dimension (± standard error, "
    done = call("score --patch 4", run)  # of what it held out
    assert done.out.endswith(f"{4 * len(expected.per_image)} images)\n")
    done = call("score", run)
    assert done.out == f"{line}{len(expected.per_image)} images)\n"
    assert call("score --data toy --patch 16", run).out.endswith("the entropy of the toy source\n")
    assert call("score --patch 64", run, "--data", folder).status == 2  # too large for them
    done = call("score", run, "--data", folder)
    assert "(± standard error, 12 images)" in done.out
    assert f"{run} learnt from 10 of these 12 images: this is not a score on unse" in done.err
    done = call("score --patch 10", run, "--data", folder)
    assert "learnt from 24 of these 28 images" in done.err
    np.savez(run.parent / "toys.npz", data.toy(2))  # larger than most that the run learnt from
    done = call("score --patch 16", run, "--data", run.parent / "toys.npz")
    assert done.out.endswith("2 images)\n") and not done.err
    done = call("score", run, "--data", folder / "00.png")
    assert done.out.endswith(" bits per dimension (1 image)\n")


def test_a_score_is_taken_in_float32(call, tmp_path):
    run = tmp_path / "run"
    line = f"train {RUN} --data toy --precision mixed_bfloat16 --out {run}"
    assert call(line).status == 0
    assert training.trained(run).compute_dtype == "bfloat16"
    assert start.find(parsed(f"score {run}"))[0].compute_dtype == "float32"


def test_a_terminal_without_the_sign(monkeypatch):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(scoring, "score", lambda *_, labels: (1, 0.25, np.ones(2)))
    assert command.main("score small --data toy --patch 16".split()) == 0
    said = terminal.buffer.getvalue().decode()
    assert said.startswith("1.000 +/- 0.250 bits per dimension (+/- standard error, 1000 images)")


def test_bad_images_are_left_out_and_named(call, tmp_path):
    for i, image in enumerate(data.photos(8)[:3]):
        Image.fromarray(image).save(tmp_path / f"{i}.png")
    (tmp_path / "3.png").touch()
    done = call("score small --skip-bad --data", tmp_path)
    assert done.status == 0 and done.out.endswith("3 images)\n")
    assert done.err.count("\n") == 1
    assert f"Left out 1 of 4 images: {tmp_path / '3.png'} cannot be read as an image" in done.err
    with pytest.warns(UserWarning, match="Left out 1 of 4 images"):
        parts = sources.learning(parsed(f"train --out run --skip-bad --data {tmp_path}"))
    assert [len(part) for part in parts[:2]] == [2, 1]


def test_grey_and_colour_are_not_compared(run, call, tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "grey.png")
    done = call("score", run, "--data", tmp_path)
    assert done.status == 2 and "that are in colour; the images to score are grey" in done.err


def test_a_run_of_one_image_holds_nothing_out(call, folder, tmp_path):
    run = tmp_path / "run"
    assert call(f"train {RUN} --patch 8 --out {run} --data", folder / "00.png").status == 0
    told = call("score", run)
    assert told.status == 2 and "held no images out. Name images to score it on" in told.err


def test_sample_draws_what_the_library_draws(run, call, tmp_path):
    out = tmp_path / "grid.png"
    done = call("sample small --n 3 --size 4 --seed 5 --zoom 2 --out", out)
    assert done.out == f"{out}: 3 images, 4 high and 4 wide\n"
    drawn = pictures.tile(generate_images(family.PixelCNN.pretrained(), 3, 4, seed=5))
    np.testing.assert_array_equal(np.array(Image.open(out))[::2, ::2], drawn)
    refused = call("sample small --n 1 --out", out)
    assert (
        refused.status == 2 and "grid.png exists. Choose another name, or give --f" in refused.err
    )
    done = call("sample --n 1 --force --zoom 1", run, "--out", out)
    assert done.out == f"{out}: 1 image, 8 high and 8 wide\n"  # as large as what it learnt from
    assert np.array(Image.open(out)).shape == (8, 8, 3)


def test_a_file_that_comes_while_it_draws_stays(call, monkeypatch, tmp_path):
    out = tmp_path / "a.png"

    def draw(*args, **options):
        out.write_text("mine")
        return np.zeros((1, 4, 4, 3), "uint8")

    monkeypatch.setattr(sampling, "generate_images", draw)
    done = call("sample small --n 1 --out", out)
    assert done.status == 2 and "a.png exists. Choose another name, or give --f" in done.err
    assert out.read_text() == "mine" and [*tmp_path.iterdir()] == [out]
    assert call("sample small --n 1 --force --out", out).status == 0
    assert out.read_bytes() != b"mine" and [*tmp_path.iterdir()] == [out]


def test_a_link_to_nothing_is_there_too(call, tmp_path):
    out = tmp_path / "a.png"
    out.symlink_to("nowhere")
    assert "a.png exists. Choose another name" in call("sample small --n 1 --out", out).err
    assert out.is_symlink()


def test_sizes_are_height_by_width(run, call, tmp_path):
    out = tmp_path / "a.png"
    done = call("sample small --n 1 --size 2x5 --zoom 3 --out", out)
    assert done.out == f"{out}: 1 image, 2 high and 5 wide\n"
    assert np.array(Image.open(out)).shape == (6, 15, 3)
    Image.new("RGB", (50, 50)).save(tmp_path / "b.png")
    rest = f"--n 1 --force --zoom 1 --image {tmp_path / 'b.png'} --out"
    done = call(f"complete small --size 2x5 {rest}", out)
    assert done.out == f"{out}: 3 images, 2 high and 5 wide\n"
    done = call(f"complete {run} {rest}", out)  # as large as what the run learnt from
    assert done.out == f"{out}: 3 images, 8 high and 8 wide\n"


@pytest.mark.parametrize("known", ["top", "left"])
def test_complete_keeps_what_is_known(call, tmp_path, known):
    out = tmp_path / "cats.png"
    Image.fromarray(data.photos(20)[0][:, :, 0]).save(tmp_path / "cat.png")
    line = f"complete small --n 2 --size 8 --share 0.25 --zoom 1 --known {known} --out {out}"
    assert call(line, "--image", tmp_path / "cat.png").status == 0
    sheet = np.array(Image.open(out))
    image, hidden, *drawn = data.cut([sheet], 8)
    kept = np.s_[:2] if known == "top" else np.s_[:, :2]
    rest = np.s_[2:] if known == "top" else np.s_[:, 2:]
    for other in (hidden, *drawn):
        np.testing.assert_array_equal(other[kept], image[kept])
    assert (hidden[rest] == 127).all() and (drawn[0][rest] != drawn[1][rest]).any()


def test_what_is_changed_in_loading_is_said_in_a_line(call, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "train", lambda *args, **settings: None)
    monkeypatch.setattr(actions, "summarise", lambda run: None)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    Image.new("L", (8, 8)).save(tmp_path / "b.png")
    done = call(f"train {RUN} --out run --data", tmp_path)
    assert done.status == 0 and done.err == (
        "python -m pixelcnn_lib train: 1 of 2 images are grey: converted to colour.\n"
    )
    assert done.out.endswith(", 1 image; keeps the best epoch on 1 other.\n")
