"""The six questions: the library's masks answer them, and only once the reader has."""

import numpy as np
from browser import NEEDED, open_figure

from pixelcnn_lib import masks
from pixelcnn_lib.teach import live
from pixelcnn_lib.teach.live.questions import ASKED

# Question 1 to 6, by hand: what the centres of R, G and B are.
CENTRES = ["000", "100", "110", "100", "110", "111"]


def answers(number):
    """The 27 cells of a question by hand, in the order row, column, colour."""
    return "1" * 9 + "111" + CENTRES[number] + "000" + "0" * 9


def cells(figure, colour):
    return figure.get_by_role("grid", name=f"{colour} of").get_by_role("gridcell")


def choose(figure, wanted):
    for n, one in enumerate(wanted):
        if one == "1":
            cells(figure, ("red", "green", "blue")[n % 3]).nth(n // 3).click()


def test_the_answers_are_those_of_the_library():
    asked = live.MaskQuestions().asked
    for number, (mask_type, target) in enumerate(ASKED):
        pattern = masks.colour_pattern(3, mask_type)[..., target]  # (3, 3, colours)
        assert asked[number]["seen"] == "".join(str(int(one)) for one in pattern.ravel())
        assert asked[number]["seen"] == answers(number)


def test_every_reason_agrees_with_its_mask():
    figure = live.MaskQuestions()
    for question in figure.asked:
        for seen, said in zip(question["seen"], question["said"], strict=True):
            assert said.startswith("Seen" if seen == "1" else "Hidden")


@NEEDED
def test_an_answer_shows_only_when_one_is_given(tab):
    figure = open_figure(tab, live.MaskQuestions(), width=360)
    height = figure.bounding_box()["height"]
    status, check = figure.get_by_role("status"), figure.get_by_role("button", name="Check")
    check.click()
    assert status.inner_text().startswith("Choose first")
    for number in range(6):
        assert f"{number + 1} of 6" in figure.locator(".opat-ask").inner_text()
        assert figure.locator("[data-kind=future]").count() == 0
        choose(figure, answers(number))
        chosen = answers(number).count("1")
        assert figure.locator("[aria-selected=true]").count() == chosen
        assert status.inner_text() == f"{chosen} cells chosen."
        check.click()
        assert status.inner_text().startswith("All 27 right")
        assert figure.locator("[data-kind=seen]").count() == chosen
        assert figure.locator("[data-kind=future]").count() == 27 - chosen
        assert figure.bounding_box()["height"] == height
        figure.get_by_role("button", name="Next" if number < 5 else "Start again").click()
    assert "1 of 6" in figure.locator(".opat-ask").inner_text()


@NEEDED
def test_a_wrong_check_names_one_cell_and_lets_try_again(tab):
    figure = open_figure(tab, live.MaskQuestions(), width=360)
    height = figure.bounding_box()["height"]
    status, check = figure.get_by_role("status"), figure.get_by_role("button", name="Check")
    reveal = figure.get_by_role("button", name="Show answer")
    assert not reveal.is_visible()
    choose(figure, answers(1))  # question 1 wants one cell less
    check.click()
    told = "One cell is wrong. The first is framed: red, row 1, column 1. Try again."
    assert status.inner_text() == told
    assert figure.locator("[data-wrong]").count() == 1
    assert cells(figure, "red").nth(4).get_attribute("aria-label").endswith(", wrong")
    assert figure.locator("[data-kind=future]").count() == 0
    assert reveal.is_visible()
    assert figure.bounding_box()["height"] == height
    cells(figure, "red").nth(4).click()
    assert figure.locator("[data-wrong]").count() == 0
    check.click()
    assert status.inner_text().startswith("All 27 right")


@NEEDED
def test_a_mistake_is_marked_and_explained_by_keyboard(tab):
    figure = open_figure(tab, live.MaskQuestions())
    status = figure.get_by_role("status")
    right = np.array(list(answers(0)))
    tab.keyboard.press("Tab")
    for row, keys in enumerate([["Space", "ArrowRight", "Enter"], []]):  # red: two of four cells
        for key in keys:
            tab.keyboard.press(key)
        assert row or status.inner_text() == "2 cells chosen."
    figure.get_by_role("button", name="Check").focus()
    tab.keyboard.press("Enter")
    figure.get_by_role("button", name="Show answer").press("Enter")
    assert figure.locator("[data-wrong]").count() == (right == "1").sum() - 2
    assert "you chose otherwise" in cells(figure, "red").nth(2).get_attribute("aria-label")
    assert status.inner_text().startswith(
        "17 of 27 right; you chose the framed ones otherwise. G, row 0, column 0. Seen: the rows above"
    )
    summary = status.inner_text()
    cells(figure, "green").nth(4).hover()
    assert status.inner_text().startswith("G, row 1, column 1.")
    figure.locator(".opat-ask").hover()
    assert status.inner_text() == summary
    cells(figure, "red").nth(4).focus()
    assert "Hidden: red of this pixel is the value to be predicted." in status.inner_text()
    figure.get_by_role("button", name="Back").click()
    assert figure.locator("[aria-selected=true]").count() == 2
