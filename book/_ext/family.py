"""The map of the family: which network came from which, drawn from the table of its page."""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

ROW = re.compile(r"^\| (\d{4}) · (.+?) \| (.+) \| (.+) \|$", re.MULTILINE)
WAYS = ("memory", "convolutions", "attention")
PLACES = {  # in the map: (column, row), both from 0
    "NADE": (0.5, 0),
    "Spatial LSTM": (0, 1),
    "Row LSTM": (0, 2),
    "PixelCNN": (1, 2),
    "Diagonal BiLSTM": (0, 3),
    "Gated PixelCNN": (1, 4),
    "PixelCNN++": (1, 5),
    "Transformer": (2, 5),
    "PixelSNAIL": (1, 6),
    "Image Transformer": (2, 6),
    "Sparse Transformer": (2, 7),
    "Image GPT": (2, 8),
}
PAPER = ("Row LSTM", "PixelCNN", "Diagonal BiLSTM")  # one paper: a frame around its three networks
FROM = [  # (parent, child)
    ("NADE", PAPER),
    ("Spatial LSTM", PAPER),
    ("PixelCNN", "Gated PixelCNN"),
    ("Gated PixelCNN", "PixelCNN++"),
    ("PixelCNN++", "PixelSNAIL"),
    ("Transformer", "Image Transformer"),
    ("Transformer", "Sparse Transformer"),
    ("Transformer", "Image GPT"),
]
IDEAS = [("Diagonal BiLSTM", "Gated PixelCNN"), ("Transformer", "PixelSNAIL")]  # one idea taken
WIDE, TALL, GAP = 98, 50, 22  # a box, and the gap between rows: pixels on a phone
ACROSS, TOP, RIM = 112, 30, 6  # between columns; above the first row; around the three


def rows(text):
    """Return the rows of the page's table: {network: (year, whether the book has it)}.

    If the book or its library has the network, the last cell begins with a link or with code.
    """
    found = {name: (year, here) for year, name, _, here in ROW.findall(text)}
    if set(found) != set(PLACES):
        raise ValueError(f"the map and the table differ in {sorted(set(found) ^ set(PLACES))}")
    return {name: (year, here[0] in "[`") for name, (year, here) in found.items()}


def corner(name):
    """Return the upper left corner of a network's box: (x, y)."""
    way, row = PLACES[name]
    return RIM + 1 + way * ACROSS, TOP + row * (TALL + GAP)


def frame():
    """Return the frame around the networks of one paper: (left, top, right, bottom)."""
    xs, ys = zip(*map(corner, PAPER))
    return min(xs) - RIM, min(ys) - RIM, max(xs) + WIDE + RIM, max(ys) + TALL + RIM


def arrow(points, look=""):
    """Return a line through points and its tip; its last part goes down or to the left."""
    (x0, y0), (x, y) = points[-2:]
    back = (0, -7) if x == x0 else (7, 0)
    ends = [
        (x + back[0] + side * back[1] / 2, y + back[1] + side * back[0] / 2) for side in (1, -1)
    ]
    path = lambda places: "L".join(f"{a:g} {b:g}" for a, b in places)
    points = [*points[:-1], (x + back[0], y + back[1])]
    tip = f'<path class="tip" d="M{path([(x, y), *ends])}Z"/>'
    return f'<path class="line {look}" d="M{path(points)}"/>{tip}'


def way(source, target):
    """Return the points of the arrow from one network to another, or to the paper's frame."""
    x, y = corner(source)
    middle, below = x + WIDE / 2, y + TALL
    if target == PAPER:
        return [(middle, below), (middle, frame()[1])]
    to_x, to_y = corner(target)
    if (source, target) in IDEAS:  # along the gap above the target, beside the arrow of its parent
        side = 1 if x > to_x else -1
        start, end = middle - side * 28, to_x + WIDE / 2 + side * 26
        bend = to_y - (14 if source not in PAPER else 9)
        return [(start, below), (start, bend), (end, bend), (end, to_y)]
    if to_y - below > 2 * GAP and x == to_x and source not in PAPER:  # around those between
        right = x + WIDE + 9
        return [(x + WIDE, y + TALL / 2), (right, y + TALL / 2), (right, to_y + TALL / 2)] + [
            (x + WIDE, to_y + TALL / 2)
        ]
    return [(middle, below), (to_x + WIDE / 2, to_y)]


def box(name, year, here):
    """Return a network's box: its name in one or two lines, and its year."""
    x, y = corner(name)
    lines = name.split(" ") if len(name) > 12 else [name]
    high = 14 * (len(lines) + 1)
    looks = [""] * len(lines) + ["year"]
    text = "".join(
        f'<text class="{look}" x="{x + WIDE / 2:g}" y="{y + (TALL - high) / 2 + 11 + 14 * n:g}">'
        f"{escape(line)}</text>"
        for n, (line, look) in enumerate(zip([*lines, year], looks, strict=True))
    )
    look = "here" if here else "elsewhere"
    return f'<g class="{look}"><rect x="{x}" y="{y}" width="{WIDE}" height="{TALL}"/>{text}</g>'


def draw(text):
    """Return the map as SVG, from the table in the page's Markdown."""
    table = rows(text)
    left, top, right, bottom = frame()
    width, height = RIM + 2 * ACROSS + WIDE + 14, TOP + 9 * (TALL + GAP) - GAP + 2
    heads = "".join(
        f'<text class="head" x="{RIM + 1 + n * ACROSS + WIDE / 2:g}" y="14">{name}</text>'
        for n, name in enumerate(WAYS)
    )
    paper = (
        f'<rect class="paper" x="{left}" y="{top}" width="{right - left}" '
        f'height="{bottom - top}"/>'
        + "".join(
            f'<text class="note" x="{right - 8}" y="{bottom - 22 + 14 * n}">{word}</text>'
            for n, word in enumerate(("one", "paper"))
        )
    )
    lines = [
        arrow(way(*pair), look) for pairs, look in ((FROM, ""), (IDEAS, "idea")) for pair in pairs
    ]
    boxes = [box(name, *one) for name, one in table.items()]
    label = "The map of the family, from 2011 to 2020. The table below says in words what it shows."
    return (
        f'<svg class="family-map" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        f"{heads}{paper}{''.join(lines)}{''.join(boxes)}</svg>"
    )


class FamilyMap(SphinxDirective):
    def run(self):
        text = Path(self.env.doc2path(self.env.docname)).read_text(encoding="utf-8")
        return [nodes.raw("", draw(text), format="html")]


def setup(app):
    app.add_directive("family-map", FamilyMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
