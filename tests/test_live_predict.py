"""Predictions: commit, see the answer unfold, find it kept; without scripts and on paper all shows."""

import re
from html.parser import HTMLParser
from pathlib import Path

import axe_playwright_python
import pytest
from browser import HTML, NEEDED, open_chapter, open_figure, watched_page
from IPython.core.interactiveshell import InteractiveShell

from pixelcnn_lib.teach import exercises
from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.live.predict import Predict, marked

ALL = [
    one
    for number in exercises.CHAPTERS
    for one in exercises.chapter(number).values()
    if isinstance(one, Prediction)
]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
QUESTION = exercises.find("3.q1")  # 2, 3 or 4: it is 4


@pytest.fixture
def figure():
    return Predict(QUESTION, {})


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
def test_every_choice_has_a_reply_and_one_is_right(question):
    assert len(question.choices) >= 2
    wrong = {
        choice: reply for choice, reply in question.choices.items() if choice != question.right
    }
    assert all(reply.endswith((".", "?")) for reply in wrong.values())
    assert question.asks.rstrip(".)").count("?") >= 1 and question.why.endswith((".", ")"))


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
def test_the_html_holds_every_word_once_and_is_small(question):
    figure = Predict(question, {})
    assert figure.to_html() == Predict(question, {"choice": question.right}).to_html()
    assert len(figure.to_html()) - len(figure.page) < 6000
    words = []
    parser = HTMLParser()
    parser.handle_data = words.append
    parser.feed(figure.page)
    told = "".join(words)
    for text in (question.asks, *filter(None, question.choices.values())):
        assert told.count(text.replace("`", "")) == 1
    assert not re.search("<(script|style|img)", figure.page)


def test_backticks_mark_code_and_nothing_else_is_markup():
    assert marked("a < b, `x * y`") == "a &lt; b, <code>x * y</code>"


def test_a_display_holds_the_live_view_the_page_and_words(figure):
    data, _ = InteractiveShell.instance().display_formatter.format(figure)
    live = "application/vnd.jupyter.widget-view+json"
    assert set(data) == {live, "text/html", "text/plain"}
    assert data["text/plain"].startswith("Predict: 3.q1 An image has one row")


def answer(root):
    return root.locator("details")


def is_open(root):
    return answer(root).evaluate("one => one.open")


@NEEDED
def test_commits_by_keyboard_unfolds_and_can_be_taken_back(tab, figure):
    root = open_figure_of(tab, figure)
    assert not is_open(root)
    assert root.get_by_role("radiogroup").get_attribute("aria-labelledby")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # a commit without a choice
    assert root.get_by_role("status").inner_text() == "First choose an answer."
    root.get_by_role("radio").first.focus()
    tab.keyboard.press("ArrowDown")
    assert root.get_by_role("radio", name="3").is_checked()
    for key in ("Tab", "Tab", "Enter"):  # fairly sure
        tab.keyboard.press(key)
    assert is_open(root)
    assert root.get_by_role("status").inner_text() == "✗ No. You chose “3” and were fairly sure."
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert "4. For the output at column 4, the left tap" in answer(root).inner_text()
    assert root.get_by_role("radio", name="4").is_disabled()
    again = root.get_by_role("button", name="Predict again")
    again.press("Enter")
    assert not is_open(root) and not again.is_visible()
    assert tab.evaluate("document.activeElement.type") == "radio"
    assert root.locator(":checked").count() == 0


def open_figure_of(page, figure, **options):
    open_figure(page, figure, **options)
    return page.locator(".opat-predict").first


@NEEDED
@pytest.mark.parametrize("width, theme", [(1280, "light"), (360, "light"), (360, "dark")])
def test_fits_and_axe_finds_no_violation(tab, figure, width, theme):
    root = open_figure_of(tab, figure, width=width, theme=theme)
    tab.evaluate(AXE)
    for button in root.get_by_role("radio").all():
        assert button.evaluate("one => one.parentElement.offsetHeight") >= 32
    for before in (True, False):
        report = tab.evaluate("axe.run(document, { elementRef: false })")
        assert [rule["id"] for rule in report["violations"]] == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        if before:
            root.get_by_text("4", exact=True).first.click()
            root.get_by_role("button", name="sure (90 %)", exact=True).click()
    assert root.get_by_role("status").inner_text() == "✓ Right. You chose “4” and were sure."


@NEEDED
def test_works_where_the_storage_is_blocked(chromium, figure):
    with watched_page(chromium) as page:
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
        )
        root = open_figure_of(page, figure)
        root.get_by_text("4", exact=True).first.click()
        root.get_by_role("button", name="unsure").click()
        assert is_open(root) and page.errors == []
        root.get_by_role("button", name="Predict again").click()
        assert not is_open(root)


@NEEDED
@pytest.mark.parametrize("text", ["", "[1", "7", '{"choice": "5", "sure": 90}', '{"choice": "4"}'])
def test_what_it_cannot_read_counts_as_open(tab, figure, text):
    tab.add_init_script(f"localStorage.setItem('one-pixel-at-a-time/3.q1', {text!r})")
    assert not is_open(open_figure_of(tab, figure))


@NEEDED
def test_without_scripts_the_answer_is_folded_and_there_is_nothing_to_press(chromium, figure):
    with watched_page(chromium, java_script_enabled=False) as page:
        root = open_figure_of(page, figure)
        assert root.locator("input, button").count() == 0
        assert [one.inner_text() for one in root.locator("> ul > li").all()] == ["2", "3", "4"]
        assert not root.get_by_text("The left tap").is_visible()
        root.locator("summary").click()
        assert root.get_by_text("the left tap lies on column 3").is_visible()


# in the built pages


@pytest.fixture
def chapter(chromium):
    """Chapter 3 as built, without network; its first prediction is 3.q1."""
    with watched_page(chromium, reduced_motion="reduce") as page:
        open_chapter(page, "03_masked_convolution")
        yield page
        assert page.errors == []


def commit(page, id, choice, sure):
    root = page.locator(f'[data-predict="{id}"]')
    root.get_by_role("radio", name=choice, exact=True).check()
    root.get_by_role("button", name=f"({sure} %)").click()


def results(page):
    """Which of the folded results of the page are open."""
    return page.eval_on_selector_all("main details.below-input", "all => all.map(one => one.open)")


@NEEDED
def test_the_page_covers_results_until_the_reader_commits_and_keeps_the_answer(chapter):
    folded = results(chapter)
    assert len(folded) == 3 and not any(folded)
    covered = chapter.locator("main details.below-input > summary").first
    assert covered.inner_text().strip() == "Predict first, or show the result"
    assert not chapter.locator("table.tally").is_visible()
    commit(chapter, "3.q1", "4", 90)
    commit(chapter, "3.q3", "12", 70)
    assert results(chapter) == [True, False, True]
    tally = chapter.locator("table.tally")
    rows = [row.inner_text().split() for row in tally.locator("tbody tr").all()]
    assert rows == [
        ["50", "%", "–", "–"],
        ["70", "%", "0", "of", "1", "0", "of", "1"],
        ["90", "%", "1", "of", "1", "1", "of", "1"],
    ]
    chapter.reload(wait_until="load")
    assert results(chapter) == [True, False, True]
    said = chapter.locator('[data-predict="3.q1"] [role=status]').inner_text()
    assert said == "✓ Right. You chose “4” and were sure."
    chapter.locator('[data-predict="3.q1"]').get_by_role("button", name="Predict again").click()
    assert results(chapter) == [False, False, True]
    open_chapter(chapter, "04_residual_block")  # the book's other chapters count as well
    cells = chapter.locator("table.tally tbody td").all_inner_texts()
    assert cells == ["–", "–", "–", "0 of 1", "–", "–"]


@NEEDED
def test_in_print_every_prediction_is_answered_and_its_result_shows(chapter):
    chapter.emulate_media(media="print")
    chapter.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(results(chapter))
    for root in chapter.locator("[data-predict]").all():
        assert answer(root).locator("p").first.is_visible()
        assert not root.locator("button:visible, input:visible").count()


@NEEDED
def test_without_scripts_the_page_folds_the_results(chromium):
    with watched_page(chromium, java_script_enabled=False) as page:
        open_chapter(page, "03_masked_convolution")
        assert not any(results(page))
        page.locator("main details.below-input > summary").first.click()
        assert results(page) == [True, False, False]


def test_every_chapter_has_its_predictions():
    for path in sorted((HTML / "chapters").glob("[01]*.html")):
        number = int(path.stem[:2])
        asked = [one.id for one in ALL if one.id.startswith(f"{number}.")]
        assert re.findall('data-predict="([^"]+)"', path.read_text(encoding="utf-8")) == asked
