"""A run's folder: it begins empty, one process at a time uses it, and nothing outside is written.

Keras is not imported here, so that the command can check a folder before it loads Keras.
"""

import contextlib

import filelock

from pixelcnn_lib import disk

FILES = ("config.json", "images.npz", "log.csv", "best.npz", "lock")
FOLDERS = ("samples", "checkpoints")
BEGIN = ("images.npz", "checkpoints/epoch_0000.npz")  # what is written before config.json
BEGUN = f"{disk.DRAFT}begun"  # says that BEGIN is of a start that was killed, not somebody's
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

    run: Path, the folder. What a start has left that was killed does no harm.
    """
    if not run.exists():
        return
    if not run.is_dir():
        raise ValueError(f"{run} is a file. A run needs a folder: choose a new one.")
    if (run / "config.json").exists():
        raise ValueError(f"{run} holds a run. Resume it, or choose a new folder.")
    begun = disk.kind(run / BEGUN) == "a file"
    left = {"a file": [run / name for name in BEGIN], "a folder": [run / "checkpoints"]}
    for path in run.rglob("*"):
        what = disk.kind(path)
        ours = path.name.startswith(disk.DRAFT) or path == run / "lock" and not path.lstat().st_size
        if not (what == "a file" and ours or begun and path in left.get(what, ())):
            raise ValueError(f"{run} is not empty, and holds no run. Choose a new folder.")


def check_run(run):
    """Raise ValueError unless a folder holds a run that was started. run: Path, the folder."""
    if not (run / "config.json").exists():
        raise ValueError(f"{run} holds no run. Start one with train, or name another folder.")


def check_own(run):
    """Raise ValueError unless a folder holds a run, and every file that it may write is in there.

    run: Path, the folder. Somebody else's could have links to files and folders outside.
    """
    check_run(run)
    drawn, kept = run.glob("samples/epoch_*.png"), run.glob("checkpoints/epoch_*.npz")
    for expected, paths in (
        ("a folder", [run / name for name in FOLDERS]),
        ("a file", [*(run / name for name in FILES), *drawn, *kept]),
    ):
        for path in paths:
            what = disk.kind(path)
            if what == "a file" and path.name == "lock" and path.stat().st_nlink > 1:
                what = "a link"  # a second name for a file, which locking would empty
            if what not in (expected, "nothing"):
                raise ValueError(
                    f"{path} must be {expected} of the run's own; it is {what}. Remove it, or copy "
                    "what it stands for into the run's folder."
                )


@contextlib.contextmanager
def locked(run, new=False):
    """Lock a run's folder for this process, and remove the unfinished files of a killed one.

    run: Path, the run's folder.
    new: bool, whether a run begins here; if this fails, the folder is empty again. Otherwise the
        folder must hold a run.
    Raises ValueError if another process uses the folder or if it is not a run's folder.
    """
    check = check_free if new else check_own
    check(run)
    run.mkdir(parents=True, exist_ok=True)
    lock = run / "lock"
    try:
        with filelock.FileLock(lock, blocking=False):
            check(run)
            for folder in (run, run / "samples", run / "checkpoints"):
                for draft in folder.glob(f"{disk.DRAFT}*"):
                    draft.unlink()
            try:
                if new:
                    (run / BEGUN).touch()
                yield
            except BaseException:
                if new and not (run / "config.json").exists():
                    for name in BEGIN:
                        (run / name).unlink(missing_ok=True)
                    with contextlib.suppress(OSError):
                        (run / "checkpoints").rmdir()
                raise
            finally:
                (run / BEGUN).unlink(missing_ok=True)
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
    disk.write_whole(path, content)
