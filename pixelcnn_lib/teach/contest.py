"""The contest of the family: what book/tools/train_contest.py measured, as arrays and as pictures.

In each field, all contestants have nearly the same number of living weights, and learn from the
same pictures, under two rules: "time", the same CPU time, and "steps", the same number of steps.
Several learning rates are tried with seed 0, under the rule "time"; the best one by validation
pictures serves for all other trainings.
"""

import base64
import json
import zlib

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
SECONDS, STEPS, EPOCHS = 90, 1000, 8  # CPU seconds, steps and epochs of a training
TRAININGS = {  # of each network in each field: the folds, and the seeds in a fold
    "faces": (1, 5),
    "photographs": (3, 3),
    "faces, large": (1, 5),
}


def read(file=FILE):
    """Read the results of the contest: a dict with machine, costs and runs."""
    return json.loads(file.read_text())


def costs(record, field="faces"):
    """Return what each network is and costs in a field: {name: dict}; record: what `read` returns."""
    return {name: record["costs"][f"{field}; {name}"] for name in best(record, field=field)}


def steps_in(seconds, seconds_per_step):
    """Return how many steps fit into a time, rounded to EPOCHS equal epochs."""
    return EPOCHS * max(round(seconds / seconds_per_step / EPOCHS), 1)


def runs(record, name, rule="time", field="faces"):
    """Return the trainings of a network: {rate: list of dict, by fold and seed}, rates ascending."""
    found = {}
    for key, run in sorted(record["runs"].items()):  # folds and seeds are single digits
        *place, rate, _, _ = key.split("; ")
        if place == [field, name, rule]:
            found.setdefault(float(rate.removeprefix("rate ")), []).append(run)
    return dict(sorted(found.items()))


def rates(record, name, field="faces"):
    """Return the validation loss at each rate that was tried: {rate: bits per dimension, float}."""
    return {rate: some[0]["valid"] for rate, some in runs(record, name, field=field).items()}


def best(record, rule="time", field="faces"):
    """Return the trainings of each network at its best rate: {name: list of dict, by fold and seed}.

    A network that lacks trainings by this rule is left out.
    """
    found = {}
    for name in NETWORKS:
        tried = rates(record, name, field)
        some = runs(record, name, rule, field).get(min(tried, key=tried.get)) if tried else None
        if some and len(some) == np.prod(TRAININGS[field]):
            found[name] = some
    return found


def bits(record, rule="time", field="faces"):
    """Return what each network pays for each test picture: {name: float array (seeds, pictures)}.

    record: what `read` returns. rule: "time" or "steps".
    field: "faces" or "faces, large", in bits of a face; or "photographs", in bits per dimension.
    """
    found = {}
    for name, some in best(record, rule, field).items():
        if field == "photographs":  # {name: bits}
            some = [{"bits": list(one["bits"].values())} for one in some]
        each = np.array([one["bits"] for one in some])  # (folds * seeds, pictures)
        each = each.reshape(*TRAININGS[field], -1).swapaxes(0, 1)  # (seeds, folds, pictures)
        found[name] = each.reshape(len(each), -1)
    return found


def right(record, rule="time", field="faces"):
    """Return how many of 200 drawn faces are right: {name: int array (seeds,)}.

    The arguments: as in bits; field: not "photographs".
    """
    found = best(record, rule, field)
    return {name: np.array([one["right"] for one in some]) for name, some in found.items()}


def drawn(record, rule="time"):
    """Return what the networks with seed 0 drew from the same noise: {name: uint8 (16, 16, 16, 1)}."""
    found = {}
    for name, some in best(record, rule).items():
        values = zlib.decompress(base64.b64decode(some[0]["drawn"]))
        found[name] = np.frombuffer(values, np.uint8).reshape(-1, 16, 16, 1)
    return found


def model(record, name):
    """Build a network at the contest's size, with fresh weights."""
    member, options = NETWORKS[name]
    width = costs(record)[name]["filters_per_colour"]
    return MEMBERS[member](filters_per_colour=width, head_per_colour=64, **SIZES, **options)


def show_scores(scores, field="faces"):
    """Show bits as dots, one for each seed, a row for each network; the lowest mean comes first.

    scores: {name: array (seeds,)}, in the unit of the field. field: see bits. A short line marks the
    mean, whose number is at the right, and a dashed line the entropy of the faces.
    """
    means = {
        name: scores[name].mean() for name in sorted(scores, key=lambda one: scores[one].mean())
    }
    if field == "photographs":
        fig, ax = rows(means, "bits per dimension of a new photograph")
    else:
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
