"""11.2: Bayes's rule, from the logarithms of ten probabilities."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch11.at_work import show_posterior, softmax


def posterior(log_likelihoods, prior):
    """Give the probability of each class, given the image: Bayes's rule.

    log_likelihoods: (N, classes), the natural logarithm of p(image | class).
    prior: (classes,), the probability of each class before the image is seen; it sums to 1.
    Returns (N, classes); each row sums to 1.
    """
    with np.errstate(divide="ignore"):  # the logarithm of 0 is -inf, as it should be
        joint = log_likelihoods + np.log(prior)  # (N, classes), log p(image, class)
    p = np.exp(joint - joint.max(axis=1, keepdims=True))  # (N, classes), the largest is 1
    return p / p.sum(axis=1, keepdims=True)  # (N, classes)


def likelihoods(shape, middle, spread, prior=None):
    """Log-likelihoods by chance but always the same, and a prior; equal odds by default."""
    rng = np.random.default_rng(shape)
    prior = np.full(shape[1], 1 / shape[1]) if prior is None else np.array(prior)
    return rng.normal(middle, spread, shape).round(2), prior


def low(log_likelihoods, prior):
    return log_likelihoods.min() < -700


def excluded(log_likelihoods, prior):
    return (prior == 0).any()


def ordinary(log_likelihoods, prior):
    return not low(log_likelihoods, prior) and not excluded(log_likelihoods, prior)


def described(log_likelihoods, prior):
    lowest, highest = log_likelihoods.min(), log_likelihoods.max()
    shares = prior.round(2).tolist() if len(set(prior)) > 1 else f"{len(prior)} equal shares"
    return (
        f"posterior(log_likelihoods {log_likelihoods.shape} from {lowest:.4g} to {highest:.4g}, "
        f"prior {shares})"
    )


apart = likelihoods((3, 4), -900.0, 2.0)
apart[0][:] += np.array([860, 0, -700])[:, None]

ruled_out = likelihoods((2, 3), -60.0, 1.0, [0.0, 0.25, 0.75])
ruled_out[0][:, 0] += 50

far_behind = likelihoods((1, 4), -1100.0, 1.0, [0.2, 0.3, 0.0, 0.5])
far_behind[0][:, 2] = -90

exercise = Exercise(
    id="11.2",
    title="Bayes's rule in logarithms",
    minutes=12,
    difficulty=2,
    solution=posterior,
    hints=(
        "Bayes's rule multiplies likelihood and prior. What becomes of a product in logarithms?",
        "Adding one number to all logarithms of a row does not change the posterior. Which number "
        "makes the largest of them 0, so that its exponential is 1?",
        "joint = log_likelihoods + np.log(prior); subtract joint.max(axis=1, keepdims=True), take "
        "np.exp, and divide by the sum along the same axis.",
    ),
    cases={
        "equal odds": likelihoods((2, 3), -3.0, 1.0),
        "an unlike prior": likelihoods((4, 3), -5.0, 1.0, [0.7, 0.2, 0.1]),
        "as many images as classes": likelihoods((3, 3), -8.0, 1.0, [0.1, 0.3, 0.6]),
        "one image, ten classes": likelihoods((1, 10), -85.0, 2.0),
        "all far below 0": likelihoods((5, 4), -800.0, 2.0, [0.4, 0.3, 0.2, 0.1]),
        "images far apart": apart,
        "classes far apart": likelihoods((2, 5), -1500.0, 500.0),
        "a prior of 0": ruled_out,
        "a prior of 0 for the likeliest by far": far_behind,
    },
    shown=described,
    axes=("image", "class"),
    tolerance=1e-5,
    after=show_posterior,
    seen="A digit of the test set: how likely it is of each class, by your function.",
)
exercise.agrees(
    "ordinary numbers",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="work out one row by hand: likelihood times prior for each class, divided by their sum.",
    where=ordinary,
)
exercise.agrees(
    "far below 0",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="rows near 0 are right. What is exp(-800), and what can be added to a whole row?",
    where=lambda *case: low(*case) and not excluded(*case),
)
exercise.agrees(
    "a prior of 0",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="a prior of 0 rules its class out, whatever the likelihood: its logarithm is -inf.",
    where=excluded,
)


# Mistakes: another joint logarithm, or other steps after it


def joint(log_likelihoods, prior):
    return log_likelihoods + np.log(prior)


def row_sums(p):
    return p.sum(axis=1, keepdims=True)


def odds(log_likelihoods, prior):
    """Numbers in the right proportion: in each row, the largest is 1."""
    logs = joint(log_likelihoods, prior)
    return np.exp(logs - logs.max(axis=1, keepdims=True))


def of_logs(logs):
    """An answer: the softmax of logs(log_likelihoods, prior)."""
    return lambda *given: softmax(logs(*given))


def over(total, numbers=odds):
    """An answer: numbers(log_likelihoods, prior), divided by total(numbers)."""
    return lambda *given: (p := numbers(*given)) / total(p)


exercise.mistakes_about(
    "Bayes's rule multiplies each likelihood once by the prior of its class; in logarithms, a product "
    "is a sum: add np.log(prior).",
    {
        "The prior has no effect: the classes count as equally likely beforehand.": of_logs(
            lambda logs, prior: logs
        ),
        "The prior is counted twice.": of_logs(lambda logs, prior: logs + 2 * np.log(prior)),
        "The logarithms are multiplied: by the prior, or by its logarithm.": (
            of_logs(lambda logs, prior: logs * prior),
            of_logs(lambda logs, prior: logs * np.log(np.maximum(prior, 1e-300))),
        ),
        "The prior comes after the division, so the rows no longer sum to 1.": lambda logs, prior: (
            softmax(logs) * prior
        ),
    },
)
exercise.mistake(
    "These are powers of 2, and the logarithms are natural.",
    "np.log is the natural logarithm, and np.exp undoes it.",
    of_logs(lambda *given: joint(*given) * np.log(2)),
)
exercise.mistake(
    "A small prior is raised: a number is added to it, or takes its place.",
    "log(0) is -inf, and exp(-inf) is 0, as it should be: nothing has to be added.",
    *(
        of_logs(lambda logs, prior, small=small: joint(logs, prior + small))
        for small in (0.1, 0.01, 1e-3, 1e-4, 1e-6, 1e-8, 1e-9)
    ),
)
exercise.mistakes_about(
    "add np.log(prior) first; then subtract each row's own largest: max(axis=1, keepdims=True).",
    {
        "Right near 0, but exp(-800) is 0 in float64, and 0 / 0 is nan.": (
            over(row_sums, lambda logs, prior: np.exp(logs) * prior)
        ),
        "The largest logarithm of all images is subtracted, so images with lower ones become 0 / 0.": (
            over(row_sums, lambda logs, prior: np.exp(logs - logs.max()) * prior),
            over(row_sums, lambda *given: np.exp(joint(*given) - joint(*given).max())),
        ),
        "The largest likelihood is subtracted before the prior rules its class out: then all are 0.": (
            over(row_sums, lambda logs, prior: softmax(logs) * prior)
        ),
    },
)
exercise.mistakes_about(
    "each row is divided by its own sum over the classes: sum(axis=1, keepdims=True), of shape (N, 1).",
    {
        "The posterior sums to 1 over the images, not over the classes.": (
            lambda *given: softmax(joint(*given), axis=0),
            over(lambda p: p.sum(axis=0)),
        ),
        "All images share one sum, so the rows do not sum to 1.": over(np.sum),
        "The sums (N,) are not lined up with the images: NumPy divides the columns by them.": over(
            lambda p: p.sum(axis=1)
        ),
        "The exponentials are not divided by their sum, so the rows do not sum to 1.": odds,
    },
)
exercise.mistakes_about(
    "the posterior is a probability: take exponentials, and divide once by their sum.",
    {
        "This is the joint logarithm, log p(image, class): nothing is divided by the sum.": joint,
        "The logarithms themselves are divided by their sum.": over(row_sums, joint),
        "The likeliest class gets 1 and the others 0: this is a decision, not a posterior.": (
            lambda logs, prior: np.eye(len(prior))[joint(logs, prior).argmax(axis=1)]
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "rows near 0 are right": over(
            row_sums, lambda logs, prior: np.exp(np.maximum(logs, -700)) * prior
        ),
        "work out one row by hand": lambda logs, prior: (
            (p := np.exp(logs) * prior) / (row_sums(p) + 1e-8)
        ),
        "a prior of 0 rules its class out": lambda logs, prior: np.maximum(
            softmax(joint(logs, prior)), 0.1 * (prior == 0)
        ),
    }
)
