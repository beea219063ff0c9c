"""What a training step learns from: batches of crops, each a function of the seed and the step."""

import itertools

import keras
import numpy as np

from pixelcnn_lib import cluster


def stream_batches(images, settings, first, labels=None):
    """Return the batches from one step on, without end, each as input and as target.

    In a cluster, each process gets its own part of each batch.

    images, settings, labels: as in draw_batch.
    first: int, the number of the first step.
    Returns pairs for keras.Model.fit: what draw_batch returns, and its images.
    """
    number, count = cluster.processes()
    part = lambda whole: np.split(whole, count)[number]

    def drawn():
        for step in itertools.count(first):
            batch = draw_batch(images, step, settings, labels)
            yield with_target(keras.tree.map_structure(part, batch))

    if keras.backend.backend() != "tensorflow":
        return drawn()
    import tensorflow as tf

    # as Keras makes it, but that no tuner runs beside it: one may end seconds after `fit` is done
    signature = keras.tree.map_structure(
        lambda one: tf.TensorSpec(one.shape, one.dtype),
        with_target(draw_batch(images, first, settings, labels)),
    )
    dataset = tf.data.Dataset.from_generator(drawn, output_signature=signature)
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.prefetch(1).with_options(options)


def with_target(batch):
    """Return a batch, as draw_batch gives it, and the images in it: they are their own targets."""
    return batch, batch[0] if isinstance(batch, tuple) else batch


def draw_batch(images, step, settings, labels=None):
    """Draw the batch of one step, which depends only on the seed and the step.

    An image is chosen by its area, then a crop of it by chance.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours).
    step: int, the step's number.
    settings: dict with "seed", "batch_size", "size" and "augment", as train takes them.
    labels: int (N,), the class of each image; a crop has its image's.
    Returns uint8 (B, size, size, colours), or whole images where size is None; with labels, a tuple
    of these images and their labels (B,).
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
