"""Whole features, which know whole pixels and are read only by later pixels."""

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Memory


def shift_down(x, axis=1):
    """Move each row down by one; the first row becomes zeros. (N, H, W, F), unchanged shape.

    axis: int, the axis of the rows. The gradient of ops.slice takes a tenth of the time of x[:,
        :-1]'s.
    """
    shape = ops.shape(x)
    moved = ops.pad(x, [(int(i == axis), 0) for i in range(len(shape))])
    return ops.slice(moved, len(shape) * [0], shape)


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
