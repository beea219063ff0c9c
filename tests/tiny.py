"""Small models with large random weights, shared by the tests of the core."""

import numpy as np

from pixelcnn_lib.family import PixelCNN


def tiny(preset="tiny", seed=1, scale=1.5, **overrides):
    """Return a small model with all settings of a preset except its size."""
    sizes = dict(filters_per_colour=4, blocks=2, head_per_colour=6, levels=8)
    return shake(PixelCNN.preset(preset, **{**sizes, **overrides}), seed, scale)


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


def all_images(size, levels):
    """Every image of a tiny size (H, W, colours), uint8 (levels ** (H * W * colours), *size)."""
    count = int(np.prod(size))
    values = np.indices((levels,) * count, dtype="uint8").reshape(count, -1).T
    return values.reshape(-1, *size)
