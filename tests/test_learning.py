"""The training in the page is Keras's: loss, slopes, prices and drawings of the same network."""

import json
from functools import cache
from itertools import accumulate

import keras
import numpy as np
import pytest
import tensorflow as tf
from in_page import run
from keras import layers, ops
from wasmtime import wat2wasm

from pixelcnn_lib import account, faces, leaks
from pixelcnn_lib.arguments import short
from pixelcnn_lib.layers import MaskedConv2D, sublayers
from pixelcnn_lib.teach import checks, own
from pixelcnn_lib.teach.live import base, compose
from pixelcnn_lib.teach.live.train import SETTINGS

FORM = {"embed": 16, "width": 16, "first": 5, "blocks": 2}
PARTS = compose.parts()
BATCH = 4
both = pytest.mark.parametrize("masked", [True, False], ids=["masked", "unmasked"])
GIVEN = dict(program=compose.program(), batch=BATCH)


def form(masked=True, **changes):
    return {**FORM, "colours": own.COLOURS, "masked": masked, **changes}


@cache
def network(masked=True):
    """A network with large random weights, the same with masks and without."""
    keras.utils.set_random_seed(3)
    if masked:
        model = own.network(**FORM)
    else:
        conv = lambda size, filters: layers.Conv2D(filters, size, padding="same", use_bias=False)
        images = keras.Input((16, 16, 1), dtype="int32")
        x = layers.Embedding(own.COLOURS, FORM["embed"])(images[..., 0])
        x = conv(FORM["first"], FORM["width"])(x)
        for _ in range(FORM["blocks"]):
            h = layers.Dense(FORM["width"] // 2)(ops.relu(x))
            h = conv(3, FORM["width"] // 2)(ops.relu(h))
            x = x + layers.Dense(FORM["width"])(ops.relu(h))
        x = layers.Dense(FORM["width"])(ops.relu(x))
        model = keras.Model(images, layers.Dense(own.COLOURS)(ops.relu(x)))
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.3, one.shape) for one in model.weights])
    return model


def flat(arrays, masked):
    """Kernels as the page has them: one tap after another, without those that a mask hides."""
    number, parts = 0, []
    for array in arrays:
        if array.ndim == 4:
            array = own.kept(array, number) if masked else array
            number += 1
        parts.append(np.ravel(array))
    return parts


def test_the_kernel_is_what_its_source_says():
    assert bytes(wat2wasm(base.read("matmul.wat"))) == (base.FOLDER / "matmul.wasm").read_bytes()


@pytest.mark.parametrize("program", [compose.program(), ""], ids=["SIMD", "plain"])
def test_products_are_numpy_s(program):
    rng = np.random.default_rng(0)
    for rows, inner, cols in ((4, 1, 8), (12, 300, 24), (8, 5, 6)):
        a, b = rng.normal(size=(rows, inner)), rng.normal(size=(inner, cols))
        given = dict(
            program=program, a=a.ravel().tolist(), b=b.ravel().tolist(), sizes=[rows, inner, cols]
        )
        for turned in (False, True):
            if turned:
                given["a"] = a.T.ravel().tolist()
            found = run("product", "float32", turned=turned, **given).reshape(rows, cols)
            np.testing.assert_allclose(found, a @ b, rtol=1e-5, atol=1e-5)


@both
@pytest.mark.parametrize("program", [compose.program(), ""], ids=["SIMD", "plain"])
def test_loss_and_all_slopes_are_keras_s(masked, program):
    model, images = network(masked), faces.faces(BATCH, seed=4)
    with tf.GradientTape() as tape:
        nats = keras.losses.sparse_categorical_crossentropy(images, model(images), from_logits=True)
        loss = ops.sum(nats) / BATCH / np.log(2)
    slopes = flat(
        [np.asarray(tf.convert_to_tensor(one)) for one in tape.gradient(loss, model.weights)],
        masked,
    )
    given = GIVEN | dict(form=form(masked), program=program, images=images.ravel().tolist())
    given["weights"] = np.concatenate(flat(model.get_weights(), masked)).tolist()
    found = run("gradient", "float32", **given)
    assert found[0] == pytest.approx(float(loss), rel=1e-5)
    ends = list(accumulate(map(len, slopes)))
    assert ends[-1] == len(found) - 1
    for ours, theirs in zip(np.split(found[1:], ends[:-1]), slopes, strict=True):
        assert np.abs(ours - theirs).max() <= 1e-5 * np.abs(theirs).max()


def test_a_step_is_adam_s_with_clipped_slopes():
    optimiser = keras.optimizers.Adam(0.01, clipnorm=1)
    variable = keras.Variable(np.arange(6, dtype="float32"))
    slopes = np.random.default_rng(0).normal(0, 2, (3, 6))
    for one in slopes:
        optimiser.apply([ops.convert_to_tensor(one.astype("float32"))], [variable])
    found = run("adam", "float32", start=list(range(6)), slopes=slopes.tolist(), rate=0.01)
    np.testing.assert_allclose(found, np.asarray(variable), rtol=1e-6, atol=1e-6)


def test_a_price_is_the_library_s_to_a_ten_thousandth_of_a_bit():
    images = faces.faces(8, seed=6)
    model = own.load(own.BOOKS[1])
    file = json.loads(own.BOOKS[1].read_text())
    found = run("prices", "float32", file=file, images=images.ravel().tolist(), **GIVEN)
    of_face = found.reshape(8, 256).sum(axis=1)
    np.testing.assert_allclose(of_face, account.prices(model, images).sum((1, 2)), atol=1e-4)


def test_its_drawings_pixel_by_pixel_are_those_of_whole_passes():
    model = own.load(own.BOOKS[1])
    file = json.loads(own.BOOKS[1].read_text())
    found = run("drawn", "uint8", file=file, seed=7, count=2).reshape(2, 16, 16, 1)
    probs = np.asarray(ops.softmax(model(found))).reshape(2, 256, 64).astype(float)
    noise = np.stack([run("noises", "float64", seed=7 + n, count=256) for n in range(2)])
    sums = probs.cumsum(axis=-1)
    again = (sums > noise[..., None] * sums[..., -1:]).argmax(axis=-1)  # (2, 256)
    np.testing.assert_array_equal(again, found.reshape(2, 256))


@both
def test_what_a_prediction_depends_on_is_what_its_masks_say(masked):
    weights = np.concatenate(flat(network(masked).get_weights(), masked)).tolist()
    given = GIVEN | dict(form=form(masked), weights=weights)
    depends = np.zeros((256, 256), bool)  # target, source
    for image in (
        np.random.default_rng(1).integers(0, 64, (3, 256)).tolist()
    ):  # a ReLU can hide some
        depends |= run("influence", "uint8", image=image, **given).reshape(256, 256).astype(bool)
    if masked:
        patterns = [one.pattern for one in sublayers(network()) if isinstance(one, MaskedConv2D)]
        field = np.asarray(leaks.receptive_field(patterns, (16, 16, 1)))
        np.testing.assert_array_equal(depends, field.reshape(256, 256))
    else:
        reach = FORM["first"] // 2 + FORM["blocks"]
        row, col = np.divmod(np.arange(256), 16)
        near = lambda place: np.abs(place[:, None] - place) <= reach
        np.testing.assert_array_equal(depends, near(row) & near(col))


def test_the_page_composes_the_faces_of_the_library():
    """Each choice of 300 faces is forced through the page's own random numbers."""
    choices = faces.face_choices(300, seed=8)
    chances, numbers = faces.CHANCES["plain"], []
    for one in choices:
        chosen = dict(zip(faces.CHOICES, one))
        for part, colour in faces.LAYERS.items():
            if part in ("earrings", "beard"):
                continue
            for name, own_choice in ((part, part != colour), (colour, True)):
                p = chances[name] if own_choice else np.ones(1)
                k = chosen[name] if own_choice else 0
                if own_choice and not p[k]:
                    k = np.flatnonzero(p)[0]  # the colour of a part that is not there
                numbers.append(p[:k].sum() + p[k] / 2)
    found = run("composed", "uint8", parts=PARTS, count=300, numbers=numbers)
    np.testing.assert_array_equal(found.reshape(-1, 16, 16, 1), faces.face_pictures(choices))


def test_the_same_seed_trains_the_same_network_and_another_one_another():
    settings = dict(
        form=form(), batch=BATCH, steps=6, rate=0.01, parts=PARTS, program=compose.program()
    )
    one, two, other = (run("trained", "float32", **settings, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other) and np.isfinite(one).all()


def test_the_page_s_form_is_chapter_1_s_smaller():
    model = own.network(*(SETTINGS[name] for name in ("embed", "width", "first", "blocks")))
    assert own.form_of([one.shape for one in model.get_weights()]) == {
        name: SETTINGS[name] for name in own.BOUNDS
    }


# The file


def test_a_network_goes_to_the_page_and_back(tmp_path):
    path, back = tmp_path / "mine.json", tmp_path / "back.json"
    own.save(network(), path)
    back.write_bytes(run("rewritten", "uint8", text=path.read_text()).tobytes())
    assert json.loads(back.read_text()) == json.loads(path.read_text())
    images = faces.faces(2, seed=1)
    np.testing.assert_array_equal(own.load(back)(images), network()(images))


GOOD = own.described(network())
BAD = {
    "no JSON": "{",
    "a list": "[1, 2]",
    "another program": json.dumps(GOOD | {"program": "x"}),
    "another version": json.dumps(GOOD | {"version": 2}),
    "an odd width": json.dumps(GOOD | {"form": FORM | {"width": 17}}),
    "a number in words": json.dumps(GOOD | {"form": FORM | {"blocks": "2"}}),
    "a huge form": json.dumps(GOOD | {"form": FORM | {"width": 10**9}}),
    "more blocks than weights": json.dumps(GOOD | {"form": FORM | {"blocks": 20}}),
    "too few weights": json.dumps(GOOD | {"weights": GOOD["weights"][:-8]}),
    "no base64": json.dumps(GOOD | {"weights": "!" * len(GOOD["weights"])}),
    "nan": json.dumps(GOOD | {"weights": "AADAfw" + GOOD["weights"][6:]}),
    "too long": " " * (own.LARGEST + 1),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_in_one_line_by_both(what, tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(BAD[what])
    with pytest.raises(ValueError, match="cannot be used: ") as error:
        own.load(path)
    assert "\n" not in str(error.value)
    told = run("refused", "uint8", text=BAD[what]).tobytes().decode()
    assert told.startswith("This is no network of chapter 1's form: ") and "\n" not in told


def test_a_later_chapter_uses_the_reader_s_network_or_the_book_s(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(checks, "KEPT", tmp_path / "answers.json")
    images = faces.faces(2, seed=1)
    for chapter, books in own.BOOKS.items():
        np.testing.assert_array_equal(own.mine(chapter)(images), own.load(books)(images))
        assert "The book's copy" in capsys.readouterr().out
    own.save(network(), own.file(1))
    np.testing.assert_array_equal(own.mine(1)(images), network()(images))
    assert "your network: my-network-1.json" in capsys.readouterr().out
    own.file(1).write_text("{")
    with pytest.raises(ValueError, match="my-network-1.json cannot be used"):
        own.mine(1)


def test_another_network_is_not_written(tmp_path):
    liar = network(masked=False)
    with pytest.raises(ValueError, match="a mask is missing"):
        own.save(liar, tmp_path / "liar.json")
    with pytest.raises(ValueError, match="at most 1,000,000 weights, and this network has 1,"):
        own.save(own.network(width=256), tmp_path / "large.json")
    with pytest.raises(ValueError, match="chapter 1's form"):
        own.save(keras.Sequential([keras.Input((3,)), layers.Dense(2)]), tmp_path / "other.json")
    assert not list(tmp_path.iterdir()), short(list(tmp_path.iterdir()))
