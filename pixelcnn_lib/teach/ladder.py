"""What networks of several chapters draw after the same training on faces.

book/tools/train_ladder.py has trained them, counted their mistakes and stored sixteen of their drawings.
"""

import base64
import json

import numpy as np

from pixelcnn_lib.model import WEIGHTS

FILE = WEIGHTS / "ladder.json"
KINDS = {  # columns of the table, and the words of faces.read_face that they count
    "2 colours": "the clothes have two colours",
    "one side": "the hair is on one side only",
}


def read(name):
    """Return what was measured of a network, a dict; name: str, as in the file."""
    return json.loads(FILE.read_text())[name]


def table(names):
    """Return a text: for each network its bits a face, and the shares of its drawings by mistake.

    A drawing can have both mistakes of KINDS, and counts for each; `else` counts those with neither
    that are not right.

    names: list of str, as in the file.
    """
    longest, heads = max(map(len, names)), ["right", *KINDS, "else"]
    lines = [f"{'':{longest}}   bits  " + "  ".join(heads)]
    for name in names:
        one = read(name)
        wrong, drawn = one["wrong"], one["drawn"]
        counts = [drawn - sum(wrong.values())]
        counts += [sum(n for text, n in wrong.items() if kind in text) for kind in KINDS.values()]
        counts += [sum(n for text, n in wrong.items() if not any(map(text.count, KINDS.values())))]
        shares = (f"{count / drawn:{len(head)}.0%}" for count, head in zip(counts, heads))
        lines.append(f"{name:{longest}}  {one['bits']:5.1f}  " + "  ".join(shares))
    return "\n".join(lines)


def pictures(names, count=8):
    """Return what some networks have drawn from the same noise.

    names: list of str, as in the file.
    count: int, up to 16, how many pictures of each.
    Returns uint8 (N, 16, 16, 1), numbers of colours in faces.FACE_COLOURS.
    """
    sets = [np.frombuffer(base64.b64decode(read(name)["pictures"]), np.uint8) for name in names]
    return np.concatenate([one.reshape(-1, 16, 16, 1)[:count] for one in sets])
