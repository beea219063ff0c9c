"""Two devices that share each batch learn the same as one device."""

import subprocess
import sys

import pytest

TRAIN = """
import sys
from pathlib import Path

import keras
import numpy as np

import tensorflow as tf

two = 2 * [tf.config.LogicalDeviceConfiguration()]
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], two)

from pixelcnn_lib import faces, training
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.family import PixelCNN

def finish(run, devices):
    keras.utils.set_random_seed(0)
    model = PixelCNN(2, 1, 2, head=LogisticMixtureHead(2), dtype="float64")
    options = dict(epochs=1, steps_per_epoch=5, batch_size=4, size=6, verbose=0)
    log = training.train(model, faces.in_colour(faces.faces(8)), run, devices=devices, **options)
    last = np.load(max(run.glob("checkpoints/*")))
    return log[0]["loss"], [last[name] for name in last.files if name != "log"]

training.optimizer = lambda *_: keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
folder = Path(sys.argv[1])
(loss, one), (other, two) = finish(folder / "1", ["cpu:0"]), finish(folder / "2", ["cpu:0", "cpu:1"])
assert abs(loss - other) < 1e-4, (loss, other)
assert len(one) == len(two) and max(abs(v).max() for v in one) > 0.1
for a, b in zip(one, two):
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-10)
training.resume(folder / "2", verbose=0, devices=["cpu:0"])
print("ended")
"""


@pytest.mark.slow
def test_two_devices_give_the_weights_of_one(tmp_path):
    """After five steps of gradient descent in float64, to 1e-10; loss and averages as well.

    On JAX, devices share a batch as processes do: see test_cluster.py.
    """
    command = [sys.executable, "-c", TRAIN, tmp_path]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0 and "ended" in run.stdout, run.stderr[-2000:]
