"""A face: the shipped model draws it in the page, the reader asks for glasses and changes pixels.

The page itself computes, with pixelnet.js, because the reader may give any pixel another colour.
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib.faces import FACE_COLOURS, LABELS, ask, in_colour
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.live import base

NETWORK = WEIGHTS / "faces.json"  # book/tools/quantise.py writes it
SIDE = 16  # pixels
UNASKED = np.zeros(len(LABELS), int)  # the labels that say nothing
WISHES = ("glasses", "sad", "blue hair")  # a button for each; see faces.ask
# a name of its own for each of FACE_COLOURS
NAMES = """
    pale blue, lavender, pale pink, pale orange, cream, sand, light brown, brown,
    pale lavender, white, straw, dark brown, brown black, bright blue, red, peach,
    pale tan, tan, soft brown, navy, green, salmon, crimson, yellow,
    bright red, black, warm cream, warm sand, golden brown, chestnut, umber, dull brown,
    khaki, maroon, reddish brown, lime, blue, brick red, greyish blue, light peach,
    pale sand, dark tan, copper, sky blue, middle blue, mint, light green, dark red,
    pale yellow, amber, grey, dusty pink, dusty rose, rose, dark grey, iron grey,
    charcoal, slate blue, greyish green, plum, slate, denim blue, pale grey, ash grey
"""
PALETTE = [
    [" ".join(name.split()), *rgb]
    for name, rgb in zip(NAMES.split(","), FACE_COLOURS.tolist(), strict=True)
]


def noise(seed, shape):
    """Return the page's noise, to draw its picture with the library: float64 in [0, 1).

    A pixel's noise is a hash of the seed and of the pixel's number, as in pixelnet.js.
    """

    def mix(x):
        x = ((x ^ (x >> 16)) * 0x7FEB352D).astype(np.uint32)
        x = ((x ^ (x >> 15)) * 0x846CA68B).astype(np.uint32)
        return x ^ (x >> 16)

    start = mix(np.array([seed ^ 0x9E3779B9], np.uint32))
    return mix(start + np.arange(np.prod(shape), dtype=np.uint32)).reshape(shape) / 2**32


def drawn(model, seeds, labels=UNASKED):
    """Draw the page's faces with the library.

    model: the model of faces. seeds: list of int, one for each face. labels: int (L,), of all.
    Returns uint8 (N, 16, 16, 1).
    """
    shape = (SIDE, SIDE, 1)
    options = dict(noise=np.stack([noise(seed, shape) for seed in seeds]), progress=False)
    options["labels"] = np.tile(labels, (len(seeds), 1))
    return model.sample(len(seeds), SIDE, **options)


class Faces(base.Live):
    """The model of faces draws, or the reader's. model: keras.Model of chapter 1's form, to draw in place
    of the book's; see own.py. seed: int, for the noise of the first face; see noise.

    autoplay: draw as soon as the figure is visible, unless the reader's system asks for no motion.
    compact: for a narrow column, and without the other endings.
    """

    title = "A face, one pixel at a time"
    hint = (
        "A network in this page draws each pixel, given all pixels before it. Choose a pixel to see "
        "what else it could have been."
    )
    heights = (579, 990)
    shared = ("parts.js", "draw.js", "pixelnet.js", "own.js")
    own = traitlets.Dict().tag(sync=True)  # the reader's network, if Python gives it
    network = traitlets.Dict().tag(sync=True)
    palette = traitlets.List().tag(sync=True)  # the name of each colour, and the colour itself
    wishes = traitlets.List().tag(sync=True)  # a button's text, and the labels that it says
    seed = traitlets.Int(0).tag(sync=True)
    autoplay = traitlets.Bool(False).tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)

    def __init__(self, model=None, **traits):
        if model is not None:
            from pixelcnn_lib.teach import own

            traits["own"] = own.described(model)
        if traits.get("compact"):
            self.hint = (
                "Drawn here, in your browser. Predict: if you give one pixel another colour, which "
                "others will follow? Then choose a pixel, and try."
            )
            self.heights = (883, 875)
        super().__init__(
            network=json.loads(NETWORK.read_text()),
            palette=PALETTE,
            wishes=[[wish, ask(wish).tolist()] for wish in WISHES],
            **traits,
        )

    def still(self):
        from pixelcnn_lib.family import PixelSNAIL
        from pixelcnn_lib.teach import figures

        faces = drawn(PixelSNAIL.pretrained("faces"), range(self.seed, self.seed + 16))
        return figures.show_images(in_colour(faces), columns=8)

    def fallback(self):
        return (
            "<p>With scripts, the model of faces draws a face here, pixel by pixel. Any pixel can "
            "be changed, and all later ones are drawn again. The still picture shows sixteen faces "
            "that it drew.</p>"
        )
