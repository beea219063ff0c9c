"""The map of the family says what the table below it says, and fits a phone."""

import re
from itertools import combinations
from pathlib import Path

import family
import pytest
from browser import FIGURE_PAGE, NEEDED

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "book" / "family.md").read_text(encoding="utf-8")
STYLE = (ROOT / "book" / "_static" / "book.css").read_text(encoding="utf-8")
SAID = {name: f"{changed} {here}" for _, name, changed, here in family.ROW.findall(TEXT)}


def test_each_network_of_the_table_is_drawn_with_its_year():
    boxes = re.findall(r'<g class="(here|elsewhere)"><rect [^>]*/>(.*?)</g>', family.draw(TEXT))
    drawn = [(look, re.findall(r">([^<>]+)</text>", texts)) for look, texts in boxes]
    drawn = {" ".join(words[:-1]): (words[-1], look == "here") for look, words in drawn}
    assert drawn == family.rows(TEXT)
    assert {name for name, (_, here) in drawn.items() if here} >= {"PixelCNN", "Gated PixelCNN"}


def test_the_table_is_in_the_order_of_time_and_so_is_the_map():
    years = [year for year, _ in family.rows(TEXT).values()]
    assert years == sorted(years)
    for source, target in family.FROM + family.IDEAS:
        targets = [target] if isinstance(target, str) else target
        assert all(family.corner(source)[1] < family.corner(one)[1] for one in targets)


def test_each_arrow_is_said_in_words():
    assert family.draw(TEXT).count('class="tip"') == len(family.FROM + family.IDEAS)
    for source, target in family.FROM + family.IDEAS:
        if target == family.PAPER:
            words = SAID[source] + "".join(map(SAID.get, family.PAPER))
            assert source in words or "PixelRNN" in SAID[source]
        else:
            assert source in SAID[target], f"the row of {target} does not name {source}"


def test_a_network_that_only_the_table_has_is_reported():
    with pytest.raises(ValueError, match="differ in .*NADE"):
        family.draw(TEXT.replace("· NADE |", "· MADE |"))


@NEEDED
def test_on_a_phone_words_lie_in_their_boxes_and_boxes_apart(tab, tmp_path):
    page = FIGURE_PAGE.format(theme="light", figures=f"<style>{STYLE}</style>{family.draw(TEXT)}")
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    tab.set_viewport_size({"width": 344, "height": 900})  # 328 for the map, as in the book
    tab.goto((tmp_path / "map.html").as_uri())
    sides = (
        "e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] }"
    )
    boxes = []
    for group in tab.locator(".family-map g").all():
        boxes.append(group.locator("rect").evaluate(sides))
        for word in group.locator("text").all():
            left, top, right, bottom = word.evaluate(sides)
            assert boxes[-1][0] <= left and right <= boxes[-1][2], word.inner_text()
            assert boxes[-1][1] <= top + 2 and bottom <= boxes[-1][3] + 2, word.inner_text()
    for one, other in combinations(boxes, 2):
        apart = [one[n] >= other[n + 2] or other[n] >= one[n + 2] for n in (0, 1)]
        assert any(apart)
    width = tab.locator(".family-map").evaluate("e => e.getBoundingClientRect().width")
    assert 13 * width / tab.locator(".family-map").evaluate("e => e.viewBox.baseVal.width") >= 12
