"""Run a reader's code: what takes too long is stopped, and a long printout is cut."""

import _thread
import io
import signal
import sys
import sysconfig
import threading
import time
import warnings
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

SECONDS = 20  # CPU time of this process; other programs do not count
PRINTED = 2000  # characters that an answer may print
LIBRARIES = (
    "<frozen",
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    str(Path(__file__).parents[1]),
)


class TooSlow(BaseException):
    """An answer's time is used up. This is no Exception, so `except Exception` does not catch it."""


@contextmanager
def time_limit(seconds):
    """Raise TooSlow in this block if it needs more CPU time. Only code in the main thread is stopped.

    It is raised in a line of the reader's own code, so that no library is left in the middle of its
    work. So a single call into a library is not stopped.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    start, done = time.process_time(), threading.Event()

    def is_over():
        return time.process_time() - start > seconds

    def watch():
        while not done.wait(0.05):
            if is_over():
                _thread.interrupt_main()  # like Ctrl-C

    def interrupted(signum, frame):
        if not is_over():  # Ctrl-C itself
            raise KeyboardInterrupt
        sys.settrace(stop)  # for the calls that begin from now on
        while frame is not None:
            frame.f_trace = stop
            frame = frame.f_back

    def stop(frame, event, argument):
        if not done.is_set() and not frame.f_code.co_filename.startswith(LIBRARIES):
            raise TooSlow(f"Still running after {seconds} seconds of computing.")
        return stop

    tracing, handler = sys.gettrace(), signal.signal(signal.SIGINT, interrupted)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()  # no signal comes after this
        signal.signal(signal.SIGINT, handler)
        sys.settrace(tracing)


class Beginning(io.StringIO):
    """A stream that keeps what is written first, and counts the rest."""

    lost = 0

    def write(self, text):
        room = PRINTED - self.tell()
        self.lost += len(text[room:])
        return super().write(text[:room])


@contextmanager
def quiet():
    """Within this block, show no warnings. After it, show the beginning of what was printed."""
    printed = Beginning()
    try:
        with warnings.catch_warnings(), redirect_stdout(printed):
            warnings.simplefilter("ignore")
            yield
    finally:
        print(printed.getvalue(), end="")
        if printed.lost:
            print(f"\n({printed.lost} more printed characters are not shown.)")
