"""The influence map: what was found by experiment is what the masks say, and the page shows it."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN, rgb_mask
from pixelcnn_lib.teach import bugs, live
from pixelcnn_lib.teach.live import influence
from pixelcnn_lib.teach.live.base import from_base64, to_base64

BY_MASKS = ["right", "off_by_one", "upside_down", "reversed_colours", "colour_blind", "lost_row"]
BY_TRIAL = ["interleaved", "feature_numbers", "mask_once"]
LAYERS = [(7, "A"), (1, "B"), (3, "B"), (1, "B"), (1, "B"), (1, "B"), (1, "B")]  # block: 1 to 3
WORDS = {"seen": SEEN, "past but unseen": UNSEEN, "leak": LEAK, "future": HIDDEN}


@pytest.fixture(scope="module")
def who():
    return live.InfluenceMap()


@pytest.mark.parametrize("net", [*BY_MASKS, "always_a"])
def test_the_stored_map_is_the_receptive_field_of_the_masks(who, net):
    make = rgb_mask if net == "right" else bugs.BUGS[net]
    masks = [make((size, size), 3, 3, mask_type).astype(bool) for size, mask_type in LAYERS]
    through, past = (
        leaks.receptive_field(stack, influence.SHAPE) for stack in (masks, masks[:1] + masks[4:])
    )  # the block, and the stream that runs past it
    assert np.array_equal(who.kinds(net), leaks.classify(through | past))


@pytest.mark.parametrize("net", influence.NAMES)
def test_the_stored_map_is_found_again(who, net):
    found = leaks.influence(influence.network(net), influence.SHAPE, levels=8)
    assert np.array_equal(who.kinds(net), leaks.classify(found))


def test_all_historical_bugs_are_there_and_named_as_in_bugs(who):
    assert set(who.found) == set(influence.NAMES) == {"right", *bugs.BUGS}
    assert set(who.found) == {*BY_MASKS, *BY_TRIAL, "always_a"}
    for net, bug in bugs.BUGS.items():
        assert bug.__doc__.startswith(who.found[net]["said"])


def test_booleans_come_back_from_text():
    some = np.random.default_rng(0).random(21) < 0.5
    assert np.array_equal(from_base64(to_base64(some))[:21], some)


@NEEDED
@pytest.mark.parametrize("net", ["right", "off_by_one", "lost_row", "mask_once"])
def test_the_page_shows_the_four_kinds(tab, who, net):
    figure = open_figure(tab, who, width=360)
    height, target = figure.bounding_box()["height"], (2, 5, 2)
    figure.get_by_role("combobox").select_option(label=influence.NAMES[net])
    assert figure.locator(".opat-said").inner_text() == who.found[net]["said"]
    cells = [
        figure.get_by_role("grid", name=f"{name} values").get_by_role("gridcell")
        for name in ("red", "green", "blue")
    ]
    cells[2].nth(2 * 8 + 5).click()
    number = np.ravel_multi_index(target, influence.SHAPE)
    kinds = who.kinds(net)[number].reshape(48, 3)
    for colour in range(3):
        labels = cells[colour].evaluate_all("all => all.map(e => e.ariaLabel.split(': ')[1])")
        shown = [LEAK if one == "target" else WORDS[one] for one in labels]
        wanted = kinds[:, colour].copy()
        wanted[21 if colour == 2 else slice(0, 0)] = LEAK  # the target, which is named as such
        assert shown == wanted.tolist()
    words = figure.get_by_role("status").inner_text()
    assert f"blue at row 2, column 5: it sees {(kinds == SEEN).sum()} of the {number} " in words
    count = (kinds == LEAK).sum()
    assert (f"{count} leak" if count else "no leak") in words
    assert figure.bounding_box()["height"] == height


@NEEDED
def test_keys_choose_a_target_and_read_the_kinds(tab, who):
    figure = open_figure(tab, who)
    status = figure.get_by_role("status")
    green = figure.get_by_role("grid", name="green values").get_by_role("gridcell")
    green.first.focus()
    for key in ("ArrowDown", "End", "Enter"):
        tab.keyboard.press(key)
    assert status.inner_text().startswith("Target green at row 1, column 7")
    assert green.nth(15).get_attribute("aria-selected") == "true"
    tab.keyboard.press("Home")
    assert status.inner_text() == "Green at row 1, column 0: past but unseen."
    tab.keyboard.press("ArrowDown")
    assert status.inner_text() == "Green at row 2, column 0: future."
