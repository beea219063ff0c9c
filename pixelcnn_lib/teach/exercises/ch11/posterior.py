"""11.2: Bayes's rule, from the logarithms of ten probabilities."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch07.prices import softmax
from pixelcnn_lib.teach.exercises.ch11.at_work import show_posterior


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


def kind(log_likelihoods, prior):
    if (prior == 0).any():
        return "a prior of 0"
    return "far below 0" if log_likelihoods.min() < -700 else "ordinary numbers"


def described(log_likelihoods, prior):
    lowest, highest = log_likelihoods.min(), log_likelihoods.max()
    shares = prior.round(2).tolist() if len(set(prior)) > 1 else f"{len(prior)} equal shares"
    given = f"log_likelihoods {log_likelihoods.shape} from {lowest:.4g} to {highest:.4g}"
    return f"posterior({given}, prior {shares})"


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
for name, hint in {
    "ordinary numbers": "compute one row by hand: likelihood times prior, divided by the sum.",
    "far below 0": "rows near 0 are right. What is exp(-800)? What can be added to a whole row?",
    "a prior of 0": "this rules its class out, whatever the likelihood: log(0) is -inf.",
}.items():
    exercise.agrees(name, hint=hint, where=lambda *case, name=name: kind(*case) == name)


# Mistakes, each as a reader writes it


def of_joint(finish):
    """An answer that is right up to the joint logarithm, log p(image, class)."""
    return lambda logs, prior: finish(logs + np.log(prior))


def odds(logs):
    return np.exp(logs - logs.max(axis=1, keepdims=True))


def divided(p, axis=1):
    return p / p.sum(axis=axis, keepdims=True)


exercise.mistakes_about(
    "in logarithms, Bayes's product of likelihood and prior is a sum: add np.log(prior), once.",
    {
        "The prior has no effect.": lambda logs, prior: softmax(logs),
        "The prior itself is added, not its logarithm.": lambda logs, prior: softmax(logs + prior),
        "The logarithms are multiplied by the prior.": lambda logs, prior: softmax(logs * prior),
        "The prior comes after the division.": lambda logs, prior: softmax(logs) * prior,
    },
)
exercise.mistake(
    "A small prior is raised: a number is added to it, or takes its place.",
    "log(0) is -inf, and exp(-inf) is 0, as it should be: nothing has to be added.",
    lambda logs, prior: softmax(logs + np.log(prior + 1e-3)),
    lambda logs, prior: softmax(logs + np.log(prior + 1e-8)),
)
exercise.mistakes_about(
    "add np.log(prior) first; then subtract each row's own largest: max(axis=1, keepdims=True).",
    {
        "exp(-800) is 0, and 0 / 0 is nan.": of_joint(lambda logs: divided(np.exp(logs))),
        "The largest logarithm of all images is subtracted, so images with lower ones become 0 / 0.": (
            of_joint(lambda logs: divided(np.exp(logs - logs.max())))
        ),
        "The largest likelihood is subtracted before the prior rules its class out: then all are 0.": (
            lambda logs, prior: divided(odds(logs) * prior)
        ),
    },
)
exercise.mistakes_about(
    "each row is divided by its own sum over the classes: sum(axis=1, keepdims=True), of shape (N, 1).",
    {
        "The posterior sums to 1 over the images, not over the classes.": (
            of_joint(lambda logs: softmax(logs, axis=0)),
            of_joint(lambda logs: divided(odds(logs), axis=0)),
        ),
        "All images share one sum.": of_joint(lambda logs: divided(odds(logs), axis=None)),
        "The sums (N,) are lined up with the columns, not with the images.": of_joint(
            lambda logs: odds(logs) / odds(logs).sum(axis=1)
        ),
        "The exponentials are not divided by their sum.": of_joint(odds),
    },
)
exercise.mistake(
    "The largest is subtracted from the exponents, but not from those in the sum.",
    "take np.exp once, after the subtraction, and divide that by its own sum over the classes.",
    of_joint(lambda logs: odds(logs) / np.exp(logs).sum(axis=1, keepdims=True)),
)
exercise.mistakes_about(
    "take np.exp, since the logarithms are natural, and divide once by the sum over the classes.",
    {
        "These are powers of 2.": of_joint(lambda logs: softmax(np.log(2) * logs)),
        "This is the joint logarithm, log p(image, class).": of_joint(lambda logs: logs),
    },
)
exercise.all_caught(
    {
        "compute one row by hand": of_joint(np.exp),
        "rows near 0 are right": of_joint(lambda logs: divided(np.exp(np.maximum(logs, -700)))),
    }
)
