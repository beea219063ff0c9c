"""The command line: python -m pixelcnn_lib --help. An error is reported in one line.

The arguments and the actions are in the package `command`. The actions are imported only after the
arguments have been read.
"""

import os
import re
import shlex
import sys
import warnings

from pixelcnn_lib.command.arguments import PROGRAM, parser, plain

MEMORY = (
    "There is not enough memory. Name fewer or smaller images, give a smaller --batch, --patch, --preset, "
    "--n or --size, or close other programs."
)


def is_full_memory(error):
    """Tell whether an exception means that the memory is full: Python's, TensorFlow's or JAX's."""
    said = f"{type(error).__name__} {error}"
    signs = ("MemoryError", "ResourceExhausted", "RESOURCE_EXHAUSTED", "OOM when", "out of memory")
    return any(sign in said for sign in signs)


def in_words(message):
    """Return a message in one line, without the number of a system's error; see `plain`."""
    return re.sub(r"\[(Errno|WinError) \d+\] ", "", plain(message))


def explain(error, args):
    """Return the exit status and the message for an error. An error that is a bug is raised again.

    error: the exception.
    args: the command's arguments, as `parser` returns them.
    """
    if isinstance(error, KeyboardInterrupt):
        return 130, f"stopped.{how_to_resume(args)}"
    if is_full_memory(error):
        return 1, MEMORY
    if isinstance(error, ValueError):
        return 2, in_words(error)
    if isinstance(error, ImportError):
        return 2, f"{in_words(error)}. Install what is missing with pip."
    if isinstance(error, OSError):
        return 1, f"{in_words(error).rstrip('.')}.{how_to_resume(args)}"
    raise error


def how_to_resume(args):
    """Return a sentence that says how to resume the run, or "" if no run was begun."""
    if args.command not in ("train", "resume"):
        return ""
    # os.path.exists is False for any path, even a bad one
    if not os.path.exists(os.path.join(args.out, "config.json")):
        return ""
    return f" Resume it with: {PROGRAM} resume {shlex.quote(args.out)}"


def drop_output():
    """Drop what cannot be written to stdout, because Python would report it when it exits."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(args, tell):
    """Run one command.

    args: its arguments, as `parser` returns them.
    tell: function that prints a message.
    Returns the exit status.
    """
    try:
        from pixelcnn_lib.command import actions

        getattr(actions, args.command)(args)
        sys.stdout.flush()
        return 0
    except (Exception, KeyboardInterrupt) as error:
        status, message = explain(error, args)
        tell(message)
        return status


def main(arguments=None):
    """Read the arguments and run one command.

    arguments: list of str; None for those of the process.
    Returns the exit status.
    """
    try:
        args = parser().parse_args(arguments)
    except SystemExit as leave:  # after --help, or a bad argument
        return leave.code

    def tell(message):
        print(f"{PROGRAM} {args.command}: {message}", file=sys.stderr, flush=True)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = lambda message, *_: tell(in_words(message))
            return run(args, tell)
    finally:
        drop_output()


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # so that it can print any file's name
    if not sys.stderr.isatty():  # tqdm reads this when it is imported: a log needs few lines
        os.environ.update(TQDM_MININTERVAL="10", TQDM_DELAY="5")
    sys.exit(main())
