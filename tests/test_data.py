"""The data: what is shipped is what was made, splits do not mix, and the toy's entropy is exact."""

import hashlib
import json
import subprocess
import sys
from itertools import product
from math import log2
from types import SimpleNamespace

import numpy as np
import pytest

from pixelcnn_lib import data


def test_module_is_light():
    code = "import sys; from pixelcnn_lib import data; print(data.__file__, 'keras' in sys.modules)"
    file, keras = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert file.endswith("data.py")  # the module, not the folder of the same name
    assert keras == "False"


# Photographs


def test_checksums_and_attributions():
    checksums = json.loads((data.FOLDER / "checksums.json").read_text())
    assert set(checksums) == {f"{name}.png" for name in data.ATTRIBUTIONS}
    assert set(checksums) == {path.name for path in data.FOLDER.glob("*.png")}
    for name, checksum in checksums.items():
        assert hashlib.sha256((data.FOLDER / name).read_bytes()).hexdigest() == checksum
    table = (data.FOLDER / "ATTRIBUTION.md").read_text()
    for name, attribution in data.ATTRIBUTIONS.items():
        (line,) = [line for line in table.splitlines() if line.startswith(f"| {name}.png ")]
        assert f"| {attribution} |" in line


def test_photographs():
    def names(split):
        return [photograph.name for photograph in data.photographs(split)]

    assert names("train") == names("valid") == ["astronaut", "coffee", "rocket", "china"]
    assert names("test") == ["chelsea", "flower"]
    shapes = {photograph.name: photograph.image.shape for photograph in data.photographs("train")}
    assert shapes["astronaut"] == (224, 256, 3)  # 512 x 512, halved, less 32 rows
    chelsea, flower = data.photographs("test")
    assert chelsea.image.shape == (150, 225, 3) and flower.image.shape == (213, 320, 3)
    pairs = zip(data.photographs("train"), data.photographs("valid"), strict=True)
    for train, valid in pairs:
        assert train.image.dtype == valid.image.dtype == np.uint8
        assert valid.image.shape == (32, *train.image.shape[1:])
        assert train.attribution == data.ATTRIBUTIONS[train.name]
        whole = np.array(data.Image.open(data.FOLDER / f"{train.name}.png"))
        np.testing.assert_array_equal(np.concatenate([train.image, valid.image]), whole)


def test_patches_are_the_photograph_and_nothing_twice():
    coffee = data.photographs("train")[1].image
    patches = {patch.tobytes() for patch in data.photos(16)}
    for row, col in [(0, 0), (16, 32), (144, 272)]:
        assert coffee[row : row + 16, col : col + 16].tobytes() in patches
    assert data.photos(16).shape == (844, 16, 16, 3)  # 14 x 16 + 10 x 18 + 11 x 20 + 11 x 20
    assert data.photos(np.int64(32), "valid").shape == (37, 32, 32, 3)  # 8 + 9 + 10 + 10
    assert data.photos().dtype == np.uint8 and data.photos(150, "test").shape == (3, 150, 150, 3)


@pytest.mark.parametrize("size", [8, 16, 32])
def test_splits_share_no_patch(size):
    train, valid, test = (
        {patch.tobytes() for patch in data.photos(size, split)} for split in data.SPLITS
    )
    assert not test & (train | valid)
    for patch in train & valid:  # the astronaut's black background, at different places
        assert set(patch) == {0}


def test_order_is_fixed_and_mixed():
    patches = data.photos(16)
    np.testing.assert_array_equal(patches, data.photos(16))
    origin = {}  # which photograph each patch is from, by its bytes
    for photograph in data.photographs("train"):
        for row, col in product(range(0, 224, 16), range(0, 320, 16)):
            patch = photograph.image[row : row + 16, col : col + 16]
            origin[patch.tobytes()] = photograph.name
    assert {origin[patch.tobytes()] for patch in patches[:40]} == set(data.TRAINING)


@pytest.mark.parametrize("size", [0, -1, 16.0, "16", None, 169])
def test_bad_size(size):
    with pytest.raises(ValueError, match="whole number from 1 to 168"):
        data.photos(size)


def test_bad_split():
    for function in [data.photographs, lambda split: data.photos(16, split), data.cifar10]:
        with pytest.raises(ValueError, match=r"split must be .*'holdout'"):
            function("holdout")
    with pytest.raises(ValueError, match="from 1 to 32"):
        data.photos(33, "valid")


# The toy source


def all_layouts(size):
    counts = data._choices(size)
    return np.stack(np.unravel_index(np.arange(np.prod(counts)), counts), axis=1)


@pytest.mark.parametrize("size", [16, 17])
def test_entropy_is_exact(size):
    """Every layout can be read back from under the noise: no choice hides another."""
    layouts = all_layouts(size)
    if size == 17:
        layouts = layouts[::7]
    images = data._draw(layouts, size)
    assert images.dtype == np.uint8 and images.max() < 16  # room for all the noise
    noise = np.random.default_rng(1).integers(16, size=images.shape, dtype=np.uint8)
    np.testing.assert_array_equal(data.toy_layouts(images * np.uint8(16) + noise), layouts)


def test_entropy_by_hand():
    assert data.toy_entropy() == 4 + log2(4 * 4 * 4 * 4 * 13 * 12) / 768
    assert data.toy_entropy(32) == 4 + log2(4 * 4 * 4 * 4 * 29 * 28) / 3072


def test_colours_differ():
    colours = np.vstack([data.SKIES, data.GROUNDS, data.WALLS, data.SUN, data.ROOF, data.DOOR])
    assert len(np.unique(colours, axis=0)) == 15


def test_a_picture_by_hand():
    layout = [0, 0, 0, 1, 12, 11]  # sun and house far right, ground from row 12
    (image,) = data._draw(np.array([layout]), 16)
    sun, roof, wall, door = (
        {(int(row), int(col)) for row, col in np.argwhere((image == colour).all(-1))}
        for colour in [data.SUN, data.ROOF, data.WALLS[0], data.DOOR]
    )
    assert sun == set(product(range(1, 5), range(12, 16))) - {(1, 12), (1, 15), (4, 12), (4, 15)}
    assert roof == {(6, 13), *product([7], range(12, 15)), *product([8], range(11, 16))}
    assert door == {(10, 13), (11, 13)}
    assert wall == set(product(range(9, 12), range(11, 16))) - door
    assert (image[12:] == data.GROUNDS[0]).all() and (image[0] == data.SKIES[0]).all()


def test_draws_are_uniform_and_independent():
    """Chi-squared, within five standard deviations; a fixed seed, so that it cannot flicker."""
    images = data.toy(4000, seed=3)
    layouts = data.toy_layouts(images)

    def assert_uniform(values, cells):
        expected = values.size / cells
        chi2 = ((np.bincount(values.ravel(), minlength=cells) - expected) ** 2 / expected).sum()
        assert abs(chi2 - (cells - 1)) < 5 * np.sqrt(2 * (cells - 1))

    counts = data._choices(16)
    for i in range(6):
        assert_uniform(layouts[:, i], counts[i])
        for j in range(i):
            assert_uniform(layouts[:, i] * counts[j] + layouts[:, j], counts[i] * counts[j])
    noise = (images - 16 * data._draw(layouts, 16)).astype(int)
    assert_uniform(noise, 16)
    assert_uniform(noise[:, :, :-1] * 16 + noise[:, :, 1:], 256)
    assert_uniform(noise[..., 0] * 16 + noise[..., 1], 256)
    assert_uniform(noise[images >= 240], 16)  # the brightest colours too


def test_seeds():
    images = data.toy(50, seed=5)
    assert images.shape == (50, 16, 16, 3) and images.dtype == np.uint8
    np.testing.assert_array_equal(images, data.toy(50, seed=5))
    assert not (images == data.toy(50, seed=6)).all((1, 2, 3)).any()
    assert data.toy(2, size=20).shape == (2, 20, 20, 3) and data.toy(0).shape == (0, 16, 16, 3)


def test_improper_pictures_are_marked():
    images = data.toy(300, seed=7)
    rng = np.random.default_rng(0)
    wrong = images.copy()
    for image in wrong:  # one value of one pixel leaves its colour
        row, col, colour = rng.integers((16, 16, 3))
        image[row, col, colour] ^= 16
    assert (data.toy_layouts(wrong) == -1).all()
    assert (data.toy_layouts(images ^ np.uint8(15)) >= 0).all()  # the noise does not matter
    assert (data.toy_layouts(rng.integers(256, size=images.shape, dtype=np.uint8)) == -1).all()
    for value in [0, 255]:
        assert (data.toy_layouts(np.full_like(images[:1], value)) == -1).all()
    shifted = np.concatenate([images[:, :, 1:], images[:, :, -1:]], axis=2)
    cut = (data.toy_layouts(images)[:, 4:] == 0).any(1)  # sun or house at the left edge
    assert cut.any() and (data.toy_layouts(shifted)[cut] == -1).all()


def test_sun_or_house_half_outside_is_improper():
    for layout in [[0, 0, 0, 0, 13, 0], [0, 0, 0, 0, 0, 12], [0, 0, 0, 4, 0, 0]]:
        image = data._draw(np.array([layout]), 16) * np.uint8(16)
        assert (data.toy_layouts(image) == -1).all()


def test_toy_errors():
    for size in [15, 16.0]:
        for function in [lambda size: data.toy(1, size), data.toy_entropy]:
            with pytest.raises(ValueError, match="at least 16"):
                function(size)
    images = data.toy(2)
    for wrong in [images.astype(int), images[0], images[:, :, :-1], images[..., :1]]:
        with pytest.raises(ValueError, match="uint8"):
            data.toy_layouts(wrong)


# CIFAR-10, without a download


def keras_with(monkeypatch, load_data):
    datasets = SimpleNamespace(cifar10=SimpleNamespace(load_data=load_data))
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(datasets=datasets))


def test_cifar10(monkeypatch):
    train, test = np.zeros((50000, 32, 32, 3), np.uint8), np.ones((10000, 32, 32, 3), np.uint8)
    keras_with(monkeypatch, lambda: ((train, None), (test, None)))
    assert data.cifar10() is train
    assert data.cifar10("test") is test


def test_cifar10_without_network(monkeypatch):
    def load_data():
        raise RuntimeError("URL fetch failure")

    keras_with(monkeypatch, load_data)
    with pytest.raises(OSError, match=r"URL fetch failure(.|\n)*data.photos\(\) or data.toy\(\)"):
        data.cifar10()


def test_cifar10_of_another_shape(monkeypatch):
    for wrong in [np.zeros((50000, 3, 32, 32), np.uint8), np.zeros((50000, 32, 32, 3), np.float16)]:
        keras_with(monkeypatch, lambda: ((wrong, None), (wrong, None)))  # noqa: B023
        with pytest.raises(OSError, match="must be uint8"):
            data.cifar10()
