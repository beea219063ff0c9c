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


def whole(model, images, batch_size=16):
    """Is the last batch as large as the others?"""
    return len(images) % batch_size == 0


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
    where=whole,
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


def full(bits, size):
    return [batch for batch in bits if len(batch) == size]


exercise.mistake(
    "This is the mean of the batches' means: the images of a small last batch count too much.",
    "sum over all values first, divide at the end.",
    from_bits(lambda bits, *_: np.mean([batch.mean() for batch in bits])),
)
exercise.mistake(
    "The last, smaller batch is left out.",
    "its images count, too.",
    from_bits(lambda bits, images, size: np.mean(full(bits, size))),
    from_bits(lambda bits, images, size: total(full(bits, size)) / images.size),
)
exercise.mistake(
    "The last batch is counted as if it were full.",
    "how many images are there in all?",
    from_bits(lambda bits, images, size: total(bits) / (len(bits) * size * images[0].size)),
)
for what, size in {
    "a pixel": lambda images: images.shape[-1],
    "a whole image": lambda images: images[0].size,
    "all images together": lambda images: images.size,
}.items():
    exercise.mistake(
        f"The bits are those of {what}, not of a value.",
        "per dimension: divide the sum of all bits by the number of all values.",
        from_bits(lambda bits, images, _, size=size: total(bits) / images.size * size(images)),
    )
exercise.mistake(
    "The sum over all values is divided by the number of batches.",
    "per dimension: how many values are there in all?",
    from_bits(lambda bits, *_: total(bits) / len(bits)),
)
exercise.mistake(
    "The logarithm is taken a second time.",
    "log_prob gives logarithms already: divide by log 2 to change their base.",
    from_bits(lambda bits, images, _: total(np.log2(b * np.log(2)) for b in bits) / images.size),
)
exercise.mistake(
    "The last batch is filled up, and what fills it is scored too.",
    "a slice may be shorter than batch_size: score only the images that there are.",
    lambda model, images, size=16: right(
        model, np.pad(images, [(0, -len(images) % size), *[(0, 0)] * 3]), size
    ),
)
exercise.mistake(
    "The first image is left out.",
    "a range that starts at 1 begins with the second image.",
    lambda model, images, size=16: right(model, images[1:], size),
)
exercise.mistake(
    "Each mean counts as if its batch were full, also the last one.",
    "add up the values of each batch, and divide once, at the end.",
    from_bits(lambda bits, images, size: sum(b.mean() for b in bits) * size / len(images)),
)
exercise.mistake(
    "Neighbouring batches overlap.",
    "the next batch starts where this one ends.",
    lambda model, images, size=16: right(
        model,
        np.concatenate([images[k : k + size] for k in range(0, len(images), max(1, size - 1))]),
        size,
    ),
)
exercise.mistake(
    "The means of the batches are added up.",
    "what is the mean over all values?",
    from_bits(lambda bits, *_: sum(batch.mean() for batch in bits)),
)
exercise.mistake(
    "Only the first batch is scored.",
    "continue to the end of the images.",
    from_bits(lambda bits, *_: bits[0].mean()),
)
exercise.mistake(
    "Only the last batch is scored.",
    "each pass through the loop must add to the sum.",
    from_bits(lambda bits, *_: bits[-1].mean()),
    from_bits(lambda bits, images, _: bits[-1].sum() / images.size),
)
exercise.mistake(
    "This is the price of a mean probability, not a mean price.",
    "the mean of logarithms is not the logarithm of a mean.",
    from_bits(lambda bits, images, _: -np.log2(total(2.0**-b for b in bits) / images.size)),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "The model got 12 images at once, but batch_size is 3.": lambda model, images, size=16: (
            right(model, images, 16)
        ),
        "so there is one batch: expected": from_bits(
            lambda bits, images, _: total(1 - 2.0**-b for b in bits) / images.size
        ),
        "so the last batch is smaller: expected": lambda model, images, size=16: right(
            model, images[: len(images) - (len(images) % size > 0)], size
        ),
        "so all batches are full: expected": from_bits(
            lambda bits, *_: np.mean([b[0].mean() for b in bits] if len(bits) > 1 else bits)
        ),
        "raised ValueError: the model takes uint8 images": lambda model, images, size=16: right(
            model, images / 255, size
        ),
    }
)
