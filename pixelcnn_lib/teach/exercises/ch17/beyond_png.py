"""17.2: a model's bits minus those of PNG, without PNG's header."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def beyond_png(bits, sizes, header, values):
    """Return what the model pays beyond PNG, (n,), in bits per dimension.

    bits: float (n,), what the model pays, in bits per dimension.
    sizes: int (n,), the size of each picture as PNG, in bytes.
    header: int, the size of a black picture as PNG, in bytes.
    values: int, the number of values of each picture.
    """
    return bits - 8 * (sizes - header) / values


exercise = Exercise(
    id="17.2",
    title="The second opinion, without its header",
    minutes=5,
    difficulty=1,
    solution=beyond_png,
    shown=lambda bits, sizes, header, values: (
        f"beyond_png({bits.tolist()}, {sizes.tolist()}, {header}, {values})"
    ),
    hints=(
        "In which unit are the bits of the model, and in which are the sizes of the files?",
        "Take the header off each file. Turn bytes into bits, then bits of a picture into bits per "
        "dimension. Then subtract.",
        "A byte has 8 bits: 8 * (sizes - header) / values are PNG's bits per dimension.",
    ),
    cases={
        "the example": (np.array([3.0, 2.0]), np.array([97, 73]), 73, 96),
        "16x16": (np.array([3.3, 0.7, 2.0]), np.array([470, 127, 83]), 73, 768),
        "8x8, grey": (np.array([1.5, 4.25]), np.array([90, 111]), 70, 64),
        "one picture, no header": (np.array([2.5]), np.array([48]), 0, 192),
    },
    axes=("picture",),
    tolerance=1e-6,
)
exercise.agrees(
    "{call}: expected {expected} at {place}, got {got}.",
    hint="PNG's bits per dimension are 8 * (sizes - header) / values.",
)
exercise.mistaken(
    "sizes and header count bytes, and a byte has 8 bits.",
    {"The bytes were subtracted as if they were bits.": ("8 * ", "")},
)
exercise.mistaken(
    "the model's bits are per dimension; divide those of the file by the number of values, too.",
    {
        "PNG's bits are those of the whole picture.": (" / values", ""),
        "The model's bits per dimension were divided by the number of values once more.": (
            "bits - 8 * (sizes - header) / values",
            "(bits - 8 * (sizes - header)) / values",
        ),
    },
)
exercise.mistaken(
    "every file has the header: subtract it from each size, once, before anything else.",
    {
        "The header is still in PNG's bits.": ("(sizes - header)", "sizes"),
        "The header was added instead of taken off.": ("sizes - header", "sizes + header"),
    },
)
exercise.mistaken(
    "a picture for which the model pays more than PNG gets a positive score.",
    {
        "The sign is wrong: this is PNG minus the model.": (
            "bits - 8 * (sizes - header) / values",
            "8 * (sizes - header) / values - bits",
        ),
    },
)
