"""Control from Python what a library's C++ code prints."""

import os
from contextlib import contextmanager


@contextmanager
def silent():
    """Drop everything that is written to file descriptor 2 within this block, by C++ code too."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
