"""Long runs made short: what a run writes, that it resumes to the bit, and that it learns."""

import json
import random
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

import pixelcnn_lib
from pixelcnn_lib import data, devices, runs, training
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.scoring import score
from pixelcnn_lib.teach import bugs, solutions


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing interrupted: its folder, its log, its model."""
    run, model = tmp_path_factory.mktemp("whole") / "run", small_model()
    patches, valid = images()
    log = training.train(model, patches, run, valid=valid, **OPTIONS)
    return run, log, model


@pytest.fixture
def copy(whole, tmp_path):
    """A finished run, to change."""
    return shutil.copytree(whole[0], tmp_path / "copy")


def test_a_run_writes_what_it_says(whole):
    run, log, model = whole
    promised = {"config.json", "images.npz", "log.csv", "loss.png", "tensorboard", "samples"}
    promised |= {"checkpoints", "best.npz", "lock", "pixelcnn_run.json"}
    assert {path.name for path in run.iterdir()} == promised
    names = sorted(path.name for path in (run / "samples").iterdir())
    assert names == [f"epoch_{epoch:04d}.png" for epoch in (1, 2, 3)]
    assert np.array(Image.open(run / "samples" / names[0])).shape == (20, 20, 3)  # 4 x 4 of 5 x 5
    assert [path.name[:10] for path in sorted((run / "checkpoints").iterdir())] == [
        "epoch_0002",
        "epoch_0003",
    ]
    assert [line["epoch"] for line in log] == [0, 1, 2] and log == training.read_log(run)
    assert set(log[0]) == {"epoch", "epochs", "loss", "val_loss"}
    config = json.loads((run / "config.json").read_text())
    assert config["shape"] == [5, 5, 3]
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
    [("generate_images", 1), ("copy_averages", 2), ("pack_checkpoint", 4), ("show", 3)],
)
def test_a_killed_run_resumes_to_the_bit(whole, tmp_path, monkeypatch, function, call):
    """Killed in the first epoch, before the second's score, at a checkpoint, and at the log."""
    run, calls = tmp_path / "run", []

    def killing(*args, **kwargs):
        calls.append(1)
        if len(calls) == call:
            raise Killed
        return original(*args, **kwargs)

    owner = training.Keeper if function == "show" else training
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


def labelled(run, callbacks=()):
    """Train a model with classes for a while; the labels of each set are numbered on."""
    patches, valid = images()
    model = small_model(classes=3)
    labels, others = np.arange(len(patches)) % 3, [2, 0]
    options = dict(labels=labels, valid_labels=others, callbacks=callbacks)
    training.train(model, patches, run, valid=valid, **OPTIONS, **options)
    return model, (patches, labels), (valid, others)


def test_a_run_with_labels_keeps_them_and_resumes_to_the_bit(tmp_path, monkeypatch):
    drawn, generate = [], training.generate_images
    watch = lambda *args, **options: drawn.append(options["labels"]) or generate(*args, **options)
    monkeypatch.setattr(training, "generate_images", watch)
    model, train, valid = labelled(tmp_path / "whole")
    with pytest.raises(Killed):
        labelled(tmp_path / "killed", callbacks=[kill_at(2)])
    assert len(training.read_log(tmp_path / "killed")) == 2
    resumed = training.resume(tmp_path / "killed", verbose=0)
    assert_same_run(tmp_path / "killed", tmp_path / "whole")
    for a, b in zip(resumed.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert all(np.any(bias) for bias in model.class_biases)
    for kept, (_, labels) in zip(runs.read_labels(tmp_path / "whole"), (train, valid)):
        np.testing.assert_array_equal(kept, labels)
    best = min(line["val_loss"] for line in training.read_log(tmp_path / "whole"))
    found = score(training.trained(tmp_path / "whole"), valid[0], labels=valid[1])
    np.testing.assert_allclose(found.bits, best, rtol=1e-6)
    np.testing.assert_array_equal(drawn[0], [0, 1, 2] * 5 + [0])  # all classes in turn


def test_a_run_without_labels_has_none(whole):
    assert runs.read_labels(whole[0]) == (None, None)


def test_a_start_that_was_killed_starts_again(whole, tmp_path, monkeypatch):
    run = tmp_path / "run"

    def killing(*_):
        raise Killed

    monkeypatch.setattr(training, "pack_checkpoint", killing)
    with pytest.raises(Killed):
        start(run)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="holds no run.*Start one with train"):
        training.resume(run)
    start(run)
    assert_same_run(run, whole[0])


@pytest.mark.parametrize(
    "dtype, head",
    [
        ("mixed_float16", LogisticMixtureHead(2)),
        ("float32", TiedMixtureHead(2)),
        pytest.param("mixed_bfloat16", TiedMixtureHead(2), marks=pytest.mark.slow),
    ],
)
def test_other_types_and_heads_resume_to_the_bit(tmp_path, dtype, head):
    """The scale that keeps float16's gradients above zero is part of the checkpoint."""

    def model():
        keras.utils.set_random_seed(0)
        return PixelCNN(2, 1, 2, head=head, dtype=dtype)

    options = dict(OPTIONS, epochs=2)
    training.train(model(), images()[0], tmp_path / "whole", **options)
    with pytest.raises(Killed):
        training.train(model(), images()[0], tmp_path / "cut", callbacks=[kill_at(1)], **options)
    resumed = training.resume(tmp_path / "cut", verbose=0)
    assert resumed.dtype_policy.name == dtype and type(resumed.head) is type(head)
    assert_same_run(tmp_path / "cut", tmp_path / "whole")


# What does not fit


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"epochs": 0}, "epochs must be a whole number from 1 to 2147483647; got 0"),
        (
            {"batch_size": 1.5},
            "batch_size must be a whole number from 1 to 2147483647; got 1.5",
        ),
        ({"seed": -1}, "seed must be a whole number from 0 to 4294967295; got -1"),
        ({"learning_rate": -1}, "learning_rate must be a number above 0; got -1"),
        ({"learning_rate": np.nan}, "learning_rate must be a number above 0; got nan"),
        ({"learning_rate": None}, "learning_rate must be a number above 0; got None"),
        ({"size": 17}, "size must be 16 or less"),
        ({"size": 0}, "size must be a whole number from 1 to 2147483647; got 0"),
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
    with pytest.raises(ValueError, match="Keras does not know the pixel layer plain_layer"):
        train(PixelCNN(2, 1, 2, pixel_layer=solutions.plain_layer))
    assert not (tmp_path / "run").exists()


def test_numpy_numbers_are_settings_too(tmp_path):
    start(tmp_path / "run", epochs=np.int64(1), size=np.int32(5), learning_rate=np.float32(0.01))
    assert len(training.read_log(tmp_path / "run")) == 1


@pytest.mark.parametrize("callbacks", [None, keras.callbacks.Callback()])
def test_callbacks_are_given_as_to_fit(tmp_path, callbacks):
    start(tmp_path / "run", epochs=1, callbacks=callbacks)
    training.resume(tmp_path / "run", epochs=2, verbose=0, callbacks=callbacks)


def test_a_run_may_be_as_long_as_one_likes(tmp_path):
    with pytest.raises(Killed):
        start(tmp_path / "run", epochs=2**31 - 1, steps_per_epoch=1, callbacks=[kill_at(0)])
    assert runs.read_config(tmp_path / "run")["settings"]["epochs"] == 2**31 - 1


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_nothing(tmp_path):
    with pytest.raises(
        ValueError, match="After epoch 1 the loss is nan. Start a new run with a low"
    ):
        start(tmp_path / "run", learning_rate=1e30)
    assert not (tmp_path / "run" / "best.npz").exists()


# What a run does


def test_it_begins_with_the_weights_that_it_is_given(tmp_path):
    model = small_model()
    before = model.get_weights()
    training.train(model, images()[0], tmp_path / "run", **{**OPTIONS, "learning_rate": 1e-9})
    for a, b in zip(model.get_weights(), before, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_the_best_epoch_is_kept_and_not_the_last(tmp_path, monkeypatch):
    bits, weights = iter([3.0, 2.0, 4.0]), []

    def score(model, valid, labels):
        weights.append(model.get_weights())
        return SimpleNamespace(bits=next(bits))

    monkeypatch.setattr(training, "score", score)
    start(tmp_path / "run")
    for a, b in zip(training.trained(tmp_path / "run").get_weights(), weights[1], strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_optimiser_is_what_it_says():
    adam = training.optimizer(dict(epochs=10, steps_per_epoch=100, learning_rate=0.1), parts=2)
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
    with devices.repeatable(["cpu:0"]):
        assert config.is_op_determinism_enabled()


# Every kind of model and image


def random_images(shape, levels, n=3):
    return np.random.default_rng(0).integers(0, levels, (n, *shape), dtype="uint8")


@pytest.mark.parametrize(
    "colours, levels, head",
    [
        (1, 2, CategoricalHead),
        (2, 3, LogisticMixtureHead(2)),
        (3, 8, CategoricalHead),
        (3, 8, TiedMixtureHead(2)),
        (4, 256, LogisticMixtureHead(2)),
        (5, 17, TiedMixtureHead(2)),
    ],
)
def test_any_number_of_colours_and_levels_runs_to_its_end(tmp_path, colours, levels, head):
    """Whole images, wider than high: the samples have their size, black to white."""
    model = PixelCNN(1, 1, 1, levels=levels, colours=colours, head=head)
    shape = (2, 3, colours)
    options = dict(epochs=1, steps_per_epoch=1, batch_size=2, verbose=0)
    training.train(model, random_images(shape, levels), tmp_path / "run", **options)
    training.resume(tmp_path / "run", verbose=0)
    assert runs.read_config(tmp_path / "run")["shape"] == list(shape)
    sheet = np.array(Image.open(tmp_path / "run" / "samples" / "epoch_0001.png"))
    side_by_side = 1 if colours in (1, 3) else colours
    assert sheet.shape == (4 * 2, 4 * 3 * side_by_side, 3)
    whites = np.arange(levels) * 255 // (levels - 1)
    assert set(sheet.ravel()) <= set(whites) and sheet.max() > 127


def test_samples_are_as_large_as_what_the_run_learns_from(tmp_path):
    start(tmp_path / "run", epochs=1, size=None)
    photographs = [photograph.image for photograph in data.photographs()]
    options = {**OPTIONS, "epochs": 1, "steps_per_epoch": 1, "size": 20}
    training.train(small_model(), photographs, tmp_path / "large", **options)
    for run, side in [("run", 64), ("large", 80)]:
        with Image.open(tmp_path / run / "samples" / "epoch_0001.png") as sheet:
            assert sheet.size == (side, side)


@pytest.mark.parametrize(
    "dtype", ["bfloat16", "float16", "int8_from_float32", "float8_from_mixed_bfloat16"]
)
def test_a_type_that_a_run_cannot_keep_is_refused_before_any_file(tmp_path, dtype):
    model = PixelCNN(1, 1, 1, dtype=dtype)
    with pytest.raises(ValueError, match=f"dtype must be one of float32, .*; got {dtype}"):
        training.train(model, images()[0], tmp_path / "run", **OPTIONS)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("head", [CategoricalHead, LogisticMixtureHead(2), TiedMixtureHead(2)])
def test_values_above_the_levels_are_refused_before_any_file(tmp_path, head):
    """One pixel of the last image."""
    model, patches = PixelCNN(1, 1, 1, levels=8, head=head), random_images((4, 4, 3), 8)
    patches[-1, -1, -1, -1] = 8
    for wrong in ({"images": patches}, {"images": list(patches)}, {"valid": patches}):
        given = {"images": patches[:1], **OPTIONS, "augment": False, "size": 4, **wrong}
        with pytest.raises(ValueError, match="knows the levels 0 to 7, got 8"):
            training.train(model, run=tmp_path / "run", **given)
    assert not (tmp_path / "run").exists()


def test_the_streams_of_numpy_and_python_go_on(tmp_path):
    def drawn(between):
        random.seed(1)
        np.random.seed(1)
        between()
        return random.random(), np.random.random()

    model, (patches, _) = small_model(), images()
    train = lambda: training.train(model, patches, tmp_path / "run", **{**OPTIONS, "epochs": 1})
    assert drawn(train) == drawn(lambda: None)


@keras.saving.register_keras_serializable("tests")
class Dropping(ResidualBlock):
    """A block that drops a third of what it is given, in training only."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.drop = keras.layers.Dropout(1 / 3, dtype=self.dtype_policy)

    def call(self, x, training=None):
        return super().call(self.drop(x, training=training))


def test_a_dropout_resumes_to_the_bit(tmp_path):
    """What it drops at a step follows from a state, which is part of the checkpoint."""

    def train(run, **options):
        keras.utils.set_random_seed(0)
        model = PixelCNN(2, 1, 2, pixel_layer=Dropping, head=LogisticMixtureHead(2))
        training.train(model, images()[0], run, **{**OPTIONS, "epochs": 2, **options})

    train(tmp_path / "whole")
    with pytest.raises(Killed):
        train(tmp_path / "cut", callbacks=[kill_at(1)])
    training.resume(tmp_path / "cut", verbose=0)
    assert_same_run(tmp_path / "cut", tmp_path / "whole")


def test_a_pixel_layer_of_ones_own_is_named_until_it_is_imported(tmp_path, monkeypatch):
    run = tmp_path / "run"
    model = PixelCNN(1, 1, 1, pixel_layer=Dropping)
    training.train(model, images()[0], run, **{**OPTIONS, "epochs": 1, "size": 2})
    custom = keras.saving.get_custom_objects()
    layer = custom.pop("tests>Dropping")
    for function in (training.resume, training.trained):
        with pytest.raises(ValueError, match=f"run cannot .* tests>Dropping .* import {__name__},"):
            function(run)
    custom["tests>Dropping"] = layer
    assert training.trained(run).pixel_layer is Dropping


# Longer than first said


def test_a_run_is_extended_to_the_bit(whole, tmp_path, capsys):
    """Killed as soon as it is extended, and in the first new epoch; it ends as without the kills."""
    twins = [shutil.copytree(whole[0], tmp_path / name) for name in ("whole", "killed")]
    training.resume(twins[0], epochs=5, verbose=2)
    assert "Epochs 4 to 5 begin at the averaged weights" in capsys.readouterr().out
    for epoch in (3, 4):
        with pytest.raises(Killed):
            training.resume(twins[1], epochs=5, verbose=0, callbacks=[kill_at(epoch)])
    training.resume(twins[1], verbose=0)
    assert_same_run(*twins)
    log = training.read_log(twins[1])
    assert [line["epochs"] for line in log] == [3, 3, 3, 5, 5]
    assert log[:3] == training.read_log(whole[0])


def test_an_extended_run_begins_at_the_averages_and_on_the_longer_cosine(whole, tmp_path):
    run, seen = shutil.copytree(whole[0], tmp_path / "run"), []

    class Look(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            rate = float(self.model.optimizer.learning_rate)
            seen.append((rate, [ops.convert_to_numpy(v) for v in self.model.trainable_variables]))

    training.resume(run, epochs=6, verbose=0, callbacks=[Look()])
    ((rate, weights),) = seen
    assert abs(rate - 1e-3) < 1e-8  # half of 0.002, in the middle of a cosine
    for a, b in zip(weights, whole[2].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_run_is_not_made_shorter(copy):
    for epochs in (0, EPOCHS - 1, "4", 1.5):
        with pytest.raises(ValueError, match="epochs must be a whole number from 3 to"):
            training.resume(copy, epochs=epochs)
    before = (copy / "config.json").read_bytes()
    training.resume(copy, epochs=EPOCHS, verbose=0)
    assert (copy / "config.json").read_bytes() == before


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
