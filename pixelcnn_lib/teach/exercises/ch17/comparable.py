"""17.3: what programs print, in bits per dimension."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def comparable(printed, shape, unit, per="value", first=None, step=1):
    """Turn what a program prints into bits per dimension.

    printed: float, the mean of -log p, or of -log q if the program computes densities.
    shape: (height, width, colours) of a picture.
    unit: "bits" or "nats". per: "image", "pixel" or "value", over which the mean was taken.
    first: the price of a picture's first value, in bits, if the mean leaves it out; otherwise None.
    step: how far two levels lie apart, if the program computes densities; otherwise 1.
    """
    values = np.prod(shape)
    bits = printed / np.log(2) if unit == "nats" else printed
    bits = bits / {"image": values, "pixel": shape[2], "value": 1}[per]
    bits = bits - np.log2(step)  # the probability is q * step
    if first is not None:
        bits = ((values - 1) * bits + first) / values
    return bits


exercise = Exercise(
    id="17.3",
    title="Four numbers on one scale",
    minutes=10,
    difficulty=2,
    solution=comparable,
    hints=(
        "How many bits are a nat? How many values has an image, and how many has a pixel?",
        "First find the bits of one value: change the unit, then divide by the values of an image or a "
        "pixel, then correct a density. The value that was left out comes last.",
        "A nat is 1 / np.log(2) bits. -log2(q * step) is -log2(q) - log2(step). Of n values, n - 1 cost "
        "the mean each: add first to their sum, and divide by n.",
    ),
    cases={
        "nothing to change": (3.0, (16, 16, 3), "bits"),
        "nats per image": (81.3, (28, 28, 1), "nats", "image"),
        "bits per image": (100.0, (3, 5, 2), "bits", "image"),
        "bits per pixel": (9.6, (32, 32, 3), "bits", "pixel"),
        "bits per pixel of two colours": (7.5, (4, 5, 2), "bits", "pixel"),
        "without the first value": (3.0, (2, 2, 1), "bits", "value", 8.0),
        "a first value that costs nothing": (3.0, (2, 2, 1), "bits", "value", 0.0),
        "nats without the first value": (2.0, (2, 2, 1), "nats", "value", 8.0),
        "densities": (-4.0, (16, 16, 3), "bits", "value", None, 1 / 256),
        "densities without the first value": (-4.0, (2, 2, 1), "bits", "value", 8.0, 1 / 256),
        "densities of an image": (-90.0, (3, 5, 2), "bits", "image", None, 1 / 256),
        "densities of a pixel, nats": (-9.0, (8, 8, 3), "nats", "pixel", None, 2 / 255),
    },
    tolerance=1e-6,
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="find the bits of one value first; the value that was left out comes last.",
)
exercise.mistaken = {
    "a nat is more than a bit: log2(p) = ln(p) / ln(2).": {
        "Nats are multiplied by ln(2).": ("/ np.log(2)", "* np.log(2)")
    },
    "each colour of each pixel is a value.": {
        "An image's price is divided by its pixels.": (
            'image": values',
            'image": values / shape[2]',
        ),
        "A pixel counts as three values, also if it has another number of colours.": (
            '"pixel": shape[2]',
            '"pixel": 3',
        ),
    },
    "each value has the probability q * step, and costs -log2(q * step) bits.": {
        "The step has the wrong sign.": ("bits - np.log2(step)", "bits + np.log2(step)"),
        "The step's logarithm is natural, but the price is in bits.": (
            "bits - np.log2(step)",
            "bits - np.log(step)",
        ),
    },
    "of n values, n - 1 cost the mean each, and the first costs first, which may be 0. Divide the sum "
    "by n.": {
        "The mean is counted for the first value, too.": ("values - 1", "values"),
        "A first value that costs 0 bits is not counted.": ("if first is not None", "if first"),
        "The first value's price is converted like nats, but it is in bits.": (
            "+ first)",
            '+ first * (1 / np.log(2) if unit == "nats" else 1))',
        ),
    },
}
