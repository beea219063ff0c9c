"""The sliding kernel: under it lies what the library's mask lets through, wherever it is."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import masks
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live.sliding import count


@pytest.mark.parametrize("size", [3, 7])
def test_away_from_the_edge_the_drawn_taps_are_those_of_the_mask(size):
    drawn, later, beyond = count((20, 20), (10, 10), size)
    assert drawn == later == masks.spatial_mask(size).sum() and beyond == 0


def test_at_the_edge_taps_lie_beyond_it():
    assert count((5, 6), (0, 0), 3) == [0, 3, 5]
    assert count((5, 6), (0, 5), 3) == [1, 2, 5]
    assert count((5, 6), (4, 5), 3) == [3, 0, 5]
    figure = live.SlidingKernel()
    for size, counts in figure.counts.items():
        assert all(sum(one) == int(size) ** 2 - 1 for one in counts)


def test_the_still_picture_frames_the_window_in_three_moments():
    axes = live.SlidingKernel().still().axes
    assert [len(ax.patches) for ax in axes] == [2, 2, 2]
    assert [ax.patches[0].get_xy() for ax in axes] == [(1.5, -0.5), (4.5, 3.5), (7.5, 6.5)]


def under(figure):
    cells = figure.get_by_role("grid", name="Under the kernel").get_by_role("gridcell").all()
    return [cell.get_attribute("data-under") for cell in cells]


@NEEDED
def test_steps_slides_and_keys_move_the_kernel(tab):
    figure = open_figure(tab, live.SlidingKernel(place=0))
    status = figure.get_by_role("status")
    back, step = (figure.get_by_role("button", name=name) for name in ("Back", "Step"))
    back.click()  # there is nothing before the first
    assert under(figure) == ["outside"] * 4 + ["target", "future", "outside"] + ["future"] * 2
    for _ in range(13):
        step.click()  # row 1, column 1
    drawn = masks.spatial_mask(3).ravel()
    kinds = np.where(drawn == 1, "drawn", "future")
    kinds[4] = "target"
    assert under(figure) == list(kinds)
    told = (
        "The present pixel is row 1, column 1. Under the other 8 taps, 4 pixels are drawn already"
    )
    assert status.inner_text() == f"{told}, 4 are not drawn yet."
    picture = figure.get_by_role("grid", name="The picture")
    picture.get_by_role("gridcell", name="row 1, column 1:").focus()
    tab.keyboard.press("ArrowDown")
    assert status.inner_text().startswith("The present pixel is row 2, column 1.")
    figure.get_by_role("radio", name="7x7").check()
    assert len(under(figure)) == 49
    assert "11 pixels are drawn already" in status.inner_text()
    assert status.inner_text().endswith("19 lie beyond the edge.")
    figure.get_by_role("slider").fill("120")
    assert status.inner_text().startswith("The present pixel is row 9, column 11.")
    step.click()  # nor behind the last
    assert status.inner_text().startswith("The present pixel is row 9, column 11.")
    assert picture.locator("[data-under=drawn]").count() == 119


@NEEDED
def test_the_frame_lies_over_the_present_pixel(tab):
    figure = open_figure(tab, live.SlidingKernel(place=5 * 12 + 6))
    edge = figure.locator(".opat-edge").bounding_box()
    cell = figure.locator("[data-target][data-under=target]").first.bounding_box()
    for side, length in (("x", "width"), ("y", "height")):
        middle = edge[side] + edge[length] / 2
        assert middle == pytest.approx(cell[side] + cell[length] / 2, abs=2)
        assert edge[length] == pytest.approx(3 * cell[length], rel=0.1)
