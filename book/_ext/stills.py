"""Still pictures in pages: sizes, dark copies, and pictures for readers without scripts.

A notebook stores each picture once, on a light card. The build makes a dark copy with a dark card
and light text and lines; images, maps and filled shapes keep their colours.
"""

import posixpath
from html import escape
from pathlib import Path

import numpy as np
from docutils import nodes
from PIL import Image, ImageFilter
from sphinx.transforms.post_transforms import SphinxPostTransform

LIGHT, DARK = np.array([0xF7, 0xF7, 0xF4]), np.array([0x1D, 0x23, 0x2A])  # --opat-card in book.css
# The colours of words, curves and arrow heads in figures/style.py and book.mplstyle: where a marker
# has the colour of a label, the label is no filled shape.
INKS = [0x24292F, 0x5D646C, 0xB34700, 0x00704F, 0x0063A0]
INKS += [0x0072B2, 0xD55E00, 0x009E73, 0xA8548A, 0x8A6A00]
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
HEAVY = 100_000  # bytes


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
    core = core | np.isin(codes, np.setdiff1d(codes[even], INKS))
    rim = Image.fromarray(core.astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
    return (np.asarray(rim) > 0) & ~card


def dark_copy(rgb):
    """Return the picture for the dark theme, uint8 (H, W, 3)."""
    return np.where(filled(rgb)[..., None], rgb, darken(rgb))


def read(path):
    """Return the picture as uint8 (H, W, 3)."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def save(rgb, path):
    """Store a picture without loss, unless it is large because of photographs."""
    Image.fromarray(rgb).save(path, lossless=True, method=1)
    if path.stat().st_size > HEAVY:
        Image.fromarray(rgb).save(path, quality=90, method=6)


class Picture(nodes.image):
    """An image with its size, so that nothing moves when it loads: shortly before it is visible."""


def write_picture(self, node):
    source = posixpath.join(self.builder.imgpath, self.builder.images[node["uri"]])
    self.body.append(
        f'<img class="{" ".join(node["classes"])}" width="{node["width"]}" '
        f'height="{node["height"]}" loading="lazy" alt="{escape(node["alt"])}" src="{source}">'
    )
    raise nodes.SkipNode


def both_themes(app, doctree):
    """Replace each picture of a notebook's outputs by two WebP files, half as large as PNG."""
    env = app.env
    outputs = [one for one in doctree.findall(nodes.container) if "mime_type" in one]
    for image in [image for one in outputs for image in one.findall(nodes.image)]:
        path = Path(app.srcdir) / image["uri"]
        rgb = read(path)
        pair = []
        for theme, picture in ("light", rgb), ("dark", dark_copy(rgb)):
            copy = path.with_suffix(f".{theme}.webp")
            if not copy.exists():
                save(picture, copy)
            uri = copy.relative_to(app.srcdir).as_posix()
            env.images.add_file(env.docname, uri)
            height, width, _ = rgb.shape
            size = {"width": width, "height": height}
            pair.append(Picture(uri=uri, candidates={"*": uri}, alt=image.get("alt", ""), **size))
            pair[-1]["classes"] = [f"only-{theme}"]
        image.replace_self(pair)


class WithoutScripts(SphinxPostTransform):
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


def setup(app):
    app.add_node(Picture, html=(write_picture, None))
    app.add_post_transform(WithoutScripts)
    app.connect("doctree-read", both_themes, priority=600)  # after Sphinx has found the pictures
    return {"parallel_read_safe": True, "parallel_write_safe": True}
