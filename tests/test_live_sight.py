"""What each member sees: the page shows the fields that the networks state, pixel by pixel."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import SEEN
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import sight

COUNT = sight.SIZE**2
BEFORE = np.tri(COUNT, k=-1, dtype=bool)
SMALL = {name: list(network.presets)[0] for name, network in sight.NETWORKS.items()}
names = pytest.mark.parametrize("name", sight.NETWORKS)


@names
def test_the_stored_depths_are_the_network_s_own_field_at_every_depth(name):
    least = np.zeros((COUNT, COUNT), int)
    least[BEFORE] = [int(digit) for digit in sight.least_depths(name)]
    for depth in range(1, sight.DEPTH + 1):
        network = sight.NETWORKS[name].preset(SMALL[name], blocks=depth, levels=2, colours=1)
        seen = network.field((sight.SIZE, sight.SIZE, 1))
        assert not np.triu(seen).any()
        np.testing.assert_array_equal((least > 0) & (least <= depth), seen)


def test_blind_spots_stay_where_the_papers_say():
    deep = {name: sight.field(name, sight.DEPTH) for name in sight.NETWORKS}
    spot = BEFORE & ~deep["PixelCNN"]
    assert spot.any() and np.array_equal(spot, BEFORE & ~deep["Row LSTM"])  # far to the right
    assert np.array_equal(deep["Gated PixelCNN"], BEFORE)
    hidden = np.argwhere(BEFORE & ~deep["Diagonal BiLSTM"])
    assert {source % sight.SIZE for _, source in hidden} == {sight.SIZE - 1}  # last pixels of rows


def test_the_still_picture_shows_every_network_at_one_depth():
    axes = live.FamilySight(depth=6).still().axes
    assert [ax.get_title() for ax in axes] == list(sight.NETWORKS)
    shown = [ax.collections[0].get_array().ravel() for ax in axes]
    for name, kinds in zip(sight.NETWORKS, shown, strict=True):
        np.testing.assert_array_equal(kinds, leaks.classify(sight.field(name, 6))[122])


def test_a_chapter_can_show_some_of_the_networks():
    figure = live.FamilySight(["PixelCNN", "Gated PixelCNN"], network="Gated PixelCNN")
    assert list(figure.least) == list(figure.shares) == figure.networks
    assert len(figure.still().axes) == 2 and figure.fallback().count("<tr>") == 3


@NEEDED
@names
def test_the_page_shows_the_field(tab, name):
    figure = live.FamilySight()
    view = open_figure(tab, figure, width=360)
    height = view.bounding_box()["height"]
    number = figure.networks.index(name)
    view.get_by_role("radio").nth(number).check()
    for depth, row, col in [(9, 11, 11), (1, 6, 6), (3, 10, 2), (2, 0, 5)]:
        view.get_by_role("slider").fill(str(depth))
        view.get_by_role("gridcell").nth(row * sight.SIZE + col).click()
        past = row * sight.SIZE + col
        kinds = leaks.classify(sight.field(name, depth))[past]
        named = np.array(["future", "seen", "unseen", "leak"])[kinds]
        named[past] = "target"
        read = "all => all.map(e => e.dataset.kind)"
        assert view.get_by_role("gridcell").evaluate_all(read) == named.tolist()
        small = view.locator(".opat-mini").nth(number).locator("span")
        assert small.evaluate_all(read) == named.tolist()
        seen = (kinds == SEEN).sum()
        label = view.locator("label.opat-net").nth(number)
        assert label.inner_text().split("\n")[-1] == f"{seen} of {past}"
        words = view.get_by_role("status").inner_text()
        layers = "layers" if depth > 1 else "layer"
        assert words.startswith(
            f"{name}, {depth} {layers} after the first: row {row}, column {col}"
        )
        assert f" sees {seen} of the {past} pixels before it, {seen / past:.0%}. " in words
        share = sight.field(name, depth).sum() / BEFORE.sum()
        assert words.endswith(f"before it: {share:.0%}.")
        assert view.bounding_box()["height"] == height


@NEEDED
def test_keys_choose_a_pixel_and_a_network(tab):
    view = open_figure(tab, live.FamilySight())
    status = view.get_by_role("status")
    view.get_by_role("gridcell").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        tab.keyboard.press(key)
    assert status.inner_text().startswith(
        "PixelCNN, 1 layer after the first: row 1, column 1 sees "
    )
    tab.keyboard.press("ArrowRight")
    assert status.inner_text() == "Row 1, column 2: future."
    view.get_by_role("radio").first.press("ArrowDown")
    assert status.inner_text().startswith(
        "Gated PixelCNN, 1 layer after the first: row 1, column 1"
    )
