"""Whole features, which know whole pixels and are read only by later pixels."""

from keras import ops

from pixelcnn_lib.caching import Memory
from pixelcnn_lib.family.gates import cached_gate


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


class CachedStacks:
    """Both stacks at the pixels of one time; the vertical stack serves the row below; see Cache."""

    def __init__(self, model, cache):
        self.xp, self.split, self.rows, self.above = cache.xp, cache.split, [], []
        for layer in model.body:
            self.rows.append((cache(layer.row), cache(layer.out)))
            above, link = WholeConvolution(layer.above, cache), WholeConvolution(layer.link, cache)
            # the bias is the weight of one more feature: 1 in the image, 0 above its first row
            link = self.xp.concatenate([link.kernel, link.bias], axis=1)  # (2h, 2h + 1)
            self.above.append((above, link, Memory(cache, 2 * model.h + 1, [(-1, 0)])))
        self.biases = [cache.split(cache.of_class(bias)) for bias in model.class_biases]
        self.biases_above = [cache.of_class(bias) for bias in model.class_biases_above]
        cache.add(self)

    def start(self, time):
        self.values = []
        self.links = [
            self.split(self.xp.matmul(link, seen.look(time))) for _, link, seen in self.above
        ]

    def __call__(self, group):
        x = None
        for i, (row, out) in enumerate(self.rows):
            y = row(x) if i else row.output()  # (2h / groups, lanes * N)
            y = y + self.links[i][group]
            if self.biases:
                y = y + self.biases[i][group]
            y = out(cached_gate(y, self.xp))  # (h / groups, lanes * N)
            x = x + y if i else y
        return x

    def take(self, x):
        self.rows[0][0].take(x)
        self.values.append(x)

    def keep(self, time):
        x = self.xp.concatenate(self.values)  # (colours, lanes * N)
        for i, (above, _, seen) in enumerate(self.above):
            time, x = above(time, x)  # (2h, lanes * N)
            if self.biases_above:
                x = x + self.biases_above[i]
            seen.keep(time, self.xp.concatenate([x, self.xp.ones_like(x[:1])]))
            x = cached_gate(x, self.xp)  # (h, lanes * N)
