"""17.1: the difference of two networks, and how sure it is."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def difference(a, b):
    """Compare two networks by their seeds.

    a, b: float (n,) and (m,), the bits of each seed of a network, at least two seeds each.
    Returns the mean of a minus the mean of b, and the standard error of this difference.
    """
    squares = [np.var(one, ddof=1) / len(one) for one in (a, b)]  # of the error of each mean
    return np.mean(a) - np.mean(b), np.sqrt(sum(squares))


def two_numbers(difference, a, b):
    answer = difference(a, b)
    if answer is None or answer is ...:
        return answer
    several = isinstance(answer, tuple | list) or getattr(answer, "ndim", 0)
    if not several or len(answer) != 2:
        hint = "return the difference and its standard error, with a comma between them."
        raise Wrong("Expected two numbers, the difference and its standard error.", hint)
    return {"difference": answer[0], "standard error": answer[1]}


exercise = Exercise(
    id="17.1",
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
    probe=two_numbers,
    shown=lambda a, b: f"difference({a.tolist()}, {b.tolist()})",
    tolerance=1e-6,
)
exercise.agrees(
    "difference",
    "{call}: the difference should be {expected}, got {got}.",
    hint="the mean of a minus the mean of b. It is negative if a pays less.",
    part="difference",
)
exercise.agrees(
    "standard error",
    "{call}: the difference is right, but its standard error should be {expected}, got {got}.",
    hint="the square of a mean's standard error is np.var(one, ddof=1) / len(one).",
    part="standard error",
)


# Mistakes: another standard error


def of(error):
    """An answer whose standard error is error(a, b)."""
    return lambda a, b: (np.mean(a) - np.mean(b), error(a, b))


def mixing(error):
    """An answer whose standard error is error(v, n, w, m): b has m seeds, with the variance w."""
    return of(lambda a, b: error(np.var(a, ddof=1), len(a), np.var(b, ddof=1), len(b)))


def adding(square):
    """An answer that takes the root of the sum of both networks' square(variance, n)."""
    return mixing(lambda v, n, w, m: np.sqrt(square(v, n) + square(w, m)))


def paired(a, b):
    seeds = min(len(a), len(b))
    return np.std(a[:seeds] - b[:seeds], ddof=1) / np.sqrt(seeds)


exercise.mistakes_about(
    "the square of a mean's error is s² / n, and s² is np.var(one, ddof=1). Without ddof=1, np.var and "
    "np.std divide by n.",
    {
        "The spread is computed with n, and not with n − 1: it is too small for a few seeds.": of(
            lambda a, b: np.sqrt(np.var(a) / len(a) + np.var(b) / len(b))
        ),
        "1 is subtracted twice: by ddof=1, and again from n.": adding(lambda v, n: v / (n - 1)),
        "The spread is not divided by the number of seeds: this is how far single seeds are apart.": (
            adding(lambda v, n: v)
        ),
        "The variance is divided by √n, and not by n.": adding(lambda v, n: v / np.sqrt(n)),
        "The deviation is divided by n, and not by √n.": adding(lambda v, n: v / n**2),
        "Under the root are the standard deviations, and not their squares.": (
            adding(lambda v, n: np.sqrt(v) / n),
            adding(lambda v, n: np.sqrt(v / n)),
        ),
    },
)
exercise.mistakes_about(
    "the seeds of two networks have nothing in common. Divide the variance of each, around its own "
    "mean, by its own number of seeds; add; then take the root.",
    {
        "The seeds are paired, the first of a with the first of b.": of(paired),
        "The two standard errors are added, as if luck always moved the two means apart.": mixing(
            lambda v, n, w, m: np.sqrt(v / n) + np.sqrt(w / m)
        ),
        "This is the first network's error alone.": mixing(lambda v, n, w, m: np.sqrt(v / n)),
        "All seeds of both networks are put together: so their difference counts as noise.": (
            of(lambda a, b: np.std([*a, *b], ddof=1) / np.sqrt(len(a) + len(b))),
            of(lambda a, b: np.std([*a, *b], ddof=1) * np.sqrt(1 / len(a) + 1 / len(b))),
        ),
        "Both variances are divided by the number of seeds of the first network.": mixing(
            lambda v, n, w, m: np.sqrt((v + w) / n)
        ),
        "Each variance is divided by the number of seeds of the other network.": mixing(
            lambda v, n, w, m: np.sqrt(v / m + w / n)
        ),
        "The spreads are pooled, as if both networks had the same one.": mixing(
            lambda v, n, w, m: np.sqrt(((n - 1) * v + (m - 1) * w) / (n + m - 2) * (1 / n + 1 / m))
        ),
    },
)
exercise.mistake(
    "The difference has lost its sign.",
    "without np.abs: a negative difference says that a pays less.",
    lambda a, b: (abs(np.mean(a) - np.mean(b)), exercise.solution(a, b)[1]),
)
exercise.all_caught(
    {
        "the difference and its standard error": lambda a, b: np.mean(a) - np.mean(b),
        "raised ValueError: these shapes do not fit: (2,) (5,)": lambda a, b: ((a - b).mean(), 0),
    }
)
