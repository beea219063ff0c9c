"""7.4: the probability of each level under a mixture of logistic curves."""

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


def halves(weights, means, log_scales, levels=256):
    """A single curve and two levels, with one edge between them."""
    return len(means) == 1 and levels == 2


def single(weights, means, log_scales, levels=256):
    return len(means) == 1


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
    where=halves,
)
exercise.agrees(
    "slots",
    "{call}: {place} should have {expected}, got {got}.",
    hint="five levels are at -1, -0.5, 0, 0.5 and 1. Print your edges between them.",
    where=single,
)
exercise.agrees(
    "several curves",
    "{call}: {place} should have {expected}, got {got}; a single curve is right.",
    hint="how much does each curve count? Do these shares sum to 1?",
)

# Mistakes: the area below other edges, or below other curves


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(x / 2)


def softmax(weights):
    return np.exp(weights) / np.exp(weights).sum()


def inner(levels):
    """The edges between the levels, as they are right."""
    return (2 * np.arange(1, levels) - 1) / (levels - 1) - 1


def mixture(edges=inner, scale=np.exp, share=softmax, tails=True):
    """Make an answer that takes the differences of the areas below edges(levels)."""

    def answer(weights, means, log_scales, levels=256):
        z = (edges(levels) - means[:, None]) / scale(log_scales)[:, None]
        below = share(weights) @ sigmoid(z)
        return np.diff(np.r_[0, below, 1] if tails else below)

    return answer


right = mixture()
between = mixture(lambda levels: np.linspace(-1, 1, levels))  # slots from level to level
CUT = (
    mixture(lambda levels: (2 * np.arange(levels + 1) - 1) / (levels - 1) - 1, tails=False),
    mixture(lambda levels: np.r_[-1, inner(levels), 1], tails=False),
    mixture(lambda levels: np.linspace(-1, 1, levels + 1), tails=False),
)


def averaged(scale):
    """Make an answer with a single curve, of averaged mean and log scale."""

    def answer(weights, means, log_scales, *levels):
        shares, one = softmax(weights), np.ones(1)
        return right(one, shares @ means * one, scale(shares, log_scales) * one, *levels)

    return answer


def density(weights, means, log_scales, levels=256):
    z = (np.linspace(-1, 1, levels) - means[:, None]) / np.exp(log_scales[:, None])
    return softmax(weights) @ (sigmoid(z) * sigmoid(-z) / np.exp(log_scales[:, None]))


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
    "a slot reaches half a step, 1 / (levels - 1), to each side of its level.",
    {
        "The slots begin at their level.": mixture(lambda n: np.linspace(-1, 1, n)[1:]),
        "The slots end at their level.": mixture(lambda n: np.linspace(-1, 1, n)[:-1]),
        "The slots are twice as wide as they should be, so that neighbours overlap.": (
            lambda *case: between(*case)[:-1] + between(*case)[1:]
        ),
    },
)
exercise.mistakes_about(
    "level k is at 2k / (levels - 1) - 1: level 0 at -1, and the last level at 1.",
    {
        "The levels are not on [-1, 1], where the means are.": (
            mixture(lambda levels: (np.arange(levels - 1) + 0.5) / (levels - 1)),
            mixture(lambda levels: np.arange(levels - 1) + 0.5),
        ),
        "The levels are spread with a step of 2 / levels, so the last one misses 1.": mixture(
            lambda levels: (2 * np.arange(1, levels) - 1) / levels - 1
        ),
        "[-1, 1] is cut into equal slots, so no level is at -1 or 1.": mixture(
            lambda levels: np.linspace(-1, 1, levels + 1)[1:-1]
        ),
    },
)
exercise.mistakes_about(
    "the scale is the exponential of the log scale; distances are divided by it.",
    {
        "The log scales were used as scales.": mixture(scale=lambda logs: logs),
        "The distances are multiplied by the scale.": mixture(scale=lambda logs: np.exp(-logs)),
    },
)
exercise.mistakes_about(
    "the weights are logits: their softmax says how much each curve counts.",
    {
        "The weights are not divided by a sum, so the curves' shares do not sum to 1.": (
            mixture(share=np.positive),
            mixture(share=np.exp),
            lambda weights, *case: np.exp(weights).sum() * right(weights, *case),
            lambda weights, means, log_scales, *levels: sum(
                weight * right(np.ones(1), means[[k]], log_scales[[k]], *levels)
                for k, weight in enumerate(weights)
            ),
        ),
        "The weights are divided by their sum; that is not a softmax.": mixture(
            share=lambda weights: weights / weights.sum()
        ),
        "All curves count equally.": mixture(share=lambda weights: softmax(0 * weights)),
    },
)
exercise.mistake(
    "The means and the scales are averaged: one curve takes the place of the mixture.",
    "compute the areas of each curve by itself, and average these, with the shares.",
    averaged(lambda shares, log_scales: shares @ log_scales),
    averaged(lambda shares, log_scales: np.log(shares @ np.exp(log_scales))),
)
exercise.mistakes_about(
    "a level's probability is an area: the difference of two sigmoids.",
    {
        "This is the height of the curves at each level, not their area over its slot.": (
            density,
            lambda *case: density(*case) * 2 / (len(density(*case)) - 1),
            lambda *case: density(*case) / density(*case).sum(),
        ),
        "This is the probability of at most each level, not of the level itself.": lambda *case: (
            np.cumsum(right(*case))
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "two levels: level 0 should have 0.12, got": mixture(scale=np.exp2),
        "Print your edges between them": mixture(
            lambda levels: inner(levels) - (levels > 2) * 0.5 / (levels - 1)
        ),
        "a single curve is right": mixture(share=lambda weights: softmax(1.5 * weights)),
    }
)
