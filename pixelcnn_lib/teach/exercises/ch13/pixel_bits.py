"""13.2: what a pixel costs under the tied head, from its formula."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


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


def show_leaning(pixel_bits):
    from pixelcnn_lib.teach import figures

    mixture = np.ones(1), np.zeros((3, 1)), np.full((3, 1), 0.08), np.array([[0.8], [0], [0]])
    bits = [
        [pixel_bits(np.array([red, green, 128]), *mixture) for green in range(256)]
        for red in (40, 128, 215)
    ]
    p = 2.0 ** -np.array(bits)  # (reds, greens)
    titles = [f"green, after a red of {red}" for red in (40, 128, 215)]
    return figures.show_distribution(np.log(p / p.sum(axis=1, keepdims=True)), titles=titles)


def narrow(scale):
    """One component in the middle of the line, of curves so narrow that level 5 is far away."""
    return np.ones(1), np.zeros((3, 1)), np.full((3, 1), scale), np.zeros((3, 1))


exercise = Exercise(
    id="13.2",
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
        "one component, only green leans": case(200, 120, 90, curves=1, leaning=(1, 0, 0), seed=2),
        "one component": case(60, 220, 120, curves=1, seed=5),
        "two components, no leaning": case(70, 80, 200, curves=2, leaning=(0, 0, 0), seed=6),
        "three components": case(30, 90, 170, curves=3, seed=8),
        "the first and the last level": case(0, 255, 40, curves=2, seed=10),
        "eight levels": case(6, 2, 5, curves=3, levels=8, seed=11),
        "a probability of about 1e-32": (np.array([128, 128, 5]), *narrow(0.013)),
        "a probability of 0": (np.array([5, 5, 5]), *narrow(0.003)),
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
    "{call}: expected {expected} bits, got {got}.",
    hint="multiply the three areas of a component, each with its shifted mean, then multiply by its "
    "weight. Add last.",
)
exercise.mistaken(
    "green's means are shifted by leans[0] * red, blue's by leans[1] * red + leans[2] * green.",
    {
        "No mean is shifted: no colour leans on those before it.": (" + shifts[colour]", ""),
        "Blue leans only on red.": (" + leans[2] * green", ""),
        "Blue leans only on green.": ("leans[1] * red + ", ""),
        "The shifts are subtracted.": ("+ shifts[colour]", "- shifts[colour]"),
        "The last two rows of `leans` are exchanged.": (
            "leans[1] * red + leans[2] * green",
            "leans[2] * red + leans[1] * green",
        ),
    },
)
exercise.mistaken(
    "`area` takes levels, but the shifts need red and green on the line. Give `levels` to both: "
    "area(…, levels), on_line(pixel, levels).",
    {
        "The shifts use the levels themselves, such as 200.": (
            "on_line(np.asarray(pixel), levels)",
            "pixel",
        ),
        "The line goes from 0 to 1.": (
            "on_line(np.asarray(pixel), levels)",
            "np.asarray(pixel) / (levels - 1)",
        ),
        "There are always 256 levels.": [
            ("np.asarray(pixel), levels", "pixel"),
            ("scales[colour], levels", "scales[colour]"),
        ],
        "The line is always that of 256 levels.": ("np.asarray(pixel), levels", "pixel"),
    },
)
exercise.mistaken(
    "multiply a component's three areas, then once by its weight. Add up. Only then take -np.log2.",
    {
        "Each colour has a mixture of its own: the components are added before the colours are "
        "multiplied.": [
            ("p = weights", "p = 1.0"),
            ("p = p * area", "p = p * weights @ area"),
            ("-np.log2(p.sum())", "-np.log2(p)"),
        ],
        "The weight of a component counts three times, once for each colour.": [
            ("p = weights", "p = 1.0"),
            ("p = p * area", "p = p * weights * area"),
        ],
        "The weights of the components are left out.": ("p = weights", "p = 1.0"),
        "The probability is returned, not its bits.": ("-np.log2(p.sum())", "p.sum()"),
    },
)
