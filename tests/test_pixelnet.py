"""The network in the page is the library's, to the last pixel that it draws."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
import quantise
from in_page import as_stored, run
from keras import ops
from tiny import noise_images, small

from pixelcnn_lib import coding, data
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.sampling import complete
from pixelcnn_lib.teach.live import faces

MODELS = {
    "faces": lambda: PixelSNAIL.pretrained("faces"),
    "small": lambda: small(
        "pixelsnail", blocks=2, near=9, embed=3, colours=1, classes=(2, 4, 3), levels=8
    ),
}
SIZES = {"faces": (16, 16), "small": (5, 9)}
each = pytest.mark.parametrize("name", MODELS)


@cache
def made(name):
    """A model's page file, and the model in float64 with the weights of that file."""
    model = MODELS[name]()
    file = quantise.quantise(model)
    return SimpleNamespace(file=file, stored=as_stored(model, file), size=SIZES[name])


def test_the_file_is_what_the_tool_makes_of_the_shipped_model():
    assert quantise.text() == faces.NETWORK.read_text()


def test_a_byte_for_each_weight_costs_less_than_a_twentieth_of_a_bit_for_a_face():
    images = data.faces(100, seed=5)
    labels = np.tile(faces.UNASKED, (len(images), 1))
    models = MODELS["faces"](), made("faces").stored
    exact, stored = (one.score(images, labels=labels).bits * 256 for one in models)
    assert abs(stored - exact) < 0.05


def some_labels(one, count):
    """Labels of a model, (count, labels)."""
    classes = one.stored.classes
    return np.random.default_rng(0).integers(0, classes, (count, len(classes)))


@each
def test_log_probabilities_are_keras_s_at_every_pixel_of_any_picture(name):
    """Nothing is drawn here: every pixel is given, most of them such as no face has."""
    one = made(name)
    images = noise_images(3, one.size, 1, one.stored.levels)
    images[1] = one.stored.levels - 1
    if name == "faces":
        images[2:] = data.faces(1)
    labels = some_labels(one, len(images))
    wanted = ops.convert_to_numpy(one.stored(images, labels))  # (N, H, W, 1, levels)
    given = dict(images=images.reshape(len(images), -1).tolist(), labels=labels.tolist())
    height, width = one.size
    found = run("score", "float64", file=one.file, height=height, width=width, **given)
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted, atol=1e-9)


@each
def test_completion_and_overruling_are_the_library_s(name):
    """The upper half is given; two later pixels are overruled, the later one first."""
    one, labels = made(name), some_labels(made(name), 1)
    shape = (1, *one.size, 1)
    noise = np.random.default_rng(0).random(shape)
    images, known = noise_images(1, one.size, 1, one.stored.levels), np.zeros(shape, bool)
    known[:, : one.size[0] // 2] = True
    half = [[pixel, int(images.flat[pixel])] for pixel in np.flatnonzero(known).tolist()]
    changes = [[images.size - 5, 4], [images.size - 15, 1]]
    for pixel, colour in changes:
        images.flat[pixel], known.flat[pixel] = colour, True
    wanted = complete(one.stored, images, known, noise=noise, labels=labels)
    found = paint(one, noise, labels, known=half, changes=changes)
    np.testing.assert_array_equal(found, wanted)


def paint(one, noise, labels, known=(), changes=()):
    """Draw one picture in the page: uint8, shape of the noise."""
    height, width = one.size
    given = dict(height=height, width=width, labels=labels[0].tolist(), known=known)
    given.update(noise=noise.ravel().tolist(), changes=changes)
    return run("paint", np.uint8, file=one.file, **given).reshape(noise.shape)


@each
def test_a_file_of_the_page_is_the_library_s_and_any_bytes_are_a_picture(name):
    one, labels = made(name), some_labels(made(name), 1)[0]
    height, width = one.size
    given = dict(file=one.file, height=height, width=width, labels=labels.tolist())
    images = noise_images(1, one.size, 1, one.stored.levels)
    if name == "faces":
        images = np.concatenate([images, data.faces(2, seed=5)])
    for image in images:
        file = coding.encode(one.stored, image, labels)
        stream = file[coding.read_header(file).start : -8]
        wrote = run("write", "uint8", image=image.ravel().tolist(), **given)
        assert wrote.tobytes() == stream
        found = run("read", "uint8", stream=list(stream), **given)
        np.testing.assert_array_equal(found, image.ravel())
    for stream in np.random.default_rng(0).bytes(12), b"OPA":
        wanted, decide = np.zeros((*one.size, 1), "uint8"), coding.reader(stream)
        coding.run(one.stored, wanted, labels[None], [decide])
        found = run("read", "uint8", stream=list(stream), **given)
        np.testing.assert_array_equal(found, wanted.ravel())


def test_noise_is_the_page_s():
    for seed in (0, 1, 2**31 - 1):
        found = run("noises", "float64", seed=seed, count=3000)
        np.testing.assert_array_equal(faces.noise(seed, (10, 15, 20)).ravel(), found)
