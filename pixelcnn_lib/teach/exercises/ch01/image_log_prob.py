"""1.2: the natural logarithm of the probability of a whole image, by the chain rule."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, apart


def image_log_prob(p, image):
    """Apply the chain rule: the natural logarithm of the probability of a whole image.

    p: (H, W, colours, levels), the probability of every level of a value, given the values before
    it. image: whole numbers (H, W, colours). Returns one number.
    """
    picked = np.take_along_axis(p, image[..., None].astype("int64"), axis=-1)  # (H, W, colours, 1)
    return np.log(picked).sum()


def case(*shape, levels, dtype="uint8", low=0):
    """An image (H, W, colours) of some levels, and uneven probabilities."""
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(levels), shape)  # (H, W, colours, levels)
    return p, rng.integers(low, levels, shape).astype(dtype)


def unlikely(*shape, chance):
    """An image whose levels all had a probability of about `chance`."""
    p, image = case(*shape, levels=4)
    np.put_along_axis(p, image[..., None].astype("int64"), chance, axis=-1)
    return p / p.sum(-1, keepdims=True), image


def impossible():
    """Each value has a level of probability 0, which is not the true one."""
    p, image = case(2, 2, 1, levels=5)
    np.put_along_axis(p, (image[..., None].astype("int64") + 1) % 5, 0.0, axis=-1)
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
            expected / np.log(p.size): "the logarithm with the number of levels as its base",
            chance: "the probability, not its logarithm",
            np.log1p(chance): "the logarithm of 1 + p",
            np.log1p(-chance): "the logarithm of 1 - p",
            1 / chance: "1 divided by the probability",
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


# Mistakes, each as a reader writes it


def picked(p, image):
    """The probability of each value's level, (values,)."""
    flat = p.reshape(-1, p.shape[-1])
    return flat[np.arange(len(flat)), image.ravel()]


product_first = exercise.mistake(
    "Small images are right. In a large one a product of probabilities is too small for a float.",
    "take the logarithms before you combine, not after.",
)
for axes in (0, 1, (1, 2), (0, 1), None):
    product_first(
        lambda p, image, axes=axes: np.log(
            np.prod(picked(p, image).reshape(image.shape), axes)
        ).sum()
    )


@exercise.mistake(
    "0 times the logarithm of 0 is nan: p can be 0 for a level that the image does not have.",
    "pick the probabilities first, and take the logarithm afterwards.",
)
def logarithm_first(p, image):
    return np.sum(np.eye(p.shape[-1])[image] * np.log(p))


exercise.mistake(
    "That is the mean of the logarithms, not the logarithm of the product.",
    "the chain rule multiplies; it does not divide by the number of values.",
)(lambda p, image: np.mean(np.log(picked(p, image))))


@exercise.mistake(
    "That is in bits: the logarithm has base 2.", hint="return the natural logarithm."
)
def bits(p, image):
    return np.sum(np.log2(picked(p, image)))


exercise.mistake("The logarithm has base 10.", "return the natural logarithm, np.log.")(
    lambda p, image: np.sum(np.log10(picked(p, image)))
)
exercise.mistake(
    "The sign is wrong: the logarithm of a probability is not above 0.",
    "a loss has a minus sign. Does the task ask for a loss?",
)(lambda p, image: -np.sum(np.log(picked(p, image))))
exercise.mistake(
    "That is a loss in bits: the sign is wrong, and the logarithm has base 2.",
    "return the natural logarithm of the probability.",
)(lambda p, image: -np.sum(np.log2(picked(p, image))))
exercise.mistake(
    "That is the probability of the most likely level of each value, not of this image's.",
    "where does `image` come in?",
)(lambda p, image: np.log(p.max(axis=-1)).sum())
exercise.mistake(
    "The probabilities are added, and the logarithm is taken of the sum.",
    "two things happen, one after the other: do their probabilities add or multiply?",
)(lambda p, image: np.log(picked(p, image).sum()))
exercise.mistake(
    "That is the logarithm of the mean probability.",
    "the chain rule multiplies the probabilities.",
)(lambda p, image: np.log(picked(p, image).mean()))
exercise.mistake(
    "The very first value is left out.",
    "it is predicted too, from nothing: its probability counts.",
)(lambda p, image: np.log(picked(p, image))[1:].sum())
exercise.mistake("The last value is left out.", "where do your loops or slices end?")(
    lambda p, image: np.log(picked(p, image))[:-1].sum()
)
exercise.mistake(
    "That is the probability itself, not its logarithm.",
    "for a large image the probability is too small for a float.",
)(lambda p, image: np.prod(picked(p, image)))
exercise.mistake(
    "That is the sum of the probabilities; there is no logarithm.",
    "the logarithm of a product is a sum of logarithms.",
)(lambda p, image: picked(p, image).sum())
exercise.mistake(
    "The logarithms of all levels are added, also of levels that the image does not have.",
    "each value of the image has one level.",
)(lambda p, image: np.log(p).sum())
entropy = exercise.mistake(
    "That is an entropy: every level counts, weighted with its probability.",
    "the image is known: each value has one level.",
)
entropy(lambda p, image: np.sum(p * np.log(np.maximum(p, 1e-300))))  # 0 log 0 is 0
entropy(lambda p, image: np.sum(p * np.log(p)))


@exercise.mistake(
    "A softmax is applied to p first, but p holds probabilities already.",
    hint="look at one row of p: does it sum to 1?",
)
def softmax_again(p, image):
    return np.log(picked(np.exp(p) / np.exp(p).sum(-1, keepdims=True), image)).sum()


added = exercise.mistake(
    "A small number is added to the probabilities before the logarithm.",
    "the true level never has the probability 0, so nothing has to be added.",
)
for small in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12):
    added(lambda p, image, small=small: np.log(picked(p, image) + small).sum())
exercise.mistake(
    "Equal probabilities are counted only once.", "a set keeps one of several equal numbers."
)(lambda p, image: np.log(sorted(set(picked(p, image)))).sum())
exercise.mistake(
    "Each level takes the probability of the level below it.", "p[..., 0] belongs to level 0."
)(lambda p, image: np.log(picked(np.roll(p, 1, axis=-1), image)).sum())
exercise.mistake(
    "The sum is taken over the colours, and then the mean over the pixels.",
    "the chain rule multiplies the probabilities of all values of the image.",
)(lambda p, image: np.log(picked(p, image)).sum() * image.shape[-1] / image.size)
exercise.mistake("Only the first colour counts.", "every value of every colour has a probability.")(
    lambda p, image: np.log(picked(p[:, :, :1], image[:, :, :1])).sum()
)
exercise.mistake(
    "Every value takes the probabilities of all levels that occur in the image.",
    "p[..., image] combines every place of p with every level. np.take_along_axis pairs them.",
)(lambda p, image: np.log(p[..., image]).sum())
exercise.mistake(
    "The levels are read from the wrong side: level 0 takes the last probability.",
    "p[..., 0] is the probability of level 0.",
)(lambda p, image: np.log(picked(p[..., ::-1], image)).sum())


# Mistakes that a condition describes well enough


exercise.caught("That is the logarithm of 1 + p.")(
    lambda p, image: np.log1p(picked(p, image)).sum()
)
exercise.caught("print p[0, 0, 0, level] for the image's level")(
    lambda p, image: np.log(picked(p, image) * 0.99).sum()
)
exercise.caught("Two things are wrong. That is the mean of the logarithms")(
    lambda p, image: -np.log2(picked(p, image)).mean()
)
exercise.caught("which belongs to level 2. The image has level 1.")(
    lambda p, image: np.log(picked(np.roll(p, -1, axis=-1), image)).mean()
)
exercise.caught("What happens to them before the logarithm?")(
    lambda p, image: np.log(np.maximum(picked(p, image), 1e-6)).sum()
)
exercise.caught("Every value is divided by the size of axis 2 of argument number 1.")(
    lambda p, image: np.log(picked(p, image)).sum() / image.shape[-1]
)
exercise.caught("The last values along axis 0 of `p` change nothing in your answer.")(
    lambda p, image: np.log(picked(p[:1], image[:1])).sum()
)
exercise.caught("That is 19 times log(1/4), not 18 times.")(  # the first value counts twice
    lambda p, image: (
        np.log(picked(p, image)).sum() + np.log(picked(p, image)[:1]).sum() * (image.size > 1)
    )
)
exercise.caught("what is right for `p` reversed along axis 0")(
    lambda p, image: np.log(picked(p, image[::-1])).sum()
)
exercise.caught("Which entry of p does each value take?")(
    lambda p, image: np.log(picked(p, image.ravel("F"))).sum()
)
exercise.caught("small images are right. Which number")(
    lambda p, image: np.log(picked(p, image)[:256]).sum()  # counted in uint8
)
exercise.caught("expected a single value, got shape (1, 1, 1)")(
    lambda p, image: np.log(picked(p, image)).reshape(image.shape)
)
exercise.caught("expected a single value, got shape (1,)")(
    lambda p, image: np.log(picked(p, image)).reshape(image.shape).sum((0, 1))
)
exercise.caught("raised IndexError")(lambda p, image: np.log(p[image]).sum())
