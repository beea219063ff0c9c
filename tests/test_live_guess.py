"""You against the model: both are scored as the library scores, and the game plays to its end."""

import re
import unicodedata

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import guess, hills


def test_the_shipped_file_is_what_the_shipped_model_says():
    rounds, fresh = live.YouAgainstTheModel().rounds, guess.compute()
    for shipped, told in zip([one["model"] for one in rounds], fresh, strict=True):
        for name in ("bits", "peaks"):
            np.testing.assert_allclose(shipped[name], told[name], atol=2)  # hundredths of a bit
        both = [[hills.unpack(hill) for hill in one["hills"]] for one in (shipped, told)]
        assert np.abs(np.subtract(*both)).max() <= 1


def test_its_price_is_the_surprise_of_what_came():
    from pixelcnn_lib.family import PixelCNN

    images = np.stack([guess.patch(number) for number in range(len(guess.ROUNDS))])
    log_p = np.asarray(PixelCNN.pretrained().log_prob(images))
    for number, one in enumerate(live.YouAgainstTheModel().rounds):
        paid = [-log_p[number][place] / np.log(2) for place in guess.places(number)]
        np.testing.assert_allclose(np.divide(one["model"]["bits"], 100), paid, atol=0.02)


def test_the_places_come_in_order_and_their_neighbours_before_them():
    for number, one in enumerate(live.YouAgainstTheModel().rounds):
        assert guess.places(number) == sorted(guess.places(number)) and len(one["places"]) == 10
        image = guess.patch(number).astype(int)
        assert image.shape == (32, 32, 3)
        for (row, col, colour), around in zip(guess.places(number), one["around"], strict=True):
            assert around["left"] == image[row, col - 1, colour]
            assert around["above right"] == image[row - 1, col + 1, colour]


def test_no_value_is_asked_twice():
    photographs = [one[1:4] for one in guess.ROUNDS]
    asked = [
        (photograph, top + row, left + col, colour)
        for number, (photograph, top, left) in enumerate(photographs)
        for row, col, colour in guess.places(number)
    ]
    assert len(set(asked)) == len(asked) == 50


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


def play(tab, figure):
    """Press the only button until the round is over; the words after each guess."""
    told = []
    figure.get_by_role("button").focus()
    for n in range(10):
        tab.keyboard.press("Enter")
        told.append(figure.get_by_role("status").inner_text())
        if n < 9:
            assert figure.get_by_role("button").inner_text() == "Next value"
            tab.keyboard.press("Enter")
    return told


@NEEDED
def test_ten_guesses_by_keyboard_and_the_verdict(tab):
    game = live.YouAgainstTheModel()
    first = game.rounds[0]
    figure = open_figure(tab, game)
    words, (level, sure) = figure.get_by_role("status"), figure.get_by_role("slider").all()
    hidden = figure.locator("svg").nth(1)
    asked = words.inner_text()
    assert "Round 1: an eye of a cat. Value 1 of 10: the red of row 16, column 13" in asked
    assert "left 132" in asked
    assert hidden.get_attribute("aria-label").endswith("after your guess")
    curve = figure.locator("svg path").first
    before = curve.get_attribute("d")
    move(tab, level, ["End", "ArrowLeft", "ArrowLeft"])  # 253
    move(tab, sure, ["Home"])  # within 1
    assert curve.get_attribute("d") != before
    assert sure.get_attribute("aria-valuetext") == "± 1"
    yours = [(game.prices[0][0][abs(253 - level)]) / 100 for level in first["came"]]
    told = play(tab, figure)
    for n, came in enumerate(first["came"]):
        theirs = first["model"]["bits"][n] / 100
        paying = (
            f"The true level is {came}. You pay {yours[n]:.1f} bits, the model {theirs:.1f} bits."
        )
        assert told[n].startswith(paying)
    assert f"true level {came}" in hidden.get_attribute("aria-label")
    assert level.is_disabled()
    power = re.search(r"The model gave these ten levels 2([⁰¹²³⁴-⁹]+) times", told[-1])[1]
    power = int(unicodedata.normalize("NFKC", power))
    model = sum(first["model"]["bits"]) / 100
    assert power == round(sum(yours) - model)
    assert f"the model {model:.1f} bits" in figure.inner_text()
    assert "a blind guess 80.0 bits" in figure.inner_text()


@NEEDED
def test_the_next_round_asks_for_other_places_and_the_record_is_kept(tab):
    game = live.YouAgainstTheModel()
    figure = open_figure(tab, game)
    words, totals = figure.get_by_role("status"), figure.locator(".opat-totals")
    assert "Record" not in totals.inner_text()
    paid = []
    for number, one in enumerate(game.rounds):
        (row, col, _), name = one["places"][0], one["name"]
        asked = f"Round {number + 1}: {name}. Value 1 of 10: the red of row {row}, column {col}."
        assert words.inner_text().startswith(asked)
        told = play(tab, figure)
        paid.append(sum(one["model"]["bits"]) / 100)
        rounds = "one round" if number == 0 else f"{number + 1} rounds"
        assert f"Record: {rounds}, mean: you " in totals.inner_text()
        assert f"the model {np.mean(paid):.1f} bits" in totals.inner_text().partition("Record")[2]
        assert figure.get_by_role("button").inner_text() == "Next round"
        tab.keyboard.press("Enter")
    assert told[-1].endswith("The next round shows known places again.")
    assert "Round 6: an eye of a cat." in words.inner_text()


@NEEDED
def test_the_photograph_is_hatched_from_the_place_on(tab):
    figure = open_figure(tab, live.YouAgainstTheModel())
    alpha = (
        "c => [...c.getContext('2d').getImageData(0, 0, 32, 32).data].filter((_, n) => n % 4 === 3)"
    )
    drawn = figure.locator("canvas").evaluate(alpha)
    assert drawn == [255] * (16 * 32 + 13) + [0] * (16 * 32 - 13)
