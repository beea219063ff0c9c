"""Fast sampling: what a layer keeps, and when each pixel is drawn.

Rows, columns, times and places count from 0.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from pixelcnn_lib.teach.figures.style import CARD, INK, MIDDLE, MUTED, WIDTH

DONE, NOW, LATER, DEAD = "#b9dcf2", "#f2d27c", "#e6e7e4", "#474f59"
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


def show_taps(size):
    """Show a masked kernel of size by size taps: before, now and dead."""
    parts = np.sign(np.arange(size * size) - size * size // 2).reshape(size, size)
    fig, [ax] = below_each_other(1, (2.6, 3.2))
    for (row, col), part in np.ndenumerate(parts):
        cell(ax, col, row, {-1: DONE, 0: NOW, 1: DEAD}[part], **THIN)
    ax.set(xlim=(0, size), ylim=(size, 0), aspect="equal")
    ax.set_title("blue: before, yellow: now,\ndark: dead")
    return fig


def show_ring(row, col, width, places):
    """Show where a 3x3 layer finds the inputs of earlier pixels, in its ring buffer.

    row, col: int, the present pixel. width: int, the picture's width. places: int (4,), which the
    taps above left, above, above right and left read; place width + 1 holds zeros.
    """
    time, size = row * width + col, width + 1
    fig, (left, right) = below_each_other(2, (WIDTH, 0.5 * row + 2.6))
    read = {place for place in places if place < size}
    kept = {number % size: number for number in range(max(0, time - size), time)}
    for number in range((row + 1) * width):
        seen = number in kept.values() and number % size in read
        shade = NOW if number == time else DONE if seen else LATER
        cell(left, number % width, number // width, shade, number, **THIN)
    for place in range(size):
        shade = DONE if place in read else LATER
        cell(right, place, 0, shade, kept.get(place, ""), **THIN)
        right.text(place + 0.5, 1.3, place, color=MUTED, **MIDDLE)
    shade = DONE if size in places else LATER
    cell(right, size + 0.5, 0, shade, "zeros", **THIN)
    right.text(size + 1, 1.3, size, color=MUTED, **MIDDLE)
    frame = Rectangle((time % size, 0), 1, 1, fill=False, edgecolor=INK, linewidth=2, zorder=5)
    right.add_patch(frame)
    left.set(xlim=(0, size + 1.5), ylim=(row + 1, 0), aspect="equal")
    left.set_title(f"the picture: pixel {time} (yellow)\nis drawn now", loc="left")
    right.set(xlim=(0, size + 1.5), ylim=(1.6, -0.1), aspect="equal")
    title = f"the ring: the input of pixel {time}\nwill be written into the frame"
    right.set_title(title, loc="left")
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
