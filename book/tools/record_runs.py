"""Record the two runs that chapter 6 replays: an honest network and the beautiful liar.

python book/tools/record_runs.py [honest | liar]      some minutes each; writes the figure's data

Both are trained on the toy source, and every image is new. At each of STEPS, three things are
stored: the mean loss since the step before, the score on new images, and four drawings. The
drawings are stored without the low bits, which are noise in this source.
"""

import base64
import io
import json
import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from pixelcnn_lib import data, losses, sampling, scoring
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.teach import bugs, live

FILE = Path(live.__file__).with_name("replay.json")
STEPS = [0, 5, 10, 20, 40, 80, 120, 160, 240, 320, 400, 480, 560, 640, 720, 800]
STEPS += [960, 1120, 1280, 1440, 1600]
SIZES = {"filters_per_colour": 8, "head_per_colour": 16}
CONFIG = {
    "honest": {"batch": 16, "blocks": 8, "method": "cached"},
    "liar": {"batch": 8, "bug": "feature_numbers", "components": 3, "method": "naive"},
}
LEARNING_RATE, FRESH, DRAWN = 0.01, 128, 4


def config(name):
    """Return all settings on which a run depends, as the file stores them."""
    return {**CONFIG[name], **SIZES, "learning_rate": LEARNING_RATE, "fresh": FRESH, "drawn": DRAWN}


def network(name):
    """Return an untrained, compiled network of CONFIG, the same at every call."""
    keras.utils.set_random_seed(0)
    settings = CONFIG[name]
    if "bug" in settings:
        head = LogisticMixtureHead(settings["components"])
        model = bugs.model(settings["bug"], head=head, **SIZES)
    else:
        model = PixelCNN.preset("tiny", blocks=settings["blocks"], **SIZES)
        model.head.start_at_histogram(data.toy(1000))
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, STEPS[-1])
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=1.0), loss=losses.bits_per_dim)
    return model


def record(name, steps, drawn=DRAWN):
    """Train to each of `steps`; returns losses, scores, drawings (points, drawn, 16, 16, 3)."""
    model, fresh, batch = network(name), data.toy(FRESH, seed=1_000_000), CONFIG[name]["batch"]
    run, drawings = {"train": [], "fresh": []}, []
    for before, step in zip([0, *steps], steps):
        if step:
            images = data.toy(batch * (step - before), seed=step)  # (N, 16, 16, 3)
            log = model.fit(images, images, batch_size=batch, verbose=0)
        run["train"].append(round(log.history["loss"][0], 3) if step else None)
        run["fresh"].append(round(scoring.score(model, fresh).bits, 3))
        options = {"seed": 0, "method": CONFIG[name]["method"], "progress": False}
        drawings.append(sampling.generate_images(model, drawn, 16, **options))
        print(name, step, run["train"][-1], run["fresh"][-1], flush=True)
    return run, np.array(drawings)


def sheet(drawings):
    """Return drawings (points, drawn, 16, 16, 3) as a PNG in base64, a row for each point."""
    points = len(drawings)
    rows = drawings.swapaxes(1, 2).reshape(16 * points, -1, 3)  # (16 points, 16 drawn, 3)
    file = io.BytesIO()
    Image.fromarray((rows >> data.NOISE_BITS) * 17).save(file, format="png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    recorded = json.loads(FILE.read_text()) if FILE.exists() else {}
    for name in sys.argv[1:] or CONFIG:
        run, drawings = record(name, STEPS)
        recorded[name] = {"config": config(name), "steps": STEPS, **run, "sheet": sheet(drawings)}
        FILE.write_text(json.dumps(recorded) + "\n")
