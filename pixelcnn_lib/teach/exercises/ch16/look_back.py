"""16.2: all pixels look back at once, and none looks ahead."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch07.prices import softmax
from pixelcnn_lib.teach.exercises.ch16.at_work import show_weights
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


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


exercise = Exercise(
    id="16.2",
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
        "two pictures": (noise(2, 4, 4, seed=2),),
        "several heads": (noise(2, 3, 6, 6, seed=3),),
        "two pixels": (noise(1, 2, 2, seed=4),),
        "one pixel": (noise(2, 1, 1, seed=5),),
        "large scores": (200 * noise(1, 5, 5, seed=6),),
        "scores far below 0": (noise(1, 5, 5, seed=7) - 30,),
        "all scores 0": (np.zeros((1, 5, 5), "float32"),),
    },
    shown=lambda scores: f"look_back(scores {scores.shape})",
    axes=("picture", "target", "source"),
    tolerance=1e-5,
    after=show_weights,
    seen="Your weights for random scores of twelve pixels.",
)
exercise.agrees(
    "weights",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="the softmax of a row is over nowhere, with the score 0, and the pixels before the target.",
)
by_a_network(exercise, (None, 2, 5, 5))


# Mistakes: a softmax over the wrong numbers


def weighing(
    seen=np.tri,  # by P targets: nowhere, and which sources; (P, 1 + P)
    hide=-np.inf,  # the score of what is not seen
    nowhere=0.0,  # its score
    weigh=softmax,
    keep=lambda weights: weights[..., 1:],
):
    def answer(scores):
        joined = np.concatenate([np.full_like(scores[..., :1], nowhere), scores], -1)
        return keep(weigh(np.where(seen(*joined.shape[-2:]), joined, hide)))

    return answer


def shown_everything(**changed):
    return weighing(lambda *shape: np.ones(shape), **changed)


def past(weights):
    return weights[..., 1:] * np.tri(weights.shape[-2], k=-1)


exercise.mistakes_about(
    "earlier sources are on the left of a row: np.tri(P, k=-1), or np.tri(P, 1 + P) with nowhere in column 0.",
    {
        "Each pixel looks at itself too: the mask begins one place too late.": (
            weighing(lambda *shape: np.tri(*shape, k=1)),
            weighing(lambda *shape: np.tri(*shape, k=1), nowhere=-np.inf),
        ),
        "Nowhere is hidden from the first pixel, and each other pixel misses the one just before it.": (
            weighing(lambda *shape: np.tri(*shape, k=-1))
        ),
        "The pixels look ahead: the mask starts at the wrong end.": (
            weighing(lambda p, _: np.c_[np.ones(p), 1 - np.tri(p)]),
            weighing(lambda p, _: np.c_[np.ones(p), 1 - np.tri(p, k=-1)]),
        ),
        "No pixel is hidden: each looks at all pixels, later ones too.": (
            shown_everything(),
            shown_everything(nowhere=-np.inf),
        ),
    },
)
exercise.mistakes_about(
    "hide the scores, before the softmax, by -inf: then their weights are exp(-inf) = 0.",
    {
        "The scores of the hidden pixels are 0, and the softmax gives a 0 a weight: exp(0) is 1.": (
            weighing(hide=0.0),
            weighing(hide=0.0, nowhere=-np.inf),
            weighing(hide=0.0, keep=past),
        ),
        "The hidden scores are not low enough: real ones can be lower.": weighing(hide=-100.0),
        "The weights are hidden after the softmax: later pixels have taken their shares already.": (
            shown_everything(keep=past),
            shown_everything(keep=past, nowhere=-np.inf),
        ),
    },
)
exercise.mistakes_about(
    "put a column of zeros before the scores, for nowhere. ops.softmax then takes care of large scores.",
    {
        "Nowhere is missing, although the first pixel has nothing else to look at.": (
            weighing(nowhere=-np.inf),
            weighing(nowhere=-np.inf, hide=-1e9),
            lambda scores: np.nan_to_num(weighing(nowhere=-np.inf)(scores)),
        ),
        "The largest score is subtracted from the scores of the pixels, but not from nowhere's.": (
            lambda scores: weighing()(scores - scores.max(-1, keepdims=True))
        ),
    },
)
exercise.mistakes_about(
    "nowhere and the sources share axis=-1. Leave nowhere out: weights[..., 1:] if it comes first.",
    {
        "The softmax is taken over the targets of each source, not over the sources of each target.": (
            weighing(weigh=lambda x: softmax(x, axis=-2)),
            weighing(weigh=lambda x: softmax(np.insert(x, 0, 0, axis=-2), axis=-2)[..., 1:, :]),
        ),
        "A pixel's column of weights is left out, and nowhere's is kept.": (
            weighing(keep=lambda weights: weights[..., :-1]),
            weighing(keep=lambda weights: np.roll(weights, -1, axis=-1)[..., 1:]),
        ),
    },
)
exercise.caught("got shape (1, 5, 6)")(weighing(keep=lambda weights: weights))
exercise.caught("no network can be trained with this function")(weighing())
