"""8.1: one step of training, written out."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch08.at_work import described_run, small_runs, two_steps, weights


def train_step(model, optimizer, images):
    """Take one step of training by hand, with TensorFlow's tape.

    images: uint8 (N, H, W, colours). Changes the model's weights; returns the loss before the step,
    in bits per dimension.
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(images)  # (N, H, W, colours, levels)
        loss = ops.mean(losses.bits_per_dim(images, logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return float(loss)


exercise = Exercise(
    id="8.1",
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
    shown=described_run,
    tolerance=2e-3,
)


@exercise.condition
def no_gradients(answer):
    if any("No gradients" in str(answer.outcome(case)) for case in answer.exercise.inputs):
        return Wrong(
            "The tape saw no path from the weights to the loss: all gradients are None.",
            "run the model and the loss inside the with block, on tensors: the tape does not see NumPy.",
        )


exercise.agrees(
    "steps",
    "{call}: in two calls the optimiser took {got} steps, expected {expected}.",
    hint="each call uses the given optimiser once, on the whole batch.",
    part="steps",
)
exercise.agrees(
    "first loss",
    "{call}: the first should return a loss of {expected} bits, got {got}.",
    hint="losses.bits_per_dim gives the bits of every value. Over which values is the mean taken?",
    where=lambda *case: np.arange(2) == 0,
    part="loss",
)
exercise.condition(weights)
exercise.agrees(
    "second loss",
    "{call}: weights and first loss are right; the second loss should be {expected} bits, got {got}.",
    hint="what does your function remember from one call to the next?",
    part="loss",
)

# Mistakes: the step as most write it, with one thing changed

LN2 = float(np.log(2))
apply = keras.optimizers.Optimizer.apply  # optimizer, gradients, variables


def step(moves=ops.mean, returns=None, apply=apply):
    """Make a step along the gradient of moves(bits), which returns returns(bits), or the same."""

    def answer(model, optimizer, images):
        import tensorflow as tf

        with tf.GradientTape() as tape:
            bits = losses.bits_per_dim(images, model(images))  # (N, H, W, colours)
            loss = moves(bits)
        variables = model.trainable_variables
        apply(optimizer, tape.gradient(loss, variables), variables)
        return loss if returns is None else returns(bits)

    return answer


exercise.mistakes_about(
    "tape.gradient takes the loss as a tensor; each call applies its gradients: they come first, then the variables.",
    {
        "The variables come before the gradients.": step(apply=lambda opt, g, v: apply(opt, v, g)),
        "The loss becomes a Python number inside the tape, so the tape cannot go back from it.": (
            step(lambda bits: float(ops.mean(bits)))
        ),
        "The loss is right, but no weight has moved.": step(apply=lambda *all: None),
    },
)
exercise.mistakes_about(
    "inside the with block, the loss is the mean of losses.bits_per_dim over all values, to be made small.",
    {
        "The weights move in the wrong direction.": (
            step(lambda bits: -ops.mean(bits), ops.mean),
            step(lambda bits: -ops.mean(bits)),
        ),
        "The loss is in nats.": step(lambda bits: ops.mean(bits) * LN2),
        "The bits are divided by log 2 a second time.": step(lambda bits: ops.mean(bits) / LN2),
        "The loss is the sum over all values, so the step is far too long.": step(ops.sum),
        "The returned loss is the mean, but the weights follow the gradient of the sum.": step(
            ops.sum, ops.mean
        ),
        "The loss is that of a pixel, not of a value.": step(lambda x: ops.mean(ops.sum(x, -1))),
    },
)


@exercise.mistake(
    "The weights are right, but the returned loss is the one after the step.",
    "return the loss that was computed inside the tape.",
)
def loss_after(model, optimizer, images):
    step()(model, optimizer, images)
    return ops.mean(losses.bits_per_dim(images, model(images)))


# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "all gradients are None": step(lambda bits: ops.mean(ops.convert_to_numpy(bits))),
        "the first should return a loss of": step(lambda bits: ops.mean(bits[..., -1])),
        "weights that should move do not": step(apply=lambda opt, g, v: apply(opt, g[2:], v[2:])),
        "the direction is right": step(lambda bits: ops.mean(bits) * LN2, ops.mean),
        "took 4 steps, expected 2": step(apply=lambda *all: (apply(*all), apply(*all))),
        "the second loss should be": lambda model, optimizer, images: (
            step()(model, optimizer, images) / int(optimizer.iterations)
        ),
    }
)
