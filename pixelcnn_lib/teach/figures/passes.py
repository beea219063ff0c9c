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


def show_passes(rows, floor, limit=120):
    """Show the share of right faces, and below it the bits, against the passes; two panels.

    rows: list of dict: `order`, a name; `passes`; `right` of `drawn`, shown with a 95 % interval; and
        `bits`, which may be missing. Rows of one order are joined by a line.
    floor: float, the entropy, shown as a line. limit: float, bits above it are not shown.
    """
    fig, (share, bits) = plt.subplots(2, 1, figsize=(WIDTH, 6.4), sharex=True)
    for order in dict.fromkeys(row["order"] for row in rows):
        some = [row for row in rows if row["order"] == order]
        passes = [row["passes"] for row in some]
        middle = np.array([row["right"] / row["drawn"] for row in some])
        ends = np.array([interval(row["right"], row["drawn"]) for row in some]).T
        share.errorbar(
            passes, middle, np.maximum(abs(ends - middle), 0), fmt="o-", capsize=3, label=order
        )
        paid = [(row["passes"], row["bits"]) for row in some if row.get("bits", np.inf) < limit]
        bits.plot(*np.transpose(paid or [(np.nan, np.nan)]), "o-")
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
