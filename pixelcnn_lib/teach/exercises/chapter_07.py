"""Exercises of chapter 7: from likelihood to bits per dimension."""

import numpy as np

from pixelcnn_lib import losses
from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agrees, to_numpy


def scored(n, height, width, colours, levels, scale, dtype="uint8"):
    """Images and logits, by chance but always the same."""
    rng = np.random.default_rng(n + height)
    images = rng.integers(levels, size=(n, height, width, colours)).astype(dtype)
    return images, rng.normal(0, scale, (*images.shape, levels)).astype("float32")


def log_softmax(logits, axis=-1):
    logits = logits - logits.max(axis, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis, keepdims=True))


def priced(images, log_p):
    """Bits by position: -log2 of each value's probability, from natural log_p."""
    index = images[..., None].astype("int64")
    return -np.take_along_axis(log_p, index, -1)[..., 0] / np.log(2)


def nats(images, logits):
    return priced(images, log_softmax(logits)) * np.log(2)


def multiplied(images, logits):
    return nats(images, logits) * np.log(2)


def negative(images, logits):
    return -priced(images, log_softmax(logits))


def unnormalised(images, logits):
    return priced(images, logits)


def of_the_likeliest(images, logits):
    return priced(logits.argmax(-1), log_softmax(logits))


def over_colours(images, logits):
    return priced(images, log_softmax(logits, axis=-2))


def naive_softmax(images, logits):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    return priced(images, np.log(p))


def show_surprise(bits_per_dim):
    from pixelcnn_lib import data
    from pixelcnn_lib.model import PixelCNN
    from pixelcnn_lib.teach import figures

    image = data.photographs("test")[1].image[88:120, 104:136]
    bits = to_numpy(bits_per_dim(image[None], to_numpy(PixelCNN.pretrained()(image[None]))))
    return figures.show_bits(image, bits[0].mean(axis=2))


def seen(shape, seed):
    """Values of which the low ones are commoner, and each colour has other ones."""
    rng = np.random.default_rng(seed)
    return (rng.integers(220, size=shape) ** 2 // 256 + 11 * np.arange(shape[-1])).astype("uint8")


def histogram(train, test, extra=1.0, base=2.0, alike=False):
    """The baseline with its knobs: what is added to a count, the log's base, one for all colours."""
    bits = []
    for colour in range(train.shape[-1]):
        seen = train if alike else train[..., colour]
        p = np.bincount(seen.ravel(), minlength=256) + extra
        price = -np.log(p / p.sum()) / np.log(base)
        bits.append(price[test[..., colour]].mean())
    return np.mean(bits)


def smoothed_late(train, test):
    bits = []
    for colour in range(train.shape[-1]):
        counts = np.bincount(train[..., colour].ravel(), minlength=256)
        price = -np.log2((counts + 1) / counts.sum())
        bits.append(price[test[..., colour]].mean())
    return np.mean(bits)


def own_entropy(train, test):
    return histogram(train, train)


def prices(answer, images, bits, levels):
    """What each level costs under an answer's logits: float (N, H, W, colours, levels)."""
    logits = to_numpy(answer(images, bits, levels)).astype("float64")
    return -log_softmax(logits) / np.log(2)


def logits_of(black, others):
    """A wrong twin: the two logits as functions of bits and levels."""

    def answer(images, bits=12.0, levels=256):
        logits = np.full((*images.shape, levels), others(bits, levels), "float64")
        logits[..., 0] = black(bits, levels)
        return logits

    return answer


def left_over(bits, levels):
    return 1 - (levels - 1) * 2.0**-bits


def peeking(images, bits=12.0, levels=256):
    logits = np.full((*images.shape, levels), np.log((1 - 2.0**-bits) / (levels - 1)))
    np.put_along_axis(logits, images[..., None].astype(int), np.log(2.0**-bits), -1)
    return logits


def same_everywhere(answer):
    """The logits do not depend on the image."""
    for images, bits, levels in answer.exercise.inputs:
        got = answer(images, bits, levels)
        if not np.allclose(got, got[:1, :1, :1, :1], atol=1e-3):
            return Wrong(
                "The logits change with the image: this model looks at the values it should predict.",
                "the same logits stand at every place, whatever the image.",
            )


def below(edges, weights, means, log_scales):
    """The mixture's cumulative distribution at some edges."""
    share = np.exp(weights - weights.max()) / np.exp(weights - weights.max()).sum()
    z = (edges - means[:, None]) / np.exp(log_scales[:, None])
    return share @ (0.5 + 0.5 * np.tanh(z / 2))


def mixture(weights, means, log_scales, levels=256, reach=1.0, step=None, shift=0.0, tails=True):
    """The areas over the slots, with knobs for what goes wrong."""
    centres = np.arange(levels) * 2 / (step or levels - 1) - 1 + shift
    half = reach / (levels - 1)
    up = below(centres + half, weights, means, log_scales)
    down = below(centres - half, weights, means, log_scales)
    if tails:
        up[-1], down[0] = 1, 0
    return up - down


def density(weights, means, log_scales, levels=256):
    centres = np.arange(levels) * 2 / (levels - 1) - 1
    share = np.exp(weights) / np.exp(weights).sum()
    scale = np.exp(log_scales[:, None])
    z = (centres - means[:, None]) / scale
    return share @ (1 / (4 * scale * np.cosh(z / 2) ** 2)) * 2 / (levels - 1)


def raw_weights(weights, means, log_scales, levels=256):
    one = [mixture(np.zeros(1), m[None], s[None], levels) for m, s in zip(means, log_scales)]
    return weights @ np.stack(one)


def curves(components, levels, seed):
    rng = np.random.default_rng(seed)
    weights, means = rng.normal(0, 1, components), rng.uniform(-1.1, 1.1, components)
    return weights, means, rng.uniform(-4, -0.5, components), levels


def show_mixture(mixture_probabilities):
    from pixelcnn_lib.teach import figures

    p = to_numpy(mixture_probabilities(*curves(3, 64, seed=8)))
    return figures.show_distribution(np.log(p), titles=["your mixture: three curves, 64 levels"])


EXERCISES = [
    Exercise(
        id="7.1",
        title="The loss, in bits",
        minutes=10,
        difficulty=2,
        twin=losses.bits_per_dim,
        hints=(
            "Which of the levels' probabilities does a value pay for?",
            "Three steps: log-softmax over the levels, pick the level that came, change the unit.",
            "ops.log_softmax(logits, axis=-1), then ops.take_along_axis with the values as an "
            "integer index (…, 1), then divide by -log(2).",
        ),
        cases=lambda: [
            scored(2, 3, 5, 3, 256, 2.0),
            scored(1, 4, 2, 1, 7, 3.0, "float32"),
            scored(3, 2, 3, 3, 5, 400.0),
        ],
        shown=lambda images, logits: f"bits_per_dim on images {images.shape}",
        axes=("image", "row", "column", "colour"),
        tolerance=1e-4,
        conditions=[
            agrees(
                "bits of the value that came",
                "{call}: expected {expected} bits at {place}, got {got}.",
                "256 equal logits must cost 8 bits, whatever came.",
            )
        ],
        mistakes=[
            Mistake(nats, "These are nats: the logarithm is natural.", "log2 x = log x / log 2."),
            Mistake(
                multiplied,
                "The natural logarithm was multiplied by log 2.",
                "is a bit a smaller or a larger unit than a nat?",
            ),
            Mistake(
                negative,
                "The sign is wrong: a likely value would cost most.",
                "a logarithm of a probability is never above 0.",
            ),
            Mistake(
                unnormalised,
                "The logits were read as log-probabilities.",
                "what makes numbers of any size into probabilities that sum to 1?",
            ),
            Mistake(
                of_the_likeliest,
                "This is the price of the likeliest level, not of the one that came.",
                "which level the value has is in images.",
            ),
            Mistake(
                over_colours,
                "The softmax runs over the colours, not over the levels.",
                "the levels are the last axis.",
            ),
            Mistake(
                naive_softmax,
                "Right for small logits, but large ones overflow.",
                "exp(1000) is infinite; a log-softmax subtracts the largest logit first.",
            ),
        ],
        after=show_surprise,
        seen="A piece of the flower, and what each of its pixels costs by your loss.",
    ),
    Exercise(
        id="7.2",
        title="The histogram baseline",
        minutes=8,
        difficulty=1,
        twin=answers.histogram_bits,
        hints=(
            "What does the model know of a value before it comes? Only its colour.",
            "For each colour: count the levels in train, add 1, divide by the sum, take -log2; then "
            "look up the values of test.",
            "np.bincount(train[..., c].ravel(), minlength=256) + 1 gives the counts of colour c; "
            "price[test[..., c]] looks the prices up.",
        ),
        cases=lambda: [
            (seen((5, 6, 7, 3), 1), seen((9, 4, 3), 2)),
            (seen((40, 1), 3), seen((2, 8, 8, 1), 4)),
            (np.full((3, 3, 3), 200, "uint8"), np.full((1, 2, 2, 3), 7, "uint8")),
        ],
        shown=lambda train, test: f"histogram_bits on {train.shape} and {test.shape}",
        tolerance=1e-5,
        conditions=[
            agrees(
                "mean price",
                "{call}: expected {expected} bits per dimension, got {got}.",
                "do train and test play their own parts, and each colour its own?",
            )
        ],
        mistakes=[
            Mistake(
                lambda train, test: histogram(train, test, base=np.e),
                "These are nats: the logarithm is natural.",
                "use np.log2.",
            ),
            Mistake(
                lambda train, test: histogram(train, test, extra=0),
                "A level that train never shows costs infinitely many bits.",
                "count every level once more than it was seen.",
            ),
            Mistake(
                lambda train, test: histogram(train, test, extra=1 / 256),
                "The levels are counted a little more, but not once more.",
                "add 1 to every count.",
            ),
            Mistake(
                smoothed_late,
                "1 was added to the counts, but they were divided by the sum without it.",
                "do the 256 probabilities of a colour sum to 1?",
            ),
            Mistake(
                lambda train, test: histogram(train, test, alike=True),
                "One histogram serves all colours.",
                "count each colour by itself.",
            ),
            Mistake(
                lambda train, test: histogram(test, test),
                "The histograms are those of test itself: the model has seen the answers.",
                "count in train, look up in test.",
            ),
            Mistake(
                own_entropy,
                "This is the price of train under its own histogram.",
                "the prices come from train, the values to pay for from test.",
            ),
            Mistake(
                lambda train, test: histogram(train, test) * test.shape[-1],
                "The bits are those of a pixel, not of a value.",
                "a pixel is as many dimensions as it has colours.",
            ),
        ],
    ),
    Prediction(
        id="7.q1",
        right="no limit",
        why="A level of probability p costs -log2 p bits, and p may be as near to 0 as you like.",
        replies={
            "8": "8 bits are the price when all levels are equally likely. Nothing forces a model to "
            "think so.",
            "16": "16 bits are the price of a probability of 1/65536. A model can give less.",
        },
    ),
    Exercise(
        id="7.3",
        title="A model that scores 12 bits",
        minutes=8,
        difficulty=2,
        twin=answers.sure_of_black,
        hints=(
            "Which probability has a price of 12 bits?",
            "All levels but 0 have the probability 2 ** -bits. What is left for level 0?",
            "The logarithms of the probabilities (natural ones) are logits whose softmax gives the "
            "probabilities back. Repeat them for every value with np.broadcast_to.",
        ),
        cases=lambda: [
            (np.full((2, 3, 2, 3), 9, "uint8"), 12.0, 256),
            (np.arange(12, dtype="uint8").reshape(1, 2, 6, 1), 5.0, 16),
            (np.zeros((1, 1, 2, 3), "uint8"), 9.5, 256),
        ],
        probe=prices,
        shown=lambda images, bits, levels: f"sure_of_black(images, {bits}, {levels})",
        axes=("image", "row", "column", "colour", "level"),
        tolerance=1e-3,
        conditions=[
            same_everywhere,
            agrees(
                "price of each level",
                "{call}: expected a price of {expected} bits at {place}, got {got}.",
                "the prices are -log2 of the softmax of your logits.",
            ),
        ],
        mistakes=[
            Mistake(
                logits_of(lambda bits, levels: 0.0, lambda bits, levels: 0.0),
                "All levels cost the same: adding one number to all logits changes nothing.",
                "the softmax sees only differences between logits.",
            ),
            Mistake(
                logits_of(lambda bits, levels: 0.0, lambda bits, levels: -bits * np.log(2)),
                "Nearly: the probabilities sum to more than 1, so the softmax shrinks all of them.",
                "level 0 gets what the others leave, not all.",
            ),
            Mistake(
                logits_of(lambda bits, levels: 0.0, lambda bits, levels: -bits),
                "The logits are in bits, and the softmax reads nats.",
                "the softmax takes powers of e, not of 2.",
            ),
            Mistake(
                logits_of(
                    lambda bits, levels: np.log2(left_over(bits, levels)),
                    lambda bits, levels: -bits,
                ),
                "The logits are in bits, and the softmax reads nats.",
                "the softmax takes powers of e, not of 2: use the natural logarithm.",
            ),
            Mistake(
                logits_of(left_over, lambda bits, levels: 2.0**-bits),
                "These are probabilities, not their logarithms.",
                "the softmax takes the exponential of what you return.",
            ),
            Mistake(
                logits_of(
                    lambda bits, levels: -bits * np.log(2),
                    lambda bits, levels: np.log((1 - 2.0**-bits) / (levels - 1)),
                ),
                "Level 0 has the high price, and all others are cheap.",
                "the model is sure of black: black is what it finds likely.",
            ),
        ],
    ),
    Prediction(
        id="7.q2",
        right=lambda: round(float(np.log2(100) / 3072), 4),
        within=0.001,
        why="Every image keeps a hundredth of its probability: log2(100) = 6.6 bits for the whole "
        "image, spread over 3072 values.",
    ),
    Exercise(
        id="7.4",
        title="The mixture's probability of each level",
        minutes=15,
        difficulty=3,
        twin=answers.mixture_probabilities,
        hints=(
            "Where on [-1, 1] do two neighbouring levels meet?",
            "The area of one curve below x is the sigmoid of (x - mean) / scale; average it over the "
            "curves, at each edge; a level's probability is a difference of two of these.",
            "The levels - 1 inner edges lie at (2k + 1) / (levels - 1) - 1 for k = 0, 1, …; put a 0 "
            "before the areas and a 1 behind them, and take np.diff.",
        ),
        cases=lambda: [curves(3, 64, seed=1), curves(1, 5, seed=2), curves(10, 256, seed=3)],
        shown=lambda w, m, s, levels: f"{len(w)} curves, levels={levels}",
        axes=("level",),
        tolerance=1e-5,
        conditions=[
            agrees(
                "tails",
                "{call}: {place} should have {expected}, got {got}.",
                "who owns the area beyond the first and the last level?",
                lambda weights, means, log_scales, levels: np.isin(
                    np.arange(levels), (0, levels - 1)
                ),
            ),
            agrees(
                "slots",
                "{call}: {place} should have {expected}, got {got}.",
                "a slot reaches half a step to each side of its level.",
            ),
        ],
        mistakes=[
            Mistake(
                lambda *case: mixture(*case, tails=False),
                "The tails are lost: the levels do not sum to 1.",
                "the first and the last level own all that lies beyond them.",
            ),
            Mistake(
                density,
                "This is the height of the curves at each level times a step, not their area.",
                "an area is a difference of two cumulative values.",
            ),
            Mistake(
                lambda *case: mixture(*case, shift=1 / (case[3] - 1)),
                "The slots begin at their level, instead of lying around it.",
                "a slot reaches half a step to each side.",
            ),
            Mistake(
                lambda *case: mixture(*case, shift=-1 / (case[3] - 1)),
                "The slots end at their level, instead of lying around it.",
                "a slot reaches half a step to each side.",
            ),
            Mistake(
                lambda *case: mixture(*case, step=case[3], reach=1 - 1 / case[3]),
                "The levels are spread with a step of 2 / levels, so the last one misses 1.",
                "level 0 sits at -1 and the last level at 1: how many steps lie between?",
            ),
            Mistake(
                lambda w, m, s, levels: mixture(w, m, np.log(np.abs(s)), levels),
                "The log scales were used as scales.",
                "the width is the exponential of the log scale.",
            ),
            Mistake(
                lambda w, m, s, levels: mixture(w, m, -s, levels),
                "The distances are multiplied by the scale, not divided by it.",
                "a small scale makes a steep curve.",
            ),
            Mistake(
                raw_weights,
                "The weights were used as they come, and do not sum to 1.",
                "they are logits: take their softmax.",
            ),
            Mistake(
                lambda w, m, s, levels: mixture(0 * w, m, s, levels),
                "All curves count the same.",
                "the softmax of the weights says how much each curve counts.",
            ),
        ],
        after=show_mixture,
        seen="A mixture of three curves over 64 levels, by your function.",
    ),
]
