"""14.1: one step of an LSTM cell, by hand."""

import numpy as np
from keras import ops
from keras.ops import sigmoid

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch14.at_work import show_memory
from pixelcnn_lib.teach.exercises.in_network import by_a_network
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


def two_states(lstm_step, gates, cell):
    answer = lstm_step(gates, cell)
    if answer is None or answer is ...:
        return answer
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        hint = "return the hidden state and the new memory, with a comma between them."
        raise Wrong("Expected two arrays, and nothing else.", hint)
    return {"hidden state": answer[0], "memory": answer[1]}


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
        "one row": case(2, 5, 3, seed=1),
        "a single feature": case(3, 1, seed=2),
        "only features": case(4, seed=3),
        "a whole map": case(2, 3, 4, 2, seed=4),
        "four pictures": case(4, 4, seed=5),
        "large gates": case(2, 3, seed=6, scale=8),
        "an empty memory": (noise(2, 8, seed=7), np.zeros((2, 2), "float32")),
        "a large memory": (noise(2, 8, seed=8), 4 * noise(2, 2, seed=9)),
    },
    probe=two_states,
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


# Mistakes: the same step, with one thing changed

ACTIVATIONS = {"output": sigmoid, "forget": sigmoid, "input": sigmoid, "content": np.tanh}


def step(
    results=lambda o, new, old: (o * np.tanh(new), new),
    order="output, forget, input, content",
    split=lambda x: np.split(x, 4, axis=-1),
    **activations,
):
    """Make an answer; o: the output gate; new, old: the memory."""

    def answer(gates, cell):
        parts = dict(zip(order.split(", "), split(np.asarray(gates)), strict=True))
        o, f, i, g = (one(parts[name]) for name, one in {**ACTIVATIONS, **activations}.items())
        return results(o, f * cell + i * g, cell)

    return answer


exercise.mistakes_about(
    "ops.split(gates, 4, axis=-1) cuts the last axis into blocks: output, forget, input, content.",
    {
        f"The gates are taken in another order: {order}.": step(order=order)
        for order in (
            "input, forget, content, output",  # as in Keras's own LSTM
            "output, input, forget, content",
            "input, forget, output, content",
            "forget, input, content, output",
        )
    }
    | {
        "Every fourth feature is a gate.": step(split=lambda x: [x[..., k::4] for k in range(4)]),
        "The gates are split along axis 1.": step(split=lambda x: ops.split(x, 4, axis=1)),
    },
)
exercise.mistakes_about(
    "the new memory is the forget gate times the old one, plus the input gate times ops.tanh(content).",
    {
        "The forget gate is not used: the whole old memory is kept.": step(forget=np.ones_like),
        "The forget gate is turned around: 1 - gate.": step(forget=lambda x: 1 - sigmoid(x)),
        "The input gate is not used: the whole content goes in.": step(input=np.ones_like),
        "The content goes through the sigmoid, so it can never be negative.": step(content=sigmoid),
        "The content does not go through tanh.": step(content=np.asarray),
        "The gates do not go through the sigmoid, so they are not from 0 to 1.": step(
            output=np.asarray, forget=np.asarray, input=np.asarray
        ),
    },
)
exercise.mistakes_about(
    "return the output gate times ops.tanh of the new memory, then the new memory as it is.",
    {
        "The hidden state shows the old memory.": step(lambda o, new, old: (o * np.tanh(old), new)),
        "The hidden state lacks the tanh of the memory.": step(lambda o, new, old: (o * new, new)),
        "The output gate is not used.": step(output=np.ones_like),
        "The two results are exchanged.": step(lambda o, new, old: (new, o * np.tanh(new))),
        "The old memory is returned.": step(lambda o, new, old: (o * np.tanh(new), old)),
        "The memory goes through tanh.": step(lambda o, new, old: (o * np.tanh(new), np.tanh(new))),
    },
)
exercise.all_caught(
    {
        "Expected two arrays": step(lambda o, new, old: o * np.tanh(new)),
        "the memory should be": step(lambda o, new, old: (o * np.tanh(new), np.clip(new, -1, 1))),
        "the memory is right, but": step(lambda o, new, old: (o * np.clip(new, -1, 1), new)),
        "no network can be trained with this function": step(),
    }
)
