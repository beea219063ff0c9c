"""Faces drawn with the same noise and the same wish, by a way to draw and its strength.

book/tools/live_states.py draws them once, into steer.npz.
"""

from functools import cache

import numpy as np
import traitlets

from pixelcnn_lib.faces import FACE_COLOURS, ask, attributes, in_colour, read_face
from pixelcnn_lib.teach.live.base import FOLDER, Live, to_base64

WISH, COUNT = "blue hair", 12
WAYS = {  # argument of sample: its name here, and its values, from that which changes nothing
    "guidance": ("guidance w", (0, 0.25, 0.5, 1, 2, 4)),
    "temperature": ("temperature", (1, 0.8, 0.6, 0.4, 0.2)),
    "top_p": ("top-p", (1, 0.98, 0.95, 0.9, 0.7)),
}


@cache
def stored():
    """Return the faces of all ways: {way: uint8 (values, COUNT, 16, 16, 1)}."""
    with np.load(FOLDER / "steer.npz") as kept:
        return dict(kept)


def drawn(way, value):
    """Draw the faces with one argument of sample changed: uint8 (COUNT, 16, 16, 1)."""
    from pixelcnn_lib.family import PixelSNAIL

    labels = np.tile(ask(WISH), (COUNT, 1))
    options = {"seed": 0, "labels": labels, "progress": False, way: value}
    return PixelSNAIL.pretrained("faces").sample(COUNT, 16, **options)


def told(images):
    """Say how many of these faces are right, how many as asked, and how many with long hair."""
    choices, wrong = read_face(images)
    seen = attributes(choices[[not text for text in wrong]])  # of right faces
    names = list(seen)
    found = np.stack(list(seen.values()), axis=1)  # (right, attributes)
    wish = ask(WISH)
    fits = ((found == wish) | (wish == 0)).all(axis=1)
    long = (found[fits, names.index("long hair")] == 2).sum()
    return f"Right faces: {len(found)} of {COUNT}. With {WISH}: {fits.sum()}. With long {WISH}: {long}."


class Steer(Live):
    """A wish, drawn in several ways. way: one of WAYS. step: the number of its value."""

    title = f"The wish is {WISH}, the noise is always the same"
    hint = "Choose a way to draw, and move the slider. What else changes besides the hair's colour?"
    heights = (406, 574)
    shared = ("parts.js", "draw.js")

    palette = traitlets.List(FACE_COLOURS.tolist()).tag(sync=True)
    ways = traitlets.Dict().tag(sync=True)  # {way: its name, values, faces in base64, and words}
    way = traitlets.Enum(list(WAYS), "guidance").tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)

    @traitlets.default("ways")
    def _ways(self):
        return {
            way: {
                "name": name,
                "values": [f"{value:g}" for value in values],
                "faces": [to_base64(images) for images in stored()[way]],
                "told": [told(images) for images in stored()[way]],
            }
            for way, (name, values) in WAYS.items()
        }

    def still(self):
        from pixelcnn_lib.teach import figures

        _, values = WAYS[self.way]
        rows = np.concatenate(stored()[self.way][:, :6])
        titles = [f"{value:g}" if n == 0 else "" for value in values for n in range(6)]
        return figures.show_images(in_colour(rows), 6, titles)

    def fallback(self):
        rows = "".join(
            f'<tr><th scope="row">{one["name"]} {value}</th><td>{words}</td></tr>'
            for one in self.ways.values()
            for value, words in zip(one["values"], one["told"], strict=True)
        )
        return f"<p>Faces asked for {WISH}, by the way they are drawn:</p>\n<table>{rows}</table>"
