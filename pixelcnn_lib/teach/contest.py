"""The contest of the family: what book/tools/contest.py measured, as arrays and as pictures.

A contestant is a member of the family with a head. All have about 130,000 weights and were trained
on the same photographs under two rules: "steps", the same number of steps, and "time", the same CPU
time.
"""

import json
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.transforms import Bbox

from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.figures import ACCENT, CARD, INK, MUTED, PLAIN, WIDTH

FILE = WEIGHTS / "contest.json"
NAMES = {  # by the name that the command line uses
    "pixelcnn": "PixelCNN",
    "gated": "Gated PixelCNN",
    "row-lstm": "Row LSTM",
    "diagonal-bilstm": "Diagonal BiLSTM",
    "pixelcnn-pp": "PixelCNN++",
    "transformer": "transformer",
    "pixelsnail": "PixelSNAIL",
}
SETS = ("train", "valid", "chelsea", "flower")
COSTS = ("weights", "seconds_per_step", "seconds_to_draw_16", "megabytes_to_train")


def read(file=FILE):
    """Read the results of the contest so far: a dict with settings, machine, costs and runs."""
    return json.loads(file.read_text())


def costs(record, key):
    """Return one cost of each network, with the tied head: {name: float}.

    record: what `read` returns. key: one of COSTS.
    """
    return {name: record["costs"][f"{member}-tied"][key] for member, name in NAMES.items()}


def bits(record, rule, *sets, head="tied"):
    """Return the bits per dimension of each network: {name: float array, one for each seed}.

    record: what `read` returns. rule: "steps" or "time". sets: names from SETS, over which the mean
    is taken; by default both test photographs. head: "tied" or "mixture".
    """
    found = {}
    for member, name in NAMES.items():
        start = f"{member}-{head}-{rule}-"
        runs = [run for key, run in sorted(record["runs"].items()) if key.startswith(start)]
        if runs:
            chosen = [[run[one] for one in sets or ("chelsea", "flower")] for run in runs]
            found[name] = np.mean(chosen, axis=1)
    return found


def steps(record, rule, head="tied"):
    """Return how many steps each network took under a rule: {name: int}."""
    found = {}
    for member, name in NAMES.items():
        run = record["runs"].get(f"{member}-{head}-{rule}-0")
        if run:
            found[name] = run["epochs"] * record["settings"]["steps_per_epoch"]
    return found


def show_scores(scores, xlabel="bits per dimension", hollow=None):
    """Show scores as dots, one for each seed, a row for each name; the lowest mean comes first.

    scores: {name: array, one for each seed}. A line marks the mean; with several seeds, a bar
    reaches one standard error to each side. hollow: {name: array}, other scores of the same names, as
    hollow dots in their rows.
    """
    names = sorted(scores, key=lambda name: scores[name].mean())
    fig, ax = plt.subplots(figsize=(WIDTH, 0.52 * len(names) + 0.6))
    for place, name in enumerate(names):
        each, mean = scores[name], scores[name].mean()
        if len(each) > 1:
            error = each.std(ddof=1) / np.sqrt(len(each))
            ax.hlines(place, mean - error, mean + error, PLAIN, linewidth=7, zorder=1)
        ax.vlines(mean, place - 0.2, place + 0.2, color=INK)
        dots = {"marker": "o", "markersize": 6, "color": ACCENT, "linestyle": ""}
        ax.plot(each, [place] * len(each), **dots)
        if hollow:
            others = hollow[name]
            ax.plot(others, [place] * len(others), **dots, markerfacecolor=CARD)
        ax.text(0, place - 0.26, name, va="bottom", transform=ax.get_yaxis_transform())
        ax.text(1, place, f"{mean:.2f}", va="center", ha="left", transform=ax.get_yaxis_transform())
    ax.set(yticks=[], ylim=(len(names) - 0.5, -0.8), xlabel=xlabel)
    ax.spines["left"].set_visible(False)
    ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=5)
    return fig


def show_trade(costs, bits, front=None, xlabel=""):
    """Plot each network's bits against its cost; the best networks are at the lower left.

    costs, bits: {name: number}. front: names that are joined by a line. xlabel: what the cost is.
    """
    fig, ax = plt.subplots(figsize=(WIDTH, 3.6))
    if front:
        joined = sorted(front, key=costs.get)
        line = [costs[name] for name in joined], [bits[name] for name in joined]
        ax.plot(*line, color=ACCENT, linewidth=1.2, linestyle="-", zorder=1)
    for name in costs:
        ink = ACCENT if front is None or name in front else MUTED
        ax.plot(costs[name], bits[name], "o", color=ink)
    ax.margins(0.1)
    ax.set(xlabel=xlabel)
    ax.set_title("bits per dimension", loc="left")
    ax.locator_params(axis="x", nbins=5)
    fig.draw_without_rendering()  # now the sizes of the axes and of text are known
    points = ax.transData.transform([(costs[name], bits[name]) for name in costs])
    taken = [Bbox.from_extents(*(point - 7), *(point + 7)) for point in points]
    for name in sorted(costs, key=costs.get, reverse=True):
        ink = ACCENT if front and name in front else INK
        taken.append(_write(ax, name, (costs[name], bits[name]), ink, taken))
    return fig


def _write(ax, words, point, ink, taken):
    """Write beside a point, if possible outside the boxes `taken`; return the text's box."""
    look = {"textcoords": "offset points", "va": "center", "color": ink}
    text = ax.annotate(words, point, (0, 0), **look)
    for up, right in product((0, 8, -8, 16, -16, 24, -24, 32), (True, False)):
        text.set(position=(7 if right else -7, up), ha="left" if right else "right")
        box = text.get_window_extent().padded(3)
        inside = ax.bbox.x0 <= box.x0 and box.x1 <= ax.bbox.x1
        if inside and not box.count_overlaps(taken):
            break
    return box
