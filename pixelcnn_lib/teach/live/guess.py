"""You against the model: guess the next values of a half-drawn photograph, scored in bits.

The reader's guess is a level and a width; it becomes one logistic curve of the library's own
mixture head. The model's answers come from the shipped network: book/tools/live_states.py computes
them once, into guess.json.
"""

import json

import numpy as np
import traitlets

from pixelcnn_lib import data
from pixelcnn_lib.teach.live import hills
from pixelcnn_lib.teach.live.base import Live, read, to_base64

COLOURS = ("red", "green", "blue")
PIXELS = {(16, 13): 3, (16, 15): 3, (20, 19): 3, (21, 23): 1}  # how many of its colours are asked
PLACES = [(*pixel, colour) for pixel, count in PIXELS.items() for colour in range(count)]
AROUND = {"left": (0, -1), "above": (-1, 0), "above right": (-1, 1)}
WITHIN = (1, 2, 3, 5, 8, 12, 20, 32, 50, 80)  # levels


def patch():
    """An eye in the held-out photograph of the cat: uint8 (32, 32, 3)."""
    return data.photographs("test")[0].image[40:72, 66:98]


def came():
    """The levels of PLACES."""
    image = patch()
    return [int(image[place]) for place in PLACES]


def compute():
    """What the shipped model says at PLACES: its price, in 1/100 bits, its peak's, and hills."""
    from keras import ops

    from pixelcnn_lib.model import PixelCNN

    logits = ops.convert_to_numpy(PixelCNN.pretrained()(patch()[None]))[0]  # (32, 32, 3, 256)
    log_p = np.stack([logits[place] for place in PLACES])  # (places, 256)
    return {
        "bits": hills.bits(log_p, came()).tolist(),
        "peaks": hills.bits(log_p, log_p.argmax(-1)).tolist(),
        "hills": hills.pack(log_p),
    }


def curve(within):
    """The reader's curve: natural log-probabilities, (256 guesses, 256 levels).

    About half of it lies at most `within` levels from the guess.
    """
    from pixelcnn_lib.heads import LogisticMixtureHead

    head = LogisticMixtureHead(components=1)
    head.levels = 256
    means = np.arange(256) * 2 / 255 - 1  # (256,)
    scale = np.log(2 / 255 * within / np.log(3))
    parameters = np.stack([0 * means, means, 0 * means + scale], axis=-1)  # (256, 3)
    return head.log_probs(parameters, np)


def prices(within):
    """What a guess pays, in 1/100 bits, by its distance from the level that came.

    Two lists, for distances 0 … 255: for the levels inside, and for 0 and 255, which own the tails.
    """
    bits = hills.bits(np.stack([curve(within)] * 256), np.arange(256)[:, None])  # (level, guess)
    near = [bits[100 + d, 100] for d in range(155)] + [bits[d, 0] for d in range(155, 255)]
    return [int(b) for b in (*near, near[-1])], bits[255, ::-1].tolist()


class YouAgainstTheModel(Live):
    """Ten values of a photograph that the model never saw: who predicts them better?"""

    title = "You against the model"
    hint = (
        "Predict the level of the marked value, and say how sure you are: "
        "about half of your bell lies within the distance that you choose."
    )
    shared = ("parts.js", "draw.js")
    heights = (740, 1110)
    picture = traitlets.Unicode().tag(sync=True)
    places = traitlets.List().tag(sync=True)
    around = traitlets.List().tag(sync=True)
    came = traitlets.List().tag(sync=True)
    model = traitlets.Dict().tag(sync=True)
    within = traitlets.List(WITHIN).tag(sync=True)
    prices = traitlets.List().tag(sync=True)

    def __init__(self):
        image = patch()
        around = [
            {
                name: int(image[row + down, col + right, colour])
                for name, (down, right) in AROUND.items()
            }
            for row, col, colour in PLACES
        ]
        super().__init__(
            picture=to_base64(image),
            places=[list(place) for place in PLACES],
            around=around,
            came=came(),
            model=json.loads(read("guess.json")),
            prices=[prices(within) for within in WITHIN],
        )

    def still(self):
        from pixelcnn_lib.teach import figures

        row, col, _ = PLACES[0]
        known = np.arange(32 * 32).reshape(32, 32) < row * 32 + col  # (32, 32)
        return figures.show_steps([patch()], [known])

    def fallback(self):
        rows = "".join(
            f"<tr><td>{COLOURS[colour]} of row {row}, column {col}</td><td>{level}</td>"
            f"<td>{paid / 100:.1f}</td></tr>"
            for (row, col, colour), level, paid in zip(PLACES, self.came, self.model["bits"])
        )
        return (
            "<details><summary>What came, and what the model paid</summary><table><tr>"
            f"<th>value</th><th>level</th><th>bits</th></tr>{rows}</table></details>"
        )
