"""Bits per dimension: by hand, against the reference, and unbiased whatever the batches and parts."""

import keras
import numpy as np
import pytest
import reference
from tiny import array, noise_images, tiny

from pixelcnn_lib import scoring
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.scoring import score
from pixelcnn_lib.teach import exercises


@pytest.fixture(scope="module")
def model():
    return tiny("small", dtype="float64", blocks=1, scale=2)


def test_loss_by_hand():
    """A probability of 1/2 costs one bit, 1/4 two bits; logits need not be normalised."""
    logits = np.log([[[[[2, 4, 1, 1.0]]]]])  # (1, 1, 1, 1, 4): 1/4, 1/2, 1/8, 1/8
    for value, bits in enumerate([2, 1, 3, 3]):
        loss = array(bits_per_dim(np.full((1, 1, 1, 1), value, "uint8"), logits))
        np.testing.assert_allclose(loss, [[[[bits]]]])
    uniform = array(bits_per_dim(noise_images(2, (3, 4), levels=256), np.zeros((2, 3, 4, 3, 256))))
    np.testing.assert_allclose(uniform, np.full((2, 3, 4, 3), 8))


def test_bits_of_faces_give_the_share_of_right_drawings():
    """For every face of a program, as often as it is likely, this is the sum of p over all faces."""
    exercise = exercises.find("5.2")
    faces = exercise.named["all faces of a small program"]
    assert exercise.solution(*faces) == pytest.approx(0.3 + 0.3 + 0.2 + 0.1)


def test_loss_is_the_reference_whatever_dtype_keras_casts_targets_to():
    rng = np.random.default_rng(0)
    images, logits = noise_images(1, (2, 2)), rng.normal(0, 3, (1, 2, 2, 3, 8))
    loss = array(bits_per_dim(images, logits))
    for place in np.ndindex(images.shape):
        exact = reference.bits(reference.categorical(logits[place])[images[place]])
        np.testing.assert_allclose(loss[place], exact, rtol=1e-9)
    np.testing.assert_array_equal(array(bits_per_dim(images.astype("float32"), logits)), loss)
    assert keras.saving.get_registered_object("pixelcnn>bits_per_dim") is bits_per_dim


def test_score_is_the_mean_whatever_the_batches(model):
    images = noise_images(5, (4, 5))
    images[-1] = 0  # the odd one out is the only image in the last batch of two
    loss = array(bits_per_dim(images, model(images)))
    for batch_size in (2, 100):
        bits, error, per_image = score(model, images, batch_size)
        np.testing.assert_allclose(bits, loss.mean(), rtol=1e-9)
        np.testing.assert_allclose(per_image, loss.mean((1, 2, 3)), rtol=1e-9)
        np.testing.assert_allclose(error, np.std(per_image, ddof=1) / np.sqrt(5), rtol=1e-9)
    assert np.isnan(score(model, images[:1]).error)


def test_photographs_of_any_sizes_weigh_by_their_values(model):
    photographs = [noise_images(1, size, seed=i)[0] for i, size in enumerate([(2, 3), (9, 5)])]
    small, large = (score(model, image[None]).bits for image in photographs)
    result = score(model, photographs)
    np.testing.assert_allclose(result.per_image, [small, large], rtol=1e-9)
    np.testing.assert_allclose(result.bits, (6 * small + 45 * large) / 51, rtol=1e-9)
    away = np.array([6, 45]) * (result.per_image - result.bits) / 25.5
    np.testing.assert_allclose(result.error, np.sqrt((away**2).sum() / 2), rtol=1e-9)


# Large images, in parts


@pytest.mark.parametrize(
    "side, shapes", [(24, [(37, 41), (5, 200), (200, 5)]), (1, [(17, 21), (40, 3)])]
)
def test_parts_score_what_the_whole_does(monkeypatch, model, side, shapes):
    """It holds on each side of a cut, at the edges, and if the margin is larger than the part."""
    images = [noise_images(1, shape, seed=i)[0] for i, shape in enumerate(shapes)]
    whole, sizes, log_prob = score(model, images), [], model.log_prob
    spy = lambda part, labels: sizes.append(part.shape) or log_prob(part)
    monkeypatch.setattr(model, "log_prob", spy)
    monkeypatch.setattr(scoring, "SIDE", side)
    parts = score(model, images)
    np.testing.assert_allclose(parts.per_image, whole.per_image, rtol=1e-12)
    np.testing.assert_allclose(parts.error, whole.error, rtol=1e-9)
    assert model.margin == (4, 4) and len(sizes) > 2 * len(images)
    assert max(max(size) for size in sizes) <= max(side, 3 * 4)


def test_sample_weights_weigh_the_loss():
    model, images = tiny("small", head=LogisticMixtureHead(2), blocks=1), noise_images(4, (5, 4))
    model.compile(keras.optimizers.SGD(0.0), loss=bits_per_dim, run_eagerly=True)
    weights = np.array([1.0, 0, 0, 0]).reshape(4, 1, 1, 1)  # it broadcasts to the values
    weighted = model.test_on_batch(images, images, sample_weight=weights)
    first = score(model, images[:1]).bits
    np.testing.assert_allclose(weighted, first / 4, rtol=1e-5)
