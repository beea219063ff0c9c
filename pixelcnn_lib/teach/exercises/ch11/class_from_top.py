"""11.3: which class an image belongs to, told from its upper rows."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.ch07.prices import log_softmax
from pixelcnn_lib.teach.exercises.ch11.posterior import posterior, softmax


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


def described(model, images, rows):
    return f"class_from_top, {model.classes} classes, images {images.shape}, rows={rows}"


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
    id="11.3",
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
        "answers.posterior is Bayes's rule.",
    ),
    cases=lambda: {
        "half of the rows": some(Chain(3), (4, 6, 3), 3),
        "all rows": some(Chain(5), (2, 3, 4), 3),
        "no row": some(Chain(3), (2, 4, 3), 0),
        "one row, two colours": some(Chain(3, colours=2), (2, 4, 5), 1),
        "as many images as classes": some(Chain(4), (4, 5, 2), 2),
        "square images": some(Chain(2), (3, 4, 4), 3),
        "far below 0": some(Chain(3), (2, 30, 40), 29),
    },
    probe=below_too,
    shown=described,
    axes=("image", "class"),
    tolerance=1e-4,
    after=show_rows,
    seen="A digit row by row, and what your function takes it for, given the rows so far.",
)


@exercise.condition
def sees_no_row_below(answer):
    for case in answer.exercise.inputs:
        got = answer(*case)
        moved = ~np.isclose(got["posterior"], got["other"], 1e-4, 1e-4)
        if moved.any():
            return Wrong(
                f"{answer.exercise.call(case)}: other values below these rows change the answer.",
                "which log-probabilities are summed? Only those of the rows that are given may count.",
                got["posterior"],
                moved,
            )


exercise.agrees(
    "posterior",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="print the sum of the log-probabilities of the given rows for each class, then their "
    "posterior.",
    part="posterior",
)


# Mistakes, each as a reader writes it


def by_class(model, images, of_class=lambda log_p: log_p.sum(axis=(1, 2, 3))):
    """What `of_class` makes of each class's log-probabilities (N, H, W, colours): (N, classes)."""
    count = len(images)
    every = [model.log_prob(images, np.full(count, label)) for label in range(model.classes)]
    return np.stack([of_class(log_p) for log_p in every], axis=1)


def total(log_p):
    return log_p.sum(axis=(1, 2, 3))


@exercise.mistake(
    "All rows are counted, also those that are not given.",
    hint="slice the log-probabilities before you sum them.",
)
def all_rows(model, images, rows):
    return softmax(by_class(model, images))


@exercise.mistake(
    "The rows below are made blank, and the blanks are then counted as if they had been given.",
    hint="a blank is a value like any other: leave those rows out of the sum.",
)
def blanked(model, images, rows):
    images = images.copy()
    images[:, rows:] = 0
    return softmax(by_class(model, images))


@exercise.mistake(
    "The rows that are not given are counted, and the given ones are left out.",
    hint="[:, :rows] are the first rows.",
)
def rows_below(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, rows:])))


@exercise.mistake(
    "The left columns are counted, not the upper rows.", hint="axis 1 holds the rows."
)
def columns(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, :, :rows])))


@exercise.mistake(
    "One row too many is counted.", hint="a slice [:, :rows] holds `rows` rows, from 0 on."
)
def one_row_more(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, : rows + 1])))


@exercise.mistake(
    "One row too few is counted.", hint="a slice [:, :rows] holds `rows` rows, from 0 on."
)
def one_row_less(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, : max(rows - 1, 0)])))


@exercise.mistake(
    "Only the last given row is counted.",
    hint="all given values speak for or against a class: sum over all of them.",
)
def last_row(model, images, rows):
    last = slice(max(rows - 1, 0), rows)
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, last])))


@exercise.mistake("The first row is left out.", hint="a slice [:, :rows] begins with row 0.")
def not_the_first_row(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, 1:rows])))


@exercise.mistake(
    "Only the first row is counted.",
    hint="all given values speak for or against a class: sum over all of them.",
)
def first_row(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, : min(rows, 1)])))


mean = exercise.mistake(
    "The mean of the log-probabilities takes the place of their sum: the answer is too unsure.",
    hint="probabilities of values are multiplied, so their logarithms are summed.",
)


@mean
def mean_of_values(model, images, rows):
    if not rows:
        return np.full((len(images), model.classes), 1 / model.classes)
    return softmax(by_class(model, images, lambda log_p: log_p[:, :rows].mean(axis=(1, 2, 3))))


@mean
def mean_that_is_nan_without_rows(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: log_p[:, :rows].mean(axis=(1, 2, 3))))


@exercise.mistake(
    "Only the first colour is counted.", hint="sum over rows, columns and colours: axes 1, 2 and 3."
)
def first_colour(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, :rows, :, :1])))


@exercise.mistake(
    "The logarithms are in bits, so the answer is too sure.",
    hint="Bayes's rule takes e to the power of them: leave them natural.",
)
def in_bits(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, :rows]) / np.log(2)))


@exercise.mistake(
    "These are log-likelihoods: Bayes's rule has not been applied.",
    hint="answers.posterior(log_likelihoods, prior) makes them a posterior.",
)
def log_likelihoods_alone(model, images, rows):
    return by_class(model, images, lambda log_p: total(log_p[:, :rows]))


@exercise.mistake(
    "These are likelihoods: nothing is divided by their sum.",
    hint="answers.posterior(log_likelihoods, prior) takes the logarithms and gives a posterior.",
)
def likelihoods(model, images, rows):
    return np.exp(by_class(model, images, lambda log_p: total(log_p[:, :rows])))


@exercise.mistake(
    "The answer sums to 1 over the images, not over the classes.",
    hint="each image belongs to one of the classes.",
)
def over_images(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, :rows])), axis=0)


@exercise.mistake(
    "The likeliest class gets 1 and the others 0: this is a decision, not a posterior.",
    hint="keep how likely each class is.",
)
def decided(model, images, rows):
    logs = by_class(model, images, lambda log_p: total(log_p[:, :rows]))
    return np.eye(model.classes)[logs.argmax(axis=1)]


@exercise.mistake(
    "Right for small images, but the probability of many values is 0 in float64, and 0 / 0 is nan.",
    hint="stay with logarithms until the largest of them is subtracted.",
)
def product(model, images, rows):
    p = by_class(model, images, lambda log_p: np.exp(log_p[:, :rows]).prod(axis=(1, 2, 3)))
    return p / p.sum(axis=1, keepdims=True)


@exercise.mistake(
    "Each value votes by a posterior of its own, and the votes are averaged.",
    hint="the values are evidence together: sum their log-probabilities, then apply Bayes's rule once.",
)
def votes(model, images, rows):
    if not rows:
        return np.full((len(images), model.classes), 1 / model.classes)
    p = by_class(model, images, lambda log_p: np.exp(log_p[:, :rows]))  # (N, classes, rows, W, …)
    return (p / p.sum(axis=1, keepdims=True)).mean(axis=(2, 3, 4))


@exercise.mistake(
    "The probabilities of the values are added up; they have to be multiplied.",
    hint="the chain rule is a product: sum the logarithms.",
)
def added(model, images, rows):
    p = by_class(model, images, lambda log_p: np.exp(log_p[:, :rows]).sum(axis=(1, 2, 3)))
    return p / p.sum(axis=1, keepdims=True) if rows else p + 1 / model.classes


# Mistakes that a condition describes well enough


@exercise.caught("labels go from 0 to 2, got 3")
def always_ten_classes(model, images, rows):
    logs = [total(model.log_prob(images, np.full(len(images), k))[:, :rows]) for k in range(10)]
    return softmax(np.stack(logs, axis=1))


@exercise.caught("the model takes one label per image, int (4,), got int64 ()")
def one_label_for_all(model, images, rows):
    logs = [total(model.log_prob(images, k)[:, :rows]) for k in range(model.classes)]
    return softmax(np.stack(logs, axis=1))


@exercise.caught("the model takes one label per image, int (4,), got int64 (3,)")
def a_label_per_class(model, images, rows):
    return softmax(model.log_prob(images, np.arange(model.classes))[:, :rows].sum(axis=(1, 2, 3)))


@exercise.caught("Posterior: The axes have another order: (1, 0)")
def classes_first(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, :rows]))).T


@exercise.caught("other values below these rows change the answer")
def rows_below_count_half(model, images, rows):
    weigh = lambda log_p: total(log_p[:, :rows]) + total(log_p[:, rows:]) / 2
    return softmax(by_class(model, images, weigh))


@exercise.caught("rows=0: other values below these rows change the answer")
def at_least_one_row(model, images, rows):
    return softmax(by_class(model, images, lambda log_p: total(log_p[:, : max(rows, 1)])))
