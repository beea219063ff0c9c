"""15.1: a contest redrawn, to learn how much of a difference is luck."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong, unlike


def redraw(a, b, dice):
    """Redraw a contest of two networks once: its faces, and the seeds of each network."""
    faces = dice.integers(a.shape[1], size=a.shape[1])
    seeds_a = dice.integers(len(a), size=len(a))
    seeds_b = dice.integers(len(b), size=len(b))
    return a[seeds_a][:, faces].mean() - b[seeds_b][:, faces].mean()


TIMES = 2500  # the spread of so many differences is known to about 0.014 of it
NOT_THE_SAME = "Two generators with the same seed should give the same contests."
WITH_DICE = "draw all numbers with `dice`, and none with np.random."
DIFFERENT, EQUAL = np.array([500.0, 700.0]), np.full((3, 2), 300.0)


def observed(redraw, a, b):
    """Redraw many times: the mean of the differences, and how far they spread."""
    dice = np.random.default_rng(0)
    found = [redraw(a, b, dice) for _ in range(TIMES)]
    if np.ndim(found) != 1:
        raise Wrong("redraw should return one number.", "take the mean over seeds and faces.")
    dice, again = np.random.default_rng(0), np.random.default_rng(0)
    pairs = [[redraw(a.copy(), b.copy(), one) for one in (dice, again)] for _ in range(9)]
    if unlike(*np.transpose(pairs), 1e-6).any():
        raise Wrong(NOT_THE_SAME, WITH_DICE)
    return {"mean": np.mean(found), "spread": np.std(found)}


def made_up(seeds, count, of_seeds, of_faces, of_each=20):
    """Bits of two networks, (seeds[0], count) and (seeds[1], count), with three kinds of noise.

    The noise of the seeds is the same for both, so it matters whether their seeds are paired, and it
    is sorted, so a network's first seeds differ from its others.
    """
    rng = np.random.default_rng(0)
    faces = rng.normal(0, of_faces, count)
    runs = np.sort(rng.normal(0, of_seeds, (max(seeds), 1)), axis=0)
    return tuple(
        level + faces + runs[:n] + rng.normal(0, of_each, (n, count))
        for n, level in zip(seeds, (600, 300))
    )


exercise = Exercise(
    id="15.1",
    title="A contest redrawn",
    minutes=12,
    difficulty=2,
    solution=redraw,
    hints=(
        "A redrawn contest has as many seeds and faces as the real one. Which of them may occur twice?",
        "Draw the numbers of the faces once, and use them for both networks. Draw the numbers of the "
        "seeds for each network separately.",
        "dice.integers(n, size=n) draws n numbers below n, some of them several times. a[seeds][:, faces] "
        "picks rows, then columns.",
    ),
    cases={
        "seeds differ": made_up((4, 4), 6, 100, 10),
        "faces differ more": made_up((3, 3), 8, 5, 200),
        "one has more seeds": made_up((2, 7), 9, 90, 50),
        "many faces": made_up((5, 5), 40, 10, 10),
        "only the faces differ": (np.tile(DIFFERENT, (4, 1)), EQUAL),
        "only the seeds of a differ": (np.tile(DIFFERENT[:, None], 2), EQUAL),
        "only the seeds of b differ, and a pays less": (EQUAL, np.tile(DIFFERENT[:, None], 2)),
    },
    probe=observed,
    shown=lambda a, b: f"{TIMES} times redraw(a, b, dice), with a {a.shape} and b {b.shape}",
    tolerance=0.09,  # one more of two seeds or faces changes the spread by 0.18 of it
)
exercise.agrees(
    "{call}: the mean of the results should be about {expected}, got {got}.",
    hint="return the mean of the redrawn a minus the mean of the redrawn b.",
    part="mean",
)
exercise.agrees(
    "{call}: the results should spread by about {expected} (their standard deviation), got {got}.",
    hint="draw three times, with dice.integers: faces for both networks together, seeds for each.",
    part="spread",
)
exercise.mistaken = {
    "a negative result says that a pays less.": {
        "The difference is the wrong way round.": (
            "b[seeds_b][:, faces].mean() - a[seeds_a][:, faces].mean()"
        )
    },
    WITH_DICE: {NOT_THE_SAME: ("dice.integers(len(b), size", "np.random.randint(len(b), size")},
    "each draw needs as many numbers as there are, with repeats: dice.integers(n, size=n).": {
        "All faces and seeds are drawn, each once: nothing is left to luck.": [
            (f"dice.integers({n}, size={n})", f"dice.permutation({n})")
            for n in ("a.shape[1]", "len(a)", "len(b)")
        ],
    },
    "the trainings of two networks have nothing in common: draw the seeds for each, as many as it has.": {
        "Both networks get the same seeds, so their luck partly cancels.": (
            "dice.integers(len(b), size=len(b))",
            "seeds_a",
        ),
        "Each face gets a seed of its own: then the luck of the seeds averages out.": [
            ("size=len(a)", "size=a.shape[1]"),
            ("size=len(b)", "size=a.shape[1]"),
            ("a[seeds_a][:, faces]", "a[seeds_a, faces]"),
            ("b[seeds_b][:, faces]", "b[seeds_b, faces]"),
        ],
    },
}
exercise.symptoms = {
    "draw the faces once, as many as there are, for all seeds of both networks: they were tested on the "
    "same faces.": {
        "The luck of the faces is wrong where faces differ much. Do both networks get the same?": (
            "b[seeds_b][:, faces]",
            "b[seeds_b][:, dice.integers(a.shape[1], size=a.shape[1])]",
        ),
        "The luck of the faces is wrong: they are not drawn, or not as they should be.": (
            "dice.integers(a.shape[1], size=a.shape[1])",
            "dice.permutation(a.shape[1])",
        ),
    },
    "draw seeds for a, as many as it has, and for b, with repeats: dice.integers(n, size=n).": {
        "The luck of the seeds is wrong: they are not drawn, or not as they should be.": [
            ("dice.integers(len(a), size=len(a))", "dice.permutation(len(a))"),
            ("dice.integers(len(b), size=len(b))", "dice.permutation(len(b))"),
        ],
    },
}
