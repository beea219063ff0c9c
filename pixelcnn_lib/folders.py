"""A run's folder: only the run's own files change in it, and no file is ever half-written.

A mark in the folder lists every file that the run wrote, with a checksum of its content. A file
that the mark does not list, or whose content is another, is the user's: it stays as it is.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import warnings

import filelock

MARK = "pixelcnn_run.json"
PROGRAM = "pixelcnn_lib"
FOLDERS = ("checkpoints", "samples", "tensorboard")


def checksum(content):
    """Return a checksum of bytes, 16 characters."""
    return hashlib.sha256(content).hexdigest()[:16]


def checksum_of(path):
    """Return the checksum of a file, which is read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def private_name():
    """Return a name for a draft that no other process and no user has: process id and chance."""
    return f"draft-{os.getpid()}-{secrets.token_hex(8)}"


def write_whole(path, content, draft=None):
    """Write a file beside its place and move it there: no reader, and no kill, meets half a file.

    path: Path, the file; one that exists is replaced.
    content: bytes.
    draft: str, the name to write under first; None takes a private one.
    """
    draft = path.with_name(draft or private_name())
    try:
        fill(draft, content)
        os.replace(draft, path)
    except FileExistsError:  # the draft's name is another's
        raise
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def fill(path, content):
    """Write a file that does not exist yet, down to the disk."""
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_mark(run):
    """Return what a folder's mark says; None if the folder has no mark, so is no run's.

    The mark is {"draft": the name of the run's drafts, "files": {name: checksums}, "events": names}.
    A file has two checksums while it is replaced: a kill may leave the old file or the new one.
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
    """Whether a start that was killed left this: an empty lock, or a mark that breaks off."""
    if path.name not in ("lock", MARK) or not path.is_file():
        return False
    content, beginning = path.read_bytes(), encode({})[:-1]
    broken_off = content.startswith(beginning) or beginning.startswith(content)
    return broken_off if path.name == MARK else not content


def find_own(run, name):
    """Return the path of a file that the run wrote, once its content is checked.

    run: Path, the run's folder.
    name: str, the file's path in it.
    Raises ValueError if the file is not as the run wrote it, FileNotFoundError if there is none.
    """
    path = run / name
    found = checksum_of(path)  # before the mark is read: a run may go on meanwhile
    if found not in (read_mark(run) or new_mark())["files"].get(name, ()):
        raise ValueError(
            f"{path} is not as the run wrote it: it was changed, or is broken. Restore it from a "
            "copy, or start a new run."
        )
    return path


def check_free(run):
    """Raise ValueError unless a run may begin here: in a new or an empty folder, or a killed start's."""
    if run.exists() and not run.is_dir():
        raise ValueError(f"{run} is a file. A run needs a folder: choose a new one.")
    if read_mark(run) is not None:
        if (run / "config.json").exists():
            raise ValueError(f"{run} holds a run. Resume it, or choose a new folder.")
    elif run.exists() and not all(map(unfinished, run.iterdir())):
        raise ValueError(f"{run} is not empty, and holds no run. Choose a new folder.")


def check_run(run):
    """Raise ValueError unless a folder holds a run that was started, whole or not."""
    if not (run / "config.json").exists():
        raise ValueError(f"{run} holds no run. Start one with train, or name another folder.")
    if read_mark(run) is None:
        raise ValueError(
            f"{run} holds no run: it has a config.json, but not the {MARK} that train writes beside "
            "it. Restore that file from a copy, or name another folder."
        )


@contextlib.contextmanager
def at_work(run, new=False):
    """Hold a run's folder for this process; gives a Folder to write through.

    run: Path, the run's folder.
    new: bool, whether a run begins here; otherwise the folder must hold one.
    Raises ValueError if the folder is in use or is another's, OSError where it cannot be written.
    """
    if new:
        check_free(run)
    else:
        check_run(run)
    lock = run / "lock"
    if lock.exists() and (not lock.is_file() or lock.stat().st_size):
        raise ValueError(f"{lock} is not the run's own, which is empty. Move it elsewhere first.")
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
            f"{run} is in use by another process. Wait for it, or stop it. If there is none, its "
            f"file system cannot lock: remove {lock}."
        ) from None
    except OSError as error:
        again = "start it again"
        if (run / "config.json").exists():
            again = "resume it: what it wrote before is whole"
        message = f"The run in {run} stopped: {error}. Fix this, then {again}."
        raise OSError(error.errno, message) from error


def new_mark():
    """Return the mark of a run that has written nothing yet."""
    return {"draft": private_name(), "files": {}, "events": []}


def encode(mark):
    """Return a mark as the bytes of its file."""
    return json.dumps({"written by": PROGRAM, **mark}).encode()


class Folder:
    """A run's folder, held by this process. Names are paths in it, such as "samples/one.png".

    run: Path, the folder; it has a mark.
    """

    def __init__(self, run):
        self.run, self.mark = run, read_mark(run)
        for place in ("", *FOLDERS):
            draft = run / place / self.mark["draft"]
            if draft.is_file():  # of a process that was killed
                draft.unlink()

    def own(self, name):
        """Return the checksum of a file that the run wrote; None if it is another's, or not there."""
        path = self.run / name
        if name not in self.mark["files"] or path.is_symlink() or not path.is_file():
            return None
        found = checksum_of(path)
        return found if found in self.mark["files"][name] else None

    def refuse_others(self, names):
        """Raise ValueError if a file that is not the run's has one of the names it will write."""
        for name in (*FOLDERS, *names):
            path = self.run / name
            taken = not path.is_dir() if name in FOLDERS else self.own(name) is None
            if os.path.lexists(path) and taken:
                raise ValueError(
                    f"{path} is not as the run wrote it, and the run needs its name. Move it "
                    "elsewhere first."
                )

    def write(self, files):
        """Write files whole, in this order. One that is not the run's is first set aside.

        files: dict, name: content in bytes.
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
        """Write the mark: always before the files that it lists."""
        write_whole(self.run / MARK, encode(self.mark), self.mark["draft"])

    def set_aside(self, name):
        """Give a file that is not as the run wrote it a new name, and warn."""
        path, number = self.run / name, 1
        while os.path.lexists(aside := path.with_stem(f"{path.stem}-set-aside-{number}")):
            number += 1
        path.rename(aside)
        self.mark["files"].pop(name, None)
        warnings.warn(f"{path} is not as the run wrote it. It is now {aside.name}.", stacklevel=2)

    def remove(self, name):
        """Remove a file that the run wrote; leave one that is not as the run wrote it."""
        if self.own(name) is not None:
            (self.run / name).unlink()
        self.mark["files"].pop(name, None)

    def new_events(self, names):
        """Make writers for TensorBoard, and remove the files of those before them.

        names: of str, one writer for each. Returns a dict, name: tensorboard.summary.Writer. Their
        files grow, so the mark lists them by name, which holds time, machine and process id.
        """
        from tensorboard.summary import Writer

        top = self.run / "tensorboard"
        for name in self.mark["events"]:
            if re.fullmatch(r"\w+/events\.out\.tfevents\.[^/\\]+", name):
                (top / name).unlink(missing_ok=True)
        events = lambda: {path.relative_to(top).as_posix() for path in top.glob("*/events*")}
        before = events()
        writers = {name: Writer(str(top / name)) for name in names}
        self.mark["events"] = sorted(events() - before)
        self.write_mark()
        return writers
