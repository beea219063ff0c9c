"""7.4: the probability of each level under a mixture of logistic curves."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.ch07.prices import softmax


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
    id="7.4",
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
        "one curve beyond the end": (np.ones(1), np.array([1.1]), np.array([-2.0]), 9),
        "one curve, levels by default": curves(1, seed=3),
        "two levels": (np.zeros(2), np.array([0.3, -0.4]), np.array([0.0, -1.0]), 2),
        "several curves": curves(3, 64, seed=1),
        "as many curves as levels": curves(6, 6, seed=5),
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
    "one edge",
    "One curve of mean 0.6 and log scale -1.2, two levels: {place} should have {expected}, got {got}.",
    hint="the edge is at 0. Which part of this curve lies below it?",
    where=lambda weights, means, log_scales, levels=256: len(means) == 1 and levels == 2,
)
exercise.agrees(
    "slots",
    "{call}: {place} should have {expected}, got {got}.",
    hint="five levels are at -1, -0.5, 0, 0.5 and 1. Print your edges between them.",
    where=lambda weights, *_: len(weights) == 1,
)
exercise.agrees(
    "several curves",
    "{call}: {place} should have {expected}, got {got}; a single curve is right.",
    hint="how much does each curve count? Do these shares sum to 1?",
)

# Mistakes: the area below other edges, or below other curves


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(x / 2)


def inner(levels):
    return (2 * np.arange(1, levels) - 1) / (levels - 1) - 1


def mixture(edges=inner, scale=np.exp, share=softmax, tails=True):
    """Make an answer that takes the differences of the areas below edges(levels)."""

    def answer(weights, means, log_scales, levels=256):
        z = (edges(levels) - means[:, None]) / scale(log_scales)[:, None]
        below = share(weights) @ sigmoid(z)
        return np.diff(np.r_[0, below, 1] if tails else below)

    return answer


CUT = (
    mixture(lambda levels: (2 * np.arange(levels + 1) - 1) / (levels - 1) - 1, tails=False),
    mixture(lambda levels: np.r_[-1, inner(levels), 1], tails=False),
    mixture(lambda levels: np.linspace(-1, 1, levels + 1), tails=False),
)

exercise.mistakes_about(
    "the first and the last level get everything beyond them, up to infinity.",
    {
        "The tails are lost: the levels do not sum to 1.": CUT[:2],
        "[-1, 1] is cut into equal slots, and what lies beyond it is lost.": CUT[2],
        "The tails are cut off and shared among all levels.": tuple(
            lambda *case, cut=cut: cut(*case) / cut(*case).sum() for cut in CUT
        ),
    },
)
exercise.mistakes_about(
    "level k is at 2k / (levels - 1) - 1, and its slot reaches 1 / (levels - 1) to each side of it.",
    {
        "The slots begin at their level.": mixture(lambda n: np.linspace(-1, 1, n)[1:]),
        "The slots end at their level.": mixture(lambda n: np.linspace(-1, 1, n)[:-1]),
        "The levels are not on [-1, 1].": mixture(lambda n: np.arange(n - 1) + 0.5),
        "[-1, 1] is cut into equal slots.": mixture(lambda n: np.linspace(-1, 1, n + 1)[1:-1]),
    },
)
exercise.mistakes_about(
    "the weights are logits: their softmax says how much the areas of each curve count.",
    {
        "The weights are not divided by a sum, so the curves' shares do not sum to 1.": (
            mixture(share=np.positive),
            mixture(share=np.exp),
        ),
        "The weights are divided by their sum, without exp.": mixture(share=lambda w: w / w.sum()),
        "All curves count equally.": mixture(share=lambda weights: softmax(0 * weights)),
        "The means and the scales are averaged, not the curves.": lambda w, m, s, *levels: (
            mixture()(w, 0 * m + softmax(w) @ m, 0 * s + np.log(softmax(w) @ np.exp(s)), *levels)
        ),
    },
)


def density(weights, means, log_scales, levels=256):
    z = (np.linspace(-1, 1, levels) - means[:, None]) / np.exp(log_scales[:, None])
    return softmax(weights) @ (sigmoid(z) * sigmoid(-z) / np.exp(log_scales[:, None]))


exercise.mistakes_about(
    "a level's probability is an area: the difference of two sigmoids of (edge - mean) / exp(log_scale).",
    {
        "The log scales were used as scales.": mixture(scale=np.positive),
        "The distances are multiplied by the scale.": mixture(scale=lambda logs: np.exp(-logs)),
        "The areas are those above each edge, not below it.": (
            mixture(scale=lambda logs: -np.exp(logs))  # mean - edge
        ),
        "This is the height of the curves at each level, not their area over its slot.": (
            density,
            lambda *case: density(*case) * 2 / (len(density(*case)) - 1),
            lambda *case: density(*case) / density(*case).sum(),
        ),
        "This is the probability of at most each level, not of the level itself.": (
            lambda *case: np.cumsum(mixture()(*case))
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "two levels: level 0 should have 0.12, got": mixture(scale=np.exp2),
        "Print your edges": mixture(lambda n: inner(n) - (n > 2) * 0.5 / (n - 1)),
        "a single curve is right": mixture(share=lambda weights: softmax(1.5 * weights)),
    }
)
