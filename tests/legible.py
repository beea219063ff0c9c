"""How large the words of a still picture are where it is small: on a phone 360 pixels wide."""

import matplotlib.pyplot as plt

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
