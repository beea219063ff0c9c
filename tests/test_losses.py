"""Bits per dimension: by hand, against the reference, and unbiased whatever the batches."""

import keras
import numpy as np
import pytest
import reference
from keras import ops
from tiny import noise_images, tiny

from pixelcnn_lib import data
from pixelcnn_lib.losses import LOG_2, bits_per_dim, score


def array(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.fixture(scope="module")
def model():
    return tiny("small")


def test_loss_by_hand():
    """Half costs one bit, a quarter two; logits need not be normalised."""
    logits = np.log([[[[[2, 4, 1, 1.0]]]]])  # (1, 1, 1, 1, 4): 1/4, 1/2, 1/8, 1/8
    for value, bits in enumerate([2, 1, 3, 3]):
        loss = array(bits_per_dim(np.full((1, 1, 1, 1), value, "uint8"), logits))
        np.testing.assert_allclose(loss, [[[[bits]]]])
    uniform = array(bits_per_dim(noise_images(2, (3, 4), levels=256), np.zeros((2, 3, 4, 3, 256))))
    np.testing.assert_allclose(uniform, np.full((2, 3, 4, 3), 8))


def test_loss_is_the_reference():
    rng = np.random.default_rng(0)
    images, logits = noise_images(1, (2, 2)), rng.normal(0, 3, (1, 2, 2, 3, 8))
    loss = array(bits_per_dim(images, logits))
    for place in np.ndindex(images.shape):
        exact = reference.bits(reference.categorical(logits[place])[images[place]])
        np.testing.assert_allclose(loss[place], exact, rtol=1e-9)


def test_loss_takes_targets_as_keras_casts_them():
    images, logits = noise_images(1, (2, 2)), np.random.default_rng(0).normal(size=(1, 2, 2, 3, 8))
    expected = array(bits_per_dim(images, logits))
    np.testing.assert_array_equal(array(bits_per_dim(images.astype("float32"), logits)), expected)
    assert keras.saving.get_registered_object("pixelcnn>bits_per_dim") is bits_per_dim


def test_score_is_unbiased_by_a_ragged_batch(model):
    images = noise_images(7, (4, 5))
    images[-1] = 0  # the odd one out stands alone in the last batch
    whole = score(model, images, batch_size=7)
    for batch_size in (1, 2, 3, 6, 100):
        ragged = score(model, images, batch_size)
        np.testing.assert_allclose(ragged.bits, whole.bits, rtol=1e-6)
        np.testing.assert_allclose(ragged.per_image, whole.per_image, rtol=1e-5)
    loss = array(bits_per_dim(images, model(images))).astype("float64")
    np.testing.assert_allclose(whole.bits, loss.mean(), rtol=1e-5)
    np.testing.assert_allclose(whole.per_image, loss.mean((1, 2, 3)), rtol=1e-5)


def test_standard_error_is_numpy_s(model):
    result = score(model, noise_images(7, (4, 5)), batch_size=3)
    expected = np.std(result.per_image, ddof=1) / np.sqrt(7)
    np.testing.assert_allclose(result.error, expected, rtol=1e-9)
    assert np.isnan(score(model, noise_images(1, (4, 5))).error)


def test_photographs_of_any_sizes_weigh_by_their_values(model):
    photographs = [noise_images(1, size, seed=i)[0] for i, size in enumerate([(2, 3), (9, 5)])]
    small, large = (score(model, image[None]).bits for image in photographs)
    result = score(model, photographs)
    np.testing.assert_allclose(result.per_image, [small, large], rtol=1e-9)
    np.testing.assert_allclose(result.bits, (6 * small + 45 * large) / 51, rtol=1e-9)
    away = np.array([6, 45]) * (result.per_image - result.bits) / 25.5
    np.testing.assert_allclose(result.error, np.sqrt((away**2).sum() / 2), rtol=1e-9)


def test_score_of_nothing_is_an_error(model):
    for nothing in ([], noise_images(0, (4, 4))):
        with pytest.raises(ValueError, match="at least one image"):
            score(model, nothing)


def test_a_photograph_is_not_its_image(model):
    with pytest.raises(ValueError, match=r"got a Photograph: use \[one.image for one in photog"):
        score(model, data.photographs("test"))


@pytest.mark.parametrize("preset", ["tiny", "small"])
def test_fit_evaluate_and_score_agree(preset):
    """The compiled loss never lists the levels, and is the same number."""
    model, images = tiny(preset), noise_images(4, (5, 4))
    bits = score(model, images).bits
    model.compile(keras.optimizers.SGD(0.0), loss=bits_per_dim)
    np.testing.assert_allclose(model.evaluate(images, images, verbose=0), bits, rtol=1e-5)
    np.testing.assert_allclose(model.train_on_batch(images, images), bits, rtol=1e-5)
    np.testing.assert_allclose(-array(model.log_prob(images)).mean() / LOG_2, bits, rtol=1e-5)
    weights = np.array([1.0, 0, 0, 0]).reshape(4, 1, 1, 1)
    model.reset_metrics()  # Keras 3.13 would go on with the mean of the batch before
    weighted = model.test_on_batch(images, images, sample_weight=weights)
    np.testing.assert_allclose(weighted, score(model, images[:1]).bits / 4, rtol=1e-5)
