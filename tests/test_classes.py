"""Models with classes: a label steers its own image, in everything that a model does."""

import numpy as np
import pytest
from tiny import array, noise_images, tiny

from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.losses import bits_per_dim

LABELS = np.array([2, 0, 1, 1])


def classy(**options):
    return tiny(**{"classes": 3, "dtype": "float64", **options})


# What the class does


def test_each_block_adds_its_own_bias():
    """The class's bias is the same as that much more in the bias of what feeds the block."""
    model, images = classy(blocks=2), noise_images(1, (3, 4))
    plain = tiny(dtype="float64", blocks=2)
    own = len(model.skips)  # the weights of the model itself: skips, then the classes' biases
    plain.set_weights(model.get_weights()[:own] + model.get_weights()[2 * own :])
    feeds = [plain.first, plain.body[0].widen]
    for layer, bias in zip(feeds, model.class_biases):
        layer.bias.assign_add(bias[1])
    np.testing.assert_allclose(array(model(images, [1])), array(plain(images)), rtol=1e-9)


# Scores and training


def test_evaluate_and_predict_take_labels():
    model = classy(head=TiedMixtureHead(components=3), dtype="float32", scale=1)
    images = noise_images(4, (5, 5))
    bits = -array(model.log_prob(images, LABELS)).mean() / np.log(2)
    for loss in (bits_per_dim, lambda *both: bits_per_dim(*both)):
        model.compile("sgd", loss=loss, run_eagerly=True)
        for data in ((images, LABELS), (images, list(LABELS)), ((images, LABELS), images)):
            np.testing.assert_allclose(model.evaluate(*data, verbose=0), bits, rtol=1e-5)
    predicted = model.predict((images, LABELS), verbose=0)
    np.testing.assert_allclose(predicted, array(model(images, LABELS)), atol=1e-5)


def test_a_label_that_is_no_class_does_not_train_silently():
    """In a dataset too, where nobody looks at the numbers before the step."""
    model, images = classy(dtype="float32"), noise_images(4, (3, 3))
    model.compile("sgd", loss=bits_per_dim)
    two = classy(dtype="float32", colours=1, classes=(3, 2))
    two.compile("sgd", loss=bits_per_dim)
    grey = images[..., :1]
    for wrong in ([3, 0], [0, 2]):
        with pytest.raises(ValueError, match="2 whole numbers from 0 to 2 and 1 for each image"):
            two.fit(grey, np.array(3 * [[0, 1]] + [wrong]), verbose=0)
        stream = (((grey, np.array(3 * [[0, 1]] + [wrong])), grey) for _ in range(1))
        assert np.isinf(two.evaluate(stream, steps=1, verbose=0))
    for wrong in (-1, 3):
        labels = np.array([0, 1, 2, wrong])
        with pytest.raises(ValueError, match=f"from 0 to 2 for each image; got {wrong}"):
            model.fit(images, labels, verbose=0)
        stream = (((images, labels), images) for _ in range(1))
        assert np.isinf(model.evaluate(stream, steps=1, verbose=0))
