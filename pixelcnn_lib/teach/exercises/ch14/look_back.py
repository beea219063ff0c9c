"""14.2: all pixels look back at once, and none looks ahead."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise


def look_back(scores):
    """Turn scores into weights: each pixel looks at the pixels before it, or nowhere.

    scores: (…, P, P), [target, source]. Nowhere has the score 0.
    Returns the weights of the pixels, (…, P, P). The rest, up to 1, is nowhere's.
    """
    before = np.tri(scores.shape[-1], k=-1, dtype=bool)  # (P, P)
    scores = ops.where(before, scores, -np.inf)
    nowhere = ops.zeros_like(scores[..., :1])  # (…, P, 1)
    weights = ops.softmax(ops.concatenate([nowhere, scores], axis=-1))  # (…, P, 1 + P)
    return weights[..., 1:]


def show_weights(look_back):
    import matplotlib.pyplot as plt

    weights = np.asarray(look_back(2 * noise(1, 12, 12, seed=3)))[0]
    fig, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
    drawn = ax.imshow(weights, vmin=0, vmax=1)
    ax.set(xlabel="source", ylabel="target")
    fig.colorbar(drawn, label="weight")
    return fig


exercise = Exercise(
    id="14.2",
    title="All pixels look back",
    minutes=10,
    difficulty=2,
    solution=look_back,
    hints=(
        "Which entries of a row are scores of pixels that come before the target?",
        "Give all other entries the score -inf: the softmax makes 0 of it. Put a column of zeros "
        "before the scores, for nowhere, and take it out again after the softmax.",
        "np.tri(P, k=-1, dtype=bool) is True where the source comes before the target. ops.where "
        "chooses, ops.zeros_like(scores[..., :1]) is a column of zeros, ops.concatenate joins along "
        "axis=-1, ops.softmax has axis=-1 by default.",
    ),
    cases={
        "five pixels": (noise(1, 5, 5, seed=1),),
        "several heads": (noise(2, 3, 6, 6, seed=3),),
        "one pixel": (noise(2, 1, 1, seed=5),),
        "large scores": (200 * noise(1, 5, 5, seed=6),),
        "scores far below 0": (noise(1, 5, 5, seed=7) - 30,),
    },
    shown=lambda scores: f"look_back(scores {scores.shape})",
    axes=("picture", "target", "source"),
    tolerance=1e-5,
    after=show_weights,
    seen="Your weights for random scores of twelve pixels.",
)
exercise.agrees(
    hint="the softmax of a row is over nowhere, with the score 0, and the pixels before the target.",
)
by_a_network(exercise, (None, 2, 5, 5))
exercise.mistaken(
    "earlier sources are on the left of a row: np.tri(P, k=-1), or np.tri(P, 1 + P) with nowhere in column 0.",
    {
        "Each pixel looks at itself too: the mask begins one place too late.": ("k=-1", "k=0"),
        "The pixels look ahead: the mask starts at the wrong end.": (
            "np.tri(scores.shape[-1], k=-1, dtype=bool)",
            "~np.tri(scores.shape[-1], dtype=bool)",
        ),
        "No pixel is hidden: each looks at all pixels, later ones too.": (
            "ops.where(before, scores, -np.inf)",
            "scores",
        ),
    },
)
exercise.mistaken(
    "hide the scores, before the softmax, by -inf: then their weights are exp(-inf) = 0.",
    {
        "The scores of the hidden pixels are 0, and the softmax gives a 0 a weight: exp(0) is 1.": (
            "-np.inf",
            "0.0",
        ),
        "The weights are hidden after the softmax: later pixels have taken their shares already.": [
            ("ops.where(before, scores, -np.inf)", "scores"),
            ("return weights[..., 1:]", "return ops.where(before, weights[..., 1:], 0.0)"),
        ],
    },
)
exercise.mistaken(
    "put a column of zeros before the scores, for nowhere. It shares axis=-1 with the sources. Divide "
    "once, by the sum of all, and only then leave out nowhere's weight.",
    {
        "The weights of the pixels sum to 1, so nowhere has no weight. But the first pixel has nothing "
        "else to look at.": [
            ("[nowhere, scores]", "[scores]"),
            ("return weights[..., 1:]", "return weights"),
        ],
        "The softmax is taken over the targets of each source, not over the sources of each target.": (
            "axis=-1))",
            "axis=-1), axis=-2)",
        ),
    },
)
