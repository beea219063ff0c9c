"""What networks of several chapters draw after the same training on faces.

book/tools/ladder.py has trained them, counted their mistakes and stored sixteen of their drawings.
"""

import base64
import json

import numpy as np

from pixelcnn_lib.model import WEIGHTS

FILE = WEIGHTS / "ladder.json"
KINDS = {  # columns of the table, and the words of faces.read_face that they count
    "two colours": ("have two colours", "has two colours"),
    "hair on one side": ("the hair is on one side only",),
}


def read(name):
    """Return what was measured of a network, a dict; name: str, as in the file."""
    return json.loads(FILE.read_text())[name]


def table(names):
    """Return, as text, the bits a face of some networks, and how many drawings have mistakes."""
    lines = [f"{'':38} bits  " + "  ".join(["right", *KINDS, "else"])]
    for name in names:
        one = read(name)
        wrong, drawn = one["wrong"], one["drawn"]
        counts = [
            sum(count for words, count in wrong.items() if words.endswith(ends))
            for ends in KINDS.values()
        ]
        counts = [drawn - sum(wrong.values()), *counts, sum(wrong.values()) - sum(counts)]
        widths = map(len, ["right", *KINDS, "else"])
        shares = (f"{count / drawn:{width}.0%}" for count, width in zip(counts, widths))
        lines.append(f"{name:38} {one['bits']:4.1f}  " + "  ".join(shares))
    return "\n".join(lines)


def pictures(names, count=8):
    """Return what some networks have drawn from the same noise.

    names: list of str, as in the file.
    count: int, up to 16, how many pictures of each.
    Returns uint8 (N, 16, 16, 1), numbers of colours in faces.FACE_COLOURS.
    """
    sets = [np.frombuffer(base64.b64decode(read(name)["pictures"]), np.uint8) for name in names]
    return np.concatenate([one.reshape(-1, 16, 16, 1)[:count] for one in sets])
