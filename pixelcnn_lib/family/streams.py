"""Whole features, which know whole pixels and are read only by later pixels; and gates."""

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Memory


def tanh(x, xp=ops):
    """tanh in the dtype of x: on JAX, ops.tanh of Keras 3.15 computes float64 as float32."""
    return np.tanh(x) if xp is np else 2 * ops.sigmoid(2 * x) - 1


def gate(x, groups=1):
    """tanh(a) * sigmoid(b), a and b the halves of each group: (N, H, W, 2h) -> (N, H, W, h)."""
    *place, features = ops.shape(x)
    halves = ops.reshape(x, (*place, groups, 2, features // groups // 2))
    a, b = ops.unstack(halves, axis=-2)  # (N, H, W, groups, h / groups) each
    return ops.reshape(tanh(a) * ops.sigmoid(b), (*place, features // 2))


def linear_gate(x, groups=1):
    """a * sigmoid(b), the gate of PixelCNN++; arguments as for gate."""
    *place, features = ops.shape(x)
    halves = ops.reshape(x, (*place, groups, 2, features // groups // 2))
    a, b = ops.unstack(halves, axis=-2)  # (N, H, W, groups, h / groups) each
    return ops.reshape(a * ops.sigmoid(b), (*place, features // 2))


def cached_gate(x, xp):
    """The gate in a cached step, (2h, …) -> (h, …); this form of the sigmoid never overflows."""
    half = x.shape[0] // 2
    a, b = x[:half], x[half:]
    return tanh(a, xp) * (1 + tanh(b / 2, xp)) / 2


def cached_linear_gate(x, xp):
    """The linear gate in a cached step, (2h, …) -> (h, …)."""
    half = x.shape[0] // 2
    a, b = x[:half], x[half:]
    return a * (1 + tanh(b / 2, xp)) / 2


def concat_elu(x, groups=1):
    """The ELU of x and of -x, within each group: (N, H, W, h) -> (N, H, W, 2h)."""
    *place, features = ops.shape(x)
    x = ops.reshape(x, (*place, groups, features // groups))
    both = ops.elu(ops.concatenate([x, -x], axis=-1))  # (N, H, W, groups, 2h / groups)
    return ops.reshape(both, (*place, 2 * features))


def cached_concat_elu(x, xp):
    """The same in a cached step, (h, …) -> (2h, …): of x and -x, only one is negative."""
    below = xp.exp(-xp.abs(x)) - 1  # (h, …)
    return xp.concatenate([xp.where(x > 0, x, below), xp.where(x > 0, below, -x)])


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
        self.xp, self.right = cache.xp, layer.offsets[-1][1]
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
        if self.memory:
            self.memory.keep(time, x)
            time = self.xp.maximum(time - self.right, 0)
            x = self.memory.look(time)  # (in * taps, lanes * N)
        return time, self.xp.matmul(self.kernel, x) + self.bias  # (out, lanes * N)


def need_finished_rows(schedule):
    """Raise ValueError unless a row of a Schedule begins only when the row above is finished."""
    if schedule.delay < schedule.width:
        raise ValueError(
            f"The row above must be finished: a row needs a delay of {schedule.width} steps or more, "
            f"got {schedule.delay}."
        )
