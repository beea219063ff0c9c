"""Bits: where a network's bits go, pixel by pixel; also for a network trained in the page."""

import numpy as np
import traitlets

from pixelcnn_lib import account, faces
from pixelcnn_lib.teach.live import base
from pixelcnn_lib.teach.live.compose import parts, program

FACE = 24  # of faces.faces(seed=1): long hair, so that most names can be found in it
FACES = 500  # new ones, which price the book's network
UNIT = 10_000  # a table's numbers in a bit
FIRSTS, BLOCKS = (3, 5, 7), (*range(16), None)  # the tables of faces.limit for one stack


def tables():
    """Return the exact limits of every form, for the page: a dict; numbers are base64 of uint16."""
    limits = [faces.limit(blocks, first) for first in FIRSTS for blocks in BLOCKS]
    whole = np.rint(np.stack([faces.floor(), *limits]) * UNIT).astype(">u2")
    return {"numbers": base.to_base64(whole.ravel().view(np.uint8)), "unit": UNIT, "firsts": FIRSTS}


class Bits(base.Live):
    """What each pixel costs above the least possible, and why.

    prices: float (N, 16, 16), of new faces, as account.prices returns them; without it, those of the
        book's network from chapter 1.
    blocks, first, stacks: the network's form, as for account.shares.
    of: str, what the figure calls this network.
    """

    title = "Where do the bits go?"
    hint = (
        "A bright pixel costs more than the least possible. Choose a pixel to see why. Once you "
        "have trained a network in this browser, you can choose it: mine."
    )
    heights = (719, 1214)
    shared = ("parts.js", "draw.js", "pixelnet.js", "own.js")
    worker = ("parts.js", "pixelnet.js", "own.js", "compose.js", "learn.js", "worker.js")
    parts = traitlets.Dict().tag(sync=True)
    program = traitlets.Unicode().tag(sync=True)
    palette = traitlets.List(faces.FACE_COLOURS.tolist()).tag(sync=True)
    face = traitlets.Unicode().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    tables = traitlets.Dict().tag(sync=True)
    paid_for = traitlets.List(account.PAID_FOR).tag(sync=True)
    given = traitlets.Dict().tag(sync=True)  # the network that Python has priced

    def __init__(self, prices=None, blocks=6, first=7, stacks=1, of="the book's"):
        if prices is None:
            from pixelcnn_lib.teach import own

            prices = account.prices(own.load(own.BOOKS[1]), faces.faces(FACES, seed=2))
        self.shares = account.shares(prices, blocks, first, stacks)
        maps = {
            name: np.round(getattr(self.shares, name), 4).ravel().tolist()
            for name in ("own", "floor", "blind", "far")
        }
        super().__init__(
            parts=parts(),
            program=program(),
            face=base.to_base64(faces.faces(FACE + 1, seed=1)[-1]),
            names=[account.name_of(row, col) for row, col in np.ndindex(16, 16)],
            tables=tables(),
            given={"of": of, "error": round(self.shares.error, 4), **maps},
        )

    def still(self):
        from pixelcnn_lib.teach import figures

        face = faces.in_colour(faces.faces(FACE + 1, seed=1)[-1:])
        return figures.show_account(face[0], self.shares)

    def fallback(self):
        rows = "".join(
            f"<tr><td>{name}</td><td>{bits:.2f}</td></tr>"
            for name, bits in self.shares.totals.items()
        )
        total = self.shares.own.sum()
        return f"<p>{total:.2f} bits for a new face, and what they are paid for:</p><table>{rows}</table>"
