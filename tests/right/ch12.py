"""Right answers to chapter 12. A network is trained through them: all compute with `ops`."""

import numpy as np
from keras import ops

# 12.1


def by_columns_that_are_taken(x):
    _, height, width, _ = x.shape
    column = np.arange(width + height - 1) - np.arange(height)[:, None]  # (H, steps)
    inside = (column >= 0) & (column < width)
    column = np.where(inside, column, 0)[None, :, :, None]
    return ops.where(inside[None, :, :, None], ops.take_along_axis(x, column, axis=2), 0.0)


# 12.2


def two_empty_columns(first, layer, x):
    empty = ops.zeros_like(x[:, :, :1])
    wider = ops.concatenate([x, empty, empty], axis=2)
    return layer(first(wider))[:, :, : x.shape[2]]


RIGHT = {"12.1": [by_columns_that_are_taken], "12.2": [two_empty_columns]}
