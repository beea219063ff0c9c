"""Where attention looks."""

import numpy as np
from matplotlib.patches import Rectangle

from pixelcnn_lib.teach.figures.images import paint
from pixelcnn_lib.teach.figures.parts import panels
from pixelcnn_lib.teach.figures.style import OUTLINE, WIDTH

LOOKED = np.array([172, 0, 92])  # the colour of a pixel with all of the weight


def show_looks(image, weights, target):
    """Show a picture, and how much one of its pixels attends to each earlier pixel.

    image: uint8 (H, W, 3). weights: {title: attention to the start token and all pixels, (1 + P,)}.
    target: (row, col), the pixel that attends; it and all later pixels are hatched. The darker the
    red, the larger the weight.
    """
    height, width, _ = image.shape
    number = np.arange(height * width).reshape(height, width)
    known = number < number[tuple(target)]
    pale = 205 + (image.mean(-1, keepdims=True) - 128) / 5  # (H, W, 1)
    shown = {"the picture": (image, None)}
    for title, one in weights.items():
        strength = np.sqrt(one[1:]).reshape(height, width, 1)
        looked = pale + (LOOKED - pale) * strength  # (H, W, 3)
        shown[f"{title}\nstart token {one[0]:.0%}"] = looked.astype("uint8"), known
    rows = 1 + -(-len(weights) // 2)
    fig, axes = panels(rows, 2, WIDTH, rows * (WIDTH / 2 * height / width + 0.55))
    for ax in axes.flat:
        ax.set_visible(False)
    places = [axes[0, 0], *axes[1:].flat][: len(shown)]
    for ax, (title, (pixels, known)) in zip(places, shown.items(), strict=True):
        ax.set(visible=True, title=title)
        paint(ax, pixels, known)
        ax.add_patch(Rectangle((target[1] - 0.5, target[0] - 0.5), 1, 1, zorder=3, **OUTLINE))
    return fig
