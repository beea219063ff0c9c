"""16.1: one pixel looks at the pixels before it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch07.prices import softmax
from pixelcnn_lib.teach.exercises.ch16.at_work import show_shares
from pixelcnn_lib.teach.exercises.weights import noise


def look_once(query, keys, values, bias):
    """Look from one pixel at the n pixels before it, or nowhere.

    query: (…, F), of the pixel that looks. keys, values: (…, n, F) and (…, n, V), of the pixels
    before it. bias: (…, n), added to their scores. Nowhere has the score 0 and a value of zeros.
    Returns the mean of the values, weighted by the softmax of the scores: (…, V).
    """
    scores = (keys @ query[..., None])[..., 0] / query.shape[-1] ** 0.5 + bias  # (…, n)
    nowhere = np.zeros_like(scores, shape=(*scores.shape[:-1], 1))
    scores = np.concatenate([nowhere, scores], axis=-1)  # (…, 1 + n)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)  # (…, 1 + n)
    return (weights[..., None, 1:] @ values)[..., 0, :]  # (…, V)


def case(*lead, pixels, key, value, seed, scale=1.0):
    """Four arrays for so many pixels, whose scores are scale times as large as usual."""
    shapes = (key,), (pixels, key), (pixels, value), (pixels,)
    query, *rest = (noise(*lead, *shape, seed=seed + i) for i, shape in enumerate(shapes))
    return (scale * query, *rest)


def one_bias_for_all(*lead, **sizes):
    """The same, with a bias that lacks the first axis in front."""
    *others, bias = case(*lead, **sizes)
    return (*others, bias[0])


exercise = Exercise(
    id="16.1",
    title="One pixel looks back",
    minutes=12,
    difficulty=2,
    solution=look_once,
    hints=(
        "The example above did it with 4 pixels. Which of its steps does each argument belong to?",
        "Compute the scores of the n pixels, put a 0 for nowhere before them, take the softmax over "
        "these 1 + n numbers, and leave out the first weight.",
        "(keys @ query[..., None])[..., 0] gives the products, and (weights[..., None, :] @ values)"
        "[..., 0, :] the weighted sums. np.pad or np.concatenate puts a 0 before the scores.",
    ),
    cases={
        "one query": case(pixels=4, key=4, value=3, seed=1),
        "as many numbers in a value as in a key": case(pixels=5, key=3, value=3, seed=5),
        "several queries": case(2, 3, pixels=4, key=2, value=5, seed=9),
        "one earlier pixel": case(2, pixels=1, key=4, value=2, seed=13),
        "no earlier pixel": case(2, pixels=0, key=3, value=2, seed=17),
        "large scores": case(2, pixels=4, key=4, value=2, seed=21, scale=3000),
        "as many pixels as numbers": case(4, pixels=4, key=4, value=4, seed=25),
        "one bias for all pictures": one_bias_for_all(2, 3, pixels=4, key=2, value=5, seed=9),
    },
    shown=lambda query, keys, values, bias: (
        f"look_once(query {query.shape}, keys {keys.shape}, values {values.shape}, "
        f"bias {bias.shape})"
    ),
    tolerance=1e-4,
    after=show_shares,
    seen="Three pixels have the keys 0, 1 and 2. The weight of each, for queries from -3 to 3.",
)
exercise.agrees(
    "weighted mean",
    "{call}: expected {expected} at {place}, got {got}.",
    hint="scores, softmax over nowhere and the pixels, weighted sum of the values.",
)


# Mistakes: another step in the middle


def looking(
    score=lambda products, bias, f: products / f**0.5 + bias,
    nowhere=0.0,  # its score
    weigh=softmax,
    keep=lambda weights: weights[..., 1:],
):
    def answer(query, keys, values, bias):
        scores = score((keys @ query[..., None])[..., 0], bias, query.shape[-1])
        scores = np.insert(scores, 0, nowhere, axis=-1)
        return (keep(weigh(scores))[..., None, :] @ values)[..., 0, :]

    return answer


def from_largest(scores, initial=-1e30):
    return scores - scores.max(-1, keepdims=True, initial=initial)


exercise.mistakes_about(
    "divide the product of query and key by query.shape[-1] ** 0.5. Then add the bias.",
    {
        "The products are not divided by the root of F.": looking(lambda p, bias, f: p + bias),
        "The root is that of 2, as in the example.": looking(lambda p, bias, f: p / 2**0.5 + bias),
        "The products are divided by F, not by its root.": looking(lambda p, bias, f: p / f + bias),
        "The bias is divided by the root of F too.": looking(
            lambda p, bias, f: (p + bias) / f**0.5
        ),
    },
)


@exercise.mistake(
    "The code of the example is right only for one query, and only for keys of two numbers.",
    "(keys @ query[..., None])[..., 0] works for many queries. Divide by query.shape[-1] ** 0.5, and "
    "put nowhere first along axis -1.",
)
def copied_from_the_example(query, keys, values, bias):
    scores = np.append(0, keys @ query / np.sqrt(2) + bias)
    weights = np.exp(scores) / np.exp(scores).sum()
    return weights[1:] @ values


exercise.mistakes_about(
    "subtract the largest of the 1 + n scores from all of them, nowhere's 0 included. Then np.exp.",
    {
        "The largest score is subtracted from the scores of the pixels, but not from nowhere's.": (
            looking(lambda p, bias, f: from_largest(p / f**0.5 + bias)),
            looking(lambda p, bias, f: from_largest(p / f**0.5 + bias, initial=0)),
        ),
        "np.exp of a large score is inf, and inf / inf is nan.": looking(
            weigh=lambda scores: np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        ),
    },
)
exercise.mistakes_about(
    "put a 0 first, for nowhere. Divide once, by the sum along axis -1, with keepdims=True. Then leave "
    "out the weight of nowhere, weights[..., 1:].",
    {
        "Nowhere is missing: the weights of the pixels sum to 1.": looking(nowhere=-1e30),
        "The softmax is taken over all queries together.": looking(
            weigh=lambda scores: softmax(scores, axis=None)
        ),
        "The weights are right, but the sum is divided by the number of pixels.": looking(
            keep=lambda weights: weights[..., 1:] / max(weights.shape[-1] - 1, 1)
        ),
        "A pixel's weight is left out, and nowhere's is kept.": (
            looking(keep=lambda weights: weights[..., :-1]),
            looking(keep=lambda weights: np.roll(weights, -1, axis=-1)[..., 1:]),
        ),
    },
)
exercise.caught("one bias for all")(looking(lambda p, b, f: p / f**0.5 + b.reshape(p.shape)))
