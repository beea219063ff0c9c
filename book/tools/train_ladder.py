"""Train networks of several chapters on the same faces, and count what each draws wrongly.

python book/tools/train_ladder.py RUNS      RUNS: a folder for the runs; interrupted ones are resumed

Every network sees the same batches, 1,000 of 32 plain faces, with the same rates. Writes the bits
on new faces, the counts and sixteen faces from the same noise into weights/ladder.json: about
twenty minutes on two cores.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import keras
from train_small import resumed

from pixelcnn_lib import faces, training
from pixelcnn_lib.family import (
    GatedPixelCNN,
    PixelCNN,
    PixelSNAIL,
    PixelTransformer,
)
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.live.base import to_base64

FILE = WEIGHTS / "ladder.json"
SETTINGS = {"epochs": 10, "steps_per_epoch": 100, "batch_size": 32, "learning_rate": 4e-3}
RUNGS = {
    "PixelCNN, 2 blocks": (PixelCNN, {"blocks": 2}),
    "PixelCNN, 6 blocks": (PixelCNN, {"blocks": 6}),
    "PixelCNN, 6 blocks, numbers": (PixelCNN, {"blocks": 6, "embed": None}),
    "PixelCNN, 13 blocks": (PixelCNN, {}),
    "Gated PixelCNN": (GatedPixelCNN, {}),
    "transformer": (PixelTransformer, {}),
    "PixelSNAIL": (PixelSNAIL, {}),
}
DRAWN, SHOWN, NEW = 500, 16, 2000  # faces drawn, stored, and measured on


def learn(run, member, changes):
    """Train a network into a folder, or resume there, and return it."""
    if not resumed(run, SETTINGS):
        keras.utils.set_random_seed(0)
        model = member.preset("faces", **changes)
        training.train(model, faces.faces(50_000, 1), run, verbose=2, **SETTINGS)
    return training.trained(run)


def measure(model):
    """Return what is stored of a network."""
    drawn = model.sample(DRAWN, 16, seed=0)
    _, wrong = faces.read_face(drawn)
    bits = 256 * model.score(faces.faces(NEW, 2)).per_image
    return {
        "weights": model.count_params(),
        "bits": round(float(bits.mean()), 2),
        "error": round(float(bits.std() / len(bits) ** 0.5), 2),
        "drawn": DRAWN,
        "wrong": dict(Counter(one for one in wrong if one).most_common()),
        "pictures": to_base64(drawn[:SHOWN]),
    }


def main(runs):
    ladder = {}
    for name, (member, changes) in RUNGS.items():
        ladder[name] = measure(learn(runs / name.replace(" ", "-"), member, changes))
        print(name, {**ladder[name], "pictures": ""}, flush=True)
        FILE.write_text(json.dumps(ladder, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
