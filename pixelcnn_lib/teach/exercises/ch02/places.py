"""Where the taps of a kernel lie, and how two colours of a pixel stand to each other."""

import numpy as np


def taps(kernel_size):
    """Row and column of each tap, counted from the centre: int (height, width) each."""
    height, width = np.broadcast_to(kernel_size, 2)
    row, col = np.indices((height, width))
    return row - height // 2, col - width // 2


def above(kernel_size):
    return taps(kernel_size)[0] < 0


def left(kernel_size):
    row, col = taps(kernel_size)
    return (row == 0) & (col < 0)


def centre(kernel_size):
    row, col = taps(kernel_size)
    return (row == 0) & (col == 0)


def future(kernel_size):
    row, col = taps(kernel_size)
    return (row > 0) | (row == 0) & (col > 0)


def earlier(mask_type, colours=3):
    return np.triu(np.ones((colours, colours), bool), 1)


def later(mask_type, colours=3):
    return np.tril(np.ones((colours, colours), bool), -1)


def itself(mask_type, colours=3):
    return np.eye(colours, dtype=bool)
