"""11.3: which class an image belongs to, told from its upper rows."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch07.prices import softmax
from pixelcnn_lib.teach.exercises.ch11.at_work import Chain, below_too, show_rows, some
from pixelcnn_lib.teach.exercises.ch11.posterior import posterior


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
        "solutions.posterior is Bayes's rule.",
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
    shown=lambda model, images, rows: (
        f"class_from_top, {model.classes} classes, images {images.shape}, rows={rows}"
    ),
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
            says = f"{answer.exercise.call(case)}: other values below these rows change the answer."
            hint = "which log-probabilities are summed? Only those of the rows that are given may count."
            return Wrong(says, hint, got["posterior"], moved)


exercise.agrees(
    "posterior",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="print the sum of the log-probabilities of the given rows for each class, then their "
    "posterior.",
    part="posterior",
)


# Mistakes: what readers do with the log-probabilities of each class


def from_top(
    part=lambda log_p, rows: log_p[:, :rows],
    finish=softmax,
    given=lambda images, rows: images,
):
    """The right answer, but for the values that count, what their sums become, or the images."""

    def answer(model, images, rows):
        labels = [np.full(len(images), label) for label in range(model.classes)]
        each = [part(model.log_prob(given(images, rows), label), rows) for label in labels]
        return finish(np.stack([log_p.sum(axis=(1, 2, 3)) for log_p in each], axis=1))

    return answer


exercise.mistakes_about(
    "slice the log-probabilities before you sum them: [:, :rows] holds `rows` rows, from row 0 on.",
    {
        "All rows are counted, also those that are not given.": from_top(lambda log_p, rows: log_p),
        "The rows below are made blank, and the blanks are counted as if they were given.": from_top(
            lambda log_p, rows: log_p,
            given=lambda images, rows: images * (np.arange(images.shape[1]) < rows)[:, None, None],
        ),
        "Only the first few values are counted, not all values of the upper rows.": from_top(
            lambda log_p, rows: log_p.reshape(len(log_p), -1, 1, 1)[:, : rows * log_p.shape[2]]
        ),
        "Left columns are counted, not rows.": from_top(lambda log_p, rows: log_p[:, :, :rows]),
        "One row too few is counted.": from_top(lambda log_p, rows: log_p[:, : max(rows - 1, 0)]),
    },
)
exercise.mistakes_about(
    "all given values speak for or against a class: sum over rows, columns and colours, axes 1, 2, 3.",
    {
        "Only the last row counts.": from_top(lambda log_p, rows: log_p[:, rows - 1 : rows]),
        "Only the first colour is counted.": from_top(lambda log_p, rows: log_p[:, :rows, :, :1]),
    },
)
exercise.mistakes_about(
    "probabilities are multiplied: sum their natural logarithms, then call solutions.posterior once.",
    {
        "The logarithms are in bits.": from_top(lambda log_p, rows: log_p[:, :rows] / np.log(2)),
        "The mean of the log-probabilities takes the place of their sum.": from_top(
            lambda log_p, rows: log_p[:, :rows] / log_p[0, :rows].size
        ),
        "The probability of many values is 0 in float64, and 0 / 0 is nan.": from_top(
            finish=lambda logs: np.exp(logs) / np.exp(logs).sum(axis=1, keepdims=True)
        ),
    },
)
exercise.mistakes_about(
    "solutions.posterior(log_likelihoods, prior) tells how likely each class is, for each image.",
    {
        "These are log-likelihoods: apply Bayes's rule.": from_top(finish=lambda logs: logs),
        "These are likelihoods: nothing is divided by their sum.": from_top(finish=np.exp),
        "The answer sums to 1 over the images, not over the classes.": from_top(
            finish=lambda logs: softmax(logs, axis=0)
        ),
    },
)
exercise.all_caught(
    {
        "one label per image, int (4,)": lambda model, images, rows: model.log_prob(images, 0),
        "rows=0: other values below": from_top(lambda log_p, rows: log_p[:, : max(rows, 1)]),
    }
)
