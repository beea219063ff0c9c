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

# Mistakes, each as a reader writes it

right = sure_of_black  # some of them start from it


def row(images, black, others, levels):
    """The logits of one row, for every value."""
    return np.broadcast_to(np.r_[black, [others] * (levels - 1)], (*images.shape, levels))


@exercise.mistake(
    "All levels cost the same: adding one number to all logits changes nothing.",
    hint="the softmax sees only differences between logits.",
)
def all_equal(images, bits=12.0, levels=256):
    return row(images, -bits, -bits, levels)


too_much = exercise.mistake(
    "The probabilities sum to more than 1, so the softmax shrinks all of them.",
    hint="level 0 gets what the others leave.",
)


@too_much
def all_for_black(images, bits=12.0, levels=256):
    return row(images, np.log(1), np.log(2.0**-bits), levels)


@too_much
def one_level_left_out(images, bits=12.0, levels=256):
    return row(images, np.log(1 - 2.0**-bits), np.log(2.0**-bits), levels)


@exercise.mistake(
    "Level 0 counts itself among the others: the probabilities sum to less than 1.",
    hint="how many levels are there besides level 0?",
)
def counts_itself(images, bits=12.0, levels=256):
    return row(images, np.log(1 - levels * 2.0**-bits), np.log(2.0**-bits), levels)


@exercise.mistake(
    "All other levels together cost `bits` bits.",
    hint="each of them should cost that much by itself.",
)
def shared(images, bits=12.0, levels=256):
    return row(images, np.log(1 - 2.0**-bits), np.log(2.0**-bits / (levels - 1)), levels)


unit = exercise.mistake(
    "The logits are in bits, but the softmax reads nats.",
    hint="the softmax takes powers of e, not of 2.",
)


@unit
def binary(images, bits=12.0, levels=256):
    return row(images, np.log2(1 - (levels - 1) * 2.0**-bits), -bits, levels)


@unit
def binary_and_too_much(images, bits=12.0, levels=256):
    return row(images, 0, -bits, levels)


@exercise.mistake(
    "The price is `bits` nats, not bits.", hint="which power of 2 has a price of 12 bits?"
)
def powers_of_e(images, bits=12.0, levels=256):
    return row(images, np.log(1 - (levels - 1) * np.exp(-bits)), -bits, levels)


@exercise.mistake(
    "These are probabilities, not their logarithms.",
    hint="the softmax takes the exponential of what you return.",
)
def probabilities(images, bits=12.0, levels=256):
    return row(images, 1 - (levels - 1) * 2.0**-bits, 2.0**-bits, levels)


@exercise.mistake(
    "These are prices, so the logits have the wrong sign.",
    hint="a likely level has a large logit and a low price.",
)
def prices_for_logits(images, bits=12.0, levels=256):
    return row(images, -np.log(1 - (levels - 1) * 2.0**-bits), -np.log(2.0**-bits), levels)


@exercise.mistake(
    "The sign of the other levels' logits is wrong: they become likelier than level 0.",
    hint="an unlikely level has a logit below 0.",
)
def others_positive(images, bits=12.0, levels=256):
    return row(images, np.log(1 - (levels - 1) * 2.0**-bits), bits * np.log(2), levels)


@exercise.mistake(
    "Level 0 has the high price, and all others are cheap.",
    hint="the model is sure of black, so black must be likely.",
)
def black_is_dear(images, bits=12.0, levels=256):
    return row(images, np.log(2.0**-bits), np.log((1 - 2.0**-bits) / (levels - 1)), levels)


@exercise.mistake("The model is sure of the last level, not of level 0.", hint="black is level 0.")
def sure_of_white(images, bits=12.0, levels=256):
    return right(images, bits, levels)[..., ::-1]


@exercise.mistake(
    "The logits depend on the image: the price is right only for the level that came.",
    hint="the logits are the same at every place, for any image.",
)
def peeking(images, bits=12.0, levels=256):
    came = np.arange(levels) == images[..., None]
    return np.where(came, -bits * np.log(2), np.log((1 - 2.0**-bits) / (levels - 1)))


@exercise.mistake(
    "`bits` changes nothing in your answer.", hint="12 is only the default of `bits`."
)
def always_twelve(images, bits=12.0, levels=256):
    return right(images, 12.0, levels)


# Mistakes that a condition describes well enough


@exercise.caught("the logits differ from value to value")
def sure_of_what_came(images, bits=12.0, levels=256):
    return np.where(np.arange(levels) == images[..., None], 0, -bits * np.log(2))


@exercise.caught("bits at image 0, row 0, column 0, colour 0, level 1, got 5")
def a_rounded_unit(images, bits=12.0, levels=256):
    return row(images, 0, -0.7 * bits, levels)


@exercise.caught("expected shape (2, 3, 4, 3, 256), got shape (2, 3, 4, 256)")
def no_colours(images, bits=12.0, levels=256):
    logits = right(images, bits, levels)
    return logits[..., 0, :] if images.shape[3] == 3 else logits


@exercise.caught("expected shape (1, 2, 6, 1, 16), got shape (1, 2, 6, 1, 256)")
def always_256(images, bits=12.0, levels=256):
    return right(images, bits)
