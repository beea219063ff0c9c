"""The nine kernels that the reader draws, held against the library's mask."""

import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import masks
from pixelcnn_lib.teach import live

AFTER = {"A": " Now draw mask B.", "B": ""}
NAMES = ("red", "green", "blue")


def cell(figure, row, col, source, target):
    kernel = figure.get_by_role("grid", name=f"Kernel from {NAMES[source]} to {NAMES[target]}")
    return kernel.get_by_role("gridcell").nth(row * 3 + col)


def test_the_masks_are_those_of_the_library():
    figure = live.ColourMasks()
    for mask_type in "AB":
        pattern = masks.colour_pattern(3, mask_type).ravel()
        told = figure.told[mask_type]
        assert told["seen"] == "".join(str(int(one)) for one in pattern)
        for seen, said in zip(pattern, told["said"], strict=True):
            assert figure.sentences[said].startswith("Seen" if seen else "Hidden")


@NEEDED
@pytest.mark.parametrize("mask_type, right", [("A", 39), ("B", 42)])
def test_a_mask_is_drawn_by_clicking_and_checked(tab, mask_type, right):
    figure = open_figure(tab, live.ColourMasks(), width=360)
    height = figure.bounding_box()["height"]
    status, check = figure.get_by_role("status"), figure.get_by_role("button", name="Check")
    figure.get_by_role("radio", name=f"{mask_type},").check()
    for place in [(0, 0), (0, 1), (0, 2), (1, 0)]:
        cell(figure, *place, 0, 0).click()
    figure.get_by_role("button", name="Copy").click()
    assert status.inner_text() == f"Mask {mask_type}: 36 of 81 weights chosen."
    check.click()
    wrong = right - 36
    first = "red to green" if mask_type == "A" else "red to red"
    assert status.inner_text().startswith(
        f"{81 - wrong} of 81 right, {wrong} missing, 0 too many. "
        f"From {first}, row 1, column 1: should be 1. Seen: "
    )
    assert figure.locator("[data-wrong]").count() == wrong
    assert figure.get_by_role("gridcell", name="row 1, column 1: wrong").count() == wrong
    for source, target in zip(*masks.colour_rule(mask_type).nonzero(), strict=True):
        cell(figure, 1, 1, source, target).hover()
        pair = f"From {NAMES[source]} to {NAMES[target]}, row 1, column 1: should be 1."
        assert status.inner_text().startswith(pair)
        cell(figure, 1, 1, source, target).click()
        wrong -= 1
        assert figure.locator("[data-wrong]").count() == wrong  # a mark lasts until it is corrected
    check.click()
    assert status.inner_text() == f"All 81 right: this is mask {mask_type}.{AFTER[mask_type]}"
    assert figure.bounding_box()["height"] == height


@NEEDED
def test_keys_draw_and_clear(tab):
    figure = open_figure(tab, live.ColourMasks())
    cell(figure, 0, 0, 0, 0).focus()
    for key in ("ArrowDown", "End", "Enter", "ArrowRight", "Space"):
        tab.keyboard.press(key)  # (1, 2): on, and off again
    assert figure.locator("[aria-selected=true]").count() == 0
    tab.keyboard.press("Space")
    assert cell(figure, 1, 2, 0, 0).get_attribute("aria-selected") == "true"
    figure.get_by_role("button", name="Clear").press("Enter")
    assert figure.get_by_role("status").inner_text() == "Mask A: 0 of 81 weights chosen."


@NEEDED
def test_the_mouse_paints_across_kernels(tab):
    figure = open_figure(tab, live.ColourMasks())
    cell(figure, 0, 1, 0, 0).hover()
    tab.mouse.down()
    for place in [(0, 2, 0, 0), (0, 0, 0, 1), (0, 1, 0, 1)]:
        cell(figure, *place).hover()
    tab.mouse.up()
    for place in [(0, 1, 0, 0), (0, 2, 0, 0), (0, 0, 0, 1), (0, 1, 0, 1)]:
        assert cell(figure, *place).get_attribute("aria-selected") == "true"
    assert figure.locator("[aria-selected=true]").count() == 4
