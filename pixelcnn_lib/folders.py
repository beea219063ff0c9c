"""A run's folder: it begins empty, one process at a time uses it, and no file in it is half-written.

Only the standard library and filelock are imported here, so that the command can check a folder
before it loads Keras.
"""

import contextlib
import os

import filelock

AGAIN = "Restore it from a copy, or start a new run."


@contextlib.contextmanager
def reading(path, fix=AGAIN):
    """Turn any failure to read a run's file within this block into one ValueError of one line.

    path: Path, the file that the message names.
    fix: str, what the message asks the user to do.
    """
    try:
        yield
    except MemoryError:
        raise
    except FileNotFoundError as error:
        raise ValueError(f"{path} is missing. {fix}") from error
    except Exception as error:  # a damaged file can raise anything
        said = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        said = " ".join(said.split()).rstrip(".")
        raise ValueError(f"{path} cannot be used: {said}. {fix}".strip()) from error


def check_free(run):
    """Raise ValueError unless a run may begin in a folder, which must be new or empty.

    run: Path, the folder. An empty lock in it, which a start may have left, does no harm.
    """
    if not run.exists():
        return
    if not run.is_dir():
        raise ValueError(f"{run} is a file. A run needs a folder: choose a new one.")
    if (run / "config.json").exists():
        raise ValueError(f"{run} holds a run. Resume it, or choose a new folder.")
    for path in run.iterdir():
        if path.name != "lock" or not path.is_file() or path.stat().st_size:
            raise ValueError(f"{run} is not empty, and holds no run. Choose a new folder.")


def check_run(run):
    """Raise ValueError unless a folder holds a run that was started. run: Path, the folder."""
    if not (run / "config.json").exists():
        raise ValueError(f"{run} holds no run. Start one with train, or name another folder.")


@contextlib.contextmanager
def locked(run, new=False):
    """Lock a run's folder for this process.

    run: Path, the run's folder.
    new: bool, whether a run begins here. Otherwise the folder must hold a run.
    Raises ValueError if another process uses the folder or if it is not a run's folder.
    """
    check = check_free if new else check_run
    check(run)
    run.mkdir(parents=True, exist_ok=True)
    lock = run / "lock"
    try:
        with filelock.FileLock(lock, blocking=False):
            check(run)
            yield
    except filelock.Timeout:
        raise ValueError(
            f"{run} is in use by another process. Wait for it, or stop it. If there is none, the "
            f"file system cannot lock files: remove {lock}."
        ) from None


def save(run, name, content):
    """Write a file, as a whole, into the folder of a run that this process has locked.

    run: Path, the folder.
    name: str, the file's path in the folder.
    content: bytes.
    """
    path = run / name
    path.parent.mkdir(exist_ok=True)
    write_whole(path, content)


def write_whole(path, content):
    """Write a file under another name and then rename it, so that nobody ever finds half a file.

    path: Path, the file. If it exists, it is replaced.
    content: bytes.
    """
    draft = path.with_name(f"{path.name}.part")
    try:
        with open(draft, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
