"""1.2: the natural logarithm of the probability of a whole image, by the chain rule."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, apart
from pixelcnn_lib.teach.exercises.ch01.at_work import case, impossible, show_judgement, unlikely


def image_log_prob(p, image):
    """Apply the chain rule: the natural logarithm of the probability of a whole image.

    p: (H, W, colours, levels), the probability of every level of a value, given the values before
    it. image: whole numbers (H, W, colours). Returns one number.
    """
    picked = np.take_along_axis(p, image[..., None].astype("int64"), axis=-1)  # (H, W, colours, 1)
    return np.log(picked).sum()


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
        "one value of 256 levels": case(1, 1, 1, levels=256, low=200),
        "all levels alike": (np.full((2, 3, 3, 4), 0.25), case(2, 3, 3, levels=4)[1]),
        "one pixel": case(1, 1, 3, levels=3),
        "not square": case(2, 3, 3, levels=4),
        "grey, high": case(3, 2, 1, levels=5, dtype="int64"),
        "four colours": case(2, 1, 4, levels=3),
        "levels of probability 0": impossible(),
        "unlikely": unlikely(1, 2, 1, chance=1e-20),
        "so large that the product is 0": case(16, 16, 3, levels=8),
        "a product of each row and column is 0": unlikely(40, 40, 3, chance=1e-9),
    },
    tolerance=1e-4,
    after=show_judgement,
    seen="A patch of a photograph and the same pixels shuffled, judged by your function.",
)


@exercise.condition
def one_value(answer):
    """A single value has a single probability: if that is wrong, say what was returned instead."""
    for p, image in exercise.inputs[:2]:
        expected, got = exercise.expected(p, image), answer(p, image)
        if not exercise.differ(expected, got):
            continue
        wanted, came = apart(expected[()], got[()])
        message = f"{exercise.call((p, image))}: expected {wanted}, got {came}"
        chance = np.exp(expected)
        for value, what in {
            -expected: "the logarithm with the wrong sign",
            expected / np.log(2): "the logarithm with base 2",
            -expected / np.log(2): "the logarithm with base 2, and the wrong sign",
            chance: "the probability, not its logarithm",
            np.log1p(chance): "the logarithm of 1 + p",
        }.items():
            if not exercise.differ(np.asarray(value), got):
                return Wrong(
                    f"{message}. That is {what}.",
                    "return the natural logarithm of the probability.",
                )
        others = np.flatnonzero(~exercise.differ(np.log(p.ravel()), got))
        hint = "print p[0, 0, 0, level] for the image's level, and the natural logarithm of this number."
        if len(others):
            message += f", which belongs to level {others[0]}. The image has level {image.item()}"
            hint = "which entry of p[0, 0, 0] do you take, and why?"
        return Wrong(f"{message}.", hint)


@exercise.condition
def every_value_counts(answer):
    """If all probabilities are equal, the result tells how many of them were counted."""
    p, image = exercise.inputs[2]
    expected, got = exercise.expected(p, image), answer(p, image)
    if exercise.differ(expected, got):
        counted = got / np.log(0.25)
        message = f"All {image.size} values have the probability 1/4: expected {expected:.4g}, got "
        message += f"{got:.4g}. That is {counted:.4g} times log(1/4), not {image.size} times."
        return Wrong(message, "the chain rule counts each value once, and does not divide.")


exercise.agrees(
    "which entry belongs to which value",
    hint="it is right if all probabilities are equal. Which entry of p does each value take?",
    where=lambda p, image: image.size < 100 and image.shape != (1, 2, 1),
)
exercise.agrees(
    "unlikely values",
    hint="these two probabilities are about 1e-20. What happens to them before the logarithm?",
    where=lambda p, image: image.shape == (1, 2, 1),
)
exercise.agrees(
    "large images",
    hint="small images are right. Which number becomes too small, or too large for its dtype?",
)


# Mistakes: other probabilities, or put together in another way


def picked(p, image):
    """The probability of each value's level, (values,)."""
    flat = p.reshape(-1, p.shape[-1])
    return flat[np.arange(len(flat)), image.ravel()]


def of_picked(combine):
    """An answer that gives combine(the probabilities of the image's levels)."""
    return lambda p, image: combine(picked(p, image))


exercise.mistakes_about(
    "the chain rule multiplies the probabilities of all values: their logarithms are added up.",
    {
        "That is the mean of the logarithms, not the logarithm of the product.": of_picked(
            lambda q: np.log(q).mean()
        ),
        "The probabilities are added, and the logarithm is taken of the sum.": of_picked(
            lambda q: np.log(q.sum())
        ),
        "The sum is taken over the colours, and then the mean over the pixels.": lambda p, image: (
            np.log(picked(p, image)).sum() * image.shape[-1] / image.size
        ),
    },
)
exercise.mistakes_about(
    "a product of many probabilities is too small for a float: take the logarithms before you "
    "combine, not after.",
    {
        "Small images are right. In a large one a product of probabilities is too small for a "
        "float.": of_picked(lambda q: np.log(q.prod())),
        "That is the probability itself, not its logarithm.": of_picked(np.prod),
    },
)
exercise.mistakes_about(
    "each value of the image has a probability, and each counts: also the first, which is predicted "
    "from nothing. Where do your loops or slices end?",
    {
        "The very first value is left out.": of_picked(lambda q: np.log(q[1:]).sum()),
        "The last value is left out.": of_picked(lambda q: np.log(q[:-1]).sum()),
        "Only the first colour counts.": lambda p, image: np.log(
            picked(p[:, :, :1], image[:, :, :1])
        ).sum(),
    },
)
exercise.mistakes_about(
    "each value of the image has one level: only this level's probability counts.",
    {
        "That is the probability of the most likely level of each value, not of this image's.": (
            lambda p, image: np.log(p.max(axis=-1)).sum()
        ),
        "That is an entropy: every level counts, weighted with its probability.": (
            lambda p, image: np.sum(p * np.log(p))
        ),
        "Every value takes the probabilities of all levels that occur in the image.": (
            lambda p, image: np.log(p[..., image]).sum()
        ),
    },
)
exercise.mistakes_about(
    "p holds probabilities already, and that of the true level is never 0: pick it, then take its "
    "logarithm.",
    {
        "0 times the logarithm of 0 is nan: p can be 0 for a level that the image does not have.": (
            lambda p, image: np.sum(np.eye(p.shape[-1])[image] * np.log(p))
        ),
        "A softmax is applied to p first, but p holds probabilities already.": lambda p, image: (
            np.log(picked(np.exp(p) / np.exp(p).sum(-1, keepdims=True), image)).sum()
        ),
        "A small number is added to the probabilities before the logarithm.": tuple(
            of_picked(lambda q, small=small: np.log(q + small).sum())
            for small in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        ),
    },
)

# Mistakes that a condition, or what is said of all cases, describes well enough

exercise.all_caught(
    {
        "That is the logarithm of 1 + p.": of_picked(lambda q: np.log1p(q).sum()),
        "which belongs to level 0. The image has level 1.": lambda p, image: np.log(
            picked(np.roll(p, 1, axis=-1), image)
        ).sum(),
        "What happens to them before the logarithm?": of_picked(
            lambda q: np.log(np.maximum(q, 1e-6)).sum()
        ),
        "That is 19 times log(1/4), not 18 times.": of_picked(  # the first value counts twice
            lambda q: np.log(q).sum() + np.log(q[:1]).sum() * (len(q) > 1)
        ),
        "Which entry of p does each value take?": lambda p, image: np.log(
            picked(p, image.ravel("F"))
        ).sum(),
        "small images are right. Which number": lambda p, image: np.log(
            picked(p, image).reshape(image.shape).prod(axis=0)
        ).sum(),
    }
)
