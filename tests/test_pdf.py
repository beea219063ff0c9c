"""The whole book as a PDF: links that lead inside, open folds, numbers in the contents."""

import pdf
import pytest
from browser import NEEDED
from pypdf import PdfReader

NAMES = ["chapters/02_masks_and_a_detective", "book/references"]

pytestmark = pytest.mark.slow


def test_links_between_pages_lead_inside_and_all_others_outside():
    lead = lambda link: pdf.address_in_book(link, "chapters/02_masks_and_a_detective", NAMES)
    assert lead("../book/references.html") == "#book/references"
    assert lead("../book/references.html#references") == "#book/references--references"
    assert lead("#recap") == "#chapters/02_masks_and_a_detective--recap"
    assert lead("https://arxiv.org/abs/1601.06759") == "https://arxiv.org/abs/1601.06759"
    assert lead("07_sampling.html") == "07_sampling.html"


@NEEDED
def test_two_pages_make_a_pdf_with_numbers_links_and_open_folds(tmp_path):
    path = tmp_path / "two.pdf"
    pdf.make(NAMES, path)
    with PdfReader(path) as book:
        pages = [page.extract_text() for page in book.pages]
        links = [
            note.get_object().get("/A", note.get_object())
            for page in book.pages
            for note in page.get("/Annots", [])
        ]
    (last,) = (number for number, text in enumerate(pages) if text.startswith("References"))
    assert pages[1].startswith("Contents") and f"References {last + 1}" in pages[1]
    assert "2 · Masks, and a detective 3" in pages[1] and pages[2].startswith("2 · Masks")
    numbers = [text.splitlines()[-1] for text in pages]
    assert numbers == [str(number + 1) for number in range(len(pages))]
    text = "\n".join(pages)
    assert "Solution of 2.1" in text and "kernel * self.mask" in text  # in a fold
    assert any("/Dest" in one for one in links) and any("/URI" in one for one in links)
