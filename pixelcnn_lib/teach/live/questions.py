"""Figure 2: six questions on what a kernel may see; the reader answers, then the answer shows."""

import traitlets

from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live import reasons
from pixelcnn_lib.teach.live.base import Live

BELOW = {"A": "the image", "B": "the layer below"}
ASKED = [(mask_type, target) for mask_type in "AB" for target in range(3)]


def ask(mask_type, target):
    """Return one of the six questions in words. target: the colour that is computed, 0, 1 or 2."""
    what = {"A": "values of the image", "B": "features of the layer below"}[mask_type]
    layer = {"A": "The first layer", "B": "A later layer"}[mask_type]
    return f"{layer}: which {what} may feed {reasons.NAMES[target]} at the centre?"


class MaskQuestions(Live):
    """Twelve slides: each question and, after the reader has answered by clicking, its answer.

    slide: 0 to 11. answers: what the reader chose for each question, 27 of 0 or 1 in the order row,
    column, colour; empty at first.
    """

    title = "What may the kernel see?"
    hint = "Choose every cell that may be used, by clicking or dragging, then check."
    heights = (515, 510)

    slide = traitlets.Int(0, min=0, max=11).tag(sync=True)
    answers = traitlets.List(traitlets.Unicode(), [""] * 6).tag(sync=True)
    asked = traitlets.List().tag(sync=True)
    sentences = traitlets.List().tag(sync=True)

    def __init__(self, **shown):
        sentences, asked = [], []
        for mask_type, target in ASKED:
            told = reasons.tell(3, mask_type, 3, sentences)  # weights: row, column, from, to
            one = {key: told[key][target::3] for key in ("seen", "said")}
            asked.append({"text": ask(mask_type, target), "below": BELOW[mask_type], **one})
        super().__init__(sentences=sentences, asked=asked, **shown)

    def still(self):
        mask_type, target = ASKED[self.slide // 2]
        return figures.show_question(target, BELOW[mask_type])

    def fallback(self):
        return "<ol>" + "".join(f"<li>{ask(*one)}</li>" for one in ASKED) + "</ol>"
