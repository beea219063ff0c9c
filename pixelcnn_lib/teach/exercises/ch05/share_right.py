"""5.2: the share of right drawings, from the bits of new faces, without drawing one."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def share_right(paid, exact):
    """Estimate the probability that a network draws a right face, from the bits of new faces."""
    bits = paid.sum(axis=(1, 2, 3))  # (N,)
    return np.mean(2.0 ** (exact - bits))


def as_prices(bits, shape=(3, 2, 1), seed=0):
    """Spread the bits of each face, (N,), over its values: float (N, H, W, 1)."""
    shares = np.random.default_rng(seed).dirichlet(np.ones(np.prod(shape)), len(bits))
    return (np.reshape(bits, (-1, 1)) * shares).reshape(-1, *shape)


def some_faces(n, above, spread, seed):
    """Bits of n random faces, and of a network that pays more, by `above` on average."""
    rng = np.random.default_rng(seed)
    exact = rng.uniform(12, 24, n)
    return as_prices(exact + rng.normal(above, spread, n), seed=seed), exact


def all_faces():
    """Every face of a small program, as often as it is likely; 0.9 of the drawings are right."""
    r = np.repeat([1 / 2, 1 / 4, 1 / 8, 1 / 8], [4, 2, 1, 1])
    p = np.repeat([0.3, 0.3, 0.2, 0.1], [4, 2, 1, 1])
    return as_prices(-np.log2(p), seed=1), -np.log2(r)


exercise = Exercise(
    id="5.2",
    title="Right drawings, counted without drawing",
    minutes=12,
    difficulty=2,
    solution=share_right,
    hints=(
        "In the mean of f(x) over faces of the program, each face has the weight r(x), which you do not "
        "want. What must f(x) contain to remove it?",
        "Average p(x) / r(x). What is each of the two, written as a power of 2?",
        "p(x) is 2 to the power of minus the face's bits, the sum of its prices. r(x) is 2.0 ** -exact. "
        "So the quotient is 2.0 to the power of a difference.",
    ),
    cases=lambda: {
        "all faces of a small program": all_faces(),
        "a bad network": some_faces(5, 6.0, 3.0, seed=3),
        "a few faces that cost too little": some_faces(4, -3.0, 1.0, seed=5),  # a mean above 1
    },
    shown=lambda paid, exact: f"share_right(paid {paid.shape}, exact {exact.shape})",
    tolerance=1e-6,
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="the mean over the faces of p(x) / r(x). Both are powers of 2.",
)
exercise.mistaken = {
    "the mean of 2 to the power of something is not 2 to the power of its mean. Which mean is it here?": {
        "This is the lower bound of the table: the differences are averaged before the power.": (
            "2.0 ** np.mean(exact - bits)"
        )
    },
    "r(x) f(x) has to be p(x), so f(x) is p(x) / r(x), with p(x) = 2 ** -bits and r(x) = 2 ** -exact.": {
        "This is the mean of r(x) / p(x): the quotient is upside down.": (
            "np.mean(2.0 ** (bits - exact))"
        ),
        "This is the mean of p(x): each face still has its weight r(x).": "np.mean(2.0**-bits)",
        "These prices are bits, but the power is one of e.": "np.mean(np.exp(exact - bits))",
    },
    "first the bits of each face, the sum over its rows, columns and colours: (N,). Then one mean over "
    "the faces.": {
        "The bits of a face are the sum of its prices, and not their mean.": ("sum(", "mean("),
        "Without the sum over the last axis, bits is (N, 1), and exact - bits is (N, N).": (
            "axis=(1, 2, 3)",
            "axis=(1, 2)",
        ),
    },
}
