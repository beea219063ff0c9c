"""Right answers to chapter 8."""

import keras
import numpy as np
from keras import ops


class Waiting:
    def __init__(self, kernel):
        self.kernel, self.given = kernel, None

    def step(self, x):
        y = x @ self.kernel[1] + (0 if self.given is None else self.given)
        self.given = x @ self.kernel[0]
        return y


class InKeras(keras.layers.Layer):
    def __init__(self, kernel):
        super().__init__(dtype="float64")
        self.kernel, self.left = ops.convert_to_tensor(kernel), None

    def step(self, x):
        x = ops.convert_to_tensor(x)
        left = ops.zeros_like(x) if self.left is None else self.left
        self.left = x
        return ops.matmul(left, self.kernel[0]) + ops.matmul(x, self.kernel[1])


def in_one_line(row, col, width):
    inside = lambda r, c: r >= 0 and c in range(width)
    seen = [(row - 1, col - 1), (row - 1, col), (row - 1, col + 1), (row, col - 1)]
    return [(r * width + c) % (width + 1) if inside(r, c) else width + 1 for r, c in seen]


def by_simulation(row, col, width):
    """Fill the ring pixel by pixel, and search it for the four."""
    ring = [None] * (width + 1)
    for number in range(row * width + col):
        ring[number % (width + 1)] = divmod(number, width)
    wanted = [(row - 1, col - 1), (row - 1, col), (row - 1, col + 1), (row, col - 1)]
    places = [ring.index(one) if one in ring else width + 1 for one in wanted]
    return np.array(places, "int32")


def with_broadcasting(height, width, delay):
    return np.arange(width) + delay * np.arange(height)[:, None]


def with_loops(height, width, delay):
    times = []
    for row in range(height):
        start = row * delay
        times.append([start + col for col in range(width)])
    return times


RIGHT = {
    "8.1": [Waiting, InKeras],
    "8.2": [in_one_line, by_simulation],
    "8.3": [with_broadcasting, with_loops],
}
