"""The LSTM of both recurrent members, which runs along an axis of the image, and its cached steps.

Where the paper is silent, these choices were made. Each colour's block of features gives the four
gates of the same colour, so that masks can tell the colours apart; the features are regrouped from
colours to gates once, before the first step. States outside the image are zero. Only the
input-to-state convolutions have biases; a forget gate's bias starts at one, as in
keras.layers.LSTM. The state-to-state kernels are initialised as orthogonal matrices.
"""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.caching import Memory
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.operations import Everywhere


def lstm(gates, cell, run):
    """Take one step of an LSTM. Source: van den Oord et al. (2016a), equation 3.

    gates: output, forget, input, content, as in the paper, before their activations, (…, h) each.
    cell: (…, h), the cell state so far.
    run: what supplies sigmoid and tanh; see operations.
    Returns the hidden state and the cell state, (…, h) each.
    """
    output, forget, enter, content = gates
    cell = run.sigmoid(forget) * cell + run.sigmoid(enter) * run.tanh(content)
    return run.sigmoid(output) * run.tanh(cell), cell


def scan(state_to_state, gates):
    """Run an LSTM along the first axis.

    state_to_state: function, hidden states (N, …, h) -> what they add to the next gates (N, …, 4h).
    gates: (steps, N, …, 4h), what the inputs add to them.
    Returns the hidden states, (steps, N, …, h).
    """

    def step(states, share):
        hidden, cell = ops.unstack(states)  # (N, …, h) each
        gates = ops.split(share + state_to_state(hidden), 4, axis=-1)  # (N, …, h) each
        states = ops.stack(lstm(gates, cell, Everywhere))  # (2, N, …, h)
        return states, states

    start = ops.zeros_like(ops.stack(ops.split(gates[0], 4, axis=-1)[:2]))  # (2, N, …, h)
    states = ops.scan(step, start, gates)[1]  # (steps, 2, N, …, h)
    return ops.unstack(states, axis=1)[0]


def by_step(gates, axis, colours):
    """Move rows (axis 1) or columns (axis 2) to the front; group features by gate, not by colour.

    (N, H, W, colours * 4 * f) -> (steps, N, W or H, 4 * colours * f).
    """
    features = gates.shape[3]
    gates = ops.reshape(gates, (*ops.shape(gates)[:3], colours, 4, features // (4 * colours)))
    gates = ops.transpose(gates, (axis, 0, 3 - axis, 4, 3, 5))  # (steps, N, W or H, 4, colours, f)
    return ops.reshape(gates, (*ops.shape(gates)[:3], features))


class RecurrentLayer(keras.layers.Layer):
    """The base of both recurrent layers: 2h -> 4h (gates) -> h (hidden state) -> 2h, and add.

    Each direction has an input-to-state convolution of type B and a state-to-state kernel; a 1x1
    convolution leads back to 2h features. The state-to-state kernel needs no mask: it reads only
    states of finished pixels, and these depend on nothing later than their own pixel.

    Input and output (N, H, W, 2h), features grouped by colour; h = filters_per_colour * colours.
    Source: van den Oord et al. (2016a), sections 3.1 to 3.4, figure 5 and table 1.

    filters_per_colour: int, how many of the h features belong to each colour.
    colours: int, the number of groups of colours.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    directions = 1
    convolution = MaskedConv2D, (1, 1)  # the input-to-state convolutions' class and kernel size
    offsets = []  # (row, col) of the states that a pixel reads; it continues the second's cell

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        self.colours = colours
        self.h = filters_per_colour * colours
        same = {"mask_type": "B", "colours": colours, "dtype": self.dtype_policy}
        forget = np.tile(np.repeat([0, 1, 0, 0], filters_per_colour), colours)  # (4h,)
        bias = keras.initializers.Constant(forget)
        kind, size = self.convolution
        self.input_to_state = [
            kind(4 * self.h, size, bias_initializer=bias, **same) for _ in range(self.directions)
        ]
        self.widen = MaskedConv2D(2 * self.h, 1, **same)

    def build(self, input_shape):
        for layer in self.input_to_state:
            layer.build(input_shape)
        shape = self.directions, len(self.offsets), self.h, 4 * self.h
        self.kernel = self.add_weight(shape=shape, initializer="orthogonal", name="state_to_state")
        self.widen.build((*input_shape[:-1], self.h))


class CachedStates:
    """An LSTM at the pixels of one time, group by group, with the stored states of earlier pixels.

    layer: a built RecurrentLayer; only its first direction runs here.
    cache: caching.Cache, which gets this twin.
    """

    def __init__(self, layer, cache):
        self.cache, self.split, self.h = cache, cache.split, layer.h
        taps = len(layer.offsets)
        kernel = ops.reshape(layer.kernel[0], (taps, self.h, 4, layer.colours, -1))
        kernel = ops.transpose(kernel, (3, 2, 4, 1, 0))  # (colours, 4, f, h, taps)
        self.kernel = cache.array(ops.reshape(kernel, (4 * self.h, self.h * taps)))
        self.memory = Memory(cache, 2 * self.h, layer.offsets)
        cache.add(self)

    def start(self, time):
        """Compute what the states of earlier pixels add to the gates of all groups."""
        seen = self.memory.look(time)  # (2h * taps, lanes * N), hidden states and cells
        hidden, cells = seen[: seen.shape[0] // 2], seen[seen.shape[0] // 2 :]
        cell = np.reshape(cells, (self.h, -1, cells.shape[1]))[:, 1]  # (h, lanes * N)
        self.sums = self.split(np.matmul(self.kernel, hidden))
        self.cells, self.states = self.split(cell), []

    def __call__(self, gates):
        """Take the next group's gates, (4f, lanes * N), return its hidden state, (f, lanes * N)."""
        number = len(self.states)
        gates = gates + self.sums[number]
        self.states.append(lstm(np.split(gates, 4), self.cells[number], self.cache))
        return self.states[-1][0]

    def keep(self, time):
        """Store the states for later pixels."""
        hidden, cell = zip(*self.states)
        self.memory.keep(time, np.concatenate([*hidden, *cell]))  # (2h, lanes * N)


class CachedRight:
    """The LSTM of the second direction, from the right: it runs when a row is finished.

    For each column it stores what the row's own pixel adds to the gates, and the hidden state in
    the row above, which the row's pixel reads. At the start of each row but the first, it runs
    along the row above.

    layer: RecurrentLayer whose offsets are the row above and the previous pixel of the run.
    cache: caching.Cache, which gets this twin. Its schedule must draw one pixel at a time.
    """

    def __init__(self, layer, cache):
        self.cache, self.split, self.h = cache, cache.split, layer.h
        self.width = cache.schedule.width
        kernel = ops.reshape(layer.kernel[1], (2 * self.h, 4 * self.h))
        self.kernel = cache.array(ops.transpose(kernel))  # (4h, 2h)
        self.gates = np.zeros((4 * self.h, self.width, cache.count), cache.dtype)
        self.states = np.zeros((self.h, self.width, cache.count), cache.dtype)
        cache.add(self)

    def start(self, time):
        """If the row above has just been finished, run along it; then look up its state."""
        col = time % self.width
        if col == 0 and time > 0:
            hidden = cell = np.zeros_like(self.states[:, 0])
            for left in range(self.width)[::-1]:  # the last pixel comes first
                hidden, cell = self.step(left, hidden, cell)
        self.hidden, self.inputs = self.split(self.states[:, col]), []  # (h, N)

    def step(self, col, hidden, cell):
        """Compute the state of one pixel of the finished row, from the state of its neighbour."""
        both = np.concatenate([self.states[:, col], hidden])  # (2h, N)
        gates = self.gates[:, col] + np.matmul(self.kernel, both)  # (4h, N)
        hidden, cell = lstm(np.split(gates, 4), cell, self.cache)  # (h, N) each
        self.states[:, col] = hidden
        return hidden, cell

    def __call__(self, gates):
        """Take the next group's gates, (4f, N), and return its state in the row above, (f, N)."""
        self.inputs.append(gates)
        return self.hidden[len(self.inputs) - 1]

    def keep(self, time):
        """Store the gates for the run at the end of the row, grouped by gate, not by colour."""
        gates = np.stack(self.inputs)  # (colours, 4f, N)
        gates = np.reshape(gates, (len(self.inputs), 4, -1, gates.shape[2]))
        gates = np.reshape(np.swapaxes(gates, 0, 1), (4 * self.h, -1))  # (4h, N)
        self.gates[:, time % self.width] = gates
