"""Run a reader's code so that it cannot harm the notebook in which it runs.

Endless loops, exits, long printouts and a large use of memory are stopped. A call into compiled
code cannot be stopped from Python; a line says so.
"""

import _thread
import builtins
import io
import os
import random
import signal
import sys
import sysconfig
import threading
import time
import warnings
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import numpy as np

SECONDS = 20  # CPU time of this process that an answer may use; other programs do not count
IDLE = 60  # seconds on the clock, for an answer that computes next to nothing: it waits
PATIENCE = 10  # seconds until a call into a library is interrupted too
LINES = 20  # lines that an answer may print
MEMORY = 3_000_000_000  # bytes that an answer may use
LIBRARIES = (
    "<frozen",
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    str(Path(__file__).parents[1]),
)


class TooSlow(BaseException):
    """An answer's time is used up. This is no Exception, so `except Exception` does not catch it."""


class Clock:
    """Counts the CPU time that the reader's code takes, and stops this code when it is used up.

    A thread sends the main thread the signal of Ctrl-C. TooSlow is raised in a line of the reader's
    own code, so that a library is not left in the middle of its work. If the code catches it, it is
    raised again at the next line.
    """

    def __init__(self):
        self.running, self.interrupt_libraries = False, False
        self.over, self.used, self.pressed = "", 0.0, False
        self.began = time.process_time(), time.monotonic()

    def call(self, function, *args):
        """Call a function that runs the reader's code, and return its result.

        function: the function. args: its arguments.
        Raises TooSlow if its time is used up.
        """
        tracing = sys.gettrace()
        try:
            self.began = time.process_time(), time.monotonic()
            self.running = True
            return function(*args)
        finally:
            self.running = False
            sys.settrace(tracing)
            self.used += time.process_time() - self.began[0]

    def watch(self, done, out):
        """Stop the reader's code when its time is used up. Runs in a thread of its own.

        done: threading.Event, set at the end. out: the stream for the line about compiled code.
        """
        late = told = False
        while not done.wait(0.05):
            if not self.running:
                continue
            cpu, clock = time.process_time() - self.began[0], time.monotonic()
            waited = clock - self.began[1]
            if self.used + cpu > SECONDS:
                self.over = f"Still running after {SECONDS} seconds of computing."
            elif waited > IDLE and cpu < 0.02 * waited:
                self.over = f"Still waiting after {IDLE} seconds."
            if self.over:
                late = late or clock
                self.interrupt_libraries = clock - late > PATIENCE
                interrupt()
            if late and clock - late > 2 * PATIENCE and not told:
                told = True
                print(
                    "✗ A call into compiled code is still running. Python cannot stop it. Wait for "
                    "it, or restart the kernel.",
                    file=out,
                    flush=True,
                )

    def interrupted(self, signum, frame):
        """Handle the signal of Ctrl-C: raise TooSlow if the time is over."""
        if not self.over:
            self.pressed = True  # by the reader
            raise KeyboardInterrupt
        if not self.running:
            return
        here = frame
        while frame is not None and frame.f_code.co_filename != __file__:
            if is_readers(frame):
                frame.f_trace = self.trace
            frame = frame.f_back
        sys.settrace(self.trace)
        if is_readers(here) or self.interrupt_libraries:
            raise TooSlow(self.over)

    def trace(self, frame, event, argument):
        """Raise TooSlow at the next line of the reader's code."""
        if self.running and event == "line" and is_readers(frame):
            raise TooSlow(self.over)
        return self.trace if is_readers(frame) else None


def is_readers(frame):
    """Tell whether a frame runs the reader's code, and not a library's."""
    return not frame.f_code.co_filename.startswith(LIBRARIES)


def interrupt():
    """Send the main thread the signal of Ctrl-C, also if it sleeps."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
    else:  # Windows
        _thread.interrupt_main()


@contextmanager
def time_limit():
    """Yield a Clock for this block. It can stop only code in the main thread."""
    clock = Clock()
    if threading.current_thread() is not threading.main_thread():
        yield clock
        return
    before = signal.signal(signal.SIGINT, clock.interrupted)
    done = threading.Event()
    thread = threading.Thread(target=clock.watch, args=(done, sys.stdout), daemon=True)
    thread.start()
    try:
        yield clock
    finally:
        done.set()
        thread.join()  # no signal comes after this
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


class FewLines(io.TextIOBase):
    """A stream that passes on the first lines and counts the others.

    stream: the stream to which lines are passed on.
    """

    def __init__(self, stream):
        self.stream, self.room = stream, 100 * LINES
        self.lines = self.kept_back = 0

    def write(self, text):
        for line in text.splitlines(keepends=True):
            if self.lines < LINES and len(line) <= self.room:
                self.stream.write(line)
                self.room -= len(line)
            else:
                self.kept_back += line.endswith("\n")
            self.lines += line.endswith("\n")
        return len(text)

    def flush(self):
        self.stream.flush()


@contextmanager
def quiet():
    """Show no warnings within this block. After it, settings and random states are as before."""
    luck, state = random.getstate(), np.random.get_state()
    place, depth = os.getcwd(), sys.getrecursionlimit()
    streams = sys.stdout, sys.stderr
    try:
        with warnings.catch_warnings(), np.errstate(), np.printoptions():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(luck)
        np.random.set_state(state)
        os.chdir(place)
        sys.setrecursionlimit(depth)
        sys.stdout, sys.stderr = streams


@contextmanager
def harmless():
    """Within this block, code cannot end the kernel, print without end or use up the memory."""
    out, errors = FewLines(sys.stdout), FewLines(sys.stderr)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    refused = {
        "input": builtins,
        "_exit": os,
        "abort": os,
        "kill": os,
        "signal": signal,
    }
    with ExitStack() as stack:
        for name, holder in refused.items():
            stack.enter_context(mock.patch.object(holder, name, refusal(f"{name}()")))
        if hasattr(shell, "ask_exit"):  # what exit() calls
            stack.enter_context(mock.patch.object(shell, "ask_exit", refusal("exit()")))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(errors))
        stack.enter_context(memory_limit())
        yield
    if out.kept_back:
        print(f"({out.kept_back} more printed lines are not shown.)")


def refusal(shown):
    """Return a function that raises RuntimeError, in place of one that could end the kernel."""

    def refuse(*args, **options):
        raise RuntimeError(f"{shown} must not be called in an answer")

    return refuse


@contextmanager
def memory_limit():
    """Raise MemoryError if this block uses more than MEMORY bytes of its own. Linux only."""
    try:
        import resource

        with open("/proc/self/status") as status:
            (used,) = [int(line.split()[1]) for line in status if line.startswith("VmData")]
        before = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used * 1024 + MEMORY, before[1]))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
