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


def earlier(scores, k=-1):
    return np.tri(scores.shape[-1], k=k, dtype=bool)


def weighing(may=earlier, hide=-np.inf, nowhere=0.0, axis=-1, seen=lambda scores: True):
    """Make an answer. may, seen: (scores) -> who looks at whom, before and after the softmax.

    hide, nowhere: the scores of hidden pixels and of nowhere; if nowhere is None, it is missing.
    """

    def answer(scores):
        hidden = np.where(may(scores), scores, hide)
        if nowhere is None:
            return softmax(hidden, axis) * seen(scores)
        joined = np.concatenate([np.full_like(hidden[..., :1], nowhere), hidden], -1)
        return softmax(joined, axis)[..., 1:] * seen(scores)

    return answer


def with_nowhere(scores):
    weights = weighing()(scores)
    return np.concatenate([1 - weights.sum(-1, keepdims=True), weights], -1)


def shifted(scores, largest):
    grown = np.exp(scores - largest) * earlier(scores)
    return grown / (1 + grown.sum(-1, keepdims=True))


def all_pixels(scores):
    return True


def itself_too(scores):
    return earlier(scores, k=0)


def later(scores):
    return ~itself_too(scores)


exercise.mistakes_about(
    "only strictly earlier pixels may be seen: np.tri(P, k=-1), which leaves out just the diagonal.",
    {
        "Each pixel looks at itself too: the mask begins one place too late.": (
            weighing(itself_too),
            weighing(itself_too, nowhere=None),
        ),
        "The pixel just before the target is hidden too.": weighing(lambda x: earlier(x, k=-2)),
    },
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
    weighing(later),
    weighing(lambda scores: ~earlier(scores)),
)
exercise.mistake(
    "No pixel is hidden: each looks at all pixels, later ones too.",
    "give the score -inf to all sources that do not come before the target.",
    weighing(all_pixels),
    weighing(all_pixels, nowhere=None),
)
exercise.mistakes_about(
    "a hidden pixel needs the score -inf, so that its weight is exp(-inf) = 0: no score is lower.",
    {
        "The scores of the hidden pixels are 0, and the softmax gives a 0 a weight: exp(0) is 1.": (
            weighing(hide=0.0),
            weighing(hide=0.0, nowhere=None),
            weighing(hide=0.0, seen=earlier),
            weighing(itself_too, hide=0.0),
        ),
        "The score of the hidden pixels is not low enough: real scores can be lower.": (
            weighing(hide=-50.0),
            weighing(hide=-100.0),
        ),
    },
)
exercise.mistake(
    "The weights are hidden after the softmax: later pixels have taken their shares already.",
    "hide the scores, before the softmax. Then the shares are divided among nowhere and the past.",
    weighing(all_pixels, seen=earlier),
    weighing(all_pixels, nowhere=None, seen=earlier),
)
exercise.mistakes_about(
    "put a column of zeros before the scores, for nowhere, and leave it out after the softmax.",
    {
        "Nowhere is missing: the rows sum to 1, although the first pixel has nothing to look at.": (
            lambda scores: np.nan_to_num(weighing(nowhere=None)(scores)),
            weighing(nowhere=None, hide=-1e9),
        ),
        "The softmax is taken over nothing for the first pixel, so its row is nan.": (
            weighing(nowhere=None)
        ),
    },
)
exercise.mistakes_about(
    "ops.softmax subtracts the largest score of each row first, nowhere's 0 included.",
    {
        "The largest score is subtracted from the scores of the pixels, but not from nowhere's.": (
            lambda scores: shifted(scores, scores.max(-1, keepdims=True))
        ),
        "np.exp of a large score is inf, and inf / inf is nan.": (
            lambda scores: shifted(scores, 0),
            lambda scores: shifted(np.where(earlier(scores), scores, -np.inf), 0),
        ),
    },
)
exercise.mistake(
    "The softmax is taken over the targets of each source, and not over the sources of each target.",
    "a target shares its attention among the sources: axis=-1.",
    weighing(axis=-2),
    lambda scores: np.swapaxes(weighing(later)(np.swapaxes(scores, -1, -2)), -1, -2),
)
exercise.mistakes_about(
    "nowhere is the first column: weights[..., 1:]. Or put it last, and take weights[..., :-1].",
    {
        "The last pixel is left out in place of nowhere: all weights are one column too far right.": (
            lambda scores: with_nowhere(scores)[..., :-1]
        ),
        "The first pixel is left out in place of nowhere, which is the last column here.": (
            lambda scores: np.roll(with_nowhere(scores), -1, axis=-1)[..., 1:]
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "expected shape (1, 5, 5), got shape (1, 5, 6)": with_nowhere,
        "no network can be trained with this function": weighing(),
    }
)
