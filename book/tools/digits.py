"""Make the digits that the library ships: python book/tools/digits.py

Reads scikit-learn's copy of the test set of Optical Recognition of Handwritten Digits, and writes it
as one compressed file with its SHA-256. The book itself does not need scikit-learn: pip install
scikit-learn (last run with 1.9.1).
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

FOLDER = Path(__file__).parents[2] / "pixelcnn_lib" / "data"

if __name__ == "__main__":
    digits = load_digits()
    images = digits.images.astype("uint8")[..., None]  # (1797, 8, 8, 1), values 0 to 16
    path = FOLDER / "digits.npz"
    np.savez_compressed(path, images=images, labels=digits.target.astype("uint8"))
    checksums = json.loads((FOLDER / "checksums.json").read_text())
    checksums[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (FOLDER / "checksums.json").write_text(json.dumps(checksums, indent=2) + "\n")
