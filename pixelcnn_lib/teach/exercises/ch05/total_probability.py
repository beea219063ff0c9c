"""5.3: the sum of the probabilities of all images."""

import itertools

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch05.at_work import fake, show_total


def total_probability(net, shape, levels):
    """Add up the probabilities of all images of a tiny shape (H, W, colours).

    net: uint8 images (N, H, W, colours) -> natural log-probabilities (N, H, W, colours, levels).
    levels: int, the values are below it. Returns one number.
    """
    choices = itertools.product(range(levels), repeat=int(np.prod(shape)))
    images = np.array(list(choices), "uint8").reshape(-1, *shape)  # (N, H, W, colours)
    log_p = ops.convert_to_numpy(net(images))  # (N, H, W, colours, levels)
    chosen = np.take_along_axis(log_p, images[..., None].astype(int), axis=-1)
    return np.exp(chosen.sum(axis=(1, 2, 3, 4))).sum()


exercise = Exercise(
    id="5.3",
    title="The sum over all images",
    minutes=12,
    difficulty=2,
    solution=total_probability,
    hints=(
        "How many images are there, and what is the probability of one of them?",
        "For each value, take the log-probability of the level that it has in this image. The "
        "logarithm of a product is the sum of the logarithms.",
        "itertools.product lists the images, and np.take_along_axis picks the levels that they "
        "have. Add up the logarithms of each image, apply np.exp, then add up the images.",
    ),
    cases={
        "several colours": (fake(1, 2), (1, 2, 3), 2),
        "rows, one colour": (fake(2, 3), (2, 2, 1), 3),
        "two colours, four levels": (fake(3, 4), (2, 1, 2), 4),
        "five levels, odd": (fake(5, 5), (1, 3, 1), 5),
        "one value": (fake(6, 7), (1, 1, 1), 7),
        "honest": (fake(4, 3, honest=True), (3, 1, 1), 3),
        "many images": (fake(8, 2), (2, 5, 1), 2),
    },
    shown=lambda net, shape, levels: f"total_probability(net, {shape}, {levels})",
    tolerance=1e-3,
    after=show_total,
    seen="Your sums, for honest models and leaking ones.",
)
exercise.agrees(
    "one value",
    "{call}, images of one value: expected {expected}, got {got}. This net may leak, so the sum need "
    "not be 1.",
    hint="which level does the image have, and what do you add up?",
    where=lambda net, shape, levels: np.prod(shape) == 1,
)
exercise.agrees(
    "several values",
    "{call}: expected {expected}, got {got}. This net may leak, so the sum need not be 1.",
    hint="it is right for images of one value. What is the probability of an image of several?",
)


# Mistakes: other images, other levels of them, or another way to add up


def all_choices(levels, count):
    return itertools.product(levels, repeat=count)


def product_of_all(log_p):
    return np.exp(log_p.sum(1)).sum()


def picked(log_p, images):
    """The log-probabilities (N, values) of the levels that the images have."""
    return np.take_along_axis(log_p, images[..., None].astype(int), -1)[..., 0]


def answer(end=product_of_all, choices=all_choices, pick=picked, dtype="uint8"):
    """An answer: end(what it picks from the log-probabilities (N, values, levels) of the images)."""

    def total_probability(net, shape, levels):
        images = np.array(list(choices(range(levels), int(np.prod(shape)))), dtype)
        log_p = np.asarray(net(images.reshape(-1, *shape)))
        return end(pick(log_p.reshape(*images.shape, levels), images))

    return total_probability


exercise.mistakes_about(
    "multiply the probabilities within an image, which adds their natural logarithms; then np.exp; "
    "then add up the images.",
    {
        "The probabilities of single values are added up.": answer(lambda logs: np.exp(logs).sum()),
        "That is the mean over the images.": answer(lambda logs: np.exp(logs.sum(1)).mean()),
        "The logarithms are added up over the images.": answer(np.sum),
        "The logarithms are multiplied and added as if they were probabilities.": answer(
            lambda logs: logs.prod(1).sum()
        ),
        "The logarithms are natural, but they are used as powers of 2.": answer(
            lambda logs: np.exp2(logs.sum(1)).sum()
        ),
    },
)
exercise.mistakes_about(
    "pick the level that the image has at each value.",
    {
        "At all values of an image you take the same level, each level in turn.": answer(
            pick=lambda log_p, images: log_p
        ),
        "Each image's logarithms of all levels are added, also of levels that it does not have.": (
            answer(pick=lambda log_p, images: log_p.sum(2))
        ),
    },
)
exercise.mistakes_about(
    "each of the height * width * colours values may have any of the levels 0 to levels - 1, whatever "
    "the others have: itertools.product lists them all.",
    {
        "Your answer always has two levels.": answer(choices=lambda _, n: all_choices((0, 1), n)),
        "The images never have the last level.": answer(
            choices=lambda levels, n: all_choices(levels[:-1], n)
        ),
        "Only images whose levels are sorted are listed.": answer(
            choices=itertools.combinations_with_replacement
        ),
        "You list only images of a single level.": answer(
            choices=lambda levels, n: [[level] * n for level in levels]
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "which level does the image have": answer(pick=lambda log_p, images: log_p[..., 0]),
        "it is right for images of one value": answer(lambda logs: np.exp(logs.mean(1)).sum()),
        "raised TypeError: net takes uint8 images, got float32": answer(dtype="float32"),
    }
)
