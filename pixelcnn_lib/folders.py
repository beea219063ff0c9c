"""A run's folder: it begins empty, one process at a time uses it, and no file in it is half-written.

Only the standard library and filelock are imported here, so that the command can check a folder
before it loads Keras.
"""

import contextlib
import os

import filelock

AGAIN = "Restore it from a copy, or start a new run."


def printable(text):
    """Return text that a file may have chosen as one short line without control characters."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(line.split())
    return line if len(line) <= 300 else f"{line[:297]}..."


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
    except Exception as error:  # a file that is damaged or forged can raise anything
        said = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
        said = printable(said).rstrip(".")
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
    Raises ValueError if another process uses the folder or if it is not a run's folder, OSError if
    a file cannot be written.
    """
    check = check_free if new else check_run
    check(run)
    lock = run / "lock"
    check_regular(lock)
    try:
        run.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(lock, blocking=False):
            check(run)
            yield
    except filelock.Timeout:
        raise ValueError(
            f"{run} is in use by another process. Wait for it, or stop it. If there is none, the "
            f"file system cannot lock files: remove {lock}."
        ) from None
    except OSError as error:
        again = "start it again in a new folder"
        if (run / "config.json").exists():
            again = "resume it: all files that it wrote before are whole"
        message = f"The run in {run} stopped: {error}. Fix this, then {again}."
        number = [] if error.errno is None else [error.errno]
        raise OSError(*number, message) from error


def inside(run, name):
    """Return the path of a file in a run's folder.

    run: Path, the folder.
    name: str, the file's path in the folder.
    Raises ValueError if a link on the way leads out of the folder.
    """
    path = run / name
    if path.parent.resolve() != (run.resolve() / name).parent:
        raise ValueError(
            f"{path.parent} is a link that leads out of the run's folder. Replace it by a folder."
        )
    return path


def save(run, name, content):
    """Write a file, as a whole, into the folder of a run that this process has locked.

    run: Path, the folder.
    name: str, the file's path in the folder.
    content: bytes.
    """
    path = inside(run, name)
    path.parent.mkdir(exist_ok=True)
    draft(path).unlink(missing_ok=True)  # left by a process that was killed
    write_whole(path, content)


def write_whole(path, content, new=False):
    """Write a file under another name and then rename it, so that nobody ever finds half a file.

    path: Path, the file. If it exists, it is replaced.
    content: bytes.
    new: bool, whether the file must not exist yet.
    Raises ValueError if the path is a device, a folder or the like, which is never replaced;
    FileExistsError if there is a file that must not exist.
    """
    check_regular(path)
    file = open(draft(path), "xb")
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if new:
            path.touch(exist_ok=False)  # takes the name, unless somebody else has it
        os.replace(draft(path), path)
    except BaseException:
        draft(path).unlink(missing_ok=True)
        raise


def draft(path):
    """Return the path under which a file is written before it gets its name."""
    return path.with_name(f"{path.name}.part")


def check_regular(path):
    """Raise ValueError if a path exists and is no regular file: a device, a folder, a broken link."""
    if os.path.lexists(path) and not path.is_file():
        raise ValueError(f"{path} is no regular file, and the name is needed. Move it elsewhere.")
