"""5.2: the entropy of a source whose choices can draw the same picture."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def picture_entropy(pictures, probabilities):
    """Give the entropy of the pictures that some choices draw, in bits a picture.

    pictures: whole numbers (n, …), the picture of each choice; some may be the same.
    probabilities: (n,), of the choices; they sum to 1, and some may be 0.
    """
    rows = pictures.reshape(len(pictures), -1)
    _, which = np.unique(rows, axis=0, return_inverse=True)  # the number of each choice's picture
    p = np.bincount(which.ravel(), probabilities)  # of each picture
    p = p[p > 0]
    return (p * np.log2(1 / p)).sum()


def drawn(choices, pictures, seed, *shape):
    """Random choices that draw fewer pictures: the same values, in another order in the middle."""
    rng = np.random.default_rng(seed)
    different = np.tile(rng.integers(16, size=np.prod(shape)), (pictures, 1))
    third = different.shape[1] // 3
    for picture in different:
        rng.shuffle(picture[third : 2 * third])
    different[::3, 0] = 16  # so that no wrong key makes one picture of them all
    different = different.reshape(pictures, *shape)
    which = np.concatenate([np.arange(pictures), rng.integers(pictures, size=choices - pictures)])
    return different[rng.permutation(which)].astype("uint8"), rng.dirichlet(np.ones(choices))


exercise = Exercise(
    id="5.2",
    title="The entropy of pictures",
    minutes=8,
    difficulty=2,
    solution=picture_entropy,
    hints=(
        "Two choices draw the same picture. How probable is this picture?",
        "Add the probabilities of equal pictures. Then each different picture has one probability p, and "
        "costs -log2 p bits. How often does this price come?",
        "A dict can add probabilities, with picture.tobytes() as its key. Or np.unique with axis=0 and "
        "return_inverse=True numbers the pictures, and np.bincount adds up by number.",
    ),
    cases=lambda: {
        "the example": (np.array([[1], [2], [2]]), np.array([0.5, 0.25, 0.25])),
        "all different, equally likely": (np.arange(8).reshape(8, 1, 1, 1), np.full(8, 1 / 8)),
        "alike in places": (
            np.array([[1, 2], [2, 1], [1, 3], [2, 2], [1, 2]]),
            np.array([0.25, 0.3, 0.2, 0.15, 0.1]),
        ),
        "all different": drawn(6, 6, 1, 2, 3, 3),
        "a choice that never comes": (np.array([[3], [5], [6]]), np.array([0.75, 0.0, 0.25])),
        "one picture": (np.full((4, 2, 2, 1), 7), np.full(4, 0.25)),
        "equally likely, some alike": (
            np.array([0, 3, 1, 0, 2, 3]).reshape(6, 1, 1, 1),
            np.full(6, 1 / 6),
        ),
        "three colours, unlike in the middle": drawn(40, 13, 2, 4, 4, 3),
        "1200 values, unlike in the middle": drawn(12, 5, 3, 20, 20, 3),
    },
    shown=lambda pictures, probabilities: (
        f"picture_entropy(pictures {pictures.shape}, {len(probabilities)} probabilities)"
    ),
    tolerance=1e-5,
)
exercise.agrees(
    "{call}: expected {expected} bits, got {got}.",
    hint="take pictures [1, 2], [2, 1], [1, 2] of the probabilities 1/4, 1/2, 1/4: there are two, of 1/2 "
    "each, and the entropy is 1 bit.",
)
exercise.mistaken(
    "a picture that several choices draw has the sum of their probabilities.",
    {
        "This is the entropy of the choices: equal pictures were counted apart.": (
            "np.bincount(which.ravel(), probabilities)",
            "probabilities",
        ),
        "All different pictures were taken as equally likely.": (
            "np.bincount(which.ravel(), probabilities)",
            "np.full(which.max() + 1, 1 / (which.max() + 1))",
        ),
        "Of equal pictures, only one choice was counted.": (
            "np.bincount(which.ravel(), probabilities)",
            "probabilities[np.unique(rows, axis=0, return_index=True)[1]]",
        ),
        "The pictures were counted, and the probabilities of the choices were not used.": (
            "np.bincount(which.ravel(), probabilities)",
            "np.bincount(which.ravel()) / len(rows)",
        ),
    },
)
exercise.mistaken(
    "two pictures are the same only if all their values are, each at its place.",
    {
        "Pictures with the same sum were taken as the same.": (
            "len(pictures), -1)",
            "len(pictures), -1).sum(axis=1, keepdims=True)",
        ),
        "Pictures with the same first value were taken as the same.": (
            "len(pictures), -1)",
            "len(pictures), -1)[:, :1]",
        ),
        "Pictures with the same values in another order were taken as the same.": [
            ("pictures.reshape", "np.sort(pictures.reshape"),
            ("len(pictures), -1)", "len(pictures), -1), axis=1)"),
        ],
    },
)
exercise.mistaken(
    "two choices of the same picture can be far apart in the list.",
    {
        "Only choices of the same picture that follow each other were added.": (
            "_, which = np.unique(rows, axis=0, return_inverse=True)",
            "which = np.append(0, (rows[1:] != rows[:-1]).any(axis=1).cumsum())",
        ),
    },
)
exercise.mistaken(
    "a picture of probability p comes with probability p, and costs -log2 p bits: add p times the price.",
    {
        "These are nats: the logarithm is natural.": ("np.log2", "np.log"),
        "This is the mean over the pictures, as if all came equally often.": (
            "(p * np.log2(1 / p)).sum()",
            "np.log2(1 / p).mean()",
        ),
        "The sign is wrong: a price is never below 0.": ("1 / p", "p"),
    },
)
exercise.mistaken(
    "a probability of 0 adds nothing; leave it out before the logarithm.",
    {"A choice that never comes makes the result nan.": ("    p = p[p > 0]\n", "")},
)
