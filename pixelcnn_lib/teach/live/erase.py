"""A face with a hole of any shape: chapter 18's network for any order fills it, in the page.

The page itself computes, with layers of pixelnet.js, because the reader can erase any pixels. `fill`
computes the same in NumPy. book/tools/train_erase.py trained the network, longer than the chapter.
"""

import base64
import json
from functools import cache
from itertools import islice

import numpy as np
import traitlets

from pixelcnn_lib.faces import faces, in_colour
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.faces import PALETTE, noise

NETWORK = WEIGHTS / "erase.json"  # book/tools/train_erase.py writes it
HIDDEN = len(PALETTE)  # the number of a pixel that is not known
PASSES = 32  # of the network, at most
FILLS = 4  # at a time
FACES = faces(24, seed=2)[..., 0]  # that the page shows, (24, 16, 16)
ROW, COL = np.indices((16, 16))
HOLE = np.abs(ROW - COL) < 3  # erased at first


def reader(file):
    """Return a function that reads the next matrix of a file that book/tools/quantise.py describes."""
    data, exponents = iter(base64.b64decode(file["weights"])), iter(file["exponents"])

    def matrix(rows, columns, size=file["size"]):
        numbers = [bytes(islice(data, size)) for _ in range(rows * columns)]
        whole = [int.from_bytes(number, signed=True) for number in numbers]
        powers = 2 ** (np.fromiter(exponents, float, columns) / 8)
        return np.reshape(whole, (rows, columns)) * powers

    return matrix


@cache
def network():
    """Read the network: the features of the colours, then (kernel, bias) of each dense layer."""
    file = json.loads(NETWORK.read_text())
    matrix = reader(file)
    layers = [
        (matrix(inputs, outputs), matrix(outputs, 1, 3)[:, 0])  # three bytes for a bias
        for *_, inputs, outputs in file["convolutions"]
    ]
    return matrix(file["levels"], file["embed"]), *layers


def normal(x):
    """Give the numbers on the last axis the mean 0 and the variance 1, as LayerNormalization."""
    x = x - x.mean(axis=-1, keepdims=True)
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-3)


def logits(images):
    """Return the logits of all pixels, float (N, 256, 64), as the chapter's network does.

    images: int (N, 256), HIDDEN where a pixel is not known.
    """
    names, *layers, (kernel, bias) = network()
    x = names[images]  # (N, 256, 64)
    for (first, one), (second, two) in zip(layers[::2], layers[1::2]):
        h = np.maximum(normal(x) @ first + one, 0)
        x = (x + h @ second + two).swapaxes(1, 2)  # (N, 64, 256), then (N, 256, 64) again
    return normal(x) @ kernel + bias


def fill(face, hole, seeds):
    """Fill a hole once for each seed, in at most PASSES passes. The other pixels stay.

    face: uint8 (16, 16), numbers of colours. hole: bool (16, 16), the pixels that are hidden.
    seeds: list of int, each for the noise and the order of the pixels; see faces.noise.
    Returns uint8 (N, 16, 16).
    """
    dice, ranks = np.stack([noise(seed, (2, 256)) for seed in seeds], axis=1)  # (N, 256) each
    images = np.tile(np.where(hole, HIDDEN, face).ravel(), (len(seeds), 1))  # (N, 256)
    order = np.where(hole.ravel(), ranks, 1).argsort(axis=1)[:, : hole.sum()]  # of drawing
    size = max(1, -(-hole.sum() // PASSES))  # pixels in a pass
    for start in range(0, hole.sum(), size):
        now = order[:, start : start + size]  # (N, pixels)
        some = np.take_along_axis(logits(images), now[..., None], axis=1)  # (N, pixels, 64)
        sums = np.exp(some - some.max(axis=-1, keepdims=True)).cumsum(axis=-1)
        thrown = np.take_along_axis(dice, now, axis=1)[..., None] * sums[..., -1:]
        np.put_along_axis(images, now, (sums > thrown).argmax(axis=-1), axis=1)
    return images.reshape(-1, 16, 16).astype(np.uint8)


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
        return json.loads(NETWORK.read_text())

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
