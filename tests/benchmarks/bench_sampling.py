"""Measure how fast drawing is: each ratio beside its arithmetic limit. Run by `make bench`.

Ratios are within one run on one machine, because times alone say little. The two sides of a ratio
take turns, and the shortest time of each counts. The baseline is a reimplementation of the source
tutorial's sampler: for each value one pass over the rows so far, in a compiled loop.
"""

import os
import platform
import subprocess
import sys
import time
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from pixelcnn_lib import sampling
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.layers import MaskedConv2D, sublayers

FRESH = """
from pixelcnn_lib import sampling
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.teach import figures

images = sampling.generate_images(PixelCNN.pretrained(), 64, 16, seed=0, progress=False)
figures.show_images(images).savefig("{}", format="png")
"""


def seconds(*runs, times=3, warm=True):
    """Return the shortest time of each run; they take turns, and a first turn does not count."""
    took = [[] for _ in runs]
    for _ in range(times + warm):
        for run, list_ in zip(runs, took):
            time.sleep(0.1)  # NumPy's threads stay busy for a while after their last product
            start = time.perf_counter()
            run()
            list_.append(time.perf_counter() - start)
    return [min(one[warm:]) for one in took]


def share_alive(model):
    """Return the share of living multiplications in a forward pass, up to the head's parameters."""
    convolutions = [one for one in sublayers(model) if isinstance(one, MaskedConv2D)]
    dense = np.array([np.prod(one.kernel.shape) for one in convolutions])
    return dense @ [one.pattern.mean() for one in convolutions] / dense.sum()


def draw(model, noise, method="wavefront"):
    n, height, width, _ = noise.shape
    return sampling.generate_images(
        model, n, (height, width), noise=noise, method=method, progress=False
    )


def compile_naive(model, shape):
    """Return the baseline, compiled: noise (N, H, W, 3), first value, one past the last -> images.

    It starts from the given images. It computes only the distribution of the value to draw.
    """
    n, height, width, colours = shape

    @tf.function
    def draw_values(images, noise, first, last):
        for place in tf.range(first, last):
            row, col, colour = place // (width * colours), place // colours % width, place % colours
            parameters = model.parameters(images[:, : row + 1])[:, row, col, colour]  # (N, P)
            cumulative = model.head.cumulative(parameters)
            values = sampling.search(
                cumulative, model.levels, noise[:, row, col, colour], keras.ops
            )
            places = [[i, row, col, colour] for i in range(n)]
            images = tf.tensor_scatter_nd_update(images, places, tf.cast(values, tf.uint8))
        return images

    black = tf.zeros(shape, tf.uint8)
    return lambda noise, first=0, last=height * width * colours, images=black: draw_values(
        images, tf.constant(noise), tf.constant(first), tf.constant(last)
    ).numpy()


def machine():
    """Return the machine and the versions in words."""
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as lines:
            name = next((one.split(": ")[1].strip() for one in lines if "model name" in one), name)
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores, {name}{load}\nPython {platform.python_version()}, "
        f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}"
    )


def line(name, measured, limit="", goal=""):
    print(f"{name:<66}{measured:>10}{limit:>9}{goal:>9}", flush=True)


def over_a_forward_pass(model, name, size, n, goal, methods=("wavefront", "compiled"), **options):
    rng = np.random.default_rng(0)
    noise = rng.random((n, size, size, 3))
    images = tf.constant(rng.integers(0, 256, noise.shape, "uint8"))
    forward = tf.function(model.parameters).get_concrete_function(images)
    draws = [partial(draw, model, noise, method) for method in methods]
    base, *took = seconds(lambda: forward(images), *draws, **options)
    for method, one in zip(methods, took):
        what = f"draw / forward pass, {name}, {size}x{size}, N={n}, {method}"
        line(what, f"{one / base:.2f}", f"{share_alive(model):.2f}", goal)
    line("  seconds for the forward pass", f"{base:.4f}")
    return min(took)


def over_the_tutorial_s(model, n, goal):
    noise = np.random.default_rng(0).random((n, 16, 16, 3))
    naive = compile_naive(model, noise.shape)
    slow = naive(noise, 0, 3), naive(noise)  # the first call compiles
    methods = ("wavefront", "compiled")
    runs = [partial(draw, model, noise, method) for method in methods]
    base, *took = seconds(partial(naive, noise), *runs, times=2)
    limit = f"{3 * 16 * 17 / 2 / share_alive(model):.0f}"
    for method, one in zip(methods, took):
        what = f"source tutorial's sampler / draw, small, 16x16, N={n}, {method}"
        line(what, f"{base / one:.0f}", limit, goal)
    line("  seconds for the source tutorial's", f"{base:.2f}")
    same = np.mean([np.array_equal(*pair) for pair in zip(slow[1], draw(model, noise))])
    line("  of these, equal pictures (float32)", f"{same:.0%}", "100%")


def wide():
    """Measure the preset `wide`, 43 million weights. The baseline is timed on one row's values."""
    model = PixelCNN.preset("wide")
    options = dict(times=1)
    took = over_a_forward_pass(model, "wide", 32, 16, "<= 1.5", **options)
    noise = np.random.default_rng(0).random((16, 32, 32, 3))
    naive, row, values = compile_naive(model, noise.shape), 3, 2
    drawn = draw(model, noise[:, :1])  # only the first row
    first = naive(noise, 0, 4)
    same = (first[:, 0, :1] == drawn[:, 0, :1]).mean()
    start = time.perf_counter()
    naive(noise, row * 32 * 3, row * 32 * 3 + values)
    a_row = (time.perf_counter() - start) / values / (row + 1)
    rows = 3 * 32 * sum(range(1, 33))
    limit = f"{3 * 32 * 33 / 2 / share_alive(model):.0f}"
    what = "source tutorial's sampler / draw, wide, 32x32, N=16, the faster"
    line(what, f"{rows * a_row / took:.0f}", limit, ">= 1000")
    print(
        f"  the baseline: {values} passes over {row + 1} rows timed, {a_row:.2f} s a row; "
        f"a picture needs {rows} rows"
    )
    line("  of the first pixel's values, equal (float32)", f"{same:.0%}", "100%")


def fresh_process():
    run = [sys.executable, "-c", FRESH.format(os.devnull)]
    (took,) = seconds(
        lambda: subprocess.run(run, check=True, capture_output=True), times=1, warm=False
    )
    (imports,) = seconds(
        lambda: subprocess.run([sys.executable, "-c", "import keras"], capture_output=True),
        times=1,
        warm=False,
    )
    line(
        "a fresh process to a grid of 64 pictures, 16x16, seconds",
        f"{took:.1f}",
        f"{imports:.1f}",
        "<= 15",
    )


def growth(model):
    sizes, rng = [8, 16, 32, 64], np.random.default_rng(0)
    noises = [rng.random((4, size, size, 3)) for size in sizes]
    for method in ("cached", "wavefront", "compiled"):
        times = seconds(*[partial(draw, model, noise, method) for noise in noises], times=2)
        slope = np.polyfit(np.log(np.square(sizes)), np.log(times), 1)[0]
        line(
            f"growth with pixels, 8x8 to 64x64, N=4, slope, {method}", f"{slope:.2f}", "1", "<= 1.1"
        )
        print("  seconds:", ", ".join(f"{one:.3f}" for one in times))


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
    growth(model)
    fresh_process()
    wide()


if __name__ == "__main__":
    main()
