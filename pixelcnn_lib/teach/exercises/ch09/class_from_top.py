"""9.2: which class an image belongs to, told from its upper rows."""

import numpy as np
from keras import ops

from pixelcnn_lib.model import AutoregressiveModel
from pixelcnn_lib.teach.exercises import Exercise, to_numpy
from pixelcnn_lib.teach.exercises.ch09.posterior import posterior


def class_from_top(model, images, rows):
    """Give the probability of each class, given only the upper rows of an image.

    All classes are equally likely beforehand. model: a PixelCNN with classes.
    images: uint8 (N, H, W, colours); what stands below the upper rows makes no difference.
    rows: int, 0 to H, how many rows are given. Returns (N, classes); each row sums to 1.
    """
    log_likelihoods = []
    for label in range(model.classes):
        log_p = model.log_prob(images, np.full(len(images), label))  # (N, H, W, colours)
        log_p = ops.convert_to_numpy(log_p)[:, :rows]  # (N, rows, W, colours)
        log_likelihoods.append(log_p.sum(axis=(1, 2, 3)))  # (N,)
    prior = np.full(model.classes, 1 / model.classes)
    return posterior(np.stack(log_likelihoods, axis=1), prior)  # (N, classes)


class Chain:
    """A quick stand-in for a PixelCNN with classes: a value depends on two neighbours and the class.

    The neighbours are the value above and the value to the left, of the same colour.
    """

    levels = 4
    as_labels = AutoregressiveModel.as_labels

    def __init__(self, classes, colours=1):
        self.classes, self.colours = classes, colours
        logits = np.random.default_rng(classes).normal(size=(classes, 4, 4, 4))
        self.log_p = to_numpy(ops.log_softmax(logits))  # (classes, above, left, levels)

    def __call__(self, images, labels, training=False):
        images, labels = np.asarray(to_numpy(images)), np.asarray(to_numpy(labels))
        labels = self.as_labels(labels, len(images))
        if not images.size:
            raise ValueError(f"a model computes no image without values, got shape {images.shape}")
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


exercise = Exercise(
    id="9.2",
    title="The class, from the upper rows",
    minutes=12,
    difficulty=2,
    solution=class_from_top,
    hints=(
        "By the chain rule, which factors of p(image | class) belong to the upper rows? On what do "
        "they depend?",
        "The probability of the upper rows, given a class, is the product over their values. Sum "
        "their log-probabilities for each class, then apply Bayes's rule with equal priors.",
        "For each label in range(model.classes): np.full(len(images), label) is the label of all "
        "images, model.log_prob(images, labels)[:, :rows] are the values that are given. "
        "solutions.posterior is Bayes's rule.",
    ),
    cases=lambda: {
        "half of the rows": some(Chain(3), (4, 6, 3), 3),
        "all rows": some(Chain(5), (2, 3, 4), 3),
        "no row": some(Chain(3), (2, 4, 3), 0),
        "one row, two colours": some(Chain(3, colours=2), (2, 4, 5), 1),
        "far below 0": some(Chain(3), (2, 30, 40), 29),
    },
    shown=lambda model, images, rows: (
        f"class_from_top, {model.classes} classes, images {images.shape}, rows={rows}"
    ),
    axes=("image", "class"),
    tolerance=1e-4,
    after=show_rows,
    seen="A digit row by row, and what your function takes it for, given the rows so far.",
)
exercise.agrees(
    hint="print the sum of the log-probabilities of the given rows for each class, then their "
    "posterior."
)
exercise.mistaken = {
    "slice the log-probabilities before you sum them: [:, :rows] holds `rows` rows, from row 0 on.": {
        "All rows are counted, also those that are not given.": ("[:, :rows]", ""),
        "The rows below are made blank, and the blanks are counted as if they were given.": [
            (
                "log_prob(images,",
                "log_prob(images * (np.arange(images.shape[1]) < rows)[:, None, None],",
            ),
            ("[:, :rows]", ""),
        ],
        "The images are cut before the network sees them: with rows = 0, nothing is left.": (
            "log_prob(images,",
            "log_prob(images[:, :rows],",
        ),
        "Left columns are counted, not rows.": ("[:, :rows]", "[:, :, :rows]"),
        "The lower rows are counted.": ("[:, :rows]", "[:, rows:]"),
        "Only the last row counts.": ("[:, :rows]", "[:, rows - 1 : rows]"),
    },
    "probabilities are multiplied: sum their natural logarithms, then call solutions.posterior once.": {
        "The logarithms are in bits.": (
            "log_p.sum(axis=(1, 2, 3))",
            "log_p.sum(axis=(1, 2, 3)) / np.log(2)",
        ),
        "Probabilities are added, not their logarithms.": (
            "log_p.sum(axis=(1, 2, 3))",
            "np.log(np.exp(log_p).sum(axis=(1, 2, 3)))",
        ),
        "The probability of many values is so small that it becomes 0, and 0 / 0 is nan.": (
            "log_p.sum(axis=(1, 2, 3))",
            "np.log(np.exp(log_p.sum(axis=(1, 2, 3))))",
        ),
    },
}
exercise.symptoms = {
    "sum over the rows, the columns and the colours.": {
        "This is right only for images of one colour.": ("[:, :rows]", "[:, :rows, :, :1]")
    }
}
