"""14.1: all pixels look back at once, and none looks ahead."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


def look_back(scores):
    """Turn scores into weights: a pixel looks at the start token and at the pixels before it."""
    past = np.tri(*scores.shape[-2:], dtype=bool)  # (P, 1 + P)
    return ops.softmax(ops.where(past, scores, -np.inf))


def show_weights(look_back):
    import matplotlib.pyplot as plt

    weights = np.asarray(look_back(2 * noise(1, 12, 13, seed=3)))[0]
    fig, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
    drawn = ax.imshow(weights, vmin=0, vmax=1)
    ax.set(xlabel="source", ylabel="target")
    fig.colorbar(drawn, label="weight")
    return fig


exercise = Exercise(
    id="14.1",
    title="All pixels look back",
    minutes=8,
    difficulty=2,
    solution=look_back,
    hints=(
        "Which sources may target 0 look at? And target 1?",
        "Target n may look at the sources 0 to n: the start token and the pixels 0 to n - 1. Give all "
        "other scores -inf: the softmax makes 0 of it.",
        "np.tri(P, 1 + P, dtype=bool) is True where the source may be seen. ops.where chooses, and "
        "ops.softmax has axis=-1 by default.",
    ),
    cases={
        "five pixels": (noise(1, 5, 6, seed=1),),
        "several heads": (noise(2, 3, 6, 7, seed=3),),
        "large scores": (200 * noise(1, 5, 6, seed=6),),
    },
    shown=lambda scores: f"look_back(scores {scores.shape})",
    axes=("picture", "target", "source"),
    tolerance=1e-5,
    after=show_weights,
    seen="Your weights for random scores of twelve pixels.",
)
exercise.agrees(
    hint="the softmax of row n is over the sources 0 to n: the start token and the pixels before it."
)
exercise.mistaken = {
    "row n keeps the sources 0 to n. Source n is pixel n - 1: np.tri(P, 1 + P).": {
        "Each pixel looks at itself too: source 1 + n is pixel n.": ("bool)", "bool, k=1)"),
        "No pixel looks at the one just before it, and the first looks at nothing.": (
            "bool)",
            "bool, k=-1)",
        ),
        "The pixels look ahead: the mask keeps the later sources.": ("(past,", "(~past,"),
        "No source is hidden: each pixel looks at all, later ones too.": (
            "ops.where(past, scores, -np.inf)",
            "scores",
        ),
    },
    "hide the scores, before the softmax, by -inf: then their weights are exp(-inf) = 0.": {
        "The scores of the hidden pixels are 0, and the softmax gives a 0 a weight: exp(0) is 1.": (
            "-np.inf",
            "0.0",
        ),
        "The weights are hidden after the softmax: later pixels have taken their shares already.": (
            "ops.softmax(ops.where(past, scores, -np.inf))",
            "ops.where(past, ops.softmax(scores), 0.0)",
        ),
    },
}
by_a_network(exercise, (None, 2, 5, 6))
