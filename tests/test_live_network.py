"""The whole network: its parts are the model's own, and its maps the library's receptive fields."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import leaks
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.masks import SEEN
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import network

COLOURS = ("red", "green", "blue")
COUNT = np.prod(network.SHAPE)


@pytest.fixture(scope="module")
def figure_of():
    return live.Network(blocks=2)


@pytest.fixture(scope="module")
def net():
    return PixelCNN(**(network.SIZES | {"blocks": 2}))


def test_the_parts_hold_all_weights_and_no_others(figure_of, net):
    rows = [row for part in figure_of.parts for row in part["rows"]]
    assert sum(living + dead for *_, living, dead in rows) == net.count_params()
    layers = [layer for layer in net._flatten_layers() if hasattr(layer, "pattern")]
    dead = [int((layer.masked(np.ones(layer.kernel.shape, "float32")) == 0).numpy().sum())
            for layer in layers]  # fmt: skip
    assert sum(row[4] for row in rows) == sum(dead) > 0
    assert [part["name"] for part in figure_of.parts] == [
        "image", "first, 7x7 A", "block 1", "block 2", "sum", "top 1, 1x1 B", "top 2, 1x1 B",
        "head, 1x1 B",
    ]  # fmt: skip


def test_each_layer_takes_what_the_one_before_it_gives(figure_of):
    features = 3
    for part in figure_of.parts:
        for _, taken, given, *_ in part["rows"]:
            assert taken == features
            features = given
        if part["kind"] != "head":
            assert part["out"] == f"(N, H, W, {features})"
    assert figure_of.parts[-1]["out"] == f"(N, H, W, 3, {features // 3})"


def test_what_is_seen_is_the_librarys_receptive_field(figure_of, net):
    depths = [part["masks"] for part in figure_of.parts]
    assert depths == [0, 1, 4, 7, 7, 8, 9, 10] and len(net.masks) == 10
    assert not figure_of.seen(0).any()
    for place, depth in enumerate(depths[1:], 1):
        field = leaks.receptive_field(net.masks[:depth], network.SHAPE)
        assert np.array_equal(figure_of.seen(place), field)


def test_the_still_picture_marks_the_part_and_shows_its_map():
    fig = live.Network(part=3, blocks=2, target=(5, 4, 2)).still()
    assert fig.get_suptitle() == "Seen after: block 2"
    maps = [np.asarray(ax.collections[0].get_array()) for ax in fig.axes[1:]]
    seen = live.Network(blocks=2).seen(3)[np.ravel_multi_index((5, 4, 2), network.SHAPE)]
    assert np.array_equal(np.stack(maps, -1) == SEEN, seen.reshape(network.SHAPE))


def shown(figure):
    """The kinds of the three maps' cells, in the order of the values."""
    maps = figure.get_by_role("grid").all()[1:]
    kinds = [one.get_by_role("gridcell").evaluate_all("all => all.map(e => e.dataset.kind)")
             for one in maps]  # fmt: skip
    return np.array(kinds).T.ravel()


@NEEDED
@pytest.mark.parametrize("width", [1280, 360])
def test_clicks_choose_a_part_and_a_value(tab, figure_of, width):
    figure = open_figure(tab, figure_of, width=width)
    height = figure.bounding_box()["height"]
    flow, *maps = figure.get_by_role("grid").all()
    for place, (row, col, colour) in [
        (2, (6, 7, 0)),
        (1, (0, 0, 2)),
        (7, (7, 9, 1)),
        (4, (3, 3, 2)),
    ]:
        flow.get_by_role("gridcell").nth(place).click()
        maps[colour].get_by_role("gridcell").nth(row * network.SHAPE[1] + col).click()
        target = np.ravel_multi_index((row, col, colour), network.SHAPE)
        seen = figure_of.seen(place)[target]
        names = np.where(seen, "seen", np.where(np.arange(COUNT) < target, "unseen", "future"))
        names[target] = "target"
        assert shown(figure).tolist() == names.tolist()
        part = figure_of.parts[place]
        assert figure.get_by_role("status").inner_text() == (
            f"After {part['name']}, {COLOURS[colour]} at row {row}, column {col} sees {seen.sum()} "
            f"of the {target} values before it."
        )
        facts = figure.locator(".opat-facts").inner_text()
        assert f"gives {part['out']}" in facts and part["says"] in facts
        for name, taken, given, living, dead in part["rows"]:
            assert f"{name}\t{taken} → {given}\t{living:,}\t{dead:,}" in facts
        assert figure.bounding_box()["height"] == height


@NEEDED
def test_keys_walk_through_the_parts(tab, figure_of):
    figure = open_figure(tab, figure_of)
    flow = figure.get_by_role("grid").first
    flow.get_by_role("gridcell").first.focus()
    status = figure.get_by_role("status")
    assert status.inner_text().startswith("Image: 3 values. The levels are scaled")
    tab.keyboard.press("Enter")
    assert (
        status.inner_text()
        == "In the image, green at row 8, column 6 is only itself: its own level."
    )
    for key in ("ArrowDown", "ArrowDown", "Space"):
        tab.keyboard.press(key)
    assert status.inner_text().startswith("After block 1, green at row 8, column 6 sees")
    chosen = flow.locator("[aria-selected=true]")
    assert chosen.get_attribute("aria-label") == "block 1, 48 features"
