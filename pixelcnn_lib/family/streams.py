"""Whole features, which know whole pixels and are read only by later pixels."""

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Cache
from pixelcnn_lib.model import AutoregressiveModel


class TwoStreams(AutoregressiveModel):
    """The base of the members with a stream of whole features beside the grouped ones.

    The whole stream is computed when a row begins: then the row above must be finished. A subclass
    writes it in its `forward` with run.whole and run.link, see operations.py.

    late: bool, whether a pixel's whole features know its own row, too. When a row begins, they are
        then those of the row above.
    Arguments: see AutoregressiveModel and each member.
    """

    late = False

    def cached(self, cache):
        """Return the trunk's step for one pixel and one group; see caching.Cache."""
        cache.rows = cache.add(Rows(cache))
        return lambda x: self.forward(cache, cache.rows.image)


class Rows(Cache):
    """Runs whole features along a row when it begins, with NumPy; the row above is then finished.

    Features are (F, W, N). `image` holds the values of the row above.

    cache: Cache that draws the row's pixels; it must draw single pixels, and gets this twin.
    """

    def __init__(self, cache):
        super().__init__(cache.model, cache.schedule, cache.count, cache.labels)
        self.cache = cache
        self.image = np.zeros((cache.model.inputs, cache.schedule.width, cache.count), cache.dtype)

    def convolution(self, layer):
        return RowConvolution(layer, self)

    @property
    def above_first(self):
        """Whether the features are those of a row above the picture: there is none."""
        return self.model.late and self.time < self.schedule.width

    def weight(self, weight):
        return self.array(weight)[:, None, None]  # (F, 1, 1)

    def of_class(self, bias):
        return self.whole_of_class(bias)[:, None]  # (F, 1, N)

    def shift_down(self, x):
        """Return what was computed of the row above; above the first row, there are zeros."""
        return x if self.time >= self.schedule.width else np.zeros_like(x)

    def keep(self, time):
        """Store the values of a pixel, if the cache's layers read the image."""
        if self.cache.values:
            self.image[:, time % self.schedule.width] = np.concatenate(self.cache.values)


class RowConvolution:
    """A convolution of whole features along one row after the other.

    layer: a built MaskedConv2D or CausalConv2D with colours=1. cache: Rows.
    """

    def __init__(self, layer, cache):
        self.cache, self.stride = cache, layer.step
        height, self.taps, features, filters = layer.kernel.shape
        kernel = ops.transpose(ops.reshape(layer.masked(layer.kernel), (-1, filters)))
        self.kernel = cache.array(kernel)  # (out, taps * in)
        self.bias = cache.array(layer.bias)[:, None]  # (out, 1)
        row = np.zeros((features, cache.schedule.width, cache.count), cache.dtype)
        self.above = (height - 1) * [row]  # as many rows as the kernel sees above its own

    def __call__(self, x):
        """Return the output for a row: (in, W, N) -> (out, W, N), or only every n-th column."""
        if self.cache.above_first:
            return np.zeros((len(self.bias), *x.shape[1:]), self.cache.dtype)
        seen, side = [], self.taps // 2
        rows = [*self.above, np.array(x)]  # a copy, because the image's row is overwritten
        for row in rows:
            padded = np.pad(row, ((0, 0), (side, side), (0, 0)))  # (in, W + 2 * side, N)
            for tap in range(self.taps):
                seen.append(padded[:, tap : tap + x.shape[1] : self.stride])
        self.above = rows[1:]
        seen = np.concatenate(seen)  # (taps * in, W, N)
        y = np.matmul(self.kernel, np.reshape(seen, (len(seen), -1))) + self.bias  # (out, W * N)
        return np.reshape(y, (-1, *seen.shape[1:]))
