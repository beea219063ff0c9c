"""Draw four pictures of faces: the first page's, the README's, the family's and the one of links.

python book/tools/hero.py      writes hero.png, wall.png, ladder.png and card.png into book/_static
"""

from pathlib import Path

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from pixelcnn_lib.faces import in_colour
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.teach import ladder
from pixelcnn_lib.teach.live import faces

STATIC = Path(__file__).parents[1] / "_static"
GAP = 12  # pixels of a picture, as all below
PAPER = (247, 247, 244)
LINES = [  # of card.png: the words, their weight, size, colour and base line
    ("One Pixel at a Time", "bold", 72, (36, 41, 47), 132),
    ("Build PixelCNN, from the mask to the drawn picture", "normal", 31, (93, 100, 108), 184),
]
WALL_SIDE = 20  # faces
LADDER = [  # a row of ladder.png each; the last row is the shipped model's
    "PixelCNN, 6 blocks, numbers",
    "PixelCNN, 6 blocks",
    "PixelCNN, 13 blocks",
    "Gated PixelCNN",
    "PixelSNAIL",
    "transformer",
]


def sheet(drawn, columns, zoom, gap=GAP):
    """Lay faces side by side.

    drawn: uint8 (N, 16, 16, 1), numbers of colours; N is a multiple of `columns`.
    zoom: int, how large a pixel of a face is.
    gap: int, the pixels between two faces.
    Returns uint8 (H, W, 3).
    """
    rows, side = len(drawn) // columns, zoom * faces.SIDE + gap
    whole = np.full((rows * side, columns * side, 3), PAPER, np.uint8)
    for index, face in enumerate(in_colour(drawn).repeat(zoom, 1).repeat(zoom, 2)):
        top, left = side * (index // columns), side * (index % columns)
        whole[top : top + side - gap, left : left + side - gap] = face
    return whole[: rows * side - gap, : columns * side - gap]


def rungs(last):
    """Return ladder.png, uint8 (H, W, 3): sixteen faces of each network; last: the lowest row."""
    drawn = np.concatenate([ladder.pictures(LADDER, 16), last])
    return sheet(drawn, 16, zoom=3, gap=4)


def card(drawn):
    """Return card.png, uint8 (630, 1200, 3), which other sites show beside a link; drawn: 48 faces."""
    whole = Image.new("RGB", (1200, 630), PAPER)
    whole.paste(Image.open(STATIC / "icon-180.png").resize((188, 188)), (61, 34))
    draw = ImageDraw.Draw(whole)
    for words, weight, size, colour, line in LINES:
        font = font_manager.findfont(f"DejaVu Sans:{weight}")
        draw.text((267, line), words, colour, ImageFont.truetype(font, size), anchor="ls")
    whole.paste(Image.fromarray(sheet(drawn, 12, zoom=5)), (54, 235))
    return np.array(whole)


def main():
    model = PixelSNAIL.pretrained("faces")
    drawn = faces.drawn(model, range(WALL_SIDE**2))
    pictures = {
        "hero.png": sheet(drawn[:16], 8, zoom=6),
        "wall.png": sheet(drawn, WALL_SIDE, zoom=2, gap=0),
        "ladder.png": rungs(drawn[:16]),
        "card.png": card(drawn[:48]),
    }
    for name, picture in pictures.items():
        Image.fromarray(picture).save(STATIC / name, optimize=True)


if __name__ == "__main__":
    main()
