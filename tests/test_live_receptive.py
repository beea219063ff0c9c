"""The receptive field: the windows that the page lays over the image are the library's own."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import SEEN
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import receptive

SIZE, REACH = receptive.SIZE, receptive.REACH


@pytest.fixture(scope="module")
def figure_of():
    return live.ReceptiveField()


def shifted(window, row, col):
    """A window laid over the image, as the page does it."""
    frame = np.zeros((3 * SIZE, 3 * SIZE), bool)
    top, left = SIZE + row - REACH, SIZE + col - REACH
    frame[top : top + REACH + 1, left : left + 2 * REACH + 1] = window
    return frame[SIZE : 2 * SIZE, SIZE : 2 * SIZE]


@pytest.mark.parametrize("depth, count", [(0, 1), (0, 2), (4, 1), (7, 2), (15, 1), (15, 2)])
def test_a_shifted_window_is_the_receptive_field_of_every_pixel(figure_of, depth, count):
    window = receptive.window(depth, count)
    field = receptive.field(depth, count, (SIZE, SIZE, 1)).reshape(-1, SIZE, SIZE)
    for number, seen in enumerate(field):
        assert np.array_equal(shifted(window, *divmod(number, SIZE)), seen)
    assert not np.triu(field.reshape(SIZE**2, -1)).any()
    share = field.sum() / (SIZE**2 * (SIZE**2 - 1) / 2)
    assert f"{figure_of.shares[str(count)][depth]}%" == f"{share:.0%}"


def test_two_stacks_see_what_one_saw_and_the_blind_spot_too():
    one, two = receptive.window(15, 1), receptive.window(15, 2)
    assert (two >= one).all() and two[:-1].all()
    assert not one[-2, REACH + 4 :].any()


@NEEDED
@pytest.mark.parametrize("count, name", [(1, "one"), (2, "two")])
def test_the_page_shows_the_share(tab, figure_of, count, name):
    figure = open_figure(tab, figure_of, width=360)
    height = figure.bounding_box()["height"]
    figure.get_by_role("radio", name=name).check()
    for depth, row, col in [(15, 31, 31), (15, 16, 16), (3, 16, 31), (0, 3, 5)]:
        figure.get_by_role("slider").fill(str(depth))
        figure.get_by_role("gridcell").nth(row * SIZE + col).click()
        past = row * SIZE + col
        field = receptive.field(depth, count, (SIZE, SIZE, 1))
        kinds = leaks.classify(field)[past]
        shown = figure.get_by_role("gridcell").evaluate_all("all => all.map(e => e.dataset.kind)")
        names = np.array(["future", "seen", "unseen", "leak"])[kinds]
        names[past] = "target"
        assert shown == names.tolist()
        seen = (kinds == SEEN).sum()
        words = figure.get_by_role("status").inner_text()
        assert words.startswith(f"Row {row}, column {col} sees {seen} of the {past} pixels")
        assert f" before it, {seen / past:.0%}. " in words
        assert words.endswith(f"{figure_of.shares[str(count)][depth]}%.")
        assert figure.bounding_box()["height"] == height


@NEEDED
def test_keys_choose_a_pixel_and_a_depth(tab, figure_of):
    figure = open_figure(tab, figure_of)
    status = figure.get_by_role("status")
    figure.get_by_role("gridcell").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        tab.keyboard.press(key)
    assert status.inner_text().startswith("Row 1, column 1 sees 6 of the 33 pixels before it")
    assert figure.locator("[data-target]").get_attribute("aria-label").startswith("row 1, col")
    tab.keyboard.press("ArrowRight")
    assert status.inner_text() == "Row 1, column 2: future."
    figure.get_by_role("slider").press("ArrowLeft")
    assert figure.get_by_role("slider").get_attribute("aria-valuetext") == "6"
    assert "Row 1, column 1 sees" in status.inner_text()
