"""Figure 3: who sees whom, in a right network and in networks with masks that people got wrong."""

import json

import numpy as np
import traitlets

from pixelcnn_lib import leaks
from pixelcnn_lib.masks import LEAK, SEEN, UNSEEN
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live, from_base64, read, to_base64

SHAPE = (6, 8, 3)
COUNT = int(np.prod(SHAPE))
SIZES = dict(filters_per_colour=4, blocks=1, head_per_colour=6, levels=8, dtype="float64")
RIGHT = "Each value sees only its past, as far as the network reaches."
NAMES = {
    "right": "the right masks",
    "off_by_one": "cut one tap too late",
    "upside_down": "upside down",
    "reversed_colours": "colours reversed",
    "colour_blind": "colour-blind",
    "lost_row": "a row lost",
    "always_a": "mask A everywhere",
    "interleaved": "features interleaved",
    "feature_numbers": "numbers of features compared",
    "mask_once": "masked once, then trained",
}


def network(name):
    """Build a small network with a mask from teach/bugs.py; mask_once also trains for a step."""
    import keras

    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import bugs

    keras.utils.set_random_seed(0)
    model = PixelCNN(**SIZES) if name == "right" else bugs.model(name, **SIZES)
    if name == "mask_once":
        images = np.random.default_rng(0).integers(0, 8, (4, *SHAPE), np.uint8)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.1), loss, jit_compile=False)
        model.fit(images, images, verbose=0)
    return model


def compute():
    """Find all influences by experiment, in float64, and describe each mask in a line.

    Returns {name: {"seen": base64 of bool (targets, sources), "said": text}}.
    """
    from pixelcnn_lib.teach import bugs

    found = {}
    for name in NAMES:
        said = bugs.BUGS[name].__doc__.splitlines()[0] if name in bugs.BUGS else RIGHT
        seen = leaks.influence(network(name), SHAPE, levels=8)
        found[name] = {"seen": to_base64(seen), "said": said}
    return found


class InfluenceMap(Live):
    """What a value sees through a network, by experiment; a click chooses the value.

    net: a name from NAMES. target: [row, col, colour].
    """

    title = "Who sees whom"
    hint = "Choose a value, and it is the target: the maps show what its prediction depends on."
    heights = (515, 665)

    net = traitlets.Enum(list(NAMES), "right").tag(sync=True)
    target = traitlets.List([3, 4, 1]).tag(sync=True)
    shape = traitlets.List(list(SHAPE)).tag(sync=True)
    nets = traitlets.List().tag(sync=True)  # [[name, title], ...]
    found = traitlets.Dict().tag(sync=True)  # as `compute` gives

    def __init__(self, **shown):
        found = json.loads(read("influence.json"))
        super().__init__(nets=[list(pair) for pair in NAMES.items()], found=found, **shown)

    def kinds(self, net):
        """Return what each value of SHAPE is to each target: HIDDEN, SEEN, UNSEEN or LEAK."""
        return leaks.classify(
            from_base64(self.found[net]["seen"])[: COUNT**2].reshape(COUNT, COUNT)
        )

    def still(self):
        title = NAMES[self.net].capitalize()
        return figures.show_kinds(self.kinds(self.net), tuple(self.target), SHAPE, title=title)

    def fallback(self):
        """Count the kinds over all targets of each network."""
        rows = ""
        for net, title in NAMES.items():
            counts = [(self.kinds(net) == kind).sum() for kind in (SEEN, UNSEEN, LEAK)]
            cells = "".join(f"<td>{count}</td>" for count in counts)
            rows += f'<tr><th scope="row">{title}</th>{cells}</tr>'
        heads = "".join(f'<th scope="col">{one}</th>' for one in ("seen", "unseen", "leaks"))
        return (
            f"<p>All pairs of the {COUNT} values of a small image, target and source, in networks "
            f"with</p>\n<table><tr><td></td>{heads}</tr>{rows}</table>"
        )
