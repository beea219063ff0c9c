"""5.4: the entropy of a source whose choices and noise are known."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def source_entropy(choices, noise_bits, size):
    """Give the entropy of a source of square pictures in three colours, in bits per dimension.

    choices: ints, how many possibilities each choice has; they are equally likely and can be read
        from the picture.
    noise_bits: int, the random bits of each value.
    size: int, the side in pixels.
    """
    return noise_bits + np.log2(choices).sum() / (size * size * 3)


def show_floors(source_entropy):
    from pixelcnn_lib.teach import figures

    floors = {"256 levels, equally likely": float(source_entropy((256,) * 3, 0, 1))}
    for size in (16, 32):
        choices = (4, 4, 4, 4, size - 3, size - 4)
        floors[f"toy, {size}x{size}"] = float(source_entropy(choices, 4, size))
    return figures.show_bars(floors, list(floors)[1:])


exercise = Exercise(
    id="5.4",
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
    },
    tolerance=1e-5,
    after=show_floors,
    seen="Floors computed by your function.",
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="how many bits do the choices need together, and how many does the noise add to each value?",
)
exercise.mistaken(
    "each choice takes log2 of its possibilities, and the bits of all choices add up.",
    {
        "The choices are counted in nats.": ("np.log2", "np.log"),
        "The number of possibilities is used, without a logarithm.": (
            "np.log2(choices).sum()",
            "sum(choices)",
        ),
        "The possibilities of the choices are added.": (
            "np.log2(choices).sum()",
            "np.log2(sum(choices))",
        ),
        "The mean of the choices' bits is taken, not the sum.": (".sum()", ".mean()"),
    },
)
exercise.mistaken(
    "the choices are made once for the whole picture, of size * size pixels with three values each. "
    "The noise is in each value.",
    {
        "The bits of the choices are divided by the number of pixels.": (" * 3", ""),
        "The choices are counted for every value.": (" / (size * size * 3)", ""),
        "Those are the bits of a whole picture.": [
            ("return noise_bits", "return noise_bits * size * size * 3"),
            (" / (size * size * 3)", ""),
        ],
        "The noise bits are divided by the number of values.": (
            "noise_bits + np.log2(choices).sum()",
            "(noise_bits + np.log2(choices).sum())",
        ),
    },
)
