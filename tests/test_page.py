"""The built pages in headless Chromium, from the file system, with no way out to the network."""

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import axe_playwright_python
import pytest
import yaml
from browser import HTML, NEEDED, watched_page

from chapters import in_order
from chapters import read as read_notebook

ROOT = Path(__file__).parents[1]
PAGES = sorted(page for page in HTML.glob("**/*.html") if "_static" not in page.parts)
PAGES = [page for page in PAGES if page != HTML / "index.html"]  # which only leads on
OF_THE_THEME = [page for page in PAGES if page.stem != "404"]  # and that one stands by itself
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
# What axe-core says and we do not mend: (rule, a part of the element, why)
EXCUSED = [
    ("empty-table-header", "<math", "axe-core 4.12 reads no words in MathML; screen readers do"),
]
KILO = 1000
PICTURES = (".png", ".jpg", ".webp")

pytestmark = NEEDED


@pytest.fixture(scope="module", params=PAGES or [None], ids=lambda p: p.stem if p else "none")
def page(chromium, request):
    """One page, loaded once, its answers opened afterwards; `page.weight`: what it took to load."""
    assert request.param, "no page is built: run `make book` first"
    with watched_page(chromium, reduced_motion="reduce") as page:
        loaded = set()
        page.on("request", lambda request: loaded.add(urldefrag(request.url)[0]))
        page.path, page.text = request.param, request.param.read_text(encoding="utf-8")
        page.goto(request.param.as_uri(), wait_until="load")
        page.wait_for_load_state("networkidle")
        page.weight = weigh(loaded)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        yield page


def weigh(addresses):
    """Bytes of a first load, with and without pictures; texts as a server sends them, gzipped."""
    paths = [urlparse(one).path for one in addresses if one.startswith("file:")]
    sizes = {path: size_of(Path(unquote(path))) for path in paths}
    texts = [size for path, size in sizes.items() if not path.endswith(PICTURES)]
    return sum(sizes.values()), sum(texts)


@cache
def size_of(path):
    return len(
        path.read_bytes() if path.name.endswith(PICTURES) else gzip.compress(path.read_bytes())
    )


@cache
def addresses_in(path):
    """The ids of a page, to which a link can lead."""
    return set(re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8", errors="ignore")))


def test_asks_no_other_host(page):
    assert page.outside == []


def test_reports_no_error(page):
    assert page.errors == []


def test_is_light(page):
    whole, without_pictures = page.weight
    assert without_pictures <= (500 if 'data-live="theatre"' in page.text else 300) * KILO
    assert whole <= 500 * KILO


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_no_code_is_cut(page, width):
    """It wraps; on a phone it scrolls, with a shadow where it goes on."""
    page.set_viewport_size({"width": width, "height": 900})
    wide = page.eval_on_selector_all(
        "main pre",
        """all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => getComputedStyle(e))
        .map(style => [style.overflowX, style.backgroundImage.includes("gradient")])""",
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wide == [["auto", True]] * len(wide)
    assert not wide or width == 360


def test_a_theme_has_its_pictures(page):
    for theme, other in ("dark", "light"), ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        shown = f"main img.only-{theme}"
        assert page.locator(f"{shown}:visible").count() == page.locator(shown).count()
        assert page.locator(f"main img.only-{other}:visible").count() == 0


def test_pictures_fit_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 740})
    widths = page.eval_on_selector_all(
        "main .cell_output img", "all => all.map(e => e.clientWidth)"
    )
    page.set_viewport_size({"width": 1280, "height": 900})
    assert all(width <= 328 for width in widths)


def test_links_lead_somewhere(page):
    broken = []
    for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
        address, fragment = urldefrag(link)
        if urlparse(address).scheme == "file":
            target = Path(unquote(urlparse(address).path))
            if not target.is_file() or fragment and unquote(fragment) not in addresses_in(target):
                broken.append(link)
    assert broken == []


def test_pictures_have_words(page):
    named = "[aria-label], [aria-hidden=true], :has(title)"
    pictures = f"img:not([alt]), img[alt=''], main svg[role=img]:not({named})"
    assert page.eval_on_selector_all(pictures, "all => all.map(e => e.outerHTML)") == []


def test_formulae_are_set(page):
    sizes = "all => all.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    assert all(size > 2 for size in page.eval_on_selector_all("main math", sizes))
    signs = """all => all.map(e => e.getBoundingClientRect().width
        - e.firstElementChild.getBoundingClientRect().width)"""
    assert all(sign > 2 for sign in page.eval_on_selector_all("main msqrt", signs))  # the root's
    shown = page.eval_on_selector_all(
        "main div.math", "all => all.map(e => getComputedStyle(e).display)"
    )
    assert set(shown) <= {"block"}  # the theme sets formulae at the right edge
    text = page.evaluate(
        """() => { const main = document.querySelector('main').cloneNode(true);
        main.querySelectorAll('pre, code, script, style').forEach(e => e.remove());
        return main.textContent; }"""
    )
    assert not re.search(r"\$\$|\\[a-zA-Z(\[]", text), "LaTeX was left in the page"


@pytest.mark.parametrize("width, text", [(320, "100%"), (360, "100%"), (720, "200%")])
def test_fits_a_phone_and_large_text(page, width, text):
    page.set_viewport_size({"width": width, "height": 740})
    page.evaluate("size => document.documentElement.style.fontSize = size", text)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wide <= width


def violations(page, skip=()):
    """What axe-core finds: (rule, element), but for what is excused and what lies in `skip`."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    report = page.evaluate("exclude => axe.run({ exclude }, { elementRef: false })", skip)
    found = [(rule["id"], node["html"]) for rule in report["violations"] for node in rule["nodes"]]
    excused = lambda rule, element: any(rule == r and part in element for r, part, _ in EXCUSED)
    return [one for one in found if not excused(*one)]


def test_axe_finds_no_violation(page):
    assert violations(page, skip=[".highlight"]) == []  # in code: below, it takes long


@pytest.mark.slow
@pytest.mark.parametrize("theme, width", [("light", 1280), ("light", 360), ("dark", 360)])
def test_axe_finds_no_violation_in_code_on_a_phone_and_in_the_dark(page, theme, width):
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.set_viewport_size({"width": width, "height": 740})
    page.wait_for_timeout(600)  # the theme then makes what scrolls focusable
    found = violations(page)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


def test_without_javascript_pictures_show_and_answers_open(chromium, page):
    with watched_page(chromium, java_script_enabled=False) as still:
        still.goto(page.path.as_uri(), wait_until="load")
        figures = still.locator("[data-live]").count()
        pictures = still.locator("main noscript img")
        assert pictures.count() >= figures
        for picture in pictures.all():
            assert picture.is_visible() and picture.get_attribute("alt")
        for summary in still.locator("main summary").all()[:1]:
            summary.click()
            assert summary.locator("xpath=following-sibling::*[1]").is_visible()


def test_without_javascript_a_phone_has_the_menu_of_chapters(chromium):
    phone = {"width": 360, "height": 740}
    with watched_page(chromium, java_script_enabled=False, viewport=phone) as still:
        still.goto((HTML / "book" / "notation.html").as_uri(), wait_until="load")
        chapters = still.locator("#pst-primary-sidebar a", has_text=re.compile(r"^\s*\d+ · "))
        titles = [read_notebook(path).cells[0].source.splitlines()[0] for path in in_order()]
        assert [f"# {title.strip()}" for title in chapters.all_inner_texts()] == titles
        assert not still.locator(".primary-toggle").is_visible()
        chapters.last.click()
        assert titles[-1].removeprefix("# ") in still.title()
        still.locator(".dropdown-download-buttons > button").click()
        assert still.get_by_text(".ipynb").is_visible()


def test_says_what_it_is(page):
    meta = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page.text))
    assert "One Pixel at a Time" in re.search("<title>(.+)</title>", page.text)[1]
    assert 30 <= len(meta["description"]) <= 160
    base = find_base()
    if not base:
        assert not {"og:url", "og:image"} & set(meta)
    elif page.path in OF_THE_THEME:
        assert meta["og:url"] == base + page.path.relative_to(HTML).as_posix()
        assert meta["og:image"] == base + "_static/card.png" and meta["og:description"]


def find_base():
    """Where the pages will be, from the repository's address; None while it has none."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    if address := config["repository"]["url"].removeprefix("https://github.com/"):
        owner, name = address.split("/")
        return f"https://{owner.lower()}.github.io/{name}/"


def test_the_sitemap_lists_every_page_where_the_address_is_known():
    sitemap, base = HTML / "sitemap.xml", find_base()
    assert sitemap.exists() == bool(base)
    if base:
        listed = set(re.findall("<loc>(.+?)</loc>", sitemap.read_text(encoding="utf-8")))
        paths = {page.relative_to(HTML).as_posix() for page in PAGES} - {"404.html", "search.html"}
        assert listed == {base + path for path in paths}


def test_no_two_pages_are_described_alike():
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    found = [re.search('name="description" content="([^"]*)"', text)[1] for text in texts]
    assert len(set(found)) == len(PAGES)


def test_citations_lead_to_the_entry_that_begins_as_they_do():
    entries = dict(
        re.findall(r'<span id="(\w+)"></span><p><strong>(.+?)\. <', read("book/references"))
    )
    cited = {
        (key, text.strip("()"))
        for page in PAGES
        for key, text in re.findall(
            r'references\.html#(\w+)"><span[^>]*>(.+?)</span>', page.read_text(encoding="utf-8")
        )
    }
    assert len(cited) > 15 and {key for key, _ in cited} <= set(entries)
    for key, text in cited:
        who, year = entries[key].rsplit(", ", 1)
        assert who.lower() in text.lower() and (year in text or who == "NVIDIA"), text


def test_every_figure_is_listed():
    listed = re.findall(r'href="\.\./chapters/([^"]+#figure-\d+)"><img', read("book/figures"))
    drawn = {
        f"{page.name}#{name}"
        for page in PAGES
        for name in addresses_in(page)
        if re.fullmatch(r"figure-\d+", name)
    }
    assert set(listed) == drawn and len(listed) == len(drawn) > 40


def read(name):
    return (HTML / f"{name}.html").read_text(encoding="utf-8")


def test_the_first_page_leads_to_the_introduction():
    assert 'url=book/intro.html"' in read("index")


def test_the_page_for_wrong_addresses_needs_no_other_file():
    """It is sent for any address, however deep: nothing in it may be relative."""
    assert not re.search(r'(?:src|href)="(?!https://|data:)', read("404"))


def test_the_page_for_wrong_addresses_leads_back_to_the_book(chromium):
    base = "https://someone.github.io/pixels/"
    with watched_page(chromium) as page:
        page.route(
            f"{base}**", lambda route: route.fulfill(body=read("404"), content_type="text/html")
        )
        page.goto(f"{base}chapters/deep/none.html")
        link = page.get_by_role("link", name="Begin at the first page")
        assert link.evaluate("a => a.href") == find_base() or base


def test_no_title_says_the_book_s_name_twice(page):
    title = re.search("<title>(.+)</title>", page.text)[1]
    assert title.count("One Pixel at a Time") == 1


def test_says_when_it_changed_and_how_to_cite_the_book(page):
    if page.path not in OF_THE_THEME or page.path.stem == "search":
        return
    end = page.locator("footer.bd-footer-content").inner_text()
    assert "MIT licence" in end and "CC BY 4.0" in end and "How to cite this book" in end
    assert re.search(r"Last updated on \d+ \w+ \d{4}", end)


def test_the_download_button_downloads_the_notebook(tab):
    tab.goto((HTML / "chapters" / "02_masks.html").as_uri())
    tab.locator(".dropdown-download-buttons > button").click()
    link = tab.locator("a[download]", has_text=".ipynb")
    assert link.is_visible() and link.get_attribute("href").endswith(
        "_sources/chapters/02_masks.ipynb"
    )


def test_search_finds_from_a_file(tab):
    tab.goto((HTML / "search.html").as_uri() + "?q=receptive")
    first = tab.locator("#search-results li a").first
    first.wait_for()
    first.click()
    tab.wait_for_url("**/chapters/*")
    tab.wait_for_load_state()
    assert "receptive" in tab.locator("main").inner_text().lower()


@pytest.mark.parametrize("menu", ["primary", "secondary"])
def test_on_a_phone_the_menus_open_and_close(tab, menu):
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto((HTML / "chapters" / "02_masks.html").as_uri())
    link = tab.locator(f"#pst-{menu}-sidebar-modal a:not(.logo)").first
    tab.locator(f".{menu}-toggle:visible").press("Enter")
    link.wait_for()
    tab.keyboard.press("Escape")
    link.wait_for(state="hidden")


def test_the_keyboard_can_skip_to_the_text_and_shows_where_it_is(tab):
    tab.goto(OF_THE_THEME[0].as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    assert tab.locator("#pst-skip-link a").is_visible()
    seen = "getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(12):
        assert tab.evaluate(seen) != "none", tab.evaluate("document.activeElement.outerHTML")
        tab.keyboard.press("Tab")


def test_on_paper_the_answers_are_open_and_the_controls_are_gone(tab):
    tab.goto((HTML / "book" / "intro.html").as_uri())
    tab.emulate_media(media="print")
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("main details:not([open])").count() == 0
    assert not tab.locator(".bd-sidebar-primary").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.locator("main details[open]").count() == 0
