"""The command: python -m pixelcnn_lib --help. It runs one command, and reports an error in one line.

`command` holds the rest: its arguments, and its actions, which are imported only once the
arguments are read.
"""

import os
import re
import shlex
import sys
import warnings
from pathlib import Path

from pixelcnn_lib import cluster
from pixelcnn_lib.command.arguments import PROGRAM, SIDE, parser

FEWER = {  # what to do when the memory is full
    "train": "Give a smaller --batch, --patch or --preset.",
    "resume": "Close other programs and resume again, or start a run with a smaller --batch.",
    "score": f"Give --patch {SIDE}, to score squares cut from the images.",
    "sample": "Give a smaller --n or --size.",
    "complete": "Give a smaller --n or --size.",
}
WORDS = {  # what the library says, as a pattern, and what the command says for it
    r"\[(Errno|WinError) \d+\] ": "",
    r"\bpatch=": "--patch ",
    "Give a size": "Give --patch",
    "skip_bad=True": "--skip-bad",
    r"devices=\['cpu:0'\]": "--device cpu",
    "batch_size": "--batch",
    "build it with classes=10, for example": "train it with --labels",
    "^labels must": "--labels must",
    "First import (its module|__main__, where it was defined)": "Give --import and its module",
    r"First import (\S+), where": r"Give --import \1, where",
}


def out_of_memory(error):
    """Tell whether an exception says that the memory is full: Python's, TensorFlow's or JAX's."""
    signs = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "OOM when", "out of memory")
    said = f"{type(error).__name__} {error}"
    return isinstance(error, MemoryError) or any(sign in said for sign in signs)


def in_words(message):
    """Say a message of the library in one line, in the words of the command."""
    message = " ".join(str(message).split())
    for library, command in WORDS.items():
        message = re.sub(library, command, message)
    return message


def explain(error, args):
    """Return the exit status and the message of an error; raise it again if it is a bug."""
    if isinstance(error, KeyboardInterrupt):
        return 130, f"stopped.{how_to_resume(args)}"
    if out_of_memory(error):
        return 1, f"There is not enough memory. {FEWER[args.command]}"
    if isinstance(error, ValueError):
        return 2, in_words(error)
    if isinstance(error, ImportError):
        return 2, f"{in_words(error)}. Install what is missing with pip."
    if isinstance(error, OSError):
        return 1, f"{in_words(error).rstrip('.')}.{how_to_resume(args)}"
    raise error


def how_to_resume(args):
    """Say how to resume a run that train or resume has begun; nothing if none has."""
    if args.command not in ("train", "resume") or not (Path(args.out) / "config.json").exists():
        return ""
    return f" Resume it with: {PROGRAM} resume {shlex.quote(args.out)}"


def open_streams():
    """Open what the shell closed, as `2>&-` does, and let stdout take any name of a file."""
    for number, stream in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
        if getattr(sys, stream) is None:
            setattr(sys, stream, open(number, "r" if number == 0 else "w", closefd=False))
    sys.stdout.reconfigure(errors="backslashreplace")


def drop_output():
    """Drop what stdout cannot take, or Python would report it when it exits."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(args, tell):
    """Run one command; returns its exit status."""
    try:
        from pixelcnn_lib.command import actions

        number = cluster.join() if args.command in ("train", "resume") else 0
        getattr(actions, "assist" if number else args.command)(args)
        sys.stdout.flush()
        return 0
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        status, message = explain(error, args)
        tell(message)
        return status


def main(arguments=None):
    """Read the arguments and run one command; returns its exit status."""
    try:
        args = parser().parse_args(arguments)
    except SystemExit as leave:  # after --help, or a bad argument
        drop_output()
        return leave.code

    def tell(message):
        print(f"{PROGRAM} {args.command}: {message}", file=sys.stderr, flush=True)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = lambda message, *_: tell(in_words(message))
            return run(args, tell)
    except BrokenPipeError:  # the reader has left, as `| head` does: there is nobody to tell
        return 141
    finally:
        drop_output()


if __name__ == "__main__":
    open_streams()
    sys.exit(cluster.leave(main()))
