"""Write images where --out says: one picture, an .npz file, or a folder of pictures."""

import io
import os
from contextlib import suppress
from pathlib import Path

from PIL import Image

from pixelcnn_lib import disk
from pixelcnn_lib.command.arguments import plain

CODECS = {  # other lossless files, as small as each codec can write them
    "PNG": {"format": "png", "optimize": True},
    "WebP": {"format": "webp", "lossless": True, "quality": 100, "method": 6},
}


def is_folder(args):
    """Tell whether --out names a folder for separate pictures."""
    return args.out.endswith(("/", os.sep)) or Path(args.out).is_dir()


def check_output(args):
    """Raise ValueError unless the images can be written where --out says."""
    out = Path(args.out)
    if not is_folder(args):
        return check_file(args, ".png", ".npz", "/")
    check_writable(out)
    if not out.is_dir() and (what := disk.kind(out)) != "nothing":
        raise ValueError(f"{out} is {what}. Choose another name for the folder.")
    if out.is_dir() and any(out.iterdir()):
        raise ValueError(f"{out} is not empty. Choose another name for the folder.")


def check_file(args, *endings):
    """Raise ValueError unless --out names a file that can be written; endings: str, its suffixes."""
    out = Path(args.out)
    check_writable(out)
    if out.suffix.lower() not in endings:
        raise ValueError(f"--out must end in {' or '.join(endings)}; got {out}.")
    disk.check_replaceable(out)
    if out.exists() and not args.force:
        raise ValueError(f"{out} exists. Choose another name, or give --force to replace it.")


def check_writable(out):
    """Raise ValueError if a file or folder cannot be written: a drawing takes long."""
    if not out.absolute().parent.is_dir():
        raise ValueError(f"--out must be in a folder that exists; got {out}.")
    folder = next(place for place in (out, *out.absolute().parents) if place.is_dir())
    if not os.access(folder, os.W_OK):
        folder = os.path.relpath(folder)
        raise ValueError(f"{folder} cannot be written to. Choose another folder for --out.")


def save(images, model, args):
    """Write images to files that are never half-written.

    images: uint8 (N, H, W, colours), drawn by the model.
    """
    from pixelcnn_lib import pictures, runs

    out = Path(args.out)

    def picture(some, zoom):
        return pictures.png(pictures.sheet(some, model).repeat(zoom, 0).repeat(zoom, 1))

    if is_folder(args):
        out.mkdir(exist_ok=True)
        for number, image in enumerate(images):
            disk.write_whole(out / f"{number:04d}.png", picture(image[None], 1))
    else:
        content = runs.npz(images=images) if out.suffix.lower() == ".npz" else picture(images, 4)
        disk.write_whole(out, content)
    count, height, width = images.shape[:3]
    say(f"{args.out}: {counted(count, 'image')}, {height} high and {width} wide")


def other_sizes(image):
    """Return how many bytes other lossless files have, {codec: int}, of the codecs that are installed.

    image: uint8 (H, W, 1 or 3).
    """
    picture, sizes = as_picture(image), {}
    for codec, options in CODECS.items():
        with suppress(KeyError, ValueError, OSError):  # not installed, or the image is too large
            picture.save(file := io.BytesIO(), **options)
            sizes[codec] = file.tell()
    return sizes


def as_picture(image):
    """Return an image, uint8 (H, W, 1 or 3), as Pillow's."""
    return Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)


def say(text):
    """Print a line in which a file's name cannot control the terminal."""
    print(plain(text))


def counted(count, noun):
    """Return a number, int, and a noun, as in "1 image" and "2 patches"."""
    more = "es" if noun.endswith("ch") else "s"
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{more}"
