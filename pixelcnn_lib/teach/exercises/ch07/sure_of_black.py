"""7.3: the logits of a model that is sure of level 0."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.ch07.prices import log_softmax


def sure_of_black(images, bits=12.0, levels=256):
    """Bet on level 0: logits (N, H, W, colours, levels) that price each other level at `bits` bits.

    images: (N, H, W, colours); the logits do not depend on their values.
    """
    p = np.full(levels, 2.0**-bits)  # (levels,)
    p[0] = 1 - p[1:].sum()
    return np.broadcast_to(np.log(p), (*images.shape, levels))  # (N, H, W, colours, levels)


def prices(answer, images, *options):
    """What each level costs under an answer's logits: float (N, H, W, colours, levels)."""
    logits = answer(images, *options)
    found = logits if logits is None else to_numpy(logits)
    if found is None or found.dtype.kind not in "biuf" or not found.shape:
        return logits
    return -log_softmax(found.astype("float64")) / np.log(2)


def described(images, bits="", levels=""):
    options = "".join(f", {one}" for one in (bits, levels) if one)
    return f"sure_of_black(images {images.shape}{options})"


NOISE = np.random.default_rng(7).integers(256, size=(2, 3, 4, 3)).astype("uint8")

exercise = Exercise(
    id="7.3",
    title="A model that scores 12 bits",
    minutes=8,
    difficulty=2,
    solution=sure_of_black,
    hints=(
        "Which probability has a price of 12 bits?",
        "Each level but 0 has that probability. What is left for level 0?",
        "Logits may be the natural logarithms of the probabilities: a softmax gives these back. "
        "np.broadcast_to repeats one row for every value.",
    ),
    cases={
        "few levels, few bits": (np.arange(12, dtype="uint8").reshape(1, 2, 6, 1), 5.0, 16),
        "as by default": (NOISE,),
        "levels by default, other bits": (np.zeros((1, 1, 2, 3), "uint8"), 9.5),
        "two levels": (NOISE[:1, :2, :, :2] % 2, 3.0, 2),
        "many bits, four colours": (np.ones((3, 1, 2, 4), "uint8"), 40.0, 8),
        "floats": (NOISE[:1].astype("float32"), 12.0, 256),
    },
    probe=prices,
    shown=described,
    axes=("image", "row", "column", "colour", "level"),
    tolerance=1e-4,
)


@exercise.condition
def same_everywhere(answer):
    """The logits do not depend on the image."""
    for case in answer.exercise.inputs:
        got = answer(*case)
        if not np.allclose(got, got[:1, :1, :1, :1], atol=1e-3):
            return Wrong(
                f"{answer.exercise.call(case)}: the logits differ from value to value.",
                "this model gives the same logits at every place, for any image.",
            )


exercise.agrees(
    "price of each level",
    "{call}: expected a price of {expected} bits at {place}, got {got}.",
    hint="take the softmax of your logits: which probability does this level have, and which should "
    "it have?",
    where=lambda images, bits=12.0, levels=256: np.arange(levels) > 0,
)

# Mistakes: other logits of level 0, or of the other levels


def betting(logits):
    """An answer: logits(p, n) = (that of level 0, that of each of the n others, of probability p)."""

    def answer(images, bits=12.0, levels=256):
        black, others = logits(2.0**-bits, levels - 1)
        return np.broadcast_to(np.r_[black, [others] * (levels - 1)], (*images.shape, levels))

    return answer


log, log2 = np.log, np.log2

exercise.mistakes_about(
    "each other level costs `bits` bits by itself, and level 0 gets what they leave: how many are they?",
    {
        "The probabilities sum to more than 1, so the softmax shrinks all of them.": (
            betting(lambda p, n: (0, log(p))),
            betting(lambda p, n: (log(1 - p), log(p))),
        ),
        "Level 0 counts itself among the others: the probabilities sum to less than 1.": (
            betting(lambda p, n: (log(1 - (n + 1) * p), log(p)))
        ),
        "All others together cost `bits` bits.": betting(lambda p, n: (log(1 - p), log(p / n))),
    },
)
exercise.mistakes_about(
    "12 bits are the price of a power of 2; the softmax takes the exponential of what you return.",
    {
        "The logits are in bits, but the softmax reads nats.": (
            betting(lambda p, n: (log2(1 - n * p), log2(p))),
            betting(lambda p, n: (0, log2(p))),
        ),
        "The price is `bits` nats, not bits.": (
            betting(lambda p, n: (log(1 - n * np.exp(log2(p))), log2(p)))
        ),
        "These are probabilities, not their logarithms.": betting(lambda p, n: (1 - n * p, p)),
    },
)
exercise.mistakes_about(
    "black is likely, so its logit is larger than the others', and its price is lower.",
    {
        "All levels have the same logit, so all cost the same.": betting(lambda p, n: (0, 0)),
        "These are prices: the sign is wrong.": betting(lambda p, n: (-log(1 - n * p), -log(p))),
        "The others' logits have the wrong sign.": betting(lambda p, n: (log(1 - n * p), -log(p))),
        "Level 0 has the high price.": betting(lambda p, n: (log(p), log((1 - p) / n))),
    },
)

# Mistakes that a condition describes well enough


@exercise.caught("the logits differ from value to value")
def sure_of_what_came(images, bits=12.0, levels=256):
    return np.where(np.arange(levels) == images[..., None], 0, -bits * np.log(2))


exercise.caught("bits at image 0, row 0, column 0, colour 0, level 1, got 5")(
    betting(lambda p, n: (0, 0.7 * log2(p)))
)
