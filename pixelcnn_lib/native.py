"""Control from Python what a library's C++ code prints, and how it ends the process."""

import ctypes
import os
import signal
import sys
import tempfile
import threading
from contextlib import contextmanager

handlers = []  # functions that the operating system may call: Python must not free them
voice = threading.Lock()  # only the thread that holds it says why the process ends


@contextmanager
def silent(descriptor):
    """Drop everything that is written to a file descriptor within this block.

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
    """Collect what C++ prints to stderr in a file from now on. Python still prints to stderr.

    Returns the file, which has no name.
    """
    sys.stderr.flush()
    sys.stderr = open(os.dup(2), "w", buffering=1, errors="backslashreplace")
    said = tempfile.TemporaryFile()
    os.dup2(said.fileno(), 2)
    return said


def end_in_one_line(said, signs, line):
    """If C++ ends the process by SIGABRT, print one line instead and end it with status 1.

    said: file, as keep_back returns it.
    signs: list of str. If none of them is in the file, the cause is a different one, and the whole
        file is printed in place of the line.
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
    """From now on, do not let C++ end the process by SIGABRT: Python says why it ends."""
    if handlers:
        voice.acquire(timeout=5)
