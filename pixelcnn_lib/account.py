"""What a network's mistakes on plain faces come from: an exact account for each pixel.

A network pays more for a pixel than its `faces.floor`. This excess has three parts: what must be
paid because of the blind spot, what must be paid because other pixels are too far away, and the
rest. The rest was in sight and not learnt.
"""

from typing import NamedTuple

import numpy as np

from pixelcnn_lib import faces
from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.face_parts import SHAPES, check_images

PAID_FOR = ("the least possible", "blind spot", "too far away", "in sight, not learnt")


class Shares(NamedTuple):
    """What each pixel costs on average, in bits: own = floor + blind + far + rest.

    own: float (16, 16), what the network paid, the mean over some faces.
    floor: float (16, 16), what every network must pay; exact.
    blind: float (16, 16), what it must pay on top because of its blind spot; exact.
    far: float (16, 16), what it must pay on top because other pixels are too far away; exact.
    rest: float (16, 16), what was in sight and not learnt. As `own` is a mean over some faces, a
        value that is nearly 0 can be negative.
    error: float, the standard error of the sums of `own` and of `rest`; nan for a single face.
    """

    own: np.ndarray
    floor: np.ndarray
    blind: np.ndarray
    far: np.ndarray
    rest: np.ndarray
    error: float

    @property
    def totals(self):
        """The bits of a whole face: a dict, what they are paid for: float."""
        maps = self.floor, self.blind, self.far, self.rest
        return {name: float(each.sum()) for name, each in zip(PAID_FOR, maps)}


class Bright(NamedTuple):
    """A pixel that costs more than it must.

    row, col: int, the pixel. bits: float, its excess over the floor. name: str, what the faces have
    there. cause: str, of PAID_FOR, the largest part of the excess.
    """

    row: int
    col: int
    bits: float
    name: str
    cause: str


def prices(model, images, batch_size=64):
    """Return what a network pays for each pixel of some faces.

    model: any callable from uint8 images (N, 16, 16, 1) to logits (N, 16, 16, 64), such as chapter
        1's network, or (N, 16, 16, 1, 64), such as a library model.
    images: uint8 (N, 16, 16, 1), plain faces that the network was not trained on.
    batch_size: int, how many faces go through the network together.
    Returns float (N, 16, 16), in bits. Raises ValueError for other images, and if the network
    returns another shape, nan or infinity.
    """
    images = check_images(images).reshape(-1, 16, 16, 1)
    whole_number("batch_size", batch_size, 1, 2**31)
    bits = np.empty(images.shape[:3])
    for start in range(0, len(images), batch_size):
        batch = images[start : start + batch_size]
        logits = np.asarray(model(batch), "float64")
        if logits.shape not in ((*batch.shape[:3], 64), (*batch.shape, 64)):
            raise ValueError(
                f"The network must return logits {(*batch.shape[:3], 64)}, one for each colour; "
                f"it returned {logits.shape}."
            )
        if not np.isfinite(logits).all():
            raise ValueError("The network returned nan or infinite logits: train it again.")
        logits = logits.reshape(*batch.shape[:3], 64)
        true = np.take_along_axis(logits, batch.astype(int), axis=-1)[..., 0]  # (N, 16, 16)
        largest = logits.max(axis=-1)
        total = np.exp(logits - largest[..., None]).sum(axis=-1)
        bits[start : start + batch_size] = (np.log(total) + largest - true) / np.log(2)
    return bits


def shares(prices, blocks, first=7, stacks=1):
    """Say what the prices of faces were paid for.

    prices: float (N, 16, 16), in bits, as the function `prices` returns them; N at least 1.
    blocks, first, stacks: the form of the network, as for `faces.limit`. For a network that sees all
        earlier pixels, such as a transformer: None, 7, 2.
    Returns Shares. Raises ValueError for other arrays, and for a network whose limit is not known.
    """
    prices = np.asarray(prices, float)
    if prices.ndim != 3 or prices.shape[1:] != (16, 16) or not len(prices):
        raise ValueError(
            f"prices must be float (N, 16, 16), the bits of each pixel; got {prices.shape}."
        )
    limit = faces.limit(blocks, first, stacks)
    unseen = faces.limit(None, first, stacks)  # only the blind spot is not seen
    own, floor, per_face = prices.mean(axis=0), faces.floor(), prices.sum(axis=(1, 2))
    error = per_face.std(ddof=1) / np.sqrt(len(prices)) if len(prices) > 1 else np.nan
    return Shares(own, floor, unseen - floor, limit - unseen, own - limit, float(error))


def brightest(shares, count=3):
    """Find the pixels that cost most above the floor.

    shares: Shares.
    count: int, how many pixels.
    Returns a list of Bright, the largest excess first.
    """
    whole_number("count", count, 1, 256)
    excess = shares.own - shares.floor
    parts = np.stack([shares.blind, shares.far, shares.rest])  # (3, 16, 16)
    found = []
    for place in np.argsort(-excess, axis=None, kind="stable")[:count]:
        row, col = divmod(int(place), 16)
        cause = PAID_FOR[1 + parts[:, row, col].argmax()]
        found.append(Bright(row, col, float(excess[row, col]), name_of(row, col), cause))
    return found


def name_of(row, col):
    """Say what plain faces have at a pixel: the part that is drawn there most often.

    It is the skin or the background only where no other part is ever drawn. Left and right are as
    the reader sees them.

    row, col: int, 0 to 15.
    Returns a str, such as "right edge of the hair". Raises ValueError for another pixel.
    """
    row, col = whole_number("row", row, 0, 15), whole_number("col", col, 0, 15)
    side = "left" if col < 8 else "right"
    shapes = {part: shape.reshape(-1, 16, 16) for part, shape in SHAPES.items()}
    often = {
        part: faces.CHANCES["plain"][part] @ shapes[part][:, row, col]
        for part in ("hair", "hat", "mouth", "glasses", "eyes", "clothes")
    }
    part = max(often, key=often.get)
    if not often[part]:
        part = "skin" if shapes["skin"][0, row, col] else "background"
    if part == "hair" and row < faces.EYES_END:
        beside = col + (1 if side == "right" else -1)
        ends = shapes["hair"][:, row, col] & ~shapes["hair"][:, row, beside]
        return f"{side} edge of the hair" if faces.CHANCES["plain"]["hair"] @ ends else "hair"
    if part == "clothes" and row < 14:
        return "collar" if 6 <= col <= 9 else f"{side} shoulder"
    names = {"eyes": f"{side} eye", "hair": f"long hair, {side}", "mouth": "mouth"}
    return names.get(part, f"{part}, {side}")
