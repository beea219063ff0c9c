"""Networks of the library, computed by reference.py: one pixel after another, with their weights."""

import numpy as np
import reference
from tiny import array

from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer
from pixelcnn_lib.family.row_lstm import RowLSTMLayer
from pixelcnn_lib.layers import ResidualBlock


def by_loops(model, image):
    """An image (H, W, colours) -> parameters (H, W, groups, P). model: PixelCNN or a PixelRNN."""
    return reference.network(
        image,
        model.levels,
        weights(model.first),
        [lambda x, layer=layer: SLOW[type(layer)](layer, x) for layer in model.body],
        [array(skip) for skip in model.skips],
        [weights(layer) for layer in model.top],
        weights(model.head.conv),
        model.groups,
        model.head.straight,
    )


def weights(layer):
    return array(layer.kernel), array(layer.bias)


def slow_block(layer, x):
    y = x
    for convolution in (layer.narrow, layer.look, layer.widen):
        y = reference.convolve(reference.relu(y), weights(convolution), "B", layer.colours)
    return x + y


def gates_of(layer, x, number):
    """The input-to-state convolution: (H, W, 2h) -> (H, W, 4, h), gate by gate."""
    kernel, bias = map(array, layer.input_to_state[number].weights)
    kernel = np.pad(kernel, ((0, 0), (0, kernel.shape[1] - 1), (0, 0), (0, 0)))  # later pixels'
    gates = reference.convolve(x, (kernel, bias), "B", layer.colours)  # (H, W, 4h) by colour
    gates = gates.reshape(*x.shape[:2], layer.colours, 4, -1)
    return np.moveaxis(gates, 3, 2).reshape(*x.shape[:2], 4, layer.h)


def slow_states(gates, kernel, offsets):
    """Pixel by pixel; the cell comes from the second of the pixels at the offsets."""
    height, width, _, h = gates.shape
    states = np.zeros((2, height + 1, width + 2, h))  # what lies outside stays zero
    for row, col in np.ndindex(height, width):
        places = [(row + up + 1, col + right + 1) for up, right in offsets]
        total = gates[row, col] + sum(
            (states[0][place] @ weights).reshape(4, h) for place, weights in zip(places, kernel)
        )
        o, f, i = 1 / (1 + np.exp(-total[:3]))
        cell = f * states[1][places[1]] + i * np.tanh(total[3])
        states[:, row + 1, col + 1] = o * np.tanh(cell), cell
    return states[0, 1:, 1:-1]  # (H, W, h)


def slow_row(layer, x):
    offsets = [(-1, -1), (-1, 0), (-1, 1)]
    hidden = slow_states(gates_of(layer, x, 0), array(layer.kernel)[0], offsets)
    return x + reference.convolve(hidden, weights(layer.widen), "B", layer.colours)


def slow_diagonal(layer, x):
    near, kernel = [(-1, 0), (0, -1)], array(layer.kernel)
    left = slow_states(gates_of(layer, x, 0), kernel[0], near)
    right = slow_states(gates_of(layer, x, 1)[:, ::-1], kernel[1], near)[:, ::-1]
    left[1:] += right[:-1]
    return x + reference.convolve(left, weights(layer.widen), "B", layer.colours)


SLOW = {ResidualBlock: slow_block, RowLSTMLayer: slow_row, DiagonalBiLSTMLayer: slow_diagonal}
