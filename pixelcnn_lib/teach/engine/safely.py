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

import numpy as np

SECONDS = 20  # CPU time of this process; other programs do not count
IDLE = 0.01  # whoever computes in less than this share of the time waits for something
PRINTED = 2000  # characters that an answer may print
LIBRARIES = (
    "<frozen",
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    str(Path(__file__).parents[2]),
)


class TooSlow(BaseException):
    """An answer's time is used up: a message, and a hint.

    This is no Exception, so `except Exception` does not catch it.
    """


@contextmanager
def time_limit(seconds):
    """Raise TooSlow in this block if it needs more CPU time, or sleeps. It is for the main thread only.

    It is raised in a line of the reader's own code, so that no library is left in the middle of its
    work. So a single call into a library is not stopped. If the reader's code catches TooSlow, it is
    raised again in the first line that follows; a loop that catches it there too is never stopped.
    """
    main = threading.main_thread()
    if threading.current_thread() is not main:
        yield
        return
    start, begun, done = time.process_time(), time.monotonic(), threading.Event()

    def reason():
        computed, passed = time.process_time() - start, time.monotonic() - begun
        if computed > seconds:
            hint = "does every loop end? A while loop needs a step towards its end."
            return f"Still running after {seconds} seconds of computing.", hint
        if passed > seconds and computed < IDLE * passed:
            return (
                f"Still waiting after {passed:.0f} seconds.",
                "take out what waits, such as sleep.",
            )

    def watch():
        while not done.wait(0.05):
            if reason():
                interrupt(main)

    def interrupted(signum, frame):
        if done.is_set():
            return
        if not reason():  # Ctrl-C itself
            raise KeyboardInterrupt
        sys.settrace(trace)  # for the calls that begin from now on
        one = frame
        while one is not None:
            one.f_trace = trace
            one = one.f_back
        stop(frame)

    def trace(frame, event, argument):
        if event == "line":
            stop(frame)
        return trace

    def stop(frame):
        if not done.is_set() and not frame.f_code.co_filename.startswith(LIBRARIES):
            raise TooSlow(*reason())

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


def interrupt(thread):
    """Do what Ctrl-C does to the main thread. A signal, which Windows cannot send, ends a sleep too."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(thread.ident, signal.SIGINT)
    else:
        _thread.interrupt_main()


@contextmanager
def settings_kept():
    """After this block, NumPy's error state and the filters of warnings are as they were."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


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
        with settings_kept(), redirect_stdout(printed):
            yield
    finally:
        print(printed.getvalue(), end="")
        if printed.lost:
            print(f"\n({printed.lost} more printed characters are not shown.)")
