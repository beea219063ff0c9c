"""Which values come before a target, and by which paths they reach its prediction."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN
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


def show_paths(first, second, target):
    """Show every path from the values of an image through two layers to one predicted value.

    first, second: which features of a layer read which values below it, bool (values, values), as
    `leaks.receptive_field` gives for one layer. target: the number of the predicted value. Arrows
    that start at the target's own value or at a later one are leaks, dashed.
    """
    count, (fig, ax) = len(first), plt.subplots(figsize=(WIDTH, 3.4))
    through = second[target]  # (features,)
    sources = (first & through[:, None]).any(0)  # (values,)
    late = np.arange(count) >= target
    marked = [sources, through, np.arange(count) == target]
    for row, names in enumerate(("image", "features", "predictions")):
        ax.text(-0.4, 2 * row, names, ha="right", va="center")
        for n, on in enumerate(marked[row]):
            plain = {"facecolor": KIND_COLOURS[SEEN] if on else "#e6e7e4"}
            style = TARGET if row == 2 and on else plain
            ax.add_patch(Rectangle((n + 0.08, 2 * row - 0.3), 0.84, 0.6, **style))
            ink = {"color": CHANNELS[n % 3], "weight": "bold"}
            ax.text(n + 0.5, 2 * row, LETTERS[n % 3], **ink, **MIDDLE)
    paths = [(0, s, f, late[s]) for f, s in np.argwhere(first & through[:, None])]
    paths += [(1, f, target, (first[f] & late).any()) for f in np.flatnonzero(through)]
    for row, start, end, leaks in paths:
        ink = KIND_COLOURS[LEAK] if leaks else CHANNELS[start % 3]
        look = {"arrowstyle": "->", "color": ink, "linestyle": "--" if leaks else "-"}
        ends = {"xy": (end + 0.5, 2 * row + 1.7), "xytext": (start + 0.5, 2 * row + 0.3)}
        ax.annotate("", **ends, arrowprops=look | {"shrinkA": 0, "shrinkB": 0})
    ax.set(xlim=(-3.4, count), ylim=(-0.5, 4.5))
    ax.set_axis_off()
    return fig
