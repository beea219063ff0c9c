"""7.1: draw one level from each distribution, by the noise that is given."""

import numpy as np

from pixelcnn_lib import sampling
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch07 import repeats


def cases():
    rng = np.random.default_rng(91)
    few = rng.normal(0, 2, (40, 7)).astype("float32")
    large = rng.normal(1000, 2, (50, 256)).round(1)
    unlike = rng.normal(0, 2, (6, 5)) + np.array([0, 900, -900, 90, -90, 5])[:, None]
    certain = np.where(np.arange(4) < 2, -np.inf, np.zeros((12, 4)))  # two levels never come
    wide = rng.normal(0, 1, (40, 300))
    seldom = wide[:, :200] - 12 * (np.arange(200) == 199)  # the last level: about 1 of 30 million
    return {
        "small logits": (few, rng.random(40)),
        "large logits": (large, rng.random(50)),
        "rows with unlike maxima": (unlike, rng.random(6)),
        "more than 256 levels": (wide, rng.random(40)),
        "one row": (wide[:1, :200], np.array([0.3])),
        "noise 0 or on an edge": (certain, np.tile([0, 0.25, 0.5], 4)),
        "noise just below 1": (seldom, np.full(40, np.nextafter(1, 0))),
    }


def show_draws(draw):
    from pixelcnn_lib.teach import figures

    log_p, noise = repeats.two_hills(), np.random.default_rng(0).random(20000)
    drawn = np.asarray(draw(np.tile(log_p, (len(noise), 1)), noise)).astype(int)
    share = np.bincount(drawn, minlength=48) / len(noise)
    titles = ["the distribution", "20000 of your draws"]
    return figures.show_distribution([log_p, np.log(np.maximum(share, 1e-9))], titles=titles)


def described(logits, noise):
    finite = logits[np.isfinite(logits)]
    return f"draw, logits {logits.shape} from {finite.min():.3g} to {finite.max():.3g}"


exercise = Exercise(
    id="7.1",
    title="Draw one value",
    minutes=8,
    difficulty=2,
    solution=sampling.draw,
    hints=(
        "How long is each level's piece of the stick, and where does it end?",
        "The level is the number of pieces that end at or before the noise.",
        "A softmax that is safe for large logits gives the lengths, np.cumsum along the last axis the "
        "ends; noise[:, None] compares each row with its own noise.",
    ),
    cases=cases,
    probe=repeats.twice,
    shown=described,
    axes=("row",),
    after=show_draws,
    seen="A distribution, and how often your draws took each level.",
)
exercise.condition(repeats.same_again)
exercise.agrees(
    "{call}: in {place}, expected level {expected}, got {got}.",
    hint="write down that row's probabilities, their sums, and where the noise falls.",
    part="levels",
)
exercise.mistaken = {
    repeats.ONLY_THE_NOISE: {
        repeats.NOT_REPEATED: ("noise[:, None]", "np.random.rand(len(noise), 1)")
    },
    "each row is a stick of its own: subtract its own maximum before exp, divide it by its own sum, "
    "and compare it with its own noise.": {
        "Every row is decided by the first row's noise.": ("noise[:, None]", "noise[:1, None]"),
    },
    "the stick begins with level 0, and the level is the first piece that ends beyond the noise.": {
        "The likeliest level is taken: the noise decides nothing.": "logits.argmax(axis=-1)",
        "Where the noise lies on the end of a piece, this piece is taken, not the next.": (
            "<=",
            "<",
        ),
    },
}
exercise.symptoms = {
    "subtract the maximum of each row before exp, or use a softmax that does so.": {
        "This is right for small logits, but not for large ones.": [
            ("logits - logits.max(axis=-1, keepdims=True)", "logits"),
            ("p.cumsum(axis=-1)", "p.cumsum(axis=-1) / p.cumsum(axis=-1)[:, -1:]"),
            (" * cumulative[:, -1:]", ""),
        ],
        "This is right only if the maxima of all rows are alike.": [
            ("logits.max(axis=-1, keepdims=True)", "logits.max()"),
            ("p.cumsum(axis=-1)", "p.cumsum(axis=-1) / p.cumsum(axis=-1)[:, -1:]"),
            (" * cumulative[:, -1:]", ""),
        ],
    },
    "rounded, a row's last sum may lie below the noise: divide all sums by the last one. A level may "
    "be larger than 255.": {
        "This is right, but not where the noise is just below 1.": [
            ("p.cumsum(axis=-1)", "(p / p.sum(axis=-1, keepdims=True)).cumsum(axis=-1)"),
            (" * cumulative[:, -1:]", ""),
            ("ended.sum(axis=-1)", "(~ended).argmax(axis=-1)"),
        ],
        "This is right, but not for more than 256 levels.": "ended.sum(axis=-1) % 256",
    },
}
