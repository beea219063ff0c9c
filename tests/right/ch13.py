"""Right answers to chapter 13."""

import numpy as np
from keras import layers, ops

# 13.1


def by_walking(height, width, row, col):
    """Mark what any number of steps reaches, and take the rest of the past."""
    seen = np.zeros((height, width), bool)
    seen[row, col] = True
    for _ in range(height + width):
        grown = seen.copy()
        grown[:-1] |= seen[1:]  # up
        grown[:, :-1] |= seen[:, 1:]  # left
        grown[:-1, :-1] |= seen[1:, 1:]
        grown[:-1, 1:] |= seen[1:, :-1]
        seen = grown
    past = np.arange(height * width).reshape(height, width) < row * width + col
    return past & ~seen


def by_slices(height, width, row, col):
    hidden = np.zeros((height, width), int)
    for above in range(1, row + 1):
        hidden[row - above, col + above + 1 :] = 1
    return hidden


def as_a_list(height, width, row, col):
    return [[r < row and c - col + r - row > 0 for c in range(width)] for r in range(height)]


# 13.2


def by_two_pads(x, kernel, shift=1):
    """A causal convolution first, and its result moved down afterwards."""
    kh, kw = kernel.shape[:2]
    y = ops.conv(
        ops.pad(x, ((0, 0), (kh - 1, 0), (kw // 2, kw // 2), (0, 0))), kernel, padding="valid"
    )
    return ops.pad(y, ((0, 0), (shift, 0), (0, 0), (0, 0)))[:, : x.shape[1]]


def tap_by_tap(x, kernel, shift=1):
    kh, kw, _, _ = kernel.shape
    _, height, width, _ = x.shape
    top, side = kh - 1 + shift, kw // 2
    padded, y = ops.pad(x, ((0, 0), (top, 0), (side, side), (0, 0))), 0
    for a, b in np.ndindex(kh, kw):
        y = y + padded[:, a : a + height, b : b + width] @ kernel[a, b]
    return y


def a_larger_masked_kernel(x, kernel, shift=1):
    """The same by a mask: rows of zeros below the kernel."""
    below = kernel.shape[0] + 2 * shift - 1
    large = ops.pad(kernel, ((0, below), (0, 0), (0, 0), (0, 0)))  # its centre is at `shift` below
    return ops.conv(x, large, padding="same")


def by_layers(x, kernel, shift=1):
    kh, kw = kernel.shape[:2]
    padded = layers.ZeroPadding2D(((kh - 1 + shift, 0), (kw // 2, kw // 2)))(x)
    return layers.Cropping2D(((0, shift), (0, 0)))(ops.conv(padded, kernel, padding="valid"))


# 13.3


def by_split(x, groups=1):
    parts = []
    for part in ops.split(x, groups, axis=-1):
        a, b = ops.split(part, 2, axis=-1)
        parts.append(ops.tanh(a) * ops.sigmoid(b))
    return ops.concatenate(parts, axis=-1)


def by_numpy(x, groups=1):
    y = x.reshape(*x.shape[:-1], groups, 2, -1)
    y = np.tanh(y[..., 0, :]) / (1 + np.exp(-y[..., 1, :]))
    return y.reshape(*x.shape[:-1], -1)


def by_index(x, groups=1):
    size = x.shape[-1] // groups
    inside = np.arange(x.shape[-1]) % size
    a, b = x[..., inside < size // 2], x[..., inside >= size // 2]
    return ops.tanh(a) * ops.sigmoid(b)


RIGHT = {
    "13.1": [by_walking, by_slices, as_a_list],
    "13.2": [by_two_pads, tap_by_tap, a_larger_masked_kernel, by_layers],
    "13.3": [by_split, by_numpy, by_index],
}
