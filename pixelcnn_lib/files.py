"""Read your own images from files. Each image is checked, and no file can run code."""

import os
import warnings
import zipfile
from math import prod
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

# Only formats that Pillow reads without starting another program; for EPS it starts Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
LARGEST = 4 * 2**30  # bytes of images in an .npz
CLASSES = 10**4  # that a model can have
AS_NPZ = (
    "Save the images with numpy.savez_compressed(path, images=images), as uint8 (N, H, W, 3) or "
    "(N, H, W, 1)."
)
WITH_LABELS = (
    "Save them with numpy.savez_compressed(path, images=images, labels=labels), one label from 0 on "
    "for each image."
)


class BadImage(ValueError):
    """An image file that cannot be used.

    path: Path, the file or folder.
    reason: str, what is wrong with it.
    fix: str, what the user can do about it.
    """

    def __init__(self, path, reason, fix):
        super().__init__(f"{path} {reason}. {fix}")
        self.path, self.reason = path, reason


def find(source):
    """List the image files of a folder and of its subfolders, sorted by path.

    source: Path, a folder or one image file. Hidden files and folders are left out; links are
        followed.
    Returns a list of paths, and a list with a BadImage for each folder that cannot be opened.
    """
    if not source.is_dir():
        return [source] if source.suffix.lower() in SUFFIXES and source.is_file() else [], []
    paths, closed = [], []
    for folder, folders, names in os.walk(
        source,
        onerror=lambda error: closed.append(unopened(error.filename, error)),
        followlinks=True,
    ):
        folders[:] = [n for n in folders if n[0] != "." and not leads_back(Path(folder, n))]
        images = (Path(folder, name) for name in names if name[0] != ".")
        images = [path for path in images if path.suffix.lower() in SUFFIXES]
        paths += [path for path in images if path.is_file() or not path.exists()]  # a broken link
    return sorted(paths), closed


def leads_back(folder):
    """Tell whether a folder is a link to a folder that it is in, where a walk would never end."""
    return folder.is_symlink() and folder.resolve() in map(Path.resolve, folder.absolute().parents)


def unopened(path, error):
    """Return the BadImage for a file or folder that the system refuses to open, with an OSError."""
    reason = f"cannot be opened: {os.strerror(error.errno).lower()}"
    return BadImage(path, reason, "Make it readable, or remove it.")


def listed(bad):
    """Return one line for a list of BadImage: the first ten, and how many more there are."""
    more = f"; and {len(bad) - 10} more" if len(bad) > 10 else ""
    return "; ".join(f"{one.path} {one.reason}" for one in bad[:10]) + more


def read_image(path):
    """Read one image file, turned as its EXIF orientation says.

    path: Path, the file. If it has several frames, the first one is read, with a warning.
    Returns uint8 (H, W, 3), or (H, W, 1) if the image is grey.
    Raises BadImage if the file cannot be opened or is not an image, if its values have more than 8
    bits, and if a part of the image is transparent.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)  # about harmless damage
            with Image.open(path, formats=FORMATS) as image:
                deep = image.mode[0] in "IF" or image.format != "BMP" and ";16" in str(image.tile)
                for raw, step in (("L;2", 85), ("L;4", 17)):  # Pillow scales the pixels, not this
                    if raw in str(image.tile) and "transparency" in image.info:
                        image.info["transparency"] *= step
                frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
                image = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        reason = f"is too large: more than {Image.MAX_IMAGE_PIXELS:,} pixels"
        raise BadImage(path, reason, "Scale it down, or remove it.") from error
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can raise anything
        if getattr(error, "errno", None):
            raise unopened(path, error) from error
        kinds = ", ".join(FORMATS)
        reason = f"cannot be read as an image: it is empty, damaged, or none of {kinds}"
        raise BadImage(path, reason, "Remove it, or save it again.") from error
    if deep:
        reason = "has more than 8 bits a value; the models know the levels 0 to 255"
        raise BadImage(path, reason, "Save it with 8 bits.")
    if frames > 1:
        warnings.warn(f"{path} has {frames} frames: only the first is used.", stacklevel=3)
    grey = image.mode in ("1", "L", "LA")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("LA" if grey else "RGBA")
        if image.getchannel("A").getextrema()[0] < 255:
            reason = "is partly transparent, and the colour behind it is not known"
            raise BadImage(path, reason, "Put it on a background, and save it without alpha.")
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        raise BadImage(path, f"has the colours {image.mode}", "Save it as RGB or as grey.")
    image = image.convert("L" if grey else "RGB")
    return np.array(image).reshape(image.height, image.width, -1)  # (H, W, 3 or 1)


def read_npz(path):
    """Read images from an .npz file: from its only array, or from the one named `images`.

    path: Path, the file. Its declared dtype and shape are checked before it is unpacked.
    Returns uint8 (N, H, W, 1 or 3).
    Raises ValueError for another dtype or shape, for pickled arrays, which can run code, and for
    more than 4 GiB.
    """
    return unpack(path, chosen, check_declared)


def read_labels(path, count):
    """Read the array named `labels` from an .npz file of images.

    path: Path, the file.
    count: int, how many images it holds.
    Returns int (N,). Raises ValueError if there is no such array, or if it cannot be used.
    """

    def member(archive):
        if "labels.npy" not in archive.namelist():
            raise ValueError("it holds no array 'labels'")
        return archive.getinfo("labels.npy")

    def check(path, shape, dtype):
        if dtype.kind not in "iu" or shape != (count,):
            reason = f"must hold labels for its {count} images, whole numbers; got {dtype} {shape}"
            raise BadImage(path, reason, WITH_LABELS)

    labels = unpack(path, member, check, WITH_LABELS)
    for label in (labels.min(), labels.max()):
        if not 0 <= label < CLASSES:
            reason = f"must hold labels from 0 to {CLASSES - 1}; got {label}"
            raise BadImage(path, reason, "Number the classes from 0.")
    return labels.astype(int)


def unpack(path, choose, check, fix=AS_NPZ):
    """Read one array of an .npz file, after its declared dtype and shape have been checked.

    path: Path, the file.
    choose: function of the open ZipFile that returns the array's ZipInfo.
    check: function of (path, shape, dtype) that raises BadImage for what cannot be used.
    fix: str, what the message asks the user to do.
    Returns the array. Raises ValueError if the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = choose(archive)
            with archive.open(member) as file:
                shape, dtype = declared(file, member)
                start = file.tell()
            check(path, shape, dtype)
            if member.file_size - start != prod(shape) * dtype.itemsize:
                raise zipfile.BadZipFile(f"{member.filename} is shorter than it declares")
            with archive.open(member) as file:
                return np.lib.format.read_array(file, allow_pickle=False)
    except (MemoryError, BadImage):
        raise
    except Exception as error:  # a file that is damaged or no .npz can raise anything
        if getattr(error, "errno", None):
            raise unopened(path, error) from error
        raise ValueError(f"{path} cannot be read ({error}). {fix}") from error


def chosen(archive):
    """Return the ZipInfo of an .npz file's images: the only array, or the one named `images`."""
    members = archive.infolist()
    names = [member.filename.removesuffix(".npy") for member in members]
    if len(members) != 1 and "images" not in names:
        raise ValueError(f"it holds {', '.join(names) or 'nothing'}, and no array 'images'")
    return members[0] if len(members) == 1 else members[names.index("images")]


def declared(file, member):
    """Read an array's header from a file; return the shape and the dtype that it declares."""
    if file.read(6) != b"\x93NUMPY":
        raise ValueError(f"its member {member.filename} is no array")
    major = file.read(2)[0]
    readers = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
    if major not in readers:
        raise ValueError(f"its array has the unknown format {major}")
    shape, _, dtype = readers[major](file)
    return shape, dtype


def check_declared(path, shape, dtype):
    """Raise BadImage unless an array is declared as uint8 (N, H, W, 3 or 1), at most 4 GiB."""
    if dtype != np.uint8 or len(shape) != 4 or shape[3] not in (1, 3):
        reason = (
            f"must hold uint8 images (N, H, W, 3) or (N, H, W, 1), levels 0 to 255; got {dtype} "
            f"{shape}"
        )
        fix = "Floats from 0 to 1 become levels by (255 * images).round().astype('uint8')."
        raise BadImage(path, reason, fix)
    if min(shape) < 1:
        raise BadImage(path, f"holds no image: its shape is {shape}", AS_NPZ)
    if prod(shape) > LARGEST:
        reason = (
            f"declares {prod(shape) / 2**30:.1f} GiB of images; at most {LARGEST / 2**30:.1f} GiB "
            "are read"
        )
        raise BadImage(path, reason, "Save fewer images in it.")
