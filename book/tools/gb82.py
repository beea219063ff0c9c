"""Twenty photographs, CC0 1.0, to train the shipped model on. The book does not contain them."""

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

HOW = (
    "git clone https://github.com/gianni-rosato/gb82-image-set, then "
    "make weights PHOTOS=gb82-image-set/png"
)
SUMS = Path(__file__).with_suffix(".json")  # of the halved pixels
KEPT_BACK = ("city", "girl", "waves")  # for choosing the best epoch


def halved(path):
    """Read a photograph of 576x576 pixels, halved by a Lanczos filter: uint8 (288, 288, 3)."""
    image = Image.open(path).convert("RGB")
    return np.array(image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS))


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


def read(folder):
    """Read the set's photographs from its folder `png`.

    Returns two dicts {name: uint8 (288, 288, 3)}: those to train on, and those to choose the best
    epoch by. Exits with one line if a photograph is missing or has been changed.
    """
    sums, images = json.loads(SUMS.read_text()), {}
    for name, expected in sums.items():
        path = Path(folder) / f"{name}-lossless.png"
        if not path.is_file():
            raise SystemExit(f"{path} is missing: {HOW}")
        images[name] = halved(path)
        if digest(images[name]) != expected:
            raise SystemExit(f"{path} is not the photograph that the shipped model learnt from.")
    chosen = {name: images.pop(name) for name in KEPT_BACK}
    return images, chosen
