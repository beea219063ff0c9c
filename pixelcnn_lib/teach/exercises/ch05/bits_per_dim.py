"""5.1: the loss, as the bits spent on each value."""

import numpy as np

from pixelcnn_lib import losses
from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.in_network import by_a_network


def scored(shape, levels, scale, middle=0.0, dtype="uint8"):
    """Random images and logits of some size, always the same."""
    rng = np.random.default_rng(levels)
    images = rng.integers(levels, size=shape).astype(dtype)
    return images, rng.normal(middle, scale, (*shape, levels)).astype("float32")


def show_surprise(bits_per_dim):
    from pixelcnn_lib import data
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    image = data.photographs("test")[1].image[88:120, 104:136]
    bits = to_numpy(bits_per_dim(image[None], to_numpy(PixelCNN.pretrained()(image[None]))))
    return figures.show_bits(image, bits[0].mean(axis=2))


exercise = Exercise(
    id="5.1",
    title="The loss, in bits",
    minutes=5,
    difficulty=1,
    solution=losses.bits_per_dim,
    hints=(
        "A value pays for the probability of one level: which one?",
        "Three steps: turn the logits into log-probabilities, pick the level that came, change the "
        "unit.",
        "The index is ops.cast(images, 'int32')[..., None], and [..., 0] drops this axis again. "
        "log2 x = log x / log 2.",
    ),
    cases=lambda: {
        "wide, three colours, 256 levels": scored((2, 3, 5, 3), 256, 2.0),
        "floats above 255": scored((1, 2, 3, 2), 700, 1.0, dtype="float32"),
        "four colours, logits apart": scored((3, 2, 3, 4), 5, 400.0),
        "logits far above 0": scored((1, 2, 2, 3), 4, 2.0, middle=1000.0),
    },
    shown=lambda images, logits: f"bits_per_dim(images, logits) with logits {logits.shape}",
    axes=("image", "row", "column", "colour"),
    tolerance=1e-4,
    after=show_surprise,
    seen="A piece of the flower, and what each of its pixels costs by your loss.",
)
exercise.agrees(
    "{call}: expected {expected} bits at {place}, got {got}.",
    hint="compute this one value by hand: its logits, their softmax, the level that came, -log2.",
)
exercise.mistaken = {
    "a price is -log2 of the probability: log2 x = log x / log 2, and it is never below 0.": {
        "These are nats: the logarithm is natural.": "-log_p",
        "Each value has its own price. This is the mean of all.": "ops.mean(-log_p / LOG_2)",
    },
    "log_softmax makes log-probabilities of the logits themselves, over the last axis, the levels.": {
        "The logits were read as log-probabilities.": (
            "ops.log_softmax(logits, axis=-1)",
            "logits",
        ),
        "The softmax is taken over the colours, not over the levels.": ("axis=-1), ", "axis=-2), "),
    },
    "Keras's sparse_categorical_crossentropy has an argument from_logits.": {
        "The logits were read as probabilities, and clipped to lie between 0 and 1.": (
            "log_softmax(logits, axis=-1)",
            "log_softmax(ops.log(ops.clip(logits, 1e-7, 1 - 1e-7)), axis=-1)",
        )
    },
}
exercise.symptoms = {
    "follow a logit of 1000 through each step. exp makes it infinite, and clipping changes it; a "
    "softmax rounds small probabilities to 0. A log-softmax over axis -1, alone, does none of this.": {
        "This is right for small logits, but not for large ones.": (
            "ops.log_softmax(logits, axis=-1)",
            "logits - ops.log(ops.sum(ops.exp(logits), axis=-1, keepdims=True))",
        ),
        "This is right where the logits are close to each other, but not where they are far apart.": (
            "ops.log_softmax(logits, axis=-1)",
            "ops.log(ops.softmax(logits, axis=-1))",
        ),
    },
}
by_a_network(exercise, (None, 2, 3, 3), (None, 2, 3, 3, 4))
