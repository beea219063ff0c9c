"""Follow the colours: the paths are the library's, and a reader can follow each of them."""

import numpy as np
import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import masks
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import follow

PLACES = list(np.ndindex(*follow.SHAPE))


@pytest.mark.parametrize("name", follow.LAYERS)
def test_a_value_reaches_a_prediction_if_there_is_a_path(name):
    first, second = (follow.connections(layer) for layer in follow.LAYERS[name])
    reached = (second.astype(int) @ first.astype(int)) > 0  # (predictions, values)
    kinds = follow.kinds(name)
    np.testing.assert_array_equal(reached, np.isin(kinds, [masks.SEEN, masks.LEAK]))
    for target, source in np.ndindex(9, 9):
        lawful = masks.may_see(PLACES[target], PLACES[source])
        assert (kinds[target, source] in (masks.SEEN, masks.UNSEEN)) == lawful
    state = live.FollowTheColours().states[name]
    assert state["layers"][0][5] == "".join(map(str, first[5].astype(int)))
    assert state["kinds"][5] == "".join(map(str, kinds[5]))


def test_only_a_then_b_is_right():
    count = {name: np.bincount(follow.kinds(name).ravel(), minlength=4) for name in follow.LAYERS}
    assert count["A, then B"].tolist() == [45, 36, 0, 0]
    assert count["B, then B"][masks.LEAK] == 9  # each value sees itself, and no later one
    assert np.diag(follow.kinds("B, then B")).tolist() == [masks.LEAK] * 9
    missing = np.argwhere(follow.kinds("A, then A") == masks.UNSEEN).tolist()
    assert [4, 3] in missing  # green does not see its own pixel's red
    assert [3, 2] in missing  # nor red the left pixel's blue
    assert count["A, then A"][masks.LEAK] == 0
    assert count["no mask"].tolist() == [0, 36, 0, 45]


@NEEDED
def test_the_left_blue_arrives_through_the_pixel_s_own_features(tab):
    figure = open_figure(tab, live.FollowTheColours())
    words, cells = figure.get_by_role("status"), figure.get_by_role("gridcell")
    arrows = figure.locator(".opat-arrows path")
    assert words.inner_text() == (
        "Target: the middle pixel's red. Paths lead to it from the left pixel's red, green and blue. "
        "No leak."
    )
    assert arrows.count() == 3 + 6
    cells.nth(18 + 2).click()
    told = "The left pixel's blue reaches the target by one path: through the middle pixel's red "
    assert words.inner_text() == f"{told}features."
    assert arrows.count() == 2
    cells.nth(18 + 2).click()  # again: all arrows
    assert arrows.count() == 9
    cells.nth(18 + 3).click()
    told = "The middle pixel's red has no path to the target: it is the value to be predicted."
    assert words.inner_text() == told
    assert arrows.count() == 0


@NEEDED
def test_keys_lead_to_a_target_a_feature_and_another_mask(tab):
    figure = open_figure(tab, live.FollowTheColours())
    words = figure.get_by_role("status")
    figure.get_by_role("gridcell").first.focus()
    for key in ["ArrowRight"] * 4 + ["Enter"]:
        tab.keyboard.press(key)
    assert "Target: the middle pixel's green. Paths lead to it from" in words.inner_text()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Space")
    assert words.inner_text() == (
        "The middle pixel's green features are computed from the left pixel's red, green and blue, "
        "and the middle pixel's red. They feed the target."
    )
    figure.get_by_role("radio", name="A, then A").check()
    assert words.inner_text().endswith("They do not feed the target.")
    tab.keyboard.press("ArrowLeft")
    assert figure.get_by_role("radio", name="B, then B").is_checked()


@NEEDED
@pytest.mark.parametrize(
    "name, told",
    [
        ("B, then B", "Leak: paths also lead from itself."),
        ("A, then A", "No leak. Missing: no path from the left pixel's blue."),
        ("no mask", "from itself and from the middle pixel's green and blue, and the"),
    ],
)
def test_says_which_path_a_wrong_mask_opens(tab, name, told):
    figure = open_figure(tab, live.FollowTheColours())
    figure.get_by_role("radio", name=name).check()
    assert told in figure.get_by_role("status").inner_text()
    leaking = figure.locator(".opat-arrows .opat-leaking").count()
    assert bool(leaking) == (name != "A, then A")


@NEEDED
def test_arrows_end_at_the_middle_of_their_cells(tab):
    figure = open_figure(tab, live.FollowTheColours(), width=360)
    figure.get_by_role("gridcell").nth(18 + 2).click()
    path = figure.locator(".opat-arrows path").last  # of layer 1: from the left blue
    svg = figure.locator(".opat-arrows svg").last.bounding_box()
    start = svg["x"] + float(path.get_attribute("d")[1:].split()[0])
    cell = figure.get_by_role("gridcell").nth(18 + 2).bounding_box()
    assert start == pytest.approx(cell["x"] + cell["width"] / 2, abs=1.5)
