"""The theatre: it shows the library's pictures, and what the reader changes in them."""

import json
import re

import numpy as np
import pytest
from browser import NEEDED, open_figure
from in_page import as_stored
from keras import ops

from pixelcnn_lib import data
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.sampling import complete, generate_images
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base, theatre


@pytest.fixture(scope="module")
def quantised():
    """The shipped model in float64, with the weights of the page's file."""
    file = json.loads(theatre.NETWORK.read_text())
    return as_stored(PixelCNN.pretrained(), file)


def test_one_level_more_in_the_first_red_moves_most_of_the_picture(quantised):
    noise = theatre.noise(2, (1, 16, 16, 3))
    before = generate_images(quantised, 1, 16, noise=noise)
    overruled, known = before.copy(), np.zeros(before.shape, bool)
    overruled[0, 0, 0, 0] += 1
    known[0, 0, 0, 0] = True
    after = complete(quantised, overruled, known, noise=noise)
    assert (after != before).sum() - 1 > 767 / 2  # chapter 9 says most


@pytest.fixture
def stage(tab):
    figure = open_figure(tab, live.Theatre())
    wait(figure)
    return figure


def wait(figure, count=r"(\d+)", total=r"\1"):
    """Until the picture is finished, or has `count` values."""
    figure.get_by_text(re.compile(f"^{count} of {total} values$")).wait_for()
    figure.page.wait_for_timeout(100)


def shown(figure):
    """The picture on the stage, from what is told of its pixels; -1 where nothing is drawn."""
    names = figure.get_by_role("gridcell").evaluate_all("all => all.map(e => e.ariaLabel)")
    pixels = [
        [int(level) for level in re.findall(r"(?:red|green|blue) (\d+)", name)] for name in names
    ]
    size = int(len(names) ** 0.5)
    filled = [pixel + [-1] * (3 - len(pixel)) for pixel in pixels]
    return np.array(filled).reshape(size, size, 3)


def pixels(canvas):
    """What a canvas shows: uint8 (height, width, 4), red, green, blue and how opaque."""
    data = """canvas => {
        const { width, height } = canvas;
        const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        return { shape: [height, width, 4], values: [...data] };
    }"""
    found = canvas.evaluate(data)
    return np.reshape(found["values"], found["shape"])


def words(figure):
    return figure.get_by_role("status").inner_text()


@NEEDED
def test_the_stage_shows_the_library_s_picture(stage, quantised):
    noise = theatre.noise(0, (1, 16, 16, 3))
    picture = generate_images(quantised, 1, 16, noise=noise)[0]
    np.testing.assert_array_equal(shown(stage), picture)
    log_p = ops.convert_to_numpy(quantised.log_prob(picture[None]))[0, 8, 8, 1]
    level, u = picture[8, 8, 1], noise[0, 8, 8, 1]
    assert f"Noise {u:.3f} finds level {level}".lower() in words(stage).lower()
    assert f", {-log_p / np.log(2):.1f} bits" in words(stage)


@NEEDED
def test_overruling_moves_later_values_alone_and_can_be_taken_back(stage, quantised):
    before = shown(stage)
    stage.get_by_role("gridcell", name="row 5, column 7:").click()
    assert words(stage).startswith("Green of row 5, column 7, after 262 others")
    stage.get_by_role("slider", name="Overrule").fill("255")
    stage.get_by_text("you wrote 255").wait_for()
    known = np.zeros((1, 16, 16, 3), bool)
    known[0, 5, 7, 1] = True
    noise = theatre.noise(0, known.shape)
    wanted = complete(quantised, np.full(known.shape, 255, "uint8"), known, noise=noise)[0]
    after = shown(stage)
    np.testing.assert_array_equal(after, wanted)
    moved = (after != before).ravel()
    told = f"moved {moved[263:].sum()} of the 505 later values, and 0 of the 262 earlier ones"
    assert told in words(stage) and not moved[:262].any()
    stage.get_by_role("gridcell", name="row 9, column 1:").click()
    told = f"With the same noise, your level at green of row 5, column 7 {told}"
    assert told in words(stage)
    stage.get_by_role("slider", name="Overrule").fill("0")
    stage.get_by_text("you wrote 0").wait_for()
    assert "your 2 levels, from green of row 5, column 7 on, moved" in words(stage)
    assert "of the 504 later values, and 0 of the 262 earlier ones" in words(stage)
    stage.get_by_role("button", name="Take all back").click()
    wait(stage)
    np.testing.assert_array_equal(shown(stage), before)


@NEEDED
def test_a_small_stage_tells_a_pixel_s_values(tab):
    figure = open_figure(tab, live.Theatre(compact=True))
    wait(figure)
    pixel = figure.get_by_role("gridcell", name="row 3, column 4:")
    pixel.click()
    assert words(figure).endswith(f"{pixel.get_attribute('aria-label')}.".capitalize())


@NEEDED
def test_a_seed_that_is_none_is_made_one(stage):
    seed = stage.get_by_label("Seed")
    for written, used in [("-3", "3"), ("2.7", "2"), ("", "0")]:
        seed.fill(written)
        seed.press("Enter")
        assert seed.input_value() == used


@NEEDED
def test_it_draws_pauses_and_steps(stage):
    finished = shown(stage)
    stage.get_by_label("Speed").fill("5")
    stage.get_by_role("button", name="Draw").click()
    wait(stage, r"\d\d", 768)
    stage.get_by_role("button", name="Pause").click()
    stage.get_by_text(re.compile("values are drawn")).wait_for()
    count = int(words(stage).split()[0])
    stage.get_by_role("button", name="Step").click()
    wait(stage, count + 1, 768)
    so_far = shown(stage).ravel()
    assert words(stage).startswith(f"{count + 1} of 768 values are drawn.")
    np.testing.assert_array_equal(so_far[: count + 1], finished.ravel()[: count + 1])
    assert (so_far[count + 1 :] == -1).all()
    stage.get_by_role("button", name="Finish").click()
    wait(stage)
    np.testing.assert_array_equal(shown(stage), finished)
    assert words(stage) == "The picture is finished."


@NEEDED
def test_settings_draw_another_picture(stage, quantised):
    first = shown(stage)
    stage.get_by_label("Temperature").fill("0.5")
    wait(stage)
    noise = theatre.noise(0, (1, 16, 16, 3))
    wanted = generate_images(quantised, 1, 16, noise=noise, temperature=0.5)[0]
    np.testing.assert_array_equal(shown(stage), wanted)
    stage.get_by_label("Temperature").fill("1")
    stage.get_by_label("Speed").fill("10")
    stage.get_by_role("button", name="Another seed").click()
    wait(stage)
    assert stage.get_by_label("Seed", exact=True).input_value() == "1"
    assert (shown(stage) != first).mean() > 0.5
    stage.get_by_label("Given").select_option(label="upper half of chelsea")
    stage.get_by_role("radio", name="24").check()
    wait(stage)
    (row, col), photograph = theatre.WINDOWS["chelsea"], data.photographs("test")[0].image
    half = photograph[row + 4 : row + 16, col + 4 : col + 28]
    np.testing.assert_array_equal(shown(stage)[:12], half)
    assert (shown(stage)[12:] >= 0).all() and shown(stage).shape == (24, 24, 3)
    truth = stage.get_by_role("img", name="The photograph: chelsea")
    whole = photograph[row + 4 : row + 28, col + 4 : col + 28]
    np.testing.assert_array_equal(pixels(truth)[..., :3], whole)
    stage.get_by_label("Given").select_option(label="nothing")
    assert not truth.is_visible()


@NEEDED
def test_a_certain_value_and_nothing_overruled_are_shown_as_such(stage):
    moved = stage.get_by_role("img", name="Values that moved")
    assert (pixels(moved)[..., 3] == 0).all()  # the hatched ground, not a black square
    assert "Nothing is overruled yet" in stage.inner_text()
    stage.get_by_label("Temperature").fill("0.1")
    wait(stage)
    shares = set()
    for col in range(16):
        stage.get_by_role("gridcell", name=f"row 8, column {col}:").click()
        shares |= set(re.findall("of probability ([^,]*),", words(stage)))
    assert "over 99.9 %" in shares
    assert all(re.fullmatch(r"over 99.9 %|below 0.1 %|[0-9]+\.[0-9] %", one) for one in shares)
    stage.get_by_role("slider", name="Overrule").fill("0")
    stage.get_by_text("you wrote 0").wait_for()
    assert (pixels(moved)[..., 3] == 255).all() and "white means all three" in stage.inner_text()


@NEEDED
def test_the_keyboard_walks_over_values(stage):
    stage.get_by_role("gridcell", name="row 0, column 0:").focus()
    keyboard = stage.page.keyboard
    for key, value in [
        ("ArrowRight", "Green of row 0, column 1,"),
        ("ArrowDown", "Green of row 1, column 1,"),
        ("b", "Blue of row 1, column 1,"),
        ("ArrowLeft", "Blue of row 1, column 0,"),
    ]:
        keyboard.press(key)
        assert words(stage).startswith(value)
        plot = stage.locator(".opat-distribution")
        assert value[1:-1] in plot.inner_text()


@NEEDED
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_plays_by_itself_where_asked_unless_motion_is_unwanted(tab, motion):
    tab.emulate_media(reduced_motion=motion)
    figure = open_figure(tab, live.Theatre(compact=True, autoplay=True, speed=8))
    if motion == "reduce":  # then a drawing is there at once
        wait(figure)
        figure.get_by_role("button", name="Draw").click()
        return wait(figure)
    wait(figure, r"\d\d", 768)
    assert (shown(figure) == -1).any()
    figure.get_by_role("button", name="Pause").click()
    figure.get_by_text("values are drawn").wait_for()


def test_the_picture_can_be_read_from_python():
    figure = live.Theatre(size=24)
    assert figure.picture.shape == (24, 24, 3) and figure.picture.max() == 0
    picture = np.arange(24 * 24 * 3, dtype=np.uint8).reshape(24, 24, 3)
    figure.values = base.to_base64(picture)
    np.testing.assert_array_equal(figure.picture, picture)
