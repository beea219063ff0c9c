"""6.2: the entropy of a source whose choices and noise are known."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def source_entropy(choices, noise_bits, size):
    """Give the entropy of a source of square pictures in three colours, in bits per dimension.

    choices: ints, how many possibilities each choice has; they are equally likely and can be read
    from the picture. noise_bits: float, the random bits of each value. size: int, the side in
    pixels.
    """
    return noise_bits + np.log2(choices).sum() / (size * size * 3)


def show_floors(source_entropy):
    from pixelcnn_lib.teach import figures

    floors = {
        f"toy, {size}x{size}": float(source_entropy((4, 4, 4, 4, size - 3, size - 4), 4, size))
        for size in (16, 32)
    }
    uniform = {"256 levels, equally likely": float(source_entropy((), 8, 16))}
    return figures.show_bars({**uniform, **floors}, list(floors))


exercise = Exercise(
    id="6.2",
    title="The entropy of a source",
    minutes=8,
    difficulty=2,
    solution=source_entropy,
    hints=(
        "How many bits name one of four skies? And how many name a sky and a ground together?",
        "The entropies of independent choices add up, once for each picture. The noise is in "
        "every value.",
        "np.log2 gives the bits of one choice. Over how many values are the bits of all choices "
        "shared? And over how many the noise bits of one value?",
    ),
    cases={
        "toy": ((4, 4, 4, 4, 13, 12), 4, 16),
        "no noise": ((5,), 0, 2),
        "unlike choices": ((2, 3, 7), 2, 3),
        "equal choices": ((6, 6), 3, 5),
        "one pixel": ((10, 3), 1, 1),
        "part of a bit": ((3,), 0.5, 2),
        "a choice of one": ((1, 9), 2, 1),
        "a large product": ((200,) * 10, 1, 2),
        "no choice": ((), 1, 4),
    },
    tolerance=1e-5,
)
exercise.after, exercise.seen = show_floors, "Floors computed by your function."
exercise.agrees(
    "a choice, no noise",
    "{call}, a choice and no noise: expected {expected}, got {got}.",
    hint="how many bits name the choice, and over how many values are they shared?",
    where=lambda choices, noise_bits, size: not noise_bits,
)
exercise.agrees(
    "choices and noise",
    "{call}: expected {expected}, got {got}.",
    hint="how many bits do the choices need together, and how many does the noise add to each value?",
    where=lambda choices, noise_bits, size: bool(choices),
)
exercise.agrees(
    "noise, no choice",
    "{call}, noise and no choice: expected {expected}, got {got}.",
    hint="your answer is right with choices; without any, each value has only its noise.",
)


# Mistakes, each as a reader writes it

mistake = exercise.mistake


def bits(choices):
    return np.log2(choices).sum()


mistake("The choices are counted in nats.", "bits need a logarithm to base 2.")(
    lambda choices, noise, size: noise + np.log(choices).sum() / (size * size * 3)
)
mistake("The choices are counted with the decimal logarithm.", "bits need a logarithm to base 2.")(
    lambda choices, noise, size: noise + np.log10(choices).sum() / (size * size * 3)
)
mistake(
    "The bits of the choices are divided by the number of pixels.",
    "a pixel has three values, and each is a dimension.",
)(lambda choices, noise, size: noise + bits(choices) / (size * size))
mistake("The choices are counted for every value.", "they are made once for the whole picture.")(
    lambda choices, noise, size: noise + bits(choices)
)
mistake("The noise bits are divided by the number of values.", "each value has its own noise.")(
    lambda choices, noise, size: (noise + bits(choices)) / (size * size * 3)
)
mistake("The noise bits are divided by three.", "each of a pixel's values has its own noise.")(
    lambda choices, noise, size: noise / 3 + bits(choices) / (size * size * 3)
)
mistake(
    "The noise of each value is counted three times.",
    "the result is per dimension: per value, not per pixel.",
)(lambda choices, noise, size: noise * 3 + bits(choices) / (size * size * 3))
mistake("The noise is missing.", "fresh noise cannot be predicted, so it counts in full.")(
    lambda choices, noise, size: bits(choices) / (size * size * 3)
)
mistake("Those are the bits of a whole picture.", "per dimension: divide by the number of values.")(
    lambda choices, noise, size: noise * size * size * 3 + bits(choices)
)
mistake("Those are the bits of a whole pixel.", "per dimension: a pixel has three values.")(
    lambda choices, noise, size: noise * 3 + bits(choices) / (size * size)
)
mistake(
    "The possibilities of the choices are added.",
    "each sky can come with every ground: the possibilities multiply.",
)(
    lambda choices, noise, size: (
        noise + (np.log2(sum(choices)) if choices else 0.0) / (size * size * 3)
    )
)
mistake(
    "The mean of the choices' bits is taken, not the sum.",
    "each choice has to be named, so their bits add up.",
)(lambda choices, noise, size: noise + bits(choices) / max(len(choices), 1) / (size * size * 3))
mistake(
    "The number of possibilities is used, without a logarithm.",
    "how many bits does it take to name one of 4?",
)(lambda choices, noise, size: noise + sum(choices) / (size * size * 3))
mistake(
    "The product of the possibilities overflows: it is too large for int64.",
    "add the logarithms of the choices.",
)(lambda choices, noise, size: noise + np.log2(np.prod(choices)) / (size * size * 3))
mistake("Only the largest choice counts.", "each choice has to be named, so their bits add up.")(
    lambda choices, noise, size: noise + bits(max(choices, default=1)) / (size * size * 3)
)
cut = mistake("The division cuts off the fraction.", "`/` keeps it, `//` does not.")
cut(lambda choices, noise, size: noise + bits(choices) // (size * size * 3))
cut(lambda choices, noise, size: (bits(choices) + noise * size * size * 3) // (size * size * 3))
mistake("Only the first choice counts.", "each choice has to be named, so their bits add up.")(
    lambda choices, noise, size: noise + bits(choices[:1]) / (size * size * 3)
)
mistake("Only the last choice counts.", "each choice has to be named, so their bits add up.")(
    lambda choices, noise, size: noise + bits(choices[-1:]) / (size * size * 3)
)
mistake(
    "The noise counts 2 to the power of its bits.",
    "noise_bits is in bits already: use it as it is.",
)(lambda choices, noise, size: 2**noise + bits(choices) / (size * size * 3))
mistake("Each choice counts one bit.", "a choice among n takes log2(n) bits.")(
    lambda choices, noise, size: noise + len(choices) / (size * size * 3)
)
mistake("The bits of each choice are rounded up.", "an entropy need not be a whole number.")(
    lambda choices, noise, size: noise + np.ceil(np.log2(choices)).sum() / (size * size * 3)
)
mistake("The logarithm is taken of the noise bits.", "noise_bits is in bits already.")(
    lambda choices, noise, size: (
        (np.log2(noise) if noise else 0) + bits(choices) / (size * size * 3)
    )
)
mistake("The choices are subtracted from the noise.", "both make a picture harder to predict.")(
    lambda choices, noise, size: noise - bits(choices) / (size * size * 3)
)
mistake("A row of values is counted for the picture.", "a picture has size * size pixels.")(
    lambda choices, noise, size: noise + bits(choices) / (size * 3)
)


# Mistakes that a condition describes well enough


@exercise.caught("how many bits do the choices need together")
def noise_by_size(choices, noise_bits, size):
    return noise_bits / size + bits(choices) / (size * size * 3)


@exercise.caught("over how many values are they shared?")
def half_size(choices, noise_bits, size):
    return noise_bits + bits(choices) / (size * (size + 1) * 3)


@exercise.caught("changes nothing in your answer")
def size_of_the_toy(choices, noise_bits, size):
    return noise_bits + bits(choices) / (16 * 16 * 3)


@exercise.caught("without any, each value has only its noise")
def nothing_without_a_choice(choices, noise_bits, size):
    return noise_bits + bits(choices) / (3 * size * size) if choices else 0.0
