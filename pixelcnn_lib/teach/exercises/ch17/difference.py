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


# Mistakes: one thing of the two is another


def of(error):
    """An answer whose standard error is error(a, b)."""
    return lambda a, b: (np.mean(a) - np.mean(b), error(a, b))


def adding(square):
    """An answer that takes the root of square(a) + square(b)."""
    return of(lambda a, b: np.sqrt(square(a) + square(b)))


def var(one):
    return np.var(one, ddof=1)


def pooled(a, b):
    return (var(a) * (len(a) - 1) + var(b) * (len(b) - 1)) / (len(a) + len(b) - 2)


def pair_by_pair(a, b):
    apart = [x - y for x, y in zip(a, b)]
    return np.mean(apart), np.std(apart, ddof=1) / np.sqrt(len(apart))


exercise.mistake(
    "The spread is computed with n, and not with n − 1: it is too small for a few seeds.",
    "np.var and np.std divide by n unless you write ddof=1.",
    adding(lambda one: np.var(one) / len(one)),
)
exercise.mistake(
    "1 is subtracted twice: the variance with ddof=1 is divided by n − 1.",
    "ddof=1 has subtracted it already: divide by len(one).",
    adding(lambda one: var(one) / (len(one) - 1)),
)
exercise.mistake(
    "The spread is not divided by the number of seeds: this is how far single seeds are apart.",
    "divide each variance by its number of seeds, before the root.",
    adding(var),
)
exercise.mistakes_about(
    "divide s by √n, or s² by n.",
    {
        "The variance is divided by the root of the number of seeds.": adding(
            lambda one: var(one) / np.sqrt(len(one))
        ),
        "The standard deviation is divided by n, and not by √n.": adding(
            lambda one: var(one) / len(one) ** 2
        ),
    },
)
exercise.mistake(
    "Under the root are the standard deviations, and not their squares.",
    "the square of a mean's error is s² / n, and s² is np.var(one, ddof=1).",
    adding(lambda one: np.sqrt(var(one)) / len(one)),
    adding(lambda one: np.sqrt(var(one) / len(one))),
)
exercise.mistake(
    "The seeds are paired, the first of a with the first of b: the standard error is that of the pairs.",
    "the seeds of two networks have nothing in common. Compute the variance of each, then add.",
    pair_by_pair,
)
exercise.mistake(
    "The two standard errors are added, as if luck always moved the two means apart.",
    "add their squares, then take the root.",
    of(lambda a, b: np.sqrt(var(a) / len(a)) + np.sqrt(var(b) / len(b))),
)
exercise.mistake(
    "The standard error is that of the first network only.",
    "the mean of b is not exact either: add the square of its error.",
    of(lambda a, b: np.sqrt(var(a) / len(a))),
)
exercise.mistake(
    "All seeds of both networks are put together: so their difference counts as noise.",
    "compute the spread of each network around its own mean.",
    of(lambda a, b: np.sqrt(var(np.concatenate([a, b])) / (len(a) + len(b)))),
    of(lambda a, b: np.sqrt(var(np.concatenate([a, b])) * (1 / len(a) + 1 / len(b)))),
)
exercise.mistakes_about(
    "divide each variance by its own number of seeds, then add.",
    {
        "Both variances are divided by the number of seeds of the first network.": of(
            lambda a, b: np.sqrt((var(a) + var(b)) / len(a))
        ),
        "Each variance is divided by the number of seeds of the other network.": of(
            lambda a, b: np.sqrt(var(a) / len(b) + var(b) / len(a))
        ),
        "The spreads are pooled, as if both networks had the same one.": of(
            lambda a, b: np.sqrt(pooled(a, b) / len(a) + pooled(a, b) / len(b))
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
        "raised ValueError: these shapes do not fit: (2,) (5,)": lambda a, b: (
            (a - b).mean(),
            (a - b).std(ddof=1) / np.sqrt(len(a)),
        ),
    }
)
