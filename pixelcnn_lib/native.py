"""Control from Python what a library's C++ code prints."""

import os
from contextlib import contextmanager


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
