"""Long runs made short: what a run writes, that it resumes to the bit, and that it learns."""

import gc
import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image
from tiny import tiny

from pixelcnn_lib import data, training
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.losses import bits_per_dim, score
from pixelcnn_lib.model import PixelCNN
from pixelcnn_lib.teach import bugs

EPOCHS = 3
OPTIONS = dict(epochs=EPOCHS, steps_per_epoch=2, batch_size=3, size=5, augment=True, verbose=0)


def small_model():
    return tiny(blocks=1, levels=256, filters_per_colour=2, head=LogisticMixtureHead(2), scale=1)


def images():
    return data.toy(4, seed=1), data.toy(2, seed=2)


class Killed(BaseException):
    """Stands for the power going out."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nothing interrupted: its folder, its log, its model."""
    run, model = tmp_path_factory.mktemp("whole") / "run", small_model()
    patches, valid = images()
    log = training.train(model, patches, run, valid=valid, **OPTIONS)
    return run, log, model


def test_a_run_writes_what_it_says(whole):
    run, log, model = whole
    promised = {"config.json", "images.npz", "log.csv", "tensorboard", "samples", "last.npz"}
    assert {path.name for path in run.iterdir()} == promised | {"best.weights.h5"}
    assert not list(run.rglob("draft-*"))
    names = sorted(path.name for path in (run / "samples").iterdir())
    assert names == [f"epoch_{epoch:04d}.png" for epoch in (1, 2, 3)]
    assert np.array(Image.open(run / "samples" / names[0])).shape == (20, 20, 3)  # 4 x 4 of 5 x 5
    assert [line["epoch"] for line in log] == [0, 1, 2] and log == training.read_log(run)
    assert {"loss", "val_loss"} <= set(log[0])
    assert json.loads((run / "config.json").read_text())["settings"]["size"] == 5
    assert list((run / "tensorboard").rglob("events*"))


def test_the_best_and_the_last_load(whole):
    run, log, model = whole
    _, valid = images()
    twin = small_model()
    twin.load_weights(run / "best.weights.h5")
    best = min(line["val_loss"] for line in log)
    np.testing.assert_allclose(score(twin, valid).bits, best, rtol=1e-6)
    np.testing.assert_allclose(score(model, valid).bits, log[-1]["val_loss"], rtol=1e-6)
    again = training.resume(run, verbose=0)  # nothing is left to do
    for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def interrupted(monkeypatch, run, function, epoch):
    """Start a run and kill it where a function of the training module is called in an epoch."""
    original, calls = getattr(training, function), []

    def call(*args, **kwargs):
        calls.append(1)
        if len(calls) == epoch:
            raise Killed
        return original(*args, **kwargs)

    monkeypatch.setattr(training, function, call)
    patches, valid = images()
    with pytest.raises(Killed):
        training.train(small_model(), patches, run, valid=valid, **OPTIONS)
    monkeypatch.undo()
    gc.collect()  # the log, which the kill left open, closes here


leaves_the_log_open = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@leaves_the_log_open
@pytest.mark.parametrize("function, epoch", [("generate_images", 2), ("save", 3)])
def test_a_killed_run_resumes_to_the_bit(whole, tmp_path, monkeypatch, function, epoch):
    reference, log, model = whole
    run = tmp_path / "run"
    interrupted(monkeypatch, run, function, epoch)
    assert len(training.read_log(run)) < EPOCHS or function == "save"
    resumed = training.resume(run, verbose=0)
    for a, b in zip(resumed.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert training.read_log(run) == log
    for name in ("last.npz", "samples/epoch_0003.png", "log.csv"):
        assert (run / name).exists()
    best, twin = small_model(), small_model()
    best.load_weights(run / "best.weights.h5")
    twin.load_weights(reference / "best.weights.h5")
    for a, b in zip(best.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@leaves_the_log_open
def test_a_run_killed_between_checkpoint_and_the_rest_keeps_its_log(whole, tmp_path, monkeypatch):
    """Killed just after an epoch's checkpoint: the log already has the epoch's line."""
    _, log, model = whole
    run, replace = tmp_path / "run", training.replace

    def once(path, write):
        replace(path, write)
        if path.name == "last.npz":
            raise Killed

    monkeypatch.setattr(training, "replace", once)
    patches, valid = images()
    with pytest.raises(Killed):
        training.train(small_model(), patches, run, valid=valid, **OPTIONS)
    monkeypatch.undo()
    gc.collect()
    training.resume(run, verbose=0)
    assert training.read_log(run) == log


def test_a_folder_in_use_is_refused(whole, tmp_path):
    run, _, model = whole
    with pytest.raises(ValueError, match=r"is not empty. Choose a new folder, or .*resume\("):
        training.train(model, images()[0], run, **OPTIONS)
    with pytest.raises(ValueError, match="no finished epoch.*Start it with train"):
        training.resume(tmp_path)
    shutil.copytree(run, tmp_path / "copy")
    (tmp_path / "copy" / "last.npz").unlink()
    with pytest.raises(ValueError, match="no finished epoch"):
        training.resume(tmp_path / "copy")


# Batches and augmentation


def settings(**changes):
    return {"seed": 0, "batch_size": 4, "size": 6, "augment": True, **changes}


def test_a_batch_is_a_function_of_seed_and_step():
    photographs = [photograph.image for photograph in data.photographs("valid")]
    draw = lambda step, **changes: training.draw_batch(photographs, step, settings(**changes))
    assert draw(5).shape == (4, 6, 6, 3) and draw(5).dtype == np.uint8
    np.testing.assert_array_equal(draw(5), draw(5))
    assert (draw(5) != draw(6)).any() and (draw(5) != draw(5, seed=1)).any()


def test_crops_are_of_the_images_and_may_be_whole():
    image = np.arange(4 * 5 * 3, dtype="uint8").reshape(4, 5, 3)
    whole = training.draw_batch([image], 0, settings(size=None, augment=False))
    np.testing.assert_array_equal(whole, np.stack(4 * [image]))
    crops = training.draw_batch([image], 0, settings(size=2, augment=False, batch_size=50))
    corners = {int(crop[0, 0, 0]) for crop in crops}
    assert corners == {15 * row + 3 * col for row in range(3) for col in range(4)}
    for crop in crops:
        row, col = divmod(int(crop[0, 0, 0]) // 3, 5)
        np.testing.assert_array_equal(crop, image[row : row + 2, col : col + 2])


@pytest.mark.parametrize("colours", [1, 3])
def test_augmentation_keeps_what_it_must(colours):
    image = np.random.default_rng(0).integers(0, 256, (6, 6, colours), "uint8")
    before, seen = image.copy(), set()
    for seed in range(60):
        varied = training.augmented(image, np.random.default_rng(seed))
        assert varied.dtype == np.uint8 and varied.shape == image.shape
        seen.add(varied.tobytes())
        flat = training.augmented(np.full_like(image, 255), np.random.default_rng(seed))
        assert flat.std((0, 1)).max() < 1  # one colour stays one colour, but for the jitter
    np.testing.assert_array_equal(image, before)
    assert len(seen) > 30


def test_start_at_the_histogram_scores_its_entropy():
    model, patches = PixelCNN(2, 1, 2), data.toy(8)
    training.start_at_histogram(model, patches)
    counts = [np.bincount(patches[..., c].ravel(), minlength=256) for c in range(3)]
    expected = [-(n / n.sum() * np.log2((n + 1) / (n + 1).sum())).sum() for n in counts]
    assert abs(score(model, patches).bits - np.mean(expected)) < 0.05


def test_tile_lays_images_out_in_rows():
    images = np.arange(3, dtype="uint8")[:, None, None, None] * np.ones((1, 2, 2, 1), "uint8")
    sheet = training.tile(images)
    assert sheet.shape == (4, 4, 3)
    np.testing.assert_array_equal(sheet[::2, ::2, 0], [[0, 1], [2, 0]])


# Learning, live


def learned(model, steps, rate):
    """Train on fresh draws of the toy source; the score on others, and the entropy."""
    images = data.toy(16 * steps, seed=1)
    if not isinstance(model.head, LogisticMixtureHead):
        training.start_at_histogram(model, images[:500])
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
