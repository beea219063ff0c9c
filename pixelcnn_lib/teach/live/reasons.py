"""Why a weight of a kernel is alive or dead, in words; shared by the figures of chapter 2."""

from itertools import product

from pixelcnn_lib import masks

NAMES = ("red", "green", "blue")
LETTERS = "RGB"


def reason(step, mask_type, source, target, colours=3):
    """Say whether and why a weight is seen.

    step: (rows down, columns right) from the centre to the tap. source, target: the colours that
    the weight leads from and to.
    """
    if step[0] < 0:
        return "Seen: the rows above are finished, in their whole width."
    if step[0] > 0:
        return "Hidden: the rows below come later."
    if step[1] < 0:
        return "Seen: in this row, the left part is finished."
    if step[1] > 0:
        return "Hidden: in this row, the right part comes later."
    one, other = (NAMES[source], NAMES[target]) if colours == 3 else ("this value", "itself")
    if source < target:
        return f"Seen: within a pixel, {one} comes before {other}."
    if source > target:
        return f"Hidden: within a pixel, {one} comes after {other}."
    if mask_type == "A":
        return f"Hidden: {one} of this pixel is the value to be predicted."
    features = f"{one} features" if colours == 3 else "these features"
    return f"Seen: {features} hold only what comes before {one}."


def tell(size, mask_type, colours, sentences):
    """Return a mask and its reasons: {"seen": 0 or 1, "said": sentence numbers}, by weight.

    The weights are in a kernel's order: row, column, from, to. New sentences are added to the list
    `sentences`.
    """
    pattern = masks.colour_pattern(size, mask_type, colours)  # (size, size, colours, colours)
    said = []
    for row, col, source, target in product(*map(range, pattern.shape)):
        text = reason((row - size // 2, col - size // 2), mask_type, source, target, colours)
        if text not in sentences:
            sentences.append(text)
        said.append(sentences.index(text))
    return {"seen": "".join(str(int(one)) for one in pattern.ravel()), "said": said}


def table(mask_type, colours=3):
    """Return a mask as plain HTML: the taps around the centre in words, the centre as a table."""
    head = "".join(f'<th scope="col">to {letter}</th>' for letter in LETTERS[:colours])
    rows = ""
    for letter, row in zip(LETTERS, masks.colour_rule(mask_type, colours), strict=False):
        cells = "".join(f"<td>{one:d}</td>" for one in row)
        rows += f'<tr><th scope="row">from {letter}</th>{cells}</tr>'
    return (
        f"<p>Mask {mask_type} is 1 above the centre and to its left in the same row, 0 to the "
        "right and below. At the centre it depends on the colours:</p>\n"
        f"<table><tr><td></td>{head}</tr>{rows}</table>"
    )
