"""14.2: the cache of keys and values."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.noise import noise


class Cache:
    """The keys and the values of the start token and of the tokens so far, of n texts."""

    def __init__(self, n, heads, key, value):
        self.keys = np.zeros((n, heads, 1, key))
        self.values = np.zeros((n, heads, 1, value))

    def look(self, query, bias):
        """Look from the next token at all sources so far."""
        scores = (self.keys @ query[..., None])[..., 0] / query.shape[-1] ** 0.5 + bias
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (n, heads, sources)
        weights = weights / weights.sum(axis=-1, keepdims=True)
        return (weights[..., None, :] @ self.values)[..., 0, :]

    def keep(self, key, value):
        """Keep the key (n, heads, key) and the value (n, heads, value) of a token that is drawn."""
        self.keys = np.concatenate([self.keys, key[:, :, None]], axis=2)
        self.values = np.concatenate([self.values, value[:, :, None]], axis=2)


def walk(cache, queries, keys, values, bias):
    """Look from each pixel and keep it: queries, keys (n, heads, P, key) -> (n, heads, P, value)."""
    n, heads, pixels, key = keys.shape
    one, seen = cache(n, heads, key, values.shape[-1]), []
    for place in range(pixels):
        found = one.look(queries[:, :, place].copy(), bias[:, : place + 1].copy())
        if found is None:
            raise Wrong("look returned None.", "is there a return at its end?")
        expected = n, heads, values.shape[-1]
        if np.shape(found) != expected:
            says = f"look returned shape {np.shape(found)}, expected {expected}."
            raise Wrong(says, "the sources are summed over: one value is left for each head.")
        seen.append(to_numpy(found))
        one.keep(keys[:, :, place].copy(), values[:, :, place].copy())
    return np.stack(seen, axis=2)


def case(n, heads, pixels, key, value, seed, scale=1.0):
    """Queries, keys, values and biases, whose scores are scale times as large as usual."""
    shapes = (n, heads, pixels, key), (n, heads, pixels, key), (n, heads, pixels, value)
    query, *rest = (noise(*shape, seed=seed + i) for i, shape in enumerate(shapes))
    return scale * query, *rest, noise(heads, 1 + pixels, seed=seed + 3)


def show_shares(cache):
    from pixelcnn_lib.teach import figures

    query = np.linspace(-3, 3, 61)
    one = cache(61, 1, 1, 3)
    for number in range(3):
        one.keep(np.full((61, 1, 1), float(number)), np.tile(np.eye(3)[number], (61, 1, 1)))
    shares = np.asarray(one.look(query[:, None, None], np.zeros((1, 4))))[:, 0]  # (61, 3)
    curves = {f"a key of {n}": (query, shares[:, n]) for n in range(3)}
    curves["start token"] = query, 1 - shares.sum(1)
    return figures.show_curve(curves, xlabel="the query", ylabel="weight")


exercise = Exercise(
    id="14.2",
    title="The cache of keys and values",
    minutes=12,
    difficulty=2,
    solution=Cache,
    hints=(
        "What does a pixel look at when nothing is kept yet?",
        "Begin with one source of zeros, the start token. keep joins one more source to the arrays. "
        "look computes scores, their softmax, and the weighted sum of the values.",
        "keys (n, heads, sources, key) @ query[..., None] gives (n, heads, sources, 1). For keep: "
        "np.concatenate([self.keys, key[:, :, None]], axis=2).",
    ),
    cases={
        "one head": case(1, 1, 4, 4, 4, seed=1),
        "several pictures and heads": case(2, 3, 5, 2, 4, seed=9),
        "large scores": case(2, 2, 4, 4, 2, seed=21, scale=3000),
    },
    probe=walk,
    shown=lambda queries, keys, values, bias: (
        f"Cache, {len(keys)} pictures, {keys.shape[1]} heads, {keys.shape[2]} pixels one after another"
    ),
    axes=("picture", "head", "pixel", "number"),
    tolerance=1e-4,
    after=show_shares,
    seen="Three pixels have the keys 0, 1 and 2. The weight of each, for queries from -3 to 3.",
)
exercise.agrees(
    "{call}: at {place}, expected {expected}, got {got}.",
    hint="scores, softmax over all sources so far, weighted sum of the values.",
)
exercise.mistaken = {
    "divide the product of query and key by query.shape[-1] ** 0.5. Then add the bias.": {
        "The products are not divided by the root of F.": (" / query.shape[-1] ** 0.5", ""),
        "The bias is missing.": (" ** 0.5 + bias", " ** 0.5"),
        "The bias is divided by the root of F too.": ("+ bias", "+ bias / query.shape[-1] ** 0.5"),
    },
    "np.concatenate joins the new source behind the old ones, along the axis of the sources. The first "
    "source is the start token, which is all zeros.": {
        "The new source is put before the old ones.": [
            ("[self.keys, key[:, :, None]]", "[key[:, :, None], self.keys]"),
            ("[self.values, value[:, :, None]]", "[value[:, :, None], self.values]"),
        ],
    },
}
exercise.symptoms = {
    "subtract the largest score of each head and picture from its scores. Then np.exp.": {
        "This is right for small scores, but not for large ones.": (
            "scores - scores.max(axis=-1, keepdims=True)",
            "scores",
        )
    }
}
