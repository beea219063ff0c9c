"""Orders in which a network that predicts all hidden pixels draws faces, in few passes.

A model has `output_shape` and `predict_on_batch` as Keras's own: int (N, H, W), with the number after
the last colour where a pixel is hidden, to logits, float (N, H, W, colours).
"""

import json

import numpy as np

from pixelcnn_lib.model import WEIGHTS

COUNTS = WEIGHTS / "few-passes.json"  # book/tools/few_passes.py writes it
HIDDEN = 64  # the number of a pixel that is not known, after those of the colours


def probabilities(model, images):
    """Return the probabilities of all colours: float (N, H, W, colours), for int (N, H, W)."""
    logits = model.predict_on_batch(images).astype(float)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)


def cost(model, choose, images):
    """Return the exact cost of images in an order, in bits for each pixel: float (N, H, W).

    choose: as in `draw`, but it must not use `drawn`, which is None.
    """
    hidden, bits = np.ones(images.shape, bool), np.zeros(images.shape)
    unknown = model.output_shape[-1]  # the number after the last colour
    while hidden.any():
        p = probabilities(model, np.where(hidden, unknown, images))
        now = choose(p, hidden, None) & hidden  # (N, H, W)
        paid = np.take_along_axis(p, images[..., None].astype(int), 3)
        bits[now] = -np.log2(paid[..., 0][now])
        hidden = hidden & ~now
    return bits


def draw(model, choose, images, dice):
    """Draw the hidden pixels of images in several passes.

    choose: function of p, float (N, H, W, colours); hidden, bool (N, H, W); and drawn, int
        (N, H, W), a colour for each pixel. Returns bool (N, H, W): the pixels that keep it.
    images: int (N, 16, 16), HIDDEN where a pixel is hidden.
    dice: function of a shape that returns numbers in [0, 1), such as `rng.random`.
    Returns uint8 (N, 16, 16), and the passes of each image, int (N,).
    """
    passes = np.zeros(len(images), int)
    while (hidden := images == HIDDEN).any():
        sums = probabilities(model, images).cumsum(axis=-1)
        thrown = dice(images.shape)[..., None] * sums[..., -1:]
        drawn = (sums > thrown).argmax(axis=-1)  # (N, 16, 16)
        p = np.diff(sums, prepend=0)  # (N, 16, 16, 64)
        passes += hidden.any(axis=(1, 2))
        images = np.where(hidden & choose(p, hidden, drawn), drawn, images)
    return images.astype(np.uint8), passes


def biggest_question(p, hidden, drawn=None):
    """Choose the hidden pixel of the largest entropy; if none is above 0.1 bits, choose them all.

    p: float (N, H, W, colours). hidden: bool (N, H, W). drawn: is not used.
    Returns bool (N, H, W).
    """
    bits = -(p * np.log2(np.maximum(p, 1e-12))).sum(axis=-1)  # (N, H, W)
    bits = np.where(hidden, bits, -1).reshape(len(p), -1)  # (N, H * W)
    most = bits.max(axis=1, keepdims=True)  # (N, 1)
    place = np.arange(bits.shape[1]) == bits.argmax(axis=1)[:, None]
    now = np.where(most > 0.1, place, True)  # (N, H * W)
    return now.reshape(hidden.shape) & hidden


def lattices(side=16):
    """Return an order from coarse to fine, `choose` for `draw`: 1, 4, 16, 64, then all 256 pixels.

    side: int, a power of 2, the pixels of a row.
    """
    row, col = np.indices((side, side))  # (side, side) each
    steps = iter(side // 2 ** np.arange(side.bit_length()))  # 16, 8, 4, 2, 1

    def choose(p, hidden, drawn):
        step = next(steps)
        return (row % step == 0) & (col % step == 0) & hidden

    return choose


def counts():
    """Return what each order draws and pays with the exact probabilities, a list of dict."""
    return json.loads(COUNTS.read_text())
