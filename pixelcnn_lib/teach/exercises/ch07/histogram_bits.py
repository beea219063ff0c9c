"""7.2: what images cost under the histograms of other images."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def histogram_bits(train, test):
    """Score images by how often each level came in others, colour by colour: bits per dimension.

    train, test: uint8 (…, colours). Every level counts once more than it was seen, so that none is
    impossible. Returns one number.
    """
    bits = []
    for colour in range(train.shape[-1]):
        counts = np.bincount(train[..., colour].ravel(), minlength=256) + 1  # (256,)
        price = -np.log2(counts / counts.sum())  # (256,)
        bits.append(price[test[..., colour]].mean())
    return np.mean(bits)


def seen(shape, seed, darkest=0):
    """Values of which the low ones are commoner; each colour has other ones."""
    rng = np.random.default_rng(seed)
    bright = rng.integers(210, size=shape) ** 2 // 256 + 25 * np.arange(shape[-1])
    return np.maximum(bright, darkest).astype("uint8")


ENDS = np.array([0, 255, 255, 254, 1, 128], "uint8")[:, None]
SMALL = (0.1, 0.01, 1 / 256, 1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)

exercise = Exercise(
    id="7.2",
    title="The histogram baseline",
    minutes=8,
    difficulty=1,
    solution=histogram_bits,
    hints=(
        "What does the model know about a value before it comes? Only its colour.",
        "From the counts in train, each level of a colour gets a probability, and so a price in "
        "bits. Each value of test pays the price of its level.",
        "np.bincount has an argument minlength. An array of 256 prices, indexed with an array of "
        "values, gives the price of each.",
    ),
    cases={
        "one value": (np.zeros((1, 1), "uint8"), np.full((1, 1), 7, "uint8")),
        "grey, unlike shapes": (seen((40, 1), 3), seen((2, 8, 8, 1), 4)),
        "the first and last levels": (ENDS[[0, 1, 1, 1, 5]], ENDS),
        "three colours": (seen((5, 6, 7, 3), 1), seen((9, 4, 3), 2)),
        "three colours, never seen": (seen((4, 3, 3), 6), np.full((1, 2, 2, 3), 243, "uint8")),
        "counts above 255": (seen((30, 40, 1), 5, darkest=90), seen((6, 5, 1), 6, darkest=90)),
        "colours with counts above 255": (seen((2, 300, 3), 7, darkest=60), seen((3, 3, 3), 8)),
    },
    shown=lambda train, test: f"histogram_bits(train {train.shape}, test {test.shape})",
    tolerance=1e-5,
)


exercise.agrees(
    "one value",
    "One grey value 0 in train, one 7 in test: expected log2(257) = {expected} bits, got {got}.",
    hint="256 levels are counted once each, and level 0 once more.",
    where=lambda train, test: train.size == 1,
)
exercise.agrees(
    "grey",
    "{call}, one colour: expected {expected} bits per dimension, got {got}.",
    hint="take train [0, 0, 3] and test [0], by hand and by your function.",
    where=lambda train, test: train.shape[-1] == 1 and train.size < 1000 and test.max() < 254,
)
exercise.agrees(
    "last levels",
    "{call}, one colour, levels 254 and 255 among them: expected {expected} bits, got {got}.",
    hint="lower levels are right. How many counts do you have, and which level does each belong to?",
    where=lambda train, test: train.shape[-1] == 1 and train.size < 1000,
)
exercise.agrees(
    "colours",
    "{call}: expected {expected} bits per dimension, got {got}; one colour is right.",
    hint="what must be done for each colour, and what for all together?",
    where=lambda train, test: train.size < 1000,
)
exercise.agrees(
    "large counts",
    "{call}, with a level that comes more than 255 times: expected {expected} bits, got {got}.",
    hint="which is the largest number that the dtype of your counts can hold?",
)

# Mistakes: other prices, or other counts


def prices(counts):
    return -np.log2(counts / counts.sum())


def paying(price=lambda n: prices(n + 1), count=lambda values: np.bincount(values, minlength=256)):
    """An answer in which price(count(a colour's values)) gives the prices of the levels."""
    return lambda train, test: np.mean(
        [price(count(old.ravel()))[new].mean() for old, new in zip(train.T, test.T)]
    )


exercise.mistakes_about(
    "count every level once more than it was seen. Do the 256 probabilities of a colour sum to 1?",
    {
        "Only levels that never came get 1 more.": paying(lambda n: prices(n + (n == 0))),
        "A small number is added to the counts, or to the probabilities, and not 1.": (
            *(paying(lambda n, small=small: prices(n + small)) for small in SMALL),
            *(paying(lambda n, small=small: -np.log2(n / n.sum() + small)) for small in SMALL),
        ),
        "1 was added to the counts, but they were divided by the sum without it.": paying(
            lambda n: -np.log2((n + 1) / n.sum())
        ),
    },
)
exercise.mistakes_about(
    "count each colour by itself, let the values of test pay its prices, and take the mean at the end.",
    {
        "One histogram is used for all colours.": (
            lambda train, test: paying()(train.reshape(-1, 1), test.reshape(-1, 1))
        ),
        "The counts of all colours are divided by their common sum.": (
            lambda train, test: paying()(train, test) + np.log2(train.shape[-1])
        ),
        "This is the price of a mean probability, not a mean price.": lambda train, test: (
            -np.log2(paying(lambda n: (n + 1) / (n + 1).sum())(train, test))
        ),
    },
)
exercise.mistakes_about(
    "np.bincount has an argument minlength; np.histogram has `range`, and takes one edge more.",
    {
        "The 256 bins reach from the lowest level in train to the highest, so bin k is not level k.": (
            paying(count=lambda values: np.histogram(values, bins=256)[0])
        ),
        "Levels above the highest one in train have no count.": paying(count=np.bincount),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "log2(257) = 8.006 bits, got inf.": paying(prices),
        "one colour: expected": paying(lambda n: prices((n > 0) + 1)),
        "levels 254 and 255": lambda train, test: paying()(np.minimum(train, 254), test),
        "one colour is right": lambda train, test: paying()(train[..., -1:], test[..., -1:]),
        "more than 255 times": paying(lambda n: prices((n + 1) % 256)),
    }
)
