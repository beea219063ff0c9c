"""13.1: the probability of each level under a mixture of logistic curves."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, to_numpy


def mixture_probabilities(weights, means, log_scales, levels=256):
    """Probabilities (levels,) of the levels under a mixture of logistics on [-1, 1].

    weights, as logits, means, log_scales: (components,). The first and last level get the tails.
    """
    edges = (2 * np.arange(1, levels) - 1) / (levels - 1) - 1  # between two levels, (levels - 1,)
    z = (edges - means[:, None]) / np.exp(log_scales[:, None])  # (components, levels - 1)
    share = np.exp(weights - weights.max())  # (components,)
    share = share / share.sum()
    below = share @ (0.5 + 0.5 * np.tanh(z / 2))  # the sigmoid of z, averaged: (levels - 1,)
    return np.diff(np.concatenate([[0.0], below, [1.0]]))


def curves(components, *levels, seed):
    """Random weights, means and log scales; some means lie beyond -1 and 1."""
    rng = np.random.default_rng(seed)
    weights, means = rng.normal(0, 1, components), rng.uniform(-1.2, 1.2, components)
    return weights, means, rng.uniform(-4, -0.5, components), *levels


def show_mixture(mixture_probabilities):
    from pixelcnn_lib.teach import figures

    p = to_numpy(mixture_probabilities(*curves(3, 64, seed=8)))
    return figures.show_distribution(np.log(p), titles=["your mixture: three curves, 64 levels"])


exercise = Exercise(
    id="13.1",
    title="The mixture's probability of each level",
    minutes=15,
    difficulty=3,
    solution=mixture_probabilities,
    hints=(
        "Where on [-1, 1] is the edge between two neighbouring levels?",
        "The area of one curve below x is the sigmoid of (x - mean) / scale; average it over the "
        "curves, at each edge; a level's probability is a difference of two of these.",
        "There are levels - 1 inner edges. What is the area below -infinity, and below +infinity? "
        "np.diff takes all differences at once.",
    ),
    cases={
        "one curve, one edge": (np.ones(1), np.array([0.6]), np.array([-1.2]), 2),
        "one curve": curves(1, 5, seed=4),
        "one curve, levels by default": curves(1, seed=3),
        "two levels": (np.zeros(2), np.array([0.3, -0.4]), np.array([0.0, -1.0]), 2),
        "several curves": curves(3, 64, seed=1),
        "more curves than levels": curves(10, 7, seed=6),
    },
    shown=lambda w, m, s, levels="256 by default": (
        f"{len(w)} curve{(len(w) > 1) * 's'}, levels={levels}"
    ),
    axes=("level",),
    tolerance=1e-5,
    after=show_mixture,
    seen="A mixture of three curves over 64 levels, by your function.",
)
exercise.agrees(
    "{call}: {place} should have {expected}, got {got}.",
    hint="five levels are at -1, -0.5, 0, 0.5 and 1. Print your edges between them, and the area of "
    "one curve below each.",
)
exercise.mistaken(
    "the first and the last level get everything beyond them, up to infinity.",
    {
        "The tails are lost: the levels do not sum to 1.": [
            ("np.arange(1, levels)", "np.arange(levels + 1)"),
            ("np.concatenate([[0.0], below, [1.0]])", "below"),
        ],
        "The ends are swapped: the area below -infinity is 0, and the area below +infinity is 1.": (
            "[[0.0], below, [1.0]]",
            "[[1.0], below, [0.0]]",
        ),
        "The last level has no tail.": [
            ("np.arange(1, levels)", "np.arange(1, levels + 1)"),
            (", [1.0]]", "]"),
        ],
        "The first level has no tail.": [
            ("np.arange(1, levels)", "np.arange(levels)"),
            ("[[0.0], ", "["),
        ],
        "The tails are lost, and the rest is divided by its sum.": [
            ("np.arange(1, levels)", "np.arange(levels + 1)"),
            ("np.concatenate([[0.0], below, [1.0]])", "below / (below[-1] - below[0])"),
        ],
    },
)
exercise.mistaken(
    "level k is at 2k / (levels - 1) - 1, and its slot reaches 1 / (levels - 1) to each side of it.",
    {
        "The slots begin at their level.": (
            "2 * np.arange(1, levels) - 1)",
            "2 * np.arange(1, levels))",
        ),
        "[-1, 1] is cut into equal slots.": (
            "(2 * np.arange(1, levels) - 1) / (levels - 1) - 1",
            "2 * np.arange(1, levels) / levels - 1",
        ),
    },
)
exercise.mistaken(
    "the weights are logits: their softmax says how much the areas of each curve count.",
    {
        "The weights are divided by their sum, without exp.": (
            "np.exp(weights - weights.max())",
            "weights",
        ),
        "All curves count equally.": ("weights - weights.max()", "0 * weights"),
    },
)
exercise.mistaken(
    "a level's probability is an area: the difference of two sigmoids of (edge - mean) / exp(log_scale).",
    {
        "The log scales were used as scales.": (
            "np.exp(log_scales[:, None])",
            "log_scales[:, None]",
        ),
        "The areas are those above each edge, not below it.": (
            "edges - means[:, None]",
            "means[:, None] - edges",
        ),
    },
)
