"""9.3: the model's log-probabilities at a temperature."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise, Wrong


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

    level = np.arange(48)
    log_p = np.logaddexp(-(((level - 14) / 5) ** 2), -(((level - 33) / 8) ** 2) - 0.4)
    log_p = (log_p - np.logaddexp.reduce(log_p))[None]  # (1, 48)
    temperatures = [0.3, 1.0, 2.0]
    rows = [np.asarray(at_temperature(log_p, t))[0] for t in temperatures]
    return figures.show_distribution(rows, titles=[f"T = {t}" for t in temperatures])


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


def normalised(scaled):
    scaled = scaled - scaled.max(-1, keepdims=True)
    return scaled - np.log(np.exp(scaled).sum(-1, keepdims=True))


@exercise.mistake(
    "The logarithms are multiplied by the temperature: a low temperature evens them out.",
    hint="the task divides by it.",
)
def multiplied(log_p, temperature):
    return normalised(log_p * temperature)


no_change = exercise.mistake(
    "The temperature changes nothing: dividing all probabilities by it, or subtracting it from all "
    "logarithms, is undone by normalising.",
    hint="divide the logarithms.",
)


@no_change
def divided_probabilities(log_p, temperature):
    p = np.exp(log_p) / temperature
    return np.log(p / p.sum(-1, keepdims=True))


@exercise.mistake(
    "The probabilities are divided by the temperature, and then used as logits.",
    hint="divide the logarithms.",
)
def softmax_of_probabilities(log_p, temperature):
    return normalised(np.exp(log_p) / temperature)


@exercise.mistake(
    "The result is not normalised: the probabilities of a row no longer sum to 1.",
    hint="subtract from each row the logarithm of its sum.",
)
def not_normalised(log_p, temperature):
    return log_p / temperature


underflow = exercise.mistake(
    "At a temperature near 0, exp gives 0 for every level of a row, and log(0) is -inf.",
    hint="subtract each row's maximum before exp.",
)


@underflow
def without_maximum(log_p, temperature):
    scaled = log_p / temperature
    return scaled - np.log(np.exp(scaled).sum(-1, keepdims=True))


@underflow
def by_powers(log_p, temperature):
    p = np.exp(log_p) ** (1 / temperature)
    return np.log(p / p.sum(-1, keepdims=True))


@exercise.mistake(
    "It returns probabilities; their logarithms are expected.", hint="leave out the last exp."
)
def probabilities(log_p, temperature):
    return np.exp(normalised(log_p / temperature))


@exercise.mistake(
    "All rows together sum to 1; each row is a distribution of its own.",
    hint="axis=-1, keepdims=True.",
)
def one_sum(log_p, temperature):
    scaled = log_p / temperature
    scaled = scaled - scaled.max()
    return scaled - np.log(np.exp(scaled).sum())


@exercise.mistake(
    "The sum runs down the rows: each level's probabilities sum to 1.",
    hint="the levels are the last axis: axis=-1.",
)
def down_the_rows(log_p, temperature):
    scaled = log_p / temperature
    scaled = scaled - scaled.max(0)
    return scaled - np.log(np.exp(scaled).sum(0))


@exercise.mistake(
    "The sum is subtracted, not its logarithm.", hint="log(p / s) is log(p) - log(s)."
)
def sum_for_its_logarithm(log_p, temperature):
    scaled = log_p / temperature
    scaled = scaled - scaled.max(-1, keepdims=True)
    return scaled - np.exp(scaled).sum(-1, keepdims=True)


@no_change
def subtracted(log_p, temperature):
    return normalised(log_p - temperature)


@exercise.mistake(
    "The logarithms are divided by the square of the temperature.",
    hint="divide once.",
)
def divided_twice(log_p, temperature):
    return normalised(log_p / temperature / temperature)


@exercise.mistake(
    "Only the maximum is subtracted: the likeliest level gets probability 1.",
    hint="the logarithm of the sum has to be subtracted too.",
)
def maximum_only(log_p, temperature):
    scaled = log_p / temperature
    return scaled - scaled.max(-1, keepdims=True)


floor = exercise.mistake(
    "Small probabilities are raised to a fixed one, so their logarithms are too large.",
    hint="work with logarithms to the end: they can be as low as they need to be.",
)
for small in (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12):
    for end in (np.maximum, np.add):
        floor(
            lambda log_p, temperature, small=small, end=end: np.log(
                end(np.exp(normalised(log_p / temperature)), small)
            )
        )


@exercise.mistake(
    "The probabilities are divided by the temperature, and nothing is normalised.",
    hint="divide the logarithms, then normalise each row.",
)
def divided_only(log_p, temperature):
    return np.log(np.exp(log_p) / temperature)


@exercise.mistake(
    "Every row is divided by the sum of the first row.",
    hint="each row has a sum of its own: keepdims=True.",
)
def first_sum(log_p, temperature):
    scaled = log_p / temperature
    top = scaled[:1].max(-1, keepdims=True)
    return scaled - top - np.log(np.exp(scaled[:1] - top).sum(-1, keepdims=True))


@exercise.mistake(
    "The logarithms are raised to a power, as if they were probabilities.",
    hint="a power of a probability is a multiple of its logarithm.",
)
def powers_of_logs(log_p, temperature):
    return log_p ** (1 / temperature)


@exercise.mistake(
    "It always takes the likeliest level, whatever the temperature.",
    hint="only near a temperature of 0 does the likeliest level take all.",
)
def likeliest(log_p, temperature):
    return normalised(np.where(log_p == log_p.max(-1, keepdims=True), 0.0, -1e9))


@exercise.caught("the model's own")
def warmer(log_p, temperature):
    return normalised(log_p / (temperature + 0.5))


@exercise.caught("at row 0, level 0")
def by_the_root(log_p, temperature):
    return normalised(log_p / np.sqrt(temperature))


@exercise.caught("the probabilities sum to 3.14")
def without_the_last_level(log_p, temperature):
    scaled = log_p / temperature
    scaled = scaled - scaled.max(-1, keepdims=True)
    return scaled - np.log(np.exp(scaled[:, :-1]).sum(-1, keepdims=True) + 1e-300)


@exercise.caught("natural and binary logarithms")
def in_bits(log_p, temperature):
    return normalised(log_p / temperature) / np.log(2)


@exercise.caught("got shape")
def one_row(log_p, temperature):
    return normalised(log_p / temperature)[0]


@exercise.caught("changed its argument")
def in_place(log_p, temperature):
    log_p /= temperature
    return normalised(log_p)
