"""10.2: how two models differ on the same images, and how sure that is."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.pairs import both


def compare(first, second):
    """Compare two models on the same images.

    first, second: float (N,), the bits per dimension of each image, in the same order. Returns the
    mean of first - second, and the standard error of that mean.
    """
    difference = np.asarray(first) - np.asarray(second)  # (N,)
    return difference.mean(), difference.std(ddof=1) / np.sqrt(len(difference))


def two_models(n, seed, gap=0.02):
    """Bits of n images under two models that find the same images hard."""
    rng = np.random.default_rng(seed)
    hard = rng.normal(3.1, 0.8, n)
    return hard + gap + rng.normal(0, 0.05, n), hard + rng.normal(0, 0.05, n)


def spread(bits):
    return np.std(bits, ddof=1) / np.sqrt(len(bits))


def show_errors(compare):
    from pixelcnn_lib.teach import figures

    sizes = [10, 30, 100, 300, 1000, 3000, 10_000]
    models = two_models(10_000, seed=0)
    parts = [[bits[:n] for bits in models] for n in sizes]
    curves = {
        "each by itself": (sizes, [np.hypot(*map(spread, part)) for part in parts]),
        "paired": (sizes, [float(compare(*part)[1]) for part in parts]),
    }
    return figures.show_curve(curves, {"the gap": 0.02}, "test images", "standard error, in bits")


exercise = Exercise(
    id="10.2",
    title="Is it better, or was it luck?",
    minutes=8,
    difficulty=2,
    solution=compare,
    hints=(
        "An image that is hard for one model is hard for the other, too. What remains when you "
        "subtract?",
        "Take the differences image by image; then their mean, and the standard error of that mean.",
        "The standard error of a mean of N numbers is their standard deviation, with N - 1 in its "
        "denominator, divided by the square root of N.",
    ),
    cases=lambda: {
        "many images": two_models(40, 1),
        "few, the first is better": two_models(7, 2, gap=-0.4),
    },
    probe=both("difference", "error"),
    shown=lambda first, second: f"two models on {len(first)} images",
    tolerance=1e-5,
    after=show_errors,
    seen="Two made-up models that differ by 0.02 bits: the error of their difference, by yours "
    "and without pairing.",
)
exercise.agrees(
    "{call}: expected a difference of {expected}, got {got}.",
    hint="it is the mean of first - second.",
    part="difference",
)
exercise.agrees(
    "{call}: expected a standard error of {expected}, got {got}.",
    hint="what is the standard deviation of the differences, and what is it divided by for a mean of N?",
    part="error",
)
exercise.mistaken = {
    "the difference is the mean of first - second: above 0, the first model needs more bits.": {
        "The sign is turned: this is second - first.": (
            "np.asarray(first) - np.asarray(second)",
            "np.asarray(second) - np.asarray(first)",
        ),
        "The two numbers are swapped: first the mean, then its error.": (
            "difference.std(ddof=1) / np.sqrt(len(difference)), difference.mean()"
        ),
    },
    "subtract image by image first, in the same order, then compute one error from the differences.": {
        "The models are treated as if they had been scored on different images.": (
            "difference.std(ddof=1)",
            "np.hypot(np.std(first, ddof=1), np.std(second, ddof=1))",
        ),
    },
    "a mean of N numbers is steadier than one of them, by the root of N. np.std has an argument ddof, "
    "and only the deviation needs N - 1.": {
        "The deviation divides by N, not by N - 1.": ("ddof=1", "ddof=0"),
        "This is the spread of the differences, not of their mean.": (
            " / np.sqrt(len(difference))",
            "",
        ),
    },
}
