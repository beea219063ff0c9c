"""What a network's bits were paid for: where it pays too much, and why."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from pixelcnn_lib.account import PAID_FOR, brightest
from pixelcnn_lib.teach.figures.images import check_images, paint
from pixelcnn_lib.teach.figures.parts import bare
from pixelcnn_lib.teach.figures.style import ACCENT, CHANNELS, OUTLINE, PLAIN, RIM, WIDTH

COLOURS = dict(zip(PAID_FOR, (PLAIN, CHANNELS[0], "#e0b000", ACCENT)))
LINE, GAP = 0.25, 0.14  # inches: the height of a line of words, and what lies between two parts
MAP = (WIDTH - GAP) / 2  # inches, a side of the map


def show_account(image, shares, count=3):
    """Show what a network pays too much for a face, where, and why.

    On top: an image, and a map of what each pixel costs above the least possible, in which the
    brightest pixels are numbered. Below: what a whole face costs, divided into its shares, and the
    numbered pixels, each with the colour of the largest share of what it costs too much.

    image: uint8 (16, 16, 1 or 3), a face to find the pixels in.
    shares: account.Shares.
    count: int, how many pixels are numbered.
    """
    pixels, own = brightest(shares, count), shares.own.sum()
    error = f" ± {shares.error:.2f}" if shares.error >= 0 else ""  # nan for a single face
    lines = [(f"{bits:.2f}", COLOURS[name], name) for name, bits in shares.totals.items()]
    marks = [
        (f"{one.bits:.2f}", COLOURS[one.cause], f"{number}  {one.name}")
        for number, one in enumerate(pixels, 1)
    ]
    height = LINE * (len(lines) + len(marks) + 3) + 2 * GAP  # inches, of what is below
    fig = plt.figure(figsize=(WIDTH, LINE + MAP + height), layout="none")
    whole = fig.get_size_inches()
    face, excess = (
        fig.add_axes((*(left, height) / whole, *(MAP, MAP) / whole), anchor="S")
        for left in (0, MAP + GAP)
    )
    paint(face, check_images(image)[0])
    excess.imshow(shares.own - shares.floor, vmin=0)
    for ax, title in ((face, "a face"), (excess, "bits above the least")):
        ax.set_title(title, loc="left")
        bare(ax, ticks=False)
        for number, one in enumerate(pixels, 1):
            ax.add_patch(Rectangle((one.col - 0.5, one.row - 0.5), 1, 1, **OUTLINE))
            inner = one.col - 1 if one.col > 7 else one.col + 1
            side = "right" if one.col > 7 else "left"
            ax.text(inner, one.row, number, color="white", path_effects=RIM, ha=side, va="center")

    text = fig.add_axes((0, 0, 1, (height - GAP) / whole[1]))  # measured in inches
    text.set(xlim=(0, WIDTH), ylim=(height - GAP, 0))
    text.axis("off")
    text.text(0, LINE / 2, f"{own:.2f}{error} bits for a face", va="center", weight="bold")
    left = 0
    for (_, colour, _), bits in zip(lines, shares.totals.values()):
        wide = max(bits, 0) / own * WIDTH
        text.add_patch(Rectangle((left, LINE), wide, LINE, color=colour, linewidth=0))
        left += wide
    write(text, 2 * LINE + GAP / 2, lines)
    top = (2 + len(lines)) * LINE + GAP
    text.text(0, top + LINE / 2, "Most above the least:", va="center", weight="bold")
    write(text, top + LINE, marks)
    return fig


def write(ax, top, lines):
    """Write lines below each other: numbers (as text), colours of a square, and words."""
    for row, (number, colour, words) in enumerate(lines):
        middle = top + (row + 0.5) * LINE
        ax.add_patch(Rectangle((0.02, middle - 0.07), 0.14, 0.14, color=colour, linewidth=0))
        ax.text(0.25, middle, words, va="center")
        ax.text(WIDTH, middle, number, va="center", ha="right")
