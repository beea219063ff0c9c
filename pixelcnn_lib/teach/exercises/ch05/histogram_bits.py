"""5.3: what images cost under the histograms of other images."""

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

exercise = Exercise(
    id="5.3",
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
        "counts above 255": (seen((30, 40, 1), 5, darkest=90), seen((6, 5, 1), 6, darkest=90)),
    },
    shown=lambda train, test: f"histogram_bits(train {train.shape}, test {test.shape})",
    tolerance=1e-5,
)
exercise.agrees(
    "{call}: expected {expected} bits per dimension, got {got}.",
    hint="take train [0, 0, 3] and test [0], by hand and by your function.",
)
exercise.mistaken(
    "count every level once more than it was seen. Do the 256 probabilities of a colour sum to 1?",
    {
        "A level that is not in train has the probability 0, so its price is infinite.": (
            "minlength=256) + 1",
            "minlength=256)",
        ),
        "Only levels that never came get 1 more.": (
            "np.bincount(train[..., colour].ravel(), minlength=256) + 1",
            "np.maximum(np.bincount(train[..., colour].ravel(), minlength=256), 1)",
        ),
        "1 was added to the counts, but they were divided by the sum without it.": (
            "counts.sum()",
            "(counts - 1).sum()",
        ),
    },
)
exercise.mistaken(
    "count each colour by itself, let the values of test pay its prices, and take the mean at the end.",
    {
        "One histogram is used for all colours.": ("train[..., colour]", "train"),
        "The counts of all colours are divided by their common sum.": (
            "counts.sum()",
            "(counts.sum() * train.shape[-1])",
        ),
        "This is the price of a mean probability, not a mean price.": [
            ("-np.log2(counts / counts.sum())", "counts / counts.sum()"),
            ("np.mean(bits)", "-np.log2(np.mean(bits))"),
        ],
    },
)
exercise.mistaken(
    "np.bincount has an argument minlength; np.histogram has `range`, and takes one edge more.",
    {
        "The 256 bins reach from the lowest level in train to the highest, so bin k is not level k.": (
            "np.bincount(train[..., colour].ravel(), minlength=256)",
            "np.histogram(train[..., colour], bins=256)[0]",
        ),
    },
)
