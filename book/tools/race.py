"""Let all members of the family draw from the same noise, and measure how long each takes.

python book/tools/race.py RUNS      about eight minutes of one core; writes the race's data

RUNS: the folder that contest.py filled. The networks are those of the rule "time" with seed 0.
`make contest` calls this tool with one thread. All times are CPU seconds, the shortest of several.
"""

import base64
import io
import json
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

from pixelcnn_lib import training
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.teach import live

FILE = Path(live.__file__).with_name("race.json")
RUN = "{member}-tied-time-0"
SIZE, SEED, SHOWN = 16, 4, 4  # side in pixels; seed of the noise; pictures on the page
MODES = {  # (method, pictures drawn at once, how often each is measured)
    "one": ("compiled", 1, 20),
    "many": ("compiled", 16, 20),
    "naive": ("naive", 1, 1),
}


def noise(count):
    """Return the noise that all members draw from: float (count, SIZE, SIZE, 3)."""
    return np.random.default_rng(SEED).random((count, SIZE, SIZE, 3))


def measure(model, method, count, repeats):
    """Draw `count` pictures several times; return them and the least CPU seconds."""
    best, given = np.inf, {"noise": noise(count), "method": method, "progress": False}
    if method == "compiled":
        generate_images(model, count, SIZE, **given)  # the first drawing compiles
    for _ in range(repeats):
        start = time.process_time()
        pictures = generate_images(model, count, SIZE, **given)
        best = min(best, time.process_time() - start)
    return pictures, float(f"{best:.3g}")


def sheet(pictures):
    """Return pictures (members, SHOWN, SIZE, SIZE, 3) as a PNG in base64, a row per member."""
    rows = np.array(pictures).swapaxes(1, 2).reshape(SIZE * len(pictures), -1, 3)
    file = io.BytesIO()
    Image.fromarray(rows).save(file, format="png", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def main(runs):
    seconds, pictures = {}, []
    for member in MEMBERS:
        model = training.trained(runs / RUN.format(member=member))
        found = {mode: measure(model, *how) for mode, how in MODES.items()}
        seconds[member] = {mode: best for mode, (_, best) in found.items()}
        pictures.append(found["many"][0][:SHOWN])
        print(member, seconds[member], flush=True)
    counts = {mode: count for mode, (_, count, _) in MODES.items()}
    data = {"size": SIZE, "shown": SHOWN, "counts": counts, "seconds": seconds}
    FILE.write_text(json.dumps({**data, "sheet": sheet(pictures)}) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Give the folder of the contest's runs: python book/tools/race.py RUNS")
    main(Path(sys.argv[1]))
