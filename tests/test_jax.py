"""The core also works on JAX, in a separate process, without TensorFlow."""

import os
import subprocess
import sys

CORE = """
import itertools
import numpy as np
import keras
from keras import ops
from pixelcnn_lib import leaks, losses, sampling, training
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.family import MEMBERS, PixelCNN

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
    bits = losses.score(model, images).bits
    np.testing.assert_allclose(bits, -listed.mean() / np.log(2), rtol=1e-5)

options = dict(epochs=1, steps_per_epoch=2, batch_size=2, verbose=0)
training.train(model, images, "run", images, **options)
assert training.resume("run", verbose=0).sizes == model.sizes
for name, member in MEMBERS.items():
    model = member(**sizes)
    training.train(model, images, name, images, **options)
    assert type(training.resume(name, epochs=2, verbose=0)) is member

labels = np.array([0, 1, 2, 1])
model = PixelCNN(**sizes, classes=3)
model.compile("adam", loss=losses.bits_per_dim)
data = dict(validation_data=(images, labels), epochs=8, verbose=0)
bits = model.fit(images, labels, **data).history["val_loss"]
np.testing.assert_allclose(losses.score(model, images, labels=labels).bits, bits[-1], rtol=1e-4)
assert bits[-1] < bits[0]
np.testing.assert_allclose(model.predict((images, labels), verbose=0), model(images, labels), atol=1e-5)
training.train(model, images, "labelled", images, labels=labels, valid_labels=labels, **options)
assert training.resume("labelled", epochs=2, verbose=0).classes == 3

heads = ((CategoricalHead, None), (TiedMixtureHead(2), None), (CategoricalHead, 3))
for member, (head, classes) in itertools.product(MEMBERS.values(), heads):
    model = member(**sizes, head=head, classes=classes, dtype="float64")
    more, label = ({"labels": [0, 2]}, {"label": 2}) if classes else ({}, {})
    seen = False
    field = model.field((3, 4, 3))
    for seed in range(6):  # a ReLU can hide a way under one draw of the weights
        rng = np.random.default_rng(seed)
        for weight in model.weights:
            weight.assign(rng.normal(0, 0.5, weight.shape))
        seen |= leaks.influence(model, (3, 4, 3), levels=5, trials=6, **label)
        if (seen == field).all():
            break
    assert model(images[:2], **more).dtype == "float64"
    np.testing.assert_array_equal(seen, field)
    naive = sampling.generate_images(model, 2, (2, 5), seed=0, method="naive", **more)
    for method in ("cached", "wavefront", "compiled"):
        drawn = sampling.generate_images(model, 2, (2, 5), seed=0, method=method, **more)
        np.testing.assert_array_equal(naive, drawn, method)
"""


def test_the_core_runs_on_jax(tmp_path):
    settings = {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-c", CORE]
    environment = {**os.environ, **settings}
    run = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
