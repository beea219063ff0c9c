"""The parts of faces: the options, their chances, and how parts are laid over each other.

Design: DiceBear, "Pixel Art", CC0 1.0; details in data/ATTRIBUTION.md.
"""

from pathlib import Path

import numpy as np

SETS = ("plain", "all")
# The layers of a face, from the bottom: the part, and the choice that colours it. Background and
# skin come in one shape.
LAYERS = {
    "background": "background",
    "skin": "skin",
    "earrings": "earring colour",
    "clothes": "clothes colour",
    "eyes": "eye colour",
    "glasses": "glasses colour",
    "beard": "hair colour",
    "mouth": "mouth colour",
    "hair": "hair colour",
    "hat": "hat colour",
}
EYES_END, HAIR_END = 8, 12  # long hair reaches below the eyes; clothes begin in row 12
CHOICES = tuple(dict.fromkeys(name for layer in LAYERS.items() for name in layer))

with np.load(Path(__file__).parent / "data" / "faces.npz") as _arrays:
    OPTIONS = {name: tuple(_arrays[f"options {name}"].tolist()) for name in CHOICES}
    CHANCES = {which: {name: _arrays[f"{which} {name}"] for name in CHOICES} for which in SETS}
    # 64 colours change 1 % of the pixels of plain faces and 5 % of all; 48: 2 and 9; 32: 4 and 19
    FACE_COLOURS = _arrays["palette"]
    NEAREST = _arrays["nearest"]  # for each of 1065 exact colours its number in FACE_COLOURS
    # [paint, exact colour below]: the exact colour that is seen; paint 0 is none at all
    OVER = _arrays["over"]
    PAINTS = {  # [option, colour, pixel]
        part: _arrays[f"picture {part}"].reshape(-1, len(OPTIONS[colour]), 256)
        for part, colour in LAYERS.items()
    }
SHAPES = {part: paints[:, 0] > 0 for part, paints in PAINTS.items()}  # bool, without the colour


def lay(chosen, pixels=slice(None)):
    """Lay parts over each other.

    chosen: dict, name of CHOICES: int (n,), the option. A part that is not named is left out.
    pixels: int (k,), the pixels to draw, counted row by row; all 256 without it.
    Returns uint8 (n, k), numbers of colours.
    """
    seen = np.uint16(0)
    for part, colour in LAYERS.items():
        if part in chosen:
            option = 0 if part == colour else chosen[part]
            seen = OVER[PAINTS[part][option, chosen[colour]][:, pixels], seen]
    return NEAREST[seen]


def in_colour(images):
    """Return faces in red, green and blue.

    images: uint8 (..., 1), numbers of colours in FACE_COLOURS, such as (n, 16, 16, 1).
    Returns uint8 (..., 3). Raises ValueError for other arrays and for numbers of no colour.
    """
    images = np.asarray(images)
    if images.dtype.kind not in "iu" or images.shape[-1:] != (1,):
        raise ValueError(f"images must be int (n, 16, 16, 1); got {images.dtype} {images.shape}.")
    wrong = images[(images < 0) | (images >= len(FACE_COLOURS))]
    if wrong.size:
        raise ValueError(f"A colour must be from 0 to {len(FACE_COLOURS) - 1}; got {wrong[0]}.")
    return FACE_COLOURS[images[..., 0]]


def check_images(images):
    """Return faces as uint8 (n, 256). Raises ValueError unless they are (n, 16, 16, 1)."""
    images = np.asarray(images)
    if images.dtype.kind not in "iu" or images.shape[1:] != (16, 16, 1):
        raise ValueError(f"images must be int (n, 16, 16, 1); got {images.dtype} {images.shape}.")
    in_colour(images)
    return images.reshape(len(images), 256).astype(np.uint8)
