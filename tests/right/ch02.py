"""Right answers to chapter 2."""

import numpy as np
from keras import ops


def sides(kernel_size):
    return np.broadcast_to(kernel_size, 2)


def looped(kernel_size):
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    mask = [[0.0] * width for _ in range(height)]
    for row in range(height):
        for col in range(width):
            if row < height // 2 or (row == height // 2 and col < width // 2):
                mask[row][col] = 1.0
    return mask


def vectorised(kernel_size):
    height, width = sides(kernel_size)
    row, col = np.indices((height, width))
    return ((row < height // 2) | ((row == height // 2) & (col < width // 2))).astype("uint8")


def in_keras(kernel_size):
    height, width = (int(side) for side in sides(kernel_size))
    return ops.reshape(ops.arange(height * width) < height * width // 2, (height, width))


RIGHT = {"2.1": [looped, vectorised, in_keras]}
