"""Training on several devices, here simulated ones: Keras's way on JAX, and TensorFlow's refusal."""

import pytest
from tiny import run_on_jax, run_on_tensorflow

TWO = """
import keras
import numpy as np
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.losses import bits_per_dim

images = np.random.default_rng(0).integers(4, size=(8, 4, 4, 1), dtype="uint8")

def compiled():
    keras.utils.set_random_seed(0)
    model = PixelCNN(4, 1, 4, levels=4, colours=1)
    model.compile("adam", loss=bits_per_dim)
    return model
"""
ON_JAX = """
from keras import distribution

def trained(count):
    devices = distribution.list_devices()[:count]
    distribution.set_distribution(distribution.DataParallel(devices=devices))
    model = compiled()
    model.fit(images, images, batch_size=8, epochs=3, shuffle=False, verbose=0)
    assert len(model.weights[0].value.devices()) == count
    return model.get_weights()

for one, other in zip(trained(1), trained(2), strict=True):
    np.testing.assert_allclose(one, other, atol=1e-6)
"""
ON_TENSORFLOW = """
import tensorflow as tf

two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    model = compiled()
try:
    model.fit(images, images, verbose=0)
except ValueError as error:
    assert "keras.distribution.DataParallel" in str(error), error
else:
    raise AssertionError
"""


@pytest.mark.slow
def test_two_devices_train_as_one_does(tmp_path, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=2")
    run_on_jax(TWO + ON_JAX, tmp_path)


@pytest.mark.slow
def test_tensorflow_s_own_way_is_refused_with_the_reason(tmp_path):
    run_on_tensorflow(TWO + ON_TENSORFLOW, tmp_path)
