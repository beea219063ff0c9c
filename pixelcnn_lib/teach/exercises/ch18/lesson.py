"""18.1: what a network for any order sees, and what counts."""

import numpy as np

from pixelcnn_lib.teach.anyorder import lesson
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy


def both(answer, images, number, place):
    """Both arrays by name, if there are two."""
    result = answer(images, number, place)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Wrong("The result is not a pair, seen and weight.", "end with: return seen, weight")
    return dict(zip(("seen", "weight"), map(to_numpy, result)))


def made_up(n, rows, cols, number):
    rng = np.random.default_rng([n, rows, cols])
    images = rng.integers(64, size=(n, rows, cols))
    place = rng.random((n, rows * cols)).argsort(axis=1).reshape(images.shape)
    return images, np.array(number), place


exercise = Exercise(
    id="18.1",
    title="One lesson",
    minutes=8,
    difficulty=2,
    solution=lesson,
    hints=(
        "Which places have the pixels that stay known, if number is 3?",
        "A pixel is hidden if its place is at least number. number has the shape (N,), and place "
        "(N, H, W): number[:, None, None] fits.",
        "hidden = place >= number[:, None, None]; np.where(hidden, 64, images); and the weight is "
        "hidden * H * W / hidden.sum(axis=(1, 2), keepdims=True).",
    ),
    cases={
        "two images": made_up(2, 4, 4, [5, 11]),
        "nothing known, and one pixel hidden": made_up(2, 3, 3, [0, 8]),
        "as many images as columns": made_up(4, 2, 4, [1, 3, 6, 7]),
        "not square": made_up(3, 2, 5, [0, 4, 9]),
    },
    probe=both,
    shown=lambda images, number, place: (
        f"lesson(images {images.shape}, number={number.tolist()}, place)"
    ),
    axes=("image", "row", "column"),
    tolerance=1e-6,
)
exercise.agrees(
    part="seen", hint="hidden pixels, those with place >= number, become 64; the others stay."
)
exercise.agrees(
    part="weight",
    hint="a hidden pixel counts H * W / (number of hidden pixels of its image), a known one 0.",
)
exercise.mistaken = {
    "number pixels stay known: those with the places 0 to number - 1.": {
        "One pixel too many is known.": ("place >= number", "place > number"),
        "Known and hidden are swapped.": ("place >= number", "place < number"),
    },
    "each image has its own number: number[:, None, None] has the shape (N, 1, 1).": {
        "All images use the first number.": ("number[:, None, None]", "number[0]"),
    },
    "the loss counts hidden pixels only: what is known need not be predicted.": {
        "Known pixels count too.": ("hidden * images[0].size", "images[0].size"),
    },
    "if few pixels are hidden, each counts more, so that all lessons count the same.": {
        "Each hidden pixel counts 1.": "np.where(hidden, HIDDEN, images), hidden * 1.0",
        "The weights are divided by the hidden pixels of all images together.": (
            "hidden.sum(axis=(1, 2), keepdims=True)",
            "hidden.sum()",
        ),
        "The weights of an image add up to 1, not to the number of its pixels.": (
            "hidden * images[0].size",
            "hidden",
        ),
        "The weights are divided by the known pixels.": (
            "count = hidden.sum(axis=(1, 2), keepdims=True)",
            "count = (~hidden).sum(axis=(1, 2), keepdims=True)",
        ),
    },
    "a hidden pixel has the number 64; 0 is a colour.": {
        "Hidden pixels have the number 0.": (
            "np.where(hidden, HIDDEN, images)",
            "images * ~hidden",
        ),
    },
}
