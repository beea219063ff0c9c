"""12.3: how two models differ on the same images, and how sure that is."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


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


def pair(compare, first, second):
    answer = compare(first, second)
    if answer is None or answer is ...:
        return answer
    if not isinstance(answer, tuple | list) and np.shape(answer) != (2,):
        hint = "return the mean and its standard error, with a comma between them."
        raise Wrong(f"Expected two numbers, got one {type(answer).__name__}.", hint)
    difference, error = answer
    return {"difference": np.asarray(difference), "error": np.asarray(error)}


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
    id="12.3",
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
        "three, the second is better": two_models(3, 3, gap=1.0),
        "two images": two_models(2, 4),
    },
    probe=pair,
    shown=lambda first, second: f"two models on {len(first)} images",
    tolerance=1e-5,
    after=show_errors,
    seen="Two made-up models that differ by 0.02 bits: the error of their difference, by yours "
    "and without pairing.",
)
exercise.agrees(
    "difference",
    "{call}: expected a difference of {expected}, got {got}.",
    hint="it is the mean of first - second.",
    part="difference",
)
exercise.agrees(
    "standard error",
    "{call}: expected a standard error of {expected}, got {got}.",
    hint="what is the standard deviation of the differences, and what is it divided by for a mean of N?",
    part="error",
)


@exercise.mistake(
    "The sign is turned: this is second - first.",
    hint="a positive difference means that the first model needs more bits.",
)
def turned(first, second):
    d = second - first
    return d.mean(), spread(d)


@exercise.mistake("The two numbers are swapped.", hint="first the mean, then its error.")
def error_first(first, second):
    return spread(first - second), (first - second).mean()


@exercise.mistake(
    "The differences have lost their signs.",
    hint="what is better on one image and worse on another should cancel.",
)
def distances(first, second):
    d = abs(first - second)
    return d.mean(), spread(d)


@exercise.mistake(
    "The mean has lost the signs of the differences.",
    hint="what is better on one image and worse on another should cancel.",
)
def mean_distance(first, second):
    return abs(first - second).mean(), spread(first - second)


@exercise.mistake("That is the median of the differences.", hint="take their mean.")
def median(first, second):
    return np.median(first - second), spread(first - second)


@exercise.mistake(
    "The first mean is divided by the second.", hint="how much better is one? Subtract."
)
def ratio(first, second):
    return first.mean() / second.mean(), spread(first - second)


@exercise.mistake(
    "The scores are sorted, so they no longer belong to the same images.",
    hint="keep the order: number n of both belongs to image n.",
)
def sorted_scores(first, second):
    return (first - second).mean(), spread(np.sort(first) - np.sort(second))


@exercise.mistake(
    "The errors of the two scores are added up.",
    hint="subtract image by image first, then compute one error from the differences.",
)
def sum_of_errors(first, second):
    return first.mean() - second.mean(), spread(first) + spread(second)


subtracted = exercise.mistake(
    "One score's error is subtracted from the other's.",
    hint="subtract image by image first, then compute one error from the differences.",
)


@subtracted
def signed_difference_of_errors(first, second):
    return first.mean() - second.mean(), spread(first) - spread(second)


@subtracted
def difference_of_errors(first, second):
    return first.mean() - second.mean(), abs(spread(first) - spread(second))


@exercise.mistake(
    "The models are treated as if they had been scored on different images.",
    hint="subtract image by image first: then it no longer matters how hard an image is.",
)
def two_errors(first, second):
    n = len(first)
    error = np.sqrt(np.var(first, ddof=1) / n + np.var(second, ddof=1) / n)
    return first.mean() - second.mean(), error


@exercise.mistake(
    "N - 1 is used twice, in the deviation and under the root.",
    hint="only the deviation needs N - 1.",
)
def one_less_twice(first, second):
    d = first - second
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d) - 1)


@exercise.mistake(
    "This is the spread of the differences, not of their mean.",
    hint="a mean of N numbers is steadier than one of them, by the root of N.",
)
def only_the_spread(first, second):
    return (first - second).mean(), (first - second).std(ddof=1)


@exercise.mistake(
    "The deviation divides by N, where a sample needs N - 1.", hint="np.std has an argument ddof."
)
def numpys_default(first, second):
    d = first - second
    return d.mean(), d.std() / np.sqrt(len(d))


@exercise.mistake(
    "This is the spread of the differences, and with N instead of N - 1.",
    hint="two things are missing: ddof, and the root of N.",
)
def numpys_spread(first, second):
    return (first - second).mean(), (first - second).std()


@exercise.mistake(
    "The error is the sum of the differences, divided by the root of N.",
    hint="how far are the differences from their mean? That is their standard deviation.",
)
def sum_over_the_root(first, second):
    d = first - second
    return d.mean(), d.sum() / np.sqrt(len(d))


@exercise.mistake("This is the square of the standard error.", hint="take the root.")
def squared(first, second):
    d = first - second
    return d.mean(), d.var(ddof=1) / len(d)


@exercise.mistake(
    "The deviation was divided by N, not by its root.",
    hint="four times as many images halve the error.",
)
def by_n(first, second):
    d = first - second
    return d.mean(), d.std(ddof=1) / len(d)


one_model = exercise.mistake(
    "This is the error of one model's own score.",
    hint="the spread that counts is that of the differences.",
)


@one_model
def of_the_first(first, second):
    return (first - second).mean(), spread(first)


@one_model
def of_the_second(first, second):
    return (first - second).mean(), spread(second)


@exercise.mistake(
    "The error is twice the standard error, as for an interval of 95 %.",
    hint="return one standard error.",
)
def interval(first, second):
    return (first - second).mean(), 1.96 * spread(first - second)


@exercise.mistake(
    "The differences are added up, not averaged.", hint="divide by how many they are."
)
def summed(first, second):
    return (first - second).sum(), spread(first - second)


@exercise.caught("expected a difference of")
def of_the_smallest(first, second):
    return np.sort(first - second)[:2].mean(), spread(first - second)


@exercise.caught("Expected two numbers")
def only_the_mean(first, second):
    return np.mean(first - second)
