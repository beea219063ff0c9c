"""Answers to chapter 8."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from pixelcnn_lib import losses

LN2 = float(np.log(2))


# 8.1


def bits(model, images):
    return tf.reduce_mean(losses.bits_per_dim(images, model(images)))


def forgot_to_apply(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = bits(model, images)
    tape.gradient(loss, model.trainable_variables)
    return loss


def uphill(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = bits(model, images)
    gradients = [-g for g in tape.gradient(loss, model.trainable_variables)]
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


def score_after(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = bits(model, images)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return bits(model, images)


def in_nats(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = -ops.mean(model.log_prob(images))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss


def twice_divided(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = bits(model, images) / LN2
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss


def summed(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(losses.bits_per_dim(images, model(images)))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss


def without_the_first(model, optimizer, images):
    with tf.GradientTape() as tape:
        all_bits = losses.bits_per_dim(images, model(images))
        loss = tf.reduce_mean(tf.reshape(all_bits, (images.shape[0], -1))[:, 1:])
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss


def twice(model, optimizer, images):
    for _ in range(2):
        loss = by_apply_gradients(model, optimizer, images)
    return loss


def model_outside(model, optimizer, images):
    logits = model(images)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(losses.bits_per_dim(images, logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


def own_rule(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = bits(model, images)
    for variable, g in zip(
        model.trainable_variables, tape.gradient(loss, model.trainable_variables)
    ):
        variable.assign(variable - 0.1 * g)
    return loss


def returns_nats(model, optimizer, images):
    return by_apply_gradients(model, optimizer, images) * LN2


def of_one_image(model, optimizer, images):
    return by_apply_gradients(model, optimizer, images[:1])


def by_apply_gradients(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = bits(model, images)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss.numpy()


def by_log_prob(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = -ops.mean(model.log_prob(images)) / LN2
    variables = model.trainable_weights
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def by_cross_entropy(model, optimizer, images):
    loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([variable.value for variable in model.trainable_variables])
        loss = loss_of(images, model(images)) / LN2
    gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
    optimizer.apply(gradients, model.trainable_variables)
    return float(loss)


# 8.2


def parts(images, batch_size):
    return np.split(images, range(batch_size, len(images), batch_size))


def mean_of_means(model, images, batch_size=16):
    means = []
    for part in parts(images, batch_size):
        means.append(-np.mean(model.log_prob(part)) / LN2)
    return sum(means) / len(means)


def drops_the_last(model, images, batch_size=16):
    total = count = 0
    for i in range(len(images) // batch_size):
        log_p = model.log_prob(images[i * batch_size : (i + 1) * batch_size])
        total, count = total - log_p.sum(), count + log_p.size
    return total / count / LN2 if count else np.nan


def by_the_number_of_batches(model, images, batch_size=16):
    total = sum(-model.log_prob(part).sum() for part in parts(images, batch_size))
    batches = -(-len(images) // batch_size)
    return total / LN2 / (batches * batch_size) / np.prod(images.shape[1:])


def still_nats(model, images, batch_size=16):
    return by_lists(model, images, batch_size) * LN2


def negative(model, images, batch_size=16):
    return -by_lists(model, images, batch_size)


def by_pixel(model, images, batch_size=16):
    n, h, w, _ = images.shape
    return sum(-model.log_prob(p).sum() for p in parts(images, batch_size)) / (n * h * w) / LN2


def by_image(model, images, batch_size=16):
    return sum(-model.log_prob(p).sum() for p in parts(images, batch_size)) / len(images) / LN2


def first_batch(model, images, batch_size=16):
    return -model.log_prob(images[:batch_size]).mean() / LN2


def all_at_once(model, images, batch_size=16):
    return -model.log_prob(images).mean() / LN2


def last_batch(model, images, batch_size=16):
    for part in parts(images, batch_size):
        found = -model.log_prob(part).mean() / LN2
    return found


def by_lists(model, images, batch_size=16):
    return (
        -np.concatenate([model.log_prob(p).ravel() for p in parts(images, batch_size)]).mean() / LN2
    )


def weighted(model, images, batch_size=16):
    means = [-model.log_prob(part).mean() / LN2 for part in parts(images, batch_size)]
    return np.average(means, weights=[len(part) for part in parts(images, batch_size)])


def from_logits(model, images, batch_size=16):
    total = tf.zeros(())
    for part in parts(images, batch_size):
        logits = tf.cast(model(part), tf.float32)
        labels = part.astype("int32")
        total += tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    return total / images.size / LN2


def one_by_one(model, images, batch_size=16):
    return np.mean([-model.log_prob(image[None]).mean() for image in images]) / LN2


# 8.3


def names(a, b, c, d):
    return lambda: {"a": a, "b": b, "c": c, "d": d}


WRONG = {
    "8.1": {
        "no weight has moved": [forgot_to_apply],
        "move uphill": [uphill],
        "the one after the step": [score_after],
        "The loss is in nats": [in_nats],
        "divided by log 2 once more": [twice_divided],
        "the sum over all values": [summed],
        "The first value of each image is left out": [without_the_first],
        "takes two steps": [twice],
        "all gradients are None": [model_outside],
        "not where they should be": [own_rule, of_one_image],
        "expected a loss of": [returns_nats],
    },
    "8.2": {
        "the mean of the batches' means": [mean_of_means],
        "smaller batch is left out": [drops_the_last],
        "as if it were full": [by_the_number_of_batches],
        "These are nats": [still_nats],
        "The sign is wrong": [negative],
        "those of a pixel": [by_pixel],
        "those of a whole image": [by_image],
        "Only the first batch": [first_batch],
        "MemoryError": [all_at_once],
        "bits per dimension, got": [last_batch],
    },
    "8.3": {
        "A leak shows on fresh images too": [names("leak", "overfit", "honest", "rate too high")],
        "and its fresh score goes up": [names("honest", "leak", "overfit", "rate too high")],
        "the steps are not too long": [names("rate too high", "leak", "honest", "overfit")],
        "splendid on both": [names("overfit", "overfit", "honest", "rate too high")],
        "no honest model stays below": [names("overfit", "honest", "leak", "rate too high")],
        "stay together": [names("overfit", "leak", "overfit", "rate too high")],
        "settles near the floor": [names("overfit", "leak", "rate too high", "honest")],
        "not even learnt": [names("overfit", "leak", "honest", "overfit")],
        "far above what smaller steps": [names("overfit", "leak", "honest", "honest")],
        "none of the four names": [names("overfitting", "leak", "honest", "rate too high")],
        "expected a dict": [lambda: ["overfit", "leak", "honest", "rate too high"]],
    },
}

RIGHT = {
    "8.1": [by_apply_gradients, by_log_prob, by_cross_entropy],
    "8.2": [by_lists, weighted, from_logits, one_by_one],
    "8.3": [
        names("overfit", "leak", "honest", "rate too high"),
        lambda: dict(zip("bacd", ("leak", "overfit", "honest", "rate too high"))),
        lambda: dict(d="Rate too high", c="honest", b="leak", a="Overfit "),
    ],
}
