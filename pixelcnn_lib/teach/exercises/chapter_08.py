"""Exercises of chapter 8: steps, scores, and what a curve says."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.model import PixelCNN
from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, Wrong, agrees


def small_runs():
    """Small models, an optimiser's class and rate, and two batches each."""
    rng = np.random.default_rng(8)
    cases = []
    for optimizer, rate, colours, head in [
        (keras.optimizers.SGD, 0.5, 3, LogisticMixtureHead(2)),
        (keras.optimizers.Adam, 0.02, 1, LogisticMixtureHead(3)),
    ]:
        keras.utils.set_random_seed(colours)
        model = PixelCNN(2, 1, 2, levels=8, colours=colours, head=head)
        model.start = model.get_weights()
        batches = rng.integers(8, size=(2, 3, 2, 5, colours)).astype("uint8")
        cases.append((model, optimizer, rate, batches))
    return cases


def two_steps(train_step, model, optimizer, rate, batches):
    """What two steps return, and where they leave the weights."""
    model.set_weights(model.start)
    optimizer = optimizer(rate)
    returned = [float(np.asarray(train_step(model, optimizer, batch))) for batch in batches]
    after = np.concatenate([np.ravel(weight) for weight in model.get_weights()])
    before = np.concatenate([np.ravel(weight) for weight in model.start])
    return {"loss": np.array(returned), "weights": 100 * (after - before)}


def stepping(unit=1.0, sign=1.0, reduce=ops.mean, after=False, skip=0, step=True, repeat=1):
    """A wrong training step, with knobs for what goes wrong."""

    def loss_of(model, images):
        bits = losses.bits_per_dim(images, model(images))
        return reduce(ops.reshape(bits, (len(images), -1))[:, skip:]) * unit

    def train_step(model, optimizer, images):
        import tensorflow as tf

        for _ in range(repeat):
            with tf.GradientTape() as tape:
                loss = loss_of(model, images)
                target = sign * loss
            gradients = tape.gradient(target, model.trainable_variables)
            if step:
                optimizer.apply(gradients, model.trainable_variables)
        return float(loss_of(model, images) if after else loss)

    return train_step


def no_gradients(answer):
    """The forward pass stands inside the tape."""
    for case in answer.exercise.inputs:
        if "No gradients" in str(answer.outcome(case)):
            return Wrong(
                "The tape saw no way from the weights to the loss: all gradients are None.",
                "run the model inside the with block.",
            )


class Counted:
    """A model that knows a histogram alone, and takes no more than so many images at a time."""

    levels = 256

    def __init__(self, colours, at_once):
        rng = np.random.default_rng(colours)
        logits = rng.normal(0, 2, (colours, 256)).cumsum(1) / 8
        self.log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))  # (colours, 256)
        self.colours, self.at_once = colours, at_once

    def __call__(self, images):
        images = np.asarray(images)
        if images.ndim != 4:
            raise ValueError(f"images must be (N, H, W, colours), got {images.shape}")
        if len(images) > self.at_once:
            raise MemoryError(f"{len(images)} images at once, where batch_size is {self.at_once}")
        return np.broadcast_to(self.log_p, (*images.shape, 256))

    def log_prob(self, images):
        images = np.asarray(images)
        return np.take_along_axis(self(images), images[..., None].astype(int), -1)[..., 0]


def growing(n, height, width, colours):
    """Images that grow brighter, so that the last batch is unlike the first."""
    rng = np.random.default_rng(n)
    bright = np.linspace(0, 200, n)[:, None, None, None]
    return (bright + rng.integers(50, size=(n, height, width, colours))).astype("uint8")


def batches_of(images, batch_size):
    return [images[i : i + batch_size] for i in range(0, len(images), batch_size)]


def batch_means(model, images, batch_size=16):
    return np.mean([-model.log_prob(b).mean() for b in batches_of(images, batch_size)]) / np.log(2)


def full_batches(model, images, batch_size=16):
    whole = [b for b in batches_of(images, batch_size) if len(b) == batch_size]
    return np.mean([-model.log_prob(b).mean() for b in whole]) / np.log(2)


def as_if_full(model, images, batch_size=16):
    parts = batches_of(images, batch_size)
    total = sum(-model.log_prob(b).sum() for b in parts)
    return total / (len(parts) * batch_size * images[0].size) / np.log(2)


NAMES = {"a": "overfit", "b": "leak", "c": "honest", "d": "rate too high"}
SAID = {
    ("a", "leak"): "A leak shows on fresh images too: the model reads their values as well.",
    ("a", "honest"): "Its training loss goes below the floor, and its fresh score goes up.",
    ("a", "rate too high"): "Its training loss falls steadily; the steps are not too long.",
    ("b", "overfit"): "A model that overfits is bad on fresh images. This one is splendid on both.",
    ("b", "honest"): "On fresh draws no honest model stays below the entropy of the source.",
    ("b", "rate too high"): "It falls far, and on fresh images as well.",
    ("c", "overfit"): "Its training loss and its fresh score stay together.",
    ("c", "leak"): "It stays above the floor.",
    ("c", "rate too high"): "It comes down, and settles near the floor.",
    ("d", "overfit"): "It has not even learnt its training images.",
    ("d", "leak"): "A model that can see the answer would do better than this.",
    ("d", "honest"): "It stays far above what smaller steps have reached.",
}
CLUES = {
    "a": "compare the two pictures: where are its training images, and where the fresh ones?",
    "b": "what can be below the entropy on images that were never seen?",
    "c": "what would a sound run look like, on both pictures?",
    "d": "what does it do in training, after the first stage?",
}


def names(name_curves):
    """The four names, in order."""
    said = name_curves()
    if not isinstance(said, dict):
        raise TypeError(f"expected a dict, got {type(said).__name__}")
    return np.array([str(said.get(run, "missing")).strip().lower() for run in NAMES])


def named(run):
    """Make a condition: one of the four curves has its right name."""

    def condition(answer):
        said = str(answer()[list(NAMES).index(run)])
        if (run, said) in SAID:
            return Wrong(f"Curve {run}, {said}? {SAID[run, said]}", CLUES[run])
        if said != NAMES[run]:
            return Wrong(
                f"Curve {run}: {said!r} is none of the four names.",
                f"choose among {', '.join(sorted(NAMES.values()))}.",
            )

    condition.__name__ = f"curve {run}"
    return condition


EXERCISES = [
    Exercise(
        id="8.1",
        title="A training step by hand",
        minutes=10,
        difficulty=2,
        twin=answers.train_step,
        hints=(
            "What must the tape see to find its way from the loss back to the weights?",
            "Inside `with tf.GradientTape() as tape:` compute logits and loss; after it, ask for the "
            "gradients and apply them.",
            "tape.gradient(loss, model.trainable_variables) gives a list for optimizer.apply.",
        ),
        cases=small_runs,
        probe=two_steps,
        shown=lambda model, optimizer, rate, batches: f"two steps of {optimizer.__name__}({rate})",
        axes=("step",),
        tolerance=2e-3,
        conditions=[
            no_gradients,
            agrees(
                "weights",
                "{call}: the weights are not where they should be.",
                "the optimiser moves every weight once, by the gradient of the mean over the batch.",
                part="weights",
            ),
            agrees(
                "loss",
                "{call}: expected a loss of {expected} at {place}, got {got}.",
                "the loss is the mean of losses.bits_per_dim, before the weights move.",
                part="loss",
            ),
        ],
        mistakes=[
            Mistake(
                stepping(step=False),
                "The loss is right, but no weight has moved.",
                "who applies the gradients?",
            ),
            Mistake(
                stepping(sign=-1.0),
                "The weights move uphill: the loss grows.",
                "an optimiser goes against the gradient of what it is given, by itself.",
            ),
            Mistake(
                stepping(after=True),
                "The weights are right; the loss returned is the one after the step.",
                "return the loss that the tape saw.",
            ),
            Mistake(
                stepping(unit=float(np.log(2))),
                "The loss is in nats.",
                "losses.bits_per_dim gives bits already.",
            ),
            Mistake(
                stepping(unit=float(1 / np.log(2))),
                "The bits were divided by log 2 once more.",
                "losses.bits_per_dim gives bits already.",
            ),
            Mistake(
                stepping(reduce=ops.sum),
                "The loss is the sum over all values, so a step is that much longer.",
                "take the mean.",
            ),
            Mistake(
                stepping(skip=1),
                "The first value of each image is left out of the loss.",
                "here all values count, the first one too.",
            ),
            Mistake(stepping(repeat=2), "Each call takes two steps.", "apply the gradients once."),
        ],
    ),
    Exercise(
        id="8.2",
        title="Evaluate, with a ragged last batch",
        minutes=8,
        difficulty=1,
        twin=answers.evaluate,
        hints=(
            "Which should weigh the same: batches, or values?",
            "Add up the log-probabilities of all batches, and divide once, at the end.",
            "images[start : start + batch_size] for start in range(0, len(images), batch_size); the "
            "number of values is images.size; nats become bits by / np.log(2).",
        ),
        cases=lambda: [
            (Counted(3, 4), growing(9, 2, 3, 3), 4),
            (Counted(1, 16), growing(21, 3, 2, 1), 16),
            (Counted(3, 5), growing(3, 2, 2, 3), 5),
        ],
        shown=lambda model, images, batch_size: f"{len(images)} images in batches of {batch_size}",
        tolerance=1e-4,
        conditions=[
            agrees(
                "mean over all values",
                "{call}: expected {expected} bits per dimension, got {got}.",
                "every image counts once, and every value the same.",
            )
        ],
        mistakes=[
            Mistake(
                batch_means,
                "This is the mean of the batches' means: images of a small last batch weigh more.",
                "sum over all values first, divide at the end.",
            ),
            Mistake(
                full_batches,
                "The last, smaller batch is left out.",
                "its images count as well.",
            ),
            Mistake(
                as_if_full,
                "The last batch is counted as if it were full.",
                "how many images are there in all?",
            ),
            Mistake(
                lambda model, images, batch_size=16: (
                    answers.evaluate(model, images, batch_size) * np.log(2)
                ),
                "These are nats.",
                "log2 x = log x / log 2.",
            ),
            Mistake(
                lambda model, images, batch_size=16: -answers.evaluate(model, images, batch_size),
                "The sign is wrong: bits are never below 0.",
                "a log-probability is negative; its price is not.",
            ),
            Mistake(
                lambda model, images, batch_size=16: (
                    answers.evaluate(model, images, batch_size) * images.shape[-1]
                ),
                "The bits are those of a pixel, not of a value.",
                "a pixel is as many dimensions as it has colours.",
            ),
            Mistake(
                lambda model, images, batch_size=16: (
                    answers.evaluate(model, images, batch_size) * images[0].size
                ),
                "The bits are those of a whole image, not of a value.",
                "divide by the number of values in an image too.",
            ),
            Mistake(
                lambda model, images, batch_size=16: answers.evaluate(model, images[:batch_size]),
                "Only the first batch is scored.",
                "go on to the end of the images.",
            ),
        ],
    ),
    Prediction(
        id="8.q1",
        right=0.78,
        within=0.05,
        why="0.999995 ** 50000 = 0.78: after the whole run the rate is still at 78 %.",
    ),
    Prediction(
        id="8.q2",
        right="black",
        why="It learnt to copy what stands at each place. Before anything is drawn, black stands "
        "there.",
        replies={
            "houses": "A network that draws houses would have to predict them. This one has no need.",
            "noise": "Close: it returns noise if noise stands on the canvas. An empty one is black.",
        },
    ),
    Exercise(
        id="8.3",
        title="Name four curves",
        minutes=5,
        difficulty=1,
        twin=answers.name_curves,
        hints=(
            "Look at both pictures: what does each run do on fresh images?",
            "Below the floor on fresh images only a cheat can be; below it in training alone, one that "
            "learnt its images by heart.",
            "One run is below the floor on both pictures, one in training alone, one just above it on "
            "both, one far above it on both.",
        ),
        cases=[()],
        probe=names,
        conditions=[named(run) for run in NAMES],
    ),
]
