"""5.3: the sum of the probabilities of all images."""

import itertools

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise


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


def fake(seed, levels, honest=False):
    """A model made of sines, quick and without layers: log-probabilities that depend on all values."""

    def net(images):
        images = np.asarray(images)
        if images.dtype != np.uint8:
            raise TypeError(f"net takes uint8 images, got {images.dtype}")
        if images.ndim != 4 or images.max() >= levels:
            takes = f"net takes images (N, H, W, colours) with values below {levels}"
            raise ValueError(f"{takes}, got {images.shape} up to {images.max()}")
        rng = np.random.default_rng([seed, *images.shape[1:]])
        flat = images.reshape(len(images), -1) + 1.0  # (N, D)
        weights = rng.normal(0, 0.4, (flat.shape[1], flat.shape[1]))
        weights = np.triu(weights, 1) if honest else weights
        sums = (flat @ weights)[..., None]  # (N, D, 1)
        logits = np.sin(sums + np.arange(levels) * 2.1) * 2  # (N, D, levels)
        log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        return log_p.reshape(*images.shape, levels)

    return net


def show_total(total_probability):
    from pixelcnn_lib.teach import figures

    shapes = [(1, 1, 2), (1, 2, 1), (1, 1, 3), (1, 3, 1)]
    kinds = {"honest": fake(7, 3, honest=True), "leaking": fake(7, 3)}
    sums = {
        f"{name}, {shape}": float(total_probability(net, shape, 3))
        for shape in shapes
        for name, net in kinds.items()
    }
    leaking = [name for name in sums if name.startswith("leaking")]
    return figures.show_bars(sums, leaking, xlabel="sum of p over all images")


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


# Mistakes, each as a reader writes it

mistake = exercise.mistake


def images_of(shape, levels):
    values = np.indices((levels,) * int(np.prod(shape))).reshape(int(np.prod(shape)), -1).T
    return values.reshape(-1, *shape).astype("uint8")


def of_all(net, shape, levels):
    """The log-probabilities of the chosen levels, for all images: (N, values)."""
    images = images_of(shape, levels)
    chosen = np.take_along_axis(np.asarray(net(images)), images[..., None].astype(int), -1)
    return chosen.reshape(len(images), -1)


def summed(end):
    """An answer that ends in this, from the log-probabilities of the chosen levels."""
    return lambda net, shape, levels: end(of_all(net, shape, levels))


mistake("The probabilities of single values are added up.", "multiply those of one image.")(
    summed(lambda log_p: np.exp(log_p).sum())
)
mistake("That is the mean over the images.", "add their probabilities up.")(
    summed(lambda log_p: np.exp(log_p.sum(1)).mean())
)
mistake(
    "The logarithms are added up over the images.",
    "an image's logarithm has to become a probability before the images are added.",
)(summed(lambda log_p: log_p.sum()))
mistake(
    "That is the mean logarithm of an image.",
    "an image's logarithm has to become a probability before the images are added.",
)(summed(lambda log_p: log_p.sum(1).mean()))
mistake(
    "The probabilities of all images are multiplied.",
    "multiply within an image, and add up the images.",
)(summed(lambda log_p: np.exp(log_p.sum())))
mistake(
    "Within an image you take the mean of the logarithms, not their sum.",
    "a product of probabilities is a sum of logarithms.",
)(summed(lambda log_p: np.exp(log_p.mean(1)).sum()))
mistake(
    "The logarithms are natural, but they are used as powers of 2.",
    "np.exp undoes a natural logarithm.",
)(summed(lambda log_p: np.exp2(log_p.sum(1)).sum()))
mistake(
    "The logarithms are natural, but they are used as powers of 10.",
    "np.exp undoes a natural logarithm.",
)(summed(lambda log_p: (10.0 ** log_p.sum(1)).sum()))
mistake(
    "The logarithms of an image are multiplied.",
    "probabilities are multiplied; their logarithms are added.",
)(summed(lambda log_p: np.exp(log_p.prod(1)).sum()))
mistake(
    "For each value the images are added up, and these sums are multiplied.",
    "first compute the product within each image.",
)(summed(lambda log_p: np.prod(np.exp(log_p).sum(0))))
mistake(
    "The logarithms are multiplied and added as if they were probabilities.",
    "np.exp turns them into probabilities.",
)(summed(lambda log_p: log_p.prod(1).sum()))
mistake(
    "That is the probability of the likeliest image.", "add up the probabilities of all images."
)(summed(lambda log_p: np.exp(log_p.sum(1)).max()))
mistake("That is the logarithm of the sum.", "return the sum itself.")(
    summed(lambda log_p: np.log(np.exp(log_p.sum(1)).sum()))
)


mistake(
    "You take the probability of level 0 at each value, whatever level the image has.",
    "pick the level that the image has at each value.",
)(
    lambda net, shape, levels: np.exp(
        np.asarray(net(images_of(shape, levels)))[..., 0].sum((1, 2, 3))
    ).sum()
)
mistake("The sum is divided by the number of levels.", "add up, and do not divide.")(
    lambda net, shape, levels: np.exp(of_all(net, shape, levels).sum(1)).sum() / levels
)
mistake(
    "At each value the probabilities of all levels are added, and their sum is always 1.",
    "pick the level that the image has at each value.",
)(lambda net, shape, levels: len(images_of(shape, levels)))
mistake("Your answer is 1 for every net.", "a net that leaks gives another number.")(
    lambda net, shape, levels: 1.0
)


@mistake(
    "The probabilities of all levels are added, not only those of the levels in the image.",
    "pick the level that the image has at each value.",
)
def all_levels(net, shape, levels):
    return np.exp(net(images_of(shape, levels))).sum()


@mistake(
    "You take the likeliest level of each value, not the level that it has in the image.",
    "pick the level that the image has at each value.",
)
def likeliest(net, shape, levels):
    log_p = np.asarray(net(images_of(shape, levels))).max(-1)
    return np.exp(log_p.sum((1, 2, 3))).sum()


@mistake("Your answer always has two levels.", "use `levels`.")
def two_levels(net, shape, levels):
    return np.exp(of_all(net, shape, 2).sum(1)).sum()


@mistake("The images never have the last level.", "the levels are 0 to levels - 1.")
def last_level_missing(net, shape, levels):
    return np.exp(of_all(net, shape, levels - 1).sum(1)).sum()


def of_some(net, images):
    """The sum of the probabilities of some images."""
    log_p = np.take_along_axis(np.asarray(net(images)), images[..., None].astype(int), -1)
    return np.exp(log_p.sum((1, 2, 3, 4))).sum()


@mistake("The images never have level 0.", "range(levels) begins with 0.")
def first_level_missing(net, shape, levels):
    return of_some(net, images_of(shape, levels - 1) + np.uint8(1))


for choose, message, hint in [
    (
        itertools.combinations_with_replacement,
        "Only images whose levels are sorted are listed.",
        "combinations leave out every other order; itertools.product does not.",
    ),
    (
        itertools.permutations,
        "Only images whose levels all differ are listed.",
        "permutations use each level once; itertools.product repeats them.",
    ),
]:

    @mistake(message, hint)
    def few_images(net, shape, levels, choose=choose):
        chosen = list(choose(range(levels), int(np.prod(shape))))
        return of_some(net, np.array(chosen, "uint8").reshape(-1, *shape))


@mistake(
    "Each image's logarithms of all levels are added, also of levels that it does not have.",
    "pick the level that the image has at each value.",
)
def all_logarithms(net, shape, levels):
    return np.exp(np.asarray(net(images_of(shape, levels))).sum((1, 2, 3, 4))).sum()


@mistake(
    "You list only images whose pixels are grey: the colours of a pixel may differ, too.",
    "an image has height * width * colours values.",
)
def grey_images(net, shape, levels):
    return of_some(net, np.repeat(images_of((*shape[:2], 1), levels), shape[2], axis=-1))


@mistake("You list only images of a single level.", "each value may have another level.")
def flat_images(net, shape, levels):
    return of_some(net, np.stack([np.full(shape, level, "uint8") for level in range(levels)]))


# Mistakes that a condition describes well enough


@exercise.caught("which level does the image have")
def sampled(net, shape, levels):
    return of_some(net, np.random.default_rng(0).integers(0, levels, (100, *shape), "uint8"))


@exercise.caught("it is right for images of one value")
def colours_added(net, shape, levels):
    log_p = of_all(net, shape, levels).reshape(-1, *shape)
    return np.exp(log_p.sum((1, 2))).sum()


@exercise.caught("raised TypeError: net takes uint8 images, got float32")
def in_floats(net, shape, levels):
    return np.exp(net(images_of(shape, levels).astype("float32"))).sum()


@exercise.caught("raised ValueError: cannot reshape")
def example_only(net, shape, levels):
    images = np.array(list(itertools.product(range(levels), repeat=6))).reshape(-1, *shape)
    return np.exp(net(images.astype("uint8"))).sum()


@exercise.caught("got (729, 1, 2, 3) up to 2")
def one_level_more(net, shape, levels):
    return np.exp(of_all(net, shape, levels + 1).sum(1)).sum()


@exercise.caught("expected a single value, got shape (64,)")
def not_added(net, shape, levels):
    return np.exp(of_all(net, shape, levels).sum(1))
