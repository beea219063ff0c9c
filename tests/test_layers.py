"""The masked convolution and the residual block."""

import keras
import numpy as np
import pytest
import reference
import tensorflow as tf
from tiny import array, tiny

from pixelcnn_lib.layers import Block, LivingFanIn, MaskedConv2D, ResidualBlock


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def built(layer, features):
    layer.build((None, None, None, features))
    for i, weight in enumerate(layer.weights):
        weight.assign(noise(*weight.shape, seed=i))
    return layer


def test_convolution_by_hand():
    """All weights and inputs are one, so each output counts what it may see."""
    layer = MaskedConv2D(3, 3, "A", kernel_initializer="ones")
    counts = array(layer(np.ones((1, 3, 3, 3), "float32")))[0]
    np.testing.assert_array_equal(counts[0, 0], [0, 1, 2])  # earlier colours of the pixel alone
    np.testing.assert_array_equal(counts[0, 1], [3, 4, 5])  # and the pixel to the left
    np.testing.assert_array_equal(counts[1, 1], [12, 13, 14])  # and three above
    layer = MaskedConv2D(3, 3, kernel_initializer="ones", activation=lambda x: -x)
    np.testing.assert_array_equal(array(layer(np.ones((1, 1, 1, 3))))[0, 0, 0], [-1, -2, -3])


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("mask_type", "AB")
@pytest.mark.parametrize("kernel_size", [1, (5, 3)])
def test_convolution_is_the_reference(kernel_size, mask_type, colours):
    layer = MaskedConv2D(2 * colours, kernel_size, mask_type, colours, dtype="float64")
    built(layer, 3 * colours)
    x = noise(2, 4, 5, 3 * colours)
    expected = [reference.convolve(image, layer.weights, mask_type, colours) for image in x]
    np.testing.assert_allclose(array(layer(x)), expected, rtol=1e-12, atol=1e-12)


def value_and_gradients(layer, x, dtype):
    """Return a layer's output for x, and a weighted sum's gradients for x and for the kernel."""
    x = tf.constant(x, dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        total = tf.reduce_sum(y * noise(*y.shape, seed=9))
    return [array(one) for one in (y, *tape.gradient(total, [x, layer.kernel.value]))]


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("mask_type", "AB")
@pytest.mark.parametrize("kernel_size", [3, (5, 3)])
@pytest.mark.parametrize("shape", [(4, 5), (1, 1)])
def test_the_shortcut_changes_nothing(monkeypatch, shape, kernel_size, mask_type, colours):
    """Without the rows below, outputs and gradients are those of the masked kernel's convolution."""
    layer = MaskedConv2D(2 * colours, kernel_size, mask_type, colours, dtype="float64")
    built(layer, 3 * colours)
    x = noise(2, *shape, 3 * colours)
    fast = value_and_gradients(layer, x, "float64")
    plain = keras.layers.Conv2D.convolution_op
    monkeypatch.setattr(layer, "convolution_op", lambda x, w: plain(layer, x, layer.masked(w)))
    for got, expected in zip(fast, value_and_gradients(layer, x, "float64")):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


def test_residual_block_is_the_reference():
    block = built(ResidualBlock(2, dtype="float64"), 12)
    x = noise(1, 4, 3, 12)
    y = x[0]
    for layer in (block.narrow, block.look, block.widen):
        y = reference.convolve(reference.relu(y), layer.weights, "B", 3)
    np.testing.assert_allclose(array(block(x))[0], x[0] + y, rtol=1e-12)
    assert [layer.kernel.shape for layer in (block.narrow, block.look, block.widen)] == [
        (1, 1, 12, 6),
        (3, 3, 6, 6),
        (1, 1, 6, 12),
    ]


@pytest.mark.parametrize("mask_type", "AB")
@pytest.mark.parametrize("colours", [1, 3])
def test_start_is_scaled_by_living_fan_in(mask_type, colours):
    """The sum over a colour's living weights has variance 2, however many the mask keeps."""
    size, filters_in, filters_out = 3, 30 * colours, 100 * colours
    kernel = array(LivingFanIn(mask_type, colours, seed=0)((size, size, filters_in, filters_out)))
    living = reference.mask(size, size, filters_in, filters_out, mask_type, colours)
    variance = ((kernel * living) ** 2).sum((0, 1, 2)).reshape(colours, -1).mean(1)
    np.testing.assert_allclose(variance, 2, rtol=0.05)


def test_dead_weights_stay_dead_through_training():
    layer = MaskedConv2D(6, 3, "A")
    model = keras.Sequential([keras.Input((5, 5, 3)), layer])
    living = reference.mask(3, 3, 3, 6, "A", 3).astype(bool)
    before, x = array(layer.kernel).copy(), noise(4, 5, 5, 3).astype("float32")
    model.compile(keras.optimizers.SGD(0.1), loss="mse", jit_compile=False)
    model.train_on_batch(x, noise(4, 5, 5, 6, seed=1))
    after = array(layer.kernel)
    np.testing.assert_array_equal(after[~living], before[~living])  # no gradient reaches them
    assert (after[living] != before[living]).all()
    assert not array(layer.masked(layer.kernel))[~living].any()


def test_a_block_builds_its_layers():
    """Else their weights would not be there when a file is read."""

    class Lacking(Block):
        def __init__(self, h, colours=3, **layer):
            super().__init__(colours, **layer)
            self.look = MaskedConv2D(2 * h * colours, 1, colours=colours)

    with pytest.raises(NotImplementedError, match="^Write Lacking.build"):
        tiny(pixel_layer=Lacking)


def test_a_block_has_no_call_of_its_own():
    """Else the sampler, which runs `forward`, would draw with another network."""
    with pytest.raises(TypeError, match="^Write Other.call as forward"):

        class Other(ResidualBlock):
            def call(self, x):
                return x


def test_a_block_runs_alone_as_in_a_network():
    class Weighted(Block):
        def build(self, shape):
            self.scale = self.add_weight(shape=shape[-1:], initializer="ones")

        def forward(self, run, x):
            return x * run.weight(self.scale)

    layer, x = built(Weighted(), 6), noise(1, 2, 2, 6).astype("float32")
    np.testing.assert_array_equal(layer(x), x * array(layer.scale))
