"""18.1: the bits of the mean probability over several orders."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def mean_order(bits):
    """Give the bits of the mean probability."""
    least = bits.min(axis=0)  # (N,): the best order of each image
    p = 2.0 ** (least - bits)  # (orders, N): the best order has 1
    return least - np.log2(p.mean(axis=0))


def made_up(orders, n, middle, spread):
    rng = np.random.default_rng([orders, n])
    return (np.round(rng.normal(middle, spread, (orders, n)), 1),)


exercise = Exercise(
    id="18.1",
    title="The mean over several orders",
    minutes=8,
    difficulty=2,
    solution=mean_order,
    hints=(
        "If you subtract one number from the bits of all orders, what happens to the mean probability?",
        "Take the least bits of each image, over the orders. With it subtracted, the largest "
        "probability of each image is 1, and no mean is 0.",
        "least = bits.min(axis=0); the mean of 2.0 ** (least - bits) over axis 0; its -log2, "
        "plus least.",
    ),
    cases={
        "few bits": made_up(4, 3, 20.0, 3.0),
        "far too many bits for a float": made_up(4, 3, 2500.0, 6.0),
        "images far apart": (np.array([[10.0, 2600.0, 300.0], [12.0, 2601.0, 309.0]]),),
        "orders far apart": (np.array([[3000.0, 0.0, 2000.0], [0.0, 3000.0, 0.0]]),),
    },
    shown=lambda bits: f"mean_order(bits {bits.shape} from {bits.min():.4g} to {bits.max():.4g})",
    axes=("image",),
    tolerance=1e-6,
)
exercise.agrees(
    hint="the mean of the probabilities 2 ** -bits over the orders, and then its bits again."
)
exercise.mistaken = {
    "subtract the least bits of each image before you take the power, and add them at the end.": {
        "A probability such as 2 to the power of -2500 became 0.": (
            "least = bits.min(axis=0)",
            "least = np.zeros(bits.shape[1])",
        ),
        "The least of all images is subtracted, and the probabilities of costlier images became 0.": (
            "bits.min(axis=0)",
            "np.full(bits.shape[1], bits.min())",
        ),
        "The least bits are subtracted, but not added again at the end.": "-np.log2(p.mean(axis=0))",
    },
    "first a mean of probabilities, then its bits. The mean of the bits is the mean of logarithms.": {
        "This is the mean of the bits.": "bits.mean(axis=0)",
        "This is the cost in the best order only.": "least",
        "The probabilities are added, and not divided by the number of orders.": (
            "least - np.log2(p.sum(axis=0))"
        ),
        "The logarithm is the natural one, so these are nats.": "least - np.log(p.mean(axis=0))",
    },
}
exercise.symptoms = {
    "with the least bits of each image subtracted, no power is above 1, and one is 1.": {
        "This is right, but not if orders are far apart.": (
            "bits.min(axis=0)",
            "bits.max(axis=0)",
        )
    }
}
