"""Photographs beside outsiders: pictures of kinds that the model of photographs never learnt."""

import io

import numpy as np
from PIL import Image

from pixelcnn_lib import data, faces

SIZE = 16


def sets(each=20):
    """Return ten sets of pictures, the same at every call.

    "photographs" are crops of six photographs, in turn: four strips and two whole photographs that
    the shipped model did not learn from. "negatives" are these crops with light and dark exchanged,
    and "shuffled" these crops with their pixels in a random order. "doubled", "bilinear" and "noisy"
    are the same handwritten digits, enlarged in three ways: each pixel doubled; smoothed; smoothed
    (bicubic) with a little noise in each value. "tiled" has four small digits in a picture. "faces"
    are faces in colour. Each picture of "flat" has one random colour. In "noise" each value is random.

    each: int, 1 to 32, how many crops of each photograph.
    Returns {name: uint8 (6 * each, 16, 16, 3)}.
    """
    rng = np.random.default_rng(0)
    photographs = data.photographs("valid") + data.photographs("test")
    crops = [rng.permutation(data.cut([one.image], SIZE))[:each] for one in photographs]
    crops = np.stack(crops, axis=1).reshape(-1, SIZE, SIZE, 3)  # photograph k has crops k, k + 6, …
    count = len(crops)
    digits = (data.digits("test")[0][..., 0] / 16 * 255).astype("uint8")  # (400, 8, 8)
    tiles = np.resize(digits, (count, 2, 2, 8, 8)).swapaxes(2, 3).reshape(count, SIZE, SIZE)
    digits = digits[:count]
    noisy = enlarged(digits, "BICUBIC") + rng.normal(0, 3, crops.shape)
    order = rng.random((count, SIZE**2, 1)).argsort(axis=1)
    shuffled = np.take_along_axis(crops.reshape(count, SIZE**2, 3), order, axis=1)
    flat = rng.integers(256, size=(count, 1, 1, 3), dtype="uint8")
    return {
        "photographs": crops,
        "negatives": 255 - crops,
        "doubled": enlarged(digits, "NEAREST"),
        "bilinear": enlarged(digits, "BILINEAR"),
        "noisy": np.clip(noisy, 0, 255).round().astype("uint8"),
        "tiled": tiles[..., None].repeat(3, axis=3),
        "faces": faces.in_colour(faces.faces(count, seed=5)),
        "flat": flat.repeat(SIZE, axis=1).repeat(SIZE, axis=2),
        "noise": rng.integers(256, size=crops.shape, dtype="uint8"),
        "shuffled": shuffled.reshape(crops.shape),
    }


def enlarged(digits, way):
    """Make digits twice as large: uint8 (N, 8, 8) -> (N, 16, 16, 3); way: of Pillow's Resampling."""
    way = Image.Resampling[way]
    larger = [Image.fromarray(one).resize((SIZE, SIZE), way) for one in digits]
    return np.stack(larger)[..., None].repeat(3, axis=3)


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
