"""Batches of crops, from which a training step learns. The seed and the step determine a batch."""

import itertools

import keras
import numpy as np


def stream_batches(images, settings, first, labels=None):
    """Return an endless stream of batches.

    images: as in draw_batch.
    settings: as in draw_batch.
    first: int, the number of the first step.
    labels: as in draw_batch.
    Returns an iterable of pairs for keras.Model.fit: what draw_batch returns, and its images.
    """

    def drawn():
        for step in itertools.count(first):
            yield with_target(draw_batch(images, step, settings, labels))

    if keras.backend.backend() != "tensorflow":
        return drawn()
    import tensorflow as tf

    # as Keras does it, but without autotuning, whose thread may end seconds after `fit`
    signature = keras.tree.map_structure(
        lambda one: tf.TensorSpec(one.shape, one.dtype),
        with_target(draw_batch(images, first, settings, labels)),
    )
    dataset = tf.data.Dataset.from_generator(drawn, output_signature=signature)
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.prefetch(1).with_options(options)


def with_target(batch):
    """Return a batch, as draw_batch returns it, and its targets, which are its images."""
    return batch, batch[0] if isinstance(batch, tuple) else batch


def draw_batch(images, step, settings, labels=None):
    """Draw the batch of one step. It depends only on the seed and the step.

    For each crop, an image is drawn, with a probability proportional to its area, and a place in it.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours).
    step: int, the number of the step.
    settings: dict with "seed", "batch_size", "size" and "augment", as train takes them. If "size"
        is None, whole images are drawn.
    labels: int (N,), the class of each image, for a model with classes.
    Returns uint8 (B, size, size, colours). With labels, returns a tuple of these images and their
    labels, int (B,).
    """
    rng = np.random.default_rng((settings["seed"], step))
    shares = None  # the same for all images of an array
    if isinstance(images, list):
        areas = np.array([image.size for image in images])
        shares = areas / areas.sum()
    batch, chosen = [], rng.choice(len(images), settings["batch_size"], p=shares)
    for i in chosen:
        height, width, _ = images[i].shape
        side_h, side_w = (settings["size"] or height), (settings["size"] or width)
        row, col = rng.integers(height - side_h + 1), rng.integers(width - side_w + 1)
        crop = images[i][row : row + side_h, col : col + side_w]
        batch.append(augmented(crop, rng) if settings["augment"] else crop)
    return np.stack(batch) if labels is None else (np.stack(batch), labels[chosen])


def augmented(image, rng):
    """Turn or mirror a square crop by chance; in a quarter of all cases, permute its colours too.

    Few photographs have strong colours of each kind: with the colours permuted, orange petals also
    teach what blue-green leaves are like.

    image: uint8 (S, S, colours).
    rng: numpy.random.Generator.
    Returns uint8 (S, S, colours).
    """
    image = image[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    image = image.transpose(1, 0, 2) if rng.random() < 0.5 else image
    return image[..., rng.permutation(image.shape[-1])] if rng.random() < 0.25 else image
