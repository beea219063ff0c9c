"""9.1: draw one level from each distribution, by the noise that is given."""

import numpy as np

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise, Wrong, to_numpy
from pixelcnn_lib.teach.exercises.ch09.repeats import repeats

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


def draw_again(draw, logits, noise):
    """The levels; then called again; with other noise; and the first rows drawn one by one."""
    levels = draw(logits, noise)
    if levels is None or levels is ...:
        return levels
    rows = [draw(logits[k : k + 1].copy(), noise[k : k + 1].copy()) for k in range(3)]
    return {
        "levels": to_numpy(levels),
        "again": to_numpy(draw(logits.copy(), noise.copy())),
        "other noise": to_numpy(draw(logits.copy(), (noise + 0.5) % 1)),
        "row by row": np.concatenate([np.atleast_1d(to_numpy(row)) for row in rows]),
    }


def described(logits, noise):
    low, high = logits[np.isfinite(logits)].min(), logits.max()
    end = f"up to {noise.max():.2g}" if noise.min() < 0.9 else "just below 1"
    also = "" if np.isfinite(logits).all() else " and -inf"
    return f"draw, logits {logits.shape} from {low:.3g} to {high:.3g}{also}, noise {end}"


def show_draws(draw):
    from pixelcnn_lib.teach import figures

    level = np.arange(48)
    log_p = np.logaddexp(-(((level - 14) / 5) ** 2), -(((level - 33) / 8) ** 2) - 0.4)
    log_p -= np.logaddexp.reduce(log_p)
    noise = np.random.default_rng(0).random(20000)
    drawn = np.asarray(draw(np.tile(log_p, (len(noise), 1)), noise)).astype(int)
    share = np.bincount(drawn, minlength=48) / len(noise)
    titles = ["the distribution", "20000 of your draws"]
    return figures.show_distribution([log_p, np.log(np.maximum(share, 1e-9))], titles=titles)


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


def softmax(logits):
    p = np.exp(logits - logits.max(-1, keepdims=True))
    return p / p.sum(-1, keepdims=True)


def right(logits, noise):
    return (softmax(logits).cumsum(-1)[:, :-1] <= noise[:, None]).sum(-1)


@exercise.mistake(
    "It takes the likeliest level, whatever the noise.",
    hint="where on the stick does the noise fall?",
)
def likeliest(logits, noise):
    return logits.argmax(-1)


down = exercise.mistake(
    "The sums run down the rows, from one distribution into the next.",
    hint="each row is a stick of its own: axis=-1.",
)

down(lambda logits, noise: (softmax(logits).cumsum(0) > noise[:, None]).argmax(-1))


@down
def summed_down_and_counted(logits, noise):
    levels = (softmax(logits).cumsum(0) <= noise[:, None]).sum(-1)
    return np.minimum(levels, logits.shape[1] - 1)


exercise.mistake(
    "The likeliest level comes first on the stick, then the next likeliest, and so on.",
    "the levels lie on the stick in their own order: 0, 1, 2, ...",
)(lambda logits, noise: right(np.sort(logits)[:, ::-1], noise))


as_lengths = exercise.mistake(
    "The logits are laid end to end as if they were probabilities.",
    hint="logits are logarithms, up to a constant.",
)


@as_lengths
def logits_counted(logits, noise):
    return (logits.cumsum(-1) <= noise[:, None]).sum(-1)


as_lengths(lambda logits, noise: np.minimum(logits_counted(logits, noise), logits.shape[1] - 1))

as_lengths(lambda logits, noise: (logits.cumsum(-1) > noise[:, None]).argmax(-1))


@exercise.mistake(
    "The noise is compared with the lengths of the pieces, not with where they end.",
    hint="where does the second piece begin, and where does it end?",
)
def lengths(logits, noise):
    return (softmax(logits) > noise[:, None]).argmax(-1)


exercise.mistake(
    "It counts the pieces that end beyond the noise.",
    "the level is the number of the first of them.",
)(lambda logits, noise: (softmax(logits).cumsum(-1) > noise[:, None]).sum(-1))

exercise.mistake(
    "It takes the piece whose end is nearest to the noise, even where it ends before it.",
    "on which piece does the noise lie?",
)(lambda logits, noise: abs(softmax(logits).cumsum(-1) - noise[:, None]).argmin(-1))


@exercise.mistake(
    "The lengths do not add up to 1: the stick is too long for the noise.",
    hint="divide by the sum of each row, or scale the noise by it.",
)
def not_normalised(logits, noise):
    p = np.exp(logits - logits.max(-1, keepdims=True))
    return (p.cumsum(-1)[:, :-1] <= noise[:, None]).sum(-1)


overflow = exercise.mistake(
    "exp overflows: the logits near 1000 give inf / inf.",
    hint="subtract each row's maximum first: the probabilities stay the same.",
)


@overflow
def exp_first(logits, noise):
    p = np.exp(logits)
    return ((p / p.sum(-1, keepdims=True)).cumsum(-1) > noise[:, None]).argmax(-1)


@overflow
def exp_counted(logits, noise):
    p = np.exp(logits)
    return ((p / p.sum(-1, keepdims=True)).cumsum(-1)[:, :-1] <= noise[:, None]).sum(-1)


@overflow
def exp_clipped(logits, noise):
    p = np.exp(logits)
    levels = ((p / p.sum(-1, keepdims=True)).cumsum(-1) <= noise[:, None]).sum(-1)
    return np.minimum(levels, logits.shape[-1] - 1)


one_maximum = exercise.mistake(
    "One maximum is subtracted from all rows: where a row lies far below, its exp becomes 0.",
    hint="each row needs its own maximum: axis=-1, keepdims=True.",
)


@one_maximum
def maximum_counted(logits, noise):
    p = np.exp(logits - logits.max())
    return ((p / p.sum(-1, keepdims=True)).cumsum(-1)[:, :-1] <= noise[:, None]).sum(-1)


@one_maximum
def maximum_first(logits, noise):
    p = np.exp(logits - logits.max())
    return ((p / p.sum(-1, keepdims=True)).cumsum(-1) > noise[:, None]).argmax(-1)


exercise.mistake("Every row is decided by the first row's noise.", "use noise[:, None].")(
    lambda logits, noise: right(logits, np.full_like(noise, noise[0]))
)

exercise.mistake(
    "The level is one too high.", "the first level has the number 0: no piece ends before it."
)(lambda logits, noise: np.minimum(right(logits, noise) + 1, logits.shape[1] - 1))

exercise.mistake("The level is one too low.", "count the pieces that end at or before the noise.")(
    lambda logits, noise: np.maximum(right(logits, noise) - 1, 0)
)

exercise.mistake("The stick is laid from the last level to the first.", "level 0 begins at 0.")(
    lambda logits, noise: logits.shape[1] - 1 - right(logits[:, ::-1], noise)
)

exercise.mistake(
    "The noise is scaled to the number of levels: all levels are taken to be equally likely.",
    "what do the logits say?",
)(lambda logits, noise: (noise * logits.shape[-1]).astype(int))

exercise.mistake(
    "The noise is scaled to the levels and rounded: all levels are taken to be equally likely.",
    "what do the logits say?",
)(lambda logits, noise: np.rint(noise * (logits.shape[-1] - 1)).astype(int))


@exercise.mistake(
    "A level is taken where its piece begins, not where it ends.",
    hint="the level is the first whose sum, its own piece included, exceeds the noise.",
)
def exclusive(logits, noise):
    p = softmax(logits)
    return ((p.cumsum(-1) - p) > noise[:, None]).argmax(-1)


@exercise.mistake(
    "The probabilities of a level add up to 1 over the rows: softmax ran along the wrong axis.",
    hint="each row is a distribution of its own: axis=-1.",
)
def down_the_rows(logits, noise):
    p = np.exp(logits - logits.max(0))
    levels = ((p / p.sum(0)).cumsum(-1) <= noise[:, None]).sum(-1)
    return np.minimum(levels, logits.shape[1] - 1)


exercise.mistake(
    "The noise is turned round: 1 - noise decides.", "a small noise gives an early level."
)(lambda logits, noise: right(logits, np.minimum(1 - noise, np.nextafter(1, 0))))

exercise.mistake(
    "exp is not divided by its sum: the noise falls on a stick of another length.",
    "divide each row by its sum.",
)(lambda logits, noise: (np.exp(logits).cumsum(-1) > noise[:, None]).argmax(-1))


no_last = exercise.mistake(
    "Where the noise is just below 1 and no sum exceeds it, the first level comes, not the last.",
    hint="a sum of floats may end a little below 1: what does argmax give for a row of False?",
)

no_last(lambda logits, noise: (softmax(logits).cumsum(-1) > noise[:, None]).argmax(-1))

exercise.caught("when it was called again")(
    lambda logits, noise: [
        np.random.choice(len(p), p=p / p.sum()) for p in softmax(logits).astype(float)
    ]
)


@exercise.caught("other noise gave the same levels")
def own_seed(logits, noise):
    rng = np.random.default_rng(0)
    return [rng.choice(len(p), p=p / p.sum()) for p in softmax(logits).astype(float)]


@exercise.caught("where the noise lies on an edge")
def left_side(logits, noise):
    sums = softmax(logits).cumsum(1)
    return [min(np.searchsorted(row, u), len(row) - 1) for row, u in zip(sums, noise)]


exercise.caught("expected the last level")(
    lambda logits, noise: (softmax(logits).cumsum(-1) <= noise[:, None]).sum(-1)
)

exercise.caught("expected level")(lambda logits, noise: right(logits, noise / 2))


@exercise.caught("expected the last level, 6, got 7")
def last_of_256(logits, noise):
    return np.minimum(
        (softmax(logits).cumsum(-1) <= noise[:, None]).sum(-1),
        255 if logits.shape[1] < 256 else logits.shape[1] - 1,
    )


@exercise.caught("got shape")
def without_a_last(logits, noise):
    sums = softmax(logits).cumsum(-1)
    return [k for row, u in zip(sums, noise) for k in np.flatnonzero(row > u)[:1]]


exercise.caught("Smaller logits are right")(
    lambda logits, noise: right(np.clip(logits, -700, 700), noise)
)

exercise.caught("expected shape")(
    lambda logits, noise: np.eye(logits.shape[1], dtype=int)[right(logits, noise)]
)


@exercise.caught("changed its argument")
def in_place(logits, noise):
    logits -= logits.max(1, keepdims=True)
    return right(logits, noise)
