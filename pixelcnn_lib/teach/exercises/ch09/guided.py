"""9.2: guidance, a wish that is pressed."""

import numpy as np
from keras import ops

from pixelcnn_lib.model import AutoregressiveModel
from pixelcnn_lib.teach.exercises import Exercise, to_numpy


def guided(model, images, labels, weight):
    """Give the probabilities of all levels of each value, with guidance.

    model: a model of faces; it returns logits (N, H, W, colours, levels).
    images: uint8 (N, H, W, colours). labels: int (N, L); 0 says nothing.
    weight: float, 0 or more; 0 gives the model's own probabilities.
    Returns (N, H, W, colours, levels); over the levels, they sum to 1.
    """
    told = ops.convert_to_numpy(model(images, labels))  # (N, H, W, colours, levels)
    untold = ops.convert_to_numpy(model(images, np.zeros_like(labels)))
    logits = told + weight * (told - untold)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))  # the largest is 1
    return p / p.sum(axis=-1, keepdims=True)


class Wishes:
    """A quick stand-in for a model of faces: a value depends on the value to its left and on labels."""

    levels, colours, classes = 4, 1, (3, 4)
    as_labels = AutoregressiveModel.as_labels

    def __init__(self, scale=1.0):
        rng = np.random.default_rng(3)
        self.of_left = scale * rng.normal(size=(4, 4))  # (left, levels)
        self.of_label = [scale * rng.normal(size=(count, 4, 4)) for count in self.classes]

    def __call__(self, images, labels=None, training=False):
        images, labels = np.asarray(to_numpy(images)).astype(int), np.asarray(to_numpy(labels))
        labels = self.as_labels(labels, len(images))
        left = np.pad(images, ((0, 0), (0, 0), (1, 0), (0, 0)))[:, :, :-1]  # (N, H, W, 1)
        logits = self.of_left[left]  # (N, H, W, 1, levels)
        for table, label in zip(self.of_label, labels.T):
            logits = logits + table[label[:, None, None, None], left]
        return to_numpy(ops.log_softmax(logits))


def some(shape, labels, weight, scale=1.0):
    """A model, images by chance but always the same, their labels, and the weight."""
    images = np.random.default_rng(shape).integers(4, size=(len(labels), *shape, 1))
    return Wishes(scale), images.astype("uint8"), np.array(labels), weight


def show_guided(guided):
    """Where the book's painter begins blue hair, by the weight."""
    from pixelcnn_lib import faces
    from pixelcnn_lib.family import PixelSNAIL
    from pixelcnn_lib.teach import figures

    painter, labels = PixelSNAIL.pretrained("faces"), faces.ask("blue hair")[None]
    empty = np.full((1, 16, 16, 1), 2, "uint8")  # background
    bars = {
        f"weight {weight}": 1 - to_numpy(guided(painter, empty, labels, weight))[0, 1, 3, 0, 2]
        for weight in (0, 0.5, 1, 2)
    }
    return figures.show_bars(bars, xlabel="probability that row 1, column 3 is not background")


exercise = Exercise(
    id="9.2",
    title="Guidance",
    minutes=6,
    difficulty=1,
    solution=guided,
    hints=(
        "You need two predictions for the same images. What must the labels be for the second one?",
        "np.zeros_like(labels) says nothing. Subtract the logits, not the probabilities, and turn "
        "logits into probabilities at the end.",
        "logits = told + weight * (told - untold); subtract logits.max(axis=-1, keepdims=True), take "
        "np.exp, and divide by the sum along the same axis.",
    ),
    cases=lambda: {
        "one image": some((2, 3), [[1, 2]], 1),
        "three images": some((3, 2), [[2, 0], [0, 3], [1, 1]], 0.5),
        "weight 0": some((2, 2), [[1, 3], [2, 0]], 0),
        "nothing is said": some((2, 3), [[0, 0]], 3),
        "a large weight": some((2, 2), [[2, 3]], 40, 10.0),
    },
    shown=lambda model, images, labels, weight: (
        f"guided(model, images {images.shape}, labels {labels.tolist()}, weight={weight})"
    ),
    axes=("image", "row", "column", "colour", "level"),
    tolerance=1e-4,
    after=show_guided,
    seen="Blue hair is asked for: how often your function begins the hair at the first pixel where "
    "the painter may.",
)
exercise.agrees(
    hint="for one pixel, print the logits told and untold, and told + weight * (told - untold)."
)
exercise.mistaken = {
    "start at the told logits: with weight 0 nothing is added, and told is what remains.": {
        "The weight counts from the untold logits: weight 1 does nothing.": (
            "told + weight * (told - untold)",
            "untold + weight * (told - untold)",
        ),
        "The difference has the wrong sign: it leads away from the wish.": (
            "(told - untold)",
            "(untold - told)",
        ),
        "The difference of the probabilities is added, not that of the logits.": (
            "(told - untold)",
            "(np.exp(told) - np.exp(untold))",
        ),
    },
    "turn the guided logits into probabilities once, over the levels, the last axis.": {
        "These are logits, not probabilities.": "logits",
        "The exponentials are not divided by their sum.": "p",
    },
    "keep to the labels: once as they come, once np.zeros_like(labels).": {
        "Both predictions are told, so the weight has no effect.": (
            "np.zeros_like(labels)",
            "labels",
        ),
    },
}
exercise.symptoms = {
    "subtract the largest logit of each value first, so that no exponential overflows.": {
        "This is right, but not if the guided logits are large.": (
            "logits - logits.max(axis=-1, keepdims=True)",
            "logits",
        ),
    },
}
