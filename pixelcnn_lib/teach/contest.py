"""The contest of the family: what book/tools/contest.py measured, as arrays and as pictures.

All contestants have at most 100,000 living weights and learn from the same faces under two rules:
"time", the same CPU time, and "steps", the same number of steps. Several learning rates are tried
with seed 0, under the rule "time"; the best one by validation faces serves for all other trainings.
"""

import json

import matplotlib.pyplot as plt
import numpy as np

from pixelcnn_lib.faces import SIZES, faces_entropy
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.model import WEIGHTS
from pixelcnn_lib.teach.figures import ACCENT, CARD, INK, PLAIN, WIDTH

FILE = WEIGHTS / "contest.json"
NETWORKS = {  # the member of the family, and what is not its default
    "PixelCNN": ("pixelcnn", {"blocks": 13}),
    "PixelCNN, 6 blocks": ("pixelcnn", {"blocks": 6}),
    "two stacks": ("gated", {"blocks": 6, "gates": False}),
    "Gated PixelCNN": ("gated", {"blocks": 6}),
    "Row LSTM": ("row-lstm", {"blocks": 2}),
    "Diagonal BiLSTM": ("diagonal-bilstm", {"blocks": 2}),
    "PixelCNN++": ("pixelcnn-pp", {"blocks": 1}),
    "transformer": ("transformer", {"blocks": 3, "near": 16}),
    "PixelSNAIL": ("pixelsnail", {"blocks": 3, "near": 16}),
}
LADDER = (
    "PixelCNN",
    "PixelCNN, 6 blocks",
    "two stacks",
    "Gated PixelCNN",
    "PixelCNN++",
    "PixelSNAIL",
)
SECONDS, STEPS, SEEDS, EPOCHS = 90, 1000, 5, 8  # CPU seconds, steps, seeds and epochs of a training


def read(file=FILE):
    """Read the results of the contest: a dict with machine, costs and runs."""
    return json.loads(file.read_text())


def costs(record):
    """Return what each network is and costs: {name: dict}; record: what `read` returns."""
    known = {name: record["costs"].get(f"faces; {name}") for name in NETWORKS}
    return {name: one for name, one in known.items() if one}


def steps_in(seconds, seconds_per_step):
    """Return how many steps fit into a time, rounded to EPOCHS equal epochs."""
    return EPOCHS * max(round(seconds / seconds_per_step / EPOCHS), 1)


def runs(record, name, rule="time"):
    """Return the trainings of a network on faces: {rate: list of dict, by seed}, rates ascending."""
    found = {}
    for key, run in sorted(record["runs"].items()):  # seeds are single digits
        field, network, by, rate, *_ = key.split("; ")
        if (field, network, by) == ("faces", name, rule):
            found.setdefault(float(rate.removeprefix("rate ")), []).append(run)
    return dict(sorted(found.items()))


def rates(record, name):
    """Return the bits of a validation face at each rate that was tried: {rate: float}."""
    return {rate: 256 * some[0]["valid"] for rate, some in runs(record, name).items()}


def best(record, rule="time"):
    """Return the trainings of each network at its best rate: {name: list of dict, by seed}.

    A network that lacks seeds by this rule is left out.
    """
    found = {}
    for name in NETWORKS:
        tried = rates(record, name)
        some = runs(record, name, rule).get(min(tried, key=tried.get)) if tried else None
        if some and len(some) == SEEDS:
            found[name] = some
    return found


def bits(record, rule="time"):
    """Return the bits of each new face: {name: float array (seeds, faces)}.

    record: what `read` returns. rule: "time" or "steps".
    """
    return {
        name: np.array([one["bits"] for one in some]) for name, some in best(record, rule).items()
    }


def right(record, rule="time"):
    """Return how many of 200 drawn faces are right: {name: int array (seeds,)}."""
    return {
        name: np.array([one["right"] for one in some]) for name, some in best(record, rule).items()
    }


def model(record, name):
    """Build a network at the contest's size, with fresh weights."""
    member, options = NETWORKS[name]
    width = costs(record)[name]["filters_per_colour"]
    return MEMBERS[member](filters_per_colour=width, head_per_colour=64, **SIZES, **options)


def show_scores(scores):
    """Show bits as dots, one for each seed, a row for each network; the lowest mean comes first.

    scores: {name: array (seeds,)}, bits of a new face. A short line marks the mean, whose number is
    at the right, and a dashed line the entropy of the faces.
    """
    means = {
        name: scores[name].mean() for name in sorted(scores, key=lambda one: scores[one].mean())
    }
    fig, ax = rows(means, "bits of a new face")
    ax.axvline(faces_entropy(), color=PLAIN, linestyle="--")
    for place, (name, mean) in enumerate(means.items()):
        ax.vlines(mean, place - 0.2, place + 0.2, color=INK)
        ax.plot(scores[name], [place] * len(scores[name]), "o", markersize=6, color=ACCENT)
    return fig


def show_differences(intervals):
    """Show differences as lines from the lower to the upper end, a row for each; a dot is the middle.

    intervals: {name: (low, middle, high)}, in bits of a face.
    """
    fig, ax = rows(
        {name: middle for name, (_, middle, _) in intervals.items()},
        "difference, in bits of a new face",
    )
    ax.axvline(0, color=PLAIN, linestyle="--")
    for place, (low, middle, high) in enumerate(intervals.values()):
        ax.hlines(place, low, high, color=ACCENT, linewidth=3)
        ax.plot(middle, place, "o", markersize=6, color=INK)
    return fig


def rows(numbers, xlabel):
    """Begin a figure with a row for each name: the name above it, its number at the right."""
    fig, ax = plt.subplots(figsize=(WIDTH, 0.52 * len(numbers) + 0.6))
    beside = ax.get_yaxis_transform()
    for place, (name, number) in enumerate(numbers.items()):
        ax.text(0, place - 0.26, name, va="bottom", transform=beside, backgroundcolor=CARD)
        ax.text(1, place, f"{number:.2f}", va="center", ha="left", transform=beside)
    ax.set(yticks=[], ylim=(len(numbers) - 0.5, -0.8), xlabel=xlabel)
    ax.spines["left"].set_visible(False)
    ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=5)
    return fig, ax
