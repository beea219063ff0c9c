"""9.3: the model's log-probabilities at a temperature."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch09.at_work import show_temperatures


def at_temperature(log_p, temperature):
    """Give the log-probabilities at a temperature.

    log_p: (N, levels), natural logarithms, one distribution in each row. temperature: float above
    0. Returns (N, levels): in each row the probabilities sum to 1.
    """
    scaled = log_p / temperature  # (N, levels)
    scaled = scaled - scaled.max(axis=-1, keepdims=True)  # the largest is 0: exp is safe
    return scaled - np.log(np.exp(scaled).sum(axis=-1, keepdims=True))


def cases():
    rng = np.random.default_rng(93)

    def log_p(rows, levels, spread=1.5):
        logits = rng.normal(0, spread, (rows, levels))
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))

    return {
        "colder": (log_p(3, 4), 0.5),
        "hotter": (log_p(2, 5), 2.0),
        "the model's own": (log_p(2, 3), 1.0),
        "one row, many levels": (log_p(1, 256), 0.8),
        "as many rows as levels": (log_p(4, 4), 1.6),
        "near 0, where exp gives 0": (log_p(3, 6), 0.001),
    }


exercise = Exercise(
    id="9.3",
    title="The temperature",
    minutes=8,
    difficulty=2,
    solution=at_temperature,
    hints=(
        "What is divided by the temperature: the probabilities, or their logarithms?",
        "After the division the probabilities no longer sum to 1. Which number has to be "
        "subtracted from all logarithms of a row, so that they do?",
        "Subtract the row's maximum first, then the logarithm of np.exp(…).sum(axis=-1, "
        "keepdims=True).",
    ),
    cases=cases,
    axes=("row", "level"),
    tolerance=1e-4,
    after=show_temperatures,
    seen="One distribution at three temperatures, by your function.",
)


@exercise.condition
def sums(answer):
    for case in answer.exercise.inputs:
        got = answer(*case)
        total = np.exp(np.minimum(got, 700)).sum(-1)
        if not np.allclose(total, 1, atol=1e-3):
            row = int(np.argmax(abs(total - 1)))
            message = (
                f"{answer.exercise.call(case)}: in row {row} the probabilities sum to "
                f"{total[row]:.3g}, expected 1."
            )
            hint = "return logarithms, and normalise each row after the division, by its own sum."
            return Wrong(message, hint)


exercise.agrees(
    "temperature 1",
    "{call}: at {place}, expected {expected}, the model's own, got {got}.",
    hint="at a temperature of 1 nothing changes.",
    where=lambda log_p, temperature: np.full(log_p.shape, temperature == 1),
)
exercise.agrees(
    "other temperatures",
    "{call}: at {place}, expected {expected}, got {got}.",
    hint="below 1 the likely levels become likelier, above 1 the probabilities even out.",
)


# Mistakes: what is divided, and how it is normalised


def below_0(scaled):
    return scaled - scaled.max(-1, keepdims=True)


def total(scaled):
    return np.exp(scaled).sum(-1, keepdims=True)


def normalised(scaled):
    return below_0(scaled) - np.log(total(below_0(scaled)))


exercise.mistakes_about(
    "divide the logarithms by the temperature, then normalise each row.",
    {
        "The logarithms are multiplied by the temperature: a low temperature evens them out.": (
            lambda log_p, t: normalised(log_p * t)
        ),
        "The temperature changes nothing: dividing all probabilities by it, or subtracting it from "
        "all logarithms, is undone by normalising.": (
            lambda log_p, t: normalised(np.log(np.exp(log_p) / t)),
            lambda log_p, t: normalised(log_p - t),
        ),
        "The probabilities are divided by the temperature, and then used as logits.": (
            lambda log_p, t: normalised(np.exp(log_p) / t)
        ),
    },
)
exercise.mistakes_about(
    "subtract from each row the logarithm of its own sum: axis=-1, keepdims=True.",
    {
        "The result is not normalised: the probabilities of a row no longer sum to 1.": (
            lambda log_p, t: log_p / t
        ),
        "The sum runs down the rows: each level's probabilities sum to 1.": (
            lambda log_p, t: normalised((log_p / t).T).T
        ),
        "The sum is subtracted, not its logarithm.": (
            lambda log_p, t: log_p / t - total(log_p / t),
            lambda log_p, t: below_0(log_p / t) - total(below_0(log_p / t)),
        ),
    },
)
exercise.mistake(
    "At a temperature near 0, exp gives 0 for every level of a row, and log(0) is -inf.",
    "subtract each row's maximum before exp.",
    lambda log_p, t: log_p / t - np.log(total(log_p / t)),
    lambda log_p, t: np.log(np.exp(log_p) ** (1 / t) / total(log_p / t)),
)
exercise.mistake(
    "Small probabilities are raised to a fixed one, so their logarithms are too large.",
    "work with logarithms to the end: they can be as low as they need to be.",
    *(
        lambda log_p, t, small=small, end=end: np.log(end(np.exp(normalised(log_p / t)), small))
        for small in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        for end in (np.maximum, np.add)
    ),
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "the model's own": lambda log_p, t: normalised(log_p / (t + 0.5)),
        "at row 0, level 0": lambda log_p, t: normalised(log_p / t**2),
        "the probabilities sum to 2": lambda log_p, t: below_0(log_p / t),
    }
)
