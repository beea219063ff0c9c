"""Long runs made short: what a run writes, that it resumes to the bit, and that it learns."""

import json
import shutil
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import ops
from long_runs import (
    EPOCHS,
    OPTIONS,
    Killed,
    assert_same_run,
    images,
    kill_at,
    small_model,
    start,
)
from PIL import Image
from tiny import Dropping

import pixelcnn_lib
from pixelcnn_lib import data, keeper, runs, training
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import ResidualBlock
from pixelcnn_lib.scoring import score


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing interrupted: its folder, its log, its model."""
    run, model = tmp_path_factory.mktemp("whole") / "run", small_model()
    patches, valid = images()
    log = training.train(model, patches, run, valid=valid, **OPTIONS)
    return run, log, model


def assert_same_weights(model, other):
    for a, b in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_run_writes_what_it_says(whole):
    run, log, _ = whole
    promised = {"config.json", "images.npz", "log.csv", "samples"}
    assert {path.name for path in run.iterdir()} == promised | {"checkpoints", "best.npz", "lock"}
    names = sorted(path.name for path in (run / "samples").iterdir())
    assert names == [f"epoch_{epoch:04d}.png" for epoch in (1, 2, 3)]
    assert np.array(Image.open(run / "samples" / names[0])).shape == (20, 20, 3)  # 4 x 4 of 5 x 5
    kept = sorted(path.name for path in (run / "checkpoints").iterdir())
    assert kept == ["epoch_0003.npz"]
    assert [line["epoch"] for line in log] == [0, 1, 2] and log == training.read_log(run)
    assert set(log[0]) == {"epoch", "epochs", "loss", "val_loss"}
    config = json.loads((run / "config.json").read_text())
    assert config["shape"] == [5, 5, 3]
    assert config["settings"]["size"] == 5 and config["settings"]["seed"] == 0
    assert config["versions"]["keras"] == keras.__version__
    assert config["versions"]["pixelcnn_lib"] == pixelcnn_lib.__version__
    assert runs.read_images(run)[2:] == (None, None)


def test_the_best_and_the_last_load(whole):
    run, log, model = whole
    _, valid = images()
    best = min(line["val_loss"] for line in log)
    np.testing.assert_allclose(score(training.trained(run), valid).bits, best, rtol=1e-6)
    np.testing.assert_allclose(score(model, valid).bits, log[-1]["val_loss"], rtol=1e-6)
    assert_same_weights(training.resume(run, verbose=0), model)  # nothing is left to do


@pytest.mark.parametrize(
    "module, function, call",
    [
        (keeper, "generate_images", 1),
        (runs, "save_log", 2),
        pytest.param(keeper, "copy_averages", 2, marks=pytest.mark.slow),
        pytest.param(runs, "save_checkpoint", 4, marks=pytest.mark.slow),
    ],
)
def test_a_stopped_run_resumes_to_the_bit(whole, tmp_path, monkeypatch, module, function, call):
    """Stopped in the first epoch, after the second checkpoint, before a score, before a checkpoint."""
    run, calls, original = tmp_path / "run", [], getattr(module, function)

    def killing(*args, **options):
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return original(*args, **options)

    monkeypatch.setattr(module, function, killing)
    with pytest.raises(Killed):
        start(run)
    monkeypatch.undo()
    assert len(training.read_log(run)) < EPOCHS
    assert_same_weights(training.resume(run, verbose=0), whole[2])
    assert_same_run(run, whole[0])


def test_minutes_plan_the_steps(tmp_path, monkeypatch, capsys):
    """Of 60 s, 26.5 are spent, 22 compile again, and each epoch's 3.8 have an end of 1."""
    clock = [0, 20, 22.5, 25.5, 26.5]  # after the first step, ten steps, both ends of an epoch
    monkeypatch.setattr(training, "time", SimpleNamespace(monotonic=iter(2 * clock).__next__))
    with pytest.raises(ValueError, match="0.8 minutes are too few: to prepare takes 48 seconds"):
        start(tmp_path / "run", minutes=0.8)
    assert not (tmp_path / "run").exists()
    log = start(tmp_path / "run", minutes=1, verbose=2)
    settings = runs.read_config(tmp_path / "run")["settings"]
    assert settings["steps_per_epoch"] == 11 and len(log) == settings["epochs"] == EPOCHS
    out = capsys.readouterr().out
    assert "1 min: 3 epochs of 11 steps each." in out and out.count("minutes_left: ") == EPOCHS - 1


def test_a_run_with_labels_keeps_them(tmp_path, monkeypatch):
    drawn, generate = [], keeper.generate_images
    watch = lambda *args, **options: drawn.append(options["labels"]) or generate(*args, **options)
    monkeypatch.setattr(keeper, "generate_images", watch)
    (patches, valid), model = images(), small_model(classes=3)
    labels = {"labels": np.arange(len(patches)) % 3, "valid_labels": [2, 0]}
    options = {**OPTIONS, "epochs": 1}
    log = training.train(model, patches, tmp_path / "run", valid=valid, **labels, **options)
    for kept, given in zip(runs.read_images(tmp_path / "run")[2:], labels.values(), strict=True):
        np.testing.assert_array_equal(kept, given)
    assert all(np.any(bias) for bias in model.class_biases)
    found = score(training.trained(tmp_path / "run"), valid, labels=[2, 0]).bits
    np.testing.assert_allclose(found, log[0]["val_loss"], rtol=1e-6)
    np.testing.assert_array_equal(drawn[0], [0, 1, 2] * 5 + [0])  # all classes in turn


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        dict(dtype="mixed_float16", head=LogisticMixtureHead(2)),
        dict(dtype="mixed_bfloat16", head=TiedMixtureHead(2)),
        dict(head=TiedMixtureHead(2)),
        dict(head=LogisticMixtureHead(2), pixel_layer=Dropping),
        dict(head=LogisticMixtureHead(2), classes=2),
    ],
)
def test_other_models_resume_to_the_bit(tmp_path, settings):
    """The scale of float16's gradients, and what dropout drops, are part of the checkpoint."""

    def train(run, **more):
        keras.utils.set_random_seed(0)
        model = PixelCNN(2, 1, 2, **settings)
        labels = [0, 1, 1, 0] if model.classes else None
        options = {**OPTIONS, "epochs": 2, "labels": labels, **more}
        training.train(model, images()[0], run, **options)

    train(tmp_path / "whole")
    with pytest.raises(Killed):
        train(tmp_path / "cut", callbacks=[kill_at(1)])
    resumed = training.resume(tmp_path / "cut", verbose=0)
    assert resumed.dtype_policy.name == settings.get("dtype", "float32")
    assert_same_run(tmp_path / "cut", tmp_path / "whole")


# What does not fit


class Unregistered(ResidualBlock):
    """A layer that no file can name."""


def frozen():
    model = small_model()
    model.first.trainable = False
    return model


COUNT = "must be a whole number from"
REFUSED = [
    ({"epochs": 0}, f"epochs {COUNT} 1 to 2147483647; got 0"),
    ({"learning_rate": np.nan}, "learning_rate must be a number above 0; got nan"),
    ({"size": 17}, "size must be 16 or less"),
    ({"images": "photos"}, "Expected arrays .*, got 'p': read"),
    ({"valid_labels": [1]}, "valid_labels need images"),
    ({"images": data.photographs()}, "Expected arrays .*, got Photograph"),
    ({"images": np.zeros((2, 8, 9, 3), "uint8")}, "must be square; got 8 x 9. Give the size"),
    ({"images": [np.zeros((8, 8, 3), "uint8"), np.zeros((9, 8, 3), "uint8")]}, "need a size"),
    ({"model": frozen}, "has some that are not trainable. Unfreeze"),
    (
        {"model": lambda: PixelCNN(1, 1, 1, dtype="bfloat16")},
        "dtype must be one of float32, .*; got",
    ),
    (
        {"model": lambda: PixelCNN(1, 1, 1, pixel_layer=Unregistered)},
        "Keras does not know the pixel layer Unregistered",
    ),
]


@pytest.mark.parametrize("changes, message", REFUSED, ids=[message for _, message in REFUSED])
def test_what_does_not_fit_is_refused_before_any_file(tmp_path, changes, message):
    options = {"images": images()[0], **OPTIONS, "size": None, **changes}
    model = options.pop("model", small_model)()
    with pytest.raises(ValueError, match=message):
        training.train(model, run=tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_nothing(tmp_path):
    with pytest.raises(
        ValueError, match="After epoch 1 the loss is nan. Start a new run with a low"
    ):
        start(tmp_path / "run", learning_rate=1e30)
    assert not (tmp_path / "run" / "best.npz").exists()


def test_the_best_epoch_is_kept_and_not_the_last(tmp_path, monkeypatch):
    bits, weights = iter([3.0, 2.0, 4.0]), []

    def score(model, valid, **options):
        weights.append(model.get_weights())
        return SimpleNamespace(bits=next(bits))

    monkeypatch.setattr(keeper, "score", score)
    start(tmp_path / "run")
    for a, b in zip(training.trained(tmp_path / "run").get_weights(), weights[1], strict=True):
        np.testing.assert_array_equal(a, b)


# Longer than first said


def test_a_run_is_extended_to_the_bit(whole, tmp_path, capsys):
    """Killed after the first new epoch, it ends as without the kill."""
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            rate = float(self.model.optimizer.learning_rate)
            seen.append((rate, [ops.convert_to_numpy(v) for v in self.model.trainable_variables]))

    twins = [shutil.copytree(whole[0], tmp_path / name) for name in ("whole", "killed")]
    training.resume(twins[0], epochs=6, verbose=2, callbacks=[Look()])
    assert "Epochs 4 to 6 begin at the averaged weights" in capsys.readouterr().out
    ((rate, weights),) = seen
    assert abs(rate - 1e-3) < 1e-8  # half of 0.002, in the middle of a cosine
    for a, b in zip(weights, whole[2].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(Killed):
        training.resume(twins[1], epochs=6, verbose=0, callbacks=[kill_at(4)])
    training.resume(twins[1], verbose=0)
    assert_same_run(*twins)
    log = training.read_log(twins[1])
    assert [line["epochs"] for line in log] == [3, 3, 3, 6, 6, 6]
    assert log[:3] == training.read_log(whole[0])


def test_a_run_is_not_made_shorter(whole):
    before = (whole[0] / "config.json").read_bytes()
    for epochs in (0, EPOCHS - 1, "4", 1.5):
        with pytest.raises(ValueError, match="epochs must be a whole number from 3 to"):
            training.resume(whole[0], epochs=epochs)
    assert (whole[0] / "config.json").read_bytes() == before
