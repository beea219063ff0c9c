"""Right answers to chapter 14. A network is trained through them: all compute with `ops`."""

import keras
import numpy as np
from keras import ops

# 14.1


def by_slices(gates, cell):
    h = cell.shape[-1]
    output = ops.sigmoid(gates[..., :h])
    forget = ops.sigmoid(gates[..., h : 2 * h])
    enter = ops.sigmoid(gates[..., 2 * h : 3 * h])
    new = forget * cell + enter * ops.tanh(gates[..., 3 * h :])
    return output * ops.tanh(new), new


def by_one_sigmoid(gates, cell):
    """The three gates go through the sigmoid together; a list is returned."""
    h = cell.shape[-1]
    three = keras.activations.sigmoid(gates[..., : 3 * h])
    o, f, i = ops.split(three, 3, axis=-1)
    new = ops.add(ops.multiply(f, cell), ops.multiply(i, ops.tanh(gates[..., -h:])))
    return [o * ops.tanh(new), new]


def by_formulas(gates, cell):
    def sigma(x):
        return 1 / (1 + ops.exp(-x))

    o, f, i, g = ops.split(gates, 4, axis=-1)
    new = sigma(f) * cell + sigma(i) * (2 * sigma(2 * g) - 1)
    return sigma(o) * (2 * sigma(2 * new) - 1), new


# 14.2


def row_by_row(x):
    height = x.shape[1]
    rows = [ops.pad(x[:, r], ((0, 0), (r, height - 1 - r), (0, 0))) for r in range(height)]
    return ops.stack(rows, axis=1)


def by_the_line(x):
    _, height, width, features = x.shape
    x = ops.concatenate([x, ops.zeros_like(ops.repeat(x[:, :, :1], height, axis=2))], axis=2)
    line = ops.reshape(x, (-1, height * (height + width), features))
    return ops.reshape(line[:, :-height], (-1, height, height + width - 1, features))


def by_columns_that_are_taken(x):
    _, height, width, _ = x.shape
    column = np.arange(width + height - 1) - np.arange(height)[:, None]  # (H, steps)
    inside = (column >= 0) & (column < width)
    column = np.where(inside, column, 0)[None, :, :, None]
    return ops.where(inside[None, :, :, None], ops.take_along_axis(x, column, axis=2), 0.0)


# 14.3


def row_by_row_back(x):
    height = x.shape[1]
    width = x.shape[2] - height + 1
    return ops.stack([x[:, r, r : r + width] for r in range(height)], axis=1)


def by_roll_back(x):
    height, steps = x.shape[1:3]
    rolled = ops.stack([ops.roll(x[:, r], -r, axis=1) for r in range(height)], axis=1)
    return rolled[:, :, : steps - height + 1]


def by_the_line_back(x):
    _, height, steps, features = x.shape
    line = ops.reshape(x, (-1, height * steps, features))
    line = ops.concatenate([line, line[:, :height]], axis=1)  # these are cut off again
    return ops.reshape(line, (-1, height, steps + 1, features))[:, :, : steps + 1 - height]


def by_columns_that_are_taken_back(x):
    height = x.shape[1]
    column = np.arange(x.shape[2] - height + 1) + np.arange(height)[:, None]
    return ops.take_along_axis(x, column[None, :, :, None], axis=2)


RIGHT = {
    "14.1": [by_slices, by_one_sigmoid, by_formulas],
    "14.2": [row_by_row, by_the_line, by_columns_that_are_taken],
    "14.3": [row_by_row_back, by_roll_back, by_the_line_back, by_columns_that_are_taken_back],
}
