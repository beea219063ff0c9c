"""Small models with large random weights, shared by the tests of the core."""

import os
import subprocess
import sys

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import faces
from pixelcnn_lib.caching import CachedParameters, Schedule
from pixelcnn_lib.family import MEMBERS, PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock
from pixelcnn_lib.operations import Everywhere

HEADS = {
    "categorical": CategoricalHead,
    "mixture": LogisticMixtureHead(components=2),
    "tied": TiedMixtureHead(components=2),
}
SMALLER = {"pixelcnn-pp": 0.5}  # its features grow from block to block


@keras.saving.register_keras_serializable("tests")
class Plain(MaskedConv2D):
    """The smallest pixel layer: one convolution and a ReLU, features in, features out, no `forward`."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(2 * filters_per_colour * colours, 3, colours=colours, **layer)

    def call(self, x):
        return ops.relu(super().call(x))


@keras.saving.register_keras_serializable("tests")
class Dropping(ResidualBlock):
    """A pixel layer that drops a third of what it is given, in training only."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.drop = keras.layers.Dropout(1 / 3, dtype=self.dtype_policy)

    def forward(self, run, x):
        return super().forward(run, run(self.drop, x))


def array(tensor):
    return ops.convert_to_numpy(tensor)


def trunk(model, x, training=None):
    """Run a model's trunk: read images (N, H, W, inputs) -> NumPy (N, H, W, width)."""
    return array(model.forward(Everywhere(model.groups, model, training=training), x))


def tiny(preset="tiny", seed=1, scale=1.5, **overrides):
    """Return a small PixelCNN with all settings of a preset except its size."""
    sizes = dict(filters_per_colour=4, blocks=2, head_per_colour=6, levels=8)
    return shake(PixelCNN.preset(preset, **{**sizes, **overrides}), seed, scale)


def small(name, seed=1, scale=1.5, head="categorical", **options):
    """Return a small member of the family, by its name in MEMBERS, in float64, with 5 levels."""
    sizes = dict(filters_per_colour=4, blocks=1, head_per_colour=6, levels=5, dtype="float64")
    model = MEMBERS[name](**{**sizes, "head": HEADS[head], **options})
    return shake(model, seed, scale * SMALLER.get(name, 1))


def shake(model, seed=1, scale=1.5):
    """Give a model new random weights, so large that a leak is visible; returns the model."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        fan_in = np.prod(weight.shape[:-1]) if len(weight.shape) > 1 else 25
        weight.assign(rng.normal(0, scale / np.sqrt(fan_in), weight.shape))
    return model


def noise_images(n, size, colours=3, levels=8, seed=0):
    """uint8 (n, *size, colours), every value uniform below `levels`."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, levels, (n, *size, colours), dtype="uint8")


def some_faces(n, seed=0):
    """Faces as RGB pictures, uint8 (n, 16, 16, 3)."""
    return faces.in_colour(faces.faces(n, seed))


def all_images(size, levels):
    """Every image of a tiny size (H, W, colours), uint8 (levels ** (H * W * colours), *size)."""
    count = int(np.prod(size))
    values = np.indices((levels,) * count, dtype="uint8").reshape(count, -1).T
    return values.reshape(-1, *size)


def total_probability(model, size):
    """The sum of the probabilities of all images of a size (H, W, colours)."""
    images = all_images(size, model.levels)
    return np.exp(array(model.log_prob(images)).sum((1, 2, 3))).sum()


def cached_logits(model, images, delay):
    """Draw finished images, all known: all log-probabilities, (N, H, W, colours, levels)."""
    schedule = Schedule(*images.shape[1:3], delay)
    return model.head.log_probs(CachedParameters(model, len(images), schedule).of(images), np)


def run_on_jax(code, folder, *arguments):
    """Run code with Keras on JAX, in a new process and in a folder."""
    settings = {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
    run_apart(code, folder, settings, *arguments)


def run_on_tensorflow(code, folder):
    """Run code with Keras on TensorFlow, in a new process and in a folder."""
    run_apart(code, folder, {"KERAS_BACKEND": "tensorflow"})


def run_apart(code, folder, settings, *arguments):
    """Run code in a new process and in a folder. settings: dict, of the environment."""
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, **settings}
    run = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
