"""Compare our sampler with other samplers, on the same weights where that is possible.

Each method is reimplemented from its published description. A method that takes too long is timed
on a part of the values and scaled by the number of passes. TensorFlow Probability's PixelCNN is
another network, so its drawing time is given in forward passes of its own; it runs only if the
packages tensorflow-probability and tf-keras are installed.
"""

from functools import partial

import numpy as np
import tensorflow as tf
from bench_sampling import compile_naive, draw, machine, seconds
from keras import ops

from pixelcnn_lib import sampling
from pixelcnn_lib.family import PixelCNN

PART = 8


def keras_example(model, noise):
    """Call `model.predict` on whole pictures for every value; timed on the first few values."""
    n, height, width, colours = noise.shape
    images = np.zeros(noise.shape, "uint8")
    for place in list(np.ndindex(height, width, colours))[:PART]:
        at = (slice(None), *place)
        images[at] = sampling.draw(model.predict(images, verbose=0)[at], noise[at])
    return images


def pass_per_pixel(model, noise):
    """Run one compiled pass on whole pictures per pixel, and draw all its colours from that pass.

    This is right for networks whose colours depend on each other by a formula (PixelCNN++). For
    ours it is not: this measures the cost of such a sampler, but it draws a different picture.
    """
    n, height, width, colours = noise.shape

    @tf.function
    def draw_all(noise):
        images = tf.zeros(noise.shape, tf.uint8)
        for place in tf.range(height * width):
            row, col = place // width, place % width
            parameters = model.parameters(images)[:, row, col]  # (N, colours, P)
            cumulative = model.head.cumulative(tf.reshape(parameters, (n * colours, -1)))
            u = tf.reshape(noise[:, row, col], (-1,))
            values = sampling.search(cumulative, model.levels, u, ops)  # (N * colours,)
            values = tf.cast(tf.reshape(values, (n, colours)), tf.uint8)
            places = [[i, row, col] for i in range(n)]
            images = tf.tensor_scatter_nd_update(images, places, values)
        return images

    draw_all = draw_all.get_concrete_function(tf.TensorSpec(noise.shape, noise.dtype))
    return lambda: draw_all(tf.constant(noise)).numpy()


def tensorflow_probability(size, n):
    """Return seconds to draw, seconds for a forward pass of the same network, and the version."""
    import tensorflow_probability as tfp

    network = tfp.distributions.PixelCNN(
        (size, size, 3), num_resnet=1, num_hierarchies=1, num_filters=36, num_logistic_mix=10
    )
    images = tf.zeros((n, size, size, 3))
    score = tf.function(network.log_prob)
    (forward,) = seconds(partial(score, images))
    network.sample(1, seed=0)  # builds some of its parts
    (took,) = seconds(partial(network.sample, n, seed=0), times=1, warm=False)
    return took, forward, tfp.__version__


def main():
    print(machine())
    size, n = 16, 16
    model, noise = PixelCNN.pretrained(), np.random.default_rng(0).random((n, size, size, 3))
    values = size * size * 3
    naive, per_pixel = compile_naive(model, noise.shape), pass_per_pixel(model, noise)
    naive(noise, 0, 3)
    keras_example(model, noise)  # compiles
    wavefront, compiled, tutorial, pixel, example = seconds(
        partial(draw, model, noise),
        partial(draw, model, noise, "compiled"),
        partial(naive, noise),
        per_pixel,
        partial(keras_example, model, noise),
        times=1,
    )
    (cached,) = seconds(partial(draw, model, noise, "cached"))
    table = {
        "Keras example: predict per value": example * values / PART,
        "source tutorial: a pass per value, rows so far, compiled": tutorial,
        "a pass per pixel, compiled (another picture)": pixel,
        "ours, cached": cached,
        "ours, wavefront": wavefront,
        "ours, compiled wavefront": compiled,
    }
    print(f"{f'{n} pictures of {size}x{size}, small':<60}{'seconds':>10}{'/ ours':>10}")
    best = min(table.values())
    for name, took in table.items():
        print(f"{name:<60}{took:>10.3f}{took / best:>10.1f}")
    print(f"the Keras example's is timed on {PART} of {values} values")
    try:
        took, forward, version = tensorflow_probability(size, n)
        what = f"TensorFlow Probability {version}, its own network: draw / forward pass"
        print(f"{what:<70}{took / forward:>10.1f}")
    except ImportError as error:
        print(f"TensorFlow Probability's PixelCNN is not compared: {error}.")
    images, score = tf.constant(draw(model, noise)), tf.function(model.log_prob)
    forward, took = seconds(partial(score, images), partial(draw, model, noise, "compiled"))
    print(f"{'ours, compiled: draw / forward pass':<70}{took / forward:>10.1f}")


if __name__ == "__main__":
    main()
