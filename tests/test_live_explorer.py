"""The mask explorer: every weight as in the library's mask, with a reason that agrees."""

from itertools import product

import pytest
from browser import NEEDED, open_figure

from pixelcnn_lib import masks
from pixelcnn_lib.teach import live


@pytest.fixture(scope="module")
def explorer():
    return live.MaskExplorer()


@pytest.mark.parametrize("size, mask_type, colours", [*product((1, 3, 5, 7, 9), "AB", (1, 3))])
def test_every_weight_is_the_librarys_and_its_reason_agrees(explorer, size, mask_type, colours):
    told = explorer.told[f"{size}{mask_type}{colours}"]
    pattern = masks.colour_pattern(size, mask_type, colours).ravel()
    assert told["seen"] == "".join(str(int(one)) for one in pattern)
    for seen, said in zip(pattern, told["said"], strict=True):
        assert explorer.sentences[said].startswith("Seen" if seen else "Hidden")


def test_even_sizes_are_refused_in_the_librarys_words(explorer):
    with pytest.raises(ValueError) as error:
        masks.colour_pattern(4, "A")
    assert explorer.told["4A3"] == {"error": str(error.value)}


@NEEDED
def test_shows_what_is_chosen(tab, explorer):
    figure = open_figure(tab, explorer, width=360)
    height = figure.bounding_box()["height"]
    status, size = figure.get_by_role("status"), figure.get_by_role("slider")
    for mask_type, colours in product("AB", (1, 3)):
        figure.get_by_role("radio", name=f"{mask_type},").check()
        figure.get_by_role("radio", name=str(colours), exact=True).check()
        for number in range(1, 10):
            size.fill(str(number))
            if number % 2 == 0:
                assert "must be odd" in status.inner_text()
                continue
            pattern = masks.colour_pattern(number, mask_type, colours)
            seen = figure.locator(".opat-grid [data-kind=seen]").count()
            assert (seen, figure.get_by_role("grid").count()) == (pattern.sum(), colours**2)
            words = (
                f"Mask {mask_type}, {number}x{number}: {seen} of {pattern.size} weights are alive."
            )
            assert status.inner_text() == words
            assert figure.bounding_box()["height"] == height


@NEEDED
def test_a_weight_says_why_by_pointer_and_by_keyboard(tab, explorer):
    figure = open_figure(tab, explorer)
    status = figure.get_by_role("status")
    kernel = figure.get_by_role("grid", name="Kernel from green to red")
    kernel.get_by_role("gridcell", name="row 0, column 2").hover()
    assert status.inner_text() == (
        "Row 0, column 2, from green to red. "
        "Seen: the rows above are finished, in their whole width."
    )
    kernel.get_by_role("gridcell").first.focus()
    for key in ("ArrowDown", "ArrowRight"):
        tab.keyboard.press(key)
    assert status.inner_text() == (
        "Row 1, column 1, from green to red. Hidden: within a pixel, green comes after red."
    )
    assert tab.locator(":focus").get_attribute("aria-label") == "row 1, column 1: hidden"
    tab.keyboard.press("Tab")  # one stop for each kernel
    assert (
        tab.locator(":focus")
        .evaluate("e => e.closest('[role=grid]').ariaLabel")
        .endswith("from green to green")
    )
