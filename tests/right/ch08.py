"""Right answers to chapter 8."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from pixelcnn_lib import losses
from pixelcnn_lib.teach.exercises.ch08.at_work import batches

LN2 = float(np.log(2))


# 8.1


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


@tf.function
def compiled(model, optimizer, images):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(losses.bits_per_dim(images, model(images, training=True)))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def by_keras(model, optimizer, images):
    model.compile(optimizer, loss=losses.bits_per_dim)
    return model.train_on_batch(images, images)


# 8.2


def by_lists(model, images, batch_size=16):
    found = [np.ravel(model.log_prob(part)) for part in batches(images, batch_size)]
    return -np.concatenate(found).mean() / LN2


def weighted(model, images, batch_size=16):
    parts = np.split(images, range(batch_size, len(images), batch_size))
    means = [-model.log_prob(part).numpy().mean() / LN2 for part in parts]
    return np.average(means, weights=[len(part) for part in parts])


def from_logits(model, images, batch_size=16):
    total = tf.zeros(())
    for part in tf.data.Dataset.from_tensor_slices(images).batch(batch_size):
        logits, labels = tf.cast(model(part), tf.float32), tf.cast(part, tf.int32)
        total += tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    return total / images.size / LN2


def predicted(model, images, batch_size=16):
    logits = model.predict(images, batch_size=batch_size, verbose=0)
    return ops.mean(losses.bits_per_dim(images, logits))


def recursive(model, images, batch_size=16):
    def total(rest):
        if len(rest) == 0:
            return 0.0
        return ops.sum(model.log_prob(rest[:batch_size])) + total(rest[batch_size:])

    return -total(images) / images.size / LN2


# 8.3


def by_the_letter():
    return {"a": "overfit", "b": "leak", "c": "honest", "d": "rate too high"}


def zipped():
    return dict(zip("bacd", ("leak", "overfit", "honest", "rate too high")))


def spelled_freely():
    return dict(D="Rate_too_high", c="honest", b="leak", a="Overfit ")


RIGHT = {
    "8.1": [by_log_prob, by_cross_entropy, compiled, by_keras],
    "8.2": [by_lists, weighted, from_logits, predicted, recursive],
    "8.3": [by_the_letter, zipped, spelled_freely],
}
