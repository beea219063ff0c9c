"""The network in the page is the library's, to the last value that it draws."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import quantise
from browser import NEEDED
from in_page import as_stored, runner, wide
from keras import ops
from tiny import noise_images, small, some_faces, tiny

from pixelcnn_lib import data
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.sampling import complete, generate_images
from pixelcnn_lib.teach.live import theatre

MIXED = dict(levels=256, scale=1)
MODELS = {
    "small": lambda: PixelCNN.pretrained("small"),
    "tied": lambda: tiny(head=TiedMixtureHead(components=3), **MIXED),
    "two tied colours": lambda: tiny(head=TiedMixtureHead(components=2), colours=2),
    "grey": lambda: tiny(head=CategoricalHead, colours=1, levels=17),
    "classes": lambda: tiny(head=LogisticMixtureHead(components=3), colours=1, classes=4),
    "snail": lambda: small("pixelsnail", blocks=2, near=3, embed=3, colours=1, classes=(2, 4, 3)),
}


@cache
def made(name):
    """A model in float64, its page's file, and the same model with the weights of that file."""
    model = MODELS[name]()
    file = quantise.quantise(model, size=3)
    return SimpleNamespace(model=wide(model), file=file, stored=as_stored(model, file))


@pytest.fixture(
    scope="module", params=["node", pytest.param("chromium", marks=[NEEDED, pytest.mark.slow])]
)
def run(request):
    """Run a program of in_page.py where the parameter says."""
    if request.param == "node":
        return runner()
    return runner(request.getfixturevalue("chromium").new_page())


@pytest.mark.parametrize("name", quantise.BYTES)
def test_the_file_is_what_the_tool_makes_of_the_shipped_model(name):
    assert quantise.text(name) == (WEIGHTS / f"{name}.json").read_text()


@pytest.mark.parametrize("name", MODELS)
def test_log_probabilities_are_keras_s_at_every_position(run, name):
    one = made(name)
    images = noise_images(3, (6, 7), one.model.colours, one.model.levels)
    images[1:] = np.array([0, one.model.levels - 1])[:, None, None, None]  # both ends
    check_log_probabilities(run, one, images)


def test_log_probabilities_are_keras_s_in_photographs(run):
    images = np.concatenate([data.photos(16, "test")[:2], some_faces(1)])  # (3, 16, 16, 3)
    check_log_probabilities(run, made("small"), images)


def some_labels(one, count):
    """The last classes of a model, or some of several labels; None if it has no classes."""
    classes = one.model.classes
    if np.ndim(classes):
        return np.random.default_rng(0).integers(0, classes, (count, len(classes)))
    return np.arange(classes)[-count:] if classes else None


def check_log_probabilities(run, one, images):
    labels = some_labels(one, len(images))
    wanted = ops.convert_to_numpy(one.model(images, labels))  # (N, H, W, colours, levels)
    flat, (height, width) = images.reshape(len(images), -1).tolist(), images.shape[1:3]
    given = dict(images=flat, height=height, width=width)
    given["labels"] = [None] * len(images) if labels is None else labels.tolist()
    found = run("score", "float32", file=one.file, **given)
    assert np.abs(found.reshape(wanted.shape) - wanted).max() < 1e-3


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "size, temperature", [((5, 9), 0.7), pytest.param((16, 16), 1, marks=pytest.mark.slow)]
)
def test_the_same_noise_draws_the_library_s_picture(run, name, size, temperature):
    one, shape = made(name), (*size, made(name).model.colours)
    noise = np.random.default_rng(sum(shape)).random((1, *shape))
    labels = some_labels(one, 1)
    options = dict(noise=noise, temperature=temperature, labels=labels)
    wanted = generate_images(one.stored, 1, size, **options)[0]
    given = dict(height=size[0], width=size[1], temperature=temperature, known=[], changes=[])
    given["label"] = None if labels is None else labels[0].tolist()
    found = run("paint", np.uint8, file=one.file, noise=noise.ravel().tolist(), **given)
    np.testing.assert_array_equal(found.reshape(shape), wanted)


@pytest.mark.parametrize("name", ["small", "tied"])
def test_completion_and_overruling_are_the_library_s(run, name):
    """The upper half is given; two later values are overruled, the later one first."""
    one, shape = made(name), (8, 6, 3)
    noise = np.random.default_rng(0).random((1, *shape))
    images, known = data.photos(16, "test")[:1, :8, :6].copy(), np.zeros((1, *shape), bool)
    known[:, :4] = True
    half = [[number, int(images.flat[number])] for number in np.flatnonzero(known).tolist()]
    changes = [[131, 7], [80, 250]]
    for number, level in changes:
        images.flat[number], known.flat[number] = level, True
    wanted = complete(one.stored, images, known, noise=noise)[0]
    given = dict(height=8, width=6, temperature=1, known=half, changes=changes)
    found = run("paint", np.uint8, file=one.file, noise=noise.ravel().tolist(), **given)
    np.testing.assert_array_equal(found.reshape(shape), wanted)


def test_noise_is_the_page_s(run):
    for seed in (0, 1, 2**31 - 1):
        found = run("noises", "float64", seed=seed, count=3000)
        np.testing.assert_array_equal(theatre.noise(seed, (10, 10, 10, 3)).ravel(), found)


def test_noise_is_uniform_and_its_own_for_each_seed():
    noise = np.stack([theatre.noise(seed, (100, 100)) for seed in range(20)]).reshape(20, -1)
    assert noise.min() >= 0 and noise.max() < 1
    shares = np.stack([np.bincount((row * 10).astype(int), minlength=10) for row in noise])
    assert np.abs(shares - 1000).max() < 150  # five standard deviations
    alike = np.corrcoef(noise) - np.eye(20)
    assert np.abs(alike).max() < 0.05
