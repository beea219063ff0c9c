"""Follow the colours: every path by which a value reaches a prediction, through two layers."""

import numpy as np
import traitlets

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import LEAK, SEEN, UNSEEN, colour_pattern
from pixelcnn_lib.teach.live.base import Live

SHAPE = (1, 3, 3)  # a row of three pixels, each with three colours
OPEN = np.ones((1, 3, 3, 3), bool)  # a kernel without a mask
A, B = (colour_pattern((1, 3), mask_type) for mask_type in "AB")
LAYERS = {  # the switch's choices: the kernels of the two layers, bool (1, 3, 3, 3)
    "A, then B": (A, B),
    "B, then B": (B, B),
    "A, then A": (A, A),
    "no mask": (OPEN, OPEN),
}


def connections(layer):
    """Which features of a layer read which values below it: bool (features, values below)."""
    return leaks.receptive_field([layer], SHAPE)


def kinds(masks):
    """Return what each value of the image is to each prediction, as in `leaks.classify`."""
    return leaks.classify(leaks.receptive_field(LAYERS[masks], SHAPE))


class FollowTheColours(Live):
    """Three pixels, two layers with kernels of 1x3, and the arrows that lead to one prediction.

    masks: a key of LAYERS. target: the number of the predicted value, 0 to 8. chosen: [] for all
    arrows, or [1, feature] or [2, value] for the arrows through one feature or from one value.
    """

    title = "Follow the colours"
    hint = (
        "Choose a prediction in the top row, to see every path that leads to it. Then choose a value "
        "of the image, or a feature, to see only its paths."
    )
    heights = (601, 696)
    masks = traitlets.Enum(list(LAYERS), "A, then B").tag(sync=True)
    target = traitlets.Int(3, min=0, max=8).tag(sync=True)
    chosen = traitlets.List().tag(sync=True)
    options = traitlets.List(list(LAYERS)).tag(sync=True)
    states = traitlets.Dict().tag(sync=True)  # {masks: {"layers": [rows, rows], "kinds": rows}}

    def __init__(self, **shown):
        states = {
            masks: {
                "layers": [rows(connections(layer)) for layer in layers],
                "kinds": rows(kinds(masks)),
            }
            for masks, layers in LAYERS.items()
        }
        super().__init__(states=states, **shown)

    def still(self):
        from pixelcnn_lib.teach import figures

        both = [connections(layer) for layer in LAYERS[self.masks]]
        return figures.show_paths(*both, self.target)

    def fallback(self):
        lines = ""
        for masks in LAYERS:
            found = kinds(masks)[self.target]
            counts = "".join(f"<td>{(found == one).sum()}</td>" for one in (SEEN, UNSEEN, LEAK))
            lines += f'<tr><th scope="row">{masks}</th>{counts}</tr>'
        heads = ("earlier values that reach it", "earlier values that do not", "leaks")
        return (
            "<p>Three pixels in a row, two layers with kernels of 1x3. What reaches the prediction "
            "for the middle pixel's red:</p>\n<table><tr><td></td>"
            + "".join(f'<th scope="col">{one}</th>' for one in heads)
            + f"</tr>{lines}</table>"
        )


def rows(array):
    """Return a small array of digits as text, a string for each row."""
    return ["".join(map(str, row)) for row in array.astype(int)]
