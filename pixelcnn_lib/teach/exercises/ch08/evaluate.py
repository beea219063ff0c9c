"""8.2: a score from batches, of which the last may be smaller."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch08.at_work import Histogram, batches, growing


def evaluate(model, images, batch_size=16):
    """Score images of one size, a batch at a time: the mean over all values, in bits.

    images: uint8 (N, H, W, colours). The last batch may be smaller. Returns a float.
    """
    total = 0.0
    for start in range(0, len(images), batch_size):
        log_p = model.log_prob(images[start : start + batch_size])  # (B, H, W, colours)
        total -= ops.convert_to_numpy(log_p).sum(dtype="float64")
    return float(total / images.size / np.log(2))


exercise = Exercise(
    id="8.2",
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
        "a single batch": (Histogram(3, 5), growing(5, 2, 3, 3), 5),
        "a single batch, grey": (Histogram(1, 4), growing(4, 3, 2, 1), 4),
        "whole batches": (Histogram(3, 3), growing(12, 3, 2, 3), 3),
        "a batch of one at the end": (Histogram(3, 4), growing(9, 2, 3, 3), 4),
        "the batch size by default": (Histogram(1, 16), growing(21, 3, 2, 1)),
        "single images": (Histogram(2, 1), growing(4, 1, 5, 2), 1),
        "nearly whole": (Histogram(4, 7), growing(13, 1, 2, 4), 7),
    },
    shown=lambda model, images, batch_size="16 by default": (
        f"{len(images)} images {images.shape[1:]}, batch_size={batch_size}"
    ),
    tolerance=1e-4,
)


exercise.agrees(
    "one batch",
    "{call}, so there is one batch: expected {expected} bits per dimension, got {got}.",
    hint="log_prob gives one negative number for each value, in nats. What is the mean of all, in bits?",
    where=lambda model, images, batch_size=16: batch_size == len(images),
)
exercise.agrees(
    "whole batches",
    "{call}, so all batches are full: expected {expected} bits per dimension, got {got}.",
    hint="a single batch is right. Does each image count exactly once?",
    where=lambda model, images, batch_size=16: len(images) % batch_size == 0,
)
exercise.agrees(
    "a ragged batch",
    "{call}, so the last batch is smaller: expected {expected} bits per dimension, got {got}.",
    hint="full batches are right. How many values are in the last batch?",
)

# Mistakes: what readers do with the bits of the batches


def from_bits(score):
    """Make an answer that gives score(bits, images, batch_size); bits: an array for each batch."""

    def answer(model, images, batch_size=16):
        bits = [-model.log_prob(batch) / np.log(2) for batch in batches(images, batch_size)]
        return score(bits, images, batch_size)

    return answer


def total(bits):
    return sum(batch.sum() for batch in bits)


right = evaluate  # some of them start from it

exercise.mistakes_about(
    "add up the values of all batches, the last one too, and divide once, at the end.",
    {
        "This is the mean of the batches' means: the images of a small last batch count too "
        "much.": from_bits(lambda bits, *_: np.mean([batch.mean() for batch in bits])),
        "The last, smaller batch is left out.": (
            from_bits(lambda bits, _, size: np.mean([b for b in bits if len(b) == size])),
            from_bits(lambda bits, x, size: total(b for b in bits if len(b) == size) / x.size),
        ),
        "Each mean counts as if its batch were full, also the last one.": from_bits(
            lambda bits, images, size: sum(b.mean() for b in bits) * size / len(images)
        ),
        "The means of the batches are added up.": from_bits(
            lambda bits, *_: sum(batch.mean() for batch in bits)
        ),
        "Only the first batch is scored.": from_bits(lambda bits, *_: bits[0].mean()),
        "Only the last batch is scored.": from_bits(lambda bits, *_: bits[-1].mean()),
    },
)
exercise.mistakes_about(
    "per dimension: divide the sum of all bits by the number of all values.",
    {
        "The last batch is counted as if it were full.": from_bits(
            lambda bits, images, size: total(bits) / (len(bits) * size * images[0].size)
        ),
        "The bits are those of a pixel, not of a value.": from_bits(
            lambda bits, images, _: total(bits) / images[..., 0].size
        ),
        "The bits are those of a whole image, not of a value.": from_bits(
            lambda bits, images, _: total(bits) / len(images)
        ),
        "The sum over all values is divided by the number of batches.": from_bits(
            lambda bits, *_: total(bits) / len(bits)
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "The model got 12 images at once, but batch_size is 3.": lambda model, images, size=16: (
            right(model, images, 16)
        ),
        "so there is one batch: expected": from_bits(
            lambda bits, images, _: -np.log2(total(2.0**-b for b in bits) / images.size)
        ),
        "so all batches are full: expected": from_bits(
            lambda bits, *_: np.mean([b[0].mean() for b in bits] if len(bits) > 1 else bits)
        ),
        "so the last batch is smaller: expected": lambda model, images, size=16: right(
            model, np.pad(images, [(0, -len(images) % size), *[(0, 0)] * 3]), size
        ),
    }
)
