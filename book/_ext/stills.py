"""Still pictures in pages: sizes, dark copies, and pictures for readers without scripts.

A notebook stores each picture once, on a light card. The build makes a dark copy with a dark card
and light text and lines; images, maps and filled shapes keep their colours.
"""

import re
from pathlib import Path

import numpy as np
from docutils import nodes
from PIL import Image, ImageFilter
from sphinx.transforms.post_transforms import SphinxPostTransform

LIGHT, DARK = np.array([0xF7, 0xF7, 0xF4]), np.array([0x1D, 0x23, 0x2A])  # --opat-card in book.css
INKS = {(0x24, 0x29, 0x2F), (0x5D, 0x64, 0x6C)}  # of arrow heads, which are filled
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
HEAVY = 100_000  # bytes
IMAGE = r'<img (?![^>]*loading=)[^>]*src="[./]*_images/([^"/]+\.png)"[^>]*>'


def darken(rgb):
    """Turn colours for the light card, uint8 (..., 3), into colours for the dark card.

    Light and dark are swapped, hues stay. The map is linear, so that smooth edges stay smooth.
    """
    change = rgb.astype(float) - LIGHT  # (..., 3)
    grey = (change @ LUMINANCE)[..., None]  # (..., 1)
    return np.clip(DARK - 0.94 * grey + (change - grey), 0, 255).astype(np.uint8)


def filled(rgb):
    """Return where a picture, uint8 (H, W, 3), is an image or a filled shape: bool (H, W)."""
    card = (rgb == LIGHT).all(-1)  # (H, W)
    drawn = Image.fromarray(np.where(card, 0, 255).astype(np.uint8))
    core = np.asarray(drawn.filter(ImageFilter.MinFilter(9)).filter(ImageFilter.MaxFilter(9))) > 0
    codes = rgb @ [1 << 16, 1 << 8, 1]  # (H, W)
    picture = Image.fromarray(rgb)
    least, most = (
        np.asarray(picture.filter(kind(5)))
        for kind in (ImageFilter.MinFilter, ImageFilter.MaxFilter)
    )
    even = (least == most).all(-1) & ~card  # (H, W): five by five of one colour, wider than a line
    inks = [red << 16 | green << 8 | blue for red, green, blue in INKS]
    core = core | np.isin(codes, np.setdiff1d(codes[even], inks))
    rim = Image.fromarray(core.astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
    return (np.asarray(rim) > 0) & ~card


def dark_copy(rgb):
    """Return the picture for the dark theme, uint8 (H, W, 3)."""
    return np.where(filled(rgb)[..., None], rgb, darken(rgb))


def mend_pictures(page, folder):
    """Add sizes, so that nothing moves when pictures load, and dark copies to a page's pictures.

    folder: the pictures' folder. Each becomes WebP, about half as large as PNG.
    Pictures for readers without scripts have no dark copy.
    """

    def mend(match):
        if match[0].startswith("<noscript>"):
            return re.sub(IMAGE, lambda image: show(image, folder), match[0])
        dark = folder / match[1].replace(".png", ".dark.webp")
        if not dark.exists():
            save(dark_copy(read(folder / match[1])), dark)
        light = show(match, folder)
        both = light, light.replace(".webp", ".dark.webp")
        return "".join(
            f'<img class="only-{theme}" {one[5:]}' for theme, one in zip(("light", "dark"), both)
        )

    return re.sub(rf"(?s)<noscript>.*?</noscript>|{IMAGE}", mend, page)


def show(match, folder):
    """Return an <img> of a PNG as WebP, with its size; it loads shortly before it is visible."""
    rgb, path = read(folder / match[1]), folder / match[1].replace(".png", ".webp")
    if not path.exists():
        save(rgb, path)
    height, width, _ = rgb.shape
    tag = match[0].replace(match[1], path.name)
    return f'<img width="{width}" height="{height}" loading="lazy" {tag[5:]}'


def read(path):
    """Return the picture as uint8 (H, W, 3)."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def save(rgb, path):
    """Store a picture without loss, unless it is large because of photographs."""
    Image.fromarray(rgb).save(path, lossless=True, method=1)
    if path.stat().st_size > HEAVY:
        Image.fromarray(rgb).save(path, quality=90, method=6)


class StillPictures(SphinxPostTransform):
    """Add an output's picture in <noscript> to its HTML, for readers without scripts."""

    default_priority = 3  # before MyST-NB chooses one rendering of each output

    def run(self):
        for output in self.document.findall(nodes.container):
            if output.get("nb_element") != "mime_bundle":
                continue
            shown = {one["mime_type"]: one for one in output}
            if {"text/html", "image/png"} <= set(shown):
                tags = "<noscript>", "</noscript>"
                start, end = (nodes.raw("", tag, format="html") for tag in tags)
                shown["text/html"].extend([start, *shown["image/png"].children, end])


def mend_all(app, error):
    if not error and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            path.write_text(mend_pictures(page, Path(app.outdir) / "_images"), encoding="utf-8")


def setup(app):
    app.add_post_transform(StillPictures)
    app.connect("build-finished", mend_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
