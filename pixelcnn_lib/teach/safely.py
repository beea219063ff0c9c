"""Run a reader's code so that it cannot harm the notebook in which it runs.

Endless loops, exits, long printouts and a large use of memory are stopped. A call into compiled
code cannot be stopped from Python; a thread then prints that.
"""

import _thread
import builtins
import inspect
import io
import os
import random
import signal
import sys
import threading
import time
import warnings
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from unittest import mock

import numpy as np

SECONDS = 8  # CPU time of the main thread: other programs on the machine do not count
PATIENCE = 60  # seconds on the clock, for an answer that sleeps or waits
LINES = 20  # lines that an answer may print
MEMORY = 3_000_000_000  # bytes that an answer may use
MODULES = ("builtins", "numpy", "keras.ops")  # restored after an answer, like the library's own
PERSONAL = ("input", "breakpoint", "exit", "quit")  # replaced by the kernel itself
interrupt_main = _thread.interrupt_main  # kept here, because `harmless` hides them from answers
set_timer = signal.setitimer if hasattr(signal, "setitimer") else None


class TooSlow(BaseException):
    """An answer's time is used up. This is no Exception, so `except Exception` does not catch it."""


class Clock:
    """Raises TooSlow in the main thread when an answer has used up its time.

    `running` is True exactly while the reader's code runs; only then is TooSlow raised. An answer
    may catch it. Then it is raised again every few microseconds, until the answer has left its
    `try`.
    """

    def __init__(self):
        self.running, self.over, self.heard = False, "", time.monotonic()
        self.start, self.began = time.monotonic(), time.thread_time()
        self.ticking = False

    def tick(self, *_):
        if self.ticking:  # a slow machine: the next signal comes before this one has been raised
            return
        try:
            self.ticking = True
            self.raise_if_over()
        finally:
            self.ticking = False

    def raise_if_over(self):
        self.heard = time.monotonic()
        if time.thread_time() - self.began > SECONDS:
            self.over = f"Still running after {SECONDS} seconds."
        elif self.heard - self.start > PATIENCE:
            self.over = f"Still waiting after {PATIENCE} seconds."
        if self.over and self.running:
            set_timer(signal.ITIMER_REAL, 1e-6 * random.randint(1, 8), 1e-4)
            raise TooSlow(self.over)

    def call(self, function, *args):
        """Call a function that runs the reader's code, and return its result.

        function: the function.
        args: its arguments.
        Raises TooSlow if its time is used up.
        """
        try:
            self.running = True
            return function(*args)
        except KeyboardInterrupt:
            if self.over:  # on Windows, KeyboardInterrupt is used to stop an answer
                raise TooSlow(self.over) from None
            raise
        finally:
            self.running = False  # no call before this line, because it could be stopped too


@contextmanager
def time_limit():
    """Yield a Clock for this block. It can stop only code in the main thread."""
    clock = Clock()
    if threading.current_thread() is not threading.main_thread():
        yield clock
    elif hasattr(signal, "SIGALRM"):
        before = signal.signal(signal.SIGALRM, clock.tick)
        set_timer(signal.ITIMER_REAL, 0.1, 0.1)
        try:
            with watched(clock):
                yield clock
        finally:
            set_timer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    else:  # Windows has only the signal of Ctrl-C, and here the time on the clock counts
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored
        done = threading.Event()

        def interrupt():
            while not done.wait(SECONDS):
                clock.over = f"Still running after {SECONDS} seconds."
                if clock.running:
                    interrupt_main()

        threading.Thread(target=interrupt, daemon=True).start()
        try:
            yield clock
        finally:
            done.set()
            signal.signal(signal.SIGINT, before)


@contextmanager
def watched(clock):
    """Print from a thread if compiled code runs so long that the clock cannot stop the answer."""
    done, out = threading.Event(), sys.stdout

    def watch():
        while not done.wait(SECONDS / 4):
            if time.monotonic() - clock.heard > 2 * SECONDS:
                print(
                    f"✗ A call into compiled code has been running for {2 * SECONDS} seconds. Python "
                    "cannot stop it. Wait for it, or restart the kernel.",
                    file=out,
                    flush=True,
                )
                return

    threading.Thread(target=watch, name="watch", daemon=True).start()
    try:
        yield
    finally:
        done.set()


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
    with ExitStack() as stack:
        for module, name in [
            (builtins, "input"),
            (os, "_exit"),
            (os, "abort"),
            (os, "kill"),
            (signal, "signal"),
            *((signal, name) for name in ("setitimer", "alarm") if hasattr(signal, name)),
            (_thread, "interrupt_main"),
            (sys, "settrace"),
        ]:
            stack.enter_context(mock.patch.object(module, name, refusal(module, name)))
        for name in ("sum", "any", "all", "max", "min", "sorted"):
            stack.enter_context(mock.patch.object(builtins, name, stoppable(name)))
        stack.enter_context(mock.patch.object(threading, "excepthook", lambda *_: None))
        stack.enter_context(mock.patch.object(sys, "unraisablehook", lambda *_: None))
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if hasattr(shell, "ask_exit"):  # what exit() calls
            stack.enter_context(mock.patch.object(shell, "ask_exit", refusal(shell, "ask_exit")))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(errors))
        stack.enter_context(memory_limit())
        yield
    if out.kept_back:
        print(f"({out.kept_back} more printed lines are not shown.)")


def refusal(module, name):
    """Return a function that raises RuntimeError, to replace one that could end the kernel.

    module: the module or object that has the function.
    name: str, the function's name in it.
    """
    shown = "exit" if name == "ask_exit" else f"{module.__name__}.{name}".removeprefix("builtins.")

    def refuse(*args, **options):
        raise RuntimeError(f"{shown}() must not be called in an answer")

    return refuse


def stoppable(name):
    """Return a built-in such as sum with a loop over its items in Python, which can be stopped.

    name: str, the built-in's name.
    """
    original = getattr(builtins, name)

    def passed(items):
        for item in items:  # noqa: UP028  `yield from` would pass items on in C
            yield item

    def loop(*args, **options):
        if len(args) == 1 or name == "sum" and args:
            args = (passed(args[0]), *args[1:])
        return original(*args, **options)

    return loop


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


# Functions of the libraries that a reader has replaced


def functions(module):
    """Return the functions of a module and the methods of its classes: {(holder, name): value}."""
    found = {}
    for name, value in vars(module).items():
        if callable(value) and not name.startswith("_") and name not in PERSONAL:
            found[module, name] = value
            if inspect.isclass(value) and value.__module__ == module.__name__:
                found |= {(value, one): it for one, it in vars(value).items() if callable(it)}
    return found


_pristine, _known = {}, set()


def remember():
    """Store the functions of the libraries, once per module, before a reader can change them."""
    for name, module in list(sys.modules.items()):
        core = name.startswith("pixelcnn_lib.") and "teach" not in name
        if (core or name in MODULES) and name not in _known:
            _known.add(name)
            _pristine.update(functions(module))


def replaced():
    """Restore the library functions that were replaced since `remember`; returns their names."""
    names = []
    for (holder, name), value in _pristine.items():
        if vars(holder).get(name) is not value:
            setattr(holder, name, value)
            names.append(f"{holder.__name__.removeprefix('pixelcnn_lib.')}.{name}")
    return names


remember()
