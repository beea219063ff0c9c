"""Long runs made short: what a run writes, that it resumes to the bit, and that it learns."""

import errno
import json
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from keras import ops
from long_runs import assert_same_run, images, small_model
from PIL import Image
from tiny import tiny

import pixelcnn_lib
from pixelcnn_lib import data, runs, training
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.losses import bits_per_dim, score
from pixelcnn_lib.model import PixelCNN
from pixelcnn_lib.teach import answers, bugs

EPOCHS = 3
OPTIONS = dict(epochs=EPOCHS, steps_per_epoch=2, batch_size=3, size=5, augment=True, verbose=0)


class Killed(BaseException):
    """Stands for the power going out."""


def start(run, **changes):
    patches, valid = images()
    return training.train(small_model(), patches, run, valid=valid, **{**OPTIONS, **changes})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing interrupted: its folder, its log, its model."""
    run, model = tmp_path_factory.mktemp("whole") / "run", small_model()
    patches, valid = images()
    log = training.train(model, patches, run, valid=valid, **OPTIONS)
    return run, log, model


@pytest.fixture
def copy(whole, tmp_path):
    """A finished run, to spoil."""
    return shutil.copytree(whole[0], tmp_path / "copy")


def test_a_run_writes_what_it_says(whole):
    run, log, model = whole
    promised = {"config.json", "images.npz", "log.csv", "tensorboard", "samples", "checkpoints"}
    assert {path.name for path in run.iterdir()} == promised | {"best.npz", "lock"}
    names = sorted(path.name for path in (run / "samples").iterdir())
    assert names == [f"epoch_{epoch:04d}.png" for epoch in (1, 2, 3)]
    assert np.array(Image.open(run / "samples" / names[0])).shape == (20, 20, 3)  # 4 x 4 of 5 x 5
    assert [path.name[:10] for path in sorted((run / "checkpoints").iterdir())] == [
        "epoch_0002",
        "epoch_0003",
    ]
    assert [line["epoch"] for line in log] == [0, 1, 2] and log == training.read_log(run)
    assert set(log[0]) == {"epoch", "loss", "val_loss"}
    config = json.loads((run / "config.json").read_text())
    assert config["settings"]["size"] == 5 and config["settings"]["seed"] == 0
    assert config["versions"]["keras"] == keras.__version__
    assert config["versions"]["pixelcnn_lib"] == pixelcnn_lib.__version__


def test_the_best_and_the_last_load(whole):
    run, log, model = whole
    _, valid = images()
    best = min(line["val_loss"] for line in log)
    np.testing.assert_allclose(score(training.trained(run), valid).bits, best, rtol=1e-6)
    np.testing.assert_allclose(score(model, valid).bits, log[-1]["val_loss"], rtol=1e-6)
    again = training.resume(run, verbose=0)  # nothing is left to do
    for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "function, call",
    [("generate_images", 1), ("average", 2), ("save", 4), ("record", 3)],
)
def test_a_killed_run_resumes_to_the_bit(whole, tmp_path, monkeypatch, function, call):
    """Killed in the first epoch, before the second's score, at a checkpoint, and at the log."""
    run, calls = tmp_path / "run", []

    def killing(*args, **kwargs):
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return original(*args, **kwargs)

    owner = training.Keeper if function == "record" else training
    original = getattr(owner, function)
    monkeypatch.setattr(owner, function, killing)
    with pytest.raises(Killed):
        start(run)
    monkeypatch.undo()
    assert len(training.read_log(run)) < EPOCHS
    resumed = training.resume(run, verbose=0)
    for a, b in zip(resumed.get_weights(), whole[2].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert_same_run(run, whole[0])


def test_a_start_that_was_killed_starts_again(whole, tmp_path, monkeypatch):
    run = tmp_path / "run"

    def killing(*_):
        raise Killed

    monkeypatch.setattr(training, "save", killing)
    with pytest.raises(Killed):
        start(run)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="holds no run.*Start it with train"):
        training.resume(run)
    start(run)
    assert_same_run(run, whole[0])


@pytest.mark.parametrize(
    "dtype", ["mixed_float16", pytest.param("mixed_bfloat16", marks=pytest.mark.slow)]
)
def test_narrow_types_resume_to_the_bit(tmp_path, dtype):
    """The scale that keeps float16's gradients above zero is part of the checkpoint."""

    def model():
        keras.utils.set_random_seed(0)
        return PixelCNN(2, 1, 2, head=LogisticMixtureHead(2), dtype=dtype)

    def cut(epoch, logs):
        if epoch == 1:
            raise Killed

    options = dict(OPTIONS, epochs=2)
    training.train(model(), images()[0], tmp_path / "whole", **options)
    with pytest.raises(Killed):
        cutter = keras.callbacks.LambdaCallback(on_epoch_begin=cut)
        training.train(model(), images()[0], tmp_path / "cut", callbacks=[cutter], **options)
    assert training.resume(tmp_path / "cut", verbose=0).dtype_policy.name == dtype
    assert_same_run(tmp_path / "cut", tmp_path / "whole")


# Folders and files that do not fit


def test_a_folder_in_use_is_refused(whole, copy, tmp_path):
    with pytest.raises(ValueError, match=r"is not empty. Choose a new folder, or .*resume\("):
        start(copy)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").touch()
    with pytest.raises(ValueError, match="is not empty"):
        start(tmp_path / "letters")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["a.txt"]
    for function in (training.resume, training.trained):
        with pytest.raises(ValueError, match="holds no run.*Start it with train"):
            function(tmp_path)
    with runs.at_work(copy), pytest.raises(ValueError, match="in use by another process"):
        training.resume(copy)


@pytest.mark.parametrize("spoil", ["truncate", "flip", "empty"])
def test_a_broken_checkpoint_gives_way_to_the_one_before(whole, copy, spoil):
    last = sorted((copy / "checkpoints").iterdir())[-1]
    content = bytearray(last.read_bytes())
    content[len(content) // 2] ^= 1
    spoilt = {"truncate": content[:-100], "flip": content, "empty": b""}
    last.write_bytes(spoilt[spoil])
    with pytest.warns(UserWarning, match=f"{last.name} is broken.*the one before"):
        training.resume(copy, verbose=0)
    assert_same_run(copy, whole[0])


def test_no_whole_checkpoint_left(copy):
    for path in (copy / "checkpoints").iterdir():
        path.write_bytes(b"?")
    with pytest.raises(ValueError, match="no whole checkpoint"), pytest.warns(UserWarning):
        training.resume(copy)


def test_files_of_another_run_are_refused(copy):
    config = json.loads((copy / "config.json").read_text())
    for changes in ({"filters_per_colour": 3}, {"blocks": 2}):
        other = {**config, "model": {**config["model"], **changes}}
        (copy / "config.json").write_text(json.dumps(other))
        with pytest.raises(ValueError, match="weights of other shapes"):
            training.resume(copy)
        with pytest.raises(ValueError, match="not of .* model"):
            training.trained(copy)
    best = copy / "best.npz"
    (copy / "config.json").write_text(json.dumps(config))
    best.write_bytes(best.read_bytes()[:-100])
    with pytest.raises(ValueError, match="is broken"):
        training.trained(copy)


def test_nothing_that_is_loaded_runs_code(copy, tmp_path):
    config = json.loads((copy / "config.json").read_text())
    mark = tmp_path / "mark"
    evil = {
        "module": "pathlib",
        "class_name": "Path.touch",
        "config": {"self": str(mark)},
        "registered_name": None,
    }
    spoilt = [{**config, "dtype": evil}]
    spoilt += [{**config, "model": {**config["model"], "blocks": evil}}]
    spoilt += [{**config, "model": {**config["model"], "pixel_layer": "pathlib>Path"}}]
    for text in [*map(json.dumps, spoilt), "", "{}", "[]"]:
        (copy / "config.json").write_text(text)
        with pytest.raises(ValueError, match="does not describe a run"):
            training.resume(copy)
    config["model"]["head"][1]["dtype"] = evil
    (copy / "config.json").write_text(json.dumps(config))

    class Evil:
        def __reduce__(self):
            return Path.touch, (mark,)

    np.savez(copy / "images.npz", train_0=np.array([Evil()]))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        training.resume(copy)
    assert not mark.exists()


@pytest.mark.parametrize("name", ["checkpoints", "log.csv"])
def test_a_full_disk_leaves_what_was_whole(whole, tmp_path, monkeypatch, name):
    """The disk fills up in the second epoch, halfway through a file."""
    run, write = tmp_path / "run", Path.write_bytes

    def full(path, content):
        fills = name in str(path) and len(list(run.glob("samples/*"))) == 2
        write(path, content[: len(content) // 2] if fills else content)
        if fills:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        OSError, match=r"No space left.*mended, go on with resume\(.*before is whole"
    ) as error:
        start(run)
    assert error.value.errno == errno.ENOSPC
    monkeypatch.undo()
    assert not list(run.rglob("draft-*"))
    training.resume(run, verbose=0)
    assert_same_run(run, whole[0])


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(PermissionError, match="Permission denied"):
        start(tmp_path / "run")
    tmp_path.chmod(0o755)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"epochs": 0}, "epochs must be a whole number, 1 or more; got 0"),
        ({"batch_size": 1.5}, "batch_size must be a whole number, 1 or more; got 1.5"),
        ({"seed": -1}, "seed must be a whole number, 0 or more and below 4294967296; got -1"),
        ({"learning_rate": -1}, "learning_rate must be a number above 0; got -1"),
        ({"learning_rate": np.nan}, "learning_rate must be a number above 0; got nan"),
        ({"learning_rate": None}, "learning_rate must be a number above 0; got None"),
        ({"size": 17}, "size must be 16 or less"),
        ({"size": 0}, "size must be a whole number, 1 or more; got 0"),
        ({"devices": ["cpu:0", "cpu:1"]}, "multiple of the 2 devices"),
        ({"images": []}, "images must hold at least one image"),
        ({"valid": []}, "valid must hold at least one image"),
        ({"images": data.photographs()}, r"got a Photograph: use \[one.image"),
        ({"images": np.zeros((2, 8, 9, 3), "uint8")}, "must be square; got 8 x 9. Give a size"),
        ({"images": [np.zeros((8, 8, 3))]}, "takes uint8 images"),
        ({"images": [np.zeros((8, 8, 3), "uint8"), np.zeros((9, 8, 3), "uint8")]}, "need a size"),
        ({"valid": np.zeros((2, 8, 8, 1), "uint8")}, r"takes images \(N, H, W, 3\)"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_training(tmp_path, changes, message):
    options = {"images": images()[0], **OPTIONS, "size": None, **changes}
    with pytest.raises(ValueError, match=message):
        training.train(small_model(), run=tmp_path / "run", **options)
    assert not (tmp_path / "run" / "log.csv").exists()


def test_a_model_that_cannot_be_trained_is_refused_before_any_file(tmp_path):
    def train(model, **changes):
        options = {**OPTIONS, "augment": False, **changes}
        training.train(model, images()[0] // 64, tmp_path / "run", **options)

    frozen = small_model()
    frozen.first.trainable = False
    with pytest.raises(ValueError, match="has some that are not trainable. Unfreeze"):
        train(frozen)
    with pytest.raises(ValueError, match="augment needs 256 levels, the model has 8"):
        train(tiny(), augment=True)
    with pytest.raises(ValueError, match="Keras does not know the pixel layer plain_layer"):
        train(PixelCNN(2, 1, 2, pixel_layer=answers.plain_layer))
    assert not (tmp_path / "run").exists()


def test_numpy_numbers_are_settings_too(tmp_path):
    start(tmp_path / "run", epochs=np.int64(1), size=np.int32(5), learning_rate=np.float32(0.01))
    assert len(training.read_log(tmp_path / "run")) == 1


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_nothing(tmp_path):
    with pytest.raises(
        ValueError, match="After epoch 1 the loss is nan. Start a new run with a low"
    ):
        start(tmp_path / "run", learning_rate=1e30)
    assert not (tmp_path / "run" / "best.npz").exists()


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
    assert_same_run(run, whole[0])


def test_a_disk_that_is_full_from_the_start(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left.*Once this is mended, start it again"):
        start(tmp_path / "run")


@pytest.mark.parametrize("content", [b"", b"PK"])
def test_broken_images_are_told(copy, content):
    (copy / "images.npz").write_bytes(content)
    with pytest.raises(ValueError, match="images.npz is broken"):
        training.resume(copy, verbose=0)


def test_a_description_without_settings_is_refused(copy):
    config = json.loads((copy / "config.json").read_text())
    del config["settings"]["epochs"]
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match="does not describe a run: KeyError"):
        training.resume(copy)


def test_checkpoints_are_in_the_order_of_their_epochs(tmp_path):
    (tmp_path / "checkpoints").mkdir()
    for epoch in (10_000, 9_999, 9_998):
        (tmp_path / f"checkpoints/epoch_{epoch:04d}-0a1b.npz").touch()
    names = [path.name[6:-9] for path in runs.checkpoints(tmp_path)]
    assert names == ["9998", "9999", "10000"]


# What a run does


def test_it_begins_with_the_weights_that_it_is_given(tmp_path):
    model = small_model()
    before = model.get_weights()
    training.train(model, images()[0], tmp_path / "run", **{**OPTIONS, "learning_rate": 1e-9})
    for a, b in zip(model.get_weights(), before, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_best_epoch_is_kept_and_not_the_last(tmp_path, monkeypatch):
    bits, weights = iter([3.0, 2.0, 4.0]), []

    def score(model, valid):
        weights.append(model.get_weights())
        return SimpleNamespace(bits=next(bits))

    monkeypatch.setattr(training, "score", score)
    start(tmp_path / "run")
    for a, b in zip(training.trained(tmp_path / "run").get_weights(), weights[1], strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_optimiser_is_what_it_says():
    adam = training.optimizer(dict(epochs=10, steps_per_epoch=100, learning_rate=0.1), devices=2)
    rates = [float(adam._learning_rate(step)) for step in (0, 500, 1000)]
    np.testing.assert_allclose(rates, [0.1, 0.05, 0], atol=1e-7)
    assert adam.use_ema and (adam.ema_momentum, adam.global_clipnorm) == (0.98, 0.5)


def test_a_categorical_run_begins_at_the_histogram_unless_it_was_trained(tmp_path):
    slow = {**OPTIONS, "learning_rate": 1e-9}
    model = PixelCNN(2, 1, 2)
    training.train(model, images()[0], tmp_path / "new", **slow)
    begun = ops.convert_to_numpy(model.head.conv.bias)
    assert np.ptp(begun) > 1
    model.head.conv.bias.assign(begun[::-1])
    training.train(model, images()[0], tmp_path / "tuned", **slow)
    np.testing.assert_allclose(ops.convert_to_numpy(model.head.conv.bias), begun[::-1], atol=1e-6)


def test_samples_come_from_the_same_noise(tmp_path):
    start(tmp_path / "run", learning_rate=1e-9)
    sheets = [path.read_bytes() for path in (tmp_path / "run" / "samples").iterdir()]
    assert len(sheets) == EPOCHS and len(set(sheets)) == 1


@pytest.mark.parametrize("activation", [None, "tanh"])
def test_a_pixel_layer_that_cannot_be_cached_is_drawn_from_naively(tmp_path, activation):
    @keras.saving.register_keras_serializable("tests")
    class Pointwise(MaskedConv2D):
        def __init__(self, filters_per_colour, colours=3, **layer):
            filters, activated = 2 * filters_per_colour * colours, {"activation": activation}
            super().__init__(filters, 1, "B", colours, **activated, **layer)

        if activation:

            def cached(self, cache, xp=np):
                return cache(self)

    model = PixelCNN(2, 1, 2, pixel_layer=Pointwise)
    options = {**OPTIONS, "epochs": 1, "size": 2}
    assert len(training.train(model, images()[0], tmp_path / "run", **options)) == 1


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="of TensorFlow alone")
def test_determinism_ends_with_the_training(tmp_path):
    from tensorflow.python.framework import config

    start(tmp_path / "run", epochs=1)
    assert not config.is_op_determinism_enabled()
    with training.repeatable(["cpu:0"]):
        assert config.is_op_determinism_enabled()


# Learning, live


def learned(model, steps, rate):
    """Train on fresh draws of the toy source; the score on others, and the entropy."""
    images = data.toy(16 * steps, seed=1)
    if not isinstance(model.head, LogisticMixtureHead):
        model.head.start_at_histogram(images[:500])
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(schedule), loss=bits_per_dim)
    model.fit(images, images, batch_size=16, verbose=0)
    return score(model, data.toy(100, seed=2)), data.toy_entropy()


@pytest.mark.slow
def test_an_honest_model_nears_the_entropy_from_above():
    keras.utils.set_random_seed(0)
    result, entropy = learned(PixelCNN.preset("tiny", blocks=2), steps=240, rate=0.01)
    assert entropy - 3 * result.error < result.bits < entropy + 0.15


@pytest.mark.slow
def test_a_leaking_model_passes_below_the_entropy():
    keras.utils.set_random_seed(0)
    sizes = dict(filters_per_colour=12, blocks=0, head_per_colour=24, head=LogisticMixtureHead)
    result, entropy = learned(bugs.model("feature_numbers", **sizes), steps=400, rate=0.01)
    assert result.bits < entropy - 3 * result.error - 0.1
