"""Twelve pictures in the order of a score; before that, the reader bets which has the lowest.

The scores are the shipped network's and PNG's; book/tools/live_states.py computes them once, into
ranking.json.
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib.teach import outsiders
from pixelcnn_lib.teach.live.base import Live, read, to_base64

SHOWN = {  # of each set of outsiders.sets, how many, and what one is called
    "photographs": (4, "a photograph"),
    "negatives": (2, "a negative"),
    "doubled": (2, "a digit"),
    "flat": (2, "one flat colour"),
    "noise": (1, "noise"),
    "shuffled": (1, "shuffled pixels"),
}


def pictures():
    """Return the pictures, mixed, uint8 (12, 16, 16, 3), and what each is: list of 12 str."""
    sets, images, names = outsiders.sets(), [], []  # as in chapter 17
    for kind, (count, name) in SHOWN.items():
        images += [*sets[kind][len(names) :][:count]]  # no two kinds show the same crop
        names += [name] * count
    mixed = np.random.default_rng(1).permutation(len(names))
    return np.array(images)[mixed], [names[place] for place in mixed]


def compute():
    """Return the two scores of each picture, in bits per dimension: {name: list of 12 floats}."""
    from pixelcnn_lib import scoring
    from pixelcnn_lib.family import PixelCNN

    images, _ = pictures()
    bits = scoring.score(PixelCNN.pretrained(), images).per_image
    header = outsiders.png_bytes(np.zeros_like(images[:1]))
    png = 8 * (outsiders.png_bytes(images) - header) / images[0].size
    scores = {"the model's bits": bits, "these minus PNG's": bits - png}
    return {name: one.round(2).tolist() for name, one in scores.items()}


class Ranking(Live):
    """Twelve pictures, and their order by one of two scores.

    score: a name of `scores`. bet: the picture that the reader chose, 0 to 11; -1 before that.
    """

    title = "Which picture has the lowest score?"
    hint = "Bet: choose a picture. Then bet on the other score."
    shared = ("parts.js", "draw.js")
    heights = (479, 598)

    pictures = traitlets.List().tag(sync=True)  # each in base64
    names = traitlets.List().tag(sync=True)  # what each shows
    scores = traitlets.Dict().tag(sync=True)  # {name: a number for each}
    orders = traitlets.Dict().tag(sync=True)  # {name: the pictures' places, the lowest first}
    score = traitlets.Unicode().tag(sync=True)
    bet = traitlets.Int(-1, min=-1, max=11).tag(sync=True)

    def __init__(self, **shown):
        scores = json.loads(read("ranking.json"))
        images, names = pictures()
        super().__init__(
            pictures=list(map(to_base64, images)),
            names=names,
            scores=scores,
            orders={name: np.argsort(one).tolist() for name, one in scores.items()},
            **{"score": next(iter(scores)), **shown},
        )

    def still(self):
        from pixelcnn_lib.teach import figures

        images, _ = pictures()
        places = sum(self.orders.values(), [])
        titles = [f"{self.scores[name][n]:.1f}" for name in self.orders for n in self.orders[name]]
        return figures.show_images(images[places], 6, titles)

    def fallback(self):
        heads = "".join(f'<th scope="col">{name}</th>' for name in self.scores)
        rows = ""
        for n in self.orders[self.score]:
            cells = "".join(f"<td>{one[n]:.2f}</td>" for one in self.scores.values())
            rows += f'<tr><th scope="row">{self.names[n]}</th>{cells}</tr>'
        return (
            "<p>Two scores of twelve pictures, in bits per dimension:</p>\n"
            f"<table><tr><td></td>{heads}</tr>{rows}</table>"
        )
