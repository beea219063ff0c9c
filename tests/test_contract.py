"""What Keras promises for every model: `training`, and what `fit` takes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny import Dropping, array, noise_images, tiny

from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score

slow = pytest.mark.slow
OTHERS = [pytest.param(head, marks=slow) for head in (CategoricalHead, LogisticMixtureHead)]
each_head = pytest.mark.parametrize("head", [TiedMixtureHead, *OTHERS])


# Training and not


@each_head
def test_training_reaches_a_pixel_layer_in_a_training_step_only(head):
    keras.utils.set_random_seed(0)  # else two of the losses are equal by a rare chance
    model, images = tiny(pixel_layer=Dropping, head=head), noise_images(2, (4, 4))
    plain = tiny(head=head)
    plain.set_weights(model.get_weights())
    bits = score(plain, images).bits
    model.compile(keras.optimizers.SGD(0.0), loss=bits_per_dim)
    trained = [model.train_on_batch(images, images) for _ in range(3)]
    trained.append(model.fit(images, images, verbose=0).history["loss"][0])
    trained.append(float(model.compute_loss(images, images, training=True)))
    assert len(set(np.round(trained, 4))) == 5 and min(abs(np.array(trained) - bits)) > 1e-4
    model.reset_metrics()  # Keras 3.13 would go on with the mean of the batches before
    for same in (
        model.test_on_batch(images, images),
        model.evaluate(images, images, verbose=0),
        float(model.compute_loss(images, images, training=False)),
        score(model, images).bits,
    ):
        np.testing.assert_allclose(same, bits, rtol=1e-5)
    logits = array(plain(images))
    for same in (model(images), model.predict(images, verbose=0), model(images, training=False)):
        np.testing.assert_allclose(array(same), logits, atol=1e-4)
    np.testing.assert_allclose(array(model.log_prob(images)), array(plain.log_prob(images)))
    assert np.abs(array(model(images, training=True)) - logits).max() > 0.01
    drawn = generate_images(model, 2, 3, seed=0)
    np.testing.assert_array_equal(drawn, generate_images(plain, 2, 3, seed=0))
    np.testing.assert_array_equal(drawn, generate_images(model, 2, 3, seed=0, method="naive"))


# What `fit` takes


@each_head
def test_images_are_their_own_targets(head):
    """With the loss itself, and with another function, for which Keras needs the logits."""
    model, images = tiny(head=head), noise_images(4, (5, 4))
    bits = score(model, images).bits
    for loss in (bits_per_dim, lambda *both: bits_per_dim(*both)):
        model.compile(keras.optimizers.SGD(0.0), loss=loss)
        losses = model.fit(images, validation_data=(images,), verbose=0).history
        stream = tf.data.Dataset.from_tensors(images)
        found = [model.evaluate(*x, verbose=0) for x in ((images, images), (images,), (stream,))]
        found += [*losses["loss"], *losses["val_loss"], model.train_on_batch(images)]
        for same in found:
            np.testing.assert_allclose(same, bits, rtol=1e-5)


def test_levels_out_of_range_do_not_train_silently():
    model, images = tiny("small"), noise_images(2, (3, 3))
    wrong = np.where(images == 7, 8, images).astype("uint8")
    model.compile("sgd", loss=bits_per_dim)
    for call in (
        lambda: model.fit(wrong, verbose=0),
        lambda: model.fit(images, wrong, verbose=0),
        lambda: model.fit(images, images, validation_data=(wrong, wrong), verbose=0),
        lambda: model.evaluate(images, wrong, verbose=0),
    ):
        with pytest.raises(ValueError, match="levels 0 to 7, got 8. Build it with levels=9"):
            call()
    with pytest.raises(ValueError, match="takes uint8 images.*got float64.*division by 255"):
        model.fit(images, images / 255, verbose=0)
    with pytest.raises(ValueError, match="levels 0 to 7, got 300. Scale, or quantise the images"):
        model.fit(images, images.astype(int) + 293, verbose=0)
    model.fit(images, images.astype("float64"), verbose=0)  # the same targets
    stream = tf.data.Dataset.from_tensors((wrong, wrong))  # is not looked through
    assert model.evaluate(stream, verbose=0) == np.inf
    assert np.isfinite(model.evaluate(images, verbose=0))
