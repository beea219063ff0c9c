"""What every live figure promises: one bundle, the same bytes, at home in a page and in Jupyter."""

import copy
import re

import pytest
from browser import NEEDED, open_figure, watched_page
from IPython.core.interactiveshell import InteractiveShell
from legible import check_figures
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

import chapters
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live import base

BUILT = [name for name, file in live.FIGURES.items() if (base.FOLDER / f"{file}.py").exists()]


@pytest.fixture(params=BUILT)
def figure(request):
    return getattr(live, request.param)()


def test_a_display_holds_all_renderings(figure):
    data, _ = InteractiveShell.instance().display_formatter.format(figure)
    assert set(data) == {
        "application/vnd.jupyter.widget-view+json",
        base.STORED,
        "image/png",
        "text/html",
        "text/plain",
    }
    assert data["text/plain"] == f"{type(figure).__name__}: {figure.title}"
    with pytest.raises(NotImplementedError):  # else ipywidgets 7 shows the live view alone
        figure._ipython_display_()


def test_the_html_is_the_same_every_time(figure):
    assert figure.to_html() == type(figure)().to_html()


def test_a_notebook_stores_the_picture_and_what_the_html_is_made_of(figure):
    data, _ = figure._repr_mimebundle_()
    output = new_output("display_data", data)
    kept = chapters.normalise_output(copy.deepcopy(output), "What it shows.")
    assert set(kept.data) == {base.STORED, "image/png", "text/plain"}
    assert kept.metadata["image/png"] == {"alt": "What it shows."}
    assert kept.data["text/plain"] == "What it shows."  # VS Code's alt text
    assert chapters.normalise_output(copy.deepcopy(kept), "What it shows.") == kept
    assert base.to_html(**kept.data[base.STORED]) == data["text/html"]


def test_nbconvert_shows_a_stored_figure_as_a_picture_with_its_description():
    figure = live.Sweep()
    output = new_output("display_data", figure._repr_mimebundle_()[0])
    chapters.normalise_output(output, "Pixels.")
    notebook = new_notebook(cells=[new_code_cell("live.Sweep()", outputs=[output])])
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert re.search(r'<img alt="Pixels\."[^>]* src="data:image/png', page)
    assert "data-live" not in page


def test_the_fallback_speaks_without_script_and_style(figure):
    assert not re.search("<(script|style|img)", figure.fallback())
    assert len(figure.fallback().split()) > 5


def test_the_still_picture_s_words_are_large_enough_on_a_phone(figure):
    figure.still()
    check_figures()


@NEEDED
@pytest.mark.parametrize("width", [1280, 360])
def test_two_of_a_kind_come_alive_and_reserve_their_height(tab, figure, width):
    open_figure(tab, figure, type(figure)(), width=width)
    reserved = figure.heights[width < 600]
    for index in range(2):
        root = tab.locator(".opat").nth(index)
        assert root.locator(".opat-title").inner_text() == figure.title
        assert root.bounding_box()["height"] == pytest.approx(reserved, abs=1), "mend `heights`"
    ids = tab.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@NEEDED
def test_without_script_the_fallback_shows(chromium, figure):
    with watched_page(chromium, java_script_enabled=False) as page:
        open_figure(page, figure)
        assert page.locator(".opat").inner_text().startswith(figure.title)


@NEEDED
def test_every_control_has_a_name_and_a_visible_focus(tab, figure):
    root = open_figure(tab, figure)
    count = root.locator("button:enabled, input, select, [tabindex='0']").count()
    assert count > 0
    for _ in range(count):
        tab.keyboard.press("Tab")
        focused = tab.locator(":focus")
        if not focused.count():
            break
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
        snapshot = focused.aria_snapshot()
        assert re.search(r'"|: ', snapshot), f"a control without a name: {snapshot}"


def test_asks_for_a_figure_that_there_is():
    with pytest.raises(AttributeError, match="MaskQuestions"):
        live.MaskQuestion  # noqa: B018
