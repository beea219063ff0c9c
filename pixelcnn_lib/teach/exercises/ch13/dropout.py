"""13.2: dropout, from random numbers."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise as normal


def dropout(x, share, noise):
    """Set a share of the features to zero, and enlarge the others, so that the mean stays.

    x: (…), features. share: float, 0 or more and below 1.
    noise: (…), random numbers between 0 and 1; where one is below the share, its feature is dropped.
    Source: Srivastava et al. (2014); Salimans et al. (2017), section 2.5.
    """
    return ops.where(noise < share, 0.0, x / (1 - share))


def show_means(dropout):
    from pixelcnn_lib.teach import figures

    x, rng = np.ones((2000, 1), "float32"), np.random.default_rng(0)
    values = {}
    for share in (0.2, 0.5, 0.8):
        y = ops.convert_to_numpy(dropout(x, share, rng.random(x.shape, "float32")))
        values[f"share {share}: left"] = (y != 0).mean()
        values[f"share {share}: mean"] = y.mean()
    return figures.show_bars(values, xlabel="of 2,000 features that were all 1")


def case(*shape, share, seed):
    """Features, the share to drop, and random numbers that stay away from the share."""
    rng = np.random.default_rng(seed)
    random = rng.random(shape).astype("float32")
    random = np.where(np.abs(random - share) < 0.01, random / 2, random).astype("float32")
    return normal(*shape, seed=seed), share, random


exercise = Exercise(
    id="13.2",
    title="Dropout",
    minutes=6,
    difficulty=1,
    solution=dropout,
    hints=(
        "Each feature has a random number of its own. If the share is 0.2, about which part of the random "
        "numbers lies below it?",
        "If a fifth of the features becomes zero, the sum falls to 4/5 on average. By which factor must "
        "the others grow, so that the sum stays the same?",
        "ops.where(condition, a, b) takes a where the condition is true, and b elsewhere. Divide what "
        "is left by 1 - share.",
    ),
    cases={
        "one half": case(4, 6, share=0.5, seed=1),
        "a fifth": case(3, 5, share=0.2, seed=2),
        "nine tenths": case(5, 8, share=0.9, seed=3),
        "nothing is dropped": case(2, 4, share=0.0, seed=4),
        "a whole map": case(2, 3, 4, 5, share=0.3, seed=5),
        "random numbers equal to the share": (
            normal(3, 5, seed=8),
            0.5,
            (np.arange(15, dtype="float32") % 4 / 4).reshape(3, 5),
        ),
    },
    shown=lambda x, share, noise: f"dropout(x {x.shape}, share={share}, noise {noise.shape})",
    tolerance=1e-5,
    after=show_means,
    seen="With your dropout: the part of the features that is left, and the mean, which should be near 1.",
)
exercise.agrees(
    hint="a feature is dropped if its random number is below the share. The kept features grow, so "
    "that the sum stays the same on average.",
)
by_a_network(
    exercise,
    (None, 5, 6, 2),
    (None, 5, 6, 2),
    call=lambda dropout, x, noise: dropout(x, 0.5, noise),
)
exercise.mistaken(
    "divide what is kept by 1 - share, so that the sum stays the same on average.",
    {
        "The kept features do not grow.": ("x / (1 - share)", "x"),
        "The kept features are multiplied by 1 - share.": ("x / (1 - share)", "x * (1 - share)"),
        "The kept features are divided by the share.": ("x / (1 - share)", "x / (share or 1)"),
        "The kept features are doubled, whatever share is dropped.": ("x / (1 - share)", "x * 2"),
    },
)
exercise.mistaken(
    "drop where the random number is below `share`, the share of the features that is dropped.",
    {
        "A feature whose random number equals the share is dropped too.": ("<", "<="),
        "Dropped and kept are swapped.": ("<", ">="),
        "`share` is taken for the share that is kept.": ("noise < share", "noise < 1 - share"),
    },
)
