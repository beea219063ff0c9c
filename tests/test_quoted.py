"""What the book's pages quote is the library's: the numbers of the sources, and its messages."""

import re
from pathlib import Path

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.teach import bugs

ROOT = Path(__file__).parents[1]
HELP = (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
PAGE = (ROOT / "book" / "sources.md").read_text(encoding="utf-8")


def test_counts_the_parameters_of_both_readings():
    paper, wide = (PixelCNN.preset(name) for name in ("paper", "wide"))
    counts = [model.count_params() for model in (paper, wide)]
    for name, count in zip(("paper", "wide"), counts):
        assert re.search(rf"\| `{name}` \|.*\| {count:,} \|", PAGE)
    assert f"{counts[1] / counts[0]:.1f} times as many" in PAGE
    assert f"the {wide.top[1].kernel.shape[-1] ** 2:,} weights" in PAGE
    widths = paper.body[0].filters_per_colour * 3, paper.top[0].filters
    assert "{} and {}".format(*widths) in PAGE


def test_names_every_wrong_mask():
    assert re.findall(r"(?m)^\| `(\w+)` \|", PAGE.partition("wrong masks")[2]) == list(bugs.BUGS)


def test_what_helps_is_said_of_messages_that_there_are():
    quoted = re.findall(r'(?m)^\| "(.+?)(?: …)?"', HELP)
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "pixelcnn_lib").rglob("*.py")]
    assert quoted
    for message in quoted:
        assert message in "".join(code), f"no code says {message!r}"
