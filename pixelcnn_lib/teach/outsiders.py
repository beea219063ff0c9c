"""Photographs beside outsiders: pictures of kinds that the model of photographs never learnt."""

import io

import numpy as np
from PIL import Image

from pixelcnn_lib import data

SIZE = 16


def sets(n, seed=0):
    """Return six sets of pictures.

    "photographs" are crops of the test photographs. "negatives" are the same crops with light and
    dark exchanged, and "shuffled" the same crops with their pixels in a random order. "digits" are
    handwritten, each pixel doubled. Each picture of "flat" has one random colour. In "noise" each
    value is random.

    n: int, up to 386, pictures in a set. seed: int, of what is random.
    Returns {name: uint8 (n, 16, 16, 3)}.
    """
    rng = np.random.default_rng(seed)
    crops = data.photos(SIZE, "test")[:n]
    order = rng.random((n, SIZE**2, 1)).argsort(axis=1)
    shuffled = np.take_along_axis(crops.reshape(n, SIZE**2, 3), order, axis=1)
    digits = data.digits("test")[0][:n]  # (n, 8, 8, 1), 0 to 16
    digits = (digits / 16 * 255).astype("uint8").repeat(2, axis=1).repeat(2, axis=2)
    flat = rng.integers(256, size=(n, 1, 1, 3), dtype="uint8")
    return {
        "photographs": crops,
        "negatives": 255 - crops,
        "digits": digits.repeat(3, axis=3),
        "flat": flat.repeat(SIZE, axis=1).repeat(SIZE, axis=2),
        "noise": rng.integers(256, size=crops.shape, dtype="uint8"),
        "shuffled": shuffled.reshape(crops.shape),
    }


def png_bytes(images):
    """Return the size of each image as a PNG file, with its header: int (N,), in bytes.

    images: uint8 (N, H, W, 3).
    """
    sizes = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, format="PNG", optimize=True, compress_level=9)
        sizes.append(len(file.getvalue()))
    return np.array(sizes)
