"""9.1: draw one level from each distribution, by the noise that is given."""

import numpy as np

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch07.prices import softmax
from pixelcnn_lib.teach.exercises.ch09 import at_work

BELOW_1 = float(np.nextafter(np.float32(1), np.float32(0)))


def cases():
    rng = np.random.default_rng(91)
    few = rng.normal(0, 2, (40, 7)).astype("float32")
    large = rng.normal(1000, 2, (50, 256)).round(1)
    unlike = rng.normal(0, 2, (6, 5)) + np.array([0, 900, -900, 90, -90, 5])[:, None]
    certain = np.where(np.arange(4) < 2, -np.inf, np.zeros((3, 4)))  # two levels never come
    wide = rng.normal(0, 1, (200, 300))
    wide[:, -1] = 1
    return {
        "small logits": (few, rng.random(40)),
        "large logits": (large, rng.random(50)),
        "rows with unlike maxima": (unlike, rng.random(6)),
        "noise 0 or on an edge": (certain, np.array([0, 0.25, 0.5])),
        "noise near 1 (single precision)": (wide.astype("float32"), np.full(200, BELOW_1)),
        "noise near 1 (double precision)": (wide, np.full(200, np.nextafter(1, 0))),
        "noise near 1 (few levels)": (wide[:, -7:].astype("float32"), np.full(200, BELOW_1)),
    }


exercise = Exercise(
    id="9.1",
    title="Draw one value",
    minutes=10,
    difficulty=2,
    solution=sampling.draw,
    hints=(
        "How long is each level's piece of the stick, and where does it end?",
        "The level is the number of pieces that end at or before the noise.",
        "A softmax that is safe for large logits gives the lengths, np.cumsum along the last axis the "
        "ends; noise[:, None] compares each row with its own noise.",
    ),
    cases=cases,
    probe=at_work.draw_again,
    shown=at_work.described_draw,
    axes=("row",),
    after=at_work.show_draws,
    seen="A distribution, and how often your draws took each level.",
)
exercise.condition(at_work.repeats)
exercise.condition(at_work.listens)
exercise.agrees(
    "levels",
    "{call}: in {place}, expected level {expected}, got {got}.",
    hint="write down that row's probabilities, their sums, and where the noise falls.",
    where=lambda logits, noise: abs(logits).max() < 20 and noise.min() < 0.9,
    part="levels",
)
exercise.agrees(
    "large logits",
    "{call}: in {place}, expected level {expected}, got {got}. Smaller logits are right.",
    hint="subtract each row's own maximum first: the probabilities stay the same.",
    where=lambda logits, noise: np.isfinite(logits).all() and abs(logits).max() > 20,
    part="levels",
)
exercise.agrees(
    "edges",
    "{call}: in {place}, where the noise lies on an edge, expected level {expected}, got {got}.",
    hint="the level is the first whose sum exceeds the noise; equal is not enough.",
    where=lambda logits, noise: not np.isfinite(logits).all(),
    part="levels",
)
exercise.agrees(
    "noise near 1",
    "{call}: in {place}, expected the last level, {expected}, got {got}.",
    hint="a sum of floats may end below 1, so that none exceeds the noise.",
    where=lambda logits, noise: noise.min() > 0.9,
    part="levels",
)


# Mistakes: what lies on the stick, and how the level is read from it


def shares(p):
    return p / p.sum(-1, keepdims=True)


def read_from(lengths, ends=lambda p: p.cumsum(-1)):
    """Three answers that compare ends(lengths(logits)), of shape (rows, levels), with the noise."""
    return (
        lambda x, noise: (ends(lengths(x)) > noise[:, None]).argmax(-1),
        lambda x, noise: (ends(lengths(x)) <= noise[:, None]).sum(-1),
        lambda x, noise: (ends(lengths(x))[:, :-1] <= noise[:, None]).sum(-1),
    )


argmax, counted, right = read_from(softmax)
exercise.mistakes_about(
    "each row is a stick of its own: subtract its own maximum before exp, divide it by its own sum, "
    "and compare it with its own noise.",
    {
        "exp overflows: logits near 1000 give inf / inf.": read_from(lambda x: shares(np.exp(x))),
        "One maximum is subtracted from all rows: where a row lies far below, its exp becomes 0.": (
            read_from(lambda x: shares(np.exp(x - x.max())))
        ),
        "The lengths of a row do not add up to 1: they are not divided by their sum.": (
            *read_from(lambda x: np.exp(x - x.max(-1, keepdims=True))),
            *read_from(np.exp),
        ),
        "The softmax runs down the rows.": read_from(lambda x: softmax(x.T).T),
        "The sums run down the rows.": read_from(softmax, ends=lambda p: p.cumsum(0)),
        "Every row is decided by the first row's noise.": lambda x, noise: right(x, noise[:1]),
    },
)
exercise.mistakes_about(
    "the stick begins with level 0, and the level is the first piece that ends beyond the noise.",
    {
        "The noise is compared with lengths, not with ends.": read_from(softmax, ends=np.positive),
        "It counts the pieces beyond the noise.": lambda x, noise: x.shape[1] - counted(x, noise),
        "The level is one too low.": lambda x, noise: np.maximum(right(x, noise) - 1, 0),
        "A small noise gives a late level.": lambda x, noise: right(x, 1 - noise),
    },
)
exercise.mistake(
    "Where the noise is just below 1 and no sum exceeds it, the first level comes, not the last.",
    "a sum of floats may end a little below 1: what does argmax give for a row of False?",
    argmax,
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "when it was called again": lambda x, noise: right(x, np.random.rand(len(noise))),
        "other noise gave the same levels": lambda x, noise: x.argmax(-1),
        "where the noise lies on an edge": lambda x, noise: right(x, np.nextafter(noise, -1)),
        "expected the last level": counted,
        "expected level": lambda x, noise: right(x, noise / 2),
        "Smaller logits are right": lambda x, noise: right(np.clip(x, -700, 700), noise),
    }
)
