"""1.1: what dividing the logits by a temperature does to the probabilities."""

import numpy as np

from pixelcnn_lib.teach.exercises import Exercise


def at_temperature(probs, temperature):
    """Return the probabilities that colours have at a temperature.

    probs: float (..., colours), sums to 1 along the last axis. temperature: float, above 0.
    Returns float (..., colours).
    """
    raised = np.asarray(probs) ** (1 / temperature)
    return raised / raised.sum(axis=-1, keepdims=True)


def predictions(*shape):
    """Probabilities of several predictions; some colours have none."""
    p = np.random.default_rng(0).random(shape)
    p[..., 0] = 0
    return p / p.sum(axis=-1, keepdims=True)


exercise = Exercise(
    id="1.1",
    title="What a temperature does",
    minutes=5,
    difficulty=1,
    solution=at_temperature,
    hints=(
        "A logit is the logarithm of a probability, up to a number that is the same for all colours. What "
        "is half of log p the logarithm of?",
        "log(p) / T is log(p ** (1 / T)). What does the softmax do after that?",
        "Raise each probability to the power 1 / temperature. Then divide by their sum along the last "
        "axis (keepdims=True).",
    ),
    cases={
        "two colours at 0.5": (np.array([0.8, 0.2]), 0.5),
        "two colours at 2": (np.array([0.8, 0.2]), 2.0),
        "five colours at 0.7": (predictions(5), 0.7),
        "the colours of six pixels at 3": (predictions(2, 3, 4), 3.0),
    },
    tolerance=1e-6,
    axes=("row", "column", "colour"),
)
exercise.agrees(
    hint="do the results sum to 1 along the last axis? Do 0.8 and 0.2 become 0.94 and 0.06 at 0.5?"
)
exercise.mistaken = {
    "at 0.5, the likely colours become likelier: each probability is squared.": {
        "The power is the temperature itself, and not 1 divided by it.": (
            "1 / temperature",
            "temperature",
        ),
        "The temperature has no effect: the result is `probs` as it came.": (
            "** (1 / temperature)",
            "/ temperature",
        ),
        "The probabilities are taken for logits: a softmax of them is computed.": (
            "np.asarray(probs) ** (1 / temperature)",
            "np.exp(np.asarray(probs) / temperature)",
        ),
    },
    "the probabilities of all colours sum to 1.": {
        "The results do not sum to 1.": "raised",
        "The sum is taken over all pixels together.": ("axis=-1, keepdims=True", ""),
    },
}
