"""How well the words of a still picture read: their size on a phone 360 pixels wide, and contrast."""

import matplotlib.pyplot as plt
import numpy as np

COLUMN = 328  # pixels that a page leaves for a picture there


def check_figures():
    """Close all figures; AssertionError: the words of one would be less than 12 pixels high."""
    for fig in map(plt.figure, plt.get_fignums()):
        sizes = [text.get_fontsize() for text in fig.findobj(plt.Text) if is_shown(text)]
        smallest = min(sizes, default=100) / 72 * fig.dpi
        box = fig.get_tightbbox().padded(plt.rcParams["savefig.pad_inches"])
        width = box.width * fig.dpi
        plt.close(fig)
        assert smallest * min(1, COLUMN / width) >= 12, f"{smallest:.1f} of {width:.0f} dots"


def is_shown(text):
    return bool(text.get_text().strip()) and text.get_visible()


def contrast(ink, ground):
    """How well an ink reads on a ground (WCAG 2.2, 1.4.3); both (..., 3), 0 to 255."""
    both = luminance(ink), luminance(ground)
    return (np.maximum(*both) + 0.05) / (np.minimum(*both) + 0.05)


def luminance(rgb):
    rgb = np.asarray(rgb) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]
