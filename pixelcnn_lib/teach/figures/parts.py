"""What several kinds of pictures are made of: axes, cells, words."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.textpath import TextPath

from pixelcnn_lib.teach.figures.style import CARD, CHANNELS, FONT, LETTERS, WIDTH


def panels(rows, columns, width, height, **shared):
    """Make a figure of width by height inches, and its axes (rows, columns)."""
    size = {"figsize": (width, height), "layout": "compressed"}
    return plt.subplots(rows, columns, squeeze=False, **size, **shared)


def cells(ax, values, cmap, vmax, numbered=False, side=WIDTH / 3):
    """Draw a small matrix as cells, row 0 on top, separated by thin lines; side: inches."""
    size = max(values.shape)
    gap = {"edgecolor": CARD, "linewidth": min(1.2, 8 * side / size)} if size < 40 else {}
    ax.pcolormesh(values, cmap=cmap, vmin=0, vmax=vmax, **gap)
    ax.set(aspect="equal", ylim=(len(values), 0))
    bare(ax, ticks=numbered)
    if numbered:
        height, width = values.shape
        tall = int(np.ceil(1.1 * FONT / 72 * width / side))  # the height of a number, in rows
        rows = range(0, height, max(-(-height // 4), tall))
        cols = range(0, width, -(-width // 4))
        ax.set_xticks(np.add(cols, 0.5), cols)
        ax.set_yticks(np.add(rows, 0.5), rows)


def name_colour(ax, colour, colours):
    """Write a map's colour above it, if there are several maps."""
    if colours > 1:
        ax.set_title(f"{LETTERS[colour]} values", color=CHANNELS[colour], weight="bold")


def bare(ax, ticks=True):
    """Hide the frame of axes and the marks of their ticks; ticks: bool, whether the numbers stay."""
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    if not ticks:
        ax.set(xticks=[], yticks=[])


def length_of(text):
    """Return the length of a text in the pictures' font, in inches."""
    return TextPath((0, 0), text, size=FONT).get_extents().width / 72 if text.strip() else 0
