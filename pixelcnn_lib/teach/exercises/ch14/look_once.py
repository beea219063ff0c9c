"""14.1: one pixel looks at the pixels before it."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.noise import noise


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


def show_shares(look_once):
    from pixelcnn_lib.teach import figures

    keys, values = np.array([[0.0], [1.0], [2.0]]), np.eye(3)
    query = np.linspace(-3, 3, 61)
    shares = np.array([look_once(np.array([q]), keys, values, np.zeros(3)) for q in query])
    curves = {f"a key of {n}": (query, shares[:, n]) for n in range(3)}
    curves["nowhere"] = query, 1 - shares.sum(1)
    return figures.show_curve(curves, xlabel="the query", ylabel="weight")


exercise = Exercise(
    id="14.1",
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
        "several queries": case(2, 3, pixels=4, key=2, value=5, seed=9),
        "one earlier pixel": case(2, pixels=1, key=4, value=2, seed=13),
        "no earlier pixel": case(2, pixels=0, key=3, value=2, seed=17),
        "large scores": case(2, pixels=4, key=4, value=2, seed=21, scale=3000),
        "one bias for all pictures": (
            noise(2, 3, 2, seed=9),
            noise(2, 3, 4, 2, seed=10),
            noise(2, 3, 4, 5, seed=11),
            noise(3, 4, seed=12),
        ),
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
    hint="scores, softmax over nowhere and the pixels, weighted sum of the values.",
)
exercise.mistaken(
    "divide the product of query and key by query.shape[-1] ** 0.5. Then add the bias.",
    {
        "The products are not divided by the root of F.": (" / query.shape[-1] ** 0.5", ""),
        "The root is that of 2, as in the example.": ("query.shape[-1] ** 0.5", "2**0.5"),
        "The products are divided by F, not by its root.": (" ** 0.5", ""),
        "The bias is divided too.": [
            ("(keys @", "((keys @"),
            (" / query.shape[-1] ** 0.5 + bias", " + bias) / query.shape[-1] ** 0.5"),
        ],
        "The bias is left out.": (" + bias", ""),
    },
)
exercise.mistaken(
    "subtract the largest of the 1 + n scores from all of them, nowhere's 0 included. Then np.exp.",
    {
        "np.exp of a large score is inf, and inf / inf is nan.": (
            "scores - scores.max(axis=-1, keepdims=True)",
            "scores",
        ),
        "The largest score is subtracted from the scores of the pixels, but not from nowhere's.": (
            "[nowhere, scores]",
            "[nowhere, scores - scores.max(axis=-1, keepdims=True, initial=-1e30)]",
        ),
    },
)
exercise.mistaken(
    "put a 0 first, for nowhere. Divide once, by the sum along axis -1, with keepdims=True. Then leave "
    "out the weight of nowhere, weights[..., 1:].",
    {
        "Nowhere is missing: the weights of the pixels sum to 1.": (
            "np.zeros_like(scores, shape=",
            "np.full_like(scores, -1e30, shape=",
        ),
        "The softmax is taken over all queries together.": (
            "weights.sum(axis=-1, keepdims=True)",
            "weights.sum()",
        ),
        "The last pixel's weight is left out, and nowhere's is kept.": ("1:] @", ":-1] @"),
        "Nowhere is put last, and the first weight is left out.": (
            "[nowhere, scores]",
            "[scores, nowhere]",
        ),
    },
)
