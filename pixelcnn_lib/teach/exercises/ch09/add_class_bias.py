"""9.1: the bias of each image's class, added at every pixel."""

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
    id="9.1",
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
        "as many images as rows": block_input((3, 3, 2, 5), [1, 0, 1], 3),
        "all sizes alike": block_input((4, 4, 4, 4), [3, 1, 1, 0], 4),
        "more images than classes": block_input((6, 1, 2, 3), [1, 0, 0, 1, 1, 0], 2),
    },
    shown=lambda x, labels, table: (
        f"add_class_bias(x {x.shape}, labels {labels.tolist()}, table {table.shape})"
    ),
    axes=("image", "row", "column", "feature"),
    tolerance=1e-5,
)
exercise.agrees(
    hint="which row of the table belongs to this image? Add its number for this feature.",
)
exercise.mistaken(
    "NumPy lines shapes up from the right: make the biases (N, 1, 1, F).",
    {
        "The biases (N, F) are added without axes for rows and columns, so N meets the columns of x.": (
            "biases[:, None, None, :]",
            "biases",
        ),
        "The biases have one axis too few, so N meets the rows of x.": (
            "[:, None, None, :]",
            "[:, None, :]",
        ),
        "The new axes stand behind the features, so the features meet the rows of x.": (
            "[:, None, None, :]",
            "[:, :, None, None]",
        ),
    },
)
exercise.mistaken(
    "an image gets one row of the table: that of its own class.",
    {
        "Each image gets the sum of the biases of all images.": (
            "biases[:, None, None, :]",
            "ops.sum(biases, axis=0)",
        ),
        "Image n gets row n of the table: the labels play no part.": (
            "ops.take(table, labels, axis=0)",
            "table[: len(labels)]",
        ),
    },
)
exercise.mistaken(
    "feature f of x gets feature f of the bias, and it is added.",
    {"x is multiplied by the bias.": ("x + biases", "x * biases")},
)
