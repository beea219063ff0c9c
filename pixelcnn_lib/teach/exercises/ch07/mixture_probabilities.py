"""7.4: the probability of each level under a mixture of logistic curves."""

import math

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

# Mistakes, each as a reader writes it

right = mixture_probabilities  # some of them start from it


def sigmoid(x):
    return 0.5 + 0.5 * np.tanh(x / 2)


def softmax(weights):
    return np.exp(weights) / np.exp(weights).sum()


def below(x, weights, means, log_scales):
    """The mixture's area below each x."""
    return softmax(weights) @ sigmoid((x - means[:, None]) / np.exp(log_scales[:, None]))


def between(edges, *curves):
    """The areas between inner edges, tails included."""
    return np.diff(np.r_[0, below(edges, *curves), 1])


def mixed(share, means, log_scales, levels):
    """Each curve's probabilities, added up by these shares."""
    curves = zip(means[:, None], log_scales[:, None])
    return share @ np.array([right(np.zeros(1), *one, levels) for one in curves])


@exercise.mistake(
    "The tails are lost: the levels do not sum to 1.",
    hint="the first and the last level get everything beyond them.",
)
def no_tails(weights, means, log_scales, levels=256):
    x, half = np.linspace(-1, 1, levels), 1 / (levels - 1)
    return below(x + half, weights, means, log_scales) - below(x - half, weights, means, log_scales)


@exercise.mistake(
    "The tails beyond -1 and 1 are lost: the levels do not sum to 1.",
    hint="the first and the last level get everything beyond them, up to infinity.",
)
def cut_at_the_ends(weights, means, log_scales, levels=256):
    inner = (2 * np.arange(1, levels) - 1) / (levels - 1) - 1
    return np.diff(below(np.r_[-1, inner, 1], weights, means, log_scales))


@exercise.mistake(
    "[-1, 1] is cut into equal slots, so no level is at -1 or 1; and what lies beyond is lost.",
    hint="half of the first slot is to the left of -1, and the first level gets that tail, too.",
)
def equal_slots_no_tails(weights, means, log_scales, levels=256):
    return np.diff(below(np.linspace(-1, 1, levels + 1), weights, means, log_scales))


rescaled = exercise.mistake(
    "The tails are cut off and shared among all levels.",
    hint="only the first and the last level get what lies beyond them.",
)
for cut in (no_tails, cut_at_the_ends, equal_slots_no_tails):
    rescaled(lambda *case, cut=cut: (p := cut(*case)) / p.sum())
for end, name in {0: "first", -1: "last"}.items():

    @exercise.mistake(
        f"The {name} level does not get its tail.",
        hint="what is the area below -infinity, and below +infinity?",
    )
    def one_tail(weights, means, log_scales, levels=256, end=end):
        p = right(weights, means, log_scales, levels)
        p[end] = no_tails(weights, means, log_scales, levels)[end]
        return p


height = exercise.mistake(
    "This is the height of the curves at each level, not their area over the slot of the level.",
    hint="an area is a difference of two cumulative values.",
)


@height
def density(weights, means, log_scales, levels=256):
    z = (np.linspace(-1, 1, levels) - means[:, None]) / np.exp(log_scales[:, None])
    return softmax(weights) @ (sigmoid(z) * sigmoid(-z) / np.exp(log_scales[:, None]))


@height
def density_by_step(weights, means, log_scales, levels=256):
    return density(weights, means, log_scales, levels) * 2 / (levels - 1)


@height
def density_that_sums_to_1(weights, means, log_scales, levels=256):
    p = density(weights, means, log_scales, levels)
    return p / p.sum()


@exercise.mistake(
    "The slots begin at their level, instead of lying around it.",
    hint="a slot reaches half a step to each side.",
)
def begins(weights, means, log_scales, levels=256):
    return between(np.linspace(-1, 1, levels)[1:], weights, means, log_scales)


@exercise.mistake(
    "The slots end at their level, instead of lying around it.",
    hint="a slot reaches half a step to each side.",
)
def ends(weights, means, log_scales, levels=256):
    return between(np.linspace(-1, 1, levels)[:-1], weights, means, log_scales)


@exercise.mistake(
    "The levels are spread with a step of 2 / levels, so the last one misses 1.",
    hint="level 0 is at -1 and the last level at 1: how many steps are between them?",
)
def small_step(weights, means, log_scales, levels=256):
    return between((2 * np.arange(levels - 1) + 1) / levels - 1, weights, means, log_scales)


@exercise.mistake(
    "[-1, 1] is cut into equal slots, so no level is at -1 or 1.",
    hint="level 0 is at -1: half of its slot is to the left of -1.",
)
def equal_slots(weights, means, log_scales, levels=256):
    return between(np.linspace(-1, 1, levels + 1)[1:-1], weights, means, log_scales)


@exercise.mistake(
    "The levels are not on [-1, 1], where the means are.",
    hint="level k is at 2k / (levels - 1) - 1.",
)
def from_0_to_1(weights, means, log_scales, levels=256):
    return between((np.arange(levels - 1) + 0.5) / (levels - 1), weights, means, log_scales)


@exercise.mistake(
    "Each slot reaches a whole step to each side, so neighbours overlap.",
    hint="half a step is 1 / (levels - 1).",
)
def whole_steps(weights, means, log_scales, levels=256):
    x, step = np.linspace(-1, 1, levels), 2 / (levels - 1)
    up, down = (below(x + s, weights, means, log_scales) for s in (step, -step))
    up[-1], down[0] = 1, 0
    return up - down


@exercise.mistake(
    "The log scales were used as scales.", hint="the scale is the exponential of the log scale."
)
def log_scale_for_scale(weights, means, log_scales, levels=256):
    z = ((2 * np.arange(levels - 1) + 1) / (levels - 1) - 1 - means[:, None]) / log_scales[:, None]
    return np.diff(np.r_[0, softmax(weights) @ sigmoid(z), 1])


@exercise.mistake(
    "The scale is a power of 2.", hint="the scale is the exponential of the log scale."
)
def power_of_2(weights, means, log_scales, levels=256):
    return right(weights, means, log_scales * np.log(2), levels)


@exercise.mistake(
    "The slots are half as wide as they should be, so that there are gaps between them.",
    hint="a slot reaches 1 / (levels - 1) to each side of its level.",
)
def half_slots(weights, means, log_scales, levels=256):
    x, half = np.linspace(-1, 1, levels), 0.5 / (levels - 1)
    up, down = (below(x + s, weights, means, log_scales) for s in (half, -half))
    up[-1], down[0] = 1, 0
    return up - down


@exercise.mistake(
    "The distances are multiplied by the scale, not divided by it.",
    hint="a small scale makes a steep curve.",
)
def times_scale(weights, means, log_scales, levels=256):
    return right(weights, means, -log_scales, levels)


shares = exercise.mistake(
    "The weights are not divided by a sum, so the curves' shares do not sum to 1.",
    hint="the weights are logits: take their softmax.",
)


@shares
def raw_weights(weights, means, log_scales, levels=256):
    return mixed(weights, means, log_scales, levels)


@shares
def half_a_softmax(weights, means, log_scales, levels=256):
    return mixed(np.exp(weights), means, log_scales, levels)


@exercise.mistake(
    "The weights are divided by their sum; that is not a softmax.",
    hint="logits may be negative: take their exponentials first.",
)
def no_exponential(weights, means, log_scales, levels=256):
    return mixed(weights / weights.sum(), means, log_scales, levels)


@exercise.mistake(
    "The curves are normal, not logistic.",
    hint="the logistic curve's cumulative value is a sigmoid.",
)
def normal(weights, means, log_scales, levels=256):
    x = (2 * np.arange(levels - 1) + 1) / (levels - 1) - 1
    z = (x - means[:, None]) / np.exp(log_scales[:, None])
    up_to = np.vectorize(lambda z: (1 + math.erf(z / math.sqrt(2))) / 2)(z)
    return np.diff(np.r_[0, softmax(weights) @ up_to, 1])


@exercise.mistake(
    "The levels are 0 to 255 where the means are on [-1, 1].",
    hint="level k is at 2k / (levels - 1) - 1.",
)
def unscaled(weights, means, log_scales, levels=256):
    return between(np.arange(levels - 1) + 0.5, weights, means, log_scales)


@exercise.mistake(
    "All curves count equally.", hint="the softmax of the weights says how much each curve counts."
)
def all_alike(weights, means, log_scales, levels=256):
    return right(0 * weights, means, log_scales, levels)


@exercise.mistake(
    "This is the probability of at most each level, not of the level itself.",
    hint="a level's own probability is the difference between two neighbours.",
)
def cumulative(weights, means, log_scales, levels=256):
    return np.cumsum(right(weights, means, log_scales, levels))


# Mistakes that a condition describes well enough


@exercise.caught("two levels: level 0 should have 0.12, got")
def variance(weights, means, log_scales, levels=256):
    return right(weights, means, 2 * log_scales, levels)


@exercise.caught("a single curve is right")
def one_mean_curve(weights, means, log_scales, levels=256):
    share = softmax(weights)
    one = np.array([share @ means]), np.array([share @ log_scales])
    return right(np.zeros(1), *one, levels)


@exercise.caught("Print your edges between them")
def quarter_steps(weights, means, log_scales, levels=256):
    shift = 0.5 if levels == 2 else 0.25
    return between(
        (2 * np.arange(levels - 1) + 2 * shift) / (levels - 1) - 1, weights, means, log_scales
    )
