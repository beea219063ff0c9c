"""What the book's pages quote is the library's: the numbers of the sources, and its messages.

Tests that need Keras import it themselves, so that the others take no longer than they must.
"""

import json
import re
from pathlib import Path

import nbformat
import numpy as np

from pixelcnn_lib import account, face_parts, faces

ROOT = Path(__file__).parents[1]
HELP = (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
PAGE = (ROOT / "book" / "sources.md").read_text(encoding="utf-8")


def test_counts_the_parameters_of_both_readings():
    import keras

    from pixelcnn_lib.family import PixelCNN

    with keras.StatelessScope():  # weights have shapes here, and no values
        paper, wide = (PixelCNN.preset(name) for name in ("paper", "wide"))
    counts = [model.count_params() for model in (paper, wide)]
    for name, count in zip(("paper", "wide"), counts):
        assert re.search(rf"\| `{name}` \|.*\| {count:,} \|", PAGE)
    assert f"{counts[1] / counts[0]:.1f} times as many" in PAGE
    assert f"the {wide.top[1].kernel.shape[-1] ** 2:,} weights" in PAGE
    widths = paper.body[0].filters_per_colour * 3, paper.top[0].filters
    assert "{} and {}".format(*widths) in PAGE


def test_names_every_wrong_mask():
    from pixelcnn_lib.teach import bugs

    assert re.findall(r"(?m)^\| `(\w+)` \|", PAGE.partition("wrong masks")[2]) == list(bugs.BUGS)


def test_what_helps_is_said_of_messages_that_there_are():
    quoted = re.findall(r'(?m)^\| "(.+?)(?: …)?"', HELP)
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "pixelcnn_lib").rglob("*.py")]
    assert quoted
    for message in quoted:
        assert message in "".join(code), f"no code says {message!r}"


def test_chapters_quote_the_exact_limits_of_the_faces():
    floor, limit = faces.floor(), faces.limit
    hidden, far = limit(None) - floor, limit(6) - limit(None)
    assert set(zip(*(hidden > 0.005).nonzero())) == {(4, 3), (7, 3), (13, 3)}
    lost = [f"{hidden[pixel]:.2f}" for pixel in ((13, 3), (4, 3), (7, 3))]
    all_lost, all_far = f"{hidden.sum():.2f}", f"{far.sum():.2f}"
    said = {
        1: [f"{all_lost} are the blind spot, {all_far} are too far away", f"another {all_lost}"],
        3: [
            f"only {all_far} bits are lost",
            f"only {far[4:13, 10:15].sum():.2f} of them at the hair on the right",
            f"{limit(2).sum():.2f}, {limit(6).sum():.2f} and {limit(13).sum():.2f}",
            f"{limit(None).sum():.2f} in place of {floor.sum():.2f}, and {lost[0]} of them",
        ],
        11: [
            f"costs {all_lost} bits",
            "{}, and the left edge of the hair, {} and {}".format(*lost),
        ],
    }
    for chapter, sentences in said.items():
        (page,) = ROOT.glob(f"chapters/{chapter:02}_*.ipynb")
        text = page.read_text(encoding="utf-8")
        assert [one for one in sentences if one not in text] == [], f"{page.name} differs"


def test_chapter_1_quotes_the_account_of_its_own_network():
    """The book's copy of the network comes from the chapter's own cells."""
    from pixelcnn_lib.teach import own

    paid = account.shares(
        account.prices(own.load(own.BOOKS[1]), faces.faces(500, seed=2)), blocks=6
    )
    least, blind, far, rest = paid.totals.values()
    (page,) = ROOT.glob("chapters/01_*.ipynb")
    text = page.read_text(encoding="utf-8")
    assert f"pays {paid.own.sum():.2f} bits: {least:.2f} are the least possible" in text
    assert f"and {rest:.2f} were in sight and not learnt" in text and f"±{paid.error:.2f}" in text
    for one in account.brightest(paid):
        assert f"(row {one.row}, column {one.col})" in text
        assert f"{one.name.capitalize()}**" in text


def test_chapter_6_quotes_what_its_training_cured():
    from pixelcnn_lib.teach import own

    new = faces.faces(500, seed=2)
    before, after = (account.shares(account.prices(own.load(own.BOOKS[n]), new), 6) for n in (1, 6))
    (page,) = ROOT.glob("chapters/06_*.ipynb")
    text = page.read_text(encoding="utf-8")
    assert f"pays {after.own.sum():.2f} bits, in place of {before.own.sum():.2f}" in text
    assert f"{after.rest.sum():.2f} bits of {before.rest.sum():.2f} are left" in text
    for place in ((13, 11), (13, 3), (1, 12)):
        was, now = (f"{(one.own - one.floor)[place]:.2f}" for one in (before, after))
        assert f"({was} and {now})" in text or f"({was} bits before, {now} after)" in text


def test_chapter_12_quotes_what_its_networks_paid():
    stored = json.loads((ROOT / "pixelcnn_lib" / "weights" / "number.json").read_text())
    cnn, row, diagonal = (
        stored["networks"][name] for name in ("PixelCNN", "Row LSTM", "Diagonal BiLSTM")
    )
    less = [one["valid"]["nats"] - diagonal["valid"]["nats"] for one in (cnn, row)]
    paper = [one["paper"] - diagonal["paper"] for one in (cnn, row)]
    assert 1 < less[0] < 10 and less[1] > 0  # the answer to 12.q4
    assert less[0] > less[1]  # the recap
    assert diagonal["core_hours"][-1] / diagonal["steps"] > cnn["core_hours"][-1] / cnn["steps"]
    hours = np.linspace(0, min(one["core_hours"][-1] for one in (cnn, diagonal)), 1000)
    nats = [np.interp(hours, one["core_hours"], one["nats"]) for one in (cnn, diagonal)]
    ahead = hours[nats[1] < nats[0]].min()
    (page,) = ROOT.glob("chapters/12_*.ipynb")
    text = page.read_text(encoding="utf-8")
    said = [
        f"pays {less[0]:.1f} nats less than PixelCNN and {less[1]:.1f} less than the Row LSTM",
        f"({diagonal['weights']:,}; PixelCNN has {cnn['weights']:,}, the Row LSTM {row['weights']:,})",
        f"In the paper, it pays {paper[0]:.1f} and {paper[1]:.1f} nats less",
        f"it is ahead after about {ahead:.1f} hours",
        f"has seen {16 * diagonal['steps'] / 1e6:.1f} million digits",
    ]
    assert [one for one in said if one not in text] == []


def test_chapter_14_quotes_what_its_own_network_paid():
    """The chapter trains the network, so its numbers are those of the stored training."""
    (page,) = ROOT.glob("chapters/14_*.ipynb")
    cells = nbformat.read(page, 4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    printed = "".join(output.get("text", "") for output in outputs)
    told = "".join(cell.source for cell in cells if cell.source.startswith("<details>"))
    quoted = set(re.findall(r"\b\d+\.\d\d\b", told))
    assert len(quoted) > 10 and not quoted - set(re.findall(r"\d+\.\d\d", printed))
    (right,) = re.findall(r"(\d+) nothing is wrong", printed)
    assert f"{right} of 100 drawings are right" in told


def test_what_chapter_1_says_that_its_network_could_have_seen():
    chances, hair = faces.CHANCES["plain"]["hair"], face_parts.SHAPES["hair"].reshape(-1, 16, 16)
    for row in hair[chances > 0][:, 1]:
        assert not row[12] or row.argmax() == 3  # its first column
    drawn = faces.faces(20_000, seed=9)[:, 13, :, 0]
    beside = dict(zip(zip(drawn[:, 4], drawn[:, 10]), drawn[:, 11]))
    found = [beside[left, before] for left, before in zip(drawn[:, 4], drawn[:, 10])]
    np.testing.assert_array_equal(found, drawn[:, 11])  # the left shoulder tells the right one
