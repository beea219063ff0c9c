"""Runs that are killed for good, by SIGKILL, and resumed: the same to the bit as one that was not."""

import contextlib
import multiprocessing
import random
import sys
import time

import keras
import pytest
from long_runs import assert_same_run, images, small_model

from pixelcnn_lib import disk, training

EPOCHS = 60  # more than twenty kills let pass
OPTIONS = dict(epochs=EPOCHS, steps_per_epoch=3, batch_size=3, size=5, augment=True, verbose=0)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kills need POSIX's signals"),
]
processes = multiprocessing.get_context("spawn")  # a fork of TensorFlow's threads may hang


def work(run, steps):
    """Start the run, or resume it, and count its steps."""

    def count_step(batch, logs):
        steps.value += 1

    tell = keras.callbacks.LambdaCallback(on_train_batch_end=count_step)
    if (run / "config.json").exists():
        training.resume(run, verbose=0, callbacks=[tell])
    else:
        patches, valid = images()
        training.train(small_model(), patches, run, valid=valid, callbacks=[tell], **OPTIONS)


@contextlib.contextmanager
def worker(run):
    """A process at work on a run, and the number of steps that it has taken."""
    steps = processes.Value("i", 0)
    process = processes.Process(target=work, args=(run, steps))
    process.start()
    try:
        yield process, steps
    finally:
        process.kill()
        process.join()


def await_steps(process, steps, count, seconds=300):
    """Wait until the process has taken so many steps; no longer than so many seconds."""
    end = time.monotonic() + seconds
    while process.is_alive() and steps.value < count and time.monotonic() < end:
        time.sleep(0.002)


def test_a_run_killed_at_eight_random_moments_ends_the_same(tmp_path):
    start = time.monotonic()
    with worker(tmp_path / "whole") as (process, steps):
        await_steps(process, steps, 1)
        begin = time.monotonic() - start
        process.join(300)
        assert process.exitcode == 0
    run, chance = tmp_path / "killed", random.Random(0)
    for kill in range(8):
        with worker(run) as (process, steps):
            if kill % 4:  # within two epochs, or while what they were is written
                await_steps(process, steps, chance.randint(1, 6))
                process.join(chance.uniform(0, 0.1))
            else:  # in the beginning
                await_steps(process, steps, 1, chance.uniform(0, begin))
            assert process.exitcode is None, f"finished after {kill} kills"
    assert 0 < len(training.read_log(run)) < EPOCHS
    with worker(run) as (process, _):
        process.join(300)
        assert process.exitcode == 0
    assert_same_run(run, tmp_path / "whole")
    assert not list(run.rglob(f"{disk.DRAFT}*"))
