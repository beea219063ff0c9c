"""Still pictures in pages: as WebP, with their sizes, and for readers without scripts."""

import posixpath
from html import escape
from pathlib import Path

import numpy as np
from docutils import nodes
from PIL import Image
from sphinx.transforms.post_transforms import SphinxPostTransform

HEAVY = 100_000  # bytes
WIDE = 600  # pixels; figures with words are smaller
MOST = 5  # pictures that a phone shows side by side; a row of more scrolls there


def save(picture, path):
    """Store a picture without loss, unless it is large because of photographs."""
    picture.save(path, lossless=True, method=1)
    if path.stat().st_size > HEAVY:
        picture.save(path, quality=90, method=6)


def columns(picture):
    """Count the pictures that stand side by side, with stripes of the ground between them."""
    pixels = np.asarray(picture.convert("RGB"))  # (height, width, 3)
    ground = (pixels == pixels[0, 0]).all(axis=(0, 2))  # (width,)
    return np.count_nonzero(ground[:-1] & ~ground[1:])


class Picture(nodes.image):
    """An image with its size, so that nothing moves when it loads: shortly before it is visible."""


def write_picture(self, node):
    source = posixpath.join(self.builder.imgpath, self.builder.images[node["uri"]])
    wide = ' class="wide"' if node["wide"] else ""
    self.body.append(
        f'<img{wide} width="{node["width"]}" height="{node["height"]}" loading="lazy" '
        f'alt="{escape(node["alt"])}" src="{source}">'
    )
    raise nodes.SkipNode


def as_webp(app, doctree):
    """Replace each picture of a notebook's outputs by a WebP file, half as large as PNG."""
    env = app.env
    outputs = [one for one in doctree.findall(nodes.container) if "mime_type" in one]
    for image in [image for one in outputs for image in one.findall(nodes.image)]:
        path = Path(app.srcdir) / image["uri"]
        copy = path.with_suffix(".webp")
        with Image.open(path) as picture:
            width, height = picture.size
            wide = width > WIDE and columns(picture) > MOST
            if not copy.exists():
                save(picture.convert("RGB"), copy)
        uri = copy.relative_to(app.srcdir).as_posix()
        env.images.add_file(env.docname, uri)
        size = {"width": width, "height": height, "wide": wide}
        alt = image.get("alt", "")
        image.replace_self(Picture(uri=uri, candidates={"*": uri}, alt=alt, **size))


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
    app.connect("doctree-read", as_webp, priority=600)  # after Sphinx has found the pictures
    return {"parallel_read_safe": True, "parallel_write_safe": True}
