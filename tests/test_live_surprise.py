"""The surprise map: the library's own bits and distributions, found by pointer and by keyboard."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import data
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import hills, surprise


@pytest.fixture(scope="module")
def figure():
    return live.SurpriseMap()


def test_the_shipped_file_is_what_the_shipped_models_say(figure):
    fresh = surprise.compute()
    for head, shipped in figure.heads.items():
        for name in ("bits", "peaks"):
            np.testing.assert_allclose(shipped[name], fresh[head][name], atol=3)
        both = [
            np.array([hills.unpack(hill) for hill in one["hills"].split()])
            for one in (shipped, fresh[head])
        ]
        assert np.abs(both[0] - both[1]).max() <= 1


def test_its_bits_are_those_of_the_whole_photograph(figure):
    from pixelcnn_lib.family import PixelCNN

    photograph = data.photographs("test")[1].image[: surprise.ROW + surprise.SIZE]
    log_p = np.asarray(PixelCNN.pretrained().log_prob(photograph[None]))[0]
    bits = -log_p[surprise.ROW :, surprise.COL : surprise.COL + surprise.SIZE] / np.log(2)
    np.testing.assert_allclose(figure.bits(), bits, atol=0.03)


def test_rims_are_dear_and_the_dark_is_cheap(figure):
    bits = figure.bits().mean(-1)
    assert bits[:8, :10].mean() + 2 < np.sort(bits, axis=None)[-30:].mean()


def told(figure, row, col, colour):
    """What the words must say of a value."""
    n = 3 * (row * surprise.SIZE + col) + colour
    pays = [
        f"the {head} head pays {figure.heads[head]['bits'][n] / 100:.1f} bits"
        for head in surprise.HEADS
    ]
    place = f"{surprise.COLOURS[colour]} of row {surprise.ROW + row}, column {surprise.COL + col}"
    return f"The {place}: {surprise.crop()[row, col, colour]} came. For it {', '.join(pays)}."


@NEEDED
def test_pointer_keys_and_colours_choose_the_value(tab, figure):
    view = open_figure(tab, figure)
    words, cells = view.get_by_role("status"), view.get_by_role("gridcell")
    hill = view.locator("svg path").first
    cells.nth(3 * 24 + 5).hover()
    assert words.inner_text() == told(figure, 3, 5, 0)
    before = hill.get_attribute("d")
    cells.nth(3 * 24 + 5).click()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowRight")
    assert words.inner_text() == told(figure, 4, 6, 0) and hill.get_attribute("d") != before
    assert cells.nth(4 * 24 + 6).get_attribute("data-target") == ""
    view.get_by_role("radio", name="blue").check()
    assert words.inner_text() == told(figure, 4, 6, 2)
    label = cells.nth(4 * 24 + 6).get_attribute("aria-label")
    assert label == f"row 64, column 94, blue: {figure.bits()[4, 6, 2]:.1f} bits"


@NEEDED
def test_the_map_shows_one_colour_or_the_sum_of_either_head(tab, figure):
    view = open_figure(tab, figure, theme="dark", width=360)
    cell = view.get_by_role("gridcell").nth(10 * 24 + 12)
    shade = cell.get_attribute("style")
    view.get_by_role("radio", name="all three, summed").check()
    assert cell.get_attribute("style") != shade
    assert f"all three: {figure.bits()[10, 12].sum():.1f} bits" in cell.get_attribute("aria-label")
    view.get_by_role("radio", name="categorical head").check()
    bits = figure.bits("categorical")[10, 12].sum()
    assert f"all three: {bits:.1f} bits" in cell.get_attribute("aria-label")
