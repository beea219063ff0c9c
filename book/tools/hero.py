"""Draw the picture on the first page and in the README: sixteen faces by the model of faces.

python book/tools/hero.py      writes book/_static/hero.png
"""

from pathlib import Path

import numpy as np
from PIL import Image

from pixelcnn_lib.faces import in_colour
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.teach.live import faces

FILE = Path(__file__).parents[1] / "_static" / "hero.png"
ROWS, COLS = 2, 8
SIDE = 96  # pixels of the whole picture
GAP, MARGIN = 12, 20
PAPER = (247, 247, 244)


def corner(index):
    """Return where a row or column of faces begins, in pixels."""
    return MARGIN + index * (SIDE + GAP)


def draw():
    """Return the whole picture, uint8 (H, W, 3)."""
    drawn = in_colour(faces.drawn(PixelSNAIL.pretrained("faces"), range(ROWS * COLS)))
    height, width = (corner(count) - GAP + MARGIN for count in (ROWS, COLS))
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    zoom = SIDE // faces.SIDE
    for index, picture in enumerate(drawn.repeat(zoom, 1).repeat(zoom, 2)):
        top, left = map(corner, divmod(index, COLS))
        sheet[top : top + SIDE, left : left + SIDE] = picture
    return sheet


if __name__ == "__main__":
    Image.fromarray(draw()).save(FILE, optimize=True)
