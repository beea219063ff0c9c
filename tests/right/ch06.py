"""Right answers to chapter 6."""

import numpy as np
import tensorflow as tf
from keras import ops

from pixelcnn_lib import losses

LN2 = float(np.log(2))


# 6.1


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


# 6.2


def from_logits(model, images, batch_size=16):
    total = tf.zeros(())
    for part in tf.data.Dataset.from_tensor_slices(images).batch(batch_size):
        logits, labels = tf.cast(model(part), tf.float32), tf.cast(part, tf.int32)
        total += tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    return total / images.size / LN2


def recursive(model, images, batch_size=16):
    def total(rest):
        if len(rest) == 0:
            return 0.0
        return ops.sum(model.log_prob(rest[:batch_size])) + total(rest[batch_size:])

    return -total(images) / images.size / LN2


# 6.3


def by_the_letter():
    return {"a": "overfit", "b": "leak", "c": "honest", "d": "rate too high"}


def zipped():
    return dict(zip("bacd", ("leak", "overfit", "honest", "rate too high")))


RIGHT = {
    "6.1": [compiled, by_keras],
    "6.2": [from_logits, recursive],
    "6.3": [by_the_letter, zipped],
}
