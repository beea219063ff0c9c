"""Measure the speed of training beside its limits. Run by `make bench`.

A training step is compared with the same step whose convolutions are dense, their kernels
multiplied by the mask. Both are compiled, start from the same weights and take turns, and the
shortest time of each counts. `fit` and bare steps take turns step by step, and all their time
counts.
"""

import contextlib
import io
import time
from unittest import mock

import keras
import numpy as np
import tensorflow as tf
from bench_sampling import line, machine, seconds, share_alive

from pixelcnn_lib import batches, data, training
from pixelcnn_lib.devices import repeatable
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.losses import bits_per_dim


def dense(layer, inputs, kernel):
    """Compute a masked convolution without its shortcuts."""
    return keras.layers.Conv2D.convolution_op(layer, inputs, layer.masked(kernel))


def settings(batch, size, steps=1):
    return dict(
        epochs=1,
        steps_per_epoch=steps,
        batch_size=batch,
        size=size,
        augment=True,
        learning_rate=2e-3,
        seed=0,
    )


def learner(preset, settings, member=PixelCNN):
    """Return a model as `train` compiles it."""
    keras.utils.set_random_seed(0)
    model = member.preset(preset)
    model.compile(training.optimizer(settings, parts=1), loss=bits_per_dim)
    return model


def bare_step(model, batch):
    """Return a compiled training step on a prepared batch, after a first run."""
    batches = iter(tf.data.Dataset.from_tensors((batch, batch)).repeat())
    model.make_train_function()
    step = lambda: float(model.train_function(batches)["loss"])
    step()
    return step


def noise(batch, size):
    return np.random.default_rng(0).integers(0, 256, (batch, size, size, 3), dtype="uint8")


def step_over_dense(preset, batch, size, goal, times):
    options = settings(batch, size)
    with mock.patch.object(MaskedConv2D, "convolution_op", dense):
        base = bare_step(learner(preset, options), noise(batch, size))
    model = learner(preset, options)
    slow, fast = seconds(base, bare_step(model, noise(batch, size)), times=times)
    what = f"masked dense training step / ours, {preset}, {size}x{size}, N={batch}"
    line(what, f"{slow / fast:.2f}", f"{1 / share_alive(model):.2f}", goal)
    line("  seconds for ours", f"{fast:.4f}")


class Between(keras.callbacks.Callback):
    """Takes a bare step after each step of `fit`, so that both run under the same load."""

    def __init__(self, step):
        super().__init__()
        self.step, self.took = step, 0.0

    def on_train_batch_end(self, batch, logs=None):
        start = time.perf_counter()
        self.step()
        self.took += time.perf_counter() - start


def fit_over_steps(steps=40, times=5):
    """Measure the loop that `train` runs, with cropped and augmented batches and a progress bar.

    All the time from its call to its return counts, except the bare steps in between.
    """
    options = settings(16, 32, steps)
    images = [photograph.image for photograph in data.photographs("train")]
    with repeatable(["cpu:0"]):
        model = learner("small", options)
        between = Between(bare_step(model, batches.draw_batch(images, 0, options)))

        def fit():
            stream = batches.stream_batches(images, options, first=0)
            with contextlib.redirect_stdout(io.StringIO()):
                model.fit(stream, steps_per_epoch=steps, shuffle=False, callbacks=[between])

        fit()  # a turn that is not counted
        between.took = 0.0
        start = time.perf_counter()
        for _ in range(times):
            fit()
        fitted = time.perf_counter() - start - between.took
        line(
            f"fit of {steps} steps / bare steps, small, 32x32, N=16",
            f"{fitted / between.took:.2f}",
            "1",
            "<= 1.05",
        )
        (drawing,) = seconds(lambda: batches.draw_batch(images, 0, options), times=20)
        line("  seconds to draw a batch", f"{drawing:.4f}")


def main():
    print(machine())
    line("", "measured", "limit", "goal")
    step_over_dense("small", 16, 32, ">= 1", times=15)
    step_over_dense("wide", 16, 16, ">= 1.3", times=2)
    fit_over_steps()


if __name__ == "__main__":
    main()
