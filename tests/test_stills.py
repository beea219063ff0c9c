"""The dark copies of still pictures: words and lines turn light, pictures keep their colours."""

import io

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from legible import contrast
from matplotlib.colors import to_rgb
from PIL import Image
from stills import DARK, INKS, LIGHT, dark_copy, darken

from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN
from pixelcnn_lib.teach import figures


def drawn(fig):
    """A figure as the notebook stores it: uint8 (H, W, 3)."""
    buffer = io.BytesIO()
    fig.savefig(buffer)
    plt.close(fig)
    return np.asarray(Image.open(buffer).convert("RGB"))


def shades(*colours):
    return (255 * np.array([to_rgb(colour) for colour in colours])).round().astype(np.uint8)


def count(picture, colour):
    return (picture == colour).all(-1).sum()


def test_words_and_curves_read_on_the_dark_card():
    assert (darken(LIGHT.astype(np.uint8)) == DARK).all()
    words = [figures.INK, figures.MUTED, *figures.CHANNELS, plt.rcParams["xtick.labelcolor"]]
    assert (contrast(darken(shades(*words)), DARK) >= 4.5).all()
    curves = [style["color"] for style in plt.rcParams["axes.prop_cycle"]]
    assert (contrast(darken(shades(*(f"#{one.strip('#')}" for one in curves))), DARK) >= 3).all()
    assert (shades(figures.CARD) == LIGHT).all()


@pytest.mark.parametrize("side", [5, 16])
def test_cells_keep_their_colours_and_the_card_turns_dark(side):
    kinds = np.full((side, side, 3), HIDDEN)
    kinds[:2], kinds[0, 4], kinds[3, 1, 2] = SEEN, UNSEEN, LEAK
    light = drawn(figures.show_kinds(kinds))
    dark = dark_copy(light)
    for kind in (SEEN, UNSEEN, LEAK, HIDDEN):
        (colour,) = shades(figures.KIND_COLOURS[kind])
        assert count(dark, colour) >= count(light, colour) > 0
    assert count(dark, LIGHT) == 0 and count(dark, DARK) >= count(light, LIGHT)


def test_a_label_and_a_curve_turn_light_beside_a_marker_of_their_colour():
    cycle = [f"#{style['color'].strip('#')}" for style in plt.rcParams["axes.prop_cycle"]]
    inks = shades(figures.INK, figures.MUTED, *figures.CHANNELS, *cycle)
    assert {*(inks.astype(int) @ [1 << 16, 1 << 8, 1])} == {*INKS} and figures.ACCENT in cycle
    fig = plt.figure()
    ax = fig.add_subplot(frameon=False, xticks=[], yticks=[])
    ax.plot([0, 1], [0, 1], color=figures.ACCENT, marker="o", markersize=12)
    ax.text(0.4, 0.1, "a label", color=figures.ACCENT)
    light = drawn(fig)
    (accent,) = shades(figures.ACCENT)
    label = np.s_[-90:, 150:-60]
    assert count(light[label], accent) > 50
    dark = dark_copy(light)
    assert count(dark[label], accent) == 0 < count(dark, accent)
    words = dark[label][(light[label] == accent).all(-1)]
    assert (contrast(words, DARK) >= 4.5).all()
