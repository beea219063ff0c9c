"""Figure 2: every weight of a mask, and why it lives or is dead."""

from itertools import product

import traitlets

from pixelcnn_lib import masks
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live import reasons
from pixelcnn_lib.teach.live.base import Live


class MaskExplorer(Live):
    """Masks of sizes 1 to 9, type A or B, with 1 or 3 colours, weight by weight.

    size, mask_type, colours: what the figure shows at first.
    """

    title = "Alive or dead, and why"
    hint = "Point at a weight, or go there with Tab and the arrow keys: the line below says why."
    heights = (810, 780)

    size = traitlets.Int(3, min=1, max=9).tag(sync=True)
    mask_type = traitlets.Enum(["A", "B"], "A").tag(sync=True)
    colours = traitlets.Enum([1, 3], 3).tag(sync=True)
    sentences = traitlets.List().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)  # {"3A1": as `reasons.tell` gives, or {"error": words}}

    def __init__(self, **shown):
        sentences, told = [], {}
        for size, mask_type, colours in product(range(1, 10), "AB", (1, 3)):
            try:
                one = reasons.tell(size, mask_type, colours, sentences)
            except ValueError as error:  # an even size, in the library's own words
                one = {"error": str(error)}
            told[f"{size}{mask_type}{colours}"] = one
        super().__init__(sentences=sentences, told=told, **shown)

    def still(self):
        pattern = masks.colour_pattern(self.size, self.mask_type, self.colours)
        return figures.show_mask(pattern, self.colours, f"Mask {self.mask_type}")

    def fallback(self):
        return reasons.table(self.mask_type, self.colours)
