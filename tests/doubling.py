"""The exercise of the tests of the judge: double x, as often as told."""

import numpy as np

from pixelcnn_lib.teach.engine.exercise import Exercise


def doubled(x, times=1):
    return x * 2**times


FUNCTION = Exercise(
    id="0.1",
    title="Doubling",
    minutes=1,
    difficulty=1,
    solution=doubled,
    hints=("Add.", "Add it to itself.", "x + x"),
    cases=lambda: {"once": (np.arange(6.0).reshape(2, 3),), "twice": (np.ones((3, 2)), 2)},
    axes=("row", "column"),
    mistaken={"times two.": {"It is squared.": lambda x, times=1: x**2}},
    symptoms={"2**times": {"This is right once, but not twice.": lambda x, times=1: x * 2}},
)
FUNCTION.agrees(hint="twice as much.")
