"""A run's folder: a run changes only its own files in it, and never leaves a half-written file.

A file in the folder, its mark, lists every file that the run wrote, with a checksum of the content.
A file that is not listed, or that has another content, belongs to the user and is not changed.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import time
import warnings
from pathlib import Path

import filelock

MARK = "pixelcnn_run.json"
PROGRAM = "pixelcnn_lib"
FOLDERS = ("checkpoints", "samples", "tensorboard")


def checksum(content):
    """Return a checksum of bytes, 16 characters."""
    return hashlib.sha256(content).hexdigest()[:16]


def checksum_of(path):
    """Return the checksum of a file, reading it in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def private_name():
    """Return a name for a draft that nobody else uses: the process id, and random digits."""
    return f"draft-{os.getpid()}-{secrets.token_hex(8)}"


def write_whole(path, content, draft=None, new=False):
    """Write a file under another name and then rename it, so that nobody ever finds half a file.

    path: Path, the file. If it exists, it is replaced.
    content: bytes.
    draft: str, the first name; None for a private one.
    new: bool, whether the file must not exist yet.
    Raises FileExistsError if the draft exists, or the file that must not.
    """
    draft = path.with_name(draft or private_name())
    try:
        fill(draft, content)
        if new:
            path.touch(exist_ok=False)  # takes the name, unless somebody else has it
        os.replace(draft, path)
    except FileExistsError as error:  # somebody else's file: it stays
        if Path(error.filename) == path:
            draft.unlink()
        raise
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def fill(path, content):
    """Write bytes to a file that does not exist yet, and wait until they are on the disk."""
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_mark(run):
    """Read the mark of a run's folder.

    run: Path, the folder.
    Returns {"draft": the name of the run's drafts, "files": {name: checksums}, "events": names}, or
    None if the folder has no mark and so is not a run's folder. While a file is replaced it has two
    checksums, because a killed process leaves either the old file or the new one.
    """
    with contextlib.suppress(
        AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError
    ):
        mark = json.loads((run / MARK).read_bytes())
        private = re.fullmatch(r"draft-\d+-[0-9a-f]{16}", mark["draft"])
        lists = [mark["events"], *mark["files"].values()]
        formed = all(isinstance(one, list) for one in lists)
        formed = formed and all(isinstance(text, str) for one in lists for text in one)
        if mark["written by"] == PROGRAM and private and formed:
            return mark
    return None


def unfinished(path):
    """Tell whether a run that was killed at its start left this file: a lock, or part of a mark."""
    if path.name not in ("lock", MARK) or not path.is_file():
        return False
    content, beginning = path.read_bytes(), encode({})[:-1]
    broken_off = content.startswith(beginning) or beginning.startswith(content)
    return broken_off if path.name == MARK else not content


def add_event(path, **content):
    """Add an event to a file for TensorBoard, whose own writer would not raise errors as OSError.

    path: Path, the file.
    content: the event's fields, such as step and summary, see tensorboard.compat.proto.
    """
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.record_writer import RecordWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab") as file:
        RecordWriter(file).write(Event(wall_time=time.time(), **content).SerializeToString())


def find_own(run, name):
    """Check that a file is as the run wrote it.

    run: Path, the run's folder.
    name: str, the file's path in the folder.
    Returns the file's Path.
    Raises ValueError if the content is different, FileNotFoundError if there is no such file.
    """
    path = run / name
    found = checksum_of(path)  # before the mark is read, because the run may be writing
    if found not in (read_mark(run) or new_mark())["files"].get(name, ()):
        raise ValueError(
            f"{path} is not as the run wrote it: it was changed, or is damaged. Restore it from a "
            "copy, or start a new run."
        )
    return path


def check_config(run):
    """Raise ValueError if a folder holds a run that ended an epoch, but has lost its config.json."""
    lost = not (run / "config.json").exists()
    if lost and "log.csv" in (read_mark(run) or new_mark())["files"]:
        raise ValueError(
            f"{run} holds a run whose config.json was removed. Restore that file from a copy, or name "
            "another folder."
        )


def check_free(run):
    """Raise ValueError unless a run may begin in a folder.

    run: Path, the folder. It may be new, or empty, or left by a run that was killed at its start.
    """
    check_config(run)
    if run.exists() and not run.is_dir():
        raise ValueError(f"{run} is a file. A run needs a folder: choose a new one.")
    if read_mark(run) is not None:
        if (run / "config.json").exists():
            raise ValueError(f"{run} holds a run. Resume it, or choose a new folder.")
    elif run.exists() and not all(map(unfinished, run.iterdir())):
        raise ValueError(f"{run} is not empty, and holds no run. Choose a new folder.")


def check_run(run):
    """Raise ValueError unless a folder holds a run that was started. run: Path, the folder."""
    check_config(run)
    if not (run / "config.json").exists():
        raise ValueError(f"{run} holds no run. Start one with train, or name another folder.")
    if read_mark(run) is None:
        raise ValueError(
            f"{run} holds no run: it has a config.json, but not the {MARK} that train writes beside "
            "it. Restore that file from a copy, or name another folder."
        )


@contextlib.contextmanager
def at_work(run, new=False):
    """Lock a run's folder for this process, and yield a Folder to write with.

    run: Path, the run's folder.
    new: bool, whether a run begins here. Otherwise the folder must hold a run.
    Raises ValueError if another process uses the folder or if it is not a run's folder, OSError if
    a file cannot be written.
    """
    if new:
        check_free(run)
    else:
        check_run(run)
    lock = run / "lock"
    if lock.exists() and (not lock.is_file() or lock.stat().st_size):
        raise ValueError(f"{lock} is not a run's lock, which is empty. Move it elsewhere first.")
    try:
        run.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(lock, blocking=False):
            if new:
                check_free(run)
            if read_mark(run) is None:
                (run / MARK).write_bytes(encode(new_mark()))
            yield Folder(run)
    except filelock.Timeout:
        raise ValueError(
            f"{run} is in use by another process. Wait for it, or stop it. If there is none, the "
            f"file system cannot lock files: remove {lock}."
        ) from None
    except OSError as error:
        again = "start it again"
        if (run / "config.json").exists():
            again = "resume it: all files that it wrote before are whole"
        message = f"The run in {run} stopped: {error}. Fix this, then {again}."
        number = [] if error.errno is None else [error.errno]
        raise OSError(*number, message) from error


def new_mark():
    """Return the mark of a run that has written nothing yet."""
    return {"draft": private_name(), "files": {}, "events": []}


def encode(mark):
    """Return a mark as the bytes of its file."""
    return json.dumps({"written by": PROGRAM, **mark}).encode()


class Folder:
    """A run's folder that this process has locked. Names are paths in it: "samples/one.png".

    run: Path, the folder, which has a mark.
    """

    def __init__(self, run):
        self.run, self.mark = run, read_mark(run)
        for place in ("", *FOLDERS):
            draft = run / place / self.mark["draft"]
            if draft.is_file():  # left by a process that was killed
                draft.unlink()

    def own(self, name):
        """Return the checksum of a file that is as the run wrote it; None for any other file.

        name: str, the file's path in the folder.
        """
        path = self.run / name
        if name not in self.mark["files"] or path.is_symlink() or not path.is_file():
            return None
        found = checksum_of(path)
        return found if found in self.mark["files"][name] else None

    def refuse_others(self, names):
        """Raise ValueError if a name that the run will write is taken by somebody else's file.

        names: list of str, paths in the folder.
        """
        for name in (*FOLDERS, *names):
            path = self.run / name
            taken = not path.is_dir() if name in FOLDERS else self.own(name) is None
            if os.path.lexists(path) and taken:
                raise ValueError(
                    f"{path} is not as the run wrote it, and the run needs its name. Move it "
                    "elsewhere first."
                )

    def write(self, files):
        """Write files, each as a whole. A file of the same name that is not the run's is renamed.

        files: dict, name: content in bytes. They are written in this order.
        """
        for name, content in files.items():
            (self.run / name).parent.mkdir(exist_ok=True)
            before = self.own(name)
            if before is None and os.path.lexists(self.run / name):
                self.set_aside(name)
            self.mark["files"][name] = [before] * (before is not None) + [checksum(content)]
        self.write_mark()
        for name, content in files.items():
            write_whole(self.run / name, content, self.mark["draft"])

    def write_mark(self):
        """Write the mark, which must happen before the files that it lists are written."""
        write_whole(self.run / MARK, encode(self.mark), self.mark["draft"])

    def set_aside(self, name):
        """Rename a file that is not as the run wrote it, with a warning. name: str, its path."""
        path, number = self.run / name, 1
        while os.path.lexists(aside := path.with_stem(f"{path.stem}-set-aside-{number}")):
            number += 1
        path.rename(aside)
        self.mark["files"].pop(name, None)
        warnings.warn(f"{path} is not as the run wrote it. It is now {aside.name}.", stacklevel=2)

    def remove(self, name):
        """Remove a file if it is as the run wrote it; leave any other. name: str, its path."""
        if self.own(name) is not None:
            (self.run / name).unlink()
        self.mark["files"].pop(name, None)

    def new_events(self, names):
        """Begin files for TensorBoard, and remove the earlier ones. add_event writes to them.

        They grow, so the mark lists them without checksums. Their names contain time, process id
        and random digits.

        names: iterable of str, one file for each.
        Returns a dict, name: Path.
        """
        top = self.run / "tensorboard"
        for name in self.mark["events"]:
            if re.fullmatch(r"\w+/events\.out\.tfevents\.[^/\\]+", name):
                (top / name).unlink(missing_ok=True)
        file = f"events.out.tfevents.{time.time():.0f}.{os.getpid()}.{secrets.token_hex(8)}"
        self.mark["events"] = [f"{name}/{file}" for name in names]
        self.write_mark()
        for name in self.mark["events"]:
            add_event(top / name, file_version="brain.Event:2")
        return {name: top / name / file for name in names}
