"""A plan of the whole network: what each part contains, and what a value can see after it."""

import numpy as np
import traitlets

from pixelcnn_lib import leaks
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live, from_base64, to_base64

SHAPE = (10, 12, 3)
PAIRS = np.tril_indices(int(np.prod(SHAPE)), -1)  # of a target and a value before it
SIZES = dict(filters_per_colour=10, blocks=6, head_per_colour=20, levels=32)  # as in chapter 4
SAYS = {  # what a part does, by its kind
    "image": "Each level becomes a number from −1 to 1. Each place still holds its own value.",
    "first": "Makes {width} features for each pixel, {each} of each colour. Mask A: the features of "
    "a colour do not know the value of that colour at their own pixel.",
    "block": "Narrows, looks one pixel around, widens, and adds the result to its input.",
    "sum": "Adds up the output of the last block and what the skips carry: the line on the right "
    "takes the input of each block here. A skip has one weight for each feature.",
    "top": "Mixes the features of one pixel. From here on no layer looks at other pixels.",
    "head": "Makes {levels} logits for each of the {colours} colours. A softmax turns them into the "
    "probabilities of the {levels} levels.",
}


def plan(net):
    """List the parts of a PixelCNN that has residual blocks, from the image to the logits.

    net: a PixelCNN. Returns a list of dicts: "kind", a key of SAYS; "name"; "makes" and "out", the
    part's output in words and as a shape; "says", a sentence or two; "rows", for each layer its
    name, features in, features out, living weights and dead weights; and "masks", the number of
    masked convolutions from the image to the end of the part.
    """
    width, colours, levels = net.first.filters, net.colours, net.levels
    sizes = dict(width=width, colours=colours, each=width // colours, levels=levels)
    parts = [("image", "image", f"{colours} values", f"(N, H, W, {colours})", [])]

    def add(kind, name, features, rows):
        parts.append((kind, name, f"{features} features", f"(N, H, W, {features})", rows))

    add("first", "first, 7x7 A", width, [describe(net.first)])
    for number, block in enumerate(net.body, 1):
        rows = [describe(one, "ReLU, ") for one in (block.narrow, block.look, block.widen)]
        add("block", f"block {number}", width, rows)
    weights = sum(int(np.prod(skip.shape)) for skip in net.skips)
    add("sum", "sum", width, [[f"{len(net.skips)} skips", width, width, weights, 0]])
    for number, layer in enumerate(net.top, 1):
        add("top", f"top {number}, 1x1 B", layer.filters, [describe(layer, "ReLU, ")])
    shape = f"(N, H, W, {colours}, {levels})"
    logits = [describe(net.head.conv, "ReLU, ")]
    parts.append(("head", "head, 1x1 B", f"{colours} × {levels} logits", shape, logits))
    masks, listed = 0, []
    for kind, name, makes, out, rows in parts:
        masks += len(rows) if kind != "sum" else 0
        says = SAYS[kind].format(**sizes)
        words = dict(kind=kind, name=name, makes=makes, out=out, says=says)
        listed.append(words | dict(rows=rows, masks=masks))
    return listed


def describe(layer, before=""):
    """Describe a masked convolution: its name, features in and out, living and dead weights."""
    height, width, features, filters = layer.kernel.shape
    dead = round(np.prod(layer.kernel.shape) * (1 - layer.pattern.mean()))
    name = f"{before}{height}x{width} {layer.mask_type}"
    return [name, features, filters, layer.count_params() - dead, dead]


class Network(Live):
    """A PixelCNN from the image to the logits; a click chooses a part or a value.

    part: int, the number of the part; 0 is the image. target: [row, col, colour] of the value.
    sizes: arguments of PixelCNN that replace those of SIZES, for pixels of three colours.
    """

    title = "A whole PixelCNN"
    hint = (
        "Choose a part of the network, then a value in the maps: what does it see after this part?"
    )
    heights = (785, 1260)

    part = traitlets.Int(1).tag(sync=True)
    target = traitlets.List().tag(sync=True)
    shape = traitlets.List(list(SHAPE)).tag(sync=True)
    parts = traitlets.List().tag(sync=True)  # as `plan` gives
    fields = traitlets.Dict().tag(sync=True)  # {masks: base64 of bool, for each of PAIRS}

    def __init__(self, part=1, target=(8, 6, 1), **sizes):
        from pixelcnn_lib.family import PixelCNN

        net = PixelCNN(**(SIZES | sizes))
        parts = plan(net)
        fields = {
            str(depth): to_base64(leaks.receptive_field(net.masks[:depth], SHAPE)[PAIRS])
            for depth in {one["masks"] for one in parts}
        }
        super().__init__(part=part, target=list(target), parts=parts, fields=fields)

    def seen(self, part):
        """Return who sees which earlier values after a part: bool (targets, sources)."""
        seen = np.zeros((np.prod(SHAPE),) * 2, bool)
        seen[PAIRS] = from_base64(self.fields[str(self.parts[part]["masks"])])[: len(PAIRS[0])]
        return seen

    def still(self):
        kinds = leaks.classify(self.seen(self.part))
        boxes = [(one["name"], one["makes"]) for one in self.parts]
        skips = [i for i, one in enumerate(self.parts) if one["kind"] == "block"]
        return figures.show_network(boxes, skips, self.part, kinds, tuple(self.target), SHAPE)

    def fallback(self):
        """All parts in a table, with what a value far from the borders sees."""
        number = np.ravel_multi_index(self.target, SHAPE)
        rows, totals = "", np.zeros(2, int)
        for place, one in enumerate(self.parts):
            weights = np.sum([row[3:] for row in one["rows"]] or [[0, 0]], axis=0)
            totals += weights
            cells = [one["out"], *(f"{count:,}" for count in weights)]
            cells.append(self.seen(place)[number].sum())
            row = "".join(f"<td>{cell}</td>" for cell in cells)
            rows += f'<tr><th scope="row">{one["name"]}</th>{row}</tr>'
        names = "part", "gives", "living weights", "dead weights", "sees"
        heads = "".join(f'<th scope="col">{name}</th>' for name in names)
        return (
            f"<p>The parts of a PixelCNN, {totals[0]:,} living and {totals[1]:,} dead weights in all. "
            f"The last column counts what {leaks.describe(self.target)}, sees after the part, of the "
            f"{number} values before it.</p>\n"
            f"<table><tr>{heads}</tr>{rows}</table>"
        )
