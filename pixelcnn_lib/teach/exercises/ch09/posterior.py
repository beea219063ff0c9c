"""9.1: Bayes's rule, from the logarithms of probabilities."""

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


def described(log_likelihoods, prior):
    lowest, highest = log_likelihoods.min(), log_likelihoods.max()
    shares = prior.round(2).tolist() if len(set(prior)) > 1 else f"{len(prior)} equal shares"
    given = f"log_likelihoods {log_likelihoods.shape} from {lowest:.4g} to {highest:.4g}"
    return f"posterior({given}, prior {shares})"


def show_posterior(posterior):
    """What a digit is, by the shipped network and the answer."""
    from pixelcnn_lib import data, scoring
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    model, image = PixelCNN.pretrained("digits"), data.digits("test")[0][5:6]
    bits = [scoring.score(model, image, labels=[label]).bits for label in range(10)]
    p = to_numpy(posterior(-np.log(2) * 64 * np.array([bits]), np.full(10, 0.1)))[0]
    names = [f"class {label}" for label in range(10)]
    return figures.show_bars(dict(zip(names, p.tolist())), xlabel="posterior", digits=3)


apart = likelihoods((3, 4), -900.0, 2.0)
apart[0][:] += np.array([0, 860, -700])[:, None]
ruled_out = likelihoods((2, 3), -60.0, 1.0, [0.0, 0.25, 0.75])
ruled_out[0][:, 0] += 50
far_behind = likelihoods((1, 4), -1100.0, 1.0, [0.2, 0.3, 0.0, 0.5])
far_behind[0][:, 2] = -90

exercise = Exercise(
    id="9.1",
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
    hint="compute one row by hand: likelihood times prior, divided by the sum. A prior of 0 rules its "
    "class out."
)
exercise.mistaken = {
    "in logarithms, Bayes's product of likelihood and prior is a sum: add np.log(prior), once.": {
        "The prior has no effect.": (" + np.log(prior)", ""),
        "The prior itself is added, not its logarithm.": ("np.log(prior)", "prior"),
        "The prior comes after the division.": [
            (" + np.log(prior)", ""),
            ("p / p.sum(axis=1, keepdims=True)", "p / p.sum(axis=1, keepdims=True) * prior"),
        ],
    },
    "add np.log(prior) first; then subtract each row's own largest: max(axis=1, keepdims=True).": {
        "This is nan if the class with by far the largest likelihood has a prior of 0.": (
            "joint - joint.max(",
            "joint - log_likelihoods.max(",
        ),
    },
    "each row is divided by its own sum over the classes: sum(axis=1, keepdims=True), of shape (N, 1).": {
        "The posterior sums to 1 over the images, not over the classes.": [
            ("joint.max(axis=1", "joint.max(axis=0"),
            ("p.sum(axis=1", "p.sum(axis=0"),
        ],
        "The exponentials are not divided by their sum.": "p",
    },
}
exercise.symptoms = {
    "add np.log(prior), once: the logarithm is natural, and that of 0 is -inf, as it should be.": {
        "This is right, but not where a prior is 0: such a class is ruled out.": (
            "np.log(prior)",
            "np.log(prior + 1e-9)",
        ),
    },
    "exp(-800) is 0, and exp(800) is inf. Subtract each row's own largest, max(axis=1, keepdims=True): "
    "then its exp is 1, and no other exp is larger.": {
        "This is right, but not for logarithms far below 0.": (
            " - joint.max(axis=1, keepdims=True)",
            "",
        ),
        "This is right, but not if the logarithms of one image are far from those of another.": (
            "joint.max(axis=1, keepdims=True)",
            "joint.max()",
        ),
    },
}
