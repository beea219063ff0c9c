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


def bits(choices):
    return np.log2(choices).sum()


exercise.mistakes_about(
    "each choice takes log2 of its possibilities, and the bits of all choices add up.",
    {
        "The choices are counted in nats.": lambda choices, noise, size: (
            noise + np.log(choices).sum() / (size * size * 3)
        ),
        "The number of possibilities is used, without a logarithm.": lambda choices, noise, size: (
            noise + sum(choices) / (size * size * 3)
        ),
        "The possibilities of the choices are added.": lambda choices, noise, size: (
            noise + (np.log2(sum(choices)) if choices else 0.0) / (size * size * 3)
        ),
        "The mean of the choices' bits is taken, not the sum.": lambda choices, noise, size: (
            noise + bits(choices) / max(len(choices), 1) / (size * size * 3)
        ),
        "Only one of the choices counts.": tuple(
            lambda choices, noise, size, one=one: noise + bits(one(choices)) / (size * size * 3)
            for one in (lambda c: c[:1], lambda c: c[-1:], lambda c: max(c, default=1))
        ),
        "The bits of each choice are rounded up.": lambda choices, noise, size: (
            noise + np.ceil(np.log2(choices)).sum() / (size * size * 3)
        ),
        "The product of the possibilities overflows: it is too large for int64.": (
            lambda choices, noise, size: noise + np.log2(np.prod(choices)) / (size * size * 3)
        ),
    },
)
exercise.mistakes_about(
    "the choices are made once for the whole picture, of size * size pixels with three values each.",
    {
        "The bits of the choices are divided by the number of pixels.": (
            lambda choices, noise, size: noise + bits(choices) / (size * size)
        ),
        "A row of values is counted for the picture.": lambda choices, noise, size: (
            noise + bits(choices) / (size * 3)
        ),
        "The choices are counted for every value.": lambda choices, noise, size: (
            noise + bits(choices)
        ),
        "Those are the bits of a whole picture.": lambda choices, noise, size: (
            noise * size * size * 3 + bits(choices)
        ),
    },
)
exercise.mistakes_about(
    "each value has its own noise, and noise_bits says how many bits that is: use it as it is.",
    {
        "The noise bits are divided by the number of values.": lambda choices, noise, size: (
            (noise + bits(choices)) / (size * size * 3)
        ),
        "The noise bits are divided by three.": lambda choices, noise, size: (
            noise / 3 + bits(choices) / (size * size * 3)
        ),
        "The logarithm is taken of the noise bits.": lambda choices, noise, size: (
            (np.log2(noise) if noise else 0) + bits(choices) / (size * size * 3)
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "over how many values are they shared?": lambda choices, noise, size: (
            noise + bits(choices) // (size * size * 3)
        ),
        "how many bits do the choices need together": lambda choices, noise, size: (
            noise * 3 + bits(choices) / (size * size * 3)
        ),
        "without any, each value has only its noise": lambda choices, noise, size: (
            noise + bits(choices) / (size * size * 3) if choices else 0.0
        ),
    }
)
