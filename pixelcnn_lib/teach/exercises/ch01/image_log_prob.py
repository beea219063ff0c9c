"""1.2: the natural logarithm of the probability of a whole image, by the chain rule."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong
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


exercise.agrees(
    "one value",
    hint="print p[0, 0, 0, level] for the image's level, and the natural logarithm of this number.",
    where=lambda p, image: image.size == 1,
)


@exercise.condition
def every_value_counts(answer):
    """If all probabilities are equal, the result tells how many of them were counted."""
    p, image = exercise.inputs[2]
    expected, got = exercise.expected(p, image), answer(p, image)
    if exercise.differ(expected, got):
        message = f"All {image.size} values have the probability 1/4: expected {expected:.4g}, got "
        message += f"{got:.4g}. That is {got / np.log(0.25):.4g} times log(1/4), not {image.size}."
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

right = image_log_prob  # some of them change what it gets


def of_picked(combine):
    """An answer that gives combine(the probabilities of the image's levels)."""

    def answer(p, image):
        flat = p.reshape(-1, p.shape[-1])
        return combine(flat[np.arange(len(flat)), image.ravel()].reshape(image.shape))

    return answer


exercise.mistakes_about(
    "add up the logarithms of the probabilities, one for each value, the first and the last too.",
    {
        "That is the mean of the logarithms, not their sum.": of_picked(lambda q: np.log(q).mean()),
        "The probabilities are added, not multiplied.": of_picked(lambda q: np.log(q.sum())),
        "The pixels are averaged, not added.": of_picked(lambda q: np.log(q).sum(-1).mean()),
        "The product of many probabilities rounds to 0.": of_picked(lambda q: np.log(q.prod())),
        "That is the probability itself, not its logarithm.": of_picked(np.prod),
        "The first value, or the last, is left out.": (
            of_picked(lambda q: np.log(q.flat[1:]).sum()),
            of_picked(lambda q: np.log(q.flat[:-1]).sum()),
        ),
    },
)
exercise.mistakes_about(
    "each value of the image has one level: only this level's probability counts.",
    {
        "Each value takes its most likely level.": lambda p, image: np.log(p.max(axis=-1)).sum(),
        "Each value takes the probability of a neighbouring level.": (
            lambda p, image: right(np.roll(p, 1, axis=-1), image),
            lambda p, image: right(np.roll(p, -1, axis=-1), image),
        ),
        "Each value takes the levels of all values.": lambda p, image: np.log(p[..., image]).sum(),
    },
)
exercise.mistakes_about(
    "the probability of the true level is never 0: first pick it, then take its logarithm.",
    {
        "0 times the logarithm of 0 is nan: p can be 0 for a level that the image does not have.": (
            lambda p, image: np.sum(np.eye(p.shape[-1])[image] * np.log(p))
        ),
        "A small number is added to the probabilities before the logarithm.": tuple(
            of_picked(lambda q, small=10.0**-digits: np.log(q + small).sum())
            for digits in range(2, 13)
        ),
    },
)

# Mistakes that a condition, or what is said of all cases, describes well enough

exercise.all_caught(
    {
        "print p[0, 0, 0, level] for": of_picked(lambda q: np.log1p(q).sum()),
        "What happens to them before the": of_picked(lambda q: np.log(np.maximum(q, 1e-6)).sum()),
        "That is 19 times log(1/4), not 18.": of_picked(  # the second value counts twice
            lambda q: np.log(np.append(q, q.flat[1:2])).sum()
        ),
        "Which entry of p does each": lambda p, x: right(p, x.ravel("F").reshape(x.shape)),
        "small images are right. Which": of_picked(lambda q: np.log(q.prod(axis=0)).sum()),
    }
)
