"""The sweeping diagonal: its maps, reads and states are those of the library's layer."""

import re

import keras
import numpy as np
import pytest
from browser import NEEDED, open_figure, stop_the_clock
from keras import ops

from pixelcnn_lib.family import diagonal_bilstm
from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer, skew, unskew
from pixelcnn_lib.family.streams import shift_down
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import sweep

SHAPES = [(4, 6), (5, 3), (1, 4), (3, 1)]


def one_sided(side):
    """A layer with large weights, in which only one direction's states are not zero."""
    keras.utils.set_random_seed(0)
    layer = DiagonalBiLSTMLayer(2, colours=1, dtype="float64")
    layer.build((1, 4, 6, 4))
    draws = np.random.default_rng(0)
    for weight in layer.weights:
        weight.assign(draws.normal(size=weight.shape))
    silent = layer.input_to_state[sweep.SIDES.index(side) - 1]
    for weight in silent.weights:
        weight.assign(ops.zeros_like(weight))
    return layer


def not_moved(x, axis=1):
    """As if the map from the right were not moved down; the states of a diagonal still are."""
    return x if axis == 1 else shift_down(x, axis)


def influence(layer, shape):
    """Whose features change what each pixel gets: bool (targets, sources), by changing each once."""
    count = np.prod(shape)
    x = np.random.default_rng(1).normal(size=(1, count, 4))
    changed = np.repeat(x, count, axis=0)  # (sources, pixels, 4)
    changed[np.arange(count), np.arange(count)] += 1
    given = np.concatenate([x, changed])
    added = np.asarray(layer(given.reshape(-1, *shape, 4))).reshape(given.shape) - given
    return (abs(added[1:] - added[0]).max(axis=2) > 1e-12).T


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("way", sweep.WAYS)
def test_a_state_comes_from_what_changes_it_in_the_real_layer(way, shape, monkeypatch):
    if way == "right":  # the states of the LSTM from the right stay where they are
        monkeypatch.setattr(diagonal_bilstm, "shift_down", not_moved)
    layer = one_sided("left" if way == "left" else "right")
    np.testing.assert_array_equal(influence(layer, shape), sweep.comes_from(shape, way))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_both_together_know_the_whole_past_and_unmoved_they_leak(shape):
    left, right, moved = (sweep.comes_from(shape, way) for way in ("left", "right", "moved"))
    whole = np.tri(np.prod(shape), dtype=bool)
    np.testing.assert_array_equal(left | moved, whole)
    beside = np.triu(right, k=1).sum(axis=1).reshape(shape)  # those to the right in the same row
    np.testing.assert_array_equal(beside, np.broadcast_to(np.arange(shape[1])[::-1], shape))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("side", sweep.SIDES)
def test_the_map_is_the_library_s_and_all_reads_are_one_column_before(side, shape):
    numbers = sweep.skewed(shape, side)
    assert numbers.shape == (shape[0], sum(shape) - 1)
    image = np.asarray(unskew(numbers[None, :, :, None]))[0, :, :, 0]
    order = np.arange(np.prod(shape)).reshape(shape)
    np.testing.assert_array_equal(image if side == "left" else image[:, ::-1], order)
    ones = np.asarray(skew(np.ones((1, *shape, 1))))[0, :, :, 0]
    np.testing.assert_array_equal(numbers >= 0, ones == 1)
    column = {number: col for (_, col), number in np.ndenumerate(numbers)}
    for pixel, read in enumerate(sweep.reads(shape, side)):
        assert {column[one] for one in read} <= {column[pixel] - 1}
        assert len(read) == (pixel >= shape[1]) + (column[pixel] > pixel // shape[1])


def test_the_still_picture_shows_a_step_or_what_a_state_comes_from():
    axes = live.Sweep(step=5).still().axes
    texts = [[text.get_text() for text in ax.texts] for ax in axes]
    assert texts == [[str(number) for number in range(24)]] * 2
    kinds = axes[0].collections[0].get_array().reshape(4, 6)
    assert np.argwhere(kinds == 4).tolist() == [[0, 4], [1, 3], [2, 2], [3, 1]]
    assert np.argwhere(kinds == 3).tolist() == [[0, 3], [1, 2], [2, 1], [3, 0]]
    field = live.Sweep(side="right", down=False, pixel=14).still().axes[0]
    assert field.get_title() == "from the right, not moved"
    assert (field.collections[0].get_array().reshape(4, 6)[2] == [2, 2, 0, 3, 3, 3]).all()


def looks(view, name, look):
    cells = view.get_by_role("grid", name=name).get_by_role("gridcell")
    return cells.evaluate_all(f"all => all.map(e => e.dataset.{look} ?? null)")


def check_step(view, figure, step):
    """The step's pixels and those that it reads are marked in both grids, and named."""
    numbers = np.array(figure.maps[figure.side])
    columns = np.broadcast_to(np.arange(1, 10), numbers.shape)
    now = numbers[(columns == step) & (numbers >= 0)]
    read = np.unique([one for pixel in now for one in figure.reads[figure.side][pixel]])
    kinds = np.where(columns < step, "done", np.where(columns > step, "later", "now"))
    kinds = np.where(np.isin(numbers, read), "read", kinds)
    kinds = np.where(numbers < 0, "zero", kinds)
    assert looks(view, "The skewed map", "sweep") == kinds.ravel().tolist()
    by_number = dict(zip(numbers.ravel().tolist(), kinds.ravel().tolist()))
    assert looks(view, "The image", "sweep") == [by_number[pixel] for pixel in range(24)]
    for layer in view.locator(".opat-arrows path").all():
        assert layer.get_attribute("d").count("M") == sum(
            len(figure.reads[figure.side][pixel]) for pixel in now
        )
    words = view.get_by_role("status").inner_text()
    assert words.startswith(f"Step {step} of 9 computes the ")
    assert set(map(int, re.findall(r"\d+", words.split("computes")[1]))) == {*now, *read}


@NEEDED
@pytest.mark.parametrize("side", sweep.SIDES)
def test_each_step_lights_up_in_both_grids(tab, side):
    view = open_figure(tab, live.Sweep(side=side), width=360)
    height = view.bounding_box()["height"]
    assert set(looks(view, "The image", "sweep")) == {"later"}  # before the first step
    figure = live.Sweep(side=side)
    view.get_by_role("button", name="Back").click()  # there is nothing before
    for step in range(1, 10):
        view.get_by_role("button", name="Step").click()
        check_step(view, figure, step)
        assert view.bounding_box()["height"] == height
    view.get_by_role("button", name="Step").click()  # nor behind the last
    assert view.get_by_role("slider").get_attribute("aria-valuetext") == "9 of 9"
    view.get_by_role("slider").press("ArrowLeft")
    check_step(view, figure, 8)


@NEEDED
@pytest.mark.parametrize("way", sweep.WAYS)
def test_a_chosen_pixel_shows_what_its_state_comes_from(tab, way):
    view = open_figure(tab, live.Sweep(), width=360)
    height = view.bounding_box()["height"]
    down = view.get_by_role("group", name="Moved down a row")
    assert down.get_by_role("radio").first.is_disabled()
    if way != "left":
        view.get_by_role("radio", name="the right").check()
        down.get_by_role("radio", name="yes" if way == "moved" else "no").check()
    known = sweep.comes_from((4, 6), way)
    cells = view.get_by_role("grid", name="The image").get_by_role("gridcell")
    for pixel in range(24):
        cells.nth(pixel).click()
        kinds = [
            ("seen" if one else "unseen") if number < pixel else ("leak" if one else "future")
            for number, one in enumerate(known[pixel])
        ]
        kinds[pixel] = "target"
        assert looks(view, "The image", "kind") == kinds
        words = view.get_by_role("status").inner_text()
        before, after = known[pixel, :pixel].sum(), known[pixel, pixel + 1 :].sum()
        if pixel and known[pixel].any():
            assert f"{before} of the {pixel} pixels before pixel {pixel}." in words
            rest = way != "right" and before < pixel
            assert rest == (f"The other {pixel - before} come from the" in words)
        assert words.endswith("itself: a leak.") == bool(after)
        assert view.bounding_box()["height"] == height
    cells.nth(23).click()  # once more: back to the sweep
    assert set(looks(view, "The image", "kind")) == {None}


@NEEDED
def test_keys_choose_a_pixel_on_the_map_and_zeros_choose_none(tab):
    view = open_figure(tab, live.Sweep(side="right"))
    view.get_by_role("grid", name="The skewed map").get_by_role("gridcell").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        tab.keyboard.press(key)
    words = view.get_by_role("status")
    assert words.inner_text().startswith(
        "Moved down, pixel 11 gets the state of pixel 5, above it."
    )
    assert view.get_by_role("slider").get_attribute("aria-valuetext") == "2 of 9"
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press(" ")
    assert words.inner_text().startswith("Moved down, pixel 11 gets")


@NEEDED
def test_play_sweeps_to_the_end_and_begins_anew(tab):
    stop_the_clock(tab)
    view = open_figure(tab, live.Sweep())
    slider, play = view.get_by_role("slider"), view.get_by_role("button", name="Play")
    play.click()
    tab.clock.run_for(2 * 900)
    assert slider.input_value() == "3"
    view.get_by_role("button", name="Pause").click()
    tab.clock.run_for(9000)
    assert slider.input_value() == "3"
    play.click()
    tab.clock.run_for(9000)
    assert slider.input_value() == "9"
    play.click()  # the button says Play again, and begins anew
    assert slider.input_value() == "0"
