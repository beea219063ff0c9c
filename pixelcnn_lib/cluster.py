"""Several processes, on one machine or on several, that share each batch of a run: on JAX.

Each process finds the others by the variables that Keras reads for this:

KERAS_DISTRIBUTION_JOB_ADDRESSES   host:port of process 0, the same for all; the port must be free
KERAS_DISTRIBUTION_NUM_PROCESSES   how many processes there are
KERAS_DISTRIBUTION_PROCESS_ID      the number of this process, from 0

The commands train and resume do the rest. In a program of your own, call join() first; then process
0 calls training.train or training.resume, and the others training.assist; leave(0) is last.

Process 0 keeps the run: only it reads images and writes files, and the others get from it what they
need. Without GPUs, JAX adds up the gradients by gloo, over TCP. Gloo takes any free ports, and
reaches a machine by the address that the machine's own name stands for. Tried on CPUs only.

TensorFlow's own way, TF_CONFIG and MultiWorkerMirroredStrategy, is refused. Under it, `fit` of
Keras 3 raises ValueError before the first step (3.15, TensorFlow 2.21): it converts the first batch
of each process as if it were one tensor, and takes a mean over the axis of a loss that has no axis.
A loop written by hand runs.
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
PIECE = 2**26  # bytes that are sent at once
SIGNS = ("JAX distributed service", "coordination", "Gloo", "NCCL")
LOST = "another process of this cluster ended, or its machine cannot be reached"
AGAIN = f"{LOST}. Process 0 keeps the run: resume it, in all processes"


def place(environment=os.environ):
    """Read this process's place in a cluster.

    environment: mapping of str to str, the variables.
    Returns (address of process 0, how many processes, this one's number); None without a cluster.
    Raises ValueError if the variables name no place.
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
            f"{PREFIX}PROCESS_ID must be a number from 0 to {int(count) - 1}, another one for each "
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
    """Raise ValueError if TF_CONFIG names several processes. text: str, its JSON, or nothing."""
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
    """Meet the other processes, if the environment names some; before anything is computed.

    Waits five minutes for them. From then on, what JAX's C++ prints is kept back; where it would end
    this process because another one is lost, one line says so.

    Returns the number of this process; 0 without a cluster.
    Raises ValueError if this backend or system cannot do it, OSError if the processes do not meet.
    """
    found = place()
    if found is None:
        return 0
    address, count, number = found
    with native.silent(2):
        import keras
    if keras.backend.backend() != "jax" or sys.platform == "win32":
        raise ValueError(
            "Several processes train together on JAX only, and not on Windows. Set "
            f"KERAS_BACKEND=jax, or unset {PREFIX}NUM_PROCESSES."
        )
    if number == 0:
        check_port(int(address.rpartition(":")[2]))
    import jax

    alone = (
        f"process {number} of {count} did not meet the others through {address}. See what they say; "
        "start all within five minutes, and check the address and the firewalls"
    )
    said = native.keep_back()
    native.end_in_one_line(said, SIGNS, alone)
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    with native.silent(1), partners(alone):
        before = signal.getsignal(signal.SIGTERM)
        jax.distributed.initialize(address, count, number)
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # JAX has taken it, to no effect
        if len(jax.devices()) != count * jax.local_device_count():
            raise ValueError(
                f"Each of the {count} processes must have as many devices as the others: they have "
                f"{len(jax.devices())} together, and process {number} has "
                f"{jax.local_device_count()}."
            )
        share()  # gloo connects now, as it waits for half a minute only
    native.end_in_one_line(said, SIGNS, AGAIN)
    return number


def leave(status):
    """Leave the cluster, if there is one: after all others have ended too, or at once at an error.

    status: int, the exit status; other than 0, the process ends here, and the others learn of it.
    Returns the status.
    """
    if "jax" in sys.modules and os.environ.get(PREFIX + "NUM_PROCESSES"):
        if status:
            with suppress(OSError):  # who read it may have left
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)
        sys.modules["jax"].distributed.shutdown()
    return status


def check_port(port):
    """Raise OSError unless this machine's port, an int, is free: JAX's C++ would crash."""
    try:
        socket.create_server(("", port)).close()
    except OSError as error:
        raise OSError(
            error.errno, f"port {port} cannot be used: {error.strerror}. Choose another one"
        ) from error


def processes():
    """Return the number of this process and how many share the run; (0, 1) without a cluster."""
    jax = sys.modules.get("jax")
    if not jax or not os.environ.get(PREFIX + "NUM_PROCESSES"):
        return 0, 1
    return jax.process_index(), jax.process_count()


def only_first():
    """Raise ValueError unless this process is the one that keeps the run."""
    number, count = processes()
    if number:
        raise ValueError(
            f"Only process 0 trains or resumes a run. Process {number} of {count} takes part with "
            "training.assist()."
        )


def share(content=b""):
    """Give all processes the bytes that process 0 has. All must call it.

    content: bytes; what another process than 0 passes is ignored.
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
    """Turn what JAX raises when another process is lost into an OSError. line: str, what it says."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or not any(sign in str(error) for sign in SIGNS):
            raise
        native.take_over()
        raise ConnectionResetError(errno.ECONNRESET, line) from error
