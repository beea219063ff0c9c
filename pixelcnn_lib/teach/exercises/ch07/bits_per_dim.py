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
    where=lambda images, logits: abs(logits).max() < 80 and images.max() < 256,
)
exercise.agrees(
    "values above 255",
    "{call}, with values up to 699: expected {expected} bits at {place}, got {got}.",
    hint="lower values are right. Which is the largest number that the dtype of your index holds?",
    where=lambda images, logits: images.max() > 255,
)
exercise.agrees(
    "large logits",
    "{call}, some of them near 1000 or -1000: expected {expected} bits at {place}, got {got}.",
    hint="small logits are right. What are exp(1000), exp(-1000), and the logarithm of 0?",
    where=lambda images, logits: abs(logits).max() > 80,
)


# Mistakes: other log-probabilities, or another price


def priced(log_p=log_softmax, price=lambda log_p: -log_p / LN2):
    """An answer that gives price(of the level that came), where log_p(logits) are the levels'."""
    return lambda images, logits: price(pick(images, log_p(logits)))


def log_of_shares(p):
    return np.log(p / p.sum(-1, keepdims=True))


exercise.mistakes_about(
    "a price is -log2 of the probability: log2 x = log x / log 2, and it is never below 0.",
    {
        "These are nats: the logarithm is natural.": priced(price=np.negative),
        "This is the probability of the value, not its price.": priced(price=np.exp),
        "The price is multiplied by the probability.": priced(
            price=lambda log_p: -log_p / LN2 * np.exp(log_p)
        ),
    },
)
exercise.mistakes_about(
    "log_softmax makes log-probabilities of the logits themselves, over the last axis, the levels.",
    {
        "The logits were read as log-probabilities.": priced(lambda logits: logits),
        "The softmax is applied twice.": priced(lambda x: log_softmax(np.exp(log_softmax(x)))),
        "The softmax is taken over the wrong axis.": tuple(
            priced(lambda logits, axis=axis: log_softmax(logits, axis)) for axis in range(4)
        ),
        "The largest logit is subtracted, but the sum is missing.": priced(
            lambda logits: logits - logits.max(-1, keepdims=True)
        ),
    },
)
exercise.mistake(
    "The logits were read as probabilities, and clipped to lie between 0 and 1.",
    "Keras's sparse_categorical_crossentropy has an argument from_logits.",
    priced(lambda logits: log_softmax(np.log(np.clip(logits, 1e-7, 1 - 1e-7)))),
)
exercise.mistakes_about(
    "exp(1000) is infinite; a log-softmax first subtracts each value's largest logit, over axis -1.",
    {
        "Right for small logits, but large ones overflow.": (
            priced(lambda logits: log_of_shares(np.exp(logits))),
            priced(lambda logits: logits - np.log(np.exp(logits).sum(-1, keepdims=True))),
        ),
        "The largest logit of all values is subtracted, so small logits become 0 over 0.": priced(
            lambda logits: log_of_shares(np.exp(logits - logits.max()))
        ),
    },
)
exercise.mistake(
    "A small number is added to the probability, or replaces it where it is smaller.",
    "with log-softmax no probability becomes 0, so nothing has to be added.",
    *(
        priced(price=lambda log_p, end=end, small=small: -np.log2(end(np.exp(log_p), small)))
        for small in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        for end in (np.add, np.maximum)
    ),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "bits at image 0, row 0, column 0, colour 0": lambda images, logits: priced()(
            np.minimum(images + 1, logits.shape[-1] - 1), logits
        ),
        "with values up to 699": lambda images, logits: priced()(images % 256.0, logits),
        "some of them near 1000": priced(lambda logits: log_softmax(np.clip(logits, -300, 300))),
    }
)
