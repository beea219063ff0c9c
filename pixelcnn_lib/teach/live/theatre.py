"""The theatre: the shipped network draws a picture in the page, value by value.

The page itself computes, with pixelnet.js, because the reader may change any value.
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib import data
from pixelcnn_lib.teach.live import base

NETWORK = data.FOLDER.parent / "weights" / "small.json"  # book/tools/quantise.py writes it


class Theatre(base.Live):
    """The shipped network draws. size: 16 or 24. seed: int, for the noise; see `noise`."""

    title = "A network draws in this page"
    hint = (
        "Choose a pixel to see the distributions that its values were drawn from, and overrule a "
        "value. Draw starts a new drawing; Step draws one value."
    )
    heights = (696, 1116)
    shared = ("parts.js", "draw.js", "pixelnet.js")
    network = traitlets.Dict().tag(sync=True)
    size = traitlets.Enum([16, 24], 16).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    temperature = traitlets.Float(1).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(network=json.loads(NETWORK.read_text()), **traits)

    def still(self):
        from pixelcnn_lib.family import PixelCNN
        from pixelcnn_lib.sampling import generate_images
        from pixelcnn_lib.teach import figures

        shape = (1, self.size, self.size, 3)
        u = noise(self.seed, shape)
        picture = generate_images(PixelCNN.pretrained(), 1, self.size, noise=u, progress=False)[0]
        order = np.arange(picture.size).reshape(picture.shape)
        counts = [picture.size // 5, picture.size // 2, picture.size]
        titles = [f"{count} values" for count in counts]
        return figures.show_steps([picture] * 3, [order < count for count in counts], titles)

    def fallback(self):
        return (
            "<p>With scripts, the shipped network draws here value by value, and any value "
            "can be overruled. The still picture shows one drawing at three moments.</p>"
        )


def noise(seed, shape):
    """Return the page's noise, to draw its picture with the library: float64 in [0, 1).

    A value's noise is a hash of the seed and of the value's number, as in pixelnet.js.
    """

    def mix(x):
        x = ((x ^ (x >> 16)) * 0x7FEB352D).astype(np.uint32)
        x = ((x ^ (x >> 15)) * 0x846CA68B).astype(np.uint32)
        return x ^ (x >> 16)

    start = mix(np.array([seed ^ 0x9E3779B9], np.uint32))
    return mix(start + np.arange(np.prod(shape), dtype=np.uint32)).reshape(shape) / 2**32
