"""The faces: they are those of the design's own renderer, and their probabilities are exact.

reference_faces.npz contains 3,000 plain and 1,000 other faces: their choices, their pixels, and the
colours that the pixels are numbers of. DiceBear drew them, `createAvatar` of @dicebear/core and
@dicebear/pixel-art 9.4.3 with the seeds "plain-0", "plain-1" …, and @resvg/resvg-js rendered them.
"""

import json
from collections import Counter
from itertools import product
from math import log2
from pathlib import Path

import count_faces as counter
import numpy as np
import pytest
import train_ladder as tool

from pixelcnn_lib import data
from pixelcnn_lib import faces as lib
from pixelcnn_lib.face_parts import SHAPES
from pixelcnn_lib.face_reading import OUTLINE, options_of
from pixelcnn_lib.teach import ladder

COLUMN = {name: i for i, name in enumerate(lib.CHOICES)}


def test_colours():
    assert lib.FACE_COLOURS.shape == (64, 3) and lib.FACE_COLOURS.dtype == np.uint8
    assert len(np.unique(lib.FACE_COLOURS, axis=0)) == 64
    images = np.arange(64, dtype=np.uint8).reshape(1, 8, 8, 1)
    np.testing.assert_array_equal(lib.in_colour(images).reshape(64, 3), lib.FACE_COLOURS)


@pytest.mark.parametrize("which", lib.SETS)
def test_faces_equal_those_of_the_designs_renderer(which):
    with np.load(Path(__file__).with_name("reference_faces.npz")) as arrays:
        choices, pixels = arrays[f"{which} choices"], arrays[f"{which} pixels"]
        distances = arrays["colours"].astype(int)[:, None] - lib.FACE_COLOURS
    expected = (distances**2).sum(axis=2).argmin(axis=1)[pixels][..., None]
    assert len(expected) == {"plain": 3000, "all": 1000}[which]
    np.testing.assert_array_equal(lib.face_pictures(choices), expected)


@pytest.mark.parametrize("which", lib.SETS)
def test_draws(which):
    images = data.faces(500, 7, which)
    assert images.shape == (500, 16, 16, 1) and images.dtype == np.uint8
    np.testing.assert_array_equal(images, data.faces(500, 7, which))
    assert (images != data.faces(500, 8, which)).any()
    choices = lib.face_choices(20000, 0, which)
    for name, column in zip(lib.CHOICES, choices.T):
        chances = lib.CHANCES[which][name]
        assert len(chances) == len(lib.OPTIONS[name]) and chances.sum() == pytest.approx(1)
        assert set(np.flatnonzero(chances)) <= set(np.flatnonzero(lib.CHANCES["all"][name]))
        for part in ("earrings", "glasses", "hat"):  # a part that is not there has no colour
            if name == lib.LAYERS[part]:
                there = choices[:, COLUMN[part]] > 0
                assert not column[~there].any()
                column = column[there]
        often = np.bincount(column, minlength=len(chances)) / max(len(column), 1)
        deviation = np.sqrt(chances * (1 - chances) / max(len(column), 1))
        assert (abs(often - chances) <= 5 * deviation).all() or not len(column)
    for name, chance in {
        "plain": {"hat": 0.1, "glasses": 0.2, "earrings": 0, "beard": 0},
        "all": {"hat": 0.05, "glasses": 0.2, "earrings": 0.1, "beard": 0.05},
    }[which].items():
        assert lib.CHANCES[which][name][0] == 1 - chance


def every_face(chances):
    """Return all choices (n, 17), their probabilities, and for each the number of its picture."""
    choices = np.array(list(product(*map(np.flatnonzero, chances.values()))))
    p = np.prod([p[column] for p, column in zip(chances.values(), choices.T)], axis=0)
    pictures = lib.face_pictures(choices).reshape(len(choices), 256)
    _, first, picture = np.unique(pictures.view("V256"), return_index=True, return_inverse=True)
    return choices, p, first, picture.ravel()


@pytest.fixture(scope="module")
def plain():
    """Return `every_face` of those plain ones that have one background, mouth and shirt.

    Whatever the others are, those three are seen, so each of 400 such sets has as many pictures.
    """
    free = ["skin", "hair", "hair colour", "eyes", "glasses", "hat", "hat colour"]
    chances = lib.CHANCES["plain"]
    first = {name: np.eye(len(p))[np.flatnonzero(p)[0]] for name, p in chances.items()}
    return every_face(first | {name: chances[name] for name in free})


def test_the_entropy_of_plain_faces(plain):
    choices, p, first, picture = plain
    assert p.sum() == pytest.approx(1)
    assert 400 * len(first) == 2361600  # different pictures
    p = np.bincount(picture, p)
    entropy = log2(400) - p @ np.log2(p)
    assert lib.faces_entropy() == pytest.approx(entropy, abs=1e-9)
    assert counter.entropy("plain") == pytest.approx(entropy, abs=1e-9)


@pytest.mark.parametrize("seed", [12, 80])  # of these options, many give one picture
def test_few_faces_are_counted_as_their_pictures_are(seed, monkeypatch):
    few = {"hair": 5, "hair colour": 2, "hat": 3, "beard": 9, "mouth": 5, "eyes": 2, "clothes": 2}
    rng = np.random.default_rng(seed)
    chances = {name: np.zeros(len(options)) for name, options in lib.OPTIONS.items()}
    for name, p in chances.items():
        some = rng.choice(len(p), few.get(name, 1), replace=False)
        p[some] = rng.dirichlet(np.ones(len(some)))
    monkeypatch.setitem(lib.CHANCES, f"few {seed}", chances)  # a new name for what is cached
    _, p, _, picture = every_face(chances)
    p = np.bincount(picture, p)
    assert counter.entropy(f"few {seed}") == pytest.approx(-p @ np.log2(p), abs=1e-9)


def test_background_and_skin_are_always_seen():
    """So faces of two backgrounds or skins differ, and the tool counts them apart."""
    hidden = np.any([SHAPES[part].any(axis=0) for part in ("hat", "hair", "beard")], axis=0)
    below, p = options_of("all", ("background", "skin"))
    seen = lib.lay(below, np.setdiff1d(OUTLINE, np.flatnonzero(hidden)))
    assert len(np.unique(seen, axis=0)) == len(p) == 40


def test_the_bits_of_plain_faces(plain):
    choices, p, first, picture = plain
    bits = lib.face_bits(lib.face_pictures(choices[first]))
    np.testing.assert_allclose(2**-bits, np.bincount(picture, p) / 400)


def test_attributes_are_seen(plain):
    choices, _, first, picture = plain
    labels = lib.attributes(choices)
    assert list(labels) == list(lib.ATTRIBUTES)
    for label in labels.values():
        np.testing.assert_array_equal(label, label[first][picture])
    for which in lib.SETS:
        choices = lib.face_choices(3000, 1, which)
        labels = lib.attributes(choices)
        for name, label in labels.items():
            assert label.min() == (name != "hair colour") and label.max() <= len(
                lib.ATTRIBUTES[name]
            )
        assert ((choices[:, COLUMN["hat"]] > 0) + 1 == labels["hat"]).all()
        assert (labels["hat"][labels["hair colour"] == 0] == 2).all()  # only hats hide all hair


def test_words_of_attributes():
    face = dict.fromkeys(lib.CHOICES, 0)
    for name, option in {
        "background": "ffd5dc",
        "skin": "8d5524",
        "clothes colour": "ffd969",
        "glasses": "dark01",
        "mouth": "sad01",
        "hair": "long21",
        "hair colour": "bd1700",
    }.items():
        face[name] = lib.OPTIONS[name].index(option)
    labels = lib.attributes([list(face.values())])
    words = {name: lib.ATTRIBUTES[name][label[0] - 1] for name, label in labels.items()}
    assert words == {
        "hat": "no",
        "glasses": "yes",
        "long hair": "yes",
        "mood": "sad",
        "hair colour": "red",
        "skin": "dark",
        "clothes colour": "yellow",
        "background": "pink",
    }


@pytest.mark.parametrize("which, n", [("plain", 300), ("all", 40)])
def test_faces_are_read(which, n):
    images = data.faces(n, 3, which)
    choices, wrong = lib.read_face(images, which)
    np.testing.assert_array_equal(lib.face_pictures(choices), images)
    assert wrong == [""] * n
    drawn = lib.face_choices(n, 3, which)
    p = np.ones(n)
    for name, column in zip(lib.CHOICES, drawn.T):
        part = {lib.LAYERS[part]: part for part in ("earrings", "glasses", "hat")}.get(name)
        there = drawn[:, COLUMN[part]] > 0 if part else True
        p *= np.where(there, lib.CHANCES[which][name][column], 1)
    assert (lib.face_bits(images, which) <= -np.log2(p) + 1e-9).all()


def fixed(choices, **options):
    """Return choices with some options set."""
    choices = choices.copy()
    for name, option in options.items():
        name = name.replace("_", " ")
        choices[:, COLUMN[name]] = lib.OPTIONS[name].index(option)
    return choices


def halves(choices, **other):
    """Return faces whose right half has other options."""
    pictures = lib.face_pictures(choices), lib.face_pictures(fixed(choices, **other))
    return np.where(np.arange(16)[:, None] < 8, *pictures)


def spotted(choices, rows, columns):
    """Return faces with some pixels in a colour that is seen only in eyes."""
    images = lib.face_pictures(choices)
    images[:, rows, columns] = 40
    return images


DAMAGE = {
    "the clothes have two colours": lambda faces: halves(
        fixed(faces, clothes_colour="00b159"), clothes_colour="d11141"
    ),
    "the hair has two colours": lambda faces: halves(
        fixed(faces, hair="long21", hair_colour="bd1700"), hair_colour="28150a"
    ),
    "the hair is on one side only": lambda faces: halves(
        fixed(faces, hair="long21"), hair="short16"
    ),
    "the clothes are wrong": lambda faces: spotted(faces, slice(14, 16), slice(5, 11)),
    "the mouth is wrong": lambda faces: spotted(
        fixed(faces, hair="short16", mouth="happy06"), slice(9, 11), slice(6, 9)
    ),
    "the eyes are wrong": lambda faces: spotted(
        fixed(faces, hair="short16", eyes="variant09"), 5, slice(4, 7)
    ),
    "the background is wrong": lambda faces: spotted(faces, slice(2, 7), 0),
    "the hair is wrong": lambda faces: spotted(fixed(faces, hair="short16"), 2, slice(4, 12)),
}


@pytest.mark.parametrize("which", lib.SETS)
@pytest.mark.parametrize("text", DAMAGE)
def test_what_is_wrong_is_said(text, which):
    images = DAMAGE[text](
        fixed(lib.face_choices(30 if which == "plain" else 3, 5), hat="none", glasses="none")
    )
    choices, wrong = lib.read_face(images, which)
    assert (choices == -1).all() and set(wrong) == {text}
    assert np.isinf(lib.face_bits(images, which)).all()


def test_what_is_seen_at_once_is_said_whatever_else_is_wrong():
    """In order: shirts of two forms, one pixel of a collar, and with each of them a lost mouth."""
    shirts, hair = "the clothes have two colours", "the hair is on one side only"
    bald = fixed(lib.face_choices(30, 5), hat="none", glasses="none", hair="short16")
    red = fixed(bald, clothes="variant12", clothes_colour="d11141")
    other = halves(red, clothes="variant19", clothes_colour="00b159")
    collar = lib.face_pictures(red)
    collar[:, 12, 7] = lib.face_pictures(fixed(red, clothes_colour="03396c"))[:, 12, 7]
    long = lib.face_pictures(fixed(red, hair="long13"))
    left = np.where(np.arange(16)[:, None] < 8, long, lib.face_pictures(red))
    both = np.where(np.arange(16)[:, None] < 8, long, other)
    short = lib.face_pictures(fixed(red, hair="long05"))
    short[:, 8, 13] = short[:, 8, 12]  # one pixel is missing: that is no long hair on one side
    for images, text in [
        (other, shirts),
        (collar, shirts),
        (left, hair),
        (both, f"{shirts}; {hair}"),
        (short, "the hair is wrong"),
    ]:
        assert set(lib.read_face(images)[1]) == {text}
        if text != "the hair is wrong":
            images[:, 9:11, 6:10] = images[:, 8:9, 8:9]
            assert set(lib.read_face(images)[1]) == {text}


@pytest.mark.slow
def test_the_entropy_of_all_faces():
    """How rare the choices are is taken off, as its mean is known: the rest varies less."""
    choices = lib.face_choices(3000, 11, "all")
    bits = lib.face_bits(lib.face_pictures(choices), "all")
    for p, column in zip(lib.CHANCES["all"].values(), choices.T):
        bits += np.log2(p[column]) - p @ np.log2(p)
    error = bits.std() / np.sqrt(len(bits))
    assert abs(bits.mean() - lib.faces_entropy("all")) < 4 * error < 0.2


def test_the_ladder_counts_its_drawings():
    assert list(json.loads(ladder.FILE.read_text())) == list(tool.RUNGS)
    for name in tool.RUNGS:
        measured, pictures = ladder.read(name), ladder.pictures([name], tool.SHOWN)
        assert measured["drawn"] == tool.DRAWN and pictures.shape == (tool.SHOWN, 16, 16, 1)
        shown = Counter(filter(None, lib.read_face(pictures)[1]))
        assert shown <= Counter(measured["wrong"]) and sum(measured["wrong"].values()) <= 500
