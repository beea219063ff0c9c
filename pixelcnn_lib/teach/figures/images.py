"""Images, and images that are being drawn; every pixel is a crisp square."""

import matplotlib.pyplot as plt
import numpy as np

from pixelcnn_lib.teach.figures.parts import bare, length_of
from pixelcnn_lib.teach.figures.style import DPI, FONT, WIDTH

WIDE = 5.6  # inches, of images without words; on a phone, pages let them scroll
GAP = 12  # dots between images


def show_images(images, columns=None, titles=None, scale=None):
    """Show images side by side, every pixel a crisp square.

    images: uint8 (N, H, W, 1 or 3), one (H, W, 1 or 3), or a list of images of any sizes.
    columns: images in a row, by default up to eight; fewer, a divisor of columns, where the titles
    need more room. titles: one text per image. scale: dots of the figure per pixel, by default at
    most 12; fewer where the images need more room.
    """
    images = check_images(images)
    return _show_grid(images, [None] * len(images), columns, titles, scale)


def show_steps(images, known, titles=None, columns=None, scale=None):
    """Show a drawing in progress; pixels of which a colour is not drawn yet are hatched.

    images: as for `show_images`. known: one boolean array per image, True where drawn, (H, W) or
    (H, W, colours). titles, columns, scale: as for `show_images`.
    """
    images, known = check_images(images), [np.asarray(one, bool) for one in known]
    return _show_grid(images, known, columns, titles, scale)


def check_images(images):
    """Return a list of uint8 (H, W, 1 or 3), or raise ValueError for anything else."""
    images = [np.asarray(image) for image in ([images] if np.ndim(images[0]) == 2 else images)]
    for image in images:
        if image.ndim != 3 or image.shape[2] not in (1, 3) or image.dtype != np.uint8:
            raise ValueError(
                f"expected uint8 images (H, W, 1 or 3), got {image.dtype} {image.shape}; "
                "a grey image needs a last axis of 1, scaled ones their 0 to 255 back"
            )
    return images


def _columns(count, asked, width, words, limit):
    """Return how many images a row has.

    count: int, how many images there are. asked: int, the columns asked for, or None. width: int,
    of the widest image, in pixels. words: of the longest title, in dots; limit: of the figure.
    """
    most = max(1, (limit + GAP) // (words + GAP))  # so many titles fit side by side
    if asked is not None:
        return max(n for n in range(1, asked + 1) if asked % n == 0 and n <= most)
    columns = int(np.clip((limit + GAP) // (width + GAP), 1, min(8, count, most)))
    rows = -(-count // columns)
    return -(-count // rows)  # rows of equal length


def _show_grid(images, known, columns, titles, scale):
    """Lay images out so that each pixel is a whole number of dots."""
    limit = DPI * (WIDTH if titles else WIDE)  # dots, as all below
    width = max(image.shape[1] for image in images)
    words = max((DPI * length_of(title) for title in titles or ()), default=0)
    columns = _columns(len(images), columns, width, words, limit)
    room = (limit + GAP) / columns - GAP
    scale = max(1, min(scale or 12, int(room // width)))
    cell = max(scale * width, int(words))
    cell += (cell - scale * width) % 2  # the image in its middle, on whole dots
    full = columns * (cell + GAP) - GAP
    growth = max(1, full / limit)  # of the words, where not even the smallest images fit
    title = int(40 * growth) if titles else 0
    rows = [images[start : start + columns] for start in range(0, len(images), columns)]
    heights = [scale * max(image.shape[0] for image in row) + title + GAP for row in rows]
    full = np.array([full, sum(heights) - GAP])
    fig = plt.figure(figsize=full / DPI, layout="none")
    for index, image in enumerate(images):
        row, col = divmod(index, columns)
        corner = col * (cell + GAP), full[1] - sum(heights[: row + 1]) + GAP
        size = cell, heights[row] - title - GAP
        ax = fig.add_axes((*corner / full, *size / full), anchor="S")
        paint(ax, image, known[index])
        if titles is not None:
            ax.set_title(titles[index], fontsize=FONT * growth)
    return fig


def paint(ax, image, known=None):
    """Draw one uint8 image; where `known` is False the hatched ground shows."""
    size = image.shape[:2]
    drawn = np.ones(size) if known is None else known.reshape(*size, -1).all(2)  # (H, W)
    ax.imshow(np.dstack([np.broadcast_to(image, (*size, 3)), 255 * drawn]).astype(np.uint8))
    ax.patch.set(facecolor="#e6e7e4", edgecolor="#a5a9a8", hatch="////", linewidth=0)
    bare(ax, ticks=False)
