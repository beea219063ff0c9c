"""6.2: a score from batches, of which the last may be smaller."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong


def evaluate(model, images, batch_size=16):
    """Score images of one size, a batch at a time: the mean over all values, in bits.

    images: uint8 (N, H, W, colours). The last batch may be smaller. Returns a float.
    """
    total = 0.0
    for start in range(0, len(images), batch_size):
        log_p = model.log_prob(images[start : start + batch_size])  # (B, H, W, colours)
        total -= ops.convert_to_numpy(log_p).sum(dtype="float64")
    return float(total / images.size / np.log(2))


class Histogram:
    """A model that knows one histogram per colour, and takes at most `at_once` images at a time."""

    levels = 256

    def __init__(self, colours, at_once):
        rng = np.random.default_rng(colours)
        logits = rng.normal(0, 2, (colours, 256)).cumsum(1) / 8
        self.log_p = ops.log_softmax(ops.cast(logits, "float32"))  # (colours, 256)
        self.at_once = at_once

    def __call__(self, images, training=False):
        if len(images) > self.at_once:
            says = f"The model got {len(images)} images at once, but batch_size is {self.at_once}."
            raise Wrong(says, "take slices of the array: images[0:4], images[4:8], and so on.")
        return ops.broadcast_to(self.log_p, (*images.shape, 256))

    def log_prob(self, images):
        index = ops.cast(images, "int32")[..., None]
        return ops.take_along_axis(self(images), index, axis=-1)[..., 0]

    def check_images(self, images):
        says = "This calls the library's scoring.score."
        raise Wrong(says, "write it yourself, with model.log_prob.")

    def predict(self, images, batch_size=32, verbose=0):
        batches = np.split(images, range(batch_size, len(images), batch_size))
        return ops.concatenate([self(batch) for batch in batches])


def growing(n, height, width, colours):
    """Images that grow brighter, so that the last batch is unlike the first."""
    rng = np.random.default_rng(n)
    bright = np.linspace(0, 200, n)[:, None, None, None]
    return (bright + rng.integers(50, size=(n, height, width, colours))).astype("uint8")


exercise = Exercise(
    id="6.2",
    title="Evaluate, with a smaller last batch",
    minutes=8,
    difficulty=1,
    solution=evaluate,
    hints=(
        "What should count equally: batches, or values?",
        "Add up the log-probabilities of all batches, and divide once, at the end.",
        "range has a third argument, the step. A slice may reach beyond the end of an array. "
        "images.size is the number of values.",
    ),
    cases={
        "a single batch, grey": (Histogram(1, 4), growing(4, 3, 2, 1), 4),
        "whole batches": (Histogram(3, 3), growing(12, 3, 2, 3), 3),
        "a batch of one at the end": (Histogram(3, 4), growing(9, 2, 3, 3), 4),
        "the batch size by default": (Histogram(1, 16), growing(21, 3, 2, 1)),
        "single images": (Histogram(2, 1), growing(4, 1, 5, 2), 1),
    },
    shown=lambda model, images, batch_size="16 by default": (
        f"{len(images)} images {images.shape[1:]}, batch_size={batch_size}"
    ),
    tolerance=1e-4,
)
exercise.agrees(
    "{call}: expected {expected} bits per dimension, got {got}.",
    hint="log_prob gives one negative number for each value, in nats. Does each value count exactly once?",
)
exercise.mistaken(
    "add up the values of all batches, the last one too, and divide once, at the end.",
    {
        "This is the mean of the batches' means: the images of a small last batch count too "
        "much.": [
            ('sum(dtype="float64")', "mean()"),
            ("images.size", "-(-len(images) // batch_size)"),
        ],
        "The last, smaller batch is left out.": (
            "range(0, len(images), batch_size)",
            "range(0, len(images) - batch_size + 1, batch_size)",
        ),
        "The means of the batches are added up.": [
            ('sum(dtype="float64")', "mean()"),
            (" / images.size", ""),
        ],
        "Only the last batch is scored.": [
            (
                "total -= ops.convert_to_numpy(log_p).sum",
                "total = -ops.convert_to_numpy(log_p).sum",
            ),
            ("images.size", "log_p[..., 0].size"),
        ],
    },
)
exercise.mistaken(
    "per dimension: divide the sum of all bits by the number of all values.",
    {
        "The bits are those of a pixel, not of a value.": ("images.size", "images[..., 0].size"),
        "The bits are those of a whole image, not of a value.": ("images.size", "len(images)"),
        "The sum is in nats: log_prob gives natural logarithms.": (" / np.log(2)", ""),
    },
)
