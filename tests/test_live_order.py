"""The order of values: the library's own rule, told and shown; it follows clicks and keys."""

import numpy as np
from browser import NEEDED, open_figure

from pixelcnn_lib import masks
from pixelcnn_lib.teach import live


def test_each_value_may_see_what_the_library_says():
    figure = live.Order(shape=(2, 3, 3), target=(1, 0, 2))
    values = list(np.ndindex(2, 3, 3))
    for value, seen in zip(values, figure.sees, strict=True):
        assert [one == "1" for one in seen] == [masks.may_see(value, other) for other in values]
    assert values[figure.place] == (1, 0, 2)


def test_the_words_count_and_name_what_is_seen():
    words = live.Order().words
    assert words[0] == (
        "Value 1 of 75: the red of row 0, column 0. It may see nothing: 0 values. "
        "Hidden: itself, and 74 still to come."
    )
    assert words[37] == (
        "Value 38 of 75: the green of row 2, column 2. It may see rows 0 and 1 in their whole "
        "width, columns 0 and 1 of its own row and its own pixel's red: 37 values. "
        "Hidden: itself, and 37 still to come."
    )
    assert "column 0 of its own row and its own pixel's red and green: 5 values" in words[5]
    assert "row 0 in its whole width: 15 values" in words[15]
    assert "rows 0 to 3 in their whole width, columns 0 to 3 of its own row" in words[74]


def kinds(figure):
    cells = figure.get_by_role("gridcell").all()
    return [cell.get_attribute("data-kind") for cell in cells]


@NEEDED
def test_buttons_slider_and_cells_lead_to_the_same_states(tab):
    order = live.Order(target=(0, 0, 0))
    figure = open_figure(tab, order)
    words = figure.get_by_role("status")
    back, step = (figure.get_by_role("button", name=name) for name in ("Back", "Step"))
    back.click()  # there is nothing before the first
    assert kinds(figure) == ["target"] + ["future"] * 74
    step.click()
    assert kinds(figure)[:3] == ["seen", "target", "future"]
    assert words.inner_text() == order.words[1]

    figure.get_by_role("gridcell", name="blue of row 4, column 4").click()
    step.click()  # nor behind the last
    assert words.inner_text() == order.words[74]
    assert figure.get_by_role("slider").get_attribute("aria-valuetext") == "75 of 75"
    figure.get_by_role("gridcell", name="blue of row 4, column 4").focus()
    tab.keyboard.press("ArrowUp")
    assert words.inner_text() == order.words[59]
    here = figure.get_by_role("gridcell", name="blue of row 3, column 4")
    assert here.get_attribute("aria-label").endswith("to be predicted")

    figure.get_by_role("slider").focus()
    tab.keyboard.press("ArrowLeft")
    assert words.inner_text() == order.words[58]
    assert kinds(figure) == ["seen"] * 58 + ["target"] + ["future"] * 16
