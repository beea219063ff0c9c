"""16.1: one pixel looks at the pixels before it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
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


def show_shares(look_once):
    from pixelcnn_lib.teach import figures

    keys, values = np.array([[0.0], [1.0], [2.0]]), np.eye(3)
    query = np.linspace(-3, 3, 61)
    shares = np.array([look_once(np.array([q]), keys, values, np.zeros(3)) for q in query])
    curves = {f"a key of {n}": (query, shares[:, n]) for n in range(3)}
    curves["nowhere"] = query, 1 - shares.sum(1)
    return figures.show_curve(curves, xlabel="the query", ylabel="weight")


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


# Mistakes, each as a reader writes it


def looking(
    score=lambda products, bias, f: products / f**0.5 + bias,
    weigh=lambda scores: np.exp(scores - scores.max(-1, keepdims=True)),
    share=lambda weights: weights / weights.sum(-1, keepdims=True),
    keep=lambda weights: weights[..., 1:],
    first=lambda scores, bias: np.zeros((*scores.shape[:-1], 1)),
):
    """Make an answer with one step changed; weights have nowhere's first."""

    def answer(query, keys, values, bias):
        scores = score((keys @ query[..., None])[..., 0], bias, query.shape[-1])
        scores = np.concatenate([first(scores, bias), scores], -1)
        return (keep(share(weigh(scores)))[..., None, :] @ values)[..., 0, :]

    return answer


exercise.mistakes_about(
    "divide the product of query and key by query.shape[-1] ** 0.5. Then add the bias.",
    {
        "The products are not divided by the root of F.": looking(lambda p, bias, f: p + bias),
        "The products are divided by the root of 2, which is right only for the example.": looking(
            lambda p, bias, f: p / 2**0.5 + bias
        ),
        "The products are divided by F, and not by its root.": looking(
            lambda p, bias, f: p / f + bias
        ),
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


exercise.mistake(
    "Nowhere is missing: the weights of the pixels sum to 1.",
    "put a 0 before the scores, for nowhere, and leave its weight out after the softmax.",
    looking(first=lambda scores, bias: np.full((*scores.shape[:-1], 1), -1e30)),
)
exercise.mistake(
    "Each pixel has a weight of its own between 0 and 1, from a sigmoid.",
    "the softmax shares one 1 among nowhere and the pixels.",
    looking(weigh=lambda scores: 1 / (1 + np.exp(-scores)), share=lambda weights: weights),
)
exercise.mistake(
    "The weights are right, but the sum is divided by the number of pixels.",
    "the weights contain the division already: only add.",
    looking(keep=lambda weights: weights[..., 1:] / max(weights.shape[-1] - 1, 1)),
)


def largest_subtracted(initial):
    """Subtract the largest score of the pixels, or a larger `initial`, before nowhere's 0 comes."""

    def score(products, bias, f):
        scores = products / f**0.5 + bias
        return scores - scores.max(-1, keepdims=True, initial=initial)

    return looking(score, np.exp)


exercise.mistakes_about(
    "subtract the largest of the 1 + n scores from all of them, nowhere's 0 included. Then np.exp.",
    {
        "The largest score is subtracted from the scores of the pixels, but not from nowhere's.": (
            largest_subtracted(-1e30),
            largest_subtracted(0),
        ),
        "np.exp of a large score is inf, and inf / inf is nan.": looking(weigh=np.exp),
    },
)
exercise.mistakes_about(
    "leave out the weight of nowhere: weights[..., 1:] if it is first, weights[..., :-1] if it is last.",
    {
        "The weights are one place too late: the first pixel gets nowhere's weight.": looking(
            keep=lambda weights: weights[..., :-1]
        ),
        "The first pixel is left out in place of nowhere, which is the last place here.": looking(
            keep=lambda weights: np.roll(weights, -1, axis=-1)[..., 1:]
        ),
    },
)
exercise.mistake(
    "The softmax is taken over all queries together.",
    "each query has a softmax of its own: sum along axis -1, and keep the axis with keepdims=True.",
    looking(share=lambda weights: weights / weights.sum()),
    looking(
        weigh=lambda scores: np.exp(scores - scores.max()),
        share=lambda weights: weights / weights.sum(),
    ),
)


# Mistakes that a condition describes well enough


@exercise.caught("no earlier pixel")
def asks_for_the_largest_of_nothing(query, keys, values, bias):
    scores = (keys @ query[..., None])[..., 0] / query.shape[-1] ** 0.5 + bias
    largest = np.maximum(scores.max(-1, keepdims=True), 0)
    weights = np.exp(scores - largest)
    weights = weights / (np.exp(-largest) + weights.sum(-1, keepdims=True))
    return (weights[..., None, :] @ values)[..., 0, :]


exercise.caught("Wrong only for: one bias for all pictures")(
    looking(first=lambda scores, bias: np.zeros((*bias.shape[:-1], 1)))
)
