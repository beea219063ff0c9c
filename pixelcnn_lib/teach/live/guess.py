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
SIDE = 32  # of a patch, in pixels
ROUNDS = [  # what it shows, photograph (0: the cat, 1: the flower), top row, left column, pixels
    ("an eye of a cat", 0, 40, 66, [(16, 13), (16, 15), (20, 19), (21, 23)]),
    ("the cat's other eye", 0, 50, 142, [(14, 11), (14, 13), (18, 20), (19, 27)]),
    ("the cat's nose", 0, 106, 112, [(12, 9), (14, 15), (14, 18), (21, 17)]),
    ("the edge of a flower", 1, 90, 196, [(14, 6), (16, 14), (18, 25), (19, 27)]),
    ("petals of the flower", 1, 60, 140, [(15, 8), (15, 10), (18, 17), (20, 24)]),
]
ASKED = (3, 3, 3, 1)  # how many colours of each pixel are asked
AROUND = {"left": (0, -1), "above": (-1, 0), "above right": (-1, 1)}
WITHIN = (1, 2, 3, 5, 8, 12, 20, 32, 50, 80)  # levels


def patch(number=0):
    """Return a round's patch of a photograph that was not trained on: uint8 (32, 32, 3)."""
    _, photograph, top, left, _ = ROUNDS[number]
    image = data.photographs("test")[photograph].image
    return image[top : top + SIDE, left : left + SIDE]


def places(number=0):
    """Return the values that a round asks for: ten (row, column, colour), in their order."""
    pixels = ROUNDS[number][4]
    return [(*pixel, colour) for pixel, count in zip(pixels, ASKED) for colour in range(count)]


def came(number=0):
    """Return the true levels at a round's places."""
    image = patch(number)
    return [int(image[place]) for place in places(number)]


def compute():
    """Return the model's cost of the true level and of its peak, in 1/100 bits, and its hills."""
    from keras import ops

    from pixelcnn_lib.family import PixelCNN

    numbers = range(len(ROUNDS))
    images = np.stack([patch(number) for number in numbers])  # (rounds, 32, 32, 3)
    logits = ops.convert_to_numpy(PixelCNN.pretrained()(images))  # (rounds, 32, 32, 3, 256)
    told = []
    for number in numbers:
        log_p = np.stack([logits[number][place] for place in places(number)])  # (places, 256)
        told.append(
            {
                "bits": hills.bits(log_p, came(number)).tolist(),
                "peaks": hills.bits(log_p, log_p.argmax(-1)).tolist(),
                "hills": hills.pack(log_p),
            }
        )
    return told


def curve(within):
    """Return the reader's curve: natural log-probabilities, (256 guesses, 256 levels).

    About half of its probability lies at most `within` levels from the guess.
    """
    from pixelcnn_lib.heads import LogisticMixtureHead

    head = LogisticMixtureHead(components=1)
    head.levels = 256
    means = np.arange(256) * 2 / 255 - 1  # (256,)
    scale = np.log(2 / 255 * within / np.log(3))
    parameters = np.stack([0 * means, means, 0 * means + scale], axis=-1)  # (256, 3)
    return head.log_probs(parameters, np)


def prices(within):
    """Return what a guess costs, in 1/100 bits, by its distance from the true level.

    Two lists, for distances 0 … 255: for inner levels, and for 0 and 255, which include the tails.
    """
    bits = hills.bits(np.stack([curve(within)] * 256), np.arange(256)[:, None])  # (level, guess)
    near = [bits[100 + d, 100] for d in range(155)] + [bits[d, 0] for d in range(155, 255)]
    return [int(b) for b in (*near, near[-1])], bits[255, ::-1].tolist()


class YouAgainstTheModel(Live):
    """Ten values of a photograph that the model never saw: who predicts them better?

    rounds: for each of ROUNDS its patch, its places, the levels around them and at them, and what
    the model says.
    """

    title = "You against the model"
    hint = (
        "Predict the level of the marked value, and say how sure you are: about half of your curve "
        "lies within the distance that you choose. Each round asks for other places."
    )
    shared = ("parts.js", "draw.js")
    heights = (770, 1160)
    rounds = traitlets.List().tag(sync=True)
    within = traitlets.List(WITHIN).tag(sync=True)
    prices = traitlets.List().tag(sync=True)

    def __init__(self):
        told = json.loads(read("guess.json"))
        super().__init__(
            rounds=[round_of(number) | {"model": one} for number, one in enumerate(told)],
            prices=[prices(within) for within in WITHIN],
        )

    def still(self):
        from pixelcnn_lib.teach import figures

        row, col, _ = places()[0]
        known = np.arange(SIDE**2).reshape(SIDE, SIDE) < row * SIDE + col  # (32, 32)
        return figures.show_steps([patch()], [known])

    def fallback(self):
        one = self.rounds[0]
        rows = "".join(
            f"<tr><td>{COLOURS[colour]} of row {row}, column {col}</td><td>{level}</td>"
            f"<td>{paid / 100:.1f}</td></tr>"
            for (row, col, colour), level, paid in zip(
                one["places"], one["came"], one["model"]["bits"]
            )
        )
        return (
            "<details><summary>The first round: the true levels, and what the model paid</summary>"
            "<table><tr><th>value</th><th>true level</th><th>bits that the model paid</th></tr>"
            f"{rows}</table></details>"
        )


def round_of(number):
    """Return what the page needs of a round: its picture, and the values that it asks for."""
    image = patch(number)
    return {
        "name": ROUNDS[number][0],
        "picture": to_base64(image),
        "places": [list(place) for place in places(number)],
        "around": [
            {
                name: int(image[row + down, col + right, colour])
                for name, (down, right) in AROUND.items()
            }
            for row, col, colour in places(number)
        ],
        "came": came(number),
    }
