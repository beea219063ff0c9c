"""Whole features, which know whole pixels and are read only by later pixels."""

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Cache, Memory


class WholeConvolution:
    """A cached convolution of whole features, which waits until the pixels to the right are known.

    It is as many steps late as its kernel reaches to the right. If the schedule's delay between two
    rows is larger than the reach of all such layers of a stack together, the output is ready when
    the row below needs it.

    layer: a built CausalConv2D or 1x1 MaskedConv2D, with colours=1. cache: Cache.
    """

    def __init__(self, layer, cache):
        self.rounded, self.right = cache.rounded, layer.offsets[-1][1]
        *_, features, filters = layer.kernel.shape
        kernel = ops.reshape(layer.masked(layer.kernel), (-1, features, filters))
        kernel = ops.reshape(ops.transpose(kernel, (2, 1, 0)), (filters, -1))
        self.kernel = cache.array(kernel)  # (out, in * taps)
        self.bias = cache.array(layer.bias)[:, None]  # (out, 1)
        self.memory = Memory(cache, features, layer.offsets) if len(layer.offsets) > 1 else None

    def __call__(self, time, x):
        """Take the input at a time, (in, lanes * N); return the output that is ready, and its time.

        Before the first output is ready, it returns time 0 and a result that is replaced later.
        """
        x = self.rounded(x)
        if self.memory:
            self.memory.keep(time, x)
            time = np.maximum(time - self.right, 0)
            x = self.memory.look(time)  # (in * taps, lanes * N)
        return time, np.matmul(self.kernel, x) + self.bias  # (out, lanes * N)


def need_finished_rows(schedule):
    """Raise ValueError unless a row of a Schedule begins only when the row above is finished."""
    if schedule.delay < schedule.width:
        raise ValueError(
            f"The row above must be finished: a row needs a delay of {schedule.width} steps or more, "
            f"got {schedule.delay}."
        )


class Row:
    """Stores the features of one row's pixels, (features, columns, N).

    There is room for what is stored in the pause between two rows. cache: Cache. features: int.
    """

    def __init__(self, cache, features):
        self.kept = np.zeros((features, cache.schedule.delay, cache.count), cache.dtype)

    def look(self, col):
        """Return the features of one column, (features, N)."""
        return np.take(self.kept, col, axis=1)

    def keep(self, col, x):
        """Store the features of one column, (features, N)."""
        self.kept[:, col] = x


class Rows(Cache):
    """Runs whole features along a row when it begins, with NumPy; the row above is then finished.

    Features are (F, W, N). `image` holds the values of the row above.

    cache: Cache that draws the row's pixels; it must draw single pixels, and gets this twin.
    """

    def __init__(self, cache):
        need_finished_rows(cache.schedule)
        super().__init__(cache.model, cache.schedule, cache.count, cache.labels)
        self.cache = cache
        self.image = np.zeros((cache.model.inputs, cache.schedule.width, cache.count), cache.dtype)

    def step(self, layer):
        return RowConvolution(layer, self)

    def of_class(self, bias):
        return self.whole_of_class(bias)[:, None]  # (F, 1, N)

    def shift_down(self, x):
        """Return what was computed of the row above; above the first row, there are zeros."""
        return x if self.time >= self.schedule.delay else np.zeros_like(x)

    def keep(self, time):
        """Store the values of a pixel, if the cache's layers read the image."""
        col = time % self.schedule.delay
        if self.cache.values and col < self.schedule.width:
            self.image[:, col] = np.concatenate(self.cache.values)


class RowConvolution:
    """A convolution of whole features along one row after the other.

    layer: a built MaskedConv2D or CausalConv2D with colours=1, at most two rows high. cache: Rows.
    """

    def __init__(self, layer, cache):
        self.stride = getattr(layer, "step", 1)
        self.height, self.taps, features, filters = layer.kernel.shape
        kernel = ops.transpose(ops.reshape(layer.masked(layer.kernel), (-1, filters)))
        self.kernel = cache.array(kernel)  # (out, taps * in)
        self.bias = cache.array(layer.bias)[:, None]  # (out, 1)
        self.above = np.zeros((features, cache.schedule.width, cache.count), cache.dtype)

    def __call__(self, x):
        """Return the output for a row: (in, W, N) -> (out, W, N), or only every n-th column."""
        seen, side = [], self.taps // 2
        for row in [self.above, x] if self.height > 1 else [x]:
            padded = np.pad(row, ((0, 0), (side, side), (0, 0)))  # (in, W + 2 * side, N)
            for tap in range(self.taps):
                seen.append(padded[:, tap : tap + x.shape[1] : self.stride])
        self.above = np.array(x)  # a copy, because the image's row is overwritten
        seen = np.concatenate(seen)  # (taps * in, W, N)
        y = np.matmul(self.kernel, np.reshape(seen, (len(seen), -1))) + self.bias  # (out, W * N)
        return np.reshape(y, (-1, *seen.shape[1:]))
