"""Compute what live figures show, and store it beside their modules.

python book/tools/live_states.py        a minute; needed again only if the weights change
"""

import json

import numpy as np

from pixelcnn_lib.teach.live import ranking, steer
from pixelcnn_lib.teach.live.base import FOLDER

if __name__ == "__main__":
    scores = json.dumps(ranking.compute(), separators=(",", ":"))
    (FOLDER / "ranking.json").write_text(scores + "\n")
    faces = {
        way: np.stack([steer.drawn(way, value) for value in values])
        for way, (_, values) in steer.WAYS.items()
    }
    np.savez_compressed(FOLDER / "steer.npz", **faces)
