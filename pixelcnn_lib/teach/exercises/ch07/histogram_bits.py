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


def most(train):
    return max(np.bincount(colour).max() for colour in train.reshape(-1, train.shape[-1]).T)


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
    where=lambda train, test: train.shape[-1] == 1 and most(train) < 256 and test.max() < 254,
)
exercise.agrees(
    "last levels",
    "{call}, one colour, levels 254 and 255 among them: expected {expected} bits, got {got}.",
    hint="lower levels are right. How many counts do you have, and which level does each belong to?",
    where=lambda train, test: train.shape[-1] == 1 and most(train) < 256,
)
exercise.agrees(
    "colours",
    "{call}: expected {expected} bits per dimension, got {got}; one colour is right.",
    hint="what must be done for each colour, and what for all together?",
    where=lambda train, test: most(train) < 256,
)
exercise.agrees(
    "large counts",
    "{call}, with a level that comes more than 255 times: expected {expected} bits per dimension, "
    "got {got}.",
    hint="which is the largest number that the dtype of your counts can hold?",
)

# Mistakes, each as a reader writes it

right = histogram_bits  # some of them start from it


def prices(counts):
    """Bits of each level."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.log2(counts / counts.sum())


def by_colour(train, test, price):
    """The mean of what test pays; price turns a colour's counts into the prices of its levels."""
    paid = []
    for old, new in zip(train.reshape(-1, train.shape[-1]).T, test.reshape(-1, test.shape[-1]).T):
        paid.append(price(np.bincount(old, minlength=256))[new].mean())
    return np.mean(paid)


@exercise.mistake("These are nats: the logarithm is natural.", hint="use np.log2.")
def natural(train, test):
    return by_colour(train, test, lambda counts: -np.log((counts + 1) / (counts + 1).sum()))


@exercise.mistake(
    "A level that train never shows costs infinitely many bits.",
    hint="count every level once more than it was seen.",
)
def unsmoothed(train, test):
    return by_colour(train, test, prices)


@exercise.mistake(
    "Only the levels that never came are counted once more.",
    hint="add 1 to every count, also to those above 0.",
)
def only_the_unseen(train, test):
    return by_colour(train, test, lambda counts: prices(np.maximum(counts, 1)))


sum_without = exercise.mistake(
    "1 was added to the counts, but they were divided by the sum without it.",
    hint="do the 256 probabilities of a colour sum to 1?",
)


@sum_without
def smoothed_late(train, test):
    return by_colour(train, test, lambda counts: -np.log2((counts + 1) / counts.sum()))


@exercise.mistake(
    "The sum of the counts grew by 1, but 256 levels got one more each.",
    hint="do the 256 probabilities of a colour sum to 1?",
)
def one_more_in_all(train, test):
    return by_colour(train, test, lambda counts: -np.log2((counts + 1) / (counts.sum() + 1)))


@exercise.mistake("One histogram is used for all colours.", hint="count each colour by itself.")
def one_for_all(train, test):
    return prices(np.bincount(train.ravel(), minlength=256) + 1)[test].mean()


@exercise.mistake(
    "The histogram of the first colour is used for all colours.",
    hint="count each colour by itself.",
)
def first_for_all(train, test):
    return prices(np.bincount(train[..., 0].ravel(), minlength=256) + 1)[test].mean()


@exercise.mistake(
    "Only one colour of test is scored.", hint="all colours count: take the mean over them."
)
def last_colour(train, test):
    return right(train[..., -1:], test[..., -1:])


@exercise.mistake(
    "The histograms are those of test itself: the model has seen the answers.",
    hint="count the levels in train, and score the values of test.",
)
def self_taught(train, test):
    return right(test, test)


@exercise.mistake(
    "train and test are swapped: the counts are those of test.",
    hint="count the levels in train, and score the values of test.",
)
def swapped(train, test):
    return right(test, train)


@exercise.mistake(
    "This is the entropy of the histograms; it does not use test.",
    hint="which values pay the prices?",
)
def entropy(train, test):
    p = [np.bincount(c, minlength=256) + 1 for c in train.reshape(-1, train.shape[-1]).T]
    p = np.array(p) / np.sum(p, axis=1, keepdims=True)
    return -(p * np.log2(p)).sum(axis=1).mean()


@exercise.mistake(
    "This is the price of a mean probability, not a mean price.",
    hint="take the logarithm first, the mean afterwards.",
)
def log_of_the_mean(train, test):
    return -np.log2(by_colour(train, test, lambda counts: (counts + 1) / (counts + 1).sum()))


@exercise.mistake(
    "The bits are those of a pixel, not of a value.",
    hint="each colour of a pixel is one dimension.",
)
def of_a_pixel(train, test):
    return right(train, test) * test.shape[-1]


@exercise.mistake(
    "These are the bits of all of test, not of one value.", hint="take the mean, not the sum."
)
def of_all_values(train, test):
    return right(train, test) * test.size


@exercise.mistake(
    "The counts of all colours are divided by their common sum.",
    hint="each colour has a histogram of its own, which sums to 1.",
)
def sum_over_colours_of_counts(train, test):
    counts = [np.bincount(c, minlength=256) + 1 for c in train.reshape(-1, train.shape[-1]).T]
    price = -np.log2(np.array(counts) / np.sum(counts))
    return np.mean([price[c][test[..., c]].mean() for c in range(len(price))])


@exercise.mistake(
    "The counts are divided by the largest of them, not by their sum.",
    hint="do the 256 probabilities of a colour sum to 1?",
)
def over_the_largest(train, test):
    return by_colour(train, test, lambda counts: -np.log2((counts + 1) / (counts + 1).max()))


small = exercise.mistake(
    "A small number is added to the counts, or to the probabilities, and not 1.",
    hint="count every level once more than it was seen.",
)
for number in (0.1, 0.01, 1 / 256, 1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12):
    small(lambda *sets, number=number: by_colour(*sets, lambda n: prices(n + number)))
    small(lambda *sets, number=number: by_colour(*sets, lambda n: -np.log2(n / n.sum() + number)))


@exercise.mistake(
    "The probabilities are those of 255 levels, not of 256.",
    hint="the levels are 0 to 255: how many are these? And np.histogram takes one edge more.",
)
def of_255_levels(train, test):
    merged = lambda counts: np.r_[counts[:254], [counts[254:].sum()] * 2]
    return by_colour(train, test, lambda n: -np.log2((merged(n) + 1) / (n.sum() + 255)))


@exercise.mistake(
    "The 256 bins reach from the lowest level in train to the highest, so bin k is not level k.",
    hint="np.histogram has an argument `range`; np.bincount counts whole numbers.",
)
def bins_without_a_range(train, test):
    scores = []
    for colour in range(train.shape[-1]):
        counts, _ = np.histogram(train[..., colour], bins=256)
        scores.append(prices(counts + 1)[test[..., colour]].mean())
    return np.mean(scores)


@exercise.mistake(
    "There is no count for the levels above the highest one in train.",
    hint="np.bincount has an argument that sets how many levels it counts at least.",
)
def as_many_as_seen(train, test):
    scores = []
    for colour in range(train.shape[-1]):
        counts = np.bincount(train[..., colour].ravel()) + 1
        scores.append(prices(counts)[test[..., colour]].mean())
    return np.mean(scores)


@exercise.mistake(
    "The counts are kept in uint8, and 256 becomes 0.", hint="np.bincount gives wide integers."
)
def counts_in_uint8(train, test):
    return by_colour(train, test, lambda c: prices((c + 1).astype("uint8").astype(float)))


# Mistakes that a condition describes well enough


@exercise.caught("log2(257) = 8.006 bits, got 8.003")
def twice_more(train, test):
    return by_colour(train, test, lambda counts: prices(counts + 2))


@exercise.caught("one colour: expected")
def two_histograms_in_one(train, test):
    return right(np.r_[train.reshape(-1, 1)[1:], np.zeros((1, 1), "uint8")], test)


@exercise.caught("levels 254 and 255 among them")
def last_two_in_one(train, test):
    scores = []
    for colour in range(train.shape[-1]):
        counts, _ = np.histogram(train[..., colour], bins=np.arange(256))
        scores.append(prices(np.r_[counts, 0] + 1)[test[..., colour]].mean())
    return np.mean(scores)


@exercise.caught("one colour is right")
def best_colour(train, test):
    return min(right(train[..., [c]], test[..., [c]]) for c in range(train.shape[-1]))


@exercise.caught("more than 255 times")
def counts_that_stop(train, test):
    return by_colour(train, test, lambda counts: prices(np.minimum(counts + 1, 255)))


@exercise.caught("expected a single value, got shape (3,)")
def of_each_colour(train, test):
    scores = [right(train[..., [c]], test[..., [c]]) for c in range(train.shape[-1])]
    return scores if len(scores) > 1 else scores[0]
