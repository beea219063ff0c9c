"""8.2: a score from batches, of which the last may be smaller."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch07.prices import log_softmax, pick


def evaluate(model, images, batch_size=16):
    """Score images of one size, a batch at a time: the mean over all values, in bits.

    images: uint8 (N, H, W, colours). The last batch may be smaller. Returns a float.
    """
    total = 0.0
    for start in range(0, len(images), batch_size):
        log_p = model.log_prob(images[start : start + batch_size])  # (B, H, W, colours)
        total -= ops.convert_to_numpy(log_p).sum(dtype="float64")
    return float(total / images.size / np.log(2))


class Array(np.ndarray):
    """An array with the method `numpy` of a tensor."""

    def numpy(self):
        return np.asarray(self)


class Histogram:
    """A model that knows only a histogram, and takes no more than so many images at a time."""

    levels = 256

    def __init__(self, colours, at_once):
        rng = np.random.default_rng(colours)
        logits = rng.normal(0, 2, (colours, 256)).cumsum(1) / 8
        self.log_p = log_softmax(logits).astype("float32")  # (colours, 256)
        self.colours, self.at_once = colours, at_once

    def __call__(self, images, training=False):
        images = np.asarray(images)
        if len(images) > self.at_once:
            says = f"The model got {len(images)} images at once, but batch_size is {self.at_once}."
            raise Wrong(says, "take slices of the array: images[0:4], images[4:8], and so on.")
        if images.dtype != np.uint8 or images.ndim != 4:
            got = f"{images.dtype} {images.shape}"
            raise ValueError(f"the model takes uint8 images (N, H, W, colours), got {got}")
        return np.broadcast_to(self.log_p, (*images.shape, 256)).view(Array)

    def check_images(self, images):
        says = "This calls the library's losses.score."
        raise Wrong(says, "write it yourself, with model.log_prob.")

    def log_prob(self, images):
        return pick(np.asarray(images), self(images)).view(Array)

    def predict(self, images, batch_size=32, verbose=0):
        return np.concatenate([self(batch) for batch in batches(images, batch_size)])


def growing(n, height, width, colours):
    """Images that grow brighter, so that the last batch is unlike the first."""
    rng = np.random.default_rng(n)
    bright = np.linspace(0, 200, n)[:, None, None, None]
    return (bright + rng.integers(50, size=(n, height, width, colours))).astype("uint8")


def batches(images, batch_size):
    return [images[i : i + batch_size] for i in range(0, len(images), batch_size)]


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

# Mistakes, each as a reader writes it

right = evaluate  # some of them start from it


def paid(model, images):
    """Bits of each value of a batch."""
    return -model.log_prob(images) / np.log(2)


@exercise.mistake(
    "This is the mean of the batches' means: the images of a small last batch count too much.",
    hint="sum over all values first, divide at the end.",
)
def mean_of_means(model, images, batch_size=16):
    return np.mean([paid(model, batch).mean() for batch in batches(images, batch_size)])


left_out = exercise.mistake("The last, smaller batch is left out.", hint="its images count, too.")


@left_out
def whole_batches_only(model, images, batch_size=16):
    kept = [paid(model, b) for b in batches(images, batch_size) if len(b) == batch_size]
    return np.mean(kept)


@left_out
def but_divided_by_all(model, images, batch_size=16):
    kept = [paid(model, b).sum() for b in batches(images, batch_size) if len(b) == batch_size]
    return sum(kept) / images.size


@exercise.mistake(
    "The last batch is counted as if it were full.", hint="how many images are there in all?"
)
def as_if_full(model, images, batch_size=16):
    parts = batches(images, batch_size)
    return sum(paid(model, b).sum() for b in parts) / (len(parts) * batch_size * images[0].size)


@exercise.mistake("These are nats.", hint="log2 x = log x / log 2.")
def nats(model, images, batch_size=16):
    return right(model, images, batch_size) * np.log(2)


@exercise.mistake(
    "The bits are those of a pixel, not of a value.",
    hint="each colour of a pixel is one dimension.",
)
def of_a_pixel(model, images, batch_size=16):
    return right(model, images, batch_size) * images.shape[-1]


@exercise.mistake(
    "The bits are those of a whole image, not of a value.",
    hint="divide by the number of values in an image, too.",
)
def of_an_image(model, images, batch_size=16):
    return right(model, images, batch_size) * images[0].size


@exercise.mistake(
    "The bits of all values are added up.", hint="per dimension: divide the sum once. By what?"
)
def of_all(model, images, batch_size=16):
    return right(model, images, batch_size) * images.size


@exercise.mistake(
    "The sum over all values is divided by the number of batches.",
    hint="per dimension: how many values are there in all?",
)
def by_batches(model, images, batch_size=16):
    return right(model, images, batch_size) * images.size / len(batches(images, batch_size))


@exercise.mistake(
    "The logarithm is taken a second time.",
    hint="log_prob gives logarithms already: divide by log 2 to change their base.",
)
def log_of_logs(model, images, batch_size=16):
    return np.mean([np.log2(-model.log_prob(image[None])).mean() for image in images])


@exercise.mistake(
    "The last batch is filled up, and what fills it is scored too.",
    hint="a slice may be shorter than batch_size: score only the images that there are.",
)
def filled_up(model, images, batch_size=16):
    more = np.zeros((-len(images) % batch_size, *images.shape[1:]), "uint8")
    return right(model, np.concatenate([images, more]), batch_size)


@exercise.mistake(
    "The first image is left out.", hint="a range that starts at 1 begins with the second image."
)
def first_left_out(model, images, batch_size=16):
    return right(model, images[1:], batch_size)


@exercise.mistake(
    "Each mean counts as if its batch were full, also the last one.",
    hint="add up the values of each batch, and divide once, at the end.",
)
def means_of_full_batches(model, images, batch_size=16):
    parts = batches(images, batch_size)
    return sum(paid(model, part).mean() for part in parts) * batch_size / len(images)


@exercise.mistake(
    "Neighbouring batches overlap.", hint="the next batch starts where this one ends."
)
def overlapping(model, images, batch_size=16):
    starts = range(0, len(images), max(1, batch_size - 1))
    parts = [paid(model, images[start : start + batch_size]) for start in starts]
    return np.concatenate([part.ravel() for part in parts]).mean()


@exercise.mistake(
    "The means of the batches are added up.", hint="what is the mean over all values?"
)
def sum_of_means(model, images, batch_size=16):
    return sum(paid(model, batch).mean() for batch in batches(images, batch_size))


@exercise.mistake("Only the first batch is scored.", hint="continue to the end of the images.")
def returns_in_the_loop(model, images, batch_size=16):
    return paid(model, images[:batch_size]).mean()


last = exercise.mistake(
    "Only the last batch is scored.", hint="each pass through the loop must add to the sum."
)


@last
def overwritten(model, images, batch_size=16):
    return paid(model, batches(images, batch_size)[-1]).mean()


@last
def overwritten_and_divided(model, images, batch_size=16):
    return paid(model, batches(images, batch_size)[-1]).sum() / images.size


@exercise.mistake(
    "This is the price of a mean probability, not a mean price.",
    hint="the mean of logarithms is not the logarithm of a mean.",
)
def log_of_the_mean(model, images, batch_size=16):
    p = [np.exp(model.log_prob(batch)) for batch in batches(images, batch_size)]
    return -np.log2(np.concatenate(p).mean())


# Mistakes that a condition describes well enough


@exercise.caught("The model got 12 images at once, but batch_size is 3.")
def all_at_once(model, images, batch_size=16):
    return paid(model, images).mean()


@exercise.caught("The model got 12 images at once, but batch_size is 3.")
def always_sixteen(model, images, batch_size=16):
    return right(model, images, 16)


@exercise.caught("raised ValueError: the model takes uint8 images")
def scaled(model, images, batch_size=16):
    return right(model, images / 255, batch_size)


@exercise.caught("so there is one batch: expected")
def as_probabilities(model, images, batch_size=16):
    return np.mean([1 - np.exp(model.log_prob(image[None])) for image in images])


@exercise.caught("so the last batch is smaller: expected")
def one_too_few(model, images, batch_size=16):
    spare = len(images) - (len(images) % batch_size > 0)
    return right(model, images[: max(spare, 1)], batch_size)


@exercise.caught("so all batches are full: expected")
def first_image_of_each(model, images, batch_size=16):
    return right(model, images[::batch_size] if len(images) > batch_size else images, 1)
