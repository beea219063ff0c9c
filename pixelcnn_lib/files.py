"""Images of your own, read from files: each is checked, and nothing that is read can run code."""

import os
import warnings
import zipfile
from math import prod
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

# Only formats whose readers run nothing else; EPS, for one, calls Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
LARGEST = 4 * 2**30  # bytes of images in an .npz
AS_NPZ = (
    "Save the images with numpy.savez_compressed(path, images=images), as uint8 (N, H, W, 3) or "
    "(N, H, W, 1)."
)
WITH_LABELS = (
    "Save them with numpy.savez_compressed(path, images=images, labels=labels), one label from 0 on "
    "for each image."
)


class BadImage(ValueError):
    """An image that the models cannot learn from: its path, what is wrong with it, and the fix."""

    def __init__(self, path, reason, fix):
        super().__init__(f"{path} {reason}. {fix}")
        self.path, self.reason = path, reason


def find(source):
    """List the image files of a folder and of the folders in it, in the order of their names.

    source: a Path. A file is a list of one; hidden files and folders are left out.
    Returns the paths, and for each folder that cannot be opened a BadImage.
    """
    if not source.is_dir():
        return [source] if source.suffix.lower() in SUFFIXES and source.is_file() else [], []
    paths, closed = [], []
    for folder, folders, names in os.walk(
        source, onerror=lambda error: closed.append(unopened(error.filename, error))
    ):
        folders[:] = [name for name in folders if name[0] != "."]
        images = (Path(folder, name) for name in names if name[0] != ".")
        paths += [path for path in images if path.suffix.lower() in SUFFIXES and path.is_file()]
    return sorted(paths), closed


def unopened(path, error):
    """Return the BadImage of a file or a folder that the system does not let us open."""
    reason = f"cannot be opened: {os.strerror(error.errno).lower()}"
    return BadImage(path, reason, "Make it readable, or take it out.")


def listed(bad):
    """Name bad images, a list of BadImage, in one line: at most ten, and how many more."""
    more = f"; and {len(bad) - 10} more" if len(bad) > 10 else ""
    return "; ".join(f"{one.path} {one.reason}" for one in bad[:10]) + more


def read_image(path):
    """Read one image file as it is seen: uint8 (H, W, 3), or (H, W, 1) if it is grey.

    path: the file. It is turned as its EXIF orientation says; of several frames the first is read,
    with a warning. Raises BadImage for a file that cannot be opened or is no image, for more than
    8 bits a value, and for transparency.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)  # of harmless damage
            with Image.open(path, formats=FORMATS) as image:
                deep = image.mode[0] in "IF" or image.format != "BMP" and ";16" in str(image.tile)
                frames = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
                image = ImageOps.exif_transpose(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        reason = f"is too large: more than {Image.MAX_IMAGE_PIXELS:,} pixels"
        raise BadImage(path, reason, "Scale it down, or take it out.") from error
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can raise anything
        if getattr(error, "errno", None):
            raise unopened(path, error) from error
        kinds = ", ".join(FORMATS)
        reason = f"cannot be read as an image: it is empty, damaged, or none of {kinds}"
        raise BadImage(path, reason, "Take it out, or save it anew.") from error
    if deep:
        reason = "has more than 8 bits a value; the models know the levels 0 to 255"
        raise BadImage(path, reason, "Save it with 8 bits.")
    if frames > 1:
        warnings.warn(f"{path} has {frames} frames: only the first is used.", stacklevel=3)
    grey = image.mode in ("1", "L", "LA")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("LA" if grey else "RGBA")
        if image.getchannel("A").getextrema()[0] < 255:
            reason = "is partly transparent: what lies behind it is not known"
            raise BadImage(path, reason, "Put it on a background, and save it without alpha.")
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        raise BadImage(path, f"has the colours {image.mode}", "Save it as RGB or as grey.")
    image = image.convert("L" if grey else "RGB")
    return np.array(image).reshape(image.height, image.width, -1)  # (H, W, 3 or 1)


def read_npz(path):
    """Read images from an .npz: its only array, or the one named images; uint8 (N, H, W, 1 or 3).

    path: the file. What it declares is checked before anything is unpacked. Raises ValueError for
    another dtype or shape, for pickled arrays, which can run code, and for more than 4 GiB.
    """
    return unpack(path, chosen, check_declared)


def read_labels(path, count):
    """Read the labels beside the images of an .npz, its array named labels: int (N,).

    path: the file. count: int, how many images it holds. Raises ValueError if it has no such array,
    as read_npz does.
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
    if labels.min() < 0:
        raise BadImage(path, f"has the label {labels.min()}", "Number the classes from 0.")
    return labels.astype(int)


def unpack(path, choose, check, fix=AS_NPZ):
    """Read one array of an .npz, once what it declares is checked."""
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
    except Exception as error:  # what is no .npz, or a damaged one, can raise anything
        if getattr(error, "errno", None):
            raise unopened(path, error) from error
        raise ValueError(f"{path} cannot be read ({error}). {fix}") from error


def chosen(archive):
    """Return which member of an .npz holds the images: the only one, or the one named images."""
    members = archive.infolist()
    names = [member.filename.removesuffix(".npy") for member in members]
    if len(members) != 1 and "images" not in names:
        raise ValueError(f"it holds {', '.join(names) or 'nothing'}, and no array 'images'")
    return members[0] if len(members) == 1 else members[names.index("images")]


def declared(file, member):
    """Return the shape and the dtype that an array's header declares; leaves the file behind it."""
    if file.read(6) != b"\x93NUMPY":
        raise ValueError(f"its member {member.filename} is no array")
    major = file.read(2)[0]
    readers = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}
    if major not in readers:
        raise ValueError(f"its array has the unknown format {major}")
    shape, _, dtype = readers[major](file)
    return shape, dtype


def check_declared(path, shape, dtype):
    """Raise BadImage unless an .npz declares uint8 images (N, H, W, 3 or 1), at most 4 GiB."""
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
            f"declares {prod(shape) / 2**30:.1f} GiB of images; {LARGEST / 2**30:.1f} GiB is the "
            "most that is read"
        )
        raise BadImage(path, reason, "Save fewer images in it.")
