"""The data: photographs, two sets of digits, faces of known entropy, CIFAR-10, your own images.

Images are uint8 everywhere. The model scales them itself.
"""

import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from pixelcnn_lib import files
from pixelcnn_lib.arguments import one_of, short, whole_number
from pixelcnn_lib.faces import faces  # noqa: F401 - one more source of this module

FOLDER = Path(__file__).parent / "data"
ATTRIBUTIONS = {  # details in data/ATTRIBUTION.md
    "astronaut": "Eileen Collins, NASA, public domain",
    "coffee": "Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0",
    "rocket": "SpaceX, public domain",
    "china": "danielbuechele, CC BY 2.0, halved",
    "chelsea": "Stefan van der Walt, CC0",
    "flower": "vultilion, CC BY 2.0, halved",
}
TRAINING = ("astronaut", "coffee", "rocket", "china")
STRIP = 32  # lowest rows of each training photograph, kept to choose the best epoch
SPLITS = {
    "train": (TRAINING, slice(None, -STRIP)),
    "valid": (TRAINING, slice(-STRIP, None)),
    "test": (("chelsea", "flower"), slice(None)),
}


class Photograph(NamedTuple):
    """A photograph.

    name: str, its name.
    image: uint8 (H, W, 3).
    attribution: str, its author and licence.
    """

    name: str
    image: np.ndarray
    attribution: str


def photographs(split="train"):
    """Return the photographs of a split.

    split: "train" for four photographs without their lowest 32 rows, "valid" for those rows, "test"
        for two other photographs. Score the last two only once, at the end.
    Returns a list of `Photograph`. Raises ValueError for another split.
    """
    names, rows = SPLITS[one_of("split", split, SPLITS)]

    def load(name):
        return np.array(Image.open(FOLDER / f"{name}.png"))

    return [Photograph(name, load(name)[rows], ATTRIBUTIONS[name]) for name in names]


def photos(size=16, split="train"):
    """Return square patches of photographs, in a random order that is the same at every call.

    The patches lie side by side in the photographs and do not overlap.

    size: int, the side of a patch, from 1 to the shortest side of the split's photographs.
    split: "train", "valid" or "test", as for `photographs`.
    Returns uint8 (N, size, size, 3). Raises ValueError for another size or split.
    """
    images = [photograph.image for photograph in photographs(split)]
    return np.random.default_rng(0).permutation(cut(images, size))


def cut(images, size):
    """Cut images into squares that lie side by side. The rest at the edges is dropped.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours).
    size: int, the side of a square, from 1 to the shortest side of all images.
    Returns uint8 (N, size, size, colours), image by image, row by row.
    Raises ValueError for another size, for other arrays, or if there is no image.
    """
    if not len(images):
        raise ValueError("cut needs at least one image, got none.")
    for image in images:
        if isinstance(image, Photograph):
            raise ValueError("cut needs arrays: use [one.image for one in photographs].")
        if getattr(image, "ndim", 0) != 3 or image.shape[2] != images[0].shape[2]:
            raise ValueError(
                "cut needs images (H, W, colours) of equally many colours; got shapes "
                f"{np.shape(images[0])} and {np.shape(image)}."
            )
    largest = min(min(image.shape[:2]) for image in images)
    size = whole_number("size", size, 1, largest)
    patches = []
    for image in images:
        down, across, colours = np.array(image.shape) // (size, size, 1)
        grid = image[: down * size, : across * size].reshape(down, size, across, size, colours)
        patches.append(grid.swapaxes(1, 2).reshape(-1, size, size, colours))
    return np.concatenate(patches)


def split(images):
    """Split images into a training set and a validation set, which chooses the best epoch.

    A tenth of the images, at most 1000, becomes the validation set. They are shuffled first, in the
    same way at every call.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours).
    Returns both sets; the second is None if there is only one image.
    Raises ValueError if there is no image.
    """
    if not len(images):
        raise ValueError("split needs at least one image, got none.")
    count = min(-(-len(images) // 10), 1000) if len(images) > 1 else 0
    order = np.random.default_rng(0).permutation(len(images))
    array = isinstance(images, np.ndarray)
    pick = lambda part: images[part] if array else [images[i] for i in part]
    return pick(order[count:]), pick(order[:count]) if count else None


# Images with labels


DIGITS = {"train": slice(597, None), "valid": slice(400, 597), "test": slice(400)}
DIGIT_LEVELS = 17


def digits(split="train"):
    """Return handwritten digits, 8x8 pixels in 17 grey levels, and their labels.

    split: "train" for 1200 images, "valid" for 197, "test" for 400. The same 13 people wrote the
        digits of all three.
    Returns images, uint8 (N, 8, 8, 1), values 0 to 16, and labels, int (N,), 0 to 9.
    Raises ValueError for another split.
    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, 1998.
    """
    one_of("split", split, DIGITS)
    with np.load(FOLDER / "digits.npz") as arrays:
        images, labels = arrays["images"], arrays["labels"].astype(int)
    some = np.random.default_rng(0).permutation(len(images))[DIGITS[split]]
    return images[some], labels[some]


def binarised_mnist(split="train"):
    """Return handwritten digits, 28x28 pixels, each of them black (0) or white (1).

    Each pixel was drawn once, with its grey level as the probability of white. All papers that
    report nats on "binarised MNIST" with this fixed draw can be compared with each other, but not
    with papers that draw the pixels anew, or that cut the grey levels at one half.

    split: "train" for 50,000 images, "valid" for 10,000, "test" for 10,000. Score the last ones only
        once, at the end.
    Returns uint8 (N, 28, 28, 1). Raises ValueError for another split.
    Source: Salakhutdinov and Murray, On the Quantitative Analysis of Deep Belief Networks, 2008;
    the file is by Larochelle.
    """
    one_of("split", split, ("train", "valid", "test"))
    with np.load(FOLDER / "binarised_mnist.npz") as arrays:
        return np.unpackbits(arrays[split], axis=1).reshape(-1, 28, 28, 1)


def cifar10(split="train"):
    """Return the images of CIFAR-10; see `labelled_cifar10`."""
    return labelled_cifar10(split)[0]


def labelled_cifar10(split="train"):
    """Return the images of CIFAR-10 and their labels. Keras downloads them once and checks the file.

    split: "train" for 50,000 images, "test" for 10,000.
    Returns images, uint8 (N, 32, 32, 3), and labels, int (N,), 0 to 9.
    Raises ValueError for another split, OSError if Keras cannot load the images.
    Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
    """
    one_of("split", split, ("train", "test"))
    import keras  # here, because nothing else in this module needs it

    try:
        train, test = keras.datasets.cifar10.load_data()
    except Exception as error:  # Keras raises a bare Exception if there is no network
        raise OSError(
            f"CIFAR-10 could not be loaded ({error}). The photos, digits and faces need no download. "
            "To use CIFAR-10, save https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz as "
            "~/.keras/datasets/cifar-10-batches-py-target_archive."
        ) from error
    images, labels = train if split == "train" else test
    return images, labels.reshape(-1).astype(int)


# Images of your own


def load(source, patch=None, skip_bad=False, labels=False, background=None, fit=None):
    """Load your own images. No file that is loaded can run code.

    source: str or Path, a folder (its subfolders are read too), one image file, or an .npz file.
    patch: int, the side of the squares that will be cut from the images; None if all images must
        have one size.
    skip_bad: bool, whether to leave out images that cannot be used, with a warning.
    labels: bool, whether to load the images' classes too. An .npz file needs an array `labels` of
        whole numbers from 0 to 9999. A folder needs a subfolder for each class; see `classes`.
    background: str, the colour behind transparent parts, such as "white" or "#ff8000"; None refuses
        transparent images.
    fit: int, the side of the square to which the middle of each image is scaled, smoothly if it
        shrinks, with repeated pixels if it grows; None keeps all sizes.
    Returns uint8 (N, H, W, colours), or a list of uint8 (H, W, colours) if sizes differ. There are
    3 colours, or 1 if all images are grey. If only some are grey, they become colour images, with a
    warning.
    With labels, returns a tuple: images, labels, int (N,), and the list of the classes' names.
    Raises ValueError for images that the models cannot learn from, and for another patch or fit.
    """
    if not isinstance(source, (str, Path)) or not str(source).strip():
        raise ValueError(f"source must be the path of a folder or a file; got {short(source)}.")
    for name, side in (("patch", patch), ("fit", fit)):
        if side is not None:
            whole_number(name, side, 1, 2**31 - 1)
    if fit and patch and patch > fit:
        raise ValueError(f"patch must be {fit} or less, the side that fit gives; got {patch}.")
    source = Path(source)
    if not source.exists():
        raise ValueError(f"{source} does not exist. Name a folder of images or an .npz file.")
    if source.suffix.lower() == ".npz" and not source.is_dir():
        images = files.read_npz(source)
        if fit:
            images = np.stack([files.fitted(image, fit) for image in images])
        if small := too_small({source: images[0]}, patch):
            raise small[0]
        if not labels:
            return images
        numbers = files.read_labels(source, len(images))
        return images, numbers, [str(number) for number in range(numbers.max() + 1)]
    paths, bad = files.image_files(source)
    images = {}
    for path in paths:
        try:
            image = files.read_image(path, background)
            images[path] = files.fitted(image, fit) if fit else image
        except files.BadImage as error:
            bad.append(error)
    small = too_small(images, patch)
    for error in small:
        del images[error.path]
    report(source, images, bad + small, skip_bad)
    grey = sum(image.shape[2] == 1 for image in images.values())
    if 0 < grey < len(images):
        warnings.warn(
            f"{grey} of {len(images)} images are grey: converted to colour.", stacklevel=2
        )
        images = {
            path: np.broadcast_to(image, (*image.shape[:2], 3)) for path, image in images.items()
        }
    (first, size), *others = ((path, image.shape[:2]) for path, image in images.items())
    for path, other in others if patch is None else ():
        if other != size:
            smallest = min(min(image.shape[:2]) for image in images.values())
            raise ValueError(
                f"The images are of mixed sizes: {first} is {size[1]} x {size[0]}, {path} is "
                f"{other[1]} x {other[0]}. Scale them to one size with --fit (fit=), or learn from "
                f"squares cut from them with --patch (patch=): {smallest} or less, the smallest side."
            )
    numbers, names = classes(source, images) if labels else (None, None)
    images = list(images.values())
    same = all(image.shape == images[0].shape for image in images)
    images = np.stack(images) if same else images
    return (images, numbers, names) if labels else images


def classes(source, paths):
    """Find each image's class: the subfolder that it is in.

    source: Path, the folder with the subfolders.
    paths: Paths of the images.
    Returns labels, int (N,), and the list of the classes' names. Names that are numbers come first,
    in the order of the numbers; the others follow in alphabetical order.
    Raises ValueError if an image is in no subfolder, or if there is only one subfolder.
    """
    if source.is_file():
        raise ValueError(
            f"{source} is one image. Give a folder that holds a folder for each class."
        )
    each = [path.relative_to(source).parts[:-1] for path in paths]
    names = sorted(
        {parts[0] for parts in each if parts},
        key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0, name),
    )
    if not all(each) or len(names) < 2:
        raise ValueError(
            f"{source} needs a folder for each class of images, two or more, and no image beside "
            f"them; it has {len(names)} of images, and {each.count(())} images beside them."
        )
    return np.array([names.index(parts[0]) for parts in each]), names


def too_small(images, patch):
    """Return a list with a BadImage for each image that is smaller than the patches to cut from it.

    images: dict, path: uint8 (H, W, colours).
    patch: int, the side of a patch, or None.
    """
    sizes = {path: image.shape[:2] for path, image in images.items()}
    fix = (
        f"Choose patches of {min(map(min, sizes.values()), default=0)} or less, the smallest side."
    )
    return [
        files.BadImage(path, f"is {width} x {height}, too small for patches of {patch}", fix)
        for path, (height, width) in sizes.items()
        if min(height, width) < (patch or 1)
    ]


def report(source, images, bad, skip_bad):
    """Report the images of a source that cannot be used, if any, by an error or a warning.

    source: Path, the folder or file.
    images: dict, path: image, of those that can be used.
    bad: list of BadImage.
    skip_bad: bool, whether a warning is enough.
    Raises ValueError if there are bad images that must not be left out, or no images.
    """
    if not images and not bad:
        what = "holds no image: no file" if source.is_dir() else "is no image and no .npz: a file"
        fix = f" {files.AS_NPZ}" if source.suffix == ".npy" else ""
        raise ValueError(f"{source} {what} whose name ends in {', '.join(files.SUFFIXES)}.{fix}")
    count = len(images) + len(bad)
    bad_of_all = f"{len(bad)} of {count} images"
    kinds = {one.fix: one for one in reversed(bad)}.values()  # the first that needs each fix
    fixes = " ".join(f"{one.path.name}: {one.fix}" if len(kinds) > 1 else one.fix for one in kinds)
    if bad and images and skip_bad:
        most = f" These are most of the images. {fixes}" if len(bad) > len(images) else ""
        warnings.warn(f"Left out {bad_of_all}: {files.listed(bad)}.{most}", stacklevel=3)
    elif bad:
        skip = " Or leave out bad images with --skip-bad (skip_bad=True)." if images else ""
        if len(bad) == 1:
            raise ValueError(f"{bad[0]}{skip}")
        raise ValueError(f"{bad_of_all} cannot be used: {files.listed(bad)}. {fixes}{skip}")
