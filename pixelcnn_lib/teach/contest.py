"""The contest of the family: what book/tools/contest.py measured, as arrays and as pictures.

A contestant is a member of the family with a head. All have about 130,000 weights and were trained
on the same photographs under two rules: "steps", the same number of steps, and "time", the same CPU
time.
"""

import json

import matplotlib.pyplot as plt
import numpy as np

from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.figures import ACCENT, CARD, INK, PLAIN, WIDTH

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
