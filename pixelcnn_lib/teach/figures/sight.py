"""What a target sees: maps of the four kinds of masks.py, told apart by colour and by mark."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN
from pixelcnn_lib.teach.figures.parts import cells, length_of, name_colour, panels
from pixelcnn_lib.teach.figures.style import (
    INK,
    KIND_COLOURS,
    KIND_MARKS,
    KIND_NAMES,
    TARGET,
    WIDTH,
)


def show_kinds(kinds, target=None, shape=None):
    """Show what a target sees, one map per colour: seen, past but unseen, leak, future.

    kinds: HIDDEN, SEEN, UNSEEN or LEAK, (H, W, colours); or, with `shape` (H, W, colours), all
    targets by all sources as `leaks.classify` gives, of which the target's row is shown.
    target: (row, col, colour), marked by a white cell in the map of its colour; if it sees itself,
    by an outlined leak.
    """
    kinds = np.asarray(kinds)
    if shape:
        kinds = kinds[np.ravel_multi_index(target, shape)].reshape(shape)
    height, width, colours = kinds.shape
    side = WIDTH / max(colours, 2)
    tall = side * height / width + 0.9
    fig, axes = panels(1, colours, side * colours, tall, sharey=True)
    for colour, ax in enumerate(axes[0]):
        draw_kinds(ax, kinds[:, :, colour], side)
        name_colour(ax, colour, colours)
    axes[0, 0].set_ylabel("row")
    axes[0, colours // 2].set_xlabel("column")
    if target is not None:
        row, col, colour = target
        leaks = kinds[row, col, colour] == LEAK  # it sees itself: show that
        axes[0, colour].add_patch(Rectangle((col, row), 1, 1, zorder=3, fill=not leaks, **TARGET))
    name_kinds(fig, kinds, KIND_NAMES, target is not None)
    return fig


def show_fields(fields, target, columns=4):
    """Show what one pixel sees through several networks, side by side.

    fields: {title: kinds (H, W)}, of HIDDEN, SEEN, UNSEEN or LEAK. target: (row, col), or {title:
    (row, col)} if each map has its own. columns: int, the most maps in one row.
    """
    targets = target if isinstance(target, dict) else dict.fromkeys(fields, target)
    columns = min(columns, len(fields))
    rows = -(-len(fields) // columns)
    height, width = next(iter(fields.values())).shape
    side = WIDTH / max(columns, 2)
    size = side * columns, rows * (side * height / width + 0.4) + 0.5
    fig, axes = panels(rows, columns, *size, sharex=True, sharey=True)
    for ax, (title, kinds) in zip(axes.flat, fields.items(), strict=False):
        draw_kinds(ax, kinds, side)
        ax.add_patch(Rectangle(targets[title][::-1], 1, 1, zorder=3, **TARGET))
        ax.set_title(title)
    for ax in axes.flat[len(fields) :]:
        ax.set_visible(False)
    name_kinds(fig, np.stack(list(fields.values())), KIND_NAMES)
    return fig


def draw_kinds(ax, kinds, side):
    """Draw a map of kinds (H, W), told apart by marks too; side: its width in inches."""
    cells(ax, kinds, ListedColormap(KIND_COLOURS), vmax=3, numbered=True, side=side)
    for kind, mark in KIND_MARKS.items():
        rows, cols = np.nonzero(kinds == kind)
        size = (14 * side / kinds.shape[1]) ** 2
        ax.scatter(cols + 0.5, rows + 0.5, s=size, linewidth=min(1.5, size / 8), **mark)


def name_kinds(fig, kinds, names, target=True):
    """Name the kinds that occur, with their marks, below the maps."""
    square = {"linestyle": "", "marker": "s", "markersize": 12}
    small = {"linestyle": "", "markersize": 5, "markeredgewidth": 1.5}
    entries = {}
    if target:
        white = {"color": "white", "markeredgecolor": INK, "markeredgewidth": 2}
        entries["target"] = (Line2D([], [], **square, **white),)
    for kind in (SEEN, UNSEEN, LEAK, HIDDEN):
        if (kinds == kind).any():
            marks = [Line2D([], [], **small, **KIND_MARKS[kind])] if kind in KIND_MARKS else []
            entries[names[kind]] = (Line2D([], [], **square, color=KIND_COLOURS[kind]), *marks)
    lengths = [length_of(name) + 0.55 for name in entries]  # inches, with the mark
    fit = (
        n
        for n in range(len(entries), 1, -1)
        if sum(max(part) for part in np.array_split(lengths, n)) <= WIDTH
    )
    columns = next(fit, 1)
    fig.set_figheight(fig.get_figheight() + 0.25 * (-(-len(entries) // columns) - 1))
    spacing = {"handlelength": 1.4, "handletextpad": 0.4, "columnspacing": 1.2}
    fig.legend(entries.values(), entries, loc="outside lower center", ncols=columns, **spacing)
