"""Right answers to chapter 8."""

import keras
import numpy as np
from keras import ops


class InKeras(keras.layers.Layer):
    def __init__(self, kernel):
        super().__init__(dtype="float64")
        self.kernel, self.left = ops.convert_to_tensor(kernel), None

    def step(self, x):
        x = ops.convert_to_tensor(x)
        left = ops.zeros_like(x) if self.left is None else self.left
        self.left = x
        return ops.matmul(left, self.kernel[0]) + ops.matmul(x, self.kernel[1])


class Noted:
    """It keeps the inputs by their pixels, and looks each one up."""

    def __init__(self, kernel, n, height, width):
        self.kernel, self.n, self.seen = kernel, n, {}

    def keep(self, row, col, x):
        self.seen[row, col] = x

    def output(self, row, col):
        half, y = len(self.kernel) // 2, np.zeros((self.n, self.kernel.shape[3]))
        for (i, j), tap in taps(self.kernel):
            place = row + i - half, col + j - half
            if place in self.seen:
                y = y + self.seen[place] @ tap
        return y


def taps(kernel):
    return [((i, j), kernel[i, j]) for i, j in np.ndindex(*kernel.shape[:2])]


RIGHT = {"8.1": [InKeras], "8.2": [Noted]}
