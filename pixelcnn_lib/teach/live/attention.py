"""Where attention looks: a small trained transformer, pixel by pixel, layer by layer, head by head.

book/tools/live_states.py trains the transformer and stores how much each pixel looks at each other
one, in attention.json.
"""

import base64
import json

import numpy as np
import traitlets

from pixelcnn_lib.teach import kites
from pixelcnn_lib.teach.live.base import Live, read, to_base64

PICTURES = [(3, 0, 0), (4, 3, 1), (6, 1, 3), (5, 2, 2)]  # the arguments of kites.picture
LAYERS, HEADS, PIXELS = 2, 2, kites.SHAPE[0] * kites.SHAPE[1]
BEFORE = np.tri(PIXELS, PIXELS + 1, dtype=bool)  # [target, nowhere and the sources]


def network():
    """Build the figure's transformer, for one value of seven kinds in each pixel."""
    import keras

    from pixelcnn_lib.family import PixelTransformer
    from pixelcnn_lib.heads import CategoricalHead

    keras.utils.set_random_seed(0)
    sizes = dict(filters_per_colour=24, blocks=LAYERS, head_per_colour=24, heads=HEADS, near=3)
    return PixelTransformer(**sizes, head=CategoricalHead, levels=len(kites.KINDS), colours=1)


def train(model, epochs=150):
    """Train on the 64 pictures of kites, in half a minute or so."""
    import keras

    from pixelcnn_lib import losses

    images = kites.pictures()
    rate = keras.optimizers.schedules.CosineDecay(0.01, epochs * len(images) // 16)
    optimizer = keras.optimizers.Adam(rate, global_clipnorm=1.0)
    model.compile(optimizer, losses.bits_per_dim, jit_compile=False)
    model.fit(images, images, batch_size=16, epochs=epochs, verbose=0)
    return model


def looks(model, images):
    """How much each pixel looks at nowhere and at each pixel: (N, layers, heads, P, 1 + P).

    model: a PixelTransformer. images: uint8 (N, H, W, colours).
    """
    from pixelcnn_lib.family.attention import places

    size, found = images.shape[1:3], []
    pixels = model.scale(images)
    x = model.first(pixels)  # (N, H, W, h)
    for block in model.body:
        query, key, _ = block.attention.asked(x, pixels)
        found.append(np.asarray(block.attention.shares(query, key, *size, places(*size))))
        x = block(x, pixels)  # (N, H, W, h)
    return np.stack(found, axis=1)


def compute():
    """Train, and give how much each pixel looks at what is before it, as bytes in base64.

    A byte is 255 times the root of a weight, so that small weights are told apart too. For each
    picture, layer, head and target there are nowhere's and those of all earlier pixels.
    """
    model = train(network())
    bits = -np.asarray(model.log_prob(kites.pictures())).sum((1, 2, 3)).mean() / np.log(2)
    images = np.stack([kites.picture(*one) for one in PICTURES])[..., None]
    roots = np.rint(255 * np.sqrt(looks(model, images))).astype("uint8")
    return {"bits": round(float(bits), 2), "roots": to_base64(roots[..., BEFORE])}


class WhereAttentionLooks(Live):
    """A picture, and how much each head of each layer looks at its pixels, seen from one of them.

    picture: int, which of PICTURES. target: [row, col], the pixel that looks.
    """

    title = "Where attention looks"
    hint = "Choose a pixel of the picture: where do the heads look when it is predicted?"
    heights = (640, 900)
    shared = ("parts.js", "draw.js")

    picture = traitlets.Int(0, min=0, max=len(PICTURES) - 1).tag(sync=True)
    target = traitlets.List([5, 0]).tag(sync=True)  # the first pixel of the jumper
    heads = traitlets.Int(HEADS).tag(sync=True)
    layers = traitlets.Int(LAYERS).tag(sync=True)
    names = traitlets.List(kites.KINDS).tag(sync=True)
    palette = traitlets.List(kites.PALETTE.tolist()).tag(sync=True)
    pictures = traitlets.List().tag(sync=True)  # the kinds of each picture's pixels, by rows
    roots = traitlets.Unicode().tag(sync=True)

    def __init__(self, **shown):
        pictures = [kites.picture(*one).tolist() for one in PICTURES]
        self.bits = (found := json.loads(read("attention.json")))["bits"]
        super().__init__(pictures=pictures, roots=found["roots"], **shown)

    def weights(self):
        """How much each pixel looks at nowhere and the pixels: (pictures, layers, heads, P, 1 + P)."""
        stored = np.frombuffer(base64.b64decode(self.roots), np.uint8)
        found = np.zeros((len(PICTURES), LAYERS, HEADS, *BEFORE.shape))
        found[..., BEFORE] = (stored.reshape(*found.shape[:3], -1) / 255) ** 2
        return found

    def still(self):
        from pixelcnn_lib.teach import figures

        row, col = self.target
        weights = self.weights()[self.picture, :, :, row * kites.SHAPE[1] + col]
        named = {
            f"layer {layer + 1}, head {head + 1}": weights[layer, head]
            for layer, head in np.ndindex(LAYERS, HEADS)
        }
        return figures.show_looks(kites.PALETTE[self.pictures[self.picture]], named, (row, col))

    def fallback(self):
        """Say for the chosen pixel of each picture where each head looks most."""
        rows, number = "", int(np.ravel_multi_index(self.target, kites.SHAPE))
        for (colour, *_), all_weights in zip(PICTURES, self.weights(), strict=True):
            for layer, head in np.ndindex(LAYERS, HEADS):
                weights = all_weights[layer, head, number]
                most = int(weights.argmax())
                row, col = divmod(most - 1, kites.SHAPE[1])
                place = f"row {row}, column {col}" if most else "nowhere"
                cells = kites.KINDS[colour], layer + 1, head + 1, place, f"{weights[most]:.0%}"
                rows += f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        heads = "".join(
            f'<th scope="col">{one}</th>' for one in ("kite", "layer", "head", "looks at", "weight")
        )
        return (
            f"<p>Where the heads look most when the pixel in row {self.target[0]}, column "
            f"{self.target[1]} is predicted.</p>\n<table><tr>{heads}</tr>{rows}</table>"
        )
