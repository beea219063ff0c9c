"""Files: only regular ones are read and replaced, each is read within bounds and written whole.

A folder from somebody else may contain links, pipes and devices, and a file may claim more than it
holds. Keras is not imported here.
"""

import math
import os
import secrets
import stat
import zipfile
from contextlib import contextmanager

import numpy as np

DRAFT = ".pixelcnn-draft-"  # how the names of unfinished files begin
KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
DEFLATED = 1032  # bytes that one packed byte can hold, at most: see zlib's technical details
HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def kind(path, follow=False):
    """Say what is at a path.

    path: str or Path.
    follow: bool, whether to follow a link; if not, it is "a link".
    Returns "nothing", "a file" (a regular one), "a folder", "a link", "a pipe", "a socket" or "a
    device". Raises OSError if the system does not tell, or if there is nothing to follow.
    """
    try:
        mode = os.stat(path, follow_symlinks=follow).st_mode
    except FileNotFoundError:
        if follow:
            raise
        return "nothing"
    return KINDS.get(stat.S_IFMT(mode), "a device")


# Write


def check_replaceable(path):
    """Raise ValueError unless there is nothing at a path, or a regular file. path: str or Path."""
    what = kind(path)
    if what not in ("nothing", "a file"):
        raise ValueError(f"{path} is {what}, and only a file is replaced. Choose another name.")


def write_whole(path, content):
    """Write a file under a fresh name and then rename it, so that nobody ever finds half a file.

    path: Path, the file. A regular file is replaced, and keeps its permissions.
    content: bytes.
    Raises ValueError for anything else at the path, such as a link; OSError if it cannot be written.
    """
    check_replaceable(path)
    draft = path.with_name(DRAFT + secrets.token_hex(8))
    with open(draft, "xb") as file:  # x: never a file or a link that is there already
        try:
            if path.exists():
                os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows renames no open file
            os.replace(draft, path)
        except BaseException:
            file.close()
            draft.unlink(missing_ok=True)
            raise


# Read


def opened(path):
    """Open a regular file, or a link to one, to read its bytes; nothing else is even opened.

    path: str or Path.
    Returns a binary file object. Raises ValueError for a pipe, a device or a folder; OSError.
    """
    what = kind(path, follow=True)
    if what != "a file":
        raise ValueError(f"it is {what}, and a regular file is needed")
    return open(path, "rb")


def read_whole(path, most):
    """Read a regular file of at most so many bytes.

    path: str or Path.
    most: int, bytes.
    Returns bytes. Raises ValueError for a larger file, and as `opened` does.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise ValueError(f"it has {size:,} bytes, and at most {most:,} are read")
        return file.read(size)


@contextmanager
def open_npz(path):
    """Open an .npz file of numbers; first check that it holds as much as it claims.

    path: str or Path.
    Yields NumPy's NpzFile. Raises MemoryError if its arrays are larger than this computer's memory,
    and an exception of another type if it cannot be read.
    """
    with opened(path) as file:
        claimed = check_npz(file)
        if claimed > memory():
            raise MemoryError(f"The arrays in {path} would take {claimed / 2**30:.0f} GiB.")
        file.seek(0)
        with np.load(file, allow_pickle=False) as arrays:
            yield arrays


def check_npz(file):
    """Check each array's header against the bytes that are there, without reading the array.

    file: binary file object.
    Returns how many bytes the arrays take. Raises ValueError or zipfile's errors.
    """
    if file.read(2) != b"PK":  # NumPy would take another file for a pickle
        raise ValueError("it is no .npz file")
    packed = claimed = 0
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            packed += member.compress_size
            claimed += member.file_size
            known = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            with archive.open(member) as entry:
                version = np.lib.format.read_magic(entry)
                known &= version in HEADERS
                shape, _, dtype = HEADERS[version](entry) if known else ((), None, np.dtype("O"))
                size = entry.tell() + math.prod(shape) * dtype.itemsize
            if not known or dtype.hasobject:
                raise ValueError(f"{member.filename} in it is no array of numbers")
            if size != member.file_size or size > DEFLATED * (member.compress_size + 1):
                raise ValueError(f"{member.filename} in it claims more than the file holds")
    if packed > os.fstat(file.fileno()).st_size:
        raise ValueError("its parts overlap, and claim more than the file holds")
    return claimed


def memory():
    """Return how many bytes of memory this computer has; inf if the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        return math.inf
