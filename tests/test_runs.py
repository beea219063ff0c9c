"""What a run keeps: read back whole or refused in one line, and without running any code."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from long_runs import forge, start

from pixelcnn_lib import folders, runs, training
from pixelcnn_lib.family import PixelCNN


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a run of one epoch."""
    run = tmp_path_factory.mktemp("one") / "run"
    start(run, epochs=1)
    return run


@pytest.fixture
def copy(run, tmp_path):
    """The same, to spoil."""
    return shutil.copytree(run, tmp_path / "copy")


def config(run):
    return json.loads((run / "config.json").read_text())


def write(run, config):
    forge(run, "config.json", json.dumps(config).encode())


def refused(run, message):
    """Resume the run, and draw from it: one line says what is wrong."""
    for function in (training.resume, training.trained):
        with pytest.raises(ValueError, match=message) as error:
            function(run)
        assert "\n" not in str(error.value)


def test_what_was_changed_is_refused_before_it_is_read(copy):
    text = (copy / "config.json").read_text()
    (copy / "config.json").write_text(text.replace('"epochs": 1', '"epochs": 100000'))
    refused(
        copy, "config.json is not as the run wrote it: .* Restore it from a copy, or start a new"
    )
    (copy / "config.json").unlink()
    refused(copy, "holds a run whose config.json was removed. Restore that file from a copy")
    (copy / "config.json").write_text(text)
    for name, function in [("images.npz", training.resume), ("best.npz", training.trained)]:
        content = bytearray((copy / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copy / name).write_bytes(content)
        with pytest.raises(ValueError, match=f"{name} is not as the run wrote it"):
            function(copy)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"epochs": "3"}, "epochs must be a whole number from 1 to 2147483647; got '3'"),
        ({"epochs": None}, "epochs must be a whole number"),
        ({"epochs": True}, "epochs must be a whole number"),
        ({"epochs": 10**30}, "epochs must be a whole number from 1"),
        ({"epochs": 2**30, "steps_per_epoch": 2}, "epochs times steps_per_epoch must be"),
        ({"seed": 2**32}, "seed must be a whole number"),
        ({"learning_rate": "fast"}, "learning_rate must be a number above 0"),
        ({"size": 0}, "size must be a whole number"),
        ({"more": 1}, "unexpected keyword argument 'more'"),
    ],
)
def test_settings_are_checked_when_they_are_read(copy, change, message):
    changed = config(copy)
    changed["settings"] |= change
    write(copy, changed)
    refused(copy, f"config.json does not describe a run: .*{message}")


def test_a_description_that_is_none_is_refused(copy):
    whole = config(copy)
    missing = [{key: whole[key] for key in whole if key != name} for name in ("settings", "shape")]
    shapes = [{**whole, "shape": shape} for shape in (None, [4], [4, 4, "3"])]
    for text in ["", "null", "{}", "[]", "1", "[" * 10**5, *map(json.dumps, [*missing, *shapes])]:
        forge(copy, "config.json", text.encode())
        refused(copy, "does not describe a run")
    models = [{"filters_per_colour": "3"}, {"blocks": None}, {"head": 1}, {"pixel_layer": "no>one"}]
    for model in models:
        write(copy, {**whole, "model": {**whole["model"], **model}})
        refused(copy, "The model of .* cannot be built")
    write(copy, {**whole, "dtype": "int8"})
    refused(copy, "The model of .* cannot be built")


def test_files_of_another_run_are_refused(copy):
    whole = config(copy)
    for changes in ({"filters_per_colour": 3}, {"blocks": 2}):
        write(copy, {**whole, "model": {**whole["model"], **changes}})
        with pytest.raises(ValueError, match="weights of other shapes"):
            training.resume(copy)
        with pytest.raises(ValueError, match="best.npz of .* does not fit its model"):
            training.trained(copy)


def test_nothing_that_is_loaded_runs_code(copy, tmp_path):
    whole, mark = config(copy), tmp_path / "mark"
    evil = {
        "module": "pathlib",
        "class_name": "Path.touch",
        "config": {"self": str(mark)},
        "registered_name": None,
    }
    spoilt = [{**whole, "dtype": evil}]
    for change in (
        {"blocks": evil},
        {"pixel_layer": "pathlib>Path"},
        {"head": ["pathlib>Path", {}]},
    ):
        spoilt.append({**whole, "model": {**whole["model"], **change}})
    for one in spoilt:
        write(copy, one)
        refused(copy, "cannot be built")
    whole["model"]["head"][1]["dtype"] = evil
    write(copy, whole)

    class Evil:
        def __reduce__(self):
            return Path.touch, (mark,)

    np.savez(tmp_path / "evil.npz", train_0=np.array([Evil()]))
    forge(copy, "images.npz", (tmp_path / "evil.npz").read_bytes())
    with pytest.raises(ValueError, match="allow_pickle=False"):
        training.resume(copy)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"PK"])
def test_images_that_are_none_are_told(copy, content):
    forge(copy, "images.npz", content)
    with pytest.raises(ValueError, match="images.npz is broken"):
        training.resume(copy, verbose=0)


def test_checkpoints_are_those_of_the_mark_in_the_order_of_their_epochs(copy):
    for path in (copy / "checkpoints").iterdir():
        path.unlink()
    for epoch in (10_000, 9_999, 9_998):
        forge(copy, f"checkpoints/epoch_{epoch:04d}-{16 * 'a'}.npz", b"")
    for name in ("epoch_best.npz", f"epoch_20000-{16 * 'a'}.npz"):
        (copy / "checkpoints" / name).touch()
    with folders.at_work(copy) as folder:
        names = [name.partition("_")[2][:-21] for name in runs.checkpoints(folder)]
    assert names == ["9998", "9999", "10000"]


def test_the_log_is_read_as_it_was_written(copy):
    log = [{"epoch": 0, "epochs": 2, "loss": 3.5, "val_loss": 1 / 3}]
    (copy / "log.csv").write_bytes(runs.write_log(log))
    assert runs.read_log(copy) == log
    (copy / "log.csv").unlink()
    assert runs.read_log(copy) == []  # as before the first epoch ends


def test_a_log_of_no_run_and_a_changed_one_are_refused(copy):
    for folder in (copy / "none", copy / "log.csv", copy.parent):
        with pytest.raises(ValueError, match="holds no run. Start one with train, or name another"):
            runs.read_log(folder)
    whole = runs.read_log(copy)
    head = ",".join(runs.LOGGED).encode()
    for text in (b"epoch,loss\n1,2\n", head + b"\n1,2,3\n", head + b"\n1,2,,3\n", b"\xff\n\n"):
        (copy / "log.csv").write_bytes(text)
        with pytest.raises(ValueError, match="log.csv is not as the run wrote it. Move it elsewhe"):
            runs.read_log(copy)
    (copy / "log.csv").unlink()
    training.resume(copy, verbose=0)
    assert runs.read_log(copy) == whole


def test_a_run_names_its_model_s_class_and_an_older_one_is_a_pixelcnn(copy):
    whole = config(copy)
    assert whole["class"] == "pixelcnn>PixelCNN"
    write(copy, {key: whole[key] for key in whole if not key.startswith("class")})
    assert type(training.trained(copy)) is PixelCNN
    for name, message in (
        ("mine>Own", "does not know the model mine>Own yet. First import mine.own, where it was"),
        ("pixelcnn>bits_per_dim", "pixelcnn>bits_per_dim is no model of the family"),
        ("pixelcnn>ResidualBlock", "pixelcnn>ResidualBlock is no model of the family"),
    ):
        write(copy, {**whole, "class": name, "class_module": "mine.own"})
        refused(copy, f"The model of .* cannot be built: .*{message}")
