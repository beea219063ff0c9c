"""What a library's C++ prints past Python, and how it ends the process: both in Python's hands."""

import ctypes
import os
import signal
import sys
import tempfile
import threading
from contextlib import contextmanager

handlers = []  # what the operating system calls: Python must not free it
voice = threading.Lock()  # who takes it says why the process ends, and nobody else does


@contextmanager
def silent(descriptor):
    """Drop what is written to a file descriptor for a while.

    descriptor: int, 1 for stdout or 2 for stderr.
    """
    kept, nowhere = os.dup(descriptor), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    try:
        yield
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)
        os.close(nowhere)


def keep_back():
    """Send what C++ prints to stderr to a file from now on. Python's own messages go where they went.

    Returns the file, which has no name.
    """
    sys.stderr.flush()
    sys.stderr = open(os.dup(2), "w", buffering=1, errors="backslashreplace")
    said = tempfile.TemporaryFile()
    os.dup2(said.fileno(), 2)
    return said


def end_in_one_line(said, signs, line):
    """Where C++ would end the process by SIGABRT, print one line and end it with status 1.

    said: file, of keep_back. signs: list of str; if C++ said none of them, the cause is another one,
    and all that it said is printed.
    line: str, what to print.
    """

    @ctypes.CFUNCTYPE(None, ctypes.c_int)
    def aborted(_):
        voice.acquire()
        text = os.pread(said.fileno(), 2**20, 0).decode(errors="replace")
        print(line if any(sign in text for sign in signs) else text, file=sys.stderr, flush=True)
        os._exit(1)

    handlers.append(aborted)
    ctypes.CDLL(None).signal(signal.SIGABRT, aborted)


def take_over():
    """Let Python say why the process ends: from now on, C++ cannot end it by SIGABRT."""
    if handlers:
        voice.acquire(timeout=5)
