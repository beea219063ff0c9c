"""The whole book as a PDF: links that lead inside, open folds, numbers in the contents."""

import pdf
import pytest
from browser import NEEDED
from page import WHOLE
from pypdf import PdfReader

NAMES = ["chapters/02_masks", "book/references"]


def test_links_between_pages_lead_inside_and_all_others_outside():
    lead = lambda link: pdf.address_in_book(link, "chapters/02_masks", NAMES)
    assert lead("../book/references.html") == "#book/references"
    assert lead("../book/references.html#references") == "#book/references--references"
    assert lead("#recap") == "#chapters/02_masks--recap"
    assert lead("https://arxiv.org/abs/1601.06759") == "https://arxiv.org/abs/1601.06759"
    assert lead("09_sampling.html") == "09_sampling.html"


def test_the_whole_book_has_every_page():
    names = pdf.in_order()
    assert names[0] == "book/intro" and "chapters/02_masks" in names
    assert all((pdf.ROOT / f"{name}{kind}").exists() for name in names[1:2] for kind in [".md"])


def test_pages_and_the_tool_name_the_same_file():
    assert pdf.NAME == WHOLE


def test_pages_link_to_the_pdf_once_it_is_made(tmp_path):
    page = tmp_path / "book" / "intro.html"
    page.parent.mkdir()
    page.write_text('<p>Licence.<!--whole-book  <a href="../book.pdf">PDF</a>--></p>')
    for _ in range(2):
        pdf.link(tmp_path)
        assert page.read_text() == '<p>Licence. <a href="../book.pdf">PDF</a></p>'


def test_without_built_pages_it_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "HTML", tmp_path)
    with pytest.raises(SystemExit, match="chapters/02_masks not built: run `make book` first"):
        pdf.main(["chapters/02_masks"])


@NEEDED
def test_two_pages_make_a_pdf_with_outline_numbers_links_and_open_folds(tmp_path):
    assert (pdf.HTML / "chapters" / "02_masks.html").exists(), "run `make book` first"
    path = tmp_path / "two.pdf"
    pdf.make(NAMES, path)
    with PdfReader(path) as book:
        pages = [page.extract_text() for page in book.pages]
        titles = {
            one.title.strip(): book.get_destination_page_number(one)
            for part in book.outline
            for one in (part if isinstance(part, list) else [part])
            if not isinstance(one, list)
        }
        links = [
            note.get_object().get("/A", note.get_object())
            for page in book.pages
            for note in page.get("/Annots", [])
        ]
    contents, last = pages[1], titles["References"]
    assert contents.startswith("Contents") and f"References {last + 1}" in contents
    assert "2 · Masks 3" in contents and f"Recap {titles['Recap'] + 1}" in contents
    assert pages[2].startswith("2 · Masks") and pages[last].startswith("References")
    assert [text.splitlines()[-1] for text in pages] == [
        str(number + 1) for number in range(len(pages))
    ]
    text = "\n".join(pages)
    assert (
        "Solution of 2.1" in text and "np.arange(height * width)" in text
    )  # a fold, and code in it
    assert "import numpy as np" in text
    assert any("/Dest" in one for one in links) and any("/URI" in one for one in links)
