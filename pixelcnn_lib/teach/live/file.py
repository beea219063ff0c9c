"""A face becomes a file of three bytes, and any three bytes are a face; the page computes both.

The network is that of the figure of faces, with a byte for each weight, in exact arithmetic. The file
is only the stream: see coding.py. coder.js writes it and reads it.
"""

import json

import traitlets

from pixelcnn_lib.faces import FACE_COLOURS, faces, in_colour
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.faces import NETWORK

SEED = 16  # of the faces below
FILES = "a72574 5ede29 335c68 44d538 93eb66 348b3b f23074 c6e956".split()


class File(base.Live):
    """A face and the bits of its file. file: three bytes as hexadecimal digits."""

    title = "Three bytes and a face"
    hint = (
        "Change a bit, type three bytes, or write a new face. Below bytes 1 and 2 is what they "
        "decide."
    )
    heights = (525, 559)
    shared = ("parts.js", "draw.js", "pixelnet.js", "coder.js")
    network = traitlets.Dict().tag(sync=True)
    palette = traitlets.List().tag(sync=True)
    faces = traitlets.List().tag(sync=True)  # those that the page can write
    file = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(
            network=json.loads(NETWORK.read_text()),
            palette=FACE_COLOURS.tolist(),
            faces=[base.to_base64(face) for face in faces(len(FILES), SEED)],
            **{"file": FILES[0], **traits},
        )

    def still(self):
        from pixelcnn_lib.teach import figures

        return figures.show_images(in_colour(faces(len(FILES), SEED)), columns=4, titles=FILES)

    def fallback(self):
        return (
            "<p>With scripts, this page turns faces into files of three bytes, and any three bytes "
            f"into a face. The still picture shows {len(FILES)} faces, and above each its file.</p>"
        )
