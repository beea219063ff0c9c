"""How far a pixel of a face sees, by the number of blocks."""

from functools import cache

import numpy as np
import traitlets

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import colour_pattern
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live, to_base64

SIZE, DEPTH = 16, 13
REACH = 3 + DEPTH  # pixels: three for the first layer, one for each block
STILL = (0, 3, 6, 9)  # blocks, in the picture without JavaScript


def field(depth, shape):
    """Return who sees whom in a picture of `shape` (H, W, 1): bool (targets, sources)."""
    masks = [colour_pattern(7, "A", 1)] + [colour_pattern(3, "B", 1)] * depth
    return leaks.receptive_field(masks, shape)


@cache
def window(depth):
    """Return what a pixel far from any border sees: bool (rows down to its own, columns)."""
    reach, rest = 3 + depth, DEPTH - depth
    shape = (reach + 1, 2 * reach + 1, 1)  # the pixel is the middle one of the last row
    seen = field(depth, shape)[-1 - reach].reshape(shape[:2])
    return np.pad(seen, ((rest, 0), (rest, rest)))


def pairs(seen):
    """Count the pairs of pixels of an image in which one sees the other, given a window."""
    up, side = np.indices(seen.shape)
    room = (SIZE - np.abs(up - REACH)) * (SIZE - np.abs(side - REACH))  # where both fit in
    return int((room * seen).sum())


class ReceptiveField(Live):
    """A pixel of a 16x16 picture and the pixels that it sees, in four kinds.

    depth: blocks, 0 to 13. pixel: [row, col].
    """

    title = "How far a pixel sees"
    hint = "Choose a pixel of a 16x16 face, and the number of blocks."
    heights = (631, 687)  # the second at 390 pixels; at 360 the map is smaller

    depth = traitlets.Int(6, min=0, max=DEPTH).tag(sync=True)
    pixel = traitlets.List([12, 8]).tag(sync=True)
    size = traitlets.Int(SIZE).tag(sync=True)
    reach = traitlets.Int(REACH).tag(sync=True)
    windows = traitlets.List().tag(sync=True)  # for each depth, a window in base64
    shares = traitlets.List().tag(sync=True)  # for each depth, the share of all pairs, per cent

    def __init__(self, **shown):
        seen = [window(depth) for depth in range(DEPTH + 1)]
        past = SIZE**2 * (SIZE**2 - 1) // 2
        shares = [round(100 * pairs(one) / past) for one in seen]
        super().__init__(windows=list(map(to_base64, seen)), shares=shares, **shown)

    def still(self):
        pixel = self.pixel[0] * SIZE + self.pixel[1]
        fields = {}
        for depth in STILL:
            kinds = leaks.classify(field(depth, (SIZE, SIZE, 1)))
            fields[f"{depth} blocks"] = kinds[pixel].reshape(SIZE, SIZE)
        return figures.show_fields(fields, tuple(self.pixel))

    def fallback(self):
        heads = "".join(f'<th scope="col">{depth} blocks</th>' for depth in STILL)
        cells = "".join(f"<td>{self.shares[depth]}%</td>" for depth in STILL)
        return (
            f"<p>Of all pairs of pixels of a {SIZE}x{SIZE} picture, the share in which the later "
            f"sees the earlier:</p>\n<table><tr>{heads}</tr><tr>{cells}</tr></table>"
        )
