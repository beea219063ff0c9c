"""Predictions: commit, see the answer unfold, find it kept; without scripts and on paper all shows."""

import re
from html.parser import HTMLParser

import pytest
from browser import HTML, NEEDED, open_chapter, open_figure
from IPython.core.interactiveshell import InteractiveShell

from pixelcnn_lib.teach import exercises
from pixelcnn_lib.teach.exercises import Prediction
from pixelcnn_lib.teach.live.predict import Predict

ALL = [one for number in exercises.CHAPTERS for one in exercises.predictions(number).values()]
QUESTION = Prediction(
    id="0.q1",
    asks="An image has one row. Into which output does the left tap take the value of column 3?",
    choices={
        "2": "There, the right tap lies on column 3.",
        "3": "There, the centre tap lies on column 3.",
        "4": None,
    },
    why="For the output at column 4, the left tap lies on column 3.",
)


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.id)
def test_a_question_is_whole_and_each_of_its_words_is_shown_once(question):
    assert question.asks.rstrip(".)").count("?") >= 1, "the question asks nothing"
    assert question.why.endswith((".", ")")), "the explanation does not end with a full stop"
    replies = {one: reply for one, reply in question.choices.items() if one != question.right}
    for choice, reply in replies.items():
        assert reply.endswith((".", "?")), f"there is no reply to {choice!r}"
    words = []
    parser = HTMLParser()
    parser.handle_data = words.append
    parser.feed(Predict(question, {}).page)
    for text in (question.asks, *replies.values()):
        assert "".join(words).count(text.replace("`", "")) == 1


def test_a_notebook_stores_the_question_without_the_answer():
    data, _ = InteractiveShell.instance().display_formatter.format(Predict(QUESTION, {}))
    live = "application/vnd.jupyter.widget-view+json"
    assert set(data) == {live, "text/html", "text/plain"}
    first, *_, last_choice, note = data["text/plain"].splitlines()
    assert first.startswith("Predict. An image has one row")
    assert (last_choice, note) == ("  - 4", "(Run this cell to answer.)")
    assert QUESTION.why not in data["text/plain"].replace("\n", " ")


def is_open(root):
    return root.locator("details").evaluate("one => one.open")


def open_question(page, **options):
    open_figure(page, Predict(QUESTION, {}), **options)
    return page.locator(".opat-predict").first


@NEEDED
def test_commits_by_keyboard_unfolds_and_can_be_taken_back(tab):
    root = open_question(tab)
    assert not is_open(root)
    assert root.get_by_role("radiogroup").get_attribute("aria-labelledby")
    for key in ("Tab", "Tab", "Enter"):  # a commit without a choice
        tab.keyboard.press(key)
    assert root.get_by_role("status").inner_text() == "First choose an answer."
    root.get_by_role("radio").first.focus()
    for key in ("ArrowDown", "Tab", "Tab", "Enter"):  # the second choice, fairly sure
        tab.keyboard.press(key)
    assert is_open(root)
    assert root.get_by_role("status").inner_text() == "✗ No. You chose “3” and were fairly sure."
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert "4. For the output at column 4, the left tap" in root.locator("details").inner_text()
    assert root.get_by_role("radio", name="4").is_disabled()
    root.get_by_role("button", name="Predict again").press("Enter")
    assert not is_open(root) and root.locator(":checked").count() == 0
    assert tab.evaluate("document.activeElement.type") == "radio"


@NEEDED
def test_a_reader_who_has_opened_the_answer_can_commit_no_more(tab):
    root = open_question(tab)
    root.get_by_text("4", exact=True).first.click()
    summary = root.locator("summary")
    for _ in range(2):  # opened, and closed again
        summary.click()
    assert not is_open(root)
    assert all(one.is_disabled() for one in root.get_by_role("radio").all())
    assert not root.get_by_role("button").all()  # none to commit, none to predict again
    assert root.get_by_role("status").inner_text().startswith("You have opened the answer")
    assert tab.evaluate("localStorage.length") == 0


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"


@NEEDED
@pytest.mark.parametrize("kept", [None, "[1", '{"choice": "5", "sure": 90}'])
def test_works_where_the_storage_is_blocked_or_cannot_be_read(tab, kept):
    key = "one-pixel-at-a-time/0.q1"
    tab.add_init_script(f"localStorage.setItem({key!r}, {kept!r})" if kept else BLOCKED)
    root = open_question(tab)
    assert not is_open(root)
    root.get_by_text("4", exact=True).first.click()
    root.get_by_role("button", name="unsure").click()
    assert is_open(root)


# in the built pages


def results(page):
    """Which of the folded results of the page are open."""
    return page.eval_on_selector_all("main details.below-input", "all => all.map(one => one.open)")


def commit(page, id, choice, sure):
    root = page.locator(f'[data-predict="{id}"]')
    root.get_by_role("radio", name=choice, exact=True).check()
    root.get_by_role("button", name=f"({sure} %)").click()


@NEEDED
def test_the_page_covers_results_until_the_reader_commits_and_keeps_the_answer(tab):
    open_chapter(tab, "12_pixelrnn")
    folded = results(tab)
    assert len(folded) > 1 and not any(folded)
    covered = tab.locator("main details.below-input > summary").first
    assert covered.inner_text().strip() == "Predict first, or show the result"
    assert not tab.locator("table.tally").is_visible()
    commit(tab, "12.q1", "a triangle above it", 90)
    assert results(tab) == [True, False, False, False]
    commit(tab, "12.q2", "1", 70)
    opened = results(tab)
    assert opened == [True, True, False, False]
    tally = tab.locator("table.tally")
    assert tally.inner_text().startswith(
        "Your predictions in all chapters: 1 of 2 right. From 10 on,"
    )
    assert not tally.locator("tr").count()
    answers = [{"choice": 0, "sure": 70 if n < 6 else 90, "right": n < 3} for n in range(8)]
    tab.evaluate(
        "all => all.forEach((one, n) => localStorage.setItem(`one-pixel-at-a-time/1.q${n}`, JSON.stringify(one)))",
        answers,
    )
    for _ in range(20):  # a busy browser writes its storage a moment later
        tab.wait_for_timeout(500)
        tab.reload(wait_until="load")
        if results(tab) == opened:
            break
    assert results(tab) == opened
    assert tally.locator("tr").all_inner_texts() == [
        "50 % sure\t–",
        "70 % sure\t3 of 7",
        "90 % sure\t1 of 3",
    ]
    said = tab.locator('[data-predict="12.q1"] [role=status]').inner_text()
    assert said == "✓ Right. You chose “a triangle above it” and were sure."
    tab.locator('[data-predict="12.q1"]').get_by_role("button", name="Predict again").click()
    assert results(tab) == [False, *opened[1:]]


def test_every_chapter_s_page_has_its_predictions():
    pages = sorted((HTML / "chapters").glob("[01]*.html"))
    assert len(pages) == len(exercises.CHAPTERS), "the book is not built: run `make book` first"
    for path in pages:
        asked = [one.id for one in ALL if one.id.startswith(f"{int(path.stem[:2])}.")]
        assert re.findall('data-predict="([^"]+)"', path.read_text(encoding="utf-8")) == asked
