"""15.1: the difference of two networks, and how sure it is."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.pairs import both


def difference(a, b):
    """Compare two networks by their seeds.

    a, b: float (n,) and (m,), the bits of each seed of a network, at least two seeds each.
    Returns the mean of a minus the mean of b, and the standard error of this difference.
    """
    squares = [np.var(one, ddof=1) / len(one) for one in (a, b)]  # of the error of each mean
    return np.mean(a) - np.mean(b), np.sqrt(sum(squares))


exercise = Exercise(
    id="15.1",
    title="Larger than the noise?",
    minutes=8,
    difficulty=2,
    solution=difference,
    hints=(
        "How far is the mean of n seeds from the mean of very many seeds, typically?",
        "The standard error of a mean is s / √n. The errors of two means are independent: their "
        "squares are added, then the root is taken.",
        "np.var(a, ddof=1) is s squared: ddof=1 divides by n − 1. So np.var(a, ddof=1) / len(a) is "
        "the square of the first error. Do the same with b, add, and take np.sqrt.",
    ),
    cases={
        "three seeds each": (np.array([3.90, 3.96, 3.84]), np.array([3.80, 3.83, 3.77])),
        "two and five seeds": (np.array([4.0, 4.2]), np.array([3.7, 3.9, 3.8, 4.1, 3.6])),
        "one network without spread": (np.array([4.0, 4.0, 4.0]), np.array([4.1, 4.5, 4.3, 4.2])),
        "the second is worse": (np.array([3.1, 3.3, 3.0, 3.5]), np.array([5.1, 5.6])),
        "far from 4 bits": (np.array([40.0, 44.0, 39.0]), np.array([20.0, 27.0, 29.0, 21.0])),
    },
    probe=both("difference", "standard error"),
    shown=lambda a, b: f"difference({a.tolist()}, {b.tolist()})",
    tolerance=1e-6,
)
exercise.agrees(
    "{call}: the difference should be {expected}, got {got}.",
    hint="the mean of a minus the mean of b. It is negative if a pays less.",
    part="difference",
)
exercise.agrees(
    "{call}: the difference is right, but its standard error should be {expected}, got {got}.",
    hint="the square of a mean's standard error is np.var(one, ddof=1) / len(one).",
    part="standard error",
)
exercise.mistaken(
    "the square of a mean's error is s² / n, and s² is np.var(one, ddof=1). Without ddof=1, np.var and "
    "np.std divide by n.",
    {
        "The spread is computed with n, and not with n − 1: it is too small for a few seeds.": (
            ", ddof=1",
            "",
        ),
        "The spread is not divided by the number of seeds: this is how far single seeds are apart.": (
            " / len(one)",
            "",
        ),
        "The variance is divided by √n, and not by n.": ("len(one)", "np.sqrt(len(one))"),
        "Under the root are the standard deviations, and not their squares.": ("np.var", "np.std"),
        "Both variances are divided by the number of the first network's seeds.": (
            "len(one)",
            "len(a)",
        ),
        "Both variances are divided by the number of all seeds.": ("len(one)", "len([*a, *b])"),
        "The variance is divided by n − 1 once more, and not by n.": ("len(one)", "(len(one) - 1)"),
        "The deviation is divided by n, and not by √n.": ("len(one)", "len(one) ** 2"),
    },
)
exercise.mistaken(
    "the seeds of two networks have nothing in common. Divide the variance of each, around its own "
    "mean, by its own number of seeds; add; then take the root.",
    {
        "The two standard errors are added, as if luck always moved the two means apart.": (
            "np.sqrt(sum(squares))",
            "sum(np.sqrt(squares))",
        ),
        "This is only the first network's error.": ("sum(squares)", "squares[0]"),
        "All seeds of both networks are put together: so their difference counts as noise.": (
            "np.sqrt(sum(squares))",
            "np.std([*a, *b], ddof=1) / np.sqrt(len(a) + len(b))",
        ),
    },
)
exercise.mistaken(
    "without abs: a negative difference says that a pays less.",
    {
        "The difference has lost its sign.": (
            "np.mean(a) - np.mean(b)",
            "abs(np.mean(a) - np.mean(b))",
        )
    },
)
