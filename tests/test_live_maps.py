"""Figures that show what a value sees: their maps are the library's, and a click shows them."""

import numpy as np
import pytest
from browser import NEEDED, open_figure, stop_the_clock, watched_page, words

from pixelcnn_lib import leaks
from pixelcnn_lib.family.diagonal_bilstm import unskew
from pixelcnn_lib.masks import SEEN
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import receptive, sight, sweep

NAMES = np.array(["future", "seen", "unseen", "leak"])  # of the kinds, in the page


def named(kinds, target):
    """The kinds of all cells as the page names them; the target has its own name."""
    names = NAMES[kinds]
    names[target] = "target"
    return names.tolist()


def shown(grid, look="kind"):
    """A mark of all cells of a grid, None where there is none."""
    return grid.get_by_role("gridcell").evaluate_all(
        f"all => all.map(e => e.dataset.{look} ?? null)"
    )


def press(tab, *keys):
    for key in keys:
        tab.keyboard.press(key)


# How far a pixel sees, by depth


@pytest.mark.parametrize("depth", [0, 7, 13])
def test_a_shifted_window_is_the_receptive_field_of_every_pixel(depth):
    size, reach = receptive.SIZE, receptive.REACH
    window = receptive.window(depth)
    field = receptive.field(depth, (size, size, 1))
    for number, seen in enumerate(field.reshape(-1, size, size)):
        frame, (row, col) = np.zeros((3 * size, 3 * size), bool), divmod(number, size)
        top, left = size + row - reach, size + col - reach
        frame[top : top + reach + 1, left : left + 2 * reach + 1] = window
        np.testing.assert_array_equal(frame[size : 2 * size, size : 2 * size], seen)
    share = field.sum() / (size**2 * (size**2 - 1) / 2)
    assert f"{live.ReceptiveField().shares[depth]}%" == f"{share:.0%}"


@NEEDED
def test_the_page_shows_the_receptive_field(tab):
    view = open_figure(tab, live.ReceptiveField(), width=360)
    size, grid = receptive.SIZE, view.get_by_role("grid")
    for depth, row, col in [(13, 8, 8), (3, 8, 15), (12, 15, 15), (0, 3, 5)]:
        view.get_by_role("slider").fill(str(depth))
        past = row * size + col
        grid.get_by_role("gridcell").nth(past).click()
        kinds = leaks.classify(receptive.field(depth, (size, size, 1)))[past]
        assert shown(grid) == named(kinds, past)
        seen = (kinds == SEEN).sum()
        told = f"Row {row}, column {col} sees {seen} of the {past} pixels before it, "
        assert words(view).startswith(f"{told}{seen / past:.0%}.")
    grid.get_by_role("gridcell").first.focus()
    press(tab, "ArrowDown", "ArrowRight", "Enter", "ArrowRight")
    assert words(view) == "Row 1, column 2: future."


@NEEDED
def test_a_finger_that_moves_over_a_map_chooses_and_four_buttons_refine(chromium):
    with watched_page(chromium, has_touch=True, viewport={"width": 390, "height": 740}) as page:
        view = open_figure(page, live.ReceptiveField())
        cells = view.get_by_role("gridcell")
        finger = page.context.new_cdp_session(page)

        def touch(kind, *cell):
            box = cells.nth(np.ravel_multi_index(cell, (receptive.SIZE,) * 2)).bounding_box()
            place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})

        touch("touchStart", 14, 5)
        for row in range(13, 8, -1):
            touch("touchMove", row, 12)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert words(view).startswith("Row 9, column 12 sees ")
        assert page.evaluate("scrollY") == 0
        view.get_by_role("button", name="one cell right").click()
        view.get_by_text("Row 9, column 13 sees ").wait_for()
        view.get_by_role("button", name="one cell up").click()
        view.get_by_text("Row 8, column 13 sees ").wait_for()


# What each network sees


@pytest.mark.parametrize("name", sight.NETWORKS)
def test_the_stored_depths_are_the_network_s_own_field(name):
    before = np.tri(sight.SIZE**2, k=-1, dtype=bool)
    least = np.zeros(before.shape, int)
    least[before] = [int(digit) for digit in sight.least_depths(name)]
    for depth in (1, sight.DEPTH):
        np.testing.assert_array_equal((least > 0) & (least <= depth), sight.field(name, depth))
    unseen = np.argwhere(before & ~sight.field(name, sight.DEPTH))
    if name == "Gated PixelCNN":
        assert not len(unseen)
    elif name == "Diagonal BiLSTM":
        assert {source % sight.SIZE for _, source in unseen} == {sight.SIZE - 1}
    else:  # the blind spot
        np.testing.assert_array_equal(unseen, np.argwhere(before & ~sight.field("Row LSTM", 9)))


@NEEDED
def test_the_page_shows_what_each_network_sees(tab):
    figure = live.FamilySight()
    view = open_figure(tab, figure, width=360)
    height, grid = view.bounding_box()["height"], view.get_by_role("grid")
    for number, (name, depth, row, col) in enumerate(
        zip(figure.networks, (9, 1, 3, 2), (11, 6, 10, 0), (11, 6, 2, 5), strict=True)
    ):
        view.get_by_role("radio").nth(number).check()
        view.get_by_role("slider").fill(str(depth))
        past = row * sight.SIZE + col
        grid.get_by_role("gridcell").nth(past).click()
        kinds = leaks.classify(sight.field(name, depth))[past]
        assert shown(grid) == named(kinds, past)
        small = view.locator(".opat-mini").nth(number).locator("span")
        assert small.evaluate_all("all => all.map(e => e.dataset.kind)") == named(kinds, past)
        layers = "layers" if depth > 1 else "layer"
        told = f"{name}, {depth} {layers} after the first: row {row}, column {col} sees "
        assert words(view).startswith(f"{told}{(kinds == SEEN).sum()} of the {past} pixels")
        assert view.bounding_box()["height"] == height


# The sweeping diagonal


@pytest.mark.parametrize("side", sweep.SIDES)
def test_the_skewed_map_is_the_library_s_and_all_reads_are_one_column_before(side):
    shape, order = (4, 6), np.arange(24).reshape(4, 6)
    numbers = sweep.skewed(shape, side)
    image = np.asarray(unskew(numbers[None, :, :, None]))[0, :, :, 0]
    np.testing.assert_array_equal(image if side == "left" else image[:, ::-1], order)
    column = {number: col for (_, col), number in np.ndenumerate(numbers)}
    for pixel, read in enumerate(sweep.reads(shape, side)):
        assert {column[one] for one in read} <= {column[pixel] - 1}


@NEEDED
@pytest.mark.parametrize("side", sweep.SIDES)
def test_each_step_lights_up_in_both_grids(tab, side):
    stop_the_clock(tab)
    figure = live.Sweep(side=side)
    view = open_figure(tab, figure, width=360)
    image, skewed = view.get_by_role("grid").all()
    numbers = np.array(figure.maps[side])
    columns = np.broadcast_to(np.arange(1, 10), numbers.shape)
    view.get_by_role("button", name="Play").click()
    for step in range(1, 10):
        now = numbers[(columns == step) & (numbers >= 0)]
        read = np.unique([one for pixel in now for one in figure.reads[side][pixel]])
        kinds = np.where(columns < step, "done", np.where(columns > step, "later", "now"))
        kinds = np.where(np.isin(numbers, read), "read", kinds)
        kinds = np.where(numbers < 0, "zero", kinds)
        assert shown(skewed, "sweep") == kinds.ravel().tolist()
        by_number = dict(zip(numbers.ravel().tolist(), kinds.ravel().tolist()))
        assert shown(image, "sweep") == [by_number[pixel] for pixel in range(24)]
        assert words(view).startswith(f"Step {step} of 9 computes the ")
        tab.clock.run_for(900)
    slider = view.get_by_role("slider")
    assert slider.input_value() == "9"  # at the end it stops
    view.get_by_role("button", name="Play").click()
    assert slider.input_value() == "0"
    slider.press("ArrowRight")  # the reader's hand stops the clock
    tab.clock.run_for(4000)
    assert slider.input_value() == "1"
    image.get_by_role("gridcell").nth(23).click()  # to the step that computes it
    assert slider.input_value() == str(numbers[3].tolist().index(23) + 1)
