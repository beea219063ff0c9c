"""Shrink and grow: what a small pixel reads, and what the pixels that grow from it know."""

import numpy as np
import pytest
from browser import NEEDED, open_figure
from keras import ops

from pixelcnn_lib.teach import live, solutions
from pixelcnn_lib.teach.live import scales

SHAPE = (6, 8)
BEFORE = np.tri(48, k=-1, dtype="float32")  # [place, pixel]: what the features of a place know


@pytest.mark.parametrize("way", scales.WAYS)
def test_what_is_known_is_what_a_convolution_lets_through(way):
    """Each feature counts what it knows; the exercise's own shrink, or Keras's with padding "same"."""
    x, kernel = BEFORE.T.reshape(48, *SHAPE, 1), np.ones((2, 2, 1, 1), "float32")
    if way == "first":
        small = solutions.shrink(x, kernel)
    else:
        small = ops.conv(x, kernel, strides=2, padding="same")
    grown = ops.convert_to_numpy(ops.repeat(ops.repeat(small, 2, axis=1), 2, axis=2))
    expected = grown.reshape(48, 48).T > 0
    known = [scales.knows(SHAPE, pixel, way) for pixel in np.ndindex(*SHAPE)]
    np.testing.assert_array_equal(known, expected)


def test_only_the_last_of_four_is_honest_if_all_four_are_read():
    figure, numbers = live.Scales(), np.arange(48)
    assert (np.array(figure.knows["first"]) <= numbers).all()
    leaking = (np.array(figure.knows["all"]) > numbers).reshape(SHAPE)
    assert leaking[::2].all() and leaking[:, ::2].all() and not leaking[1::2, 1::2].any()


def test_the_still_picture_and_the_table_tell_the_same():
    figure = live.Scales(pixel=[2, 3])
    assert [ax.get_title() for ax in figure.still().axes] == [
        "reads the first of the four",
        "reads all four",
    ]
    assert figure.fallback().count("<td>leak</td>") == 3


@NEEDED
def test_a_click_and_a_key_choose_a_pixel_in_both_maps(tab):
    view = open_figure(tab, live.Scales(), width=360)
    words = view.get_by_role("status")
    large = view.get_by_role("grid", name="The large map")
    small = view.get_by_role("grid", name="The small map")
    kinds = lambda: [
        cell.get_attribute("data-kind") for cell in large.get_by_role("gridcell").all()
    ]
    view.get_by_role("radio", name="all four").check()
    large.get_by_role("gridcell").nth(3 * 8 + 5).click()
    assert kinds() == 29 * ["seen"] + ["target"] + 18 * ["future"]
    assert words.inner_text().endswith(
        "before row 3, column 5. So the chosen pixel sees nothing that it must not see."
    )
    small.get_by_role("gridcell").nth(1 * 4 + 2).click()
    assert kinds() == 20 * ["seen"] + 9 * ["leak"] + 19 * ["future"]
    assert "sees itself and 8 after it: a leak" in words.inner_text()
    view.get_by_role("radio", name="the first").check()
    assert kinds() == 20 * ["seen"] + ["target"] + 27 * ["future"]
    large.get_by_role("gridcell").nth(20).focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert "The pixel in row 3, column 4" in words.inner_text()
    assert kinds() == 20 * ["seen"] + 8 * ["unseen"] + ["target"] + 19 * ["future"]
