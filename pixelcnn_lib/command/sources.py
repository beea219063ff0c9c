"""Find the images that the arguments name: for training, for validation, and to score on."""

import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pixelcnn_lib import data
from pixelcnn_lib.arguments import short
from pixelcnn_lib.command.arguments import CROP, DATA

FACES = {"faces": "plain", "faces-all": "all"}  # built-in names, and the sets of data.faces

WITH_LABELS = {  # images and labels of each built-in set that has labels, by the part's name
    "digits": data.digits,
    "cifar10": data.labelled_cifar10,
}


def check_exists(text, args):
    """Raise ValueError unless an argument names built-in images, a folder or a file.

    text: str, the argument.
    args: the command's arguments; some of them are for images of one's own.
    """
    if text in DATA:
        warn_of_namesake(text)
        if args.fit or args.background:
            raise ValueError(f"{text} is built in; --fit and --background are for other images.")
    elif not Path(text).exists():
        raise ValueError(f"{text} is none of {', '.join(DATA)}, and no folder or file that exists.")


def warn_of_namesake(text):
    """Say what a built-in name means, if a folder or a file here has the same name."""
    if Path(text).exists():
        warnings.warn(
            f"{text} is what the library ships. Write ./{text} for the {text} that is here.",
            stacklevel=2,
        )


def labelled(text, part, patch, args, labels):
    """Return images, labels and the classes' names, from built-in images, a folder or a file.

    text: str, the argument that names the images.
    part: "train", "valid" or "test", which part of built-in images.
    patch: int, the side of the squares that will be cut from the images, or None.
    args: the command's arguments.
    labels: bool; if False, labels and names are None.
    """
    if labels and text in ("photos", "mnist", *FACES):
        raise ValueError(f"{text} has no labels; {', '.join(WITH_LABELS)} have.")
    if text in WITH_LABELS:
        images, numbers = WITH_LABELS[text](part)
        return (images, numbers, [str(n) for n in range(10)]) if labels else (images, None, None)
    if text == "mnist":
        return data.binarised_mnist(part), None, None
    loaded = data.load(text, patch, args.skip_bad, labels, args.background, args.fit)
    return loaded if labels else (loaded, None, None)


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
            f"Images of {width} x {height} are too large to learn from whole. Give --patch {CROP}, or "
            f"--fit {CROP} to scale them."
        )


def kind(colours):
    """Return in words what images with this many colours, int, are."""
    return {1: "grey", 3: "in colour"}.get(colours, f"of {colours} colours")


def in_patches(images, patch, labels=None):
    """Return patches of the images, and their labels; both unchanged if patch is None."""
    fits(images, patch)
    if patch and labels is not None:
        sides = np.array([image.shape[:2] for image in images]) // patch
        labels = labels.repeat(sides.prod(axis=1))
    return (data.cut(images, patch) if patch else images), labels


def some_of(images, labels, most=1000):
    """Return at most so many of the images, always the same ones, and their labels or None."""
    if len(images) <= most:
        return images, labels
    chosen = np.sort(np.random.default_rng(0).permutation(len(images))[:most])
    return images[chosen], None if labels is None else labels[chosen]


class Learning(NamedTuple):
    """The images that a run learns from, and the images that choose its best epoch.

    images, valid: as in training.train; valid is None if no images choose the best epoch.
    size: int, the side of the crops, or None.
    labels, valid_labels: int (N,), the images' classes, or None.
    classes: list of the classes' names, or None.
    cut: int, from how many images the patches in valid were cut; None if they are whole images.
    """

    images: np.ndarray | list
    valid: np.ndarray | list | None
    size: int | None
    labels: np.ndarray | None = None
    valid_labels: np.ndarray | None = None
    classes: list | None = None
    cut: int | None = None


def learning(args):
    """Return the Learning that the arguments describe."""
    name, patch = args.data, args.patch
    check_exists(name, args)
    labels = classes = valid = valid_labels = cut = None
    if name in FACES and not args.labels:
        images = data.faces(20_000, seed=1, which=FACES[name])
        valid = data.faces(500, seed=2, which=FACES[name])
    elif name == "photos" and not args.labels:
        images, valid = ([p.image for p in data.photographs(part)] for part in ("train", "valid"))
        patch = patch or CROP
    else:
        images, labels, classes = labelled(args.data, "train", patch, args, args.labels)
        small_enough(images, patch)
        if name in ("digits", "mnist"):
            valid, valid_labels, _ = labelled(args.data, "valid", patch, args, args.labels)
        else:
            images, valid = data.split(images)
            if args.labels:
                labels, valid_labels = data.split(labels)
                every_class(labels, classes)
        if valid is not None:
            cut = len(valid) if patch else None
            valid, valid_labels = some_of(*in_patches(valid, patch, valid_labels))
    fits(images, patch)
    return Learning(images, valid, patch, labels, valid_labels, classes, cut)


def every_class(labels, classes):
    """Raise ValueError if a class has no image to learn from.

    labels: int (N,), the classes of the images that are learnt from.
    classes: list of the classes' names.
    """
    for number in set(range(len(classes))) - set(labels.tolist()):
        raise ValueError(
            f"Class {short(classes[number])} has no image to learn from; a tenth of the images only choose "
            "the best epoch. Give each class more images, and number classes from 0 without a gap."
        )


def unseen(text, args, classes=None):
    """Return images to score on, and their labels or None. Of faces, new ones are drawn.

    text: str, the argument that names the images.
    args: the command's arguments.
    classes: int, how many classes the model has, or None.
    """
    labels = None
    if text in FACES:
        images = data.faces(1000, 1000, FACES[text])
        labels = np.zeros((1000, np.size(classes)), int) if classes else None  # nothing is said
    elif text == "photos" and not classes:
        images = [photograph.image for photograph in data.photographs("test")]
    else:
        if classes and text not in DATA and Path(text).is_dir():
            raise ValueError(
                f"{text} is a folder, and folders can have other names than the model's classes. Give an "
                ".npz file with an array `labels`, the numbers of the classes."
            )
        images, labels, _ = labelled(text, "test", args.patch or 1, args, bool(classes))
    return images, labels


def one_image(path, argument="--image", background=None):
    """Read the only image of a path, (H, W, colours); raise ValueError if it holds several."""
    if Path(path).is_dir():
        raise ValueError(f"{argument} takes one image; {path} is a folder. Name a file in it.")
    if not Path(path).exists():
        raise ValueError(f"{path} does not exist. {argument} takes the file of one image.")
    images = data.load(path, background=background)
    if len(images) > 1:
        raise ValueError(
            f"{argument} takes one image; {path} holds {len(images)}. Save one of them as a PNG."
        )
    return images[0]
