"""13.1: the tied head in log space: what a network's numbers say of a pixel."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network


def on_line(level, levels=256):
    """Place levels on the line from -1 to 1."""
    return 2 * level / (levels - 1) - 1


def log_area(x, mean, log_scale, levels=256):
    """Log of the area of a curve over the slot of a level; the first and the last get the tails.

    x: the level's place on the line. mean, log_scale: of the curve. All have one shape, or
    shapes that broadcast.
    """
    half = 1 / (levels - 1)
    steep = ops.exp(-ops.maximum(log_scale, -7.0))
    a = (x + half - mean) * steep
    b = (x - half - mean) * steep
    first, last = x < half - 1, x > 1 - half
    below = ops.where(last, 0.0, ops.log_sigmoid(a))
    above = ops.where(first, 0.0, ops.log_sigmoid(-b))
    between = ops.log(-ops.expm1(-2 * half * steep))  # of 1 - e^(b - a)
    return below + above + ops.where(first | last, 0.0, between)


def log_prob(numbers, pixels, levels=256):
    """Log-probability of pixels under one mixture each, whose colours lean on each other.

    Source: Salimans et al. (2017), section 2.2, and its code.
    """
    x = on_line(ops.cast(pixels, numbers.dtype), levels)[..., None]  # (…, 3, 1)
    red, green = x[..., 0, :], x[..., 1, :]  # (…, 1)
    a0, a1, a2 = ops.unstack(ops.tanh(numbers[..., 7:, :]), axis=-2)
    moves = [0 * a0, a0 * red, a1 * red + a2 * green]  # (…, K) each
    mean = numbers[..., 1:4, :] + ops.stack(moves, axis=-2)  # (…, 3, K)
    log_p = log_area(x, mean, numbers[..., 4:7, :], levels)  # (…, 3, K)
    log_w = ops.log_softmax(numbers[..., 0, :])  # (…, K)
    return ops.logsumexp(log_w + ops.sum(log_p, axis=-2), axis=-1)  # (…)


def case(*shape, curves, leaning=(1, 1, 1), levels=256, spread=0.15, seed=0):
    """Pixels, and mixtures whose curves lie `spread` from them on average."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, levels, (*shape, 3))
    numbers = rng.normal(size=(*shape, 10, curves))
    numbers[..., 1:4, :] = on_line(pixels, levels)[..., None] + spread * numbers[..., 1:4, :]
    numbers[..., 4:7, :] = numbers[..., 4:7, :] / 3 - 1.5
    numbers[..., 7:, :] *= np.array(leaning)[:, None]
    return numbers.astype("float32"), pixels, *([] if levels == 256 else [levels])


def ends():
    """The first and the last level, with a component near and one far away."""
    numbers, _ = case(2, curves=2, seed=10)
    return numbers, np.array([[0, 255, 0], [255, 0, 255]], "uint8")


def show_leaning(log_prob):
    from pixelcnn_lib.teach import figures

    numbers = np.zeros((10, 1), "float32")
    numbers[4:7], numbers[7] = np.log(0.08), np.arctanh(0.8)
    reds = 40, 128, 215
    pixels = np.array([[[red, green, 128] for green in range(256)] for red in reds])
    log_p = np.asarray(log_prob(np.tile(numbers, (3, 256, 1, 1)), pixels))  # (3, 256)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    return figures.show_distribution(log_p, titles=[f"green, after a red of {red}" for red in reds])


exercise = Exercise(
    id="13.1",
    title="The log-probability of a pixel",
    minutes=20,
    difficulty=3,
    solution=log_prob,
    hints=(
        "Take one component only. Where is the mean of its green curve, once red is known?",
        "For each component, add the logarithms of the three areas, each with its moved mean, and the "
        "logarithm of its weight. Only then sum over the components, with logsumexp.",
        "a0, a1, a2 = ops.unstack(ops.tanh(numbers[..., 7:, :]), axis=-2). The moves of the means are 0, "
        "a0 * red and a1 * red + a2 * green: ops.stack(…, axis=-2). on_line(…)[..., None] has the "
        "shape (…, 3, 1), so it meets the means, (…, 3, K).",
    ),
    cases={
        "one component, no leaning": case(3, curves=1, leaning=(0, 0, 0), seed=1),
        "one component": case(4, curves=1, seed=5),
        "components without leaning": case(4, curves=2, leaning=(0, 0, 0), seed=6),
        "components": case(2, 3, 2, curves=3, seed=8),
        "the first and the last level, in uint8": ends(),
        "eight levels": case(3, curves=3, levels=8, seed=11),
        "far from all curves": case(3, curves=2, spread=40.0, seed=12),
    },
    shown=lambda numbers, pixels, levels="256 by default": (
        f"log_prob(numbers {numbers.shape}, pixels {pixels.shape}, levels={levels})"
    ),
    tolerance=1e-4,
    after=show_leaning,
    seen="One component whose green leans on red by 0.8: your green, after three reds.",
)
exercise.agrees(
    "{call}: expected {expected}, got {got}.",
    hint="add the logs of the three areas of a component and of its weight. Then logsumexp.",
)
exercise.mistaken = {
    "green's means move by a0 * red, blue's by a1 * red + a2 * green. The leans are the tanh of rows 7 "
    "to 9.": {
        "Blue leans only on red.": (" + a2 * green", ""),
        "The leans are used without tanh.": (
            "ops.tanh(numbers[..., 7:, :])",
            "numbers[..., 7:, :]",
        ),
    },
    "places on the line: on_line(pixels, levels), and `levels` for log_area too.": {
        "uint8 ends at 255, so 2 * level overflows: cast the pixels to the dtype of the numbers.": (
            "ops.cast(pixels, numbers.dtype)",
            "pixels",
        )
    },
    "add a component's three logarithms and, once, the logarithm of its weight: log_softmax of row 0. "
    "Then ops.logsumexp over the components.": {
        "Each colour has a mixture of its own: the components are summed before the colours are "
        "joined.": ("ops.sum(ops.logsumexp(log_w[..., None, :] + log_p, axis=-1), axis=-1)"),
        "The weights are not normalised: row 0 holds logits.": (
            "ops.log_softmax(numbers[..., 0, :])",
            "numbers[..., 0, :]",
        ),
        "Far from all curves, exp rounds to 0, and the logarithm of 0 is -inf.": (
            "ops.log(ops.sum(ops.exp(log_w + ops.sum(log_p, axis=-2)), axis=-1))"
        ),
    },
}
exercise.symptoms = {
    "the means of green and blue move: by their leans, times the places of the colours before them.": {
        "This is right only where no colour leans on another.": (" + ops.stack(moves, axis=-2)", "")
    },
    "give `levels` to on_line and to log_area.": {
        "This is right only for 256 levels.": ("numbers.dtype), levels)", "numbers.dtype))")
    },
}
by_a_network(exercise, (None, 4, 10, 3), (None, 4, 3))
