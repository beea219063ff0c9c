"""Several processes train one run, with the weights of one process; after a loss, all resume."""

import os
import socket
import subprocess
import sys

import keras
import numpy as np
import pytest

from pixelcnn_lib import batches, cluster, training

# One of the processes, which may be killed as it draws the batch of a given step
DYING = """
import os, signal, sys
from pixelcnn_lib import __main__, batches, cluster

(step_to_die, kind), draw = sys.argv[1].split(), batches.draw_batch

def dying(images, step, *more):
    if step == int(step_to_die):
        os.kill(os.getpid(), getattr(signal, kind))
    return draw(images, step, *more)

batches.draw_batch = dying
sys.exit(cluster.leave(__main__.main(sys.argv[2:])))
"""


def test_a_cluster_needs_jax(monkeypatch):
    monkeypatch.setenv(cluster.PREFIX + "NUM_PROCESSES", "2")
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    with pytest.raises(ValueError, match="KERAS_BACKEND=jax"):
        cluster.join()


def test_the_processes_parts_are_the_whole_batch(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    images = np.random.default_rng(0).integers(0, 256, (9, 4, 4, 3), dtype="uint8")
    settings = dict(seed=1, batch_size=6, size=3, augment=False)

    def first(number, count):
        monkeypatch.setattr(cluster, "processes", lambda: (number, count))
        stream = batches.stream_batches(images, settings, first=7, labels=np.arange(9))
        return next(stream)[0]

    parts = zip(*(first(number, 3) for number in range(3)))
    for part, whole in zip(parts, first(0, 1), strict=True):
        assert [len(one) for one in part] == [2, 2, 2]
        np.testing.assert_array_equal(np.concatenate(part), whole)


def start(*arguments, deaths=(None, None)):
    """Run a command in as many processes as `deaths` lists; return each (status, stdout, stderr).

    deaths: for each process the step at which it is killed and the signal, or None.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    jax = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    place = {"JOB_ADDRESSES": address, "NUM_PROCESSES": len(deaths)}
    running = []
    try:
        for number, death in enumerate(deaths):
            program = ["-c", DYING, death] if death else ["-m", "pixelcnn_lib"]
            names = {**place, "PROCESS_ID": number}
            names = {cluster.PREFIX + name: str(value) for name, value in names.items()}
            command = [sys.executable, *program, *map(str, arguments)]
            pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            running.append(subprocess.Popen(command, env={**os.environ, **jax, **names}, **pipes))
        ended = [process.communicate(timeout=600) for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    return [(process.returncode, *texts) for process, texts in zip(running, ended)]


def last_checkpoint(run):
    with np.load(max(run.glob("checkpoints/*"))) as arrays:
        return [arrays[name] for name in arrays.files if name != "log"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a cluster needs POSIX's signals")
def test_two_processes_train_as_one_and_resume_when_one_was_killed(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 3), dtype="uint8")
    np.savez(tmp_path / "images.npz", images)
    options = ["--preset", "tiny", "--epochs", 3, "--steps", 4, "--batch", 4]
    command = ["train", "--data", tmp_path / "images.npz", *options]
    one, two, killed = (tmp_path / name for name in ("one", "two", "killed"))

    [(status, _, errors)] = start(*command, "--out", one, deaths=[None])
    assert status == 0, errors
    for status, _, errors in start(*command, "--out", two):
        assert status == 0, errors
    expected = last_checkpoint(one)
    for a, b in zip(expected, last_checkpoint(two), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-5)

    # process 1 is killed in the second epoch, then process 0 in the third
    keeper, lost = start(*command, "--out", killed, deaths=[None, "5 SIGKILL"])
    assert lost[0] == -9 and keeper[0] != 0
    assert len(training.read_log(killed)) == 1
    lost, helper = start("resume", killed, deaths=["9 SIGTERM", None])
    assert lost[0] == -15 and helper[0] != 0
    assert len(training.read_log(killed)) == 2
    for status, _, errors in start("resume", killed):
        assert status == 0, errors
    for a, b in zip(expected, last_checkpoint(killed), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-5)
