"""Masks: little kernels from colour to colour."""

from itertools import product

import numpy as np
from matplotlib.patches import Rectangle

from pixelcnn_lib.masks import HIDDEN, SEEN
from pixelcnn_lib.teach.figures.parts import cells, panels
from pixelcnn_lib.teach.figures.sight import name_kinds
from pixelcnn_lib.teach.figures.style import (
    CHANNELS,
    LETTERS,
    MASK_MAP,
    OUTLINE,
    WIDTH,
)


def show_mask(mask, colours=3, title=None):
    """Show a mask as its little colour-to-colour kernels: light is seen, dark is hidden.

    mask: 0 or 1, (kh, kw, colours, colours), or (kh, kw, in, out) with features grouped by colour
    (then a cell shows the mean over its block). Rows are input colours, columns output
    colours; the centre tap is outlined. title: of the whole figure.
    """
    mask = _by_colour(mask, colours)  # (kh, kw, colours, colours)
    kh, kw = mask.shape[:2]
    side = min(1.5, (WIDTH - 0.5) / colours)
    height = side * colours * kh / kw + (1.2 if title else 0.9)
    fig, axes = panels(colours, colours, side * colours + 0.5, height)
    if title:
        fig.suptitle(title)
    for source, target in product(range(colours), repeat=2):
        ax = axes[source, target]
        cells(ax, mask[:, :, source, target], MASK_MAP, vmax=1)
        ax.add_patch(Rectangle((kw // 2, kh // 2), 1, 1, **OUTLINE))
        if source == 0 and colours > 1:
            ax.set_title(f"to {LETTERS[target]}", color=CHANNELS[target], weight="bold")
        if target == 0 and colours > 1:
            ax.set_ylabel(f"from {LETTERS[source]}", color=CHANNELS[source], weight="bold")
    name_kinds(fig, np.where(mask > 0, SEEN, HIDDEN), ("hidden", "seen"), target=False)
    return fig


def _by_colour(mask, colours):
    """Average a mask (kh, kw, in, out) over features: (kh, kw, colours, colours)."""
    mask = np.asarray(mask, float)
    if mask.ndim != 4 or mask.shape[2] % colours or mask.shape[3] % colours:
        raise ValueError(
            f"expected a mask (kh, kw, in, out) whose features divide by {colours} colours, "
            f"got {mask.shape}; set colours"
        )
    kh, kw, inputs, outputs = mask.shape
    blocks = mask.reshape(kh, kw, colours, inputs // colours, colours, outputs // colours)
    return blocks.mean((3, 5))
