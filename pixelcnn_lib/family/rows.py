"""Cached steps that follow whole rows: what is stored of one row, and convolutions along a row."""

import numpy as np
from keras import ops


class Row:
    """Stores the features of one row's pixels, (features, columns, N).

    cache: Cache. features: int. columns: int, or None for the
    schedule's delay, which leaves room for what is stored in the pause between two rows.
    """

    def __init__(self, cache, features, columns=None):
        columns = columns or cache.schedule.delay
        self.kept = np.zeros((features, columns, cache.count), cache.dtype)

    def look(self, col):
        """Return the features of one column, (features, N)."""
        return np.take(self.kept, col, axis=1)

    def keep(self, col, x):
        """Store the features of one column, (features, N)."""
        self.kept[:, col] = x


class RowConvolution:
    """A convolution of whole features along a finished row; it stores the row above if needed.

    layer: a built MaskedConv2D or CausalConv2D with colours=1, at most two rows high.
    """

    def __init__(self, layer, cache):
        self.step = getattr(layer, "step", 1)
        self.height, self.taps, features, filters = layer.kernel.shape
        kernel = ops.transpose(ops.reshape(layer.masked(layer.kernel), (-1, filters)))
        self.kernel = cache.array(kernel)  # (out, taps * in)
        self.bias = cache.array(layer.bias)[:, None]  # (out, 1)
        if self.height > 1:
            self.above = Row(cache, features, cache.schedule.width)

    def __call__(self, x):
        """Return the output for a row: (in, W, N) -> (out, W, N), or only every n-th column."""
        seen, side = [], self.taps // 2
        for row in [self.above.kept, x] if self.height > 1 else [x]:
            padded = np.pad(row, ((0, 0), (side, side), (0, 0)))  # (in, W + 2 * side, N)
            for tap in range(self.taps):
                seen.append(padded[:, tap : tap + x.shape[1] : self.step])
        seen = np.concatenate(seen)  # (taps * in, W, N)
        flat = np.reshape(seen, (seen.shape[0], -1))
        y = np.matmul(self.kernel, flat) + self.bias  # (out, W * N)
        return np.reshape(y, (-1, *seen.shape[1:]))

    def keep(self, x):
        """Store a row's input for the next row."""
        self.above.kept = x
