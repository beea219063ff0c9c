"""Which images an argument means: to learn from, to choose the best epoch by, and to score on."""

import os
import warnings
from pathlib import Path

from pixelcnn_lib import data, files
from pixelcnn_lib.command.arguments import BUILT_IN, DATA, SIDE


def built_in(text, names):
    """Return which of the built-in names an argument means, or None if it means a path.

    text: the argument. names: the built-in names. Raises ValueError where it can mean both.
    """
    if text.startswith(BUILT_IN):
        name = text.removeprefix(BUILT_IN)
        if name not in names:
            raise ValueError(f"{text} is not built in. What is: {', '.join(names)}.")
        return name
    if text not in names:
        return None
    if Path(text).exists():
        kind = "folder" if Path(text).is_dir() else "file"
        raise ValueError(
            f"{text} can mean what is built in, or the {kind} {text} here. Write {BUILT_IN}{text} "
            f"for the first, {os.path.join('.', text)} for the second."
        )
    return text


def read(path, patch, skip_bad):
    """Read the images of a folder or a file."""
    if not Path(path).exists():
        raise ValueError(f"{path} is none of {', '.join(DATA)}, and no folder or file that exists.")
    return data.load(path, patch, skip_bad)


def toys(count, patch, seed):
    if patch and not 16 <= patch <= 64:
        raise ValueError(f"--patch must be from 16 to 64 for toy; got {patch}.")
    return data.toy(count, patch or 16, seed)


def fits(images, patch):
    """Raise ValueError unless patches of this side can be cut from all of the images."""
    smallest = min(min(image.shape[:2]) for image in images)
    if patch and patch > smallest:
        raise ValueError(
            f"--patch must be {smallest} or less, the smallest image's side; got {patch}."
        )


def small_enough(images, patch):
    """Raise ValueError if images without a patch size are too large to be taken whole."""
    height, width = images[0].shape[:2]
    if patch is None and max(height, width) > 128:
        raise ValueError(
            f"Images of {width} x {height} are too large to learn from whole. Give --patch {SIDE}."
        )


def kind(colours):
    return {1: "grey", 3: "in colour"}.get(colours, f"of {colours} colours")


def repeated(images, learnt, patch):
    """Count the images that are among those learnt from, or among the patches cut from them."""
    if patch:
        large = [image for image in learnt if min(image.shape[:2]) >= patch]
        learnt = data.cut(large, patch) if large else []
    learnt = {image.tobytes() for image in learnt}
    return sum(image.tobytes() in learnt for image in images)


def cut(images, patch):
    return data.cut(images, patch) if patch else images


def learning(args):
    """Return what to train on, what chooses the best epoch or None, and the side of the crops."""
    name, patch = built_in(args.data, DATA), args.patch
    if name == "toy":
        train, valid, patch = toys(10_000, patch, seed=1), toys(500, patch, seed=2), None
    elif name == "photos":
        train, valid = data.split("photos")
        patch = patch or SIDE
        fits(train, patch)
    else:
        images = data.cifar10() if name else read(args.data, patch, args.skip_bad)
        fits(images, patch)
        small_enough(images, patch)
        train, valid = (images, None) if args.valid else data.split(images)
        valid = None if valid is None else cut(valid, patch)
    if args.valid:
        valid = data.load(args.valid, patch, args.skip_bad)
        small_enough(valid, patch)
        ours, theirs = train[0].shape[2], valid[0].shape[2]
        if ours != theirs:
            raise ValueError(
                f"The images of --data are {kind(ours)}, those of --valid {kind(theirs)}. Convert "
                "one of the two."
            )
        valid = cut(valid, patch)
        count = repeated(valid, train, patch)
        if count:
            warnings.warn(
                f"{count} of the {len(valid)} images of --valid are also learnt from: they say "
                "little on unseen ones.",
                stacklevel=2,
            )
    return train, valid, patch


def unseen(name, args):
    """Return the images to score on: of photos and CIFAR-10 the test set, of toy fresh draws."""
    name = built_in(name, DATA)
    if name == "toy":
        return toys(1000, args.patch, seed=3)
    if name == "photos":
        images = [photograph.image for photograph in data.photographs("test")]
    else:
        images = data.cifar10("test") if name else read(args.data, args.patch or 1, args.skip_bad)
    fits(images, args.patch)
    return cut(images, args.patch)


def one_image(path):
    """Read the only image of a path, (H, W, colours); raise ValueError if it holds several."""
    found, _ = files.find(Path(path))
    if len(found) > 1:
        raise ValueError(
            f"--image takes one image; {path} holds {len(found)}. Name one, such as {found[0]}."
        )
    images = data.load(path)
    if len(images) > 1:
        raise ValueError(
            f"--image takes one image; {path} holds {len(images)}. Save one of them as a PNG."
        )
    return images[0]
