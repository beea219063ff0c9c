"""Score a model on images that it was not trained on: bits per dimension and their standard error."""

import math
from itertools import product
from typing import NamedTuple

import numpy as np
from keras import ops
from tqdm import tqdm

from pixelcnn_lib.arguments import short, whole_number
from pixelcnn_lib.losses import LOG_2

SIDE = 192  # up to SIDE * SIDE pixels go through a network at a time


class Score(NamedTuple):
    """A model's score on a set of images.

    bits: float, bits per dimension, the mean over all values.
    error: float, the standard error of this mean.
    per_image: float64 (N,), the bits per dimension of each image.
    """

    bits: float
    error: float
    per_image: np.ndarray


def score(model, images, batch_size=16, labels=None, progress=False):
    """Score a model on images that it was not trained on: the mean over all their values.

    Every value has the same weight, even if the last batch is smaller. A large image needs no more
    memory than a small one: it is scored in parts that overlap by the model's margin, which gives
    the same number. If the model has no margin, because its receptive field has no limit or is not
    known (see fields), each image goes through the model in one piece.

    model: a model of the family.
    images: uint8 (N, H, W, colours), or a list of arrays (H, W, colours) of any sizes.
    batch_size: int, the largest number of images that go through the model together.
    labels: int (N,), the class of each image, for a model with classes.
    progress: bool, whether to show a progress bar once this has taken five seconds.
    Returns a Score. Its error is the standard error over the images, nan for a single image.
    Raises ValueError for images or labels that the model cannot take.
    """
    whole_number("batch_size", batch_size, 1, 2**31)
    if isinstance(images, np.ndarray):
        pixels = math.prod(images.shape[1:3]) or 1
        at_once = max(min(batch_size, SIDE**2 // pixels), 1)
        batches = [images[i : i + at_once] for i in range(0, len(images), at_once)]
    else:
        batches = [as_batch(image) for image in images]
    if not batches or not all(batch.size for batch in batches):
        raise ValueError("score needs at least one image, with at least one pixel; got none.")
    labels, ends = model.as_labels(labels, len(images)), np.cumsum([len(one) for one in batches])
    parts = len(ends) * [None] if labels is None else np.split(labels, ends[:-1])
    values = sum(batch.size for batch in batches)
    options = {"desc": "scoring", "unit_scale": True, "delay": 5}
    with tqdm(total=values, disable=not progress, **options) as bar:
        bits = [total_bits(model, *both, bar.update) for both in zip(batches, parts)]
    bits = np.concatenate(bits)
    sizes = np.concatenate([np.full(len(batch), batch[0].size) for batch in batches])
    bits /= sizes
    mean = np.average(bits, weights=sizes)
    spread = (bits - mean) * sizes / sizes.mean()
    error = np.sqrt((spread**2).sum() / (len(bits) - 1) / len(bits)) if len(bits) > 1 else np.nan
    return Score(float(mean), float(error), bits)


def total_bits(model, images, labels, report):
    """Add up the bits of each image, part by part.

    model: a model of the family.
    images: uint8 (N, H, W, colours).
    labels: int (N,), the class of each image, for a model with classes.
    report: function that is called with the number of values that were scored in each part.
    Returns float64 (N,). Raises ValueError for images that the model cannot take.
    """
    model.check_images(images)
    _, height, width, _ = images.shape
    small = height * width <= SIDE**2 or model.margin is None
    side = max(height, width) if small else SIDE
    row_margin, col_margin = model.margin or (0, 0)
    parts = product(cuts(height, row_margin, side), cuts(width, col_margin, side))
    total = np.zeros(len(images))
    for (rows, row), (cols, col) in parts:
        log_p = ops.convert_to_numpy(model.log_prob(images[:, rows, cols], labels))
        log_p = log_p[:, row, col]  # (N, rows, columns, colours)
        total -= log_p.sum((1, 2, 3), dtype="float64") / LOG_2
        report(log_p.size)
    return total


def cuts(size, margin, side):
    """Split an image's side into overlapping stretches, and say which part of each stretch counts.

    The parts that count do not overlap and add up to `size`. Each has at least `margin` pixels
    around it, or reaches to the image's edge. So a network that sees no farther than `margin`
    computes the same there as on the whole image.

    size: int, the length of the image's side.
    margin: int, how far the network sees along this side.
    side: int, the length that the stretches should have.
    Yields pairs of slices: the stretch, which indexes the side, and the part that counts, which
    indexes the stretch.
    """
    step = max(side - 2 * margin, margin, 1)  # positive even if the margin is wider than the side
    length = min(step + 2 * margin, size)
    if length == size:
        step = size
    for start in range(0, size, step):
        first = min(max(start - margin, 0), size - length)
        stop = min(start + step, size)
        yield slice(first, first + length), slice(start - first, stop - first)


def as_batch(image):
    """Turn an array (H, W, colours) into a batch of one. Raises ValueError for anything else."""
    if not hasattr(image, "shape"):
        raise ValueError(
            f"Expected arrays (H, W, colours), got {short(image)}: read files with data.load."
        )
    return np.asarray(image)[None]
