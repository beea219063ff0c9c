"""A kernel slides over a small picture: which pixels under its taps are drawn already."""

import numpy as np
import traitlets

from pixelcnn_lib import data, masks
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live, to_base64

SIZES = (3, 7)


def picture():
    """Return a part of a toy picture, uint8 (10, 12, 3): a house, and the lower edge of the sun."""
    return data.toy(1, seed=11)[0, 3:13, 3:15]


def count(shape, place, size):
    """Count the taps on finished pixels, on later pixels and beyond the edge.

    shape: (H, W). place: (row, col), the present pixel, which is not counted.
    """
    taps = np.indices((size, size)).reshape(2, -1).T - size // 2 + place  # (taps, 2)
    inside = [tuple(tap) for tap in taps if (0 <= tap).all() and (tap < shape).all()]
    drawn = sum(bool(masks.may_see((*place, 0), (*tap, 0))) for tap in inside)
    return [drawn, len(inside) - drawn - 1, size * size - len(inside)]


class SlidingKernel(Live):
    """A small picture, half drawn, and the kernel's window around the present pixel.

    place: the number of the present pixel. size: of the kernel, 3 or 7. counts: {size: for each
    place the result of `count`}.
    """

    title = "A kernel slides over the picture"
    hint = "Step from pixel to pixel, or choose one in the picture."
    heights = (554, 894)

    place = traitlets.Int(76).tag(sync=True)
    size = traitlets.Enum(SIZES, 3).tag(sync=True)
    shape = traitlets.List().tag(sync=True)
    rgb = traitlets.Unicode().tag(sync=True)
    counts = traitlets.Dict().tag(sync=True)

    def __init__(self, **shown):
        shape = picture().shape[:2]
        places = list(np.ndindex(*shape))
        counts = {str(size): [count(shape, one, size) for one in places] for size in SIZES}
        super().__init__(shape=list(shape), rgb=to_base64(picture()), counts=counts, **shown)

    def still(self):
        """Show three moments, with the window of the 3x3 kernel framed in each."""
        from matplotlib.patches import Rectangle

        height, width = self.shape
        places = [(1, 3), (5, 6), (8, 9)]
        known = [
            np.arange(height * width).reshape(height, width) < r * width + c for r, c in places
        ]
        titles = [f"row {row}, column {col}" for row, col in places]
        fig = figures.show_steps([picture()] * 3, known, titles)
        for ax, (row, col) in zip(fig.axes, places, strict=True):
            for side, style in ((3, "--"), (1, "-")):
                corner = (col - side / 2, row - side / 2)
                ax.add_patch(Rectangle(corner, side, side, linestyle=style, **figures.OUTLINE))
        return fig

    def fallback(self):
        rows = ""
        for size in SIZES:
            drawn, later, _ = self.counts[str(size)][5 * self.shape[1] + 6]
            rows += f'<tr><th scope="row">{size}x{size}</th><td>{drawn}</td><td>{later}</td></tr>'
        heads = "".join(
            f'<th scope="col">{name}</th>' for name in ("drawn already", "not drawn yet")
        )
        return (
            "<p>The centre of the kernel lies on the present pixel. The pixels under its other taps:"
            f"</p>\n<table><tr><td>kernel</td>{heads}</tr>{rows}</table>"
        )
