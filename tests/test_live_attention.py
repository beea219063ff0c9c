"""Where attention looks: the figure's weights are the layer's own, and the page tells them."""

import keras
import numpy as np
import pytest
from browser import NEEDED, open_figure
from tiny import shake

from pixelcnn_lib.teach import kites, live
from pixelcnn_lib.teach.exercises.ch16.look_once import look_once
from pixelcnn_lib.teach.live import attention

ROWS, COLS = kites.SHAPE


@pytest.fixture(scope="module")
def figure():
    return live.WhereAttentionLooks()


@pytest.fixture(scope="module")
def weights(figure):
    return figure.weights()


def jumper(picture):
    """The number of the first pixel of a jumper, and the numbers of the kite's pixels."""
    kinds = kites.picture(*attention.PICTURES[picture])
    first = np.flatnonzero(kinds[5] > 2)[0]
    return 5 * COLS + first, np.flatnonzero(kinds[:3].ravel() > 2)


def test_looks_are_those_of_one_pixel_at_a_time():
    keras.utils.set_random_seed(0)
    network, images = attention.Network(), kites.pictures()[:1, 3:6, :5]
    network(images)
    shake(network, seed=1)
    found = network.looks(images)[0, 0]  # (heads, 15, 16), of the first layer
    layer, pixels = network.body[0], np.eye(7)[images[..., 0]]
    query, key, value = (
        np.asarray(one).reshape(15, attention.HEADS, attention.SIZE).swapaxes(0, 1)
        for one in (layer.query(network.first(pixels)), layer.key(pixels), layer.value(pixels))
    )
    side, middle = 2 * attention.NEAR + 1, attention.NEAR
    for head, target in np.ndindex(found.shape[:2]):
        places = [divmod(one, 5) for one in range(target + 1)]
        steps = [(places[-1][0] - row, places[-1][1] - col) for row, col in places[:-1]]
        bias = np.array(
            [
                np.asarray(layer.bias)[head, (up + middle) * side + left + middle]
                for up, left in steps
            ]
        )
        given = query[head, target], key[head, :target], np.eye(target), bias
        np.testing.assert_allclose(
            found[head, target, 1 : 1 + target], look_once(*given), atol=1e-5
        )
    np.testing.assert_allclose(found.sum(-1), 1, rtol=1e-5)
    assert not found[:, ~np.tri(15, 16, dtype=bool)].any()


def test_the_stored_weights_sum_to_one_and_look_back(weights):
    assert weights.shape == (4, 2, 2, 98, 99)
    np.testing.assert_allclose(weights.sum(-1), 1, atol=0.03)
    assert not weights[..., ~attention.BEFORE].any()


def test_the_figure_s_network_has_learnt_the_pictures(figure):
    assert 6 < figure.bits < 6.5  # no network can pay less than 6


@pytest.mark.parametrize("picture", range(4))
def test_a_head_finds_the_kite_from_the_jumper(weights, picture):
    target, kite = jumper(picture)
    assert weights[picture, :, :, target, 1 + kite].sum(0).max() > 0.5


def told(figure, weights, picture, row, col):
    """The beginning of what the words say of a target: where the first head looks most."""
    n = row * COLS + col
    best = int(weights[picture, 0, 0, n].argmax())
    kind = lambda n: kites.KINDS[figure.pictures[picture][n // COLS][n % COLS]]
    r, c = divmod(best - 1, COLS)
    place = f"row {r}, column {c} ({kind(best - 1)})" if best else "nowhere"
    share = round(100 * weights[picture, 0, 0, n, best])
    asks = f"Where does row {row}, column {col} ({kind(n)}) look most?"
    return f"{asks} Layer 1, head 1: {place}, {share}\u00a0%."


@NEEDED
@pytest.mark.parametrize("width", [1280, 360])
def test_a_click_chooses_the_pixel_that_looks(tab, figure, weights, width):
    root = open_figure(tab, figure, width=width)
    words, cells = root.get_by_role("status"), root.get_by_role("gridcell")
    assert words.inner_text().startswith(told(figure, weights, 0, 5, 0))
    cells.nth(3 * COLS + 9).click()
    tab.mouse.move(0, 0)
    assert words.inner_text().startswith(told(figure, weights, 0, 3, 9))
    assert cells.nth(3 * COLS + 9).get_attribute("aria-selected") == "true"


@NEEDED
def test_keys_choose_a_pixel_and_read_a_weight(tab, figure, weights):
    root = open_figure(tab, figure)
    words = root.get_by_role("status")
    root.get_by_role("gridcell").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        tab.keyboard.press(key)
    assert words.inner_text().startswith(told(figure, weights, 0, 1, 1))
    tab.keyboard.press("ArrowUp")
    share = round(100 * weights[0, 0, 0, COLS + 1, 1 + 1])
    asks = "How much do the heads look at row 0, column 1 (sky)?"
    assert words.inner_text().startswith(f"{asks} Layer 1, head 1: {share}\u00a0%.")


@NEEDED
def test_another_picture_keeps_the_target(tab, figure, weights):
    root = open_figure(tab, figure, theme="dark", width=360)
    root.get_by_role("combobox").select_option(index=2)
    assert root.get_by_role("status").inner_text().startswith(told(figure, weights, 2, 5, 0))
    maps = root.get_by_role("img")
    assert maps.count() == 4
    assert maps.first.get_attribute("aria-label").startswith("Layer 1, head 1 looks most at: ")
