"""16.1: the interval of numbers that stand for a picture."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.pairs import both


def interval(probabilities, values):
    """Find the part of [0, 1) that stands for a picture.

    probabilities: (n, levels), of each value, given the values before it. values: whole numbers (n,).
    Returns the start and the width of the interval.
    """
    start, width = 0.0, 1.0
    for p, value in zip(probabilities, values):
        start += width * p[:value].sum()
        width *= p[value]
    return start, width


def case(n, levels, seed):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(levels), n), rng.integers(levels, size=n)


exercise = Exercise(
    id="16.1",
    title="The interval of a picture",
    minutes=6,
    difficulty=1,
    solution=interval,
    hints=(
        "How wide is the piece of the first value, and where does it begin?",
        "The second stick is the piece of the first value: its pieces are shorter by the width so far.",
        "Begin with start, width = 0, 1. For each value, add width * p[:value].sum() to the start; then "
        "multiply the width by p[value].",
    ),
    cases={
        "one value": (np.array([[0.1, 0.4, 0.3, 0.2]]), np.array([2])),
        "the first level": (np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 0])),
        "the last level": (np.array([[0.25, 0.75], [0.5, 0.5]]), np.array([1, 1])),
        "two sticks": (np.array([[0.5, 0.5], [0.1, 0.9]]), np.array([1, 0])),
        "five values": case(5, 6, 1),
        "no value": (np.zeros((0, 4)), np.zeros(0, int)),
    },
    probe=both("start", "width"),
    shown=lambda probabilities, values: (
        f"interval({probabilities.round(2).tolist()}, {values.tolist()})"
    ),
    tolerance=1e-9,
)
exercise.agrees(
    "{call}: the width should be {expected}, got {got}.",
    hint="the width is the product of the probabilities of the values that came.",
    part="width",
)
exercise.agrees(
    "{call}: the width is right, but the start should be {expected}, got {got}.",
    hint="the pieces before a value's piece are those of the smaller levels, on the stick so far.",
    part="start",
)
exercise.mistaken = {
    "the second stick is the piece of the first value: it is as long as that piece.": {
        "Each stick has the length 1: the start adds up pieces that are too long.": (
            "width * p[:value].sum()",
            "p[:value].sum()",
        ),
        "The start is set anew by each value, and not moved.": ("start +=", "start ="),
        "The width is narrowed before the start is moved.": (
            "        start += width * p[:value].sum()\n        width *= p[value]",
            "        width *= p[value]\n        start += width * p[:value].sum()",
        ),
    },
    "a piece begins where the pieces of all smaller levels end. The width is the end minus the start.": {
        "The start is the end of the value's piece.": ("p[:value]", "p[: value + 1]"),
        "The second number is the end of the interval. Its width was asked.": "start, start + width",
    },
    "each value has a row of its own in `probabilities`.": {
        "The first row of probabilities is used for all values.": [
            ("for p, value in zip(probabilities, values)", "for value in values"),
            ("p[:value].sum()", "probabilities[0][:value].sum()"),
            ("*= p[value]", "*= probabilities[0][value]"),
        ]
    },
}
exercise.symptoms = {
    "each value has its own row of probabilities, and multiplies the width by that of its level.": {
        "This is right only for one value.": ("width *=", "width =")
    }
}
