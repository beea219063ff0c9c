"""Train, score and ship the two small models: about an hour on two cores.

python book/tools/train_small.py RUNS      RUNS: a folder for the runs; interrupted ones are resumed

`small` first; then the same body with each head for the same number of steps, to compare the
heads. The best epoch is chosen only by strips of the training photographs; the held-out
photographs are scored once, at the end. Writes weights and measured.json into the package.
"""

import hashlib
import io
import json
import sys
from pathlib import Path

import keras
from PIL import Image

from pixelcnn_lib import data, losses, training
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.model import WEIGHTS, PixelCNN

SETTINGS = {"steps_per_epoch": 500, "size": 32, "augment": True, "seed": 0}
LONG, SHORT = 20, 3  # epochs


def untrained(**overrides):
    """Build the preset `small` with the same weights each time."""
    keras.utils.set_random_seed(0)
    return PixelCNN.preset("small", **overrides)


def best(run, model, epochs):
    """Train into a folder, or resume there, and return the model with its best epoch's weights."""
    if (run / "config.json").exists():
        has, wants = json.loads((run / "config.json").read_text()), {**SETTINGS, "epochs": epochs}
        if any(has["settings"].get(name) != value for name, value in wants.items()):
            sys.exit(f"{run} holds a run with other settings. Name a new folder for the runs.")
        training.resume(run, verbose=2)
    else:
        train, valid = data.split("photos")
        training.train(model, train, run, valid=valid, epochs=epochs, verbose=2, **SETTINGS)
    return training.trained(run)


def bits(model):
    """Bits per dimension of each held-out photograph."""
    photographs = data.photographs("test")
    score = losses.score(model, [photograph.image for photograph in photographs])
    return {p.name: round(float(b), 3) for p, b in zip(photographs, score.per_image)}


def coded(**options):
    """Bits per dimension of each held-out photograph's file, headers included."""
    sizes = {}
    for photograph in data.photographs("test"):
        Image.fromarray(photograph.image).save(file := io.BytesIO(), **options)
        sizes[photograph.name] = round(8 * file.tell() / photograph.image.size, 3)
    return sizes


def main(runs):
    small = best(runs / "small", untrained(), LONG)
    mixture = best(runs / "short-mixture", untrained(), SHORT)
    categorical = best(runs / "short-categorical", untrained(head=CategoricalHead), SHORT)
    small.save_weights(WEIGHTS / "small.weights.h5")
    categorical.save_weights(WEIGHTS / "small-categorical.weights.h5")
    steps = SETTINGS["steps_per_epoch"]
    measured = {
        "held_out_bits_per_dim": {
            "PNG": coded(format="png", optimize=True, compress_level=9),
            "WebP": coded(format="webp", lossless=True, quality=100, method=6),
            f"small, {LONG * steps} steps": bits(small),
            f"mixture head, {SHORT * steps} steps": bits(mixture),
            f"categorical head, {SHORT * steps} steps": bits(categorical),
        }
    }
    (WEIGHTS / "measured.json").write_text(json.dumps(measured, indent=2) + "\n")
    files = sorted(WEIGHTS.glob("*.h5"))
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    (WEIGHTS / "checksums.json").write_text(json.dumps(sums, indent=2) + "\n")
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
