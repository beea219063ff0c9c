"""What every live figure promises: one bundle, the same bytes, at home in a page and in Jupyter."""

import copy
import re
from functools import cache
from unittest import mock

import pytest
from browser import FIGURE_PAGE, NEEDED, open_figure, watched_page
from IPython.core.interactiveshell import InteractiveShell
from legible import check_figures
from nbformat.v4 import new_output

import chapters
from pixelcnn_lib.teach import live, stored

CONTROLS = "button:enabled, input:enabled, select, [tabindex='0']"
every = pytest.mark.parametrize("name", live.FIGURES)


@cache
def figure_of(name):
    return getattr(live, name)()


@every
def test_a_kernel_and_a_notebook_hold_the_same_renderings(name):
    figure = figure_of(name)
    drawn = figure.still()
    check_figures()  # the words of the still picture are large enough on a phone
    with mock.patch.object(type(figure), "still", return_value=drawn):
        data, _ = InteractiveShell.instance().display_formatter.format(figure)
    kinds = {"image/png", "text/html", "text/plain", "application/vnd.jupyter.widget-view+json"}
    assert set(data) == kinds
    assert data["text/plain"] == f"{name}: {figure.title}"
    assert data["text/html"] == getattr(live, name)().to_html()
    with pytest.raises(NotImplementedError):  # else ipywidgets 7 shows the live view alone
        figure._ipython_display_()
    kept = chapters.normalise_output(new_output("display_data", data), "What it shows.")
    assert set(kept.data) == {"image/png", "text/plain"}
    assert kept.metadata["image/png"] == {"alt": "What it shows."}
    assert kept.data["text/plain"] == "What it shows."  # VS Code's alt text
    assert chapters.normalise_output(copy.deepcopy(kept), "What it shows.") == kept


def test_a_page_makes_the_call_of_a_figure_again():
    html = live.Train(masked=False).to_html()
    assert stored.html_of("live.Train(masked=False)") == html
    assert stored.html_of("x = prices(model)\nlive.Train(x, masked=False)") == html
    with pytest.raises(ValueError):  # rather than a page with another figure than the notebook's
        stored.html_of("live.Train(masked=x)")
    for source in ("check('1.1', live.x)", "figures.Train()", "x = live.Train()", "print(1)", ""):
        assert stored.html_of(source) is None


@NEEDED
@every
def test_in_a_page_it_comes_alive_reserves_its_height_and_obeys_the_keyboard(tab, name):
    figure = figure_of(name)
    for width in (360, 1280):
        open_figure(tab, figure, figure, width=width)
        for root in tab.locator(".opat").all():
            assert root.locator(".opat-title").inner_text() == figure.title
            reserved = figure.heights[width < 600]
            height = root.bounding_box()["height"]
            assert height == pytest.approx(reserved, abs=1), "correct `heights`"
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    ids = tab.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    count = tab.locator(".opat").first.locator(CONTROLS).count()
    assert count > 0
    for _ in range(count):
        tab.keyboard.press("Tab")
        focused = tab.locator(":focus")
        if not focused.count():
            break  # radio buttons of one name are one stop
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
        snapshot = focused.aria_snapshot()
        assert re.search(r'"|: ', snapshot), f"a control without a name: {snapshot}"


@NEEDED
def test_without_script_the_fallback_shows(chromium):
    with watched_page(chromium, java_script_enabled=False) as page:
        open_figure(page, *map(figure_of, live.FIGURES))
        shown = page.locator(".opat").all_inner_texts()
    for figure, text in zip(map(figure_of, live.FIGURES), shown, strict=True):
        assert text.startswith(figure.title)
        assert not re.search("<(script|style|img)", figure.fallback())
        assert len(figure.fallback().split()) > 5


@NEEDED
def test_after_the_reader_comes_back_the_controls_agree_with_the_picture(tab, tmp_path):
    path = tmp_path / "figure.html"
    html = figure_of("ReceptiveField").to_html()
    path.write_text(FIGURE_PAGE.format(theme="light", figures=html), encoding="utf-8")
    tab.goto(path.as_uri())
    tab.get_by_role("slider").fill("3")
    before = tab.get_by_role("status").inner_text()
    tab.goto("about:blank")
    tab.go_back()
    assert tab.get_by_role("status").inner_text() != before  # the page begins anew
    assert tab.get_by_role("slider").input_value() == "6"
