"""Make the photographs that the library ships: python book/tools/photographs.py

Reads six photographs from scikit-image and scikit-learn, halves each by area averaging and writes
it as PNG with its SHA-256. The book itself needs neither package: pip install scikit-image
scikit-learn (last run with 0.26.0 and 1.9.1).
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image
from sklearn.datasets import load_sample_image

FOLDER = Path(__file__).parents[2] / "pixelcnn_lib" / "data"
SOURCES = {
    "astronaut": skimage.data.astronaut,
    "coffee": skimage.data.coffee,
    "rocket": skimage.data.rocket,
    "china": lambda: load_sample_image("china.jpg"),
    "chelsea": skimage.data.chelsea,
    "flower": lambda: load_sample_image("flower.jpg"),
}


def halve(image):
    """Return the means of 2x2 squares, rounded half up; an odd last row or column is dropped."""
    rows, cols = image.shape[0] // 2, image.shape[1] // 2
    squares = image[: 2 * rows, : 2 * cols].reshape(rows, 2, cols, 2, 3)
    return ((squares.sum(axis=(1, 3), dtype=int) + 2) // 4).astype(np.uint8)


if __name__ == "__main__":
    checksums = json.loads((FOLDER / "checksums.json").read_text())
    for name, load in SOURCES.items():
        path = FOLDER / f"{name}.png"
        Image.fromarray(halve(load())).save(path, optimize=True)
        checksums[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (FOLDER / "checksums.json").write_text(json.dumps(checksums, indent=2) + "\n")
