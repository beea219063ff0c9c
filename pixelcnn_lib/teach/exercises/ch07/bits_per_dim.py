"""7.1: the loss, as the bits spent on each value."""

import numpy as np

from pixelcnn_lib import losses
from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.ch07.prices import log_softmax, pick

LN2 = np.log(2)


def scored(shape, levels, scale, middle=0.0, dtype="uint8", kind="float32"):
    """Random images and logits of some size, always the same."""
    rng = np.random.default_rng(levels)
    images = rng.integers(levels, size=shape).astype(dtype)
    return images, rng.normal(middle, scale, (*shape, levels)).astype(kind)


def large(images, logits):
    return np.abs(logits).max() > 80


def high(images, logits):
    return images.max() > 255


def ordinary(images, logits):
    return not large(images, logits) and not high(images, logits)


def show_surprise(bits_per_dim):
    from pixelcnn_lib import data
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    image = data.photographs("test")[1].image[88:120, 104:136]
    bits = to_numpy(bits_per_dim(image[None], to_numpy(PixelCNN.pretrained()(image[None]))))
    return figures.show_bits(image, bits[0].mean(axis=2))


exercise = Exercise(
    id="7.1",
    title="The loss, in bits",
    minutes=10,
    difficulty=2,
    solution=losses.bits_per_dim,
    hints=(
        "A value pays for the probability of one level: which one?",
        "Three steps: turn the logits into log-probabilities, pick the level that came, change the "
        "unit.",
        "ops.log_softmax is safe for large logits. ops.take_along_axis picks; its index is an array "
        "of integers with one axis more than images.",
    ),
    cases=lambda: {
        "wide, three colours, 256 levels": scored((2, 3, 5, 3), 256, 2.0),
        "floats, grey, few levels": scored((1, 4, 2, 1), 7, 3.0, dtype="float32"),
        "floats above 255": scored((1, 2, 3, 2), 700, 1.0, dtype="float32", kind="float64"),
        "four colours, logits apart": scored((3, 2, 3, 4), 5, 400.0),
        "logits far above 0": scored((1, 2, 2, 3), 4, 2.0, middle=1000.0),
        "logits far below 0": scored((2, 1, 2, 3), 6, 2.0, middle=-1000.0),
    },
    shown=lambda images, logits: f"bits_per_dim(images, logits) with logits {logits.shape}",
    axes=("image", "row", "column", "colour"),
    tolerance=1e-4,
    after=show_surprise,
    seen="A piece of the flower, and what each of its pixels costs by your loss.",
)
exercise.agrees(
    "ordinary logits",
    "{call}: expected {expected} bits at {place}, got {got}.",
    hint="compute this one value by hand: its logits, their softmax, the level that came, -log2. "
    "With a cross-entropy of Keras, say from_logits=True.",
    where=ordinary,
)
exercise.agrees(
    "values above 255",
    "{call}, with values up to 699: expected {expected} bits at {place}, got {got}.",
    hint="lower values are right. Which is the largest number that the dtype of your index holds?",
    where=high,
)
exercise.agrees(
    "large logits",
    "{call}, some of them near 1000 or -1000: expected {expected} bits at {place}, got {got}.",
    hint="small logits are right. What are exp(1000), exp(-1000), and the logarithm of 0?",
    where=large,
)


def price(images, logits):
    """What is right, for mistakes that come after it."""
    return -pick(images, log_softmax(logits)) / LN2


def softmax(logits, axis=-1):
    """As a first try has it: it overflows."""
    return np.exp(logits) / np.exp(logits).sum(axis, keepdims=True)


# Mistakes, each as a reader writes it

nats = exercise.mistake("These are nats: the logarithm is natural.", hint="log2 x = log x / log 2.")


@nats
def natural(images, logits):
    return -pick(images, log_softmax(logits))


@nats
def natural_and_overflowing(images, logits):
    return -np.log(pick(images, softmax(logits)))


@nats
def natural_sum_that_overflows(images, logits):
    return np.log(np.exp(logits).sum(-1)) - pick(images, logits)


sign = exercise.mistake(
    "The sign is wrong: a likely value would cost most.",
    hint="a logarithm of a probability is never above 0.",
)


@sign
def negative(images, logits):
    return pick(images, log_softmax(logits)) / LN2


@sign
def negative_and_overflowing(images, logits):
    return np.log2(pick(images, softmax(logits)))


@exercise.mistake(
    "This is the log-probability itself: natural, and below 0.",
    hint="change the sign and the unit.",
)
def log_probability(images, logits):
    return pick(images, log_softmax(logits))


@exercise.mistake(
    "This is the probability of the value, not its price.", hint="the price is -log2 of it."
)
def probability(images, logits):
    return pick(images, np.exp(log_softmax(logits)))


unnormalised = exercise.mistake(
    "The logits were read as log-probabilities.",
    hint="what makes numbers of any size into probabilities that sum to 1?",
)


@unnormalised
def no_softmax(images, logits):
    return -pick(images, logits) / LN2


@unnormalised
def no_softmax_in_nats(images, logits):
    return -pick(images, logits)


@exercise.mistake(
    "The price is that of the next level: the levels are counted from 1.",
    hint="logits[..., 0] belongs to level 0.",
)
def next_level(images, logits):
    return price(np.minimum(images + 1, logits.shape[-1] - 1), logits)


@exercise.mistake(
    "The price is multiplied by the probability.", hint="the level came: it pays its whole price."
)
def weighted(images, logits):
    return pick(images, np.exp(log_softmax(logits))) * price(images, logits)


@exercise.mistake(
    "The logarithm has the number of levels as its base.", hint="a bit has the base 2."
)
def base_of_levels(images, logits):
    return price(images, logits) * LN2 / np.log(logits.shape[-1])


@exercise.mistake(
    "The softmax is applied twice.",
    hint="a log-softmax takes the logits themselves, not their softmax.",
)
def twice(images, logits):
    return price(images, np.exp(log_softmax(logits)))


@exercise.mistake(
    "This is the price of the likeliest level, not of the one that came.",
    hint="which level came is in images.",
)
def of_the_likeliest(images, logits):
    return price(logits.argmax(-1), logits)


@exercise.mistake(
    "This is the mean price of all levels, the entropy; it does not use images.",
    hint="a value only pays for the level that came.",
)
def entropy(images, logits):
    log_p = log_softmax(logits)
    return -(np.exp(log_p) * log_p).sum(-1) / LN2


@exercise.mistake(
    "The levels that did not come are paid for as well.",
    hint="with a softmax over the levels, only the level that came counts.",
)
def binary_cross_entropy(images, logits):
    p = np.exp(log_softmax(logits))
    hot = np.arange(logits.shape[-1]) == images[..., None]
    return -np.log2(np.where(hot, p, 1 - p)).sum(-1)


other_axis = exercise.mistake(
    "The softmax is taken over the wrong axis.", hint="the levels are the last axis."
)
for axis in range(4):
    other_axis(lambda images, logits, axis=axis: -pick(images, log_softmax(logits, axis)) / LN2)


as_probabilities = exercise.mistake(
    "The logits were read as probabilities, and clipped to lie between 0 and 1.",
    hint="Keras's sparse_categorical_crossentropy has an argument from_logits.",
)
for unit in (1, LN2):
    as_probabilities(
        lambda images, logits, unit=unit: (
            price(images, np.log(np.clip(logits, 1e-7, 1 - 1e-7))) * unit
        )
    )


@exercise.mistake(
    "The largest logit is subtracted, but the sum is missing.",
    hint="log-softmax: the logit less the logarithm of the sum of all exponentials.",
)
def largest_only(images, logits):
    return (logits.max(-1) - pick(images, logits)) / LN2


overflow = exercise.mistake(
    "Right for small logits, but large ones overflow.",
    hint="exp(1000) is infinite; a log-softmax subtracts the largest logit first.",
)


@overflow
def overflowing(images, logits):
    return -np.log2(pick(images, softmax(logits)))


@overflow
def overflowing_sum(images, logits):
    return (np.log(np.exp(logits).sum(-1)) - pick(images, logits)) / LN2


added = exercise.mistake(
    "A small number is added to the probability, or replaces it where it is smaller.",
    hint="with log-softmax no probability becomes 0, so nothing has to be added.",
)
for small in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12):
    for end in (np.add, np.maximum):
        added(
            lambda images, logits, small=small, end=end: (
                -np.log2(end(pick(images, np.exp(log_softmax(logits))), small))
            )
        )


one_maximum = exercise.mistake(
    "The largest logit of all values is subtracted, so small logits become 0 over 0.",
    hint="subtract each value's own largest logit: max over the last axis.",
)
for dtype in ("float32", "float64"):
    one_maximum(
        lambda images, logits, dtype=dtype: (
            -np.log2(pick(images, softmax((logits - logits.max()).astype(dtype))))
        )
    )


@exercise.mistake(
    "The bits are divided by the number of values of an image.",
    hint="return the bits of each value; the mean is taken later.",
)
def shared_out(images, logits):
    return price(images, logits) / images[0].size


@exercise.mistake(
    "The values are cast to uint8, and 300 becomes 44.",
    hint="cast to an integer type that is wide enough, such as int32.",
)
def cast_to_uint8(images, logits):
    return price(images.astype("int64") % 256, logits)


# Mistakes that a condition describes well enough


@exercise.caught("some of them near 1000 or -1000")
def clipped(images, logits):
    return price(images, np.clip(logits, -300, 300))


@exercise.caught("bits at image 0, row 0, column 0, colour 0")
def first_red_left_out(images, logits):
    bits = price(images, logits)
    bits[:, 0, 0, 0] = 0
    return bits


@exercise.caught("got a single value")
def mean_of_all(images, logits):
    return price(images, logits).mean()


@exercise.caught("whole numbers")
def float_index(images, logits):
    return -np.take_along_axis(log_softmax(logits), images[..., None], -1)[..., 0] / LN2


@exercise.caught("with values up to 699")
def stops_at_255(images, logits):
    return price(np.minimum(images, 255), logits)
