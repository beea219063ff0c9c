"""8.1: one step of training, written out."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.teach.exercises import Exercise, Wrong, apart
from pixelcnn_lib.teach.exercises.ch08.at_work import described_run, small_runs, two_steps


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
    """The tape sees the way from the weights to the loss."""
    for case in answer.exercise.inputs:
        if "No gradients" in str(answer.outcome(case)):
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


@exercise.condition
def weights(answer):
    """Both steps move each weight as far as the solution does."""
    for case in answer.exercise.inputs:
        pair = [one["weights"] for one in (answer.exercise.expected(*case), answer(*case))]
        wrong = answer.exercise.differ(*pair).any(axis=1)
        if wrong.any():
            step = int(wrong.argmax())
            expected, got = pair[0][step], pair[1][step]
            lengths = [np.linalg.norm(one) / 100 for one in (expected, got)]
            right, mine = apart(*lengths)
            should = np.abs(expected) > answer.exercise.tolerance
            still = int((should & (got == 0)).sum())
            hint = "the direction differs, too: which gradient and which optimiser move them?"
            if still:
                hint = f"{still} of the {int(should.sum())} weights that should move do not."
            elif expected @ got > 0.999e4 * np.prod(lengths):
                hint = "the direction is right. How long is a step, and how many are there?"
            return Wrong(
                f"{answer.exercise.call(case)}: after the {('first', 'second')[step]} the weights "
                f"have moved by {mine} in all; expected {right}.",
                hint,
            )


exercise.agrees(
    "second loss",
    "{call}: the weights and the first loss are right; the second loss should be {expected} bits, "
    "got {got}.",
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


exercise.mistake(
    "optimizer.apply gets the variables first, and the gradients second.",
    "the gradients come first.",
    step(apply=lambda optimizer, gradients, variables: optimizer.apply(variables, gradients)),
)
exercise.mistake(
    "The loss becomes a Python number inside the tape, so the tape cannot go back from it.",
    "give the tensor to tape.gradient, and use float only for the result.",
    step(lambda bits: float(ops.mean(bits))),
)
exercise.mistakes_about(
    "bits are above 0, and an optimiser makes the loss that it gets smaller.",
    {
        "The weights move in the wrong direction, and the returned loss is below 0.": step(
            lambda bits: -ops.mean(bits)
        ),
        "The weights move in the wrong direction: the loss grows.": step(
            lambda bits: -ops.mean(bits), ops.mean
        ),
    },
)
exercise.mistakes_about(
    "losses.bits_per_dim gives bits already: nothing has to be divided or multiplied.",
    {
        "The loss is in nats.": step(lambda bits: ops.mean(bits) * LN2),
        "The bits are divided by log 2 a second time.": step(lambda bits: ops.mean(bits) / LN2),
    },
)
exercise.mistakes_about(
    "inside the with block, take the mean over all values: images, rows, columns and colours.",
    {
        "The loss is the sum over all values, so the step is far too long.": step(ops.sum),
        "The returned loss is the mean, but the weights follow the gradient of the sum.": step(
            ops.sum, ops.mean
        ),
        "The loss is that of a pixel, not of a value.": step(
            lambda bits: ops.mean(ops.sum(bits, axis=-1))
        ),
    },
)
exercise.mistake(
    "The loss is right, but no weight has moved.",
    "apply the gradients once in each call.",
    step(apply=lambda *all: None),
)


@exercise.mistake(
    "The weights are right, but the returned loss is the one after the step.",
    "return the loss that was computed inside the tape.",
)
def loss_after(model, optimizer, images):
    step()(model, optimizer, images)
    return ops.mean(losses.bits_per_dim(images, model(images)))


# Mistakes that a condition describes well enough


@exercise.caught("the second loss should be")
def mean_so_far(model, optimizer, images):
    loss = step()(model, optimizer, images)
    model.first_loss = loss if optimizer.iterations == 1 else model.first_loss
    return (loss + model.first_loss) / 2


exercise.all_caught(
    {
        "all gradients are None": step(lambda bits: ops.mean(ops.convert_to_numpy(bits))),
        "the first should return a loss of": step(lambda bits: ops.mean(bits[..., -1])),
        "weights that should move do not": step(apply=lambda opt, g, v: opt.apply(g[2:], v[2:])),
        "the direction is right": step(lambda bits: ops.mean(bits) * LN2, ops.mean),
        "the direction differs, too": step(
            apply=lambda opt, g, v: opt.apply([ops.sign(one) for one in g], v)
        ),
        "the optimiser took 4 steps, expected 2": step(
            apply=lambda *all: (apply(*all), apply(*all))
        ),
        "expected one number": step(returns=lambda bits: bits),
    }
)
