"""15.1: what a pixel costs under the tied head, from its formula."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch15.at_work import show_leaning


def area(level, mean, scale, levels=256):
    """How much of each curve lies over a level; the first and the last level get the tails.

    level: int. mean, scale: (curves,), on [-1, 1]. Returns (curves,).
    """
    middle, half = on_line(level, levels), 1 / (levels - 1)
    lower = 0 if level == 0 else sigmoid((middle - half - mean) / scale)
    last = level == levels - 1
    return (1 if last else sigmoid((middle + half - mean) / scale)) - lower


def on_line(level, levels=256):
    """Place levels on the line from -1 to 1."""
    return 2 * level / (levels - 1) - 1


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def pixel_bits(pixel, weights, means, scales, leans, levels=256):
    """Say how many bits a pixel costs under one mixture whose colours lean on each other.

    pixel: whole numbers (3,), the levels of red, green and blue.
    weights: (K,), of K components; they sum to one. means, scales: (3, K), for red, green and blue.
    leans: (3, K), how much green leans on red, blue on red, and blue on green.
    Returns a number. Source: Salimans et al. (2017), section 2.2.
    """
    red, green, _ = on_line(np.asarray(pixel), levels)
    shifts = np.stack([0 * leans[0], leans[0] * red, leans[1] * red + leans[2] * green])
    p = weights  # (K,)
    for colour in range(3):
        mean = means[colour] + shifts[colour]  # (K,)
        p = p * area(pixel[colour], mean, scales[colour], levels)
    return -np.log2(p.sum())


def case(*pixel, curves, leaning=(1, 1, 1), levels=256, seed=0):
    """A pixel and a mixture whose curves lie near it, so that no probability is nearly zero."""
    rng, place = np.random.default_rng(seed), on_line(np.array(pixel), levels)
    weights = rng.dirichlet(np.ones(curves))
    leans = rng.uniform(0.3, 0.8, (3, curves)) * rng.choice([-1, 1], (3, curves))
    leans = leans * np.array(leaning)[:, None]
    means = place[:, None] + rng.normal(0, 0.15, (3, curves))
    scales = rng.uniform(0.1, 0.3, (3, curves))
    mixture = weights, means.round(2), scales.round(2), leans.round(2)
    return np.array(pixel), *mixture, *([] if levels == 256 else [levels])


exercise = Exercise(
    id="15.1",
    title="What a pixel costs",
    minutes=12,
    difficulty=2,
    solution=pixel_bits,
    hints=(
        "Take one component only. Where is the mean of its green curve, once red is known?",
        "For each component, multiply the three areas, each with its shifted mean. Only then multiply "
        "each product by the weight of its component, and add them up.",
        "on_line(pixel, levels) gives red and green on the line. The means of blue are "
        "means[2] + leans[1] * red + leans[2] * green. The cost is -np.log2 of the sum.",
    ),
    cases={
        "one component, no leaning": case(90, 140, 60, curves=1, leaning=(0, 0, 0), seed=1),
        "only green leans": case(200, 120, 90, curves=1, leaning=(1, 0, 0), seed=2),
        "only blue leans, on red": case(40, 100, 90, curves=1, leaning=(0, 1, 0), seed=3),
        "only blue leans, on green": case(150, 30, 80, curves=1, leaning=(0, 0, 1), seed=4),
        "one component": case(60, 220, 120, curves=1, seed=5),
        "two components, no leaning": case(70, 80, 200, curves=2, leaning=(0, 0, 0), seed=6),
        "two components": case(190, 60, 30, curves=2, seed=7),
        "three components": case(30, 90, 170, curves=3, seed=8),
        "five components": case(220, 210, 100, curves=5, seed=9),
        "the first and the last level": case(0, 255, 40, curves=2, seed=10),
        "eight levels": case(6, 2, 5, curves=3, levels=8, seed=11),
    },
    shown=lambda pixel, weights, means, scales, leans, levels="256 by default": (
        f"pixel_bits([{', '.join(map(str, pixel))}], {len(weights)} "
        f"component{'s' * (len(weights) > 1)}, levels={levels})"
    ),
    tolerance=1e-4,
    after=show_leaning,
    seen="One component whose green leans on red by 0.8: your green, after three reds.",
    parts=(area, on_line),
)
exercise.agrees(
    "one component, no leaning",
    "{call}, without any leaning: expected {expected} bits, got {got}.",
    hint="with one component, the probability is the product of three areas.",
    where=lambda pixel, weights, means, scales, leans, *_: len(weights) == 1 and not leans.any(),
)
exercise.agrees(
    "one component",
    "Right without leaning. {call}: expected {expected} bits, got {got}.",
    hint="which means are shifted, and by how much? Red and green are on the line from -1 to 1.",
    where=lambda pixel, weights, *_: len(weights) == 1,
)
exercise.agrees(
    "several components",
    "Right for one component. {call}: expected {expected} bits, got {got}.",
    hint="multiply the three areas of a component, then multiply by its weight. Add last.",
)


# Mistakes: the same sums, with one thing changed


def sums(
    shift=lambda means, leans, red, green: [0, leans[0] * red, leans[1] * red + leans[2] * green],
    line=on_line,
    price=area,
    mix=lambda weights, areas: (weights * areas.prod(0)).sum(),
):
    def answer(pixel, weights, means, scales, leans, levels=256):
        shifts = shift(means, leans, *line(pixel, levels)[:2])
        curves = zip(pixel, means, shifts, scales)
        areas = [price(level, mean + by, scale, levels) for level, mean, by, scale in curves]
        return -np.log2(mix(weights, np.array(areas)))

    return answer


exercise.mistakes_about(
    "green's means are shifted by leans[0] * red, blue's by leans[1] * red + leans[2] * green.",
    {
        "No mean is shifted: no colour leans on those before it.": sums(lambda *_: [0, 0, 0]),
        "Blue leans only on red.": sums(lambda m, a, red, green: [0, a[0] * red, a[1] * red]),
        "Blue leans only on green.": sums(lambda m, a, red, green: [0, a[0] * red, a[2] * green]),
        "The last two rows of `leans` are exchanged.": sums(
            lambda m, a, red, green: [0, a[0] * red, a[2] * red + a[1] * green]
        ),
        "Blue leans on the mean of green, not on the green that came.": sums(
            lambda m, a, red, _: [0, a[0] * red, a[1] * red + a[2] * (m[1] + a[0] * red)]
        ),
    },
)
exercise.mistakes_about(
    "`area` takes levels, but the shifts need red and green on the line. Give `levels` to both: "
    "area(…, levels), on_line(pixel, levels).",
    {
        "The shifts use the levels themselves, such as 200.": sums(line=lambda pixel, _: pixel),
        "The shifts use colours from 0 to 1.": sums(line=lambda pixel, n: pixel / (n - 1)),
        "The line is always that of 256 levels.": sums(line=lambda pixel, _: on_line(pixel)),
        "`area` is given colours on the line from -1 to 1.": sums(
            price=lambda level, *rest: area(on_line(level, rest[-1]), *rest)
        ),
        "Each `area` is that of 256 levels.": sums(price=lambda *case: area(*case[:3])),
    },
)
exercise.mistakes_about(
    "multiply a component's three areas, then once by its weight. Add up. Only then take -np.log2.",
    {
        "Each colour has a mixture of its own: the components are added before the colours are "
        "multiplied.": sums(mix=lambda weights, areas: (weights * areas).sum(1).prod()),
        "The weight of a component counts three times, once for each colour.": sums(
            mix=lambda weights, areas: (weights * areas).prod(0).sum()
        ),
        "The mean of the components' bits is taken.": sums(
            mix=lambda weights, areas: 2.0 ** (weights * np.log2(areas.prod(0))).sum()
        ),
        "The probability is returned, not its bits.": lambda *case: 2.0 ** -sums()(*case),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "without any leaning": sums(mix=lambda weights, areas: (weights * areas.sum(0)).sum()),
        "Right without leaning": sums(lambda m, a, red, _: [0, a[0] * red, (a[1] + a[2]) * red]),
        "Right for one component": sums(mix=lambda weights, areas: (weights * areas.prod(0)).max()),
    }
)
