"""9.1: draw one level from each distribution, by the noise that is given."""

import numpy as np

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch09.at_work import draw_again, repeats, show_draws

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


def described(logits, noise):
    low, high = logits[np.isfinite(logits)].min(), logits.max()
    end = f"up to {noise.max():.2g}" if noise.min() < 0.9 else "just below 1"
    also = "" if np.isfinite(logits).all() else " and -inf"
    return f"draw, logits {logits.shape} from {low:.3g} to {high:.3g}{also}, noise {end}"


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
    probe=draw_again,
    shown=described,
    axes=("row",),
    after=show_draws,
    seen="A distribution, and how often your draws took each level.",
)
exercise.condition(repeats)


@exercise.condition
def listens(answer):
    results = [answer(*case) for case in answer.exercise.inputs]
    if all(np.array_equal(got["levels"], got["other noise"]) for got in results):
        hint = "where on the stick does the noise fall?"
        return Wrong("The noise decides nothing: other noise gave the same levels.", hint)


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


def over_its_sum(p):
    return p / p.sum(-1, keepdims=True)


def softmax(logits):
    return over_its_sum(np.exp(logits - logits.max(-1, keepdims=True)))


def right(logits, noise):
    return (softmax(logits).cumsum(-1)[:, :-1] <= noise[:, None]).sum(-1)


def read_from(ends):
    """Four answers that compare these ends (rows, levels) with the noise."""
    counted = lambda x, noise: (ends(x) <= noise[:, None]).sum(-1)
    return (
        lambda x, noise: (ends(x) > noise[:, None]).argmax(-1),
        lambda x, noise: (ends(x)[:, :-1] <= noise[:, None]).sum(-1),
        lambda x, noise: np.minimum(counted(x, noise), x.shape[1] - 1),
        counted,
    )


argmax, _, _, counted = read_from(lambda x: softmax(x).cumsum(-1))
exercise.mistakes_about(
    "subtract each row's own maximum before exp, and divide each row by its own sum: axis=-1.",
    {
        "exp overflows: the logits near 1000 give inf / inf.": read_from(
            lambda x: over_its_sum(np.exp(x)).cumsum(-1)
        ),
        "One maximum is subtracted from all rows: where a row lies far below, its exp becomes "
        "0.": read_from(lambda x: over_its_sum(np.exp(x - x.max())).cumsum(-1)),
        "The lengths of a row do not add up to 1: they are not divided by their sum.": (
            *read_from(lambda x: np.exp(x - x.max(-1, keepdims=True)).cumsum(-1)),
            *read_from(lambda x: np.exp(x).cumsum(-1)),
        ),
        "The probabilities of a level add up to 1 over the rows: softmax ran along the wrong "
        "axis.": read_from(lambda x: softmax(x.T).T.cumsum(-1)),
    },
)
exercise.mistakes_about(
    "each row is a stick of its own, with its own noise: axis=-1, noise[:, None].",
    {
        "The sums run down the rows, from one distribution into the next.": read_from(
            lambda x: softmax(x).cumsum(0)
        ),
        "Every row is decided by the first row's noise.": (
            lambda logits, noise: right(logits, np.full_like(noise, noise[0]))
        ),
    },
)
exercise.mistakes_about(
    "the stick begins with level 0, and the level is the first piece that ends beyond the noise.",
    {
        "The noise is compared with the lengths of the pieces, not with where they end.": (
            read_from(softmax)
        ),
        "A level is taken where its piece begins, not where it ends.": read_from(
            lambda x: softmax(x).cumsum(-1) - softmax(x)
        )[0],
        "It counts the pieces that end beyond the noise.": (
            lambda logits, noise: (softmax(logits).cumsum(-1) > noise[:, None]).sum(-1)
        ),
        "The level is one too high.": (
            lambda logits, noise: np.minimum(right(logits, noise) + 1, logits.shape[1] - 1)
        ),
        "The level is one too low.": (
            lambda logits, noise: np.maximum(right(logits, noise) - 1, 0)
        ),
        "The stick, or the noise, is turned round: a small noise gives a late level.": (
            lambda logits, noise: logits.shape[1] - 1 - right(logits[:, ::-1], noise),
            lambda logits, noise: right(logits, np.minimum(1 - noise, np.nextafter(1, 0))),
        ),
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
        "when it was called again": lambda logits, noise: right(logits, np.random.rand(len(noise))),
        "other noise gave the same levels": lambda logits, noise: logits.argmax(-1),
        "where the noise lies on an edge": (
            lambda logits, noise: (softmax(logits).cumsum(-1)[:, :-1] < noise[:, None]).sum(-1)
        ),
        "expected the last level": counted,
        "expected level": lambda logits, noise: right(logits, noise / 2),
        "Smaller logits are right": lambda logits, noise: right(np.clip(logits, -700, 700), noise),
    }
)
