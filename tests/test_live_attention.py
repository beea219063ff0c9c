"""Where attention looks: the figure's weights are the layer's own, and the page tells them."""

import numpy as np
import pytest
from browser import NEEDED, open_figure
from test_attention import slow_attention
from tiny import noise_images, shake

from pixelcnn_lib.teach import kites, live
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


def test_looks_are_the_weights_that_the_layer_uses():
    """With values that tell one pixel from all others, what a layer gives are its weights."""
    model = shake(attention.network(), seed=1)
    images = noise_images(1, (2, 3), colours=1, levels=7)
    found = attention.looks(model, images)[0]  # (layers, heads, 6, 7)
    layer, pixels = model.body[0].attention, np.asarray(model.scale(images))
    x = np.asarray(model.first(pixels))
    values = np.asarray(layer.asked(x, pixels)[2])[0]  # (heads, 1 + 6, value_size)
    mixed = np.einsum("hps,hsv->phv", found[0], values).reshape(2, 3, -1)
    np.testing.assert_allclose(mixed, slow_attention(layer, x[0], pixels[0]), atol=1e-5)
    np.testing.assert_allclose(found.sum(-1), 1, rtol=1e-5)
    assert not found[..., ~np.tri(6, 7, dtype=bool)].any()


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
    begins = f"The pixel in row {row}, column {col} ({kind(n)}) looks most at: "
    return f"{begins}layer 1, head 1: {place} {share} %;"


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
    assert words.inner_text().startswith(
        f"Row 0, column 1 (sky): layer 1, head 1 gives it {share} %"
    )


@NEEDED
def test_another_picture_keeps_the_target(tab, figure, weights):
    root = open_figure(tab, figure, theme="dark", width=360)
    root.get_by_role("combobox").select_option(index=2)
    assert root.get_by_role("status").inner_text().startswith(told(figure, weights, 2, 5, 0))
    maps = root.get_by_role("img")
    assert maps.count() == 4
    assert maps.first.get_attribute("aria-label").startswith("Layer 1, head 1 looks most at: ")
