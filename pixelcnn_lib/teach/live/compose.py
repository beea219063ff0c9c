"""What the page's training needs: the layers of plain faces in their 64 colours, and its program."""

import base64

import numpy as np

from pixelcnn_lib.face_parts import CHANCES, FACE_COLOURS, LAYERS, NEAREST, OVER, PAINTS
from pixelcnn_lib.teach.live.base import FOLDER, to_base64

CLEAR, LENS = 255, 254  # paints that are no colour; see compose.js


def parts():
    """Return the layers of plain faces for the page, as JSON: see composeFace in compose.js.

    Each layer has the chances of its options and of its colours, and a picture for each option in
    each colour. `lens`: the colour in which each colour is seen through dark glasses.
    """
    chances, layers, lens = CHANCES["plain"], [], list(range(len(FACE_COLOURS)))
    for part, colour in LAYERS.items():
        option = [1] if part == colour else chances[part]
        shown = np.ix_(np.flatnonzero(option), np.flatnonzero(chances[colour]))
        paints = PAINTS[part][shown]  # (options, colours, 256)
        if not paints.any():
            continue
        pictures = np.full(paints.shape, CLEAR, np.uint8)
        for paint in np.unique(paints[paints > 0]):
            below = np.flatnonzero(OVER[paint])  # exact colours that it can lie on
            seen = NEAREST[OVER[paint][below]]
            one = len(set(seen.tolist())) == 1
            pictures[paints == paint] = seen[0] if one else LENS
            if not one:
                for colour_below, seen_now in zip(NEAREST[below], seen):
                    lens[colour_below] = int(seen_now)
        layers.append(
            {
                "options": [p for p in map(float, option) if p],
                "colours": [p for p in chances[colour].tolist() if p],
                "pictures": to_base64(pictures),
            }
        )
    return {"layers": layers, "lens": lens}


def program():
    """Return matmul.wasm as base64; its source is matmul.wat."""
    return base64.b64encode((FOLDER / "matmul.wasm").read_bytes()).decode()
