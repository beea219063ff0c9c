"""The whole book as a PDF: open folds, still pictures, bookmarks, and no link to a file."""

import pdf
import pytest
from browser import NEEDED
from pypdf import PdfReader

NAMES = ["chapters/02_masks_and_a_detective", "book/references"]

pytestmark = [pytest.mark.slow, NEEDED]


def test_two_pages_make_a_pdf(tmp_path):
    path = tmp_path / "two.pdf"
    pdf.make(NAMES, path)
    with PdfReader(path) as book:
        text = "\n".join(page.extract_text() for page in book.pages)
        notes = [note.get_object() for page in book.pages for note in page.get("/Annots", [])]
        titles = [one.title for one in book.outline if not isinstance(one, list)]
        pictures = [image for page in book.pages for image in page.images]
    assert titles[0].startswith("2 · Masks") and titles[1].startswith("References")
    assert "Solution of 2.1" in text and "kernel * self.mask" in text  # in a fold
    assert len(pictures) >= 3
    links = [note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})]
    assert links and not [link for link in links if link.startswith("file:")]
