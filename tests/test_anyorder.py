"""The network for any order of chapter 18, its orders, and what was counted of them."""

import json

import few_passes
import in_page
import numpy as np
import pytest
import train_any_order

from pixelcnn_lib import faces
from pixelcnn_lib.teach import anyorder
from pixelcnn_lib.teach.live.erase import Erase


@pytest.mark.parametrize("order", [anyorder.lattices(2), anyorder.biggest_question])
def test_the_probabilities_of_all_tiny_pictures_sum_to_one(order):
    tiny = anyorder.network(side=2, colours=2)
    every = np.array(list(np.ndindex(2, 2, 2, 2))).reshape(16, 2, 2)
    bits = anyorder.cost(tiny, order, every).sum(axis=(1, 2))
    np.testing.assert_allclose(np.sum(2.0**-bits), 1, atol=1e-5)


@pytest.mark.parametrize("chance", [None, 0, 4.5])
@pytest.mark.parametrize("growing", [False, True])
def test_parts_draw_every_pixel_once_in_the_passes_asked_for(growing, chance):
    rng, sizes = np.random.default_rng(0), []
    choose = anyorder.in_parts(8, growing, chance)
    hidden = np.ones((2, 16, 16), bool)
    p = rng.dirichlet(np.ones(64), size=hidden.shape)
    while hidden.any():
        now = choose(p, hidden, rng.integers(64, size=hidden.shape))
        assert (now <= hidden).all()
        sizes.append(now.sum(axis=(1, 2)).tolist())
        hidden &= ~now
    assert len(sizes) == 8 and all(one == other for one, other in sizes)
    parts = [one for one, _ in sizes]
    assert parts == sorted(parts) if growing else parts == [32] * 8
    assert parts[0] < parts[-1] or not growing


class Sure:
    """A network that knows one picture."""

    output_shape = (None, 16, 16, 64)

    def __init__(self, image):
        self.image = image

    def predict_on_batch(self, images):
        return np.tile(50.0 * np.eye(64)[self.image], (len(images), 1, 1, 1))


def test_what_is_known_stays_and_what_is_sure_comes_in_one_pass():
    face = faces.faces(1, seed=3)[0, ..., 0].astype(int)
    holes = np.stack([face, np.full_like(face, anyorder.HIDDEN), (face + 1) % 64])
    rng = np.random.default_rng(0)
    images, passes = anyorder.draw(Sure(face), anyorder.biggest_question, holes, rng.random)
    np.testing.assert_array_equal(images, [face, face, (face + 1) % 64])
    assert passes.tolist() == [0, 1, 0]


def test_exact_probabilities_draw_and_price_a_small_set_exactly():
    pictures = np.unique(faces.faces(300, seed=4).reshape(-1, 256), axis=0)
    p = np.random.default_rng(0).dirichlet(np.ones(len(pictures)))
    perfect = few_passes.Perfect(pictures, p)
    blank = np.full((10, 16, 16), anyorder.HIDDEN)
    rng = np.random.default_rng(0)
    order = anyorder.biggest_question
    drawn, passes = anyorder.draw(perfect, order, blank, rng.random)
    known = {one.tobytes() for one in pictures}
    assert all(one.tobytes() in known for one in drawn) and passes.max() < 10
    bits = anyorder.cost(perfect, order, pictures[:10].reshape(-1, 16, 16)).sum(axis=(1, 2))
    np.testing.assert_allclose(bits, -np.log2(p[:10]), atol=0.3)  # doubts below 0.1 bits


def test_what_is_shipped_is_read_as_it_was_quantised():
    model = anyorder.network(**anyorder.SIZES)
    file = train_any_order.quantised(model)
    matrix = anyorder.reader(file)
    for shape, weights in zip(file["shapes"], model.get_weights(), strict=True):
        read = matrix(*shape).reshape(weights.shape)
        np.testing.assert_allclose(read, weights, atol=abs(weights).max() / 100)


def test_the_page_computes_the_shipped_network():
    images = np.random.default_rng(0).integers(0, 65, (2, 16, 16))
    file = json.loads(anyorder.NETWORK.read_text())
    logits = in_page.run(
        "anyOrder",
        np.float64,
        (*Erase.shared, "erase.js"),
        file=file,
        images=images.reshape(2, 256).tolist(),
    )
    wanted = anyorder.shipped().predict_on_batch(images)
    np.testing.assert_allclose(logits.reshape(wanted.shape), wanted, atol=2e-3)


def test_the_shipped_network_draws_and_pays_as_counted():
    counted = anyorder.counts()["shipped"][0]
    assert counted["order"] == "biggest question first"
    images = faces.faces(24, seed=2)[..., 0]
    bits = anyorder.cost(anyorder.shipped(), anyorder.biggest_question, images).sum(axis=(1, 2))
    assert abs(bits.mean() - counted["bits"]) < 4 * bits.std() / 24**0.5
    blank, rng = np.full((24, 16, 16), anyorder.HIDDEN), np.random.default_rng(5)
    drawn, _ = anyorder.draw(anyorder.shipped(), anyorder.biggest_question, blank, rng.random)
    share = counted["right"] / counted["drawn"]
    right = faces.read_face(drawn[..., None])[1].count("")
    assert abs(right / 24 - share) < 4 * (share * (1 - share) / 24) ** 0.5


def test_random_parts_do_not_follow_the_dice():
    """With one generator's numbers in both, the pixels of a part draw the same colours."""
    dice, p = np.random.default_rng(0), np.full((1, 16, 16, 64), 1 / 64)
    thrown = dice.random((1, 16, 16))
    now = anyorder.in_parts(8, growing=False)(p, np.ones((1, 16, 16), bool), None)
    assert abs(thrown[now].mean() - 0.5) < 0.25


def test_an_order_that_asks_pays_as_one_that_draws_pixel_by_pixel():
    """The doubts that are left in the last pass are below 0.1 bits: the order costs nothing."""
    first, *others = anyorder.counts()["exact"]
    assert first["order"] == "biggest question first" and first["right"] == first["drawn"]
    assert first["bits"] < min(row["bits"] for row in others if "bits" in row)
    images = faces.faces(first["scored"], seed=2)
    assert abs(first["bits"] - faces.face_bits(images).mean()) < 0.01
