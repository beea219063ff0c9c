"""1.2: the natural logarithm of the probability of a whole image, by the chain rule."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def image_log_prob(p, image):
    """Apply the chain rule: the natural logarithm of the probability of a whole image.

    p: (H, W, colours, levels), the probability of every level of a value, given the values before
        it.
    image: whole numbers (H, W, colours), the level of each value.
    Returns one number.
    """
    picked = np.take_along_axis(p, image[..., None].astype("int64"), axis=-1)  # (H, W, colours, 1)
    return np.log(picked).sum()


def case(*shape, levels):
    """An image (H, W, colours) of some levels, and uneven probabilities."""
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(levels), shape)  # (H, W, colours, levels)
    return p, rng.integers(0, levels, shape, "uint8")


def with_probability(chance, shift=0):
    """A case in which the true level, moved by `shift`, has about this probability everywhere."""
    p, image = case(2, 2, 1, levels=5)
    level = (image[..., None].astype("int64") + shift) % 5  # (2, 2, 1, 1)
    np.put_along_axis(p, level, chance, axis=-1)
    return p / p.sum(-1, keepdims=True), image


def show_judgement(image_log_prob):
    from pixelcnn_lib import data
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    patch = data.photographs("test")[1].image[70:86, 110:126]  # (16, 16, 3)
    shuffled = np.random.default_rng(0).permutation(patch.reshape(-1, 3)).reshape(patch.shape)
    images = np.stack([patch, shuffled])  # (2, 16, 16, 3)
    p = np.exp(np.asarray(PixelCNN.pretrained()(images), "float64"))  # (2, 16, 16, 3, 256)
    bits = [-float(image_log_prob(*pair)) / np.log(2) / patch.size for pair in zip(p, images)]
    return figures.show_bars(
        {"a patch of a photograph": bits[0], "its pixels, shuffled": bits[1]},
        "a patch of a photograph",
        xlabel="bits per value, by your function",
    )


exercise = Exercise(
    id="1.2",
    title="The probability of a whole image",
    minutes=10,
    difficulty=2,
    solution=image_log_prob,
    shown=lambda p, image: f"image_log_prob on an image {image.shape} of {p.shape[-1]} levels",
    hints=(
        "Each value of the image has one level. Which entries of p belong to these levels?",
        "The chain rule multiplies one probability per value. The logarithm of a product is a sum.",
        "np.take_along_axis(p, indices, axis=-1) picks entries along the last axis of p. Like p, "
        "indices needs four axes: image[..., None] has them.",
    ),
    cases={
        "one value": case(1, 1, 1, levels=5),
        "one pixel": case(1, 1, 3, levels=3),
        "not square": case(2, 3, 3, levels=4),
        "four colours, 256 levels": case(2, 1, 4, levels=256),
        "a level of probability 0, not the true one": with_probability(0.0, shift=1),
        "unlikely": with_probability(1e-20),
        "so large that the product is 0": case(40, 30, 3, levels=8),
    },
    tolerance=1e-4,
    after=show_judgement,
    seen="A patch of a photograph and the same pixels shuffled, judged by your function.",
)
exercise.agrees(
    hint="for each value, pick the probability of its level and take the logarithm. Add them up.",
)
exercise.mistaken(
    "add up the logarithms of the probabilities, one for each value.",
    {
        "That is the mean of the logarithms, not their sum.": (".sum()", ".mean()"),
        "The probabilities are added, not multiplied.": (
            "np.log(picked).sum()",
            "np.log(picked.sum())",
        ),
        "The product of many probabilities rounds to 0.": (
            "np.log(picked).sum()",
            "np.log(picked.prod())",
        ),
        "That is the probability itself, not its logarithm.": (
            "np.log(picked).sum()",
            "picked.prod()",
        ),
    },
)
exercise.mistaken(
    "each value of the image has one level. First pick its probability, then take the logarithm.",
    {
        "Each value takes its most likely level.": (
            'np.take_along_axis(p, image[..., None].astype("int64"), axis=-1)',
            "p.max(axis=-1)",
        ),
        "0 times the logarithm of 0 is nan: p can be 0 for a level that the image does not have.": (
            "np.log(picked).sum()",
            "(np.eye(p.shape[-1])[image] * np.log(p)).sum()",
        ),
    },
)
