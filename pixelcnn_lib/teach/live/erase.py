"""A face with a hole of any shape: chapter 18's network for any order fills it, in the page.

The page itself computes, because the reader can erase any pixels; anyorder.py computes the same.
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib.faces import faces, in_colour
from pixelcnn_lib.teach import anyorder
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.faces import PALETTE, noise

FILLS = 4  # at a time
FACES = faces(24, seed=2)[..., 0]  # that the page shows, (24, 16, 16)
ROW, COL = np.indices((16, 16))
HOLE = np.abs(ROW - COL) < 3  # erased at first


def fill(face, hole, seeds):
    """Fill a hole once for each seed, the biggest question first, with the page's noise.

    face: uint8 (16, 16), numbers of colours. hole: bool (16, 16), the pixels that are hidden.
    seeds: list of int; see faces.noise.
    Returns uint8 (N, 16, 16).
    """
    dice = np.stack([noise(seed, (16, 16)) for seed in seeds])  # (N, 16, 16)
    images = np.tile(np.where(hole, anyorder.HIDDEN, face), (len(seeds), 1, 1))
    order = anyorder.biggest_question
    return anyorder.draw(anyorder.shipped(), order, images, lambda _: dice)[0]


class Erase(base.Live):
    """A face, of which the reader erases any pixels, and four fills."""

    title = "A hole of any shape"
    hint = (
        "Erase parts of the face, with the mouse or a finger, or with the arrow keys and Space. The "
        "page fills them, four times."
    )
    heights = (538, 725)
    shared = ("parts.js", "draw.js", "pixelnet.js")
    network = traitlets.Dict().tag(sync=True)
    palette = traitlets.List(PALETTE).tag(sync=True)
    faces = traitlets.List([base.to_base64(face) for face in FACES]).tag(sync=True)
    hole = traitlets.Unicode(base.to_base64(HOLE)).tag(sync=True)

    @traitlets.default("network")
    def _network(self):
        return json.loads(anyorder.NETWORK.read_text())

    def still(self):
        from pixelcnn_lib.teach import figures

        fills = fill(FACES[0], HOLE, range(FILLS))
        shown = in_colour(np.stack([FACES[0], *fills])[..., None])
        return figures.show_steps(list(shown), [~HOLE, *np.ones((FILLS, 16, 16), bool)])

    def fallback(self):
        return (
            "<p>With scripts, you can erase any part of a face here, and the page fills it. The still "
            "picture shows a face with a hole, and four fills of it.</p>"
        )
