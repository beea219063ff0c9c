"""8.1: one step of training, written out."""

import functools

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead
from pixelcnn_lib.teach.exercises import Exercise, Wrong, apart, briefly, to_numpy


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


@functools.cache
def small_runs():
    """Small models, each with a function that makes its optimiser, and the images of two steps."""
    sgd, adam = keras.optimizers.SGD, keras.optimizers.Adam
    cases, rng = {}, np.random.default_rng(8)
    for name, optimizer, colours, head in [
        ("plain steps", lambda: sgd(0.5), 3, LogisticMixtureHead(2)),
        ("steps with a memory", lambda: adam(0.02, epsilon=1e-3), 1, LogisticMixtureHead(3)),
        ("a frozen layer", lambda: sgd(0.2, momentum=0.9), 2, CategoricalHead),
    ]:
        keras.utils.set_random_seed(colours)
        model = PixelCNN(2, 1, 2, levels=8, colours=colours, head=head)
        model.first.trainable = name != "a frozen layer"
        model.start = model.get_weights()
        images = rng.integers(8, size=(2, 3, 2, 5, colours)).astype("uint8")
        cases[name] = model, optimizer, images
    return cases


def two_steps(train_step, model, optimizer, images):
    """What two steps return, and how far each weight is from its start after either, in percent."""
    model.set_weights(model.start)
    optimizer, returned, moved = optimizer(), [], []
    optimizer.build(model.trainable_variables)  # under tf.function nothing may be built later
    for batch in images[0], images[1, :2]:
        loss = train_step(model, optimizer, batch)
        if loss is None or loss is ...:
            return loss
        several = isinstance(loss, (tuple, list, dict))
        found = np.empty(2) if several else to_numpy(loss)
        if found.shape or found.dtype.kind not in "biuf":
            hint = "the loss is a mean over all values: one number."
            raise Wrong(f"train_step returned {briefly(loss)}; expected one number.", hint)
        returned.append(found)
        pairs = zip(model.get_weights(), model.start)
        moved.append(np.concatenate([np.ravel(after - before) for after, before in pairs]))
    steps = np.array(int(optimizer.iterations))
    return {"steps": steps, "loss": np.array(returned, "float64"), "weights": 100 * np.array(moved)}


def described(model, optimizer, images):
    made = optimizer()
    rate = float(made.learning_rate)
    return f"Two steps of {type(made).__name__}({rate:.3g}), {images.shape[-1]} colour{(images.shape[-1] > 1) * 's'}"


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
    shown=described,
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

# Mistakes, each as a reader writes it

LN2 = float(np.log(2))


def record(model, images, loss=ops.mean):
    """A loss, made of the bits of each value, and its gradient by each variable."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        found = loss(losses.bits_per_dim(images, model(images)))
    return found, tape.gradient(found, model.trainable_variables)


def step(model, optimizer, images, loss=ops.mean):
    """A step along the gradient of any loss."""
    found, gradients = record(model, images, loss)
    optimizer.apply(gradients, model.trainable_variables)
    return float(found)


@exercise.mistake(
    "optimizer.apply gets the variables first, and the gradients second.",
    hint="the gradients come first.",
)
def variables_first(model, optimizer, images):
    loss, gradients = record(model, images)
    optimizer.apply(model.trainable_variables, gradients)
    return float(loss)


@exercise.mistake(
    "The loss becomes a Python number inside the tape, so the tape cannot go back from it.",
    hint="give the tensor to tape.gradient, and use float only for the result.",
)
def number_in_the_tape(model, optimizer, images):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = float(ops.mean(losses.bits_per_dim(images, model(images))))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


for loss, message, hint in [
    (
        lambda bits: -ops.mean(bits),
        "The weights move in the wrong direction, and the returned loss is below 0.",
        "bits are above 0, and an optimiser makes the loss that it gets smaller.",
    ),
    (
        lambda bits: ops.mean(bits) * LN2,
        "The loss is in nats.",
        "losses.bits_per_dim gives bits already.",
    ),
    (
        lambda bits: ops.mean(bits) / LN2,
        "The bits are divided by log 2 a second time.",
        "losses.bits_per_dim gives bits already.",
    ),
    (
        ops.sum,
        "The loss is the sum over all values, so the step is far too long.",
        "take the mean.",
    ),
    (
        lambda bits: ops.sum(bits) / len(bits),
        "The loss is that of a whole image, not of a value.",
        "take the mean over rows, columns and colours, too.",
    ),
    (
        lambda bits: ops.mean(ops.sum(bits, axis=-1)),
        "The loss is that of a pixel, not of a value.",
        "take the mean over the colours, too.",
    ),
    (
        lambda bits: ops.mean(ops.reshape(bits, (len(bits), -1))[:, 1:]),
        "The first value of each image is left out of the loss.",
        "all values count, also the first one.",
    ),
]:
    exercise.mistake(message, hint)(functools.partial(step, loss=loss))


@exercise.mistake(
    "The loss is right, but no weight has moved.", hint="which call applies the gradients?"
)
def nothing_applied(model, optimizer, images):
    return record(model, images)[0]


@exercise.mistake(
    "The weights move in the wrong direction: the loss grows.",
    hint="the optimiser already moves against the gradient.",
)
def uphill(model, optimizer, images):
    return -step(model, optimizer, images, lambda bits: -ops.mean(bits))


@exercise.mistake(
    "The weights are right, but the returned loss is the one after the step.",
    hint="return the loss that was computed inside the tape.",
)
def loss_after(model, optimizer, images):
    step(model, optimizer, images)
    return record(model, images)[0]


@exercise.mistake(
    "The weights are right, but the returned loss is in nats.",
    hint="losses.bits_per_dim gives bits already.",
)
def returns_nats(model, optimizer, images):
    return step(model, optimizer, images) * LN2


@exercise.mistake(
    "The returned loss is in bits, but the weights follow the gradient of the nats.",
    hint="change the unit inside the with block.",
)
def moves_by_nats(model, optimizer, images):
    return step(model, optimizer, images, lambda bits: ops.mean(bits) * LN2) / LN2


@exercise.mistake(
    "The returned loss is the mean, but the weights follow the gradient of the sum.",
    hint="take the mean inside the with block.",
)
def moves_by_sum(model, optimizer, images):
    return step(model, optimizer, images, ops.sum) / images.size


@exercise.mistake(
    "Only the first image of the batch is used.", hint="the loss is the mean over the whole batch."
)
def first_image(model, optimizer, images):
    return step(model, optimizer, images[:1])


twice = exercise.mistake("Each call takes two steps.", hint="apply the gradients once.")


@twice
def last_loss_of_two(model, optimizer, images):
    return [step(model, optimizer, images) for _ in range(2)][1]


@twice
def first_loss_of_two(model, optimizer, images):
    return [step(model, optimizer, images) for _ in range(2)][0]


@twice
def applied_twice(model, optimizer, images):
    loss, gradients = record(model, images)
    for _ in range(2):
        optimizer.apply(gradients, model.trainable_variables)
    return loss


# Mistakes that a condition describes well enough

unseen = exercise.caught("all gradients are None")


@unseen
def model_outside(model, optimizer, images):
    logits = model(images)
    return step(model, optimizer, images, lambda _: ops.mean(losses.bits_per_dim(images, logits)))


@unseen
def through_numpy(model, optimizer, images):
    return step(model, optimizer, images, lambda bits: ops.mean(ops.convert_to_numpy(bits)))


@exercise.caught("the first should return a loss of")
def last_colour(model, optimizer, images):
    return step(model, optimizer, images, lambda bits: ops.mean(bits[..., -1]))


@exercise.caught("weights that should move do not")
def only_kernels(model, optimizer, images):
    loss, gradients = record(model, images)
    pairs = [pair for pair in zip(gradients, model.trainable_variables) if pair[1].ndim > 1]
    optimizer.apply_gradients(pairs)
    return loss


@exercise.caught("the direction is right")
def half_a_step(model, optimizer, images):
    loss, gradients = record(model, images)
    optimizer.apply([one / 2 for one in gradients], model.trainable_variables)
    return loss


@exercise.caught("the optimiser took 0 steps, expected 2")
def another_optimiser(model, optimizer, images):
    return step(model, keras.optimizers.SGD(0.03), images)


@exercise.caught("the optimiser took 5 steps, expected 2")
def image_by_image(model, optimizer, images):
    return np.mean([step(model, optimizer, images[[n]]) for n in range(len(images))])


@exercise.caught("the optimiser took 0 steps, expected 2")
def new_optimiser(model, optimizer, images):
    return step(model, type(optimizer).from_config(optimizer.get_config()), images)


@exercise.caught("the direction differs, too")
def decayed(model, optimizer, images):
    loss = step(model, optimizer, images)
    for variable in model.variables:
        variable.assign(0.99 * variable)
    return loss


@exercise.caught("the second loss should be")
def mean_so_far(model, optimizer, images):
    model.sum_so_far = step(model, optimizer, images) + getattr(model, "sum_so_far", 0.0)
    result = model.sum_so_far / int(optimizer.iterations)
    if optimizer.iterations == 2:
        del model.sum_so_far
    return result


@exercise.caught("expected one number")
def of_each_value(model, optimizer, images):
    return losses.bits_per_dim(images, model(images))
