"""Draw the picture on the first page and in the README: twelve pictures by the shipped model.

python book/tools/hero.py      writes book/_static/hero.png
"""

from pathlib import Path

import numpy as np
from PIL import Image

from pixelcnn_lib import sampling
from pixelcnn_lib.family import PixelCNN

FILE = Path(__file__).parents[1] / "_static" / "hero.png"
ROWS, COLS, SIZE, SEED = 2, 6, 24, 3
ZOOM, GAP, MARGIN = 4, 12, 20  # in pixels of the whole picture
PAPER = (247, 247, 244)


def corner(index, side):
    """Return where a row or column of pictures begins, in pixels."""
    return MARGIN + index * (side + GAP)


def draw():
    """Return the whole picture, uint8 (H, W, 3)."""
    model, side = PixelCNN.pretrained("small"), SIZE * ZOOM
    drawn = sampling.generate_images(model, ROWS * COLS, SIZE, seed=SEED, progress=False)
    height, width = (corner(count, side) - GAP + MARGIN for count in (ROWS, COLS))
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    for index, picture in enumerate(drawn.repeat(ZOOM, 1).repeat(ZOOM, 2)):
        top, left = (corner(place, side) for place in divmod(index, COLS))
        sheet[top : top + side, left : left + side] = picture
    return sheet


if __name__ == "__main__":
    Image.fromarray(draw()).save(FILE, optimize=True)
