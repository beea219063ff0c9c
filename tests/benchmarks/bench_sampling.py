"""How fast drawing is: each measured ratio beside its arithmetic limit. Run by `make bench`.

Ratios within one run on one machine; times alone say little. The source tutorial's sampler is
written anew as the baseline: one pass for each value over the rows so far, in a compiled loop.
"""

import os
import platform
import time

import keras
import numpy as np
import tensorflow as tf

from pixelcnn_lib import sampling
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.model import PixelCNN


def seconds(run, *arguments, times=2):
    """The shortest of a few runs, after one that is not counted."""
    run(*arguments)
    took = []
    for _ in range(times):
        start = time.perf_counter()
        run(*arguments)
        took.append(time.perf_counter() - start)
    return min(took)


def share_alive(model):
    """Living over dense multiplications of one forward pass, up to the head's parameters."""
    convolutions = [one for one in model._flatten_layers() if isinstance(one, MaskedConv2D)]
    dense = np.array([np.prod(one.kernel.shape) for one in convolutions])
    return dense @ [one.pattern.mean() for one in convolutions] / dense.sum()


def cached(model, noise):
    return sampling.generate_images(
        model, len(noise), noise.shape[1:3], noise=noise, progress=False
    )


def compile_naive(model, shape):
    """The baseline, compiled: noise (N, H, W, 3) -> images. Only the asked value's levels are listed."""
    n, height, width, colours = shape

    @tf.function
    def draw(noise):
        images = tf.zeros(shape, tf.uint8)
        for step in tf.range(height * width * colours):
            row, col, colour = step // (width * colours), step // colours % width, step % colours
            parameters = model.parameters(images[:, : row + 1])[:, row, col, colour]  # (N, P)
            sums = tf.cumsum(tf.exp(model.head.log_probs(parameters)), axis=-1)  # (N, levels)
            u = noise[:, row, col, colour, None] * sums[:, -1:]  # (N, 1)
            values = tf.reduce_sum(tf.cast(sums <= u, tf.int32), axis=-1)  # (N,)
            places = [[i, row, col, colour] for i in range(n)]
            images = tf.tensor_scatter_nd_update(images, places, tf.cast(values, tf.uint8))
        return images

    return draw


def line(name, ratio, limit, goal=""):
    print(f"{name:<58}{ratio:>9}{limit:>9}{goal:>9}", flush=True)


def main():
    versions = f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}"
    print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"
    )
    line("", "measured", "limit", "goal")
    rng = np.random.default_rng(0)
    models = {"tiny": PixelCNN.preset("tiny"), "small": PixelCNN.pretrained()}

    for name, model in models.items():
        alive, forward = share_alive(model), tf.function(model.parameters)
        for n, goal in ((1, "<= 10"), (16, ""), (64, "<= 1.5")):
            noise = rng.random((n, 16, 16, 3))
            images = tf.constant(cached(model, noise))
            ratio = seconds(cached, model, noise) / seconds(forward, images, times=10)
            line(f"draw / forward pass, {name}, 16x16, N={n}", f"{ratio:.2f}", f"{alive:.2f}", goal)

    for name, model in models.items():
        noise = rng.random((16, 16, 16, 3)).astype("float32")
        naive = compile_naive(model, noise.shape).get_concrete_function(tf.TensorSpec(noise.shape))
        start = time.perf_counter()
        slow = naive(tf.constant(noise)).numpy()
        ratio = (time.perf_counter() - start) / seconds(cached, model, noise)
        limit = f"{3 * 16 * 17 / 2 / share_alive(model):.0f}"
        line(
            f"source tutorial's sampler / draw, {name}, 16x16, N=16",
            f"{ratio:.0f}",
            limit,
            ">= 150",
        )
        same = np.mean([np.array_equal(*pair) for pair in zip(slow, cached(model, noise))])
        line("  of these, equal pictures (float32)", f"{same:.0%}", "100%")

    sizes = [8, 16, 32]
    for name, model in models.items():
        noises = [rng.random((4, size, size, 3)) for size in sizes]
        times = [seconds(cached, model, noise) for noise in noises]
        slope = np.polyfit(np.log(np.square(sizes)), np.log(times), 1)[0]
        line(f"growth with pixels, {name}, 8x8 to 32x32, N=4, slope", f"{slope:.2f}", "1", "<= 1.1")


if __name__ == "__main__":
    main()
