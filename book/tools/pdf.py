"""Make one PDF of the whole book from its built pages, by Chromium: `make pdf`.

Each page is printed as from a browser without scripts: folds are open, and live figures are still
pictures. Bookmarks name the pages. The pages link to the PDF if they were built with its name in the
variable WHOLE_BOOK, as `make pdf` does.
"""

import io
import os
import shutil
import sys

from playwright.sync_api import sync_playwright
from pypdf import PdfWriter

from chapters import ROOT, pages

HTML = ROOT / "_build" / "html"
CHROMIUMS = ["chromium", "chromium-browser", "google-chrome"]  # also in tests/browser.py
FOOTER = (
    '<div style="width: 100%; font: 8pt sans-serif; text-align: center">'
    '<span class="title"></span>, page <span class="pageNumber"></span></div>'
)
# links to other pages lead nowhere on a reader's machine
UNLINK = """all => all.filter((link) => link.protocol === "file:")
    .forEach((link) => link.removeAttribute("href"))"""


def make(names, target):
    """Print these pages, one after the other, into one PDF."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not program:
        sys.exit(f"`make pdf` needs Chromium: none of {', '.join(CHROMIUMS)} is installed.")
    paper = dict(format="A4", tagged=True, print_background=True, display_header_footer=True)
    paper |= dict(header_template="<span></span>", footer_template=FOOTER)
    paper["margin"] = dict.fromkeys(("top", "bottom", "left", "right"), "18mm")
    book = PdfWriter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(java_script_enabled=False)
        for name in names:
            page.goto((HTML / f"{name}.html").as_uri(), wait_until="load")
            page.eval_on_selector_all("a[href]", UNLINK)
            book.append(io.BytesIO(page.pdf(**paper)), outline_item=page.title())
        browser.close()
    book.write(target)


def main():
    names = pages()
    missing = [name for name in names if not (HTML / f"{name}.html").is_file()]
    if missing:
        sys.exit(f"{', '.join(missing)} not built: run `make book` first.")
    target = HTML / os.environ["WHOLE_BOOK"]
    make(names, target)
    print(f"Made {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
