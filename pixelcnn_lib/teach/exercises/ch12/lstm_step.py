"""12.1: one step of an LSTM cell, by hand."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.noise import noise
from pixelcnn_lib.teach.exercises.pairs import both


def lstm_step(gates, cell):
    """Take one step of an LSTM.

    gates: (…, 4h), before the activations: the output, forget and input gate, and the content.
    cell: (…, h), the memory so far. Returns the hidden state and the new memory, (…, h) each.
    Source: van den Oord et al. (2016a), equation 3.
    """
    output, forget, enter, content = ops.split(gates, 4, axis=-1)  # (…, h) each
    cell = ops.sigmoid(forget) * cell + ops.sigmoid(enter) * ops.tanh(content)
    return ops.sigmoid(output) * ops.tanh(cell), cell  # (…, h) each


def case(*shape, seed, scale=1.5):
    """Gates and a memory of the shape (…, h)."""
    *place, h = shape
    return scale * noise(*place, 4 * h, seed=seed), noise(*shape, seed=seed + 100)


def show_memory(lstm_step):
    from pixelcnn_lib.teach import figures

    gates, cell = np.full((24, 4), 9, "float32"), np.zeros(1, "float32")
    gates[:, [0, 2]] = -9  # the output and the input gate are closed,
    gates[18, 0] = gates[4, 2] = 9  # but for one step
    states = []
    for now in gates:
        hidden, cell = lstm_step(now, cell)
        states.append([float(hidden[0]), float(cell[0])])
    hidden, memory = np.transpose(states)
    curves = {"memory": (np.arange(24), memory), "hidden state": (np.arange(24), hidden)}
    return figures.show_curve(curves, xlabel="step", ylabel="value")


exercise = Exercise(
    id="12.1",
    title="One step of an LSTM",
    minutes=10,
    difficulty=2,
    solution=lstm_step,
    hints=(
        "Which gate decides about the old memory, and which about the new content?",
        "The new memory is the old one times the forget gate, plus the content times the input gate. "
        "The hidden state is computed from the new memory.",
        "o, f, i, g = ops.split(gates, 4, axis=-1). o, f and i go through ops.sigmoid, g through "
        "ops.tanh. The hidden state is the output gate times ops.tanh of the new memory.",
    ),
    cases={
        "one row": case(3, 5, 3, seed=1),
        "a single feature": case(3, 1, seed=2),
        "only features": case(4, seed=3),
        "a whole map": case(2, 3, 4, 2, seed=4),
        "large gates": case(2, 3, seed=6, scale=8),
    },
    probe=both("hidden state", "memory"),
    shown=lambda gates, cell: f"lstm_step(gates {gates.shape}, cell {cell.shape})",
    tolerance=1e-4,
    after=show_memory,
    seen="Your LSTM keeps a number: it is written at step 4 and shown at step 18.",
)
exercise.agrees(
    "{call}: the memory should be {expected} at {place}, got {got}.",
    hint="the old memory times the forget gate, plus the content times the input gate.",
    part="memory",
)
exercise.agrees(
    "{call}: the memory is right, but the hidden state should be {expected} at {place}, got {got}.",
    hint="the output gate times tanh of the new memory.",
    part="hidden state",
)
by_a_network(exercise, (None, 5, 12), (None, 5, 3))
exercise.mistaken(
    "ops.split(gates, 4, axis=-1) cuts the last axis into blocks: output, forget, input, content.",
    {
        "The gates are taken in another order: input, forget, content, output.": (
            "output, forget, enter, content =",
            "enter, forget, content, output =",
        ),
        "The four take turns along the axis, one feature each.": (
            "ops.split(gates, 4, axis=-1)",
            "(gates[..., n::4] for n in range(4))",
        ),
    },
)
exercise.mistaken(
    "the new memory is the forget gate times the old one, plus the input gate times ops.tanh(content).",
    {
        "The forget gate is turned around: 1 - gate.": ("sigmoid(forget)", "sigmoid(-forget)"),
        "The content goes through the sigmoid, so it can never be negative.": (
            "ops.tanh(content)",
            "ops.sigmoid(content)",
        ),
        "The gates do not go through the sigmoid, so they are not from 0 to 1.": [
            ("ops.sigmoid(forget)", "forget"),
            ("ops.sigmoid(enter)", "enter"),
            ("ops.sigmoid(output)", "output"),
        ],
        "The content goes through the sigmoid and then through tanh.": (
            "ops.tanh(content)",
            "ops.tanh(ops.sigmoid(content))",
        ),
        "The input gate is 1 minus the forget gate.": (
            "ops.sigmoid(enter)",
            "(1 - ops.sigmoid(forget))",
        ),
    },
)
exercise.mistaken(
    "return the output gate times ops.tanh of the new memory, then the new memory as it is.",
    {
        "The hidden state lacks the tanh of the memory.": ("ops.tanh(cell)", "cell"),
        "The two results are exchanged.": (
            "ops.sigmoid(output) * ops.tanh(cell), cell",
            "cell, ops.sigmoid(output) * ops.tanh(cell)",
        ),
        "The old memory is returned.": [
            ("cell = ops", "new = ops"),
            ("ops.tanh(cell), cell", "ops.tanh(new), cell"),
        ],
        "The hidden state is computed from the old memory.": [
            ("cell = ops", "new = ops"),
            ("ops.tanh(cell), cell", "ops.tanh(cell), new"),
        ],
    },
)
