"""16.2: all pixels look back at once, and none looks ahead."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
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


def show_weights(look_back):
    import matplotlib.pyplot as plt

    weights = np.asarray(look_back(2 * noise(1, 12, 12, seed=3)))[0]
    fig, ax = plt.subplots(figsize=(4, 3.2), layout="constrained")
    drawn = ax.imshow(weights, vmin=0, vmax=1)
    ax.set(xlabel="source", ylabel="target")
    fig.colorbar(drawn, label="weight")
    return fig


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


# Mistakes, each as a reader writes it


def softmax(x, axis=-1):
    x = np.exp(x - np.maximum(x.max(axis, keepdims=True), -1e30))
    return x / x.sum(axis, keepdims=True)


def shifted(scores, largest):
    grown = np.exp(scores - largest(scores)) * allowed()(scores)
    return grown / (1 + grown.sum(-1, keepdims=True))


def allowed(k=-1):
    return lambda scores: np.tri(scores.shape[-1], k=k, dtype=bool)


def weighing(may=None, hide=-np.inf, nowhere=0.0, axis=-1, after=lambda weights, scores: weights):
    """Make an answer: may(scores) is who may look at whom; nowhere is its score, or None."""

    def answer(scores):
        seen = (may or allowed())(scores)
        hidden = np.where(seen, scores, hide(scores) if callable(hide) else hide)
        if nowhere is None:
            return after(softmax(hidden, axis), scores)
        joined = np.concatenate([np.full_like(hidden[..., :1], nowhere), hidden], -1)
        return after(softmax(joined, axis)[..., 1:], scores)

    return answer


exercise.mistake(
    "Each pixel looks at itself too: the mask begins one place too late.",
    "only strictly earlier pixels may be seen: np.tri(P, k=-1), without the diagonal.",
    weighing(allowed(0)),
    weighing(allowed(0), nowhere=None),
)
exercise.mistake(
    "The pixel just before the target is hidden too.",
    "np.tri(P, k=-1) leaves out only the diagonal.",
    weighing(allowed(-2)),
)
exercise.mistake(
    "Nowhere is hidden from the first pixel, and each other pixel misses the one just before it.",
    "with nowhere in column 0, the mask needs one more column and no k=-1: np.tri(P, 1 + P).",
    lambda scores: softmax(
        np.where(
            np.tri(scores.shape[-1], 1 + scores.shape[-1], k=-1, dtype=bool),
            np.concatenate([np.zeros_like(scores[..., :1]), scores], -1),
            -np.inf,
        )
    )[..., 1:],
)
exercise.mistake(
    "The pixels look ahead: the mask starts at the wrong end.",
    "scores[target, source]: a row is a target, and the sources before it are on the left.",
    weighing(lambda scores: ~allowed(0)(scores)),
    weighing(lambda scores: ~allowed(-1)(scores)),
    weighing(lambda scores: ~allowed(0)(scores), nowhere=None),
)
exercise.mistake(
    "No pixel is hidden: each looks at all pixels, later ones too.",
    "give the score -inf to all sources that do not come before the target.",
    weighing(lambda scores: True),
    weighing(lambda scores: True, nowhere=None),
)
exercise.mistake(
    "The scores of the hidden pixels are 0, and the softmax gives a 0 a weight: exp(0) is 1.",
    "a hidden pixel needs the score -inf, so that its weight is exp(-inf) = 0.",
    weighing(hide=0.0),
    weighing(hide=0.0, nowhere=None),
    weighing(allowed(0), hide=0.0),
    weighing(allowed(0), hide=0.0, nowhere=None),
)
exercise.mistake(
    "The scores of the hidden pixels are only a little smaller, so they keep some weight.",
    "a hidden pixel needs the score -inf.",
    weighing(hide=lambda scores: scores - 1),
    weighing(hide=-1.0),
)
exercise.mistake(
    "The score of the hidden pixels is not low enough: real scores can be lower.",
    "use -np.inf: no score is lower.",
    weighing(hide=-50.0),
    weighing(hide=-100.0),
)
exercise.mistake(
    "The weights are hidden after the softmax: later pixels have taken their shares already.",
    "hide the scores, before the softmax. Then the shares are divided among nowhere and the past.",
    weighing(lambda scores: True, after=lambda weights, scores: weights * allowed()(scores)),
    weighing(
        lambda scores: True,
        nowhere=None,
        after=lambda weights, scores: weights * allowed()(scores),
    ),
)
exercise.mistake(
    "Nowhere is missing: the rows sum to 1, although the first pixel has nothing to look at.",
    "put a column of zeros before the scores, for nowhere, and leave it out after the softmax.",
    weighing(nowhere=None, after=lambda weights, scores: np.nan_to_num(weights)),
    weighing(nowhere=None, hide=-1e9),
    weighing(
        lambda scores: (
            allowed()(scores) | (np.arange(scores.shape[-1] ** 2) == 0).reshape(scores.shape[-2:])
        ),
        nowhere=None,
    ),
)
exercise.mistake(
    "The softmax is taken over nothing for the first pixel, so its row is nan.",
    "the first pixel needs something to look at: nowhere, a column of zeros before the scores.",
    weighing(nowhere=None),
)
exercise.mistake(
    "The largest score is subtracted from the scores of the pixels, but not from nowhere's.",
    "put the column of zeros before the scores first. ops.softmax then subtracts by itself.",
    lambda scores: shifted(scores, np.max),
    lambda scores: shifted(scores, lambda x: x.max(-1, keepdims=True)),
)
exercise.mistake(
    "np.exp of a large score is inf, and inf / inf is nan.",
    "ops.softmax subtracts the largest score of each row first, nowhere's 0 included.",
    lambda scores: shifted(scores, lambda x: 0),
    lambda scores: shifted(np.where(allowed()(scores), scores, -np.inf), lambda x: 0),
)
exercise.mistake(
    "The score of nowhere is 1.",
    "it is 0: ops.zeros_like(scores[..., :1]).",
    weighing(nowhere=1.0),
)
exercise.mistake(
    "The softmax is taken over the targets of each source, and not over the sources of each target.",
    "a target shares its attention among the sources: axis=-1.",
    weighing(axis=-2),
    lambda scores: np.swapaxes(
        weighing(lambda scores: ~allowed(0)(scores))(np.swapaxes(scores, -1, -2)), -1, -2
    ),
    weighing(axis=-2, nowhere=None, after=lambda weights, scores: np.nan_to_num(weights)),
)
exercise.mistake(
    "Targets and sources are exchanged in the result.",
    "weights[target, source], as the scores.",
    weighing(after=lambda weights, scores: np.swapaxes(weights, -1, -2)),
)
exercise.mistake(
    "Each pixel has a weight of its own between 0 and 1, from a sigmoid.",
    "the softmax shares one 1 among nowhere and the pixels before the target.",
    lambda scores: allowed()(scores) / (1 + np.exp(-scores)),
)
exercise.mistake(
    "The last pixel is left out in place of nowhere: all weights are one column too far right.",
    "nowhere is the first column: weights[..., 1:]. Or put it last, and take weights[..., :-1].",
    lambda scores: np.concatenate(
        [1 - weighing()(scores).sum(-1, keepdims=True), weighing()(scores)[..., :-1]], -1
    ),
)
exercise.mistake(
    "The first pixel is left out in place of nowhere, which is the last column here.",
    "leave out the column of nowhere: weights[..., :-1] if it is the last one.",
    lambda scores: np.concatenate(
        [weighing()(scores)[..., 1:], 1 - weighing()(scores).sum(-1, keepdims=True)], -1
    ),
)


# Mistakes that a condition describes well enough


@exercise.caught("expected shape (1, 5, 5), got shape (1, 5, 6)")
def with_nowhere(scores):
    weights = weighing()(scores)
    return np.concatenate([1 - weights.sum(-1, keepdims=True), weights], -1)


@exercise.caught("no network can be trained with this function")
def by_numpy(scores):
    return weighing()(np.asarray(scores))
