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


def images_of(shape, levels):
    values = np.indices((levels,) * int(np.prod(shape))).reshape(int(np.prod(shape)), -1).T
    return values.reshape(-1, *shape).astype("uint8")


def product_of_all(log_p):
    return np.exp(log_p.sum(1)).sum()


def answer(end=product_of_all, images=images_of):
    """An answer: end(the log-probabilities (N, values) of the levels that the images have)."""

    def total_probability(net, shape, levels):
        listed = images(shape, levels)
        log_p = np.take_along_axis(np.asarray(net(listed)), listed[..., None].astype(int), -1)
        return end(log_p.reshape(len(listed), -1))

    return total_probability


def of_levels(end):
    """An answer: end(the log-probabilities (N, values, levels) of all levels)."""

    def total_probability(net, shape, levels):
        log_p = np.asarray(net(images_of(shape, levels)))
        return end(log_p.reshape(len(log_p), -1, levels))

    return total_probability


def listed_by(choose):
    """Make a function that lists the images whose values itertools.`choose` gives."""
    return lambda shape, levels: np.array(
        list(choose(range(levels), int(np.prod(shape)))), "uint8"
    ).reshape(-1, *shape)


exercise.mistakes_about(
    "multiply the probabilities within an image, which adds their logarithms; then np.exp; then add up "
    "the images.",
    {
        "The probabilities of single values are added up.": answer(
            lambda log_p: np.exp(log_p).sum()
        ),
        "That is the mean over the images.": answer(lambda log_p: np.exp(log_p.sum(1)).mean()),
        "The logarithms are added up over the images.": answer(np.sum),
        "That is the mean logarithm of an image.": answer(lambda log_p: log_p.sum(1).mean()),
        "The probabilities of all images are multiplied.": answer(
            lambda log_p: np.exp(log_p.sum())
        ),
        "Within an image you take the mean of the logarithms, not their sum.": answer(
            lambda log_p: np.exp(log_p.mean(1)).sum()
        ),
        "The logarithms of an image are multiplied.": answer(
            lambda log_p: np.exp(log_p.prod(1)).sum()
        ),
        "For each value the images are added up, and these sums are multiplied.": answer(
            lambda log_p: np.prod(np.exp(log_p).sum(0))
        ),
        "The logarithms are multiplied and added as if they were probabilities.": answer(
            lambda log_p: log_p.prod(1).sum()
        ),
        "That is the probability of the likeliest image.": answer(
            lambda log_p: np.exp(log_p.sum(1)).max()
        ),
        "That is the logarithm of the sum.": answer(lambda log_p: np.log(product_of_all(log_p))),
        "The sum is divided by the number of levels.": lambda net, shape, levels: (
            answer()(net, shape, levels) / levels
        ),
    },
)
exercise.mistakes_about(
    "np.exp undoes a natural logarithm.",
    {
        "The logarithms are natural, but they are used as powers of 2.": answer(
            lambda log_p: np.exp2(log_p.sum(1)).sum()
        ),
        "The logarithms are natural, but they are used as powers of 10.": answer(
            lambda log_p: (10.0 ** log_p.sum(1)).sum()
        ),
    },
)
exercise.mistakes_about(
    "pick the level that the image has at each value.",
    {
        "You take the probability of level 0 at each value, whatever level the image has.": of_levels(
            lambda log_p: product_of_all(log_p[..., 0])
        ),
        "You take the likeliest level of each value, not the level that it has in the image.": (
            of_levels(lambda log_p: product_of_all(log_p.max(-1)))
        ),
        "The probabilities of all levels are added, not only those of the levels in the image.": (
            of_levels(lambda log_p: np.exp(log_p).sum())
        ),
        "At each value the probabilities of all levels are added, and their sum is always 1.": (
            of_levels(len)
        ),
        "At all values of an image you take the same level, each level in turn, not the levels that "
        "it has.": of_levels(lambda log_p: np.exp(log_p.sum(1)).sum()),
        "Each image's logarithms of all levels are added, also of levels that it does not have.": (
            of_levels(lambda log_p: np.exp(log_p.sum((1, 2))).sum())
        ),
    },
)
exercise.mistakes_about(
    "an image has height * width * colours values, and the probability of each of them counts.",
    {
        "The first value of each image is left out of the product.": answer(
            lambda log_p: np.exp(log_p[:, 1:].sum(1)).sum()
        ),
        "The last value of each image is left out of the product.": answer(
            lambda log_p: np.exp(log_p[:, :-1].sum(1)).sum()
        ),
    },
)
exercise.mistake(
    "Your answer is 1 for every net.", "a net that leaks gives another number.", lambda *case: 1.0
)
exercise.mistakes_about(
    "the levels are 0 to levels - 1: range(levels).",
    {
        "Your answer always has two levels.": answer(images=lambda shape, _: images_of(shape, 2)),
        "The images never have the last level.": answer(
            images=lambda shape, levels: images_of(shape, levels - 1)
        ),
        "The images never have level 0.": answer(
            images=lambda shape, levels: images_of(shape, levels - 1) + np.uint8(1)
        ),
    },
)
exercise.mistakes_about(
    "each of the height * width * colours values may have any level, whatever the others have: "
    "itertools.product lists them all.",
    {
        "Only images whose levels are sorted are listed.": answer(
            images=listed_by(itertools.combinations_with_replacement)
        ),
        "Only images whose levels all differ are listed.": answer(
            images=listed_by(itertools.permutations)
        ),
        "You list only images whose pixels are grey: the colours of a pixel may differ, too.": answer(
            images=lambda shape, levels: images_of((*shape[:2], 1), levels).repeat(shape[2], -1)
        ),
        "You list only images of a single level.": answer(
            images=lambda shape, levels: np.stack(
                [np.full(shape, k, "uint8") for k in range(levels)]
            )
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "which level does the image have": answer(
            images=lambda shape, levels: np.random.default_rng(0).integers(
                0, levels, (100, *shape), "uint8"
            )
        ),
        "it is right for images of one value": answer(
            lambda log_p: np.exp(log_p[:, :2].sum(1)).sum() / (1 + log_p.shape[1] // 2)
        ),
        "raised TypeError: net takes uint8 images, got float32": answer(
            images=lambda *sizes: images_of(*sizes).astype("float32")
        ),
        "got (729, 1, 2, 3) up to 2": answer(
            images=lambda shape, levels: images_of(shape, levels + 1)
        ),
    }
)
