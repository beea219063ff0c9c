"""Every built page in Chromium and in Firefox: buttons work, predictions are kept, nothing fails."""

import browser
import firefox
import pytest
from test_page import PAGES

WIDTHS = [1280, 360]
ASKING = [page for page in PAGES if "data-predict=" in page.read_text(encoding="utf-8")]
# The next button of a live figure that has not been pressed: its name, and where it is.
NEXT = """pressed => {
  for (const [number, figure] of document.querySelectorAll("[data-live], [data-predict]").entries())
    for (const button of figure.querySelectorAll("button:enabled")) {
      const name = `${number}: ${button.getAttribute("aria-label") ?? button.textContent}`;
      if (pressed.includes(name) || !button.checkVisibility()) continue;
      button.scrollIntoView({ block: "center", behavior: "instant" });
      const box = button.getBoundingClientRect();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      return { name, x, y, free: button.contains(document.elementFromPoint(x, y)) };
    }
  return null;
}"""
# How many figures still sleep, after ten seconds of frames at the most: heavy ones come late.
ASLEEP = """async () => {
  const asleep = () => document.querySelectorAll(
    ":is([data-live], [data-predict]):not([data-alive])").length;
  for (let frame = 0; frame < 600 && asleep(); frame++) await new Promise(requestAnimationFrame);
  return asleep();
}"""
CHILDREN = {
    "msub": 2,
    "msup": 2,
    "mfrac": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
ODD = """count => Object.entries(count).flatMap(([name, children]) =>
  [...document.querySelectorAll(name)].filter(one => one.children.length !== children))
  .map(one => one.outerHTML)"""
# Firefox says it of a formula that it draws before it has read the whole of it; ODD tests the whole.
HALF_READ = "Invalid markup: Incorrect number of children for <"
SETTLE = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
FIRST = "document.querySelector('[data-predict]')"
KEPT = f"() => [{FIRST}.querySelector('details').open, {FIRST}.querySelector('[role=status]').textContent]"

pytestmark = pytest.mark.slow


@pytest.fixture(
    params=[
        pytest.param("chromium", marks=browser.NEEDED),
        pytest.param("firefox", marks=firefox.NEEDED),
    ]
)
def page(request):
    """A fresh page of one of the browsers; the test fails if the page asks another host or fails."""
    kind = {"chromium": browser, "firefox": firefox}[request.param]
    with kind.watched_page(request.getfixturevalue(request.param)) as page:
        yield page
        assert [error for error in page.errors if HALF_READ not in error] == []
        assert page.evaluate(ODD, CHILDREN) == []
        assert page.outside == []


def open_page(page, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path.as_uri(), wait_until="load")
    assert page.evaluate(ASLEEP) == 0


def reload(page):
    page.reload(wait_until="load")
    assert page.evaluate(ASLEEP) == 0  # a prediction is shown again once its figure is alive


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_button_of_every_figure_can_be_pressed(page, path, width):
    open_page(page, path, width)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    pressed = []
    while button := page.evaluate(NEXT, pressed):
        assert button["free"], f"something lies over {button['name']}"
        page.mouse.click(button["x"], button["y"])
        page.evaluate(SETTLE)
        pressed.append(button["name"])
        assert len(pressed) < 200, "buttons change their names without end"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ASKING, ids=lambda path: path.stem)
def test_a_prediction_made_by_keyboard_is_kept(page, path, width):
    open_page(page, path, width)
    page.evaluate(f"() => {FIRST}.querySelector('input').focus()")
    for key in ("ArrowDown", "Tab", "Tab", "Enter"):  # the second choice, fairly sure
        page.keyboard.press(key)
    choice = page.evaluate(f"() => {FIRST}.querySelectorAll('li')[1].textContent")
    unfolded, said = page.evaluate(KEPT)
    assert unfolded and said.endswith(f"You chose “{choice}” and were fairly sure.")
    reload(page)
    assert page.evaluate(KEPT) == [unfolded, said]
    page.evaluate(f"() => {FIRST}.querySelector(':scope > button').focus()")
    page.keyboard.press("Enter")
    assert page.evaluate(KEPT) == [False, ""]
    reload(page)
    assert page.evaluate(KEPT) == [False, ""]
