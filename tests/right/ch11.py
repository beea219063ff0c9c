"""Right answers to chapter 11."""

import numpy as np
from keras import ops

# 11.1


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


# 11.2


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


def cropped_first(x, kernel, shift=1):
    """Zeros are joined, and the rows that are not needed fall away before the convolution."""
    kh, kw = kernel.shape[:2]
    x = ops.pad(x, ((0, 0), (kh - 1 + shift, 0), (0, 0), (0, 0)))[:, : x.shape[1] + kh - 1]
    side = ops.zeros_like(x[:, :, : kw // 2])
    return ops.conv(ops.concatenate([side, x, side], axis=2), kernel, padding="valid")


RIGHT = {
    "11.1": [by_walking, by_slices],
    "11.2": [by_two_pads, tap_by_tap, cropped_first],
}
