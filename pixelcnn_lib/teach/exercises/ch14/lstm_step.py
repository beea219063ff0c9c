"""14.1: one step of an LSTM cell, by hand."""

import numpy as np
from keras import ops

from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch14.in_network import by_a_network
from pixelcnn_lib.teach.exercises.weights import noise


def lstm_step(gates, cell):
    """Take one step of an LSTM.

    gates: (…, 4h), the four gates before their activations: output, forget, input, content.
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


by_a_network(exercise, (5, 12), (5, 3))


# Mistakes: the same step, with one thing changed


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, "float64")))


def step(memory=None, hidden=None, order=(0, 1, 2, 3), split=None, squash=sigmoid, swap=False):
    """Make an answer of another memory(f, i, g, cell), hidden(o, memory, cell) or order of gates."""

    def answer(gates, cell):
        parts = (split or (lambda x: np.split(x, 4, axis=-1)))(np.asarray(gates))
        o, f, i, g = (parts[place] for place in order)
        given = squash(f), squash(i), g, cell
        new = memory(*given) if memory else given[0] * cell + given[1] * np.tanh(g)
        out = hidden(squash(o), new, cell) if hidden else squash(o) * np.tanh(new)
        return (new, out) if swap else (out, new)

    return answer


exercise.mistake(
    "The gates are taken in another order: input, forget, content, output, as in Keras's own LSTM.",
    "here the order is output, forget, input, content.",
    step(order=(3, 1, 0, 2)),
)
exercise.mistake(
    "The gates are taken in another order: input, forget, output, content.",
    "here the order is output, forget, input, content.",
    step(order=(2, 1, 0, 3)),
)
exercise.mistake(
    "The gates are taken in another order: forget, input, output, content.",
    "here the order is output, forget, input, content.",
    step(order=(2, 0, 1, 3)),
)
exercise.mistake(
    "The gates are taken in another order: forget, input, content, output.",
    "here the order is output, forget, input, content.",
    step(order=(3, 0, 1, 2)),
)
exercise.mistake(
    "The gates are taken in another order: content, input, forget, output.",
    "here the order is output, forget, input, content.",
    step(order=(3, 2, 1, 0)),
)
exercise.mistake(
    "The forget gate and the input gate are exchanged.",
    "the forget gate multiplies the old memory, the input gate the content.",
    step(order=(0, 2, 1, 3)),
)
exercise.mistake(
    "Every fourth feature is taken for a gate. The gates lie one after another, in blocks of h features.",
    "ops.split(gates, 4, axis=-1) cuts the last axis into four blocks.",
    step(split=lambda x: [x[..., k::4] for k in range(4)]),
)
exercise.mistake(
    "The old memory is lost: only the new content is kept.",
    "add the old memory, multiplied by the forget gate.",
    step(lambda f, i, g, cell: i * np.tanh(g)),
)
exercise.mistake(
    "The forget gate is not used: the whole old memory is kept.",
    "multiply the old memory by the forget gate.",
    step(lambda f, i, g, cell: cell + i * np.tanh(g)),
)
exercise.mistake(
    "The forget gate is turned around: 1 minus the gate multiplies the old memory.",
    "despite its name, an open forget gate keeps the memory. Multiply by the gate itself.",
    step(lambda f, i, g, cell: (1 - f) * cell + i * np.tanh(g)),
)
exercise.mistake(
    "The input gate is not used: the whole content goes into the memory.",
    "multiply tanh of the content by the input gate.",
    step(lambda f, i, g, cell: f * cell + np.tanh(g)),
)
exercise.mistake(
    "The content is multiplied by 1 minus the forget gate, as in another network, the GRU.",
    "an LSTM has a gate of its own for the content: the input gate.",
    step(lambda f, i, g, cell: f * cell + (1 - f) * np.tanh(g)),
)
exercise.mistake(
    "The content goes through the sigmoid, so it can never be negative.",
    "the three gates go through the sigmoid, the content through tanh.",
    step(lambda f, i, g, cell: f * cell + i * sigmoid(g)),
)
exercise.mistake(
    "The content does not go through tanh.",
    "the content is ops.tanh(g), a number between -1 and 1.",
    step(lambda f, i, g, cell: f * cell + i * g),
)
exercise.mistake(
    "The content goes through the sigmoid and then through tanh.",
    "only the three gates go through the sigmoid, and only the content through tanh.",
    step(lambda f, i, g, cell: f * cell + i * np.tanh(sigmoid(g))),
)
exercise.mistake(
    "A ReLU has taken the place of tanh in the content.",
    "the content is ops.tanh(g), which can be negative.",
    step(lambda f, i, g, cell: f * cell + i * np.maximum(g, 0)),
)
exercise.mistake(
    "The new content is missing: the memory only fades.",
    "add tanh of the content, multiplied by the input gate.",
    step(lambda f, i, g, cell: f * cell),
)
exercise.mistake(
    "The new content is subtracted.",
    "add it: the content itself can be negative.",
    step(lambda f, i, g, cell: f * cell - i * np.tanh(g)),
)
exercise.mistake(
    "The old memory goes through tanh before it is kept.",
    "the forget gate multiplies the old memory itself. Only the hidden state uses tanh of a memory.",
    step(lambda f, i, g, cell: f * np.tanh(cell) + i * np.tanh(g)),
)
exercise.mistake(
    "The new memory goes through tanh before it is returned.",
    "the hidden state uses tanh of the memory, but the memory itself stays as it is.",
    step(lambda f, i, g, cell: np.tanh(f * cell + i * np.tanh(g)), lambda o, new, cell: o * new),
    step(lambda f, i, g, cell: np.tanh(f * cell + i * np.tanh(g))),
)
exercise.mistake(
    "The old memory and the content are multiplied.",
    "they are added: the memory is one sum of what is kept and what is new.",
    step(lambda f, i, g, cell: f * cell * i * np.tanh(g)),
)
exercise.mistake(
    "The gates do not go through the sigmoid.",
    "output, forget and input gate go through ops.sigmoid, so each is between 0 and 1.",
    step(squash=np.asarray),
)
exercise.mistake(
    "The gates go through a softmax, so the gates of a pixel share one 1 among them.",
    "each gate is a number of its own between 0 and 1: ops.sigmoid.",
    step(squash=lambda x: np.asarray(ops.softmax(x))),
)
exercise.mistake(
    "The gates go through tanh, so they can be negative.",
    "output, forget and input gate go through ops.sigmoid, so each is between 0 and 1.",
    step(squash=np.tanh),
)
exercise.mistake(
    "The hidden state is computed from the old memory.",
    "first compute the new memory, then the hidden state from it.",
    step(hidden=lambda o, new, cell: o * np.tanh(cell)),
)
exercise.mistake(
    "The hidden state is computed from the content, not from the memory.",
    "it is the output gate times ops.tanh of the new memory.",
    lambda gates, cell: (
        sigmoid(np.split(gates, 4, axis=-1)[0]) * np.tanh(np.split(gates, 4, axis=-1)[3]),
        step()(gates, cell)[1],
    ),
)
exercise.mistake(
    "The output gate multiplies the memory too.",
    "only the hidden state goes through the output gate. The memory is kept whole.",
    lambda gates, cell: (
        step()(gates, cell)[0],
        sigmoid(np.split(gates, 4, axis=-1)[0]) * step()(gates, cell)[1],
    ),
)
exercise.mistake(
    "The hidden state lacks the tanh of the memory.",
    "it is the output gate times ops.tanh(memory).",
    step(hidden=lambda o, new, cell: o * new),
)
exercise.mistake(
    "The output gate is not used.",
    "multiply tanh of the memory by the output gate.",
    step(hidden=lambda o, new, cell: np.tanh(new)),
)
exercise.mistake(
    "The hidden state has a sigmoid of the memory where tanh belongs.",
    "it is the output gate times ops.tanh(memory).",
    step(hidden=lambda o, new, cell: o * sigmoid(new)),
)
exercise.mistake(
    "The two results are exchanged.",
    "return the hidden state first, then the memory.",
    step(swap=True),
)
exercise.mistake(
    "The old memory is returned in place of the new one.",
    "the next step needs the new memory.",
    lambda gates, cell: (step()(gates, cell)[0], np.asarray(cell)),
)


# Mistakes that a condition describes well enough


@exercise.caught("Expected two arrays, got one")
def only_the_hidden_state(gates, cell):
    return step()(gates, cell)[0]


@exercise.caught("Expected two arrays, got 3 things")
def with_the_gate(gates, cell):
    hidden, memory = step()(gates, cell)
    return hidden, memory, sigmoid(np.split(gates, 4, axis=-1)[0])


@exercise.caught("raised")
def along_the_first_axis(gates, cell):
    return step(split=lambda x: np.split(x, 4, axis=0))(gates, cell)


@exercise.caught("the memory should be")
def clipped(gates, cell):
    hidden, memory = step()(gates, cell)
    return hidden, np.clip(memory, -1, 1)


@exercise.caught("the memory is right, but the hidden state should be")
def clipped_instead_of_tanh(gates, cell):
    _, memory = step()(gates, cell)
    return sigmoid(np.split(gates, 4, axis=-1)[0]) * np.clip(memory, -1, 1), memory


@exercise.caught("no network can be trained with this function")
def by_numpy(gates, cell):
    o, f, i, g = np.split(gates, 4, axis=-1)
    memory = 1 / (1 + np.exp(-f)) * cell + 1 / (1 + np.exp(-i)) * np.tanh(g)
    return 1 / (1 + np.exp(-o)) * np.tanh(memory), memory
