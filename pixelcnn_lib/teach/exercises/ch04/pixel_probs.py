"""4.2: the probability of a whole colour, red, green and blue, at one pixel."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.oracle import Oracle


def pixel_probs(model, image, row, col, colours):
    """Compute how probable each of several colours is at one pixel."""
    images = np.repeat(image[None], len(colours), axis=0)  # (K, H, W, 3)
    images[:, row, col] = colours
    log_p = model.predict_on_batch(images)[:, row, col]  # (K, 3, levels)
    k, (r, g, b) = np.arange(len(colours)), colours.T
    return np.exp(log_p[k, 0, r] + log_p[k, 1, g] + log_p[k, 2, b])


class Network(Oracle):
    """Its outputs are log-probabilities, as those of the chapter's network."""

    def __init__(self, levels):
        super().__init__(3, levels)
        self.table -= np.log(np.exp(self.table).sum(axis=1, keepdims=True))


def case(height, width, row, col, count, levels=5):
    rng = np.random.default_rng(count)
    image = rng.integers(0, levels, (height, width, 3), "uint8")
    every = np.indices((levels, levels, levels), "uint8").reshape(3, -1).T  # (levels ** 3, 3)
    return Network(levels), image, row, col, rng.permutation(every)[:count]


exercise = Exercise(
    id="4.2",
    title="The probability of a colour",
    minutes=6,
    difficulty=2,
    solution=pixel_probs,
    hints=(
        "When the network predicts a colour's green, which red must stand in the picture?",
        "Give each colour a copy of the picture, with this colour at the pixel. One run then gives "
        "p(r), p(g | r) and p(b | r, g), each with all levels.",
        "With k = np.arange(len(colours)), log_p[k, 0, colours[:, 0]] is each colour's log p(r).",
    ),
    cases=lambda: {
        "a pixel in the middle": case(3, 4, 1, 2, 10),
        "one colour": case(3, 3, 2, 0, 1),
        "all colours": case(2, 2, 0, 1, 125),
    },
    shown=lambda model, image, row, col, colours: (
        f"pixel_probs(model, image, {row}, {col}, colours) with {len(colours)} colours"
    ),
    axes=("colour",),
    tolerance=1e-5,
)
exercise.agrees(
    "{call}: expected {expected} at {place}, got {got}.",
    hint="multiply p(r), p(g | r) and p(b | r, g). What stands in the picture at each of them?",
)
exercise.mistaken = {
    "the network reads p(g | r) from a picture in which this pixel already has the red r.": {
        "The colours are never put into the picture, so green is predicted from the picture's own red.": (
            "images[:, row, col] = colours",
            "pass",
        ),
        "Only the red is put into the picture, so blue is predicted from the picture's own green.": (
            "images[:, row, col] = colours",
            "images[:, row, col, 0] = colours[:, 0]",
        ),
    },
    "by the chain rule, the three probabilities are multiplied, so their logarithms are added.": {
        "The three probabilities are added.": (
            "np.exp(log_p[k, 0, r]) + np.exp(log_p[k, 1, g]) + np.exp(log_p[k, 2, b])"
        ),
        "These are the logarithms of the probabilities.": ("np.exp(", "("),
        "Only blue's probability, the last of the three, is returned.": "np.exp(log_p[k, 2, b])",
    },
}
