"""Figure 4: how far a pixel sees, by depth, through one stack of convolutions or two."""

from functools import cache

import numpy as np
import traitlets

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import colour_pattern
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live, to_base64

SIZE, DEPTH = 32, 15
REACH = 3 + DEPTH  # pixels: three for the first layer, one for each block


def stacks(depth, count=1):
    """Return the masks of one stack of `depth` blocks, or of Gated PixelCNN's two, for grey images.

    With two stacks, the first sees only the rows above, the second only its own row to the left,
    and a pixel sees what either sees. Source: van den Oord et al. (2016b), section 2.2.
    """
    if count == 1:
        return [[colour_pattern(7, "A", 1)] + [colour_pattern(3, "B", 1)] * depth]
    above = np.arange(7)[:, None, None, None] < np.full((7, 7, 1, 1), 3)
    up_to = np.arange(3)[:, None, None, None] < np.full((3, 3, 1, 1), 2)
    left, more_left = colour_pattern((1, 7), "A", 1), colour_pattern((1, 3), "B", 1)
    return [[above] + [up_to] * depth, [left] + [more_left] * depth]


def field(depth, count, shape):
    """Return who sees whom in a grey image of `shape` (H, W, 1): bool (targets, sources)."""
    return np.any([leaks.receptive_field(one, shape) for one in stacks(depth, count)], axis=0)


@cache
def window(depth, count):
    """Return what a pixel far from any border sees: bool (rows down to its own, columns)."""
    reach, rest = 3 + depth, DEPTH - depth
    shape = (reach + 1, 2 * reach + 1, 1)  # the pixel is the middle one of the last row
    seen = field(depth, count, shape)[-1 - reach].reshape(shape[:2])
    return np.pad(seen, ((rest, 0), (rest, rest)))


def pairs(seen):
    """Count the pairs of pixels of an image in which one sees the other, given a window."""
    up, side = np.indices(seen.shape)
    room = (SIZE - np.abs(up - REACH)) * (SIZE - np.abs(side - REACH))  # where both fit in
    return int((room * seen).sum())


class ReceptiveField(Live):
    """A pixel of a 32x32 image and the pixels that it sees, in four kinds.

    depth: blocks, 0 to 15. count: stacks, 1 or 2. pixel: [row, col].
    """

    title = "How far a pixel sees"
    hint = "Choose a pixel, the number of blocks, and one stack or two."
    heights = (636, 693)

    depth = traitlets.Int(7, min=0, max=DEPTH).tag(sync=True)
    count = traitlets.Enum([1, 2], 1).tag(sync=True)
    pixel = traitlets.List([24, 15]).tag(sync=True)
    size = traitlets.Int(SIZE).tag(sync=True)
    reach = traitlets.Int(REACH).tag(sync=True)
    # {"1": a window in base64 for each depth, "2": …}
    windows = traitlets.Dict().tag(sync=True)
    # {"1": the share of all pairs, per cent, for each depth, "2": …}
    shares = traitlets.Dict().tag(sync=True)

    def __init__(self, **shown):
        windows, shares = {}, {}
        for count in (1, 2):
            seen = [window(depth, count) for depth in range(DEPTH + 1)]
            windows[str(count)] = [to_base64(one) for one in seen]
            past = SIZE**2 * (SIZE**2 - 1) // 2
            shares[str(count)] = [round(100 * pairs(one) / past) for one in seen]
        super().__init__(windows=windows, shares=shares, **shown)

    def still(self):
        pixel = self.pixel[0] * SIZE + self.pixel[1]
        fields = {}
        for depth in (0, 3, 7, 15):
            kinds = leaks.classify(field(depth, self.count, (SIZE, SIZE, 1)))
            fields[f"{depth} blocks"] = kinds[pixel].reshape(SIZE, SIZE)
        return figures.show_fields(fields, tuple(self.pixel))

    def fallback(self):
        depths = (0, 3, 7, 15)
        heads = "".join(f'<th scope="col">{depth} blocks</th>' for depth in depths)
        rows = ""
        for count, name in (("1", "one stack"), ("2", "two stacks")):
            cells = "".join(f"<td>{self.shares[count][depth]}%</td>" for depth in depths)
            rows += f'<tr><th scope="row">{name}</th>{cells}</tr>'
        return (
            f"<p>Of all pairs of pixels of a {SIZE}x{SIZE} image, the share in which the later "
            f"sees the earlier:</p>\n<table><tr><td></td>{heads}</tr>{rows}</table>"
        )
