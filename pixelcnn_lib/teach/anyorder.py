"""A network for any order of the pixels, and orders in which it draws faces: chapter 18.

book/tools/train_any_order.py has trained the network that `shipped` opens, and counted what it draws.
"""

import base64
import json
from functools import cache
from itertools import islice

import keras
import numpy as np
from keras import layers, ops

from pixelcnn_lib.model import WEIGHTS

NETWORK = WEIGHTS / "any-order.json"  # book/tools/train_any_order.py writes both
COUNTS = WEIGHTS / "few-passes.json"
HIDDEN = 64  # the number of a pixel that is not known, after those of the colours
SIZES = {"width": 128, "blocks": 4}  # of the shipped network


def network(side=16, colours=64, width=64, blocks=2):
    """Build a network that predicts all hidden pixels from all known ones.

    side: int, even, the pixels of a row. colours: int; this is also the number of a hidden pixel.
    width: int, a multiple of 4, the features of a token. blocks: int.
    Returns a keras.Model: int (N, side, side) to logits, float (N, side, side, colours).
    """
    tokens = (side // 2) ** 2
    images = keras.Input((side, side), dtype="int32")
    x = layers.Embedding(colours + 1, 32)(images)  # (N, 16, 16, 32)
    x = layers.Conv2D(width, 2, strides=2)(x)  # (N, 8, 8, width)
    x = layers.Reshape((tokens, width))(x)  # (N, 64, width)
    place = ops.zeros_like(x[..., 0], "int32") + ops.arange(tokens)  # (N, 64)
    x = x + layers.Embedding(tokens, width)(place)  # (N, 64, width)
    for _ in range(blocks):
        x = block(x, width)  # (N, 64, width)
    x = layers.Reshape((side // 2, side // 2, width))(layers.LayerNormalization()(x))
    logits = layers.Conv2DTranspose(colours, 2, strides=2)(x)
    return keras.Model(images, logits)  # (N, 16, 16, colours)


def block(x, width):
    """Add attention among all tokens to x, float (N, tokens, width), then two dense layers."""
    h = layers.LayerNormalization()(x)  # (N, tokens, width)
    x = x + layers.MultiHeadAttention(4, width // 8, width // 4)(h, h)
    h = layers.LayerNormalization()(x)  # (N, tokens, width)
    h = layers.Dense(2 * width, activation="relu")(h)  # (N, tokens, 2 * width)
    return x + layers.Dense(width)(h)  # (N, tokens, width)


def lesson(images, number, place):
    """Hide pixels of images, and say how much each of them counts.

    images: int (N, H, W). number: int (N,), how many pixels stay known.
    place: int (N, H, W), the places of the pixels in an order, from 0.
    Returns what the network sees, int (N, H, W), HIDDEN where a pixel is hidden; and the weights of
    its losses, float (N, H, W): for a hidden pixel the pixels of an image divided by the hidden
    ones, for a known pixel 0.
    """
    hidden = place >= number[:, None, None]  # (N, H, W)
    count = hidden.sum(axis=(1, 2), keepdims=True)  # (N, 1, 1)
    weight = hidden * images[0].size / np.maximum(count, 1)
    return np.where(hidden, HIDDEN, images), weight


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
    images: int (N, H, W), the number after the last colour where a pixel is hidden.
    dice: function of a shape that returns numbers in [0, 1), such as `rng.random`.
    Returns uint8 (N, H, W), and the passes of each image, int (N,).
    """
    passes = np.zeros(len(images), int)
    unknown = model.output_shape[-1]  # the number after the last colour
    while (hidden := images == unknown).any():
        p = probabilities(model, images)  # (N, H, W, colours)
        sums = p.cumsum(axis=-1)
        thrown = dice(images.shape)[..., None] * sums[..., -1:]
        drawn = (sums > thrown).argmax(axis=-1)  # (N, H, W)
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


def in_parts(passes, growing=True, chance=None, seed=0):
    """Return an order that draws a whole picture in a number of passes: `choose` for `draw`.

    passes: int. seed: int, of the chance.
    growing: bool, whether the parts grow by a cosine, as MaskGIT's do; otherwise they are equal.
    chance: float, to keep the most probable of the drawn colours, with so much chance in the first
        pass, and none in the last; MaskGIT's code has 4.5. None chooses the pixels at random.
    """
    done = np.arange(1, passes + 1) / passes  # the share of the passes
    left = np.cos(done * np.pi / 2) if growing else 1 - done  # of the pixels
    parts = zip(done, left)
    rng = np.random.default_rng([seed, 1])  # not the generator of the dice, if the seeds are equal

    def choose(p, hidden, drawn):
        done, left = next(parts)
        score = rng.gumbel(size=hidden.shape)  # (N, H, W)
        if chance is not None:
            kept = np.take_along_axis(p, drawn[..., None], 3)[..., 0]
            score = np.log(np.maximum(kept, 1e-12)) + chance * (1 - done) * score
        score = np.where(hidden, score, np.inf).reshape(len(p), -1)
        stay = int(score.shape[1] * left + 1e-6)  # the hidden pixels after this pass
        rank = score.argsort(axis=1).argsort(axis=1)  # the known ones come last
        return (rank >= stay).reshape(hidden.shape) & hidden

    return choose


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
def shipped():
    """Open the network that is shipped with the book, a keras.Model: see `network`."""
    file = json.loads(NETWORK.read_text())
    model, matrix = network(**SIZES), reader(file)
    arrays = zip(file["shapes"], model.get_weights(), strict=True)
    model.set_weights([matrix(*shape).reshape(one.shape) for shape, one in arrays])
    return model


def counts():
    """Return what was counted of the shipped network and of the exact probabilities, a dict."""
    return json.loads(COUNTS.read_text())
