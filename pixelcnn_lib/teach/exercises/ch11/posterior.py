"""11.2: Bayes's rule, from the logarithms of ten probabilities."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, to_numpy


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


def show_posterior(posterior):
    """What a digit is, by the shipped network and the answer."""
    from pixelcnn_lib import data, losses
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    model, image = PixelCNN.pretrained("digits"), data.digits("test")[0][5:6]
    bits = [losses.score(model, image, labels=[label]).bits for label in range(10)]
    p = to_numpy(posterior(-np.log(2) * 64 * np.array([bits]), np.full(10, 0.1)))[0]
    names = [f"class {label}" for label in range(10)]
    return figures.show_bars(dict(zip(names, p.tolist())), xlabel="posterior", digits=3)


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


# Mistakes, each as a reader writes it

right = posterior  # some of them start from it


def softmax(logs, axis=1):
    """As it is right: along an axis, the largest first made 0."""
    p = np.exp(logs - logs.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


exercise.mistake(
    "The prior has no effect: the classes count as equally likely beforehand.",
    "Bayes's rule multiplies each likelihood by the prior of its class.",
)(lambda log_likelihoods, prior: softmax(log_likelihoods))

exercise.mistake(
    "The prior is added to the logarithms as it is.",
    "the logarithm of a product is the sum of the logarithms: of both.",
)(lambda log_likelihoods, prior: softmax(log_likelihoods + prior))


added = exercise.mistake(
    "A small prior is raised: a number is added to it, or takes its place.",
    hint="log(0) is -inf, and exp(-inf) is 0, as it should be: nothing has to be added.",
)
for small in (0.1, 0.01, 1e-3, 1e-4, 1e-6, 1e-8, 1e-9):
    added(lambda logs, prior, small=small: softmax(logs + np.log(prior + small)))

exercise.mistake(
    "The logarithm of the prior is weighted with the prior.", "add np.log(prior) as it is."
)(lambda log_likelihoods, prior: softmax(log_likelihoods + prior * np.log(prior)))

exercise.mistake(
    "The logarithms are multiplied by the prior.",
    "the logarithm of a product is the sum of the logarithms.",
)(lambda log_likelihoods, prior: softmax(log_likelihoods * prior))

exercise.mistake(
    "The logarithms of likelihood and prior are multiplied.",
    "the logarithm of a product is the sum of the logarithms.",
)(lambda log_likelihoods, prior: softmax(log_likelihoods * np.log(np.maximum(prior, 1e-300))))

exercise.mistake(
    "The prior is counted twice.", "Bayes's rule multiplies each likelihood by its prior once."
)(lambda log_likelihoods, prior: softmax(log_likelihoods + 2 * np.log(prior)))

exercise.mistake(
    "The prior divides the likelihood.", "a class that is likely beforehand gains by it."
)(lambda log_likelihoods, prior: softmax(log_likelihoods - np.log(prior)))

exercise.mistake(
    "The prior comes after the division, so the rows no longer sum to 1.",
    "multiply by the prior first; then divide by the sum.",
)(lambda log_likelihoods, prior: softmax(log_likelihoods) * prior)


underflow = exercise.mistake(
    "Right near 0, but exp(-800) is 0 in float64, and 0 / 0 is nan.",
    hint="subtract the largest logarithm of each row before you take exponentials.",
)


@underflow
def exponentials(log_likelihoods, prior):
    p = np.exp(log_likelihoods) * prior
    return p / p.sum(axis=1, keepdims=True)


@underflow
def exponentials_of_sums(log_likelihoods, prior):
    p = np.exp(log_likelihoods + np.log(prior))
    return p / p.sum(axis=1, keepdims=True)


@underflow
def log_of_a_sum(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    return np.exp(joint - np.log(np.exp(joint).sum(axis=1, keepdims=True)))


@exercise.mistake(
    "The largest logarithm of all images is subtracted, so images with lower ones become 0 / 0.",
    hint="each row has a largest logarithm of its own: max(axis=1, keepdims=True).",
)
def one_largest(log_likelihoods, prior):
    p = np.exp(log_likelihoods + np.log(prior) - log_likelihoods.max())
    return p / p.sum(axis=1, keepdims=True)


@exercise.mistake(
    "The smallest logarithm is subtracted, so that large ones overflow.",
    hint="subtract the largest: exponentials of numbers up to 0 lie between 0 and 1.",
)
def smallest(log_likelihoods, prior):
    p = np.exp(log_likelihoods - log_likelihoods.min(axis=1, keepdims=True)) * prior
    return p / p.sum(axis=1, keepdims=True)


exercise.mistake(
    "The largest likelihood is subtracted before the prior rules its class out: then all are 0.",
    "add np.log(prior) first, then take the largest.",
)(
    lambda log_likelihoods, prior: (
        (p := softmax(log_likelihoods) * prior) / p.sum(axis=1, keepdims=True)
    )
)

over_images = exercise.mistake(
    "The posterior sums to 1 over the images, not over the classes.",
    "each image belongs to one of the classes: sum along axis 1.",
)
over_images(lambda log_likelihoods, prior: softmax(log_likelihoods + np.log(prior), axis=0))


@over_images
def by_row_and_column(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    p = np.exp(joint - joint.max(axis=1, keepdims=True))
    return p / p.sum(axis=0)


@exercise.mistake(
    "All images share one sum, so the rows do not sum to 1.",
    hint="each row has a sum of its own: sum(axis=1, keepdims=True).",
)
def one_sum(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    p = np.exp(joint - joint.max(axis=1, keepdims=True))
    return p / p.sum()


@exercise.mistake(
    "The sums (N,) are not lined up with the images: NumPy divides the columns by them.",
    hint="sum(axis=1, keepdims=True) has the shape (N, 1).",
)
def no_keepdims(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    p = np.exp(joint - joint.max(axis=1, keepdims=True))
    return p / p.sum(axis=1)


exercise.mistake(
    "This is the joint logarithm, log p(image, class): nothing is divided by the sum.",
    "the posterior is a probability: take exponentials, then divide by their sum.",
)(lambda log_likelihoods, prior: log_likelihoods + np.log(prior))


@exercise.mistake(
    "The logarithms themselves are divided by their sum.",
    hint="take exponentials first: probabilities can be summed, their logarithms cannot.",
)
def logs_over_their_sum(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    return joint / joint.sum(axis=1, keepdims=True)


@exercise.mistake(
    "The logarithms are multiplied by the prior, and divided by their sum.",
    hint="take exponentials first: probabilities can be summed, their logarithms cannot.",
)
def weighted_logs_over_their_sum(log_likelihoods, prior):
    joint = log_likelihoods * prior
    return joint / joint.sum(axis=1, keepdims=True)


exercise.mistake(
    "The logarithms of the likelihoods are divided by their sum; the prior is not used.",
    "take exponentials first, and multiply each by the prior.",
)(lambda log_likelihoods, prior: log_likelihoods / log_likelihoods.sum(axis=1, keepdims=True))

exercise.mistake(
    "Each row is divided by its mean, so it sums to the number of classes.",
    "a distribution sums to 1.",
)(lambda log_likelihoods, prior: right(log_likelihoods, prior) * len(prior))


@exercise.mistake(
    "The largest gets 1, and nothing is divided by the sum.",
    hint="after the exponentials, divide each row by its sum.",
)
def largest_is_1(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    return np.exp(joint - joint.max(axis=1, keepdims=True))


exercise.mistake(
    "The largest likelihood gets 1 and is multiplied by the prior; nothing is divided by the sum.",
    "after the exponentials, divide each row by its sum.",
)(
    lambda log_likelihoods, prior: (
        np.exp(log_likelihoods - log_likelihoods.max(axis=1, keepdims=True)) * prior
    )
)

exercise.mistake(
    "The logarithm of the prior is binary, that of the likelihood natural.",
    "np.log is the natural logarithm.",
)(lambda log_likelihoods, prior: softmax(log_likelihoods + np.log2(prior)))

exercise.mistake("These are powers of 2, and the logarithms are natural.", "np.exp undoes np.log.")(
    lambda log_likelihoods, prior: softmax((log_likelihoods + np.log(prior)) * np.log(2))
)


@exercise.mistake(
    "The softmax is applied twice, which makes the classes nearly equal.",
    hint="after the division by the sum, you have the posterior.",
)
def twice(log_likelihoods, prior):
    return softmax(right(log_likelihoods, prior))


exercise.mistake(
    "The likeliest class gets 1 and the others 0: this is a decision, not a posterior.",
    "keep how likely each class is; argmax comes afterwards.",
)(
    lambda log_likelihoods, prior: np.eye(len(prior))[
        (log_likelihoods + np.log(prior)).argmax(axis=1)
    ]
)


# Mistakes that a condition describes well enough


@exercise.caught("expected shape (2, 3), got shape (2,)")
def likeliest(log_likelihoods, prior):
    return (log_likelihoods + np.log(prior)).argmax(axis=1)


@exercise.caught("rows near 0 are right")
def clipped(log_likelihoods, prior):
    p = np.exp(np.maximum(log_likelihoods, -700)) * prior
    return p / p.sum(axis=1, keepdims=True)


@exercise.caught("work out one row by hand")
def a_small_number_below(log_likelihoods, prior):
    p = np.exp(log_likelihoods) * prior
    return p / (p.sum(axis=1, keepdims=True) + 1e-8)


exercise.caught("a prior of 0 rules its class out")(
    lambda log_likelihoods, prior: np.maximum(right(log_likelihoods, prior), 0.1 * (prior == 0))
)


@exercise.caught("expected shape (2, 3), got shape (2, 1)")
def log_evidence(log_likelihoods, prior):
    joint = log_likelihoods + np.log(prior)
    top = joint.max(axis=1, keepdims=True)
    return top + np.log(np.exp(joint - top).sum(axis=1, keepdims=True))


@exercise.caught("changed its argument number 1")
def in_place(log_likelihoods, prior):
    log_likelihoods += np.log(prior)
    return softmax(log_likelihoods)
