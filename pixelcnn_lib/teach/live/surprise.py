"""The surprise map: what each value of a photograph costs, and the distribution it came from.

The distributions are the shipped network's; book/tools/live_states.py computes them once, into
surprise.json.
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib import data
from pixelcnn_lib.teach.live import hills
from pixelcnn_lib.teach.live.base import Live, read, to_base64

COLOURS = ("red", "green", "blue")
ROW, COL, SIZE = 60, 88, 24  # where petals meet the dark


def crop(above=0, beside=0):
    """Return the crop of the held-out flower, with some more rows above and columns beside it."""
    rows, cols = slice(ROW - above, ROW + SIZE), slice(COL - beside, COL + SIZE + beside)
    return data.photographs("test")[1].image[rows, cols]


def compute():
    """Return each value's cost, in 1/100 bits, and its hill."""
    from keras import ops

    from pixelcnn_lib.family import PixelCNN

    model = PixelCNN.pretrained()
    above, beside = model.margin  # as far as the pixels at the crop's edge can see
    log_p = ops.convert_to_numpy(model(crop(above, beside)[None]))[0]
    log_p = log_p[above:, beside:-beside]  # (24, 24, 3, 256)
    return {
        "bits": hills.bits(log_p, crop()).ravel().tolist(),
        "hills": " ".join(hills.pack(log_p)),
    }


class SurpriseMap(Live):
    """A crop of a photograph that the model never saw, and what each of its values costs."""

    title = "What each value costs"
    hint = "Point at a value, or walk with the arrow keys: what did the model expect, what came?"
    shared = ("parts.js", "draw.js")
    heights = (680, 744)
    picture = traitlets.Unicode().tag(sync=True)
    size = traitlets.Int(SIZE).tag(sync=True)
    corner = traitlets.List([ROW, COL]).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    shades = traitlets.List().tag(sync=True)

    def __init__(self):
        from matplotlib import colormaps
        from matplotlib.colors import to_hex

        shades = [to_hex(colormaps["magma"](round(255 * i / 31))) for i in range(32)]
        values = json.loads(read("surprise.json"))
        super().__init__(picture=to_base64(crop()), values=values, shades=shades)

    def bits(self):
        """Return what each value of the crop costs, in bits: float (24, 24, 3)."""
        return np.reshape(self.values["bits"], (SIZE, SIZE, 3)) / 100

    def still(self):
        from pixelcnn_lib.teach import figures

        return figures.show_bits(crop(), self.bits())

    def fallback(self):
        means = "".join(f"<td>{mean:.1f}</td>" for mean in self.bits().mean((0, 1)))
        names = "".join(f"<th>{colour}</th>" for colour in COLOURS)
        return (
            f"<p>Bits per value in a crop of the flower, on average.</p>"
            f"<table><tr>{names}</tr><tr>{means}</tr></table>"
        )
