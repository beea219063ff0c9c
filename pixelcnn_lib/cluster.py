"""Clusters: several processes, on one or more machines, that share each batch of a run. JAX only.

Each process finds the others through the environment variables that Keras reads for this:

KERAS_DISTRIBUTION_JOB_ADDRESSES   host:port of process 0, the same for all; the port must be free
KERAS_DISTRIBUTION_NUM_PROCESSES   how many processes there are
KERAS_DISTRIBUTION_PROCESS_ID      the number of this process, from 0

The commands train and resume do the rest. Your own program calls join() first. Then process 0 calls
training.train or training.resume, and the others call training.assist. At the end, each process
calls leave(0). Only process 0 reads images and writes files, and it sends the others what they need.

Without GPUs, JAX adds up the gradients with gloo, over TCP; it connects to a machine at the address
to which the machine's own name resolves. All this was tested on CPUs only. TensorFlow's own method,
MultiWorkerMirroredStrategy, is not used: with it, `fit` of Keras 3 fails before the first step.
"""

import json
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from pixelcnn_lib import native

PREFIX = "KERAS_DISTRIBUTION_"
SIGNS = ("JAX distributed service", "coordination", "Gloo", "NCCL")


def join():
    """Connect to the other processes, if the environment names any. Call it before any computation.

    Returns the number of this process; 0 if there is no cluster.
    Raises ValueError if the backend does not fit, or if the processes do not meet within five minutes.
    """
    if not os.environ.get(PREFIX + "NUM_PROCESSES"):
        return 0
    with native.silent(2):
        import keras
    if keras.backend.backend() != "jax":
        raise ValueError(
            "Several processes can train together only on JAX. Set KERAS_BACKEND=jax, or unset "
            f"{PREFIX}NUM_PROCESSES."
        )
    import jax

    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    before = signal.getsignal(signal.SIGTERM)
    try:
        with native.silent(1):  # gloo reports each connection
            keras.distribution.initialize()
            share()  # makes gloo connect now: it waits only half a minute
    except (LookupError, RuntimeError, TypeError, ValueError) as error:
        raise ValueError(
            f"The processes do not meet: {error}. Set {PREFIX}JOB_ADDRESSES, {PREFIX}NUM_PROCESSES "
            f"and {PREFIX}PROCESS_ID in each, and start all within five minutes."
        ) from error
    signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # JAX's handler would ignore it
    return jax.process_index()


def leave(status):
    """Leave the cluster, if there is one, with an exit status, and return it.

    With 0, Python waits at its end until all other processes leave too. Otherwise this process ends
    at once, and the others are told.
    """
    if status and processes()[1] > 1:
        os._exit(status)
    return status


def processes():
    """Return the number of this process, and the number of processes; (0, 1) without a cluster."""
    jax = sys.modules.get("jax")
    if not jax or not os.environ.get(PREFIX + "NUM_PROCESSES"):
        return 0, 1
    return jax.process_index(), jax.process_count()


def share(content=b""):
    """Send bytes, less than 2 GiB, from process 0 to all. Every process must call it.

    Returns the bytes of process 0.
    """
    import numpy as np
    from jax.experimental.multihost_utils import broadcast_one_to_all

    length = int(broadcast_one_to_all(np.int32(len(content))))
    padded = np.frombuffer(content.ljust(length, b"\0")[:length], "uint8")
    return broadcast_one_to_all(padded).tobytes()


def share_files(folder, names=()):
    """Copy files from process 0 into a folder of each other process. Every process must call it.

    folder: Path, the folder of this process.
    names: list of str, the files' paths in the folder. Only those of process 0 count.
    """
    number, _ = processes()
    for name in json.loads(share(json.dumps(names).encode())):
        path = Path(folder, name)
        content = share(b"" if number else path.read_bytes())
        if number:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


@contextmanager
def partners():
    """Raise OSError in place of JAX's error if another process is lost within this block."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or not any(sign in str(error) for sign in SIGNS):
            raise
        raise ConnectionResetError(
            "another process of this cluster ended, or its machine cannot be reached; resume the "
            "run in all processes"
        ) from error
