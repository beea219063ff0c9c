"""The built pages in headless Chromium, from the file system, with no way out to the network."""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import axe_playwright_python
import exercise_list
import pytest
import yaml
from browser import HTML, NEEDED, watched_page

from pixelcnn_lib.teach import exercises, live

ROOT = Path(__file__).parents[1]
PAGES = sorted(page for page in HTML.glob("**/*.html") if "_static" not in page.parts)
ALONE = [page for page in PAGES if page.parent.name == "alone"]  # one figure each, to project
PAGES = [page for page in PAGES if page not in ALONE]
PAGES = [page for page in PAGES if page.stem not in ("index", "404")]  # these two stand alone
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
EXCUSED = {"region": "the logo lies above the menu's landmark"}  # what axe-core says of the theme
KILO = 1000
PICTURES = (".png", ".jpg", ".webp")
HEAVY = {"18_what_came_after": 820}  # kB: it brings a network of 500 kB, which draws in the page
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 740}

pytestmark = NEEDED


@cache
def size_of(path):
    """Bytes of a file as a server sends it: texts are gzipped."""
    return len(
        path.read_bytes() if path.name.endswith(PICTURES) else gzip.compress(path.read_bytes())
    )


@cache
def addresses_in(path):
    """The ids of a page, to which a link can lead."""
    return set(re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8", errors="ignore")))


def weight(path, loaded):
    """A first load is small."""
    paths = {Path(unquote(urlparse(one).path)) for one in loaded if one.startswith("file:")}
    texts = sum(size_of(path) for path in paths if not path.name.endswith(PICTURES))
    whole = sum(map(size_of, paths))
    most = HEAVY.get(path.stem, 600)  # kB
    if texts > (most - 40) * KILO or whole > most * KILO:
        yield f"a first load takes {texts // KILO} kB of text, {whole // KILO} kB in all"


def links(page):
    for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
        address, fragment = urldefrag(link)
        if urlparse(address).scheme == "file":
            target = Path(unquote(urlparse(address).path))
            if not target.is_file() or fragment and unquote(fragment) not in addresses_in(target):
                yield f"a link leads nowhere: {link}"


def figures(page):
    asleep = "all => all.filter(e => !e.matches('[data-alive]')).length"
    if count := page.eval_on_selector_all("[data-live], [data-predict]", asleep):
        yield f"{count} figures or questions did not start"
    named = "[aria-label], [aria-hidden=true], :has(title)"
    wordless = f"img:not([alt]), img[alt=''], main svg[role=img]:not({named})"
    for element in page.eval_on_selector_all(wordless, "all => all.map(e => e.outerHTML)"):
        yield f"a picture has no description: {element[:100]}"


def formulae(page):
    small = """all => all.map(e => e.getBoundingClientRect())
        .filter(r => Math.min(r.width, r.height) <= 2).length"""
    if count := page.eval_on_selector_all("main math", small):
        yield f"{count} formulae are not drawn"
    text = page.evaluate(
        """() => { const main = document.querySelector('main').cloneNode(true);
        main.querySelectorAll('pre, code, script, style').forEach(e => e.remove());
        return main.textContent; }"""
    )
    if found := re.search(r"\$\$|\\[a-zA-Z(\[]", text):
        yield f"LaTeX is left in the text: {found[0]}"


def layout(page):
    """In both sizes and themes nothing is wider than the window, and no code is cut."""
    cut = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length"
    for theme in ("dark", "light"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            if (width := page.evaluate("document.documentElement.scrollWidth")) > size["width"]:
                yield f"{theme}, {size['width']} pixels: the page is {width} pixels wide"
            if count := page.eval_on_selector_all("main pre", cut):
                yield f"{theme}, {size['width']} pixels: {count} pieces of code are cut"
            wide = "all => all.filter(e => e.clientWidth > innerWidth - 16).length"
            if count := page.eval_on_selector_all("main .cell_output img:not(.wide)", wide):
                yield f"{theme}, {size['width']} pixels: {count} pictures are too wide"
            small = "all => all.filter(e => e.checkVisibility() && e.clientWidth < 620).length"
            if count := page.eval_on_selector_all("main img.wide", small):
                yield f"{theme}, {size['width']} pixels: {count} pictures of faces are too small"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    end = "document.querySelector('.header-article-items__end').getBoundingClientRect().right"
    if (width := page.evaluate(end)) > PHONE["width"]:
        yield f"words twice as large: the buttons end at {width} pixels"
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(WIDE)


def head(path):
    text = path.read_text(encoding="utf-8")
    title = re.search("<title>(.+)</title>", text)[1]
    if title.count("One Pixel at a Time") != 1:
        yield f"the title is {title!r}"
    found = re.search('name="description" content="([^"]*)"', text)
    if path.stem != "search" and not (found and 30 <= len(found[1]) <= 160):
        yield "there is no description of 30 to 160 characters"


@pytest.mark.parametrize("path", PAGES or [None], ids=lambda path: path.stem if path else "none")
def test_a_page_works_in_both_sizes_and_themes(chromium, path):
    assert path, "no page is built: run `make book` first"
    with watched_page(chromium, viewport=WIDE, reduced_motion="reduce") as page:
        loaded = set()
        page.on("request", lambda request: loaded.add(urldefrag(request.url)[0]))
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_load_state("networkidle")
        problems = [*weight(path, loaded), *head(path)]
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for check in (links, figures, formulae, layout):
            problems += check(page)
        problems += [f"an error in the console: {error}" for error in page.errors]
        problems += [f"asks another host: {address}" for address in page.outside]
    if problems:
        pytest.fail("\n".join(f"{path.stem}: {one}" for one in problems), pytrace=False)


def path_of(name):
    (path,) = (path for path in PAGES if path.stem == name)
    return path


@pytest.mark.parametrize(
    "name, theme, size",
    [
        ("intro", "light", WIDE),
        ("exercises", "light", PHONE),
        ("02_masks_and_a_detective", "dark", PHONE),
        ("04_sixteen_million_colours", "light", WIDE),
    ],
)
def test_axe_finds_no_violation(chromium, name, theme, size):
    with watched_page(chromium, viewport=size, color_scheme=theme, reduced_motion="reduce") as page:
        page.goto(path_of(name).as_uri(), wait_until="load")
        page.wait_for_timeout(600)  # the theme then makes what scrolls focusable
        page.evaluate(AXE)
        rules = "{ 'label-content-name-mismatch': { enabled: true } }"  # else only an experiment
        spared = "['.highlight', '.search-button-field']"  # the theme's button shows its keys too
        report = page.evaluate(
            f"axe.run({{ exclude: {spared} }}, {{ elementRef: false, rules: {rules} }})"
        )
    found = [(rule["id"], node["html"]) for rule in report["violations"] for node in rule["nodes"]]
    assert [one for one in found if one[0] not in EXCUSED] == []


@pytest.mark.parametrize("name", ["intro", "02_masks_and_a_detective"])
def test_without_javascript_pictures_show_and_answers_open(chromium, name):
    with watched_page(chromium, java_script_enabled=False) as still:
        still.goto(path_of(name).as_uri(), wait_until="load")
        pictures = still.locator("main noscript img")
        assert pictures.count() >= still.locator("main .cell [data-live]").count()
        assert all(one.is_visible() and one.get_attribute("alt") for one in pictures.all())
        for summary in still.locator("main summary").all()[:1]:
            summary.click()
            assert summary.locator("xpath=following-sibling::*[1]").is_visible()


def test_buttons_lead_to_the_repository_once_it_has_an_address():
    url = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    page = path_of("02_masks_and_a_detective").read_text(encoding="utf-8")
    link = url.removeprefix("https://github.com/") + "/blob/"
    assert ("https://colab.research.google.com/github/" + link in page) == bool(url)
    assert ("/issues/new" in page) == ("og:image" in page) == bool(url)


def test_in_place_of_a_check_a_page_says_where_to_answer():
    page = path_of("02_masks_and_a_detective").read_text(encoding="utf-8").partition("<article")[2]
    shown = re.findall(r"<strong>(.+?)</strong> · (?:<a [^>]+>)?Answer it in the notebook", page)
    there = [one for one in exercises.chapter(2).values() if isinstance(one, exercises.Exercise)]
    assert sorted(shown) == sorted(one.title for one in there)
    assert page.count("<summary>Solution of 2.") == len(there)
    assert "○ 2." not in page and '"n">check</span><span class="p">(' not in page
    theme = {"repository_url": "https://github.com/someone/pixels", "repository_branch": "v1.0"}
    theme["launch_buttons"] = {"colab_url": "https://colab.research.google.com"}
    address = exercise_list.colab(theme, "chapters/02_masks_and_a_detective")
    start = "https://colab.research.google.com/github/someone/pixels/blob/v1.0/"
    assert address == f"{start}chapters/02_masks_and_a_detective.ipynb"
    asked = {"cell_type": "markdown", "metadata": {}}
    asked["source"] = "### Exercise 2.1 · The masked convolution\n\n10 minutes · ○○"
    check = {"cell_type": "code", "metadata": {"tags": ["check"]}, "source": 'check("2.1", Mask)'}
    exercise_list.invite([asked, check := check | {"outputs": [], "execution_count": 1}], address)
    assert f"**The masked convolution** · [Answer it in the notebook]({address})" in check["source"]


def test_code_that_is_set_line_by_line_is_copied_as_it_was_written(tab):
    tab.set_viewport_size(PHONE)
    tab.goto(path_of("02_masks_and_a_detective").as_uri())
    notebook = json.loads((ROOT / "chapters" / "02_masks_and_a_detective.ipynb").read_text("utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    copied = tab.locator("main .cell_input pre").first.evaluate(
        "pre => { getSelection().selectAllChildren(pre); return getSelection().toString(); }"
    )
    assert copied.strip() == code[1]  # of the first cell that is shown, with its empty lines


def test_every_exercise_is_listed():
    chapters = [page for page in PAGES if page.parent.name == "chapters"]
    asked = {f"{page.name}#{one}" for page in chapters for one in addresses_in(page)}
    asked = {one for one in asked if "#exercise-" in one}
    listed = re.findall(
        r'/chapters/([^"]+#exercise-[^"]+)"', path_of("exercises").read_text("utf-8")
    )
    assert asked and set(listed) == asked


def test_the_page_for_wrong_addresses_leads_back_to_the_book(chromium):
    """It is sent for any address, however deep: nothing in it may be relative."""
    text = (HTML / "404.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!https://|data:)', text)
    base = "https://someone.github.io/pixels/"
    with watched_page(chromium) as page:
        page.route(f"{base}**", lambda route: route.fulfill(body=text, content_type="text/html"))
        page.goto(f"{base}chapters/deep/none.html")
        link = page.get_by_role("link", name="Begin at the first page")
        assert link.evaluate("a => a.href").startswith("https://")
    assert 'url=book/intro.html"' in (HTML / "index.html").read_text(encoding="utf-8")


def test_search_finds_from_a_file(tab):
    tab.goto(path_of("search").as_uri() + "?q=receptive")
    first = tab.locator("#search-results li a").first
    first.wait_for()
    first.click()
    tab.wait_for_url("**/chapters/*")
    tab.wait_for_load_state()
    assert "receptive" in tab.locator("main").inner_text().lower()


def test_the_buttons_have_icons_download_the_notebook_and_change_the_theme(tab):
    tab.goto(path_of("02_masks_and_a_detective").as_uri())
    icons = tab.locator("[class*='fa-']:visible").all()
    assert len(icons) > 5
    for icon in icons:
        mask = icon.evaluate("one => getComputedStyle(one).maskImage")
        assert mask.startswith("url("), f"icons.css lacks {icon.get_attribute('class')}"
    tab.locator(".dropdown-download-buttons > button").click()
    link = tab.locator("a[download]", has_text=".ipynb")
    assert link.is_visible() and link.get_attribute("href").endswith(
        "02_masks_and_a_detective.ipynb"
    )
    tab.keyboard.press("Escape")
    modes = set()
    for _ in range(2):
        tab.locator(".theme-switch-button:visible").click()
        modes.add(tab.evaluate("document.documentElement.dataset.mode"))
    assert modes == {"light", "dark"}


def test_on_paper_the_answers_are_open_and_the_controls_are_gone(tab):
    tab.goto(path_of("intro").as_uri())
    tab.emulate_media(media="print")
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("main details:not([open])").count() == 0
    assert not tab.locator(".bd-sidebar-primary").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("main details[open]").count() == 0


def test_every_figure_stands_alone_at_its_own_address_in_large_type(tab):
    assert [page.stem for page in ALONE] == sorted(live.FIGURES.values())
    for path in ALONE:
        for size in (WIDE, PHONE):
            tab.set_viewport_size(size)
            tab.goto(path.as_uri(), wait_until="load")
            assert not list(figures(tab))
            assert not list(links(tab))
            assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"]
            letters = tab.locator(".opat").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert letters >= (20 if size == WIDE else 16)
            assert tab.locator(".opat").bounding_box()["width"] > 0.9 * size["width"]
