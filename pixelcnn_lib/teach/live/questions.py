"""Figure 2: six questions on what a kernel may see; the reader answers, then the answer shows."""

from itertools import product

import traitlets

from pixelcnn_lib import masks
from pixelcnn_lib.teach import figures
from pixelcnn_lib.teach.live.base import Live

COLOURS = ("red", "green", "blue")
BELOW = {"A": "the image", "B": "the layer below"}
ASKED = [(mask_type, target) for mask_type in "AB" for target in range(3)]


def ask(mask_type, target):
    """Return one of the six questions in words. target: the colour that is computed, 0, 1 or 2."""
    what = {"A": "values of the image", "B": "features of the layer below"}[mask_type]
    layer = {"A": "The first layer", "B": "A later layer"}[mask_type]
    return f"{layer}: which {what} may feed {COLOURS[target]} at the centre?"


def reason(step, mask_type, source, target):
    """Say whether and why a weight is seen.

    step: (rows down, columns right) from the centre to the tap. mask_type: "A" or "B". source,
    target: the colours, 0, 1 or 2, that the weight leads from and to.
    """
    if step[0] < 0:
        return "Seen: the rows above are finished, in their whole width."
    if step[0] > 0:
        return "Hidden: the rows below come later."
    if step[1] < 0:
        return "Seen: in this row, the left part is finished."
    if step[1] > 0:
        return "Hidden: in this row, the right part comes later."
    one, other = COLOURS[source], COLOURS[target]
    if source < target:
        return f"Seen: within a pixel, {one} comes before {other}."
    if source > target:
        return f"Hidden: within a pixel, {one} comes after {other}."
    if mask_type == "A":
        return f"Hidden: {one} of this pixel is the value to be predicted."
    return f"Seen: {one} features hold only what comes before {one}."


def tell(mask_type, target):
    """Return the answer to a question: which of the 27 cells are seen, and why.

    Returns {"seen": 27 of "0" or "1", "said": 27 sentences}, in the order row, column, colour.
    """
    pattern = masks.colour_pattern(3, mask_type)[..., target]  # (3, 3, 3)
    said = [
        reason((row - 1, col - 1), mask_type, source, target)
        for row, col, source in product(range(3), repeat=3)
    ]
    return {"seen": "".join(str(int(one)) for one in pattern.ravel()), "said": said}


class MaskQuestions(Live):
    """Twelve slides: each question and, after the reader has answered by clicking, its answer.

    slide: 0 to 11. answers: what the reader chose for each question, 27 of 0 or 1 in the order row,
    column, colour; empty at first. From question 2 on, the neighbours are chosen already.
    """

    title = "What may the kernel see?"
    hint = "Choose every cell that may be used, then check."
    heights = (515, 510)

    slide = traitlets.Int(0, min=0, max=11).tag(sync=True)
    answers = traitlets.List(traitlets.Unicode(), [""] * 6).tag(sync=True)
    asked = traitlets.List().tag(sync=True)

    def __init__(self, **shown):
        asked = [{"text": ask(*one), "below": BELOW[one[0]], **tell(*one)} for one in ASKED]
        super().__init__(asked=asked, **shown)

    def still(self):
        mask_type, target = ASKED[self.slide // 2]
        return figures.show_question(target, BELOW[mask_type])

    def fallback(self):
        return "<ol>" + "".join(f"<li>{ask(*one)}</li>" for one in ASKED) + "</ol>"
