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


def show_mask(mask, title=None):
    """Show a mask as its little colour-to-colour kernels: light is seen, dark is hidden.

    mask: 0 or 1, (kh, kw, colours, colours). Rows are input colours, columns output colours; the
    centre tap is outlined. title: of the whole figure.
    """
    kh, kw, colours, _ = mask.shape
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
