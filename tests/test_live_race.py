"""The race: the stored record is whole, and the page replays it at the measured pace."""

import json

import numpy as np
import pytest
import race as tool
from browser import NEEDED, open_figure, stop_the_clock

from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base, race

RECORDED = json.loads(base.read("race.json"))
SIZE = RECORDED["size"]


def test_the_file_is_what_the_tool_writes():
    assert list(RECORDED["seconds"]) == list(MEMBERS)
    assert (SIZE, RECORDED["shown"]) == (tool.SIZE, tool.SHOWN)
    assert RECORDED["counts"] == {mode: count for mode, (_, count, _) in tool.MODES.items()}
    for seconds in RECORDED["seconds"].values():
        assert list(seconds) == list(tool.MODES) == list(race.MODES)
        assert 0 < seconds["one"] < seconds["many"] < seconds["naive"]


def test_a_sheet_holds_the_pictures():
    pictures = np.random.default_rng(0).integers(0, 256, (7, 4, SIZE, SIZE, 3), "uint8")
    figure = live.Race()
    figure.sheet = tool.sheet(pictures)
    np.testing.assert_array_equal(figure.pictures(), pictures)


def test_every_network_drew_another_picture():
    pictures = live.Race().pictures()
    assert pictures.shape == (len(MEMBERS), tool.SHOWN, SIZE, SIZE, 3)
    assert len({one.tobytes() for one in pictures}) == len(MEMBERS)


@pytest.mark.parametrize(
    "slowest, pace", [(10, 1), (0.1, 100), (0.03, 200), (19.9, 0.5), (0.011, 500), (101, 0.05)]
)
def test_the_page_takes_five_to_ten_seconds(slowest, pace):
    assert race.slowing(slowest) == pace
    assert 4 <= slowest * pace <= 10.001


def test_the_still_picture_shows_half_of_the_networks_finished():
    figure = live.Race()
    times = figure.times()
    titles = [ax.get_title() for ax in figure.still().axes if ax.get_title()]
    assert titles == [f"{name}\n{race.told(time)}" for name, time in times.items()]


def seen(view, lane):
    """The pixels of a lane's canvas: (SIZE, width, 4)."""
    read = """c => [c.width, ...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"""
    width, *pixels = view.locator("canvas").nth(lane).evaluate(read)
    return np.array(pixels, "uint8").reshape(SIZE, width, 4)


def fraction(pixels):
    return (pixels[:, :SIZE, 3] > 0).mean()


@NEEDED
def test_the_slider_shows_each_network_as_far_as_it_came(tab):
    figure = live.Race()
    view = open_figure(tab, figure, width=360)
    times, slider = np.array(list(figure.times().values())), view.get_by_role("slider")
    for value in (0, 37, 120, 200):
        slider.fill(str(value))
        seconds = value / 200 * times.max()
        for lane, time in enumerate(times):
            pixels = seen(view, lane)
            part = min(seconds / time, 1)
            assert fraction(pixels) == pytest.approx(part, abs=1 / SIZE**2)
            whole = figure.pictures()[lane, 0]
            drawn = pixels[:, :SIZE, 3] > 0
            np.testing.assert_array_equal(pixels[:, :SIZE, :3][drawn], whole[drawn])
    words = view.get_by_role("status").inner_text()
    first, last = (figure.names[one(times)] for one in (np.argmin, np.argmax))
    assert f"First: {first}, after" in words and f"Last: {last}, after" in words
    slider.press("Home")
    assert fraction(seen(view, 0)) == 0


@NEEDED
@pytest.mark.parametrize("mode", race.MODES)
def test_the_page_states_its_pace_and_keeps_it(tab, mode):
    stop_the_clock(tab)
    figure = live.Race()
    view = open_figure(tab, figure)
    view.get_by_role("combobox").select_option(race.MODES[mode])
    figure.mode = mode
    pace, said = figure.pace[mode], view.locator(".opat-pace").inner_text()
    assert (f"{max(pace, 1 / pace):g} times" in said) == (pace != 1)
    assert ("slower" in said) == (pace > 1)
    view.get_by_role("button", name="Start").click()
    slowest = max(figure.times().values())
    tab.clock.run_for(1000 * pace * slowest / 2)
    view.get_by_role("button", name="Pause").click()
    passed = int(view.get_by_role("slider").input_value()) / 200
    assert passed == pytest.approx(0.5, abs=0.02)
    tab.clock.run_for(60_000)
    assert int(view.get_by_role("slider").input_value()) / 200 == passed
    view.get_by_role("button", name="Start").click()
    tab.clock.run_for(60_000)
    words = view.get_by_role("status").inner_text()
    assert words.startswith(f"{race.MODES[mode]}: all have finished. First: ")
    assert view.get_by_role("button", name="Start").count() == 1


@NEEDED
def test_who_wants_no_motion_sees_the_end_at_once(tab):
    tab.emulate_media(reduced_motion="reduce")
    view = open_figure(tab, live.Race())
    view.get_by_role("button", name="Start").click()
    assert "all have finished" in view.get_by_role("status").inner_text()
    assert fraction(seen(view, 0)) == 1
