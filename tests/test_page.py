"""The built pages in headless Chromium, from the file system, with no way out to the network."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from playwright.sync_api import sync_playwright

HTML = Path(__file__).parents[1] / "_build" / "html"
PAGES = sorted(page for page in HTML.glob("**/*.html") if "_static" not in page.parts)
PAGES = [page for page in PAGES if page != HTML / "index.html"]  # which only leads on
CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), ""
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]

pytestmark = pytest.mark.skipif(
    not CHROMIUM and os.environ.get("CI") != "true",
    reason="Chromium is not installed: the pages were not looked at",
)


@pytest.fixture(scope="module")
def browser():
    assert CHROMIUM, "the page tests need Chromium on the PATH"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=PAGES or [None], ids=lambda p: p.stem if p else "none")
def page(browser, request):
    """One page, loaded once; `page.outside` and `page.errors` hold what went wrong on the way."""
    assert request.param, "no page is built: run `make book` first"
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.outside, page.errors = [], []

    def let_files_pass(route):
        if route.request.url.startswith(("file:", "data:", "blob:")):
            return route.continue_()
        page.outside.append(route.request.url)
        route.abort()

    page.route("**/*", let_files_pass)
    page.on("console", lambda line: page.errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(request.param.as_uri(), wait_until="load")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield page
    page.close()


def test_asks_no_other_host(page):
    page.wait_for_load_state("networkidle")
    assert page.outside == []


def test_reports_no_error(page):
    assert page.errors == []


def test_links_lead_somewhere(page):
    broken = []
    for link in page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)"):
        address, fragment = urldefrag(link)
        if urlparse(address).scheme == "file":
            target = Path(unquote(urlparse(address).path))
            known = target.is_file() and target.read_text(encoding="utf-8", errors="ignore")
            if not known or fragment and f'id="{unquote(fragment)}"' not in known:
                broken.append(link)
    assert broken == []


def test_pictures_have_words(page):
    named = "[aria-label], [aria-hidden=true], :has(title)"
    pictures = f"img:not([alt]), img[alt=''], main svg[role=img]:not({named})"
    assert page.eval_on_selector_all(pictures, "all => all.map(e => e.outerHTML)") == []


def test_formulae_are_set(page):
    sizes = "all => all.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    assert all(size > 2 for size in page.eval_on_selector_all("main math", sizes))
    text = page.evaluate(
        """() => { const main = document.querySelector('main').cloneNode(true);
        main.querySelectorAll('pre, code, script, style').forEach(e => e.remove());
        return main.textContent; }"""
    )
    assert not re.search(r"\$\$|\\[a-zA-Z(\[]", text), "LaTeX was left in the page"


def test_fits_a_phone(page):
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert wide <= 360


def test_the_first_page_leads_to_the_introduction():
    assert "book/intro.html" in (HTML / "index.html").read_text(encoding="utf-8")
