"""Read your own images from files. Each image is checked, and no file can run code."""

import os
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pixelcnn_lib import disk
from pixelcnn_lib.arguments import CLASSES

# Only formats that Pillow reads without starting another program; for EPS it starts Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
SUFFIXES = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff")
OTHER_SUFFIXES = (".heic", ".heif", ".avif", ".jp2", ".jxl")  # images that must be converted
COLOURS = ("1", "L", "LA", "P", "PA", "RGB", "RGBA")  # Pillow's names of what can be read
BACKGROUND = (
    "Give the colour with --background to train, score or complete, or save it without alpha."
)
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
        self.path, self.reason, self.fix = path, reason, fix


def image_files(source):
    """List the image files of a folder and of its subfolders, sorted by path.

    source: Path, a folder or one file. Hidden files and folders, and links to
        folders, are left out.
    Returns a list of paths, and a list with a BadImage for each folder that cannot be opened and
    for each image in a format that cannot be read.
    """
    paths, bad = [] if source.is_dir() else [source], []
    refused = lambda error: bad.append(unopened(error.filename, error))
    walk = () if paths else os.walk(source, onerror=refused)
    for folder, folders, names in walk:
        folders[:] = [name for name in folders if name[0] != "."]
        paths += [Path(folder, name) for name in names if name[0] != "."]
    paths.sort()
    bad += [unread(path) for path in paths if path.suffix.lower() in OTHER_SUFFIXES]
    return [path for path in paths if path.suffix.lower() in SUFFIXES], bad


def unopened(path, error):
    """Return the BadImage for a file or folder that the system refuses to open, with an OSError."""
    reason = f"cannot be opened: {os.strerror(error.errno).lower()}"
    return BadImage(path, reason, "Make it readable, or remove it.")


def check_file(path):
    """Raise BadImage unless there is a regular file at a path, or a link to one."""
    try:
        what = disk.kind(path, follow=True)
    except OSError as error:
        raise unopened(path, error) from error
    if what != "a file":
        raise BadImage(path, f"is {what}", "Name a file, or remove it.")


def unread(path):
    """Return the BadImage for an image in a format that cannot be read."""
    name = path.suffix[1:].upper()
    reason = f"is {name}, which cannot be read: convert it to PNG or JPEG"
    fix = f"In its folder, ImageMagick does this: magick mogrify -format png *{path.suffix}."
    return BadImage(path, reason, fix)


def listed(bad):
    """Return one line for a list of BadImage: the first ten, and how many more there are."""
    more = f"; and {len(bad) - 10} more" if len(bad) > 10 else ""
    return "; ".join(f"{one.path} {one.reason}" for one in bad[:10]) + more


def fitted(image, side):
    """Crop an image to the square in its middle, and scale it: with nearest neighbours if it grows.

    image: uint8 (H, W, colours).
    side: int, the side of the result in pixels.
    Returns uint8 (side, side, colours).
    """
    sampling = Image.Resampling
    method = sampling.NEAREST if min(image.shape[:2]) < side else sampling.LANCZOS
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    return np.array(ImageOps.fit(picture, (side, side), method)).reshape(side, side, -1)


def read_image(path, background=None):
    """Read one image file, turned as its EXIF orientation says.

    path: Path, the file. If it has several frames, the first one is read, with a warning.
    background: str, the colour behind transparent parts, such as "white" or "#ff8000".
    Returns uint8 (H, W, 3), or (H, W, 1) if the image is grey.
    Raises BadImage if the file cannot be opened or is not an image, if its values have more than 8
    bits, and if a part of the image is transparent and no background is given.
    """
    check_file(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)  # about harmless damage
            with Image.open(path, formats=FORMATS) as image:
                deep = image.mode[0] in "IF" or image.format != "BMP" and ";16" in str(image.tile)
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
    if image.mode not in COLOURS:
        raise BadImage(path, f"has the colours {image.mode}", "Save it as RGB or as grey.")
    grey = image.mode in ("1", "L", "LA")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] < 255:
            if background is None:
                reason = "is partly transparent, and the colour behind it is not known"
                raise BadImage(path, reason, BACKGROUND)
            behind = Image.new("RGBA", image.size, background)
            grey &= len(set(behind.getpixel((0, 0))[:3])) == 1
            image = Image.alpha_composite(behind, image)
    image = image.convert("L" if grey else "RGB")
    return np.array(image).reshape(image.height, image.width, -1)  # (H, W, 3 or 1)


def read_npz(path):
    """Read images from an .npz file: from its only array, or from the one named `images`.

    path: Path, the file.
    Returns uint8 (N, H, W, 1 or 3).
    Raises BadImage for another dtype or shape, and for pickled arrays, which can run code.
    """
    images = read_array(path, "images", AS_NPZ)
    shape, dtype = images.shape, images.dtype
    if dtype != np.uint8 or len(shape) != 4 or shape[3] not in (1, 3):
        expected = "uint8 images (N, H, W, 3) or (N, H, W, 1), levels 0 to 255"
        fixes = []
        if np.issubdtype(dtype, np.integer) and dtype != np.uint8:
            fixes.append("images.astype('uint8') keeps whole numbers from 0 to 255.")
        elif dtype != np.uint8:
            fixes.append(
                "Floats from 0 to 1 become levels by (255 * images).round().astype('uint8')."
            )
        if len(shape) == 3:
            fixes.append("images[..., None] adds an axis for one colour.")
        elif len(shape) == 4 and shape[3] == 4:
            fixes.append("images[..., :3] leaves out the fourth, the opacity.")
        elif len(shape) == 4 and shape[1] in (1, 3) and shape[3] not in (1, 3):
            fixes.append("images.transpose(0, 2, 3, 1) puts the colours last.")
        fix = " ".join(fixes) or AS_NPZ
        raise BadImage(path, f"must hold {expected}; got {dtype} {shape}", fix)
    if not images.size:
        raise BadImage(path, f"holds no image: its shape is {shape}", AS_NPZ)
    return images


def read_labels(path, count):
    """Read the array named `labels` from an .npz file of images.

    path: Path, the file.
    count: int, how many images it holds.
    Returns int (N,). Raises BadImage if there is no such array, or if it cannot be used.
    """
    labels = read_array(path, "labels", WITH_LABELS)
    if labels.dtype.kind not in "iu" or labels.shape != (count,):
        got = f"{labels.dtype} {labels.shape}"
        reason = f"must hold labels for its {count} images, whole numbers; got {got}"
        raise BadImage(path, reason, WITH_LABELS)
    for label in (labels.min(), labels.max()):
        if not 0 <= label < CLASSES:
            reason = f"must hold labels from 0 to {CLASSES - 1}; got {label}"
            raise BadImage(path, reason, "Number the classes from 0.")
    return labels.astype(int)


def read_array(path, name, fix):
    """Read one array of an .npz file.

    path: Path, the file.
    name: str, the array's name. Images may have any name if the file holds no other array.
    fix: str, what the message asks the user to do.
    Returns the array. Raises BadImage if the file cannot be read, and MemoryError if its arrays are
    larger than this computer's memory.
    """
    check_file(path)
    try:
        with disk.open_npz(path) as arrays:
            names = arrays.files
            if name == "images" and len(names) == 1:
                name = names[0]
            array = arrays[name] if name in names else None
    except MemoryError:
        raise
    except Exception as error:  # a file that is damaged or no .npz can raise anything
        if getattr(error, "errno", None):
            raise unopened(path, error) from error
        reason = "cannot be read: it is damaged, or no .npz file of numbers"
        raise BadImage(path, reason, fix) from error
    if not isinstance(array, np.ndarray):
        held = ", ".join(names) or "nothing"
        raise BadImage(path, f"holds {held}, and no array '{name}'", fix)
    return array
