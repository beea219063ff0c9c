"""Figure 2: the nine colour-to-colour masks, drawn by the reader and checked."""

import numpy as np
import traitlets

from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live import reasons
from pixelcnn_lib.teach.live.base import Live


class ColourMasks(Live):
    """Nine empty 3x3 kernels to fill, for mask A or B.

    drawn: what the reader drew, {"A": 81 of 0 or 1 in a kernel's order, "B": the same}.
    """

    title = "Draw the nine kernels"
    hint = "Choose every weight that stays, by clicking or dragging. Fill one kernel, copy it, correct the rest."
    heights = (800, 790)

    mask_type = traitlets.Enum(["A", "B"], "A").tag(sync=True)
    drawn = traitlets.Dict().tag(sync=True)
    sentences = traitlets.List().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)  # {"A": as `reasons.tell` gives, "B": the same}

    def __init__(self, **shown):
        sentences, empty = [], {"A": "0" * 81, "B": "0" * 81}
        told = {mask_type: reasons.tell(3, mask_type, 3, sentences) for mask_type in "AB"}
        super().__init__(**{"sentences": sentences, "told": told, "drawn": empty, **shown})

    def still(self):
        drawn = np.array(list(self.drawn[self.mask_type]), "uint8").reshape(3, 3, 3, 3)
        return figures.show_mask(drawn, title=f"Mask {self.mask_type}")

    def fallback(self):
        return (
            "<p>On paper: draw nine grids of 3 by 3, from red, green and blue to red, green and "
            "blue. Write a 1 where a weight stays, and a 0 elsewhere.</p>"
        )
