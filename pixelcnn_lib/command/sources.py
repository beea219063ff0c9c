"""Find the images that the arguments name: for training, for validation, and to score on."""

import os
import warnings
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pixelcnn_lib import data, files
from pixelcnn_lib.command.arguments import BUILT_IN, DATA, SIDE

WITH_LABELS = {  # images and labels of each built-in set that has labels, by the part's name
    "digits": data.digits,
    "mnist": data.mnist,
    "cifar10": partial(data.download, "cifar10"),
}


def built_in(text, names):
    """Return which of the built-in names an argument means, or None if it means a path.

    text: str, the argument.
    names: the built-in names.
    Raises ValueError if the argument can mean both.
    """
    if text.startswith(BUILT_IN):
        name = text.removeprefix(BUILT_IN)
        if name not in names:
            raise ValueError(f"{text} is not built in. These are: {', '.join(names)}.")
        return name
    if text not in names:
        return None
    if Path(text).exists():
        kind = "folder" if Path(text).is_dir() else "file"
        raise ValueError(
            f"{text} can mean the built-in {text} or the {kind} {text} here. "
            f"Write {BUILT_IN}{text} for the first, {os.path.join('.', text)} for the second."
        )
    return text


def labelled(text, part, patch, args, labels):
    """Return images, labels and the classes' names, from built-in images, a folder or a file.

    text: str, the argument that names the images.
    part: "train", "valid" or "test", which part of built-in images.
    patch: int, the side of the squares that will be cut from the images, or None.
    args: the command's arguments.
    labels: bool; if False, labels and names are None.
    """
    name = built_in(text, DATA)
    if labels and name in ("photos", "toy"):
        raise ValueError(f"{name} has no labels; {', '.join(WITH_LABELS)} have.")
    if name in WITH_LABELS:
        images, numbers = WITH_LABELS[name](part)
        return (images, numbers, [str(n) for n in range(10)]) if labels else (images, None, None)
    if not Path(text).exists():
        raise ValueError(f"{text} is none of {', '.join(DATA)}, and no folder or file that exists.")
    loaded = data.load(text, patch, args.skip_bad, labels)
    return loaded if labels else (loaded, None, None)


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
    """Count the images that are among the `learnt` images, or among patches cut from these."""
    if patch:
        large = [image for image in learnt if min(image.shape[:2]) >= patch]
        learnt = data.cut(large, patch) if large else []
    learnt = {image.tobytes() for image in learnt}
    return sum(image.tobytes() in learnt for image in images)


def cut(images, patch, labels=None):
    """Return patches of the images, and their labels; both unchanged if patch is None."""
    if patch and labels is not None:
        sides = np.array([image.shape[:2] for image in images]) // patch
        labels = labels.repeat(sides.prod(axis=1))
    return (data.cut(images, patch) if patch else images), labels


class Learning(NamedTuple):
    """The images that a run learns from, and the images that choose its best epoch.

    images, valid: as in training.train; valid is None if no images choose the best epoch.
    size: int, the side of the crops, or None.
    labels, valid_labels: int (N,), the images' classes, or None.
    classes: list of the classes' names, or None.
    """

    images: np.ndarray | list
    valid: np.ndarray | list | None
    size: int | None
    labels: np.ndarray | None = None
    valid_labels: np.ndarray | None = None
    classes: list | None = None


def learning(args):
    """Return the Learning that the arguments describe."""
    name, patch = built_in(args.data, DATA), args.patch
    labels = valid_labels = None
    if name == "toy" and not args.labels:
        train, valid, patch = toys(10_000, patch, seed=1), toys(500, patch, seed=2), None
        classes = None
    elif name == "photos" and not args.labels:
        train, valid = data.split("photos")
        patch, classes = patch or SIDE, None
        fits(train, patch)
    else:
        train, labels, classes = labelled(args.data, "train", patch, args, args.labels)
        fits(train, patch)
        small_enough(train, patch)
        valid = None
        if name == "digits":
            valid, valid_labels, _ = labelled(args.data, "valid", patch, args, args.labels)
        elif not args.valid:
            train, valid = data.split(train)
            labels, valid_labels = data.split(labels) if args.labels else (None, None)
        if valid is not None:
            valid, valid_labels = cut(valid, patch, valid_labels)
    if args.valid:
        valid = data.load(args.valid, patch, args.skip_bad, args.labels)
        if args.labels:
            valid, valid_labels, theirs = valid
            valid_labels = renumbered(
                valid_labels, theirs, classes, "--valid has the class {}, and --data has none"
            )
        small_enough(valid, patch)
        ours, theirs = train[0].shape[2], valid[0].shape[2]
        if ours != theirs:
            raise ValueError(
                f"The images of --data are {kind(ours)}, those of --valid {kind(theirs)}. Convert "
                "one of the two."
            )
        most = max(image.max() for image in valid)
        if name == "digits" and most >= data.DIGIT_LEVELS:
            raise ValueError(
                f"The digits have the levels 0 to {data.DIGIT_LEVELS - 1}, the images of --valid up "
                f"to {most}. Name other images, or quantise these."
            )
        valid, valid_labels = cut(valid, patch, valid_labels)
        count = repeated(valid, train, patch)
        if count:
            warnings.warn(
                f"{count} of the {len(valid)} images of --valid are also learnt from: they say "
                "little about unseen images.",
                stacklevel=2,
            )
    return Learning(train, valid, patch, labels, valid_labels, classes)


def renumbered(labels, names, classes, missing):
    """Renumber labels, int (N,), whose names are `names`, in the order of the list `classes`.

    missing: str, the message about a name that is not among the classes, with {} for the name.
    """
    for name in names:
        if name not in classes:
            raise ValueError(f"{missing.format(name)} of that name. Rename it, or leave it out.")
    return np.array([classes.index(name) for name in names])[labels]


def unseen(text, args, classes=None, known=()):
    """Return images to score on, and their labels or None. Of toy, new images are drawn.

    text: str, the argument that names the images.
    args: the command's arguments.
    classes: int, how many classes the model has, or None.
    known: the names of its classes; of folders, the classes are found by name. Without names, there
        must be a folder for each class, so that they have the same numbers.
    """
    name, labels = built_in(text, DATA), None
    if name == "toy" and not classes:
        return toys(1000, args.patch, seed=3), None
    if name == "photos" and not classes:
        images = [photograph.image for photograph in data.photographs("test")]
    else:
        images, labels, names = labelled(text, "test", args.patch or 1, args, bool(classes))
        if known and Path(text).is_dir():
            missing = "--data has the class {}, and the run has none"
            labels = renumbered(labels, names, known, missing)
        elif classes and Path(text).is_dir() and len(names) != classes:
            raise ValueError(
                f"{text} needs a folder for each of the model's {classes} classes, so that they "
                f"have the same numbers; it has {len(names)}."
            )
    fits(images, args.patch)
    return cut(images, args.patch, labels)


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
