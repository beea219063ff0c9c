"""Clusters: several processes, on one or more machines, that share each batch of a run. JAX only.

Each process finds the others through the environment variables that Keras reads for this:

KERAS_DISTRIBUTION_JOB_ADDRESSES   host:port of process 0, the same for all; the port must be free
KERAS_DISTRIBUTION_NUM_PROCESSES   how many processes there are
KERAS_DISTRIBUTION_PROCESS_ID      the number of this process, from 0

The commands train and resume do the rest. Your own program must call join() first. Then process 0
calls training.train or training.resume, and the other processes call training.assist. At the end,
each process calls leave(0).

Process 0 keeps the run: only this process reads images and writes files, and it sends the others
what they need. Without GPUs, JAX adds up the gradients with gloo, over TCP. Gloo uses any free
ports, and connects to a machine at the address to which the machine's own name resolves. All this
was tested on CPUs only.

TensorFlow's own method, TF_CONFIG and MultiWorkerMirroredStrategy, is refused. With it, `fit` of
Keras 3 raises ValueError before the first step (Keras 3.15, TensorFlow 2.21): it converts the first
batch of each process as if it were one tensor, and takes a mean over the axis of a loss that has no
axis. A training loop written by hand works.
"""

import errno
import json
import os
import signal
import socket
import sys
from contextlib import contextmanager, suppress

from pixelcnn_lib import native

PREFIX = "KERAS_DISTRIBUTION_"
PIECE = 2**26  # bytes that are sent together
SIGNS = ("JAX distributed service", "coordination", "Gloo", "NCCL")
LOST = "another process of this cluster ended, or its machine cannot be reached"
AGAIN = f"{LOST}. Process 0 keeps the run: resume it, in all processes"


def place(environment=os.environ):
    """Read the place of this process in a cluster from environment variables.

    environment: mapping of str to str, the variables.
    Returns (address of process 0, number of processes, number of this process), or None if there is
    no cluster.
    Raises ValueError if a variable is missing or wrong.
    """
    addresses, count, number = (
        environment.get(PREFIX + name, "")
        for name in ("JOB_ADDRESSES", "NUM_PROCESSES", "PROCESS_ID")
    )
    if not (addresses or count or number):
        return refuse_tensorflow(environment.get("TF_CONFIG", ""))
    if not count.isdecimal() or int(count) < 1:
        raise ValueError(
            f"{PREFIX}NUM_PROCESSES must be the number of processes; got {count or 'nothing'}."
        )
    if not number.isdecimal() or int(number) >= int(count):
        raise ValueError(
            f"{PREFIX}PROCESS_ID must be a number from 0 to {int(count) - 1}, different for each "
            f"process; got {number or 'nothing'}."
        )
    first, *others = addresses.split(",")
    host, _, port = first.rpartition(":")
    named = host and port.isdecimal() and 0 < int(port) < 2**16
    if not named or (others and 1 + len(others) != int(count)):
        raise ValueError(
            f"{PREFIX}JOB_ADDRESSES must be host:port of process 0, such as 10.0.0.1:12345; got "
            f"{addresses or 'nothing'}."
        )
    return (first, int(count), int(number)) if int(count) > 1 else None


def refuse_tensorflow(text):
    """Raise ValueError if TF_CONFIG names several processes. text: str, its JSON, or empty."""
    try:
        tasks = sum(map(len, json.loads(text)["cluster"].values()))
    except (AttributeError, KeyError, TypeError, ValueError):
        return
    if tasks > 1:
        raise ValueError(
            f"TF_CONFIG names {tasks} processes, and Keras 3 cannot train in several on TensorFlow. "
            f"Unset it, and set KERAS_BACKEND=jax and {PREFIX}JOB_ADDRESSES, "
            f"{PREFIX}NUM_PROCESSES and {PREFIX}PROCESS_ID."
        )


def join():
    """Connect to the other processes, if the environment names any. Call it before any computation.

    It waits five minutes for them. After that, output of JAX's C++ code is held back. If that code
    ends this process because another process is lost, one line says so.

    Returns the number of this process; 0 if there is no cluster.
    Raises ValueError if the backend or the system does not support it, OSError if the processes do
    not find each other.
    """
    found = place()
    if found is None:
        return 0
    address, count, number = found
    with native.silent(2):
        import keras
    if keras.backend.backend() != "jax" or sys.platform == "win32":
        raise ValueError(
            "Several processes can train together only on JAX, and not on Windows. Set "
            f"KERAS_BACKEND=jax, or unset {PREFIX}NUM_PROCESSES."
        )
    if number == 0:
        check_port(int(address.rpartition(":")[2]))
    import jax

    alone = (
        f"process {number} of {count} did not meet the others through {address}. Read their "
        "messages; start all within five minutes, and check the address and the firewalls"
    )
    said = native.keep_back()
    native.end_in_one_line(said, SIGNS, alone)
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    with native.silent(1), partners(alone):
        before = signal.getsignal(signal.SIGTERM)
        jax.distributed.initialize(address, count, number)
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # JAX's handler would ignore it
        if len(jax.devices()) != count * jax.local_device_count():
            raise ValueError(
                f"Each of the {count} processes must have as many devices as the others: they have "
                f"{len(jax.devices())} together, and process {number} has "
                f"{jax.local_device_count()}."
            )
        share()  # makes gloo connect now: it waits only half a minute
    native.end_in_one_line(said, SIGNS, AGAIN)
    return number


def leave(status):
    """Leave the cluster, if there is one.

    status: int, the exit status. With 0, this waits until all other processes leave too. Otherwise
        this process ends at once, and the others are told.
    Returns the status.
    """
    if "jax" in sys.modules and os.environ.get(PREFIX + "NUM_PROCESSES"):
        if status:
            with suppress(OSError):  # the reader of a pipe may have ended
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)
        sys.modules["jax"].distributed.shutdown()
    return status


def check_port(port):
    """Raise OSError unless a port of this machine is free; JAX's C++ would crash. port: int."""
    try:
        socket.create_server(("", port)).close()
    except OSError as error:
        raise OSError(
            error.errno, f"port {port} cannot be used: {error.strerror}. Choose another one"
        ) from error


def processes():
    """Return the number of this process, and the number of processes; (0, 1) without a cluster."""
    jax = sys.modules.get("jax")
    if not jax or not os.environ.get(PREFIX + "NUM_PROCESSES"):
        return 0, 1
    return jax.process_index(), jax.process_count()


def only_first():
    """Raise ValueError unless this process is process 0, which keeps the run."""
    number, count = processes()
    if number:
        raise ValueError(
            f"Only process 0 trains or resumes a run. Process {number} of {count} takes part with "
            "training.assist()."
        )


def share(content=b""):
    """Send bytes from process 0 to all processes. Every process must call it.

    content: bytes to send. Only those of process 0 count.
    Returns the bytes of process 0.
    """
    import numpy as np
    from jax.experimental.multihost_utils import broadcast_one_to_all

    whole, rest = map(int, broadcast_one_to_all(np.array(divmod(len(content), PIECE), "int32")))
    pieces = []
    for i, size in enumerate(whole * [PIECE] + [rest] * (rest > 0)):
        piece = content[i * PIECE : i * PIECE + size].ljust(size, b"\0")
        pieces.append(broadcast_one_to_all(np.frombuffer(piece, "uint8")).tobytes())
    return b"".join(pieces)


@contextmanager
def partners(line):
    """Raise OSError in place of JAX's error if another process is lost. line: str, its message."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or not any(sign in str(error) for sign in SIGNS):
            raise
        native.take_over()
        raise ConnectionResetError(errno.ECONNRESET, line) from error
