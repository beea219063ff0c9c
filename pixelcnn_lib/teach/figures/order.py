"""Which values come before a target."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from pixelcnn_lib.masks import HIDDEN, SEEN
from pixelcnn_lib.teach.figures.parts import bare
from pixelcnn_lib.teach.figures.sight import check_target, name_kinds
from pixelcnn_lib.teach.figures.style import (
    CARD,
    CHANNELS,
    KIND_COLOURS,
    LETTERS,
    MIDDLE,
    TARGET,
    WIDTH,
)


def show_order(shape=(5, 5, 3), target=(2, 2, 1)):
    """Show which values of an image come before a target: it may see exactly these.

    shape: (H, W, colours). target: (row, col, colour). A pixel is a frame around its colours.
    """
    check_target(target, shape)
    order = np.arange(np.prod(shape)).reshape(shape)
    kinds = np.where(order < order[tuple(target)], SEEN, HIDDEN)  # (H, W, colours)
    height, width, colours = shape
    # in widths of a value: its height, and the distances to the next pixel and to the next row
    tall, step, drop = (1, 1, 1) if colours == 1 else (1.5, colours + 0.35, 1.8)
    cell = min(0.4, (WIDTH - 0.6) / (width * step))  # inches
    fig, ax = plt.subplots(figsize=(cell * width * step + 0.6, cell * height * drop + 1))
    for (row, col, colour), kind in np.ndenumerate(kinds):
        here = (row, col, colour) == tuple(target)
        ink = CHANNELS[colour] if here or kind == SEEN else "#a7afb8"
        style = TARGET if here else {"facecolor": KIND_COLOURS[kind], "edgecolor": CARD}
        x, y = col * step + colour, row * drop
        ax.add_patch(Rectangle((x, y), 1, tall, zorder=3 if here else 2, **style))
        if colours > 1:
            letter = {"color": ink, "weight": "bold"}
            ax.text(x + 0.5, y + tall / 2, LETTERS[colour], **letter, **MIDDLE)
    ax.set(xlim=(-0.1, width * step), ylim=(height * drop, -0.1), aspect="equal")
    ax.set(xlabel="column", ylabel="row")
    ax.set_xticks(np.arange(width) * step + colours / 2, range(width))
    ax.set_yticks(np.arange(height) * drop + tall / 2, range(height))
    bare(ax)
    name_kinds(fig, kinds, ("future", "may be seen"))
    return fig
