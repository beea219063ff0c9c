"""You against the model: both are scored as the library scores, and the game plays to its end."""

import re
import unicodedata

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import guess, hills


def test_the_shipped_file_is_what_the_shipped_model_says():
    shipped, fresh = live.YouAgainstTheModel().model, guess.compute()
    for name in ("bits", "peaks"):
        np.testing.assert_allclose(shipped[name], fresh[name], atol=2)  # hundredths of a bit
    both = [[hills.unpack(hill) for hill in one["hills"]] for one in (shipped, fresh)]
    assert np.abs(np.subtract(*both)).max() <= 1


def test_its_price_is_the_surprise_of_what_came():
    from pixelcnn_lib.model import PixelCNN

    log_p = np.asarray(PixelCNN.pretrained().log_prob(guess.patch()[None]))[0]
    paid = [-log_p[place] / np.log(2) for place in guess.PLACES]
    np.testing.assert_allclose(
        np.divide(live.YouAgainstTheModel().model["bits"], 100), paid, atol=0.02
    )


def test_the_places_come_in_order_and_their_neighbours_before_them():
    assert sorted(guess.PLACES) == guess.PLACES and len(guess.PLACES) == 10
    figure = live.YouAgainstTheModel()
    image = guess.patch().astype(int)
    for (row, col, colour), around in zip(guess.PLACES, figure.around, strict=True):
        assert around["left"] == image[row, col - 1, colour]
        assert around["above right"] == image[row - 1, col + 1, colour]


@pytest.mark.parametrize("width", range(len(guess.WITHIN)))
def test_the_reader_pays_by_the_library_s_own_logistic(width):
    log_p = guess.curve(guess.WITHIN[width])  # (256 guesses, 256 levels)
    np.testing.assert_allclose(np.exp(log_p).sum(-1), 1)
    half = guess.WITHIN[width]
    assert 0.5 <= np.exp(log_p[128, 128 - half : 129 + half]).sum() < 0.7
    inside, ends = live.YouAgainstTheModel().prices[width]
    distance = np.abs(np.subtract.outer(np.arange(256), np.arange(256)))
    told = np.take(inside, distance)
    told[:, [0, 255]] = np.take(ends, distance[:, [0, 255]])
    np.testing.assert_allclose(told / 100, -log_p / np.log(2), atol=0.0051)


def test_hills_are_read_back():
    log_p = np.log([[0.001, 0.2, 0.4, 0.399], [0.97, 0.01, 0.01, 0.01]])
    packed = hills.pack(log_p)
    assert packed == ["1:gvv", "0:v"]
    assert hills.unpack(packed[0], levels=4).tolist() == [0, 16, 31, 31]


def move(tab, slider, keys):
    slider.focus()
    for key in keys:
        tab.keyboard.press(key)


@NEEDED
def test_ten_guesses_by_keyboard_and_the_verdict(tab):
    game = live.YouAgainstTheModel()
    figure = open_figure(tab, game)
    words, (level, sure) = figure.get_by_role("status"), figure.get_by_role("slider").all()
    button = figure.get_by_role("button")
    hidden = figure.locator("svg").nth(1)
    asked = words.inner_text()
    assert "Value 1 of 10: the red of row 16, column 13" in asked and "left 132" in asked
    assert hidden.get_attribute("aria-label").endswith("after your guess")
    bell = figure.locator("svg path").first
    before = bell.get_attribute("d")
    move(tab, level, ["End", "ArrowLeft", "ArrowLeft"])  # 253
    move(tab, sure, ["Home"])  # within 1
    assert bell.get_attribute("d") != before
    assert sure.get_attribute("aria-valuetext") == "± 1"
    yours = [(game.prices[0][0][abs(253 - level)]) / 100 for level in game.came]
    for n, came in enumerate(game.came):
        button.focus()
        tab.keyboard.press("Enter")
        told = words.inner_text()
        theirs = game.model["bits"][n] / 100
        assert f"{came} came. You pay {yours[n]:.1f} bits, the model {theirs:.1f} bits." in told
        assert f"{came} came" in hidden.get_attribute("aria-label")
        assert level.is_disabled()
        if n < 9:
            assert button.inner_text() == "Next value"
            tab.keyboard.press("Enter")
            assert f"Value {n + 2} of 10" in words.inner_text()
    power = re.search(r"the model held what came 2([⁰¹²³⁴-⁹]+) times", told)[1]
    power = int(unicodedata.normalize("NFKC", power))
    assert power == round(sum(yours) - sum(game.model["bits"]) / 100)
    assert f"the model {sum(game.model['bits']) / 100:.1f} bits" in figure.inner_text()
    assert "a blind guess 80.0 bits" in figure.inner_text()
    tab.keyboard.press("Enter")
    assert words.inner_text() == asked


@NEEDED
def test_the_photograph_is_hatched_from_the_place_on(tab):
    figure = open_figure(tab, live.YouAgainstTheModel())
    alpha = (
        "c => [...c.getContext('2d').getImageData(0, 0, 32, 32).data].filter((_, n) => n % 4 === 3)"
    )
    drawn = figure.locator("canvas").evaluate(alpha)
    assert drawn == [255] * (16 * 32 + 13) + [0] * (16 * 32 - 13)
