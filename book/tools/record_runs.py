"""Record the two runs that chapter 6 replays: an honest network, and a liar that differs in one line.

python book/tools/record_runs.py [honest | liar]      some minutes each; writes the figure's data

Both are trained on faces, every face is new, and both start with the same weights. The honest
network applies its masks in every call, the liar only once, before the training. At each of STEPS,
three things are stored: the mean loss since the step before and the score on new faces, both in bits
for a face, and four drawings.
"""

import base64
import io
import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from pixelcnn_lib import faces, losses, scoring
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.teach import bugs, live, solutions

FILE = Path(live.__file__).with_name("replay.json")
STEPS = [0, 20, 40, 60, 80, 100, 150, 200, 300, 400, 500, 600]
SIZES = {"filters_per_colour": 24, "blocks": 4, "head_per_colour": 48, "embed": 32}
CONFIG = {"honest": {}, "liar": {"bug": "mask_once"}}
LEARNING_RATE, BATCH, FRESH, DRAWN = 0.01, 16, 200, 4


def config(name):
    """Return all settings on which a run depends, as the file stores them."""
    settings = {"learning_rate": LEARNING_RATE, "batch": BATCH, "fresh": FRESH, "drawn": DRAWN}
    return {**CONFIG[name], **SIZES, **settings}


def network(name):
    """Return an untrained, compiled network of CONFIG, the same at every call."""
    keras.utils.set_random_seed(0)
    sizes = {**SIZES, "levels": len(faces.FACE_COLOURS), "colours": 1}
    bug = CONFIG[name].get("bug")
    model = bugs.model(bug, **sizes) if bug else PixelCNN(**sizes)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, STEPS[-1])
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), loss=losses.bits_per_dim)
    return model


def record(name, steps, drawn=DRAWN):
    """Train to each of `steps`; returns the curves, and drawings (points, drawn, 16, 16, 1)."""
    model, fresh, pixels = network(name), faces.faces(FRESH, seed=1_000_000), 256
    run, drawings = {"train": [], "fresh": []}, []
    noise, logits = np.random.default_rng(0).random((drawn, 16, 16, 1)), tf.function(model)
    for before, step in zip([0, *steps], steps):
        if step:
            images = faces.faces(BATCH * (step - before), seed=step)  # (N, 16, 16, 1)
            log = model.fit(images, images, batch_size=BATCH, verbose=0)
        run["train"].append(round(pixels * log.history["loss"][0], 2) if step else None)
        run["fresh"].append(round(pixels * scoring.score(model, fresh).bits, 2))
        drawings.append(solutions.sample_naive(logits, noise))
        print(name, step, run["train"][-1], run["fresh"][-1], flush=True)
    return run, np.array(drawings)


def sheet(drawings):
    """Return drawings (points, drawn, 16, 16, 1) as a PNG in base64, a row for each point."""
    rows = drawings[..., 0].swapaxes(1, 2).reshape(16 * len(drawings), -1)  # (16 points, 16 drawn)
    image, file = Image.fromarray(rows), io.BytesIO()
    image.putpalette(faces.FACE_COLOURS.astype("uint8").tobytes())
    image.save(file, format="png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    recorded = json.loads(FILE.read_text()) if FILE.exists() else {}
    for name in sys.argv[1:] or CONFIG:
        run, drawings = record(name, STEPS)
        recorded[name] = {"config": config(name), "steps": STEPS, **run, "sheet": sheet(drawings)}
        FILE.write_text(json.dumps(recorded) + "\n")
