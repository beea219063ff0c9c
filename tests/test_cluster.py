"""Several processes train one run, with the weights of one process; after a loss, all resume."""

import json
import os
import socket
import subprocess
import sys

import keras
import numpy as np
import pytest
from tiny import noise_images, tiny

from pixelcnn_lib import batches, cluster, devices, runs, training

NAMES = [cluster.PREFIX + name for name in ("JOB_ADDRESSES", "NUM_PROCESSES", "PROCESS_ID")]
PROGRAM = "python -m pixelcnn_lib"

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

# What Keras 3 does under TensorFlow's own strategy for several processes
MULTI_WORKER = """
import os, sys
import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
import keras
import numpy as np

images = np.zeros((4, 3), "float32")
with strategy.scope():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("sgd", loss="mse")
    if sys.argv[1] == "built":  # all that `fit` builds from the first batch
        model._maybe_symbolic_build = lambda **_: None
        keras.Model.compute_loss(model, images, images[:, :2], model(images))
try:
    model.fit(images, images[:, :2], batch_size=4, verbose=0)
except ValueError as error:
    print(" ".join(str(error).split()), flush=True)
os._exit(0)
"""


def environment(*values):
    return {name: value for name, value in zip(NAMES, values) if value}


def test_a_place_is_read_from_keras_variables():
    assert cluster.place({}) is None
    assert cluster.place(environment("host:80", "1", "0")) is None
    assert cluster.place(environment("10.0.0.1:80", "2", "1")) == ("10.0.0.1:80", 2, 1)
    assert cluster.place(environment("a:80,b:81", "2", "0")) == ("a:80", 2, 0)


@pytest.mark.parametrize(
    "values, message",
    [
        (("a:80", "", "0"), "NUM_PROCESSES must be .* got nothing"),
        (("a:80", "two", "0"), "NUM_PROCESSES must be .* got two"),
        (("a:80", "0", "0"), "NUM_PROCESSES must be .* got 0"),
        (("a:80", "2", ""), "PROCESS_ID must be a number from 0 to 1.* got nothing"),
        (("a:80", "2", "2"), "PROCESS_ID must be a number from 0 to 1.* got 2"),
        (("a:80", "2", "-1"), "PROCESS_ID must be .* got -1"),
        (("", "2", "0"), "JOB_ADDRESSES must be host:port .* got nothing"),
        (("a", "2", "0"), "JOB_ADDRESSES must be host:port .* got a"),
        (("a:65536", "2", "0"), "JOB_ADDRESSES must be host:port .* got a:65536"),
        (("a:80,b:80", "3", "0"), "JOB_ADDRESSES must be host:port .* got a:80,b:80"),
    ],
)
def test_what_is_no_place_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        cluster.place(environment(*values))


def test_tensorflows_variable_is_refused_for_more_than_one_process():
    tasks = lambda *hosts: {"TF_CONFIG": json.dumps({"cluster": {"worker": hosts}})}
    with pytest.raises(ValueError, match="TF_CONFIG names 2 processes.*KERAS_BACKEND=jax"):
        cluster.place(tasks("a:80", "b:80"))
    for one in (tasks("a:80"), {"TF_CONFIG": "{}"}, {"TF_CONFIG": "no JSON"}, {"TF_CONFIG": ""}):
        assert cluster.place(one) is None
    assert cluster.place(tasks("a:80", "b:80") | environment("a:80", "2", "0")) == ("a:80", 2, 0)


def test_a_cluster_needs_jax(monkeypatch):
    for name, value in environment("a:80", "2", "0").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    with pytest.raises(ValueError, match="KERAS_BACKEND=jax"):
        cluster.join()


def test_a_port_in_use_is_refused(monkeypatch):
    with socket.create_server(("", 0)) as other:
        port = other.getsockname()[1]
        for name, value in environment(f"127.0.0.1:{port}", "2", "0").items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
        with pytest.raises(OSError, match=f"port {port} cannot be used.*Choose another"):
            cluster.join()


def test_without_a_cluster_a_process_is_the_only_one():
    assert cluster.processes() == (0, 1)
    assert cluster.leave(3) == 3
    cluster.only_first()


def test_the_processes_parts_are_the_whole_batch(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    images = np.random.default_rng(0).integers(0, 256, (9, 4, 4, 3), dtype="uint8")
    settings = dict(seed=1, batch_size=6, size=3, augment=False)

    def first(number, count, **labels):
        monkeypatch.setattr(cluster, "processes", lambda: (number, count))
        return next(batches.stream_batches(images, settings, first=7, **labels))[0]

    parts = [first(number, 3) for number in range(3)]
    assert [len(part) for part in parts] == [2, 2, 2]
    np.testing.assert_array_equal(np.concatenate(parts), first(0, 1))
    labelled = [first(number, 3, labels=np.arange(9)) for number in range(3)]
    for part, (crops, _) in zip(parts, labelled):
        np.testing.assert_array_equal(crops, part)
    labels = np.concatenate([labels for _, labels in labelled])
    np.testing.assert_array_equal(labels, first(0, 1, labels=np.arange(9))[1])


@pytest.mark.parametrize("labels", [None, np.arange(3, dtype="int32")])
def test_what_process_0_sends_arrives(labels):
    settings = dict(epochs=2, steps_per_epoch=1, learning_rate=1e-3)
    learner = training.new_learner(tiny(), settings, ["cpu:0"])
    images, config = noise_images(3, (4, 4)), {"settings": settings}
    sent = training.pack_start(learner, images, labels, config, done=1)
    values, arrived, theirs, *rest = training.unpack_start(sent)
    np.testing.assert_array_equal(arrived, images)
    np.testing.assert_array_equal(theirs, labels)
    assert rest == [config, 1] and len(values) == len(runs.variables(learner))


def test_what_is_shared_goes_in_pieces(monkeypatch):
    pytest.importorskip("jax")
    monkeypatch.setattr(cluster, "PIECE", 4)
    for content in (b"", b"abc", b"abcd", b"abcdefghi", bytes(8)):
        assert cluster.share(content) == content


def test_in_a_cluster_all_devices_share_and_only_process_0_keeps_the_run(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "processes", lambda: (1, 2))
    monkeypatch.setattr(keras.distribution, "list_devices", lambda: ["cpu:0", "cpu:7"])
    assert devices.chosen(None, 4) == ["cpu:0", "cpu:7"]
    with pytest.raises(ValueError, match="multiple of the 2 devices"):
        devices.chosen(None, 5)
    with pytest.raises(ValueError, match="Name no devices"):
        devices.chosen(["cpu:0"], 4)
    for call in (lambda: training.train(None, None, tmp_path), lambda: training.resume(tmp_path)):
        with pytest.raises(ValueError, match=r"Process 1 of 2 takes part with training.assist\(\)"):
            call()
    assert not list(tmp_path.iterdir())


def test_the_engines_errors_at_a_loss_become_one_line():
    with pytest.raises(OSError, match="another process of this cluster ended"):
        with cluster.partners(cluster.LOST):
            raise RuntimeError("INTERNAL: Gloo all-reduce failed: Connection reset by peer")
    with pytest.raises(RuntimeError, match="other"):
        with cluster.partners(cluster.LOST):
            raise RuntimeError("other")


@pytest.mark.skipif(sys.platform == "win32", reason="a cluster needs POSIX's signals")
@pytest.mark.parametrize("said", ["F1125 JAX distributed service: fatal", "the disk burns"])
def test_where_cpp_would_end_the_process_one_line_is_left(said):
    """If C++ ends the process for another cause, its whole message is printed."""
    script = f"""
import os
from pixelcnn_lib import cluster, native
native.end_in_one_line(native.keep_back(), cluster.SIGNS, "lost")
os.write(2, b"{said}")
os.abort()
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == ("lost\n" if "JAX" in said else said + "\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a cluster needs POSIX's signals")
def test_where_python_says_why_the_process_ends_cpp_does_not():
    script = """
import os, sys, threading, time
from pixelcnn_lib import cluster, native

native.end_in_one_line(native.keep_back(), cluster.SIGNS, "lost")
native.take_over()
threading.Thread(target=os.abort).start()
time.sleep(0.2)
print("mine", file=sys.stderr)
os._exit(3)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (3, "mine\n")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def together(commands, variables):
    """Run commands at the same time, each with its variables; returns each one's (status, stdout, stderr)."""
    pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    running = []
    try:
        for command, more in zip(commands, variables, strict=True):
            running.append(subprocess.Popen(command, env={**os.environ, **more}, **pipes))
        ended = [process.communicate(timeout=600) for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    return [(process.returncode, *texts) for process, texts in zip(running, ended)]


def start(*arguments, deaths=(None, None), devices=(1, 1)):
    """Run a command in as many processes as `deaths` lists; see `together`.

    deaths: for each process the step at which it is killed and the signal, or None.
    devices: how many each process has.
    """
    address, count = f"127.0.0.1:{free_port()}", str(len(deaths))
    jax = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "TF_CONFIG": ""}
    program = lambda death: ["-c", DYING, death] if death else ["-m", "pixelcnn_lib"]
    commands = [[sys.executable, *program(death), *map(str, arguments)] for death in deaths]
    places = [environment(address, count, str(number)) for number in range(len(deaths))]
    for place, number in zip(places, devices):
        place["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={number}"
    return together(commands, [jax | place for place in places])


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
    assert len(training.read_log(two)) == 3 and not list(tmp_path.glob("two/*draft*"))

    # process 1 is killed in the second epoch, then process 0 in the third
    keeper, lost = start(*command, "--out", killed, deaths=[None, "5 SIGKILL"])
    assert lost[0] == -9 and keeper[0] == 1
    told = [line for line in keeper[2].splitlines() if " step " not in line and line]
    assert len(told) == 1 and told[0].startswith(PROGRAM), keeper[2]
    assert cluster.LOST in told[0] and "esume" in told[0]
    assert len(training.read_log(killed)) == 1
    lost, helper = start("resume", killed, deaths=["9 SIGTERM", None])
    assert lost[0] == -15 and helper[0] == 1
    assert helper[2].count("\n") == 1 and cluster.AGAIN in helper[2], helper[2]
    assert len(training.read_log(killed)) == 2
    for status, _, errors in start("resume", killed):
        assert status == 0, errors
    for a, b in zip(expected, last_checkpoint(killed), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-5)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a cluster needs POSIX's signals")
def test_processes_with_unequal_devices_end_with_one_line_each(tmp_path):
    for status, _, errors in start("resume", tmp_path / "none", devices=(2, 1)):
        assert status and errors.count("\n") == 1, errors
        assert "as many devices" in errors or "Read their messages" in errors


@pytest.mark.slow
@pytest.mark.parametrize(
    "built, said",
    [
        ("unbuilt", "Attempt to convert a value (PerReplica"),
        ("built", "Invalid reduction dimension 0"),
    ],
)
def test_keras_on_tensorflow_does_not_fit_in_several_processes(built, said):
    """The reason that `cluster` gives for refusing TF_CONFIG is true of the installed versions."""
    hosts = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    task = lambda index: {"cluster": {"worker": hosts}, "task": {"type": "worker", "index": index}}
    variables = [{"KERAS_BACKEND": "tensorflow", "TF_CONFIG": json.dumps(task(i))} for i in (0, 1)]
    for status, output, errors in together(
        2 * [[sys.executable, "-c", MULTI_WORKER, built]], variables
    ):
        assert status == 0 and output.startswith(said), (output, errors[-2000:])
