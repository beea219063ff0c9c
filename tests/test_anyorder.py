"""Orders that draw in few passes, and what was counted of them."""

from pathlib import Path

import few_passes
import numpy as np

from pixelcnn_lib import faces
from pixelcnn_lib.teach import anyorder


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


def test_an_order_that_asks_pays_as_one_that_draws_pixel_by_pixel():
    """The doubts that are left in the last pass are below 0.1 bits: the order costs nothing."""
    first, *others = anyorder.counts()
    assert first["order"] == "biggest question first" and first["right"] == first["drawn"]
    assert first["bits"] < min(row["bits"] for row in others if "bits" in row)
    images = faces.faces(first["scored"], seed=2)
    assert abs(first["bits"] - faces.face_bits(images).mean()) < 0.01


def test_chapter_18_quotes_what_was_counted():
    text = (Path(__file__).parents[1] / "chapters" / "18_what_came_after.ipynb").read_text("utf-8")
    first, coarse = anyorder.counts()
    assert f"{first['passes']} passes on average, and in at most {first['most']}" in text
    assert f"pays {first['bits']} bits on average" in text
    assert coarse["order"] == "coarse to fine" and coarse["right"] == 0
