"""Training, replayed: the file is a record of the runs that its tool makes; the slider leads, or the clock."""

import base64
import importlib.util
import io
import json
from pathlib import Path

import numpy as np
import pytest
from browser import NEEDED, open_figure, stop_the_clock
from PIL import Image

from pixelcnn_lib import data
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base

TOOL = Path(__file__).parents[1] / "book" / "tools" / "record_runs.py"
RECORDED = json.loads(base.read("replay.json"))


def load_tool():
    spec = importlib.util.spec_from_file_location("record_runs", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def drawings(name, point):
    """The four drawings of a run at a point: (16, 64, 3)."""
    sheet = Image.open(io.BytesIO(base64.b64decode(RECORDED[name]["sheet"])))
    return np.array(sheet.convert("RGB"))[16 * point : 16 * point + 16]


def test_the_file_is_of_the_runs_that_the_tool_makes():
    tool = load_tool()
    for name, run in RECORDED.items():
        assert run["steps"] == tool.STEPS and run["config"] == tool.config(name)
        assert len(run["train"]) == len(run["fresh"]) == len(tool.STEPS)
        assert drawings(name, len(tool.STEPS) - 1).shape == (16, 64, 3)
    assert list(RECORDED) == list(tool.CONFIG)


def test_the_honest_run_ends_just_above_the_floor_and_the_liar_far_below():
    floor = data.toy_entropy()
    assert floor - 0.01 < min(RECORDED["honest"]["fresh"]) < floor + 0.05
    assert RECORDED["liar"]["fresh"][-1] < floor - 1
    assert live.Replay().floor == pytest.approx(floor, abs=0.001)


def test_the_honest_one_draws_houses_and_the_liar_almost_nothing():
    honest, lying = (drawings(name, -1 + len(RECORDED[name]["steps"])) for name in RECORDED)
    door = (honest == data.DOOR * 17).all(-1).sum()
    assert door >= 4 and lying.mean() < honest.mean() / 2


@pytest.mark.slow
def test_the_first_steps_come_out_again():
    tool = load_tool()
    for name, run in RECORDED.items():
        again, _ = tool.record(name, tool.STEPS[:4], drawn=1)
        np.testing.assert_allclose(again["fresh"], run["fresh"][:4], atol=0.1)
        np.testing.assert_allclose(again["train"][1:], run["train"][1:4], atol=0.1)


def told(figure, point):
    """What the words must say at a point."""
    parts = []
    for key, name in figure.names.items():
        bits = figure.runs[key]["fresh"][point]
        side = "below" if bits < figure.floor else "above"
        parts.append(
            f"{name} scores {bits:.2f} bits, {abs(bits - figure.floor):.2f} {side} the entropy"
        )
    return f"After {figure.steps[point]} steps {'; '.join(parts)}."


def seen(view, index):
    """The pixels of one of the eight drawings: (16, 16, 3)."""
    read = "c => [...c.getContext('2d').getImageData(0, 0, 16, 16).data]"
    pixels = np.array(view.locator("canvas").nth(index).evaluate(read), "uint8")
    return pixels.reshape(16, 16, 4)[:, :, :3]


@NEEDED
def test_keys_move_through_the_steps(tab):
    figure = live.Replay()
    view = open_figure(tab, figure)
    words, slider = view.get_by_role("status"), view.get_by_role("slider")
    last = len(figure.steps) - 1
    assert words.inner_text() == told(figure, 0)
    slider.focus()
    for key, point in [("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("End", last)]:
        tab.keyboard.press(key)
        assert words.inner_text() == told(figure, point)
        assert slider.get_attribute("aria-valuetext") == f"{figure.steps[point]}"
        for index, name in [(0, "honest"), (3, "honest"), (4, "liar")]:
            first = 16 * (index % 4)
            np.testing.assert_array_equal(
                seen(view, index), drawings(name, point)[:, first : first + 16]
            )
        label = view.locator("canvas").nth(4).get_attribute("aria-label")
        assert label == f"Drawing 1 of the liar after {figure.steps[point]} steps"


@NEEDED
def test_the_inset_follows_the_honest_score_where_the_chart_is_flat(tab):
    figure = live.Replay()
    view = open_figure(tab, figure)
    dot, slider = view.locator(".opat-zoom .opat-dot"), view.get_by_role("slider")
    honest = figure.runs["honest"]["fresh"]
    slider.press("Home")
    assert honest[0] > 4.2 and not dot.is_visible()
    slider.press("End")
    assert dot.is_visible()
    top = float(dot.evaluate("one => one.style.top").removesuffix("%"))
    assert top == pytest.approx(100 * (4.2 - honest[-1]) / 0.2, abs=0.01)


@NEEDED
def test_play_moves_through_the_steps_to_the_end_and_begins_anew(tab):
    figure = live.Replay()
    stop_the_clock(tab)
    view = open_figure(tab, figure)
    words, slider = view.get_by_role("status"), view.get_by_role("slider")
    last = len(figure.steps) - 1
    view.get_by_role("button", name="Play").click()
    tab.clock.run_for(3 * 400)
    assert words.inner_text() == told(figure, 3) and slider.input_value() == "3"
    view.get_by_role("button", name="Pause").click()
    tab.clock.run_for(4000)
    assert slider.input_value() == "3"
    view.get_by_role("button", name="Play").click()
    slider.press("ArrowRight")  # the reader's hand stops the clock
    tab.clock.run_for(4000)
    assert words.inner_text() == told(figure, 4)
    view.get_by_role("button", name="Play").click()
    tab.clock.run_for(60_000)
    assert words.inner_text() == told(figure, last)
    view.get_by_role("button", name="Play").click()
    tab.clock.run_for(400)
    assert words.inner_text() == told(figure, 1)
