"""6.1: one step of training, written out."""

import functools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import LogisticMixtureHead
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy


def train_step(model, optimizer, images):
    """Take one step of training by hand, with TensorFlow's tape."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(images)  # (N, H, W, colours, levels)
        loss = ops.mean(losses.bits_per_dim(images, logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return float(loss)


@functools.cache
def small_runs():
    """Two small models, each with a function that makes its optimiser, and images of two steps."""
    plain = functools.partial(keras.optimizers.SGD, 0.5)
    with_memory = functools.partial(keras.optimizers.Adam, 0.02, epsilon=1e-3)
    return {
        "plain steps, three colours": small_run(plain, colours=3),
        "steps with a memory, grey, a frozen layer": small_run(with_memory, colours=1, frozen=True),
    }


def small_run(optimizer, colours, frozen=False):
    keras.utils.set_random_seed(colours)
    model = PixelCNN(2, 1, 2, levels=8, colours=colours, head=LogisticMixtureHead(2))
    model.first.trainable = not frozen
    model.start = model.get_weights()
    images = np.random.default_rng(colours).integers(8, size=(2, 3, 2, 5, colours))
    return model, optimizer, images.astype("uint8")


RETURNED = "return the loss that was computed inside the tape."


def two_steps(train_step, model, optimizer, images):
    """The loss that the first step returns, and how far two steps move each weight, in percent."""
    model.set_weights(model.start)
    optimizer, returned, moved = optimizer(), [], []
    optimizer.build(model.trainable_variables)  # under tf.function nothing may be built later
    for batch in images[0], images[1, :2]:
        loss = train_step(model, optimizer, batch)
        if isinstance(loss, (list, tuple, dict)):
            message = (
                f"train_step returned a {type(loss).__name__} of {len(loss)}: expected a number."
            )
            raise Wrong(message, RETURNED)
        returned.append(to_numpy(loss))
        pairs = zip(model.get_weights(), model.start)
        moved.append(np.concatenate([np.ravel(after - before) for after, before in pairs]))
    return {"loss": returned[0], "weights": 100 * np.array(moved)}


exercise = Exercise(
    id="6.1",
    title="A training step by hand",
    minutes=10,
    difficulty=2,
    solution=train_step,
    hints=(
        "What must the tape see, so that it can go back from the loss to the weights?",
        "The tape records what runs inside its with block. After the block, ask it for the gradient "
        "of the loss with respect to each weight.",
        "tape.gradient takes the loss and a list of variables, and gives a list of gradients; the "
        "optimiser wants both lists.",
    ),
    cases=small_runs,
    probe=two_steps,
    shown=lambda model, optimizer, images: f"two steps of {optimizer.func.__name__}",
    tolerance=2e-3,
)
exercise.agrees(
    "{call}: the first should return a loss of {expected} bits, got {got}.",
    hint="losses.bits_per_dim gives the bits of every value. Over which values is the mean taken?",
    part="loss",
)


@exercise.condition
def weights(answer):
    for case in answer.exercise.inputs:
        right, mine = (one["weights"] for one in (answer.exercise.expected(*case), answer(*case)))
        wrong = answer.exercise.differ(right, mine).sum(axis=1)  # (steps,)
        if wrong.any():
            return Wrong(
                f"{answer.exercise.call(case)}: {wrong[wrong > 0][0]} of {right.shape[1]} weights "
                f"are not where they should be after step {(wrong > 0).argmax()}.",
                "which loss, which gradient and which optimiser move them, and how often?",
            )


exercise.mistaken = {
    "tape.gradient takes the loss as a tensor; each call applies its gradients: they come first, then "
    "the variables.": {
        "The variables come before the gradients.": (
            "apply(gradients, model.trainable_variables)",
            "apply(model.trainable_variables, gradients)",
        ),
        "The loss becomes a Python number inside the tape, so the tape cannot go back from it.": (
            "ops.mean(losses.bits_per_dim(images, logits))",
            "float(ops.mean(losses.bits_per_dim(images, logits)))",
        ),
        "The tape saw no path from the weights to the loss: all gradients are None.": (
            "model(images)",
            "ops.convert_to_numpy(model(images))",
        ),
        "The loss is right, but no weight has moved.": (
            "    optimizer.apply(gradients, model.trainable_variables)\n",
            "",
        ),
        "optimizer.apply takes the gradients and the variables, not their pairs.": (
            "apply(gradients, model.trainable_variables)",
            "apply(zip(gradients, model.trainable_variables))",
        ),
    },
    "inside the with block, the loss is the mean of losses.bits_per_dim over all values, to be made small.": {
        "The loss is in nats.": ("ops.mean(", "losses.LOG_2 * ops.mean("),
        "The loss is the sum over all values, so the step is far too long.": (
            "ops.mean(",
            "ops.sum(",
        ),
    },
    RETURNED: {
        "The weights are right, but the returned loss is the one after the step.": (
            "float(ops.mean(losses.bits_per_dim(images, model(images))))"
        )
    },
}
