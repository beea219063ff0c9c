"""4.4: the sum of the probabilities of all images."""

import itertools

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise


def total_probability(net, shape, levels):
    """Add up the probabilities of all images of a tiny shape.

    net: uint8 images (N, H, W, colours) -> natural log-probabilities (N, H, W, colours, levels).
    shape: (H, W, colours).
    levels: int, the values are below it.
    Returns one number.
    """
    choices = itertools.product(range(levels), repeat=int(np.prod(shape)))
    images = np.array(list(choices), "uint8").reshape(-1, *shape)  # (N, H, W, colours)
    log_p = ops.convert_to_numpy(net(images))  # (N, H, W, colours, levels)
    chosen = np.take_along_axis(log_p, images[..., None].astype(int), axis=-1)
    return np.exp(chosen.sum(axis=(1, 2, 3, 4))).sum()


def fake(seed, levels, honest=False):
    """A model made of sines, without layers: each log-probability depends on all values.

    honest: bool, whether it depends only on the values before its own.
    """

    def net(images):
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.max() >= levels:
            takes = f"net takes uint8 images with values below {levels}"
            raise ValueError(f"{takes}, got {images.dtype} up to {images.max()}")
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
    id="4.4",
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
        "five levels": (fake(5, 5), (1, 3, 1), 5),
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
    "{call}: expected {expected}, got {got}. This net may leak, so the sum need not be 1.",
    hint="which images do you list, and what is the probability of one of them?",
)
exercise.mistaken(
    "multiply the probabilities within an image, which adds their natural logarithms; then np.exp; "
    "then add up the images.",
    {
        "The probabilities of single values are added up.": (
            "np.exp(chosen.sum(axis=(1, 2, 3, 4))).sum()",
            "np.exp(chosen).sum()",
        ),
        "That is the mean over the images.": ("4))).sum()", "4))).mean()"),
        "The logarithms are added up over the images.": (
            "np.exp(chosen.sum(axis=(1, 2, 3, 4))).sum()",
            "chosen.sum()",
        ),
        "The logarithms are natural, but they are used as powers of 2.": ("np.exp(", "np.exp2("),
    },
)
exercise.mistaken(
    "pick the level that the image has at each value.",
    {
        "Each image's logarithms of all levels are added, also of levels that it does not have.": (
            "np.take_along_axis(log_p, images[..., None].astype(int), axis=-1)",
            "log_p",
        ),
    },
)
exercise.mistaken(
    "each of the height * width * colours values may have any of the levels 0 to levels - 1, whatever "
    "the others have: itertools.product lists them all.",
    {
        "Your answer always has two levels.": ("range(levels)", "range(2)"),
        "The images never have the last level.": ("range(levels)", "range(levels - 1)"),
        "Only images whose levels are sorted are listed.": (
            "itertools.product(range(levels), repeat=int(np.prod(shape)))",
            "itertools.combinations_with_replacement(range(levels), int(np.prod(shape)))",
        ),
    },
)
