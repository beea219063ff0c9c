"""14.1: one step of an LSTM cell, by hand."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
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
    both = isinstance(answer, tuple | list) and len(answer) == 2
    if not both:
        hint = "return the hidden state and the new memory, with a comma between them."
        came = f"{len(answer)} things" if isinstance(answer, tuple | list) else "one"
        raise Wrong(f"Expected two arrays, got {came}.", hint)
    hidden, memory = answer
    return {"hidden state": hidden, "memory": memory}


def show_memory(lstm_step):
    from pixelcnn_lib.teach import figures

    steps, cell = np.arange(24), np.zeros(1, "float32")
    memory, hidden = [], []
    for step in steps:
        signal = 9.0 if step == 4 else -9.0  # the input gate opens once
        speaks = 9.0 if step == 18 else -9.0  # the output gate, too
        gates = np.array([speaks, 9.0, signal, 9.0], "float32")
        out, cell = lstm_step(gates, cell)
        memory.append(float(cell[0]))
        hidden.append(float(out[0]))
    curves = {"memory": (steps, memory), "hidden state": (steps, hidden)}
    return figures.show_curve(curves, xlabel="step", ylabel="value")


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


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, "float64")))


def step(
    memory=lambda f, i, g, old: f * old + i * np.tanh(g),
    hidden=lambda o, new, old: o * np.tanh(new),
    kept=lambda o, new, old: new,
    order=(0, 1, 2, 3),
    split=lambda x: np.split(x, 4, axis=-1),
    squash=sigmoid,
):
    """Make an answer; f, i, o: a gate; g: the content before tanh; old, new: the memory."""

    def answer(gates, cell):
        parts = split(np.asarray(gates))
        o, f, i, g = (parts[place] for place in order)
        o, new = squash(o), memory(squash(f), squash(i), g, cell)
        return hidden(o, new, cell), kept(o, new, np.asarray(cell))

    return answer


exercise.mistakes_about(
    "here the order is output, forget, input, content.",
    {
        f"The gates are taken in another order: {words}.": step(order=order)
        for words, order in {
            "input, forget, content, output, as in Keras's own LSTM": (3, 1, 0, 2),
            "output, input, forget, content": (0, 2, 1, 3),
            "input, forget, output, content": (2, 1, 0, 3),
            "forget, input, output, content": (2, 0, 1, 3),
            "forget, input, content, output": (3, 0, 1, 2),
        }.items()
    },
)
exercise.mistakes_about(
    "ops.split(gates, 4, axis=-1) cuts the last axis, the features, into four blocks of h features.",
    {
        "Every fourth feature is taken for a gate.": step(
            split=lambda x: [x[..., k::4] for k in range(4)]
        ),
        "The gates are split along axis 1, and not along the last axis.": step(
            split=lambda x: ops.split(x, 4, axis=1)
        ),
    },
)
exercise.mistakes_about(
    "the new memory is the old one times the forget gate, plus ops.tanh of the content times the "
    "input gate.",
    {
        "The forget gate is not used: the whole old memory is kept.": step(
            lambda f, i, g, old: old + i * np.tanh(g)
        ),
        "The forget gate is turned around: 1 minus the gate multiplies the old memory.": step(
            lambda f, i, g, old: (1 - f) * old + i * np.tanh(g)
        ),
        "The input gate is not used: the whole content goes into the memory.": step(
            lambda f, i, g, old: f * old + np.tanh(g)
        ),
        "The content goes through the sigmoid, so it can never be negative.": step(
            lambda f, i, g, old: f * old + i * sigmoid(g)
        ),
        "The content does not go through tanh.": step(lambda f, i, g, old: f * old + i * g),
        "The gates do not go through the sigmoid, which makes them numbers from 0 to 1.": step(
            squash=np.asarray
        ),
    },
)
exercise.mistakes_about(
    "the hidden state is the output gate times ops.tanh of the new memory.",
    {
        "The hidden state is computed from the old memory.": step(
            hidden=lambda o, new, old: o * np.tanh(old)
        ),
        "The hidden state lacks the tanh of the memory.": step(hidden=lambda o, new, old: o * new),
        "The output gate is not used.": step(hidden=lambda o, new, old: np.tanh(new)),
    },
)
exercise.mistakes_about(
    "return the hidden state first, then the new memory as it is: the next step needs it whole.",
    {
        "The two results are exchanged.": lambda *case: step()(*case)[::-1],
        "The old memory is returned in place of the new one.": step(kept=lambda o, new, old: old),
        "The output gate multiplies the memory too.": step(kept=lambda o, new, old: o * new),
        "The new memory goes through tanh before it is returned.": step(
            kept=lambda o, new, old: np.tanh(new)
        ),
    },
)

# Mistakes that a condition describes well enough

exercise.all_caught(
    {
        "Expected two arrays, got one": lambda *case: step()(*case)[0],
        "the memory should be": step(kept=lambda o, new, old: np.clip(new, -1, 1)),
        "the memory is right, but the hidden state should be": step(
            hidden=lambda o, new, old: o * np.clip(new, -1, 1)
        ),
        "no network can be trained with this function": step(),
    }
)
