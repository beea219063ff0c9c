"""Fast sampling: what a layer keeps, and when each pixel is drawn.

Rows, columns and times count from 0.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from pixelcnn_lib.teach.figures.style import CARD, INK, MIDDLE, WIDTH

DONE, NOW, LATER = "#b9dcf2", "#f2d27c", "#e6e7e4"
THIN = {"edgecolor": CARD, "linewidth": 1.2}
ARROW = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}


def show_row_cache(times=(2, 3), width=6):
    """Show a layer of three taps at several times on a grey row: what it reads, writes and keeps.

    times: ints from 1 to width - 1, a panel for each. width: int, the pixels of the row.
    """
    fig, axes = below_each_other(len(times), (WIDTH, 2.1 * len(times)))
    for ax, time in zip(axes, times):
        for pixel in range(width):
            shade = DONE if pixel < time else NOW if pixel == time else LATER
            cell(ax, pixel, 0, shade, f"$x_{pixel}$")
            cell(ax, pixel, 3.1, shade, f"$y_{pixel}$" if pixel <= time else "")
        cell(ax, time - 1, 1.2, "white", f"$x_{time - 1}$", edgecolor=INK, linewidth=1.6)
        ax.text(time - 1.15, 1.7, "kept", ha="right", va="center")
        ax.annotate("", (time + 0.35, 3.1), (time - 0.4, 2.2), arrowprops=ARROW)
        ax.annotate("", (time + 0.6, 3.1), (time + 0.6, 1), arrowprops=ARROW)
        ax.text(time - 0.2, 2.75, "$K_0$", ha="right", va="center")
        ax.text(time + 0.7, 2, "$K_1$", va="center")
        ax.text(-0.2, 0.5, "input", ha="right", va="center")
        ax.text(-0.2, 3.6, "output", ha="right", va="center")
        ax.set(xlim=(-1.4, width + 0.1), ylim=(4.2, -0.1), aspect="equal")
        ax.set_title(f"time {time}", loc="left", x=0.17)
    return fig


def show_times(at, now):
    """Show at which time each pixel is drawn, and which pixels are drawn at one time.

    at: int (H, W), each pixel's time. now: int, the time to show.
    """
    at = np.asarray(at)
    height, width = at.shape
    fig, [ax] = below_each_other(1, (WIDTH, WIDTH * height / width + 1.1))
    for (row, col), time in np.ndenumerate(at):
        cell(ax, col, row, NOW if time == now else DONE if time < now else LATER, time, **THIN)
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal", xlabel="column", ylabel="row")
    ax.set_xticks(np.arange(width) + 0.5, range(width))
    ax.set_yticks(np.arange(height) + 0.5, range(height))
    ax.set_title(f"yellow: drawn at time {now},\nblue: done, grey: to come")
    return fig


def below_each_other(count, size):
    """Make a figure with axes above each other, without frames and ticks."""
    fig, axes = plt.subplots(count, 1, figsize=size, squeeze=False, layout="compressed")
    for ax in axes[:, 0]:
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        ax.set(xticks=[], yticks=[])
    return fig, axes[:, 0]


def cell(ax, x, y, shade, text="", **edge):
    """Draw a square with a text in it."""
    ax.add_patch(Rectangle((x, y), 1, 1, facecolor=shade, **{**THIN, **edge}))
    ax.text(x + 0.5, y + 0.5, text, **MIDDLE)
