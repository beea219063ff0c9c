"""What the checks of 11.2 and 11.3 give to an answer, find out about it, and draw with it."""

import numpy as np

from pixelcnn_lib.teach.exercises import to_numpy
from pixelcnn_lib.teach.exercises.ch07.prices import log_softmax


def show_posterior(posterior):
    """What a digit is, by the shipped network and the answer."""
    from pixelcnn_lib import data, scoring
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    model, image = PixelCNN.pretrained("digits"), data.digits("test")[0][5:6]
    bits = [scoring.score(model, image, labels=[label]).bits for label in range(10)]
    p = to_numpy(posterior(-np.log(2) * 64 * np.array([bits]), np.full(10, 0.1)))[0]
    names = [f"class {label}" for label in range(10)]
    return figures.show_bars(dict(zip(names, p.tolist())), xlabel="posterior", digits=3)


class Chain:
    """A quick stand-in for a PixelCNN with classes: a value depends on two neighbours and the class.

    The neighbours are the value above and the value to the left, of the same colour.
    """

    levels = 4

    def __init__(self, classes, colours=1):
        self.classes, self.colours = classes, colours
        logits = np.random.default_rng(classes).normal(size=(classes, 4, 4, 4))
        self.log_p = log_softmax(logits)  # (classes, above, left, levels)

    def __call__(self, images, labels, training=False):
        images, labels = np.asarray(to_numpy(images)), np.asarray(to_numpy(labels))
        if images.ndim != 4 or images.shape[-1] != self.colours or images.dtype != np.uint8:
            raise ValueError(
                f"the model takes uint8 images (N, H, W, {self.colours}), got {images.dtype} "
                f"{images.shape}"
            )
        if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu":
            raise ValueError(
                f"the model takes one label per image, int ({len(images)},), got {labels.dtype} "
                f"{labels.shape}"
            )
        if labels.size and not 0 <= labels.min() <= labels.max() < self.classes:
            raise ValueError(f"labels go from 0 to {self.classes - 1}, got {labels.max()}")
        inside = slice(None), slice(1, None), slice(1, None)
        framed = np.pad(images.astype(int), ((0, 0), (1, 0), (1, 0), (0, 0)))
        above, left = np.roll(framed, 1, axis=1)[inside], np.roll(framed, 1, axis=2)[inside]
        return self.log_p[labels[:, None, None, None], above, left]  # (N, H, W, colours, levels)

    def log_prob(self, images, labels):
        images = np.asarray(to_numpy(images))
        log_p = self(images, labels)
        return np.take_along_axis(log_p, images[..., None].astype(int), -1)[..., 0]


def some(model, shape, rows):
    """A model, images by chance but always the same, and how many rows of them are given."""
    shape = (*shape, model.colours)
    return model, np.random.default_rng(shape).integers(4, size=shape).astype("uint8"), rows


def below_too(class_from_top, model, images, rows):
    """The posterior, and that of the same upper rows with other values below."""
    other = images.copy()
    other[:, rows:] = 3 - other[:, rows:]
    first = class_from_top(model, images, rows)
    if first is None or first is ...:
        return first
    return {"posterior": to_numpy(first), "other": to_numpy(class_from_top(model, other, rows))}


def show_rows(class_from_top):
    """A digit row by row, and which class is the likeliest so far."""
    from pixelcnn_lib import data
    from pixelcnn_lib.family import PixelCNN
    from pixelcnn_lib.teach import figures

    model, image = PixelCNN.pretrained("digits"), data.digits("test")[0][5:6]
    counts = range(1, 9)
    p = [to_numpy(class_from_top(model, image, rows))[0] for rows in counts]
    known = [np.repeat(np.arange(8)[:, None] < rows, 8, axis=1) for rows in counts]
    titles = [f"{one.argmax()}: {one.max():.0%}" for one in p]
    return figures.show_steps([(image[0] / 16 * 255).astype("uint8")] * 8, known, titles)
