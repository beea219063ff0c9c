"""An answer to an exercise, with its wrong places marked."""

import numpy as np
from matplotlib.patheffects import withStroke

from pixelcnn_lib.masks import LEAK
from pixelcnn_lib.teach.figures.parts import cells, panels
from pixelcnn_lib.teach.figures.style import KIND_COLOURS, MASK_MAP, WIDTH

HALO = [withStroke(linewidth=5, foreground="white")]


def show_wrong(values, wrong, expected=None):
    """Show an answer's own values with crosses on the wrong ones, and what was expected if given.

    values: numbers or booleans of any shape. wrong: bool, same shape. Of more than two axes, the
    last two that hold the first wrong place are shown; a long array, around it.
    """
    values, wrong = np.atleast_2d(values), np.atleast_2d(wrong)
    first = tuple(np.argwhere(wrong)[0])
    corner = [max(0, place - 8) for place in first[-2:]]
    window = (*first[:-2], *(slice(start, start + 16) for start in corner))
    shown = {"yours": values} if expected is None else {"yours": values, "expected": expected}
    side = min(0.42 * max(2, *values[window].shape), (WIDTH - 0.6) / len(shown))
    fig, axes = panels(1, len(shown), side * len(shown) + 0.6, side + 0.6)
    for ax, (name, one) in zip(axes[0], shown.items(), strict=True):
        numbers = np.nan_to_num(np.atleast_2d(one)[window].astype(float), posinf=0, neginf=0)
        numbers -= min(0, numbers.min())
        cells(ax, numbers, MASK_MAP, max(1, numbers.max()), numbered=not any(corner))
        ax.set_title(name)
    rows, cols = np.nonzero(wrong[window])
    style = {"marker": "x", "s": 70, "linewidth": 2.5, "color": KIND_COLOURS[LEAK]}
    axes[0, 0].scatter(cols + 0.5, rows + 0.5, zorder=3, path_effects=HALO, **style)
    return fig
