"""Compute what a live figure shows, and store it beside its module.

python book/tools/live_states.py        a minute; needed again only if the weights change
"""

import json

from pixelcnn_lib.teach.live import ranking
from pixelcnn_lib.teach.live.base import FOLDER

if __name__ == "__main__":
    scores = json.dumps(ranking.compute(), separators=(",", ":"))
    (FOLDER / "ranking.json").write_text(scores + "\n")
