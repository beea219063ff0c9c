"""Bits per dimension: by hand, against the reference, and unbiased whatever the batches."""

import keras
import numpy as np
import pytest
import reference
from keras import ops
from tiny import noise_images, tiny

from pixelcnn_lib import data, scoring
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.losses import LOG_2, bits_per_dim
from pixelcnn_lib.model import by_image
from pixelcnn_lib.scoring import cuts, score


def array(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.fixture(scope="module")
def model():
    return tiny("small")


def test_loss_by_hand():
    """A probability of 1/2 costs one bit, 1/4 two bits; logits need not be normalised."""
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
    for nothing in ([], noise_images(0, (4, 4)), noise_images(2, (0, 4))):
        with pytest.raises(ValueError, match="at least one image"):
            score(model, nothing)


# Large images, in parts


SHAPES = [(37, 41), (12, 60), (60, 12), (33, 34), (5, 200), (200, 5)]


@pytest.mark.parametrize(
    "dtype, tolerance, head",
    [
        ("float64", 1e-12, CategoricalHead),
        ("float64", 1e-12, LogisticMixtureHead(3)),
        ("float64", 1e-12, TiedMixtureHead(3)),
        ("float32", 1e-6, LogisticMixtureHead(3)),
    ],
    ids=["categorical", "mixture", "tied", "mixture-float32"],
)
@pytest.mark.parametrize("side, blocks", [(24, 2), (12, 1), (1, 1), (2, 0)])
def test_parts_score_what_the_whole_does(monkeypatch, side, blocks, dtype, tolerance, head):
    """It holds on each side of a cut, at the edges, and if the margin is larger than the part."""
    model = tiny(dtype=dtype, blocks=blocks, filters_per_colour=2, head=head, scale=2)
    images = [noise_images(1, shape, seed=i)[0] for i, shape in enumerate(SHAPES)]
    sizes = []
    log_prob = model.log_prob
    monkeypatch.setattr(
        model, "log_prob", lambda part, labels: sizes.append(part.shape) or log_prob(part)
    )
    whole = score(model, images)
    assert [size[1:3] for size in sizes] == SHAPES
    expected = [-array(log_prob(one[None])).mean(dtype="float64") / LOG_2 for one in images]
    np.testing.assert_allclose(whole.per_image, expected, rtol=tolerance)
    sizes.clear()
    monkeypatch.setattr(scoring, "SIDE", side)
    parts = score(model, images)
    np.testing.assert_allclose(parts.per_image, whole.per_image, rtol=tolerance)
    np.testing.assert_allclose(parts.error, whole.error, rtol=1e-4)
    margin = 3 + blocks
    assert model.margin == (margin, margin) and len(sizes) > 2 * len(images)
    assert max(max(size) for size in sizes) <= max(side, 3 * margin, 1 + 2 * margin)
    both = np.stack([images[0], images[0][::-1]])
    np.testing.assert_allclose(score(model, both).per_image[0], expected[0], rtol=tolerance)


def test_a_smaller_margin_would_not_do(monkeypatch):
    """The margin covers the rows above, the columns to the left and those to the right."""
    model, image = tiny(dtype="float64", blocks=1, scale=2), noise_images(1, (40, 40))
    whole = score(model, image).bits
    monkeypatch.setattr(scoring, "SIDE", 12)
    for margin in [(3, 4), (4, 3)]:
        with monkeypatch.context() as patch:
            patch.setattr(type(model), "margin", margin)
            assert abs(score(model, image).bits - whole) > 1e-9
    assert abs(score(model, image).bits - whole) < 1e-12


@pytest.mark.parametrize("size, margin, side", [(1, 0, 1), (7, 2, 5), (30, 4, 11), (9, 20, 4)])
def test_cuts_count_each_place_once(size, margin, side):
    places = np.arange(size)
    stretches = [
        (places[stretch], places[stretch][part]) for stretch, part in cuts(size, margin, side)
    ]
    np.testing.assert_array_equal(np.concatenate([part for _, part in stretches]), places)
    assert len({len(stretch) for stretch, _ in stretches}) == 1  # compiled once
    for stretch, part in stretches:
        assert part[0] - stretch[0] >= margin or stretch[0] == 0
        assert stretch[-1] - part[-1] >= margin or stretch[-1] == size - 1


def test_a_model_that_may_look_anywhere_is_given_whole_images(monkeypatch):
    @keras.saving.register_keras_serializable("tests")
    class Everywhere(keras.layers.Layer):
        def __init__(self, filters_per_colour, colours=3, **layer):
            super().__init__(**layer)

        def call(self, x):
            return x + ops.cumsum(x, axis=1) / 9 - x / 9  # the whole column above

    model, image = tiny(pixel_layer=Everywhere, dtype="float64"), noise_images(1, (30, 9))
    assert model.margin is None
    whole = score(model, image).bits
    monkeypatch.setattr(scoring, "SIDE", 4)
    assert score(model, image).bits == whole
    log_prob, counts = model.log_prob, []
    monkeypatch.setattr(
        model, "log_prob", lambda part, labels: counts.append(len(part)) or log_prob(part)
    )
    score(model, np.repeat(image, 3, axis=0))
    assert counts == [1, 1, 1]  # large images are not batched


def test_a_large_image_is_checked_before_its_parts(monkeypatch, model):
    monkeypatch.setattr(scoring, "SIDE", 8)
    image = noise_images(1, (30, 30))
    image[0, -1, -1] = 8
    monkeypatch.setattr(model, "log_prob", None)
    with pytest.raises(ValueError, match="levels 0 to 7, got 8"):
        score(model, image)
    for wrong in (image[0], image[0, 0], image / 255):
        with pytest.raises(ValueError, match="PixelCNN takes"):
            score(model, wrong)


def test_a_photograph_is_not_its_image(model):
    with pytest.raises(ValueError, match=r"got a Photograph: use \[one.image for one in photog"):
        score(model, data.photographs("test"))


@pytest.mark.parametrize("colours", [1, 3])
def test_a_weight_for_each_image_weighs_images_and_not_colours(colours):
    images = noise_images(3, (5, 4), colours)
    model = PixelCNN(2, 1, 2, levels=8, colours=colours)
    model.compile(keras.optimizers.SGD(0.0), loss=bits_per_dim)
    weighted = model.test_on_batch(images, images, sample_weight=np.array([1.0, 0, 0]))
    np.testing.assert_allclose(weighted, score(model, images[:1]).bits / 3, rtol=1e-5)


def test_weights_whose_number_of_axes_is_unknown_are_refused():
    import tensorflow as tf

    traced = tf.function(by_image, input_signature=[tf.TensorSpec(None)])
    with pytest.raises(ValueError, match="sample_weight had another shape before. Compile the"):
        traced(np.ones(3, "float32"))


@pytest.mark.parametrize("preset", ["tiny", "small"])
def test_fit_evaluate_and_score_agree(preset):
    """The compiled loss is the same number, and never lists all levels."""
    model, images = tiny(preset), noise_images(4, (5, 4))
    bits = score(model, images).bits
    model.compile(keras.optimizers.SGD(0.0), loss=bits_per_dim)
    np.testing.assert_allclose(model.evaluate(images, images, verbose=0), bits, rtol=1e-5)
    np.testing.assert_allclose(model.train_on_batch(images, images), bits, rtol=1e-5)
    np.testing.assert_allclose(-array(model.log_prob(images)).mean() / LOG_2, bits, rtol=1e-5)
    for shape in [(4,), (4, 1, 1, 1)]:  # Keras's own shape, and one that broadcasts to the values
        weights = np.array([1.0, 0, 0, 0]).reshape(shape)
        model.compile(keras.optimizers.SGD(0.0), loss=bits_per_dim)
        weighted = model.test_on_batch(images, images, sample_weight=weights)
        np.testing.assert_allclose(weighted, score(model, images[:1]).bits / 4, rtol=1e-5)
