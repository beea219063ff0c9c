"""The network against the reference; another body. The rest: test_family.py."""

import keras
import numpy as np
import pytest
import reference
from loops import by_loops
from tiny import Plain, array, noise_images, tiny

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import ResidualBlock
from pixelcnn_lib.losses import bits_per_dim

HEADS = [CategoricalHead, LogisticMixtureHead(components=3), TiedMixtureHead(components=3)]
NAMES = ["categorical", "mixture", "tied"]


# What it computes


@pytest.mark.parametrize(
    "head, colours, levels, size",
    [(HEADS[0], 3, 8, (4, 5)), (HEADS[1], 1, 256, (5, 2)), (HEADS[2], 3, 8, (3, 3))],
    ids=NAMES,
)
def test_network_and_head_are_the_reference(head, colours, levels, size):
    model = tiny(head=head, colours=colours, levels=levels, dtype="float64", filters_per_colour=2)
    images = noise_images(1, size, colours, levels)
    expected = by_loops(model, images[0])
    place = (size[0] - 1, size[1] // 2, colours - 1)
    if isinstance(head, TiedMixtureHead):
        pixel = images[0][place[:2]]
        exact = reference.tied_mixture(expected[place[:2]], pixel[:-1], colours, levels)
    else:
        parameters = array(model.parameters(images))[0]
        np.testing.assert_allclose(parameters, expected, rtol=1e-9, atol=1e-9)
    if head is CategoricalHead:
        exact = reference.categorical(expected[place])
    elif head is HEADS[1]:
        exact = reference.logistic_mixture(expected[place], levels)
    logits = array(model(images))[0][place]
    np.testing.assert_allclose(logits, [float(p.ln()) for p in exact], rtol=1e-6)


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
@pytest.mark.parametrize("levels", [2, 256])
def test_log_prob_is_the_logit_of_the_value(head, levels):
    model = tiny(head=head, levels=levels, dtype="float64")
    images = noise_images(2, (3, 4), levels=levels)
    images[0, 0], images[1, 0] = 0, levels - 1  # the first and the last level
    logits = array(model(images))
    assert logits.shape == (2, 3, 4, 3, levels)
    expected = np.take_along_axis(logits, images[..., None].astype(int), -1)[..., 0]
    np.testing.assert_allclose(array(model.log_prob(images)), expected, rtol=1e-9)
    np.testing.assert_allclose(np.exp(logits).sum(-1), 1, rtol=1e-12)


# Another body, and a loss that has more parts


def test_regularisers_count_in_the_loss():
    model, images = tiny(levels=8), noise_images(2, (3, 3))
    model.first.kernel.regularizer = keras.regularizers.L2(1.0)
    plain = lambda targets, logits: bits_per_dim(targets, logits)
    losses = []
    for loss in (bits_per_dim, plain):
        model.compile("sgd", loss=loss, run_eagerly=True)
        losses.append(model.evaluate(images, images, verbose=0))
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0] > np.square(array(model.first.kernel)).sum()


@pytest.mark.parametrize("name", ["call", "log_prob", "parameters", "read"])
def test_a_member_writes_only_what_drawing_follows(name):
    with pytest.raises(TypeError, match=f"Mine has a `{name}` of its own"):
        type("Mine", (PixelCNN,), {name: lambda self, images: images})


@keras.saving.register_keras_serializable("tests")
class Leaky(PixelCNN):
    def __init__(self, *sizes, slope=0.0, **others):
        self.slope = slope
        super().__init__(*sizes, **others)


@keras.saving.register_keras_serializable("tests")
class Warm(LogisticMixtureHead):
    def __init__(self, heat=1.0, **layer):
        super().__init__(**layer)
        self.heat = heat


def test_an_argument_that_training_would_lose_is_refused():
    with pytest.raises(TypeError, match="Leaky takes slope, and its get_config does not return"):
        Leaky(3, 1, 4, slope=3.0)
    with pytest.raises(TypeError, match="Warm takes heat"):
        tiny(head=Warm(2.0))


def test_body_is_made_of_any_pixel_layer():
    model = tiny(pixel_layer=Plain)
    assert all(type(layer) is Plain for layer in model.body)
    assert len(model.masks) == 6 and type(tiny().body[0]) is ResidualBlock
    twin = PixelCNN.from_config(model.get_config())
    twin.set_weights(model.get_weights())
    images = noise_images(1, (3, 3))
    np.testing.assert_array_equal(array(twin(images)), array(model(images)))
