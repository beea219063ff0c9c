"""Compute the states of four live figures, and store them beside their modules.

python book/tools/live_states.py        a minute; needed again only if the weights change
"""

import json

from pixelcnn_lib.teach.live import guess, influence, ranking, surprise
from pixelcnn_lib.teach.live.base import FOLDER

if __name__ == "__main__":
    for figure in (guess, influence, ranking, surprise):
        path = FOLDER / f"{figure.__name__.rpartition('.')[2]}.json"
        path.write_text(json.dumps(figure.compute(), separators=(",", ":")) + "\n")
