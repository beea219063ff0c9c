"""The core also works on JAX, in a separate process, without TensorFlow; test_family has the members."""

import os
import subprocess
import sys

import pytest

CORE = """
import numpy as np
import keras
from keras import ops
from pixelcnn_lib import losses, scoring, training
from pixelcnn_lib.heads import LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.family import PixelCNN

assert keras.backend.backend() == "jax"
images = np.random.default_rng(0).integers(0, 5, (4, 3, 4, 3), dtype="uint8")
sizes = dict(filters_per_colour=3, blocks=1, head_per_colour=4, levels=5)
for head in (LogisticMixtureHead(2), TiedMixtureHead(2)):
    model = PixelCNN(**sizes, head=head)
    model.compile("adam", loss=losses.bits_per_dim)
    first, *_, last = model.fit(images, images, epochs=8, verbose=0).history["loss"]
    assert last < first, (first, last)
    logits = ops.convert_to_numpy(model(images))
    listed = np.take_along_axis(logits, images[..., None].astype(int), -1)[..., 0]
    np.testing.assert_allclose(ops.convert_to_numpy(model.log_prob(images)), listed, atol=1e-5)
    bits = scoring.score(model, images).bits
    np.testing.assert_allclose(bits, -listed.mean() / np.log(2), rtol=1e-5)

labels = np.array([0, 1, 2, 1])
model = PixelCNN(**sizes, classes=3)
model.compile("adam", loss=losses.bits_per_dim)
data = dict(validation_data=(images, labels), epochs=8, verbose=0)
bits = model.fit(images, labels, **data).history["val_loss"]
np.testing.assert_allclose(scoring.score(model, images, labels=labels).bits, bits[-1], rtol=1e-4)
assert bits[-1] < bits[0]
np.testing.assert_allclose(model.predict((images, labels), verbose=0), model(images, labels), atol=1e-5)
options = dict(epochs=1, steps_per_epoch=2, batch_size=2, verbose=0)
training.train(model, images, "labelled", images, labels=labels, valid_labels=labels, **options)
assert training.resume("labelled", epochs=2, verbose=0).classes == 3
"""


def run_on_jax(code, folder, *arguments):
    """Run code with Keras on JAX, in a new process and in a folder."""
    settings = {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **settings}
    run = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]


@pytest.mark.slow
def test_the_core_runs_on_jax(tmp_path):
    run_on_jax(CORE, tmp_path)
