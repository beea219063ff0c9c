"""The dark copies of still pictures: words and lines turn light, pictures keep their colours."""

import io

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image
from stills import DARK, LIGHT, dark_copy, darken, mend_pictures, read, save
from test_figures import noise

from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.figures import caches


def drawn(fig):
    """A figure as the notebook stores it: uint8 (H, W, 3)."""
    buffer = io.BytesIO()
    fig.savefig(buffer)
    plt.close(fig)
    return np.asarray(Image.open(buffer).convert("RGB"))


def shades(*colours):
    return (255 * np.array([to_rgb(colour) for colour in colours])).round().astype(np.uint8)


def count(picture, colour):
    return (picture == colour).all(-1).sum()


def contrast(ink, ground):
    """How well an ink reads on a ground (WCAG 2.2, 1.4.3); both (..., 3), 0 to 255."""

    def luminance(rgb):
        rgb = np.asarray(rgb) / 255
        return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [
            0.2126,
            0.7152,
            0.0722,
        ]

    pair = luminance(ink), luminance(ground)
    return (np.maximum(*pair) + 0.05) / (np.minimum(*pair) + 0.05)


def test_words_and_curves_read_on_the_dark_card():
    assert (darken(LIGHT.astype(np.uint8)) == DARK).all()
    words = [figures.INK, figures.MUTED, *figures.CHANNELS, plt.rcParams["xtick.labelcolor"]]
    assert (contrast(darken(shades(*words)), DARK) >= 4.5).all()
    curves = [style["color"] for style in plt.rcParams["axes.prop_cycle"]]
    assert (contrast(darken(shades(*(f"#{one.strip('#')}" for one in curves))), DARK) >= 3).all()
    assert (shades(figures.CARD) == LIGHT).all()


def test_no_ink_reads_on_both_grounds_of_jupyterlab():
    """So pictures keep their light card there: one ink on both has the root of the contrast at best."""
    assert contrast(*shades("#ffffff", "#111111")) ** 0.5 < 4.5


@pytest.mark.parametrize("side", [5, 16])
def test_cells_keep_their_colours_and_the_card_turns_dark(side):
    kinds = np.full((side, side, 3), HIDDEN)
    kinds[:2], kinds[0, 4], kinds[3, 1, 2] = SEEN, UNSEEN, LEAK
    light = drawn(figures.show_kinds(kinds))
    dark = dark_copy(light)
    for kind in (SEEN, UNSEEN, LEAK, HIDDEN):
        (colour,) = shades(figures.KIND_COLOURS[kind])
        assert count(dark, colour) >= count(light, colour) > 0
    assert count(dark, LIGHT) == 0 and count(dark, DARK) >= count(light, LIGHT)


def test_images_keep_every_pixel():
    images = noise(2, 16, 16, 3)
    dark = dark_copy(drawn(figures.show_images(images, titles=["one", "two"], scale=8)))
    for image in images:
        assert all(count(dark, pixel) >= 64 for pixel in image.reshape(-1, 3))


def test_arrow_heads_turn_light_with_their_lines():
    fig = plt.figure()
    fig.add_subplot(frameon=False, xticks=[], yticks=[]).annotate(
        "", (1, 1), (0, 0), arrowprops=caches.ARROW | {"mutation_scale": 20}
    )
    light = drawn(fig)
    assert count(light, shades(figures.INK)[0]) > 50
    assert dark_copy(light).max(-1)[(light != LIGHT).any(-1)].min() >= DARK.max()


def test_a_page_shows_the_copy_that_fits_its_theme(tmp_path):
    Image.fromarray(np.full((20, 40, 3), LIGHT, np.uint8)).save(tmp_path / "a.png")
    image = '<img alt="a > b" src="../_images/a.png" />'.replace(">", "&gt;", 1)
    page = f"{image}<noscript>{image}</noscript>"
    mended = mend_pictures(page, tmp_path)
    assert mended.count('width="40" height="20" loading="lazy"') == 3
    both, still = mended.split("<noscript>")
    assert 'class="only-light"' in both and "a.dark.webp" in both and "dark" not in still
    for name, colour in {"a": LIGHT, "a.dark": DARK}.items():
        assert (read(tmp_path / f"{name}.webp") == colour).all()
    assert mend_pictures(mended, tmp_path) == mended  # a page that is not built anew


def test_a_photograph_may_lose_a_little(tmp_path):
    rgb = noise(200, 300, 3)  # the worst photograph
    save(rgb, tmp_path / "noise.webp")
    assert (tmp_path / "noise.webp").stat().st_size < rgb.size / 2  # bytes
    assert abs(read(tmp_path / "noise.webp").mean() - rgb.mean()) < 2
    save(rgb[:20], tmp_path / "small.webp")
    assert (read(tmp_path / "small.webp") == rgb[:20]).all()
