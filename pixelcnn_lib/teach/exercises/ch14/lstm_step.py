"""14.1: one step of an LSTM cell, by hand."""

from keras import ops

from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch14.at_work import show_memory
from pixelcnn_lib.teach.exercises.in_network import by_a_network
from pixelcnn_lib.teach.exercises.pairs import both
from pixelcnn_lib.teach.exercises.weights import noise


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


exercise = Exercise(
    id="14.1",
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
    "memory",
    "{call}: the memory should be {expected} at {place}, got {got}.",
    hint="the old memory times the forget gate, plus the content times the input gate.",
    part="memory",
)
exercise.agrees(
    "hidden state",
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
    },
)
