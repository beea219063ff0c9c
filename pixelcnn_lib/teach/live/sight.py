"""What each member of the family sees of the past, by depth, from the networks' own `field`."""

from functools import cache

import numpy as np
import traitlets

from pixelcnn_lib import family, leaks
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live

NETWORKS = {
    "PixelCNN": family.PixelCNN,
    "Gated PixelCNN": family.GatedPixelCNN,
    "Row LSTM": family.RowLSTM,
    "Diagonal BiLSTM": family.DiagonalBiLSTM,
}
SIZE, DEPTH = 12, 9


@cache
def field(name, depth):
    """Return who sees whom in a grey image, with `depth` layers after the first layer.

    name: one of NETWORKS.
    Returns bool (targets, sources), as the network's own `field`.
    """
    network = NETWORKS[name](1, depth, 1, levels=2, colours=1)
    return network.field((SIZE, SIZE, 1))


def least_depths(name):
    """Return the least depth at which a pixel sees an earlier one: a digit per pair, 0 for never.

    Pairs are ordered by the later pixel, then by the earlier pixel.
    """
    seen = np.array([field(name, depth) for depth in range(1, DEPTH + 1)])  # (depths, H*W, H*W)
    least = np.where(seen.any(axis=0), 1 + seen.argmax(axis=0), 0)
    return "".join(map(str, least[np.tri(SIZE**2, k=-1, dtype=bool)]))


class FamilySight(Live):
    """A pixel of a 12x12 image, and what it sees through each of the networks.

    network: the one that is shown large. depth: layers after the first, 1 to 9. pixel: [row, col].
    """

    title = "What each network sees"
    hint = "Choose a pixel, add layers, and compare the networks."
    heights = (642, 868)

    networks = traitlets.List(list(NETWORKS)).tag(sync=True)
    network = traitlets.Unicode("PixelCNN").tag(sync=True)
    depth = traitlets.Int(1, min=1, max=DEPTH).tag(sync=True)
    pixel = traitlets.List([10, 2]).tag(sync=True)
    size = traitlets.Int(SIZE).tag(sync=True)
    deepest = traitlets.Int(DEPTH).tag(sync=True)
    least = traitlets.Dict().tag(sync=True)  # {name: what `least_depths` gives}
    shares = traitlets.Dict().tag(sync=True)  # {name: of all pairs, per cent, for each depth}

    def __init__(self, **shown):
        past = SIZE**2 * (SIZE**2 - 1) // 2
        depths = range(1, DEPTH + 1)
        super().__init__(
            least={name: least_depths(name) for name in NETWORKS},
            shares={
                name: [round(100 * field(name, depth).sum() / past) for depth in depths]
                for name in NETWORKS
            },
            **shown,
        )

    def still(self):
        pixel = self.pixel[0] * SIZE + self.pixel[1]
        fields = {
            name: leaks.classify(field(name, self.depth))[pixel].reshape(SIZE, SIZE)
            for name in self.networks
        }
        return figures.show_fields(fields, tuple(self.pixel), columns=2)

    def fallback(self):
        depths = (1, 3, 5, 9)
        heads = "".join(f'<th scope="col">{depth}</th>' for depth in depths)
        rows = ""
        for name, shares in self.shares.items():
            cells = "".join(f"<td>{shares[depth - 1]}%</td>" for depth in depths)
            rows += f'<tr><th scope="row">{name}</th>{cells}</tr>'
        return (
            f"<p>Of all pairs of pixels of a {SIZE}x{SIZE} image, the share in which the later "
            "sees the earlier, by the number of layers after the first:</p>\n"
            f"<table><tr><td>layers</td>{heads}</tr>{rows}</table>"
        )
