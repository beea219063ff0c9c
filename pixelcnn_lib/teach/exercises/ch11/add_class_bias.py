"""11.1: the bias of each image's class, added at every pixel."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise


def add_class_bias(x, labels, table):
    """Add to every pixel of an image the bias of the image's class.

    x: (N, H, W, F). labels: whole numbers (N,). table: (classes, F), one row per class.
    Returns (N, H, W, F).
    """
    biases = ops.take(table, labels, axis=0)  # (N, F)
    return x + biases[:, None, None, :]  # (N, H, W, F)


def block_input(shape, labels, classes):
    """The input of a block, labels, and a table of biases, by chance but always the same."""
    rng = np.random.default_rng(len(labels) + classes)
    x = rng.normal(size=shape).round(1)
    return x, np.array(labels), rng.normal(0, 3, (classes, shape[-1])).round(1)


exercise = Exercise(
    id="11.1",
    title="The bias of a class",
    minutes=6,
    difficulty=1,
    solution=add_class_bias,
    hints=(
        "Which row of the table belongs to each image, and which pixels of the image get it?",
        "First look up one row per image: that gives (N, F). Then give it two more axes, so that it "
        "meets x, (N, H, W, F), with rows and columns of size 1.",
        "table[labels] looks up (ops.take(table, labels, axis=0) does too); [:, None, None, :] adds "
        "the two axes.",
    ),
    cases={
        "all sizes unlike": block_input((2, 3, 4, 5), [2, 0], 3),
        "as many images as columns": block_input((3, 2, 3, 4), [0, 2, 1], 4),
        "as many images as rows": block_input((3, 3, 2, 5), [1, 0, 1], 2),
        "all sizes alike": block_input((4, 4, 4, 4), [3, 1, 1, 0], 4),
        "one image, one pixel": block_input((1, 1, 1, 3), [6], 10),
        "more images than classes": block_input((6, 1, 2, 3), [1, 0, 0, 1, 1, 0], 2),
    },
    shown=lambda x, labels, table: (
        f"add_class_bias(x {x.shape}, labels {labels.tolist()}, table {table.shape})"
    ),
    axes=("image", "row", "column", "feature"),
    tolerance=1e-5,
)
exercise.agrees(
    "every feature of every pixel",
    hint="which row of the table belongs to this image? Add its number for this feature.",
)


# Mistakes, each as a reader writes it

right = add_class_bias  # some of them start from it


def spread(biases):
    """(N, F) -> (N, 1, 1, F), as it is right."""
    return biases[:, None, None]


no_axes = exercise.mistake(
    "The biases (N, F) are added without axes for rows and columns, so N meets the columns of x.",
    hint="NumPy lines shapes up from the right: make the biases (N, 1, 1, F).",
)

no_axes(lambda x, labels, table: x + table[labels])

no_axes(lambda x, labels, table: x + ops.take(table, labels, axis=0))


one_axis = exercise.mistake(
    "The biases have one axis too few, so N meets the rows of x.",
    hint="NumPy lines shapes up from the right: make the biases (N, 1, 1, F).",
)

one_axis(lambda x, labels, table: x + table[labels][:, None])

one_axis(lambda x, labels, table: x + ops.take(table, labels, axis=0)[:, None])

exercise.mistake(
    "The new axes stand behind the features, so the features meet the rows of x.",
    "rows and columns stand between images and features: (N, 1, 1, F).",
)(lambda x, labels, table: x + table[labels][:, :, None, None])

exercise.mistake(
    "The table is read by columns, not by rows.",
    "table[labels] picks rows; table[:, labels] picks columns.",
)(lambda x, labels, table: x + spread(table[:, labels].T))


every_class = exercise.mistake(
    "Each image gets the sum or the mean of several classes' biases.",
    hint="an image gets one row of the table: that of its own class.",
)

every_class(lambda x, labels, table: x + table.sum(axis=0))

every_class(lambda x, labels, table: x + table[labels].mean(axis=0))

every_class(lambda x, labels, table: x + table[labels].sum(axis=0))

every_class(lambda x, labels, table: x + table.mean(axis=0))

exercise.mistake(
    "All images get the bias of the first image's class.",
    "the images of a batch have unlike labels: look up one row per image.",
)(lambda x, labels, table: x + table[labels[0]])


for row, name in {0: "first", -1: "last"}.items():
    exercise.mistake(
        f"All images get the {name} row of the table: the labels play no part.",
        hint="the label says which row belongs to the image.",
    )(lambda x, labels, table, row=row: x + table[row])


@exercise.mistake(
    "Only the first image gets its bias.", hint="is the return inside the loop over the images?"
)
def first_image(x, labels, table):
    y = x.copy()
    y[0] += table[labels[0]]
    return y


exercise.mistake(
    "The biases are lined up with the rows of x, not with its images.",
    "rows and columns stand between images and features: (N, 1, 1, F).",
)(lambda x, labels, table: x + np.resize(table[labels], (1, x.shape[1], 1, x.shape[3])))

exercise.mistake(
    "Image n gets row n of the table: the labels play no part.",
    "the label says which row belongs to the image.",
)(lambda x, labels, table: x + spread(table[: len(x)]))

exercise.mistake(
    "The label is added as a number.",
    "a label only names a class: it picks a row of the table.",
)(lambda x, labels, table: x + labels[:, None, None, None])

exercise.mistake(
    "The label multiplies the table's first row, so class 2 gets twice what class 1 gets.",
    "a label only names a class: it picks a row of the table.",
)(lambda x, labels, table: x + spread(labels[:, None] * table[0]))

exercise.mistake(
    "Each image gets the row before its own: class 0 gets the last one.",
    "labels begin at 0, and so do the rows.",
)(lambda x, labels, table: x + spread(table[labels - 1]))

exercise.mistake(
    "The labels are sorted, so they no longer stand beside their images.",
    "label n belongs to image n: keep their order.",
)(lambda x, labels, table: x + spread(table[np.sort(labels)]))

exercise.mistake(
    "Each class appears once, in its order, so the biases no longer stand beside their images.",
    "an image gets the row of its own label, and two images may share one.",
)(lambda x, labels, table: x + spread(table[np.unique(labels)]))


@exercise.mistake(
    "The bias reaches the first pixel only.", hint="a class has the same bias at every pixel."
)
def first_pixel(x, labels, table):
    y = x.copy()
    y[:, 0, 0] += table[labels]
    return y


@exercise.mistake("The bias is added twice.", hint="add the row of the table once.")
def twice(x, labels, table):
    return x + 2 * spread(table[labels])


exercise.mistake(
    "The features of the bias are added up: each feature gets their sum.",
    "feature f of x gets feature f of the bias.",
)(lambda x, labels, table: x + spread(table[labels].sum(axis=1, keepdims=True)))


@exercise.mistake("The bias is subtracted.", hint="a bias is added; training finds its sign.")
def subtracted(x, labels, table):
    return x - spread(table[labels])


@exercise.mistake("x is multiplied by the bias.", hint="a bias is added.")
def multiplied(x, labels, table):
    return x * spread(table[labels])


exercise.mistake("These are the biases alone: x is lost.", "add them to x, and return the sum.")(
    lambda x, labels, table: np.broadcast_to(spread(table[labels]), x.shape)
)

exercise.mistake(
    "The bias is divided by the number of pixels.",
    "every pixel gets the whole bias: nothing is shared out.",
)(lambda x, labels, table: x + spread(table[labels]) / (x.shape[1] * x.shape[2]))


# Mistakes that a condition describes well enough

exercise.caught("expected shape (2, 3, 4, 5), got shape (2, 1, 1, 5)")(
    lambda x, labels, table: spread(table[labels])
)


@exercise.caught("changed its argument number 1")
def in_place(x, labels, table):
    x += spread(table[labels])
    return x


exercise.caught("expected -2.8 at image 1, row 0, column 0, feature 1, got 0.8")(
    lambda x, labels, table: x + np.maximum(spread(table[labels]), 0)
)
