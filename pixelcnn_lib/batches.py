"""What a training step learns from: batches of crops, each a function of the seed and the step."""

import itertools

import keras
import numpy as np

from pixelcnn_lib import cluster


def stream_batches(images, settings, first):
    """Return the batches from one step on, without end, each as input and as target.

    In a cluster, each process gets its own part of each batch.

    images, settings: as in draw_batch.
    first: int, the number of the first step.
    Returns pairs of uint8 (B, size, size, colours), for keras.Model.fit.
    """
    number, count = cluster.processes()

    def drawn():
        for step in itertools.count(first):
            batch = np.split(draw_batch(images, step, settings), count)[number]
            yield batch, batch

    if keras.backend.backend() != "tensorflow":
        return drawn()
    import tensorflow as tf

    # as Keras makes it, but that no tuner runs beside it: one may end seconds after `fit` is done
    signature = tf.TensorSpec(draw_batch(images, first, settings).shape, "uint8")
    dataset = tf.data.Dataset.from_generator(drawn, output_signature=(signature, signature))
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.prefetch(1).with_options(options)


def draw_batch(images, step, settings):
    """Draw the batch of one step, which depends only on the seed and the step.

    An image is chosen by its area, then a crop of it by chance.

    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours).
    step: int, the step's number.
    settings: dict with "seed", "batch_size", "size" and "augment", as train takes them.
    Returns uint8 (B, size, size, colours), or whole images where size is None.
    """
    rng = np.random.default_rng((settings["seed"], step))
    shares = None  # the same for all images of an array
    if isinstance(images, list):
        areas = np.array([image.size for image in images])
        shares = areas / areas.sum()
    batch = []
    for i in rng.choice(len(images), settings["batch_size"], p=shares):
        height, width, _ = images[i].shape
        side_h, side_w = (settings["size"] or height), (settings["size"] or width)
        row, col = rng.integers(height - side_h + 1), rng.integers(width - side_w + 1)
        crop = images[i][row : row + side_h, col : col + side_w]
        batch.append(augmented(crop, rng) if settings["augment"] else crop)
    return np.stack(batch)


def augmented(image, rng):
    """Turn or mirror a square crop by chance: one of its eight positions.

    image: uint8 (S, S, colours).
    rng: numpy.random.Generator.
    Returns uint8 (S, S, colours), a view of `image`.
    """
    image = image[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
    return image.transpose(1, 0, 2) if rng.random() < 0.5 else image
