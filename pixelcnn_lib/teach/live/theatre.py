"""The theatre: the shipped network draws a picture in the page, value by value.

The page itself computes, with pixelnet.js, because the reader may change any value.
"""

import base64
import json

import numpy as np
import traitlets

from pixelcnn_lib import data
from pixelcnn_lib.teach.live import base

NETWORK = data.FOLDER.parent / "weights" / "small.json"  # book/tools/quantise.py writes it
WINDOWS = {"chelsea": (32, 70), "flower": (60, 90)}  # row and column of 32x32 pixels


class Theatre(base.Live):
    """The shipped network draws. size: 16, 24 or 32. seed: int, for the noise; see `noise`.

    start: None, or the held-out photograph whose upper half is given, "chelsea" or "flower"; the
    whole photograph is then shown beside the drawing. speed: values per second, a power of two up
    to 512. Traitlets raises TraitError for other values.
    autoplay: draw as soon as the figure is visible, unless the reader's system asks for no motion.
    compact: show only the picture, with two buttons.
    """

    title = "A network draws in this page"
    hint = (
        "Press Draw, or Step to draw one value. Choose a pixel to see the distributions that "
        "its values were drawn from, and overrule a value."
    )
    heights = (800, 1360)
    shared = ("parts.js", "draw.js", "pixelnet.js")
    network = traitlets.Dict().tag(sync=True)
    photographs = traitlets.List().tag(sync=True)
    size = traitlets.Enum([16, 24, 32], 16).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    temperature = traitlets.Float(1).tag(sync=True)
    start = traitlets.Enum([None, *WINDOWS], None).tag(sync=True)
    speed = traitlets.Enum([2**k for k in range(10)], 64).tag(sync=True)
    autoplay = traitlets.Bool(False).tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)
    values = traitlets.Unicode("").tag(sync=True)  # of the picture, as base.to_base64 gives them

    def __init__(self, **traits):
        photographs = []
        for name, image, attribution in data.photographs("test"):
            row, col = WINDOWS[name]
            pixels = base.to_base64(image[row : row + 32, col : col + 32])
            photographs.append({"name": name, "by": attribution, "pixels": pixels})
        if traits.get("compact"):
            self.hint = "Value by value, computed here, in your browser."
            self.heights = (530, 530)
        elif traits.get("start"):
            self.heights = (1110, 1670)
        network = json.loads(NETWORK.read_text())
        super().__init__(network=network, photographs=photographs, **traits)

    @property
    def picture(self):
        """Return the present picture: uint8 (size, size, 3); values not drawn yet are 0."""
        picture = np.zeros((self.size, self.size, 3), np.uint8)
        values = np.frombuffer(base64.b64decode(self.values), np.uint8)
        if values.size == picture.size:  # otherwise the page has not sent them yet
            picture.flat = values
        return picture

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
