"""Cached steps that follow whole rows: what is stored of one row, and convolutions along a row."""

import numpy as np
from keras import ops


class Row:
    """Stores the features of one row's pixels, (features, columns, N).

    cache: Cache, which gets this row as a memory. features: int. columns: int, or None for the
    schedule's delay, which leaves room for what is stored in the pause between two rows.
    """

    def __init__(self, cache, features, columns=None):
        self.xp = cache.xp
        columns = columns or cache.schedule.delay
        self.kept = self.xp.zeros((features, columns, cache.count), cache.dtype)
        cache.memories.append(self)

    def look(self, col):
        """Return the features of one column, (features, N)."""
        return self.xp.take(self.kept, col, axis=1)

    def keep(self, col, x):
        """Store the features of one column, (features, N)."""
        if self.xp is np:
            self.kept[:, col] = x
        else:
            self.kept = ops.slice_update(self.kept, (0, col, 0), x[:, None])


class RowConvolution:
    """A convolution of whole features along a finished row; it stores the row above if needed.

    layer: a built MaskedConv2D or CausalConv2D with colours=1, at most two rows high.
    """

    def __init__(self, layer, cache):
        self.xp, self.step = cache.xp, getattr(layer, "step", 1)
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
            padded = self.xp.pad(row, ((0, 0), (side, side), (0, 0)))  # (in, W + 2 * side, N)
            for tap in range(self.taps):
                seen.append(padded[:, tap : tap + x.shape[1] : self.step])
        seen = self.xp.concatenate(seen)  # (taps * in, W, N)
        flat = self.xp.reshape(seen, (seen.shape[0], -1))
        y = self.xp.matmul(self.kernel, flat) + self.bias  # (out, W * N)
        return self.xp.reshape(y, (-1, *seen.shape[1:]))

    def keep(self, x):
        """Store a row's input for the next row."""
        self.above.kept = x


def when(condition, run, cache):
    """Run a function that changes the memories of a cache, but only if a condition holds.

    Compiled, this is a loop with one turn or none: for ops.cond, XLA copies all that a branch may
    change.

    condition: bool, or a tensor in a compiled loop. run: function without arguments; only the
    cache's memories may store what it computes. cache: Cache.
    """
    if cache.xp is np:
        if condition:
            run()
        return

    def turn(number, kept):
        for memory, one in zip(cache.memories, kept):
            memory.kept = one
        run()
        return [memory.kept for memory in cache.memories]

    before = [memory.kept for memory in cache.memories]
    after = ops.fori_loop(0, ops.cast(condition, "int32"), turn, before)
    for memory, kept in zip(cache.memories, after):
        memory.kept = kept
