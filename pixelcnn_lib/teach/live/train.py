"""Train: a network of chapter 1's form learns in the page, in a worker, without a kernel."""

import traitlets

from pixelcnn_lib import faces
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.compose import parts, program

# Smaller than chapter 1's, so that half a minute is enough: its form is the same; see own.py.
SETTINGS = {
    "embed": 16,
    "width": 32,
    "first": 7,
    "blocks": 4,
    "masked": True,
    "batch": 4,
    "steps": 2000,
    "rate": 0.01,
}


class Train(base.Live):
    """A network that learns to draw faces in the page. settings: dict, what replaces SETTINGS."""

    title = "Train it here"
    hint = (
        "Your browser trains a network of its own. It learns from faces that this page composes at "
        "random, and nothing leaves your machine."
    )
    heights = (785, 1365)
    shared = ("parts.js", "draw.js", "pixelnet.js", "own.js")
    worker = ("parts.js", "pixelnet.js", "own.js", "compose.js", "learn.js", "worker.js")
    parts = traitlets.Dict().tag(sync=True)
    program = traitlets.Unicode().tag(sync=True)
    palette = traitlets.List(faces.FACE_COLOURS.tolist()).tag(sync=True)
    floor = traitlets.Float(round(faces.faces_entropy(), 4)).tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)

    def __init__(self, **settings):
        super().__init__(parts=parts(), program=program(), settings=SETTINGS | settings)

    def still(self):
        from pixelcnn_lib.teach import figures

        return figures.show_images(faces.in_colour(faces.faces(16, seed=1)), columns=8)

    def fallback(self):
        return (
            "<p>With scripts, your browser trains a network here, in about half a minute, and the "
            "network draws faces while it learns. The still picture shows faces to learn from.</p>"
        )
