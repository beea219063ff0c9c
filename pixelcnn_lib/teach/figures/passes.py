"""What orders draw and pay, against the passes that they take: chapter 18."""

import matplotlib.pyplot as plt
import numpy as np

from pixelcnn_lib.teach.figures.style import INK, WIDTH


def interval(right, drawn):
    """Return the 95 % interval of a share by Wilson's formula, as two floats."""
    share, z = right / drawn, 1.96
    middle = (share + z**2 / (2 * drawn)) / (1 + z**2 / drawn)
    spread = z * np.sqrt(share * (1 - share) / drawn + z**2 / (4 * drawn**2)) / (1 + z**2 / drawn)
    return middle - spread, middle + spread


def plot_order(share, bits, rows, look):
    """Draw the rows of one order into both panels; look: dict, Matplotlib's words for the points."""
    passes = [row["passes"] for row in rows]
    middle = np.array([row["right"] / row["drawn"] for row in rows])
    ends = np.array([interval(row["right"], row["drawn"]) for row in rows]).T
    spread = np.maximum(abs(ends - middle), 0)
    drawn = share.errorbar(passes, middle, spread, capsize=3, label=rows[0]["order"], **look)
    if "bits" in rows[0]:
        look = look | {"color": drawn[0].get_color()}
        bits.plot(passes, [row["bits"] for row in rows], **look)


def show_passes(rows, references, floor):
    """Show the share of right faces, and below it the bits, against the passes; two panels.

    rows: list of dict: `order`, a name; `passes`; `right` of `drawn`, shown with a 95 % interval; and
        `bits`, which may be missing. Rows of one order are joined by a line.
    references: list of dict, the same of two drawings that are shown in another colour.
    floor: float, the entropy, in bits, shown as a line.
    """
    fig, (share, bits) = plt.subplots(2, 1, figsize=(WIDTH, 6.4), sharex=True)
    marks = iter("Xos^D")
    for order in dict.fromkeys(row["order"] for row in rows):
        look = {"marker": next(marks)}
        plot_order(share, bits, [row for row in rows if row["order"] == order], look)
    for row, mark in zip(references, "*P", strict=True):
        plot_order(share, bits, [row], {"marker": mark, "color": INK, "markersize": 9})
    bits.axhline(floor, linestyle="--", color=INK, linewidth=1)
    bits.text(5, floor, "entropy", va="bottom")
    share.set_title("share of right faces", loc="left")
    share.set(ylim=(0, 1.05), xscale="log")
    bits.set_title("bits for a face", loc="left")
    bits.set(ylim=(0, None), xlabel="passes")
    bits.set_xticks([5, 8, 16, 32, 64, 128], [5, 8, 16, 32, 64, 128], minor=False)
    bits.minorticks_off()
    fig.legend(loc="outside lower center", ncols=2)
    return fig
