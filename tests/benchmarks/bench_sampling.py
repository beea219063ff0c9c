"""Measure how fast drawing is: each ratio beside its arithmetic limit. Run by `make bench`.

Ratios are within one run on one machine, because times alone say little. The two sides of a ratio
take turns, and the shortest time of each counts. The baseline is a reimplementation of the source
tutorial's sampler: for each value one pass over the rows so far, in a compiled loop.
"""

import os
import platform
import time
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from pixelcnn_lib import sampling
from pixelcnn_lib.family import MEMBERS, PixelCNN
from pixelcnn_lib.layers import MaskedConv2D, sublayers

OTHERS = {  # members of the family, with their presets for pages
    "gated": "<= 1.5",
    "row-lstm": "<= 3",
    "diagonal-bilstm": "<= 3",
    "pixelcnn-pp": "<= 1.5",
    "transformer": "<= 3",
    "pixelsnail": "<= 3",
}


def seconds(*runs, times=3):
    """Return the shortest time of each run; they take turns, and a first turn does not count."""
    took = [[] for _ in runs]
    for _ in range(1 + times):
        for run, list_ in zip(runs, took):
            time.sleep(0.1)  # NumPy's threads stay busy for a while after their last product
            start = time.perf_counter()
            run()
            list_.append(time.perf_counter() - start)
    return [min(one[1:]) for one in took]


def share_alive(model):
    """Return the share of living multiplications in a forward pass, up to the head's parameters."""
    convolutions = [one for one in sublayers(model) if isinstance(one, MaskedConv2D)]
    dense = np.array([np.prod(one.kernel.shape) for one in convolutions])
    return dense @ [one.pattern.mean() for one in convolutions] / dense.sum()


def draw(model, noise):
    n, height, width, _ = noise.shape
    return sampling.generate_images(model, n, (height, width), noise=noise, progress=False)


def compile_naive(model, shape):
    """Return the baseline, compiled: noise (N, H, W, 3) -> images.

    It computes only the distribution of the value to draw.
    """
    n, height, width, colours = shape

    @tf.function
    def draw_values(noise):
        images = tf.zeros(shape, tf.uint8)
        for place in tf.range(height * width * colours):
            row, col, colour = place // (width * colours), place // colours % width, place % colours
            parameters = model.parameters(images[:, : row + 1])[:, row, col, colour]  # (N, P)
            p = tf.exp(model.head.log_probs(parameters))  # (N, levels)
            sums, dice = tf.cumsum(p, axis=-1), tf.cast(noise[:, row, col, colour], p.dtype)
            values = tf.reduce_sum(tf.cast(sums <= dice[:, None] * sums[:, -1:], tf.int32), axis=-1)
            places = [[i, row, col, colour] for i in range(n)]
            images = tf.tensor_scatter_nd_update(images, places, tf.cast(values, tf.uint8))
        return images

    return lambda noise: draw_values(tf.constant(noise)).numpy()


def machine():
    """Return the machine and the versions in words."""
    return (
        f"{os.cpu_count()} cores, {platform.platform()}\nPython {platform.python_version()}, "
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}"
    )


def line(name, measured, limit="", goal=""):
    print(f"{name:<66}{measured:>10}{limit:>9}{goal:>9}", flush=True)


def over_a_forward_pass(model, name, size, n, goal):
    rng = np.random.default_rng(0)
    noise = rng.random((n, size, size, 3))
    images = tf.constant(rng.integers(0, 256, noise.shape, "uint8"))
    forward = tf.function(model.parameters).get_concrete_function(images)
    base, took = seconds(lambda: forward(images), partial(draw, model, noise))
    what = f"draw / forward pass, {name}, {size}x{size}, N={n}"
    line(what, f"{took / base:.2f}", f"{share_alive(model):.2f}", goal)
    line("  seconds for the forward pass", f"{base:.4f}")


def over_the_tutorial_s(model, n, goal):
    noise = np.random.default_rng(0).random((n, 16, 16, 3))
    naive = compile_naive(model, noise.shape)
    base, took = seconds(partial(naive, noise), partial(draw, model, noise), times=2)
    limit = f"{3 * 16 * 17 / 2 / share_alive(model):.0f}"
    line(
        f"source tutorial's sampler / draw, small, 16x16, N={n}", f"{base / took:.0f}", limit, goal
    )
    line("  seconds for the source tutorial's", f"{base:.2f}")
    same = np.mean([np.array_equal(*pair) for pair in zip(naive(noise), draw(model, noise))])
    line("  of these, equal pictures (float32)", f"{same:.0%}", "100%")


def main():
    print(machine())
    line("", "measured", "limit", "goal")
    model = PixelCNN.pretrained()
    for size, n, goal in (
        (16, 1, "<= 10"),
        (16, 64, "<= 1.5"),
        (32, 1, "<= 10"),
        (32, 64, "<= 1.5"),
    ):
        over_a_forward_pass(model, "small", size, n, goal)
    over_the_tutorial_s(model, 16, ">= 150")
    for name, goal in OTHERS.items():
        over_a_forward_pass(MEMBERS[name].preset(name), name, 16, 64, goal)


if __name__ == "__main__":
    main()
