"""7.3: the model's log-probabilities at a temperature."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch07.repeats import two_hills


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


def show_temperatures(at_temperature):
    from pixelcnn_lib.teach import figures

    temperatures = [0.3, 1.0, 2.0]
    rows = [np.asarray(at_temperature(two_hills()[None], t))[0] for t in temperatures]
    return figures.show_distribution(rows, titles=[f"T = {t}" for t in temperatures])


exercise = Exercise(
    id="7.3",
    title="The temperature",
    minutes=5,
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
exercise.agrees(
    "{call}: at {place}, expected {expected}, got {got}.",
    hint="below 1 the likely levels become likelier, above 1 the probabilities even out; at 1 nothing "
    "changes.",
)
exercise.mistaken(
    "divide the logarithms by the temperature, then normalise each row.",
    {
        "The logarithms are multiplied by the temperature: a low temperature evens them out.": (
            "log_p / temperature",
            "log_p * temperature",
        ),
        "The temperature changes nothing: dividing all probabilities by it is undone by "
        "normalising.": ("log_p / temperature", "log_p - np.log(temperature)"),
        "The probabilities are divided by the temperature, and then used as logits.": (
            "log_p / temperature",
            "np.exp(log_p) / temperature",
        ),
    },
)
exercise.mistaken(
    "subtract from each row the logarithm of its own sum: axis=-1, keepdims=True.",
    {
        "The result is not normalised: the probabilities of a row no longer sum to 1.": [
            ("scaled - scaled.max(axis=-1, keepdims=True)", "scaled"),
            (" - np.log(np.exp(scaled).sum(axis=-1, keepdims=True))", ""),
        ],
        "The sum runs down the rows: each level's probabilities sum to 1.": [
            ("max(axis=-1", "max(axis=0"),
            ("sum(axis=-1", "sum(axis=0"),
        ],
        "The sum is subtracted, not its logarithm.": (
            "np.log(np.exp(scaled).sum(axis=-1, keepdims=True))",
            "np.exp(scaled).sum(axis=-1, keepdims=True)",
        ),
    },
)
exercise.mistaken(
    "subtract each row's maximum before exp.",
    {
        "At a temperature near 0, exp gives 0 for every level of a row, and log(0) is -inf.": (
            "scaled - scaled.max(axis=-1, keepdims=True)",
            "scaled",
        ),
    },
)
