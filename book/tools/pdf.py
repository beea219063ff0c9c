"""Make one PDF of the whole book from its built pages, by Chromium: `make pdf`.

python book/tools/pdf.py [PAGE ...]      such as chapters/02_masks_and_a_detective; by default all, in their order

Folds are open, live figures become pictures with text, links between pages lead to places in the
PDF, and the table of contents has page numbers. The pages link to the PDF if they were built with
its name in the variable WHOLE_BOOK, as `make pdf` does.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin, urlparse

import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
NAME = "one-pixel-at-a-time.pdf"
CHROMIUMS = ["chromium", "chromium-browser", "google-chrome"]
DROPPED = "script, style, .headerlink, .copybtn, .ways"
FOOTER = (
    '<div style="width: 100%; font: 8pt sans-serif; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
BOOK = """<!DOCTYPE html><html lang="en-GB" data-theme="light" data-mode="light"><head>
<meta charset="utf-8"><title>{title}</title>{styles}</head>
<body class="whole-book"><main>
<header><p class="book-title">{title}</p><p>by {author}</p><p>{licence}</p></header>
<nav aria-label="Contents"><h1>Contents</h1><ul>{contents}</ul></nav>
{pages}</main></body></html>"""


def in_order():
    """Return the names of all pages, in the order of book/_toc.yml."""
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    parts = [page["file"] for part in contents["parts"] for page in part["chapters"]]
    return [contents["root"], *parts]


def address_in_book(link, name, names):
    """Return where a link of the page `name` leads: to one of `names` in the PDF, or outside."""
    parts = urlparse(link)
    page = urljoin(f"{name}.html", parts.path).removesuffix(".html") if parts.path else name
    if parts.scheme or page not in names:
        return link
    return f"#{page}" + (f"--{parts.fragment}" if parts.fragment else "")


def article(name, names):
    """Return the text of one page, with ids and links that are unique in the book."""
    soup = BeautifulSoup((HTML / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    text = soup.select_one("article.bd-article")
    for one in text.select(DROPPED):
        one.decompose()
    for one in text.select("noscript"):
        one.unwrap()
    for one in text.select("details"):
        one["open"] = ""
    for one in text.select("[id]"):
        one["id"] = f"{name}--{one['id']}"
    for one in text.select("a[href]"):
        one["href"] = address_in_book(one["href"], name, names)
    for one in text.select("img[src]"):
        one["loading"] = "eager"
        one["src"] = urljoin((HTML / f"{name}.html").as_uri(), one["src"])
    text["id"] = name
    return text


def styles(names):
    """Return links to the style sheets of all pages, each once."""
    found = {}
    for name in names:
        path = HTML / f"{name}.html"
        for link in re.findall("<link[^>]*>", path.read_text(encoding="utf-8")):
            if 'rel="stylesheet"' in link:
                found[urljoin(path.as_uri(), re.search('href="([^"]+)"', link)[1])] = None
    return "".join(f'<link rel="stylesheet" href="{link}">' for link in found)


def entry(name, text, numbers):
    """Return a page's line of the contents, and a line for each section of a chapter."""
    lines = []
    for heading in text.select("h1, h2" if name.startswith("chapters/") else "h1"):
        place = heading.find_parent(id=True)["id"] if heading.name == "h2" else name
        title = heading.get_text().strip()
        number = numbers.get(place, "")
        kind = {"h1": "of-page", "h2": "of-section"}[heading.name]
        line = f'<a href="#{place}">{title}</a> <span>{number}</span>'
        lines.append(f'<li class="{kind}">{line}</li>')
    return "".join(lines)


def document(names, numbers):
    """Return the whole book as one HTML text; numbers: {place: page number}."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    texts = {name: article(name, names) for name in names}
    return BOOK.format(
        title=config["title"],
        author=config["author"],
        licence=config["html"]["extra_footer"],
        styles=styles(names),
        contents="".join(entry(name, text, numbers) for name, text in texts.items()),
        pages="".join(map(str, texts.values())),
    )


def places(path):
    """Return {place: page number} of a PDF's destinations."""
    with PdfReader(path) as pdf:
        return {
            name.removeprefix("/"): pdf.get_destination_page_number(place) + 1
            for name, place in pdf.named_destinations.items()
        }


def make(names, target):
    """Print these pages into one PDF: twice, because the contents need the page numbers."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not program:
        sys.exit(f"`make pdf` needs Chromium: none of {', '.join(CHROMIUMS)} is installed.")
    paper = dict(format="A4", outline=True, tagged=True, print_background=True)
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "18mm")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(java_script_enabled=False)
        numbers, path = {}, Path(folder) / "book.html"
        for _ in range(2):
            path.write_text(document(names, numbers), encoding="utf-8")
            page.goto(path.as_uri(), wait_until="load")
            page.pdf(
                path=target,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOTER,
                margin=margin,
                **paper,
            )
            numbers = places(target)
        browser.close()


def main(arguments):
    names = arguments or in_order()
    missing = [name for name in names if not (HTML / f"{name}.html").is_file()]
    if missing:
        sys.exit(f"{', '.join(missing)} not built: run `make book` first.")
    make(names, HTML / NAME)
    print(f"Made {(HTML / NAME).relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
