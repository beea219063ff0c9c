"""Gates, which let a share of each feature pass, for a trunk and for its cached steps."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.layers import CausalConv2D, MaskedConv2D


def tanh(x, xp=ops):
    """tanh in the dtype of x: on JAX, ops.tanh of Keras 3.15 computes float64 as float32."""
    return 2 * ops.sigmoid(2 * x) - 1 if xp is ops else xp.tanh(x)


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


def cached_gate(x, xp, linear=False):
    """The gate, or the linear gate, in a cached step: (2h, …) -> (h, …)."""
    half = x.shape[0] // 2
    a, b = x[:half], x[half:]
    if not linear:
        a = tanh(a, xp)
    return a * (1 + tanh(b / 2, xp)) / 2  # this form of the sigmoid never overflows


def concat_elu(x, groups=1):
    """The ELU of x and of -x, within each group: (N, H, W, h) -> (N, H, W, 2h)."""
    *place, features = ops.shape(x)
    x = ops.reshape(x, (*place, groups, features // groups))
    both = ops.elu(ops.concatenate([x, -x], axis=-1))  # (N, H, W, groups, 2h / groups)
    return ops.reshape(both, (*place, 2 * features))


def cached_concat_elu(x):
    """The same in a cached step, (h, …) -> (2h, …): of x and -x, only one is negative."""
    below = np.exp(-np.abs(x)) - 1  # (h, …)
    return np.concatenate([np.where(x > 0, x, below), np.where(x > 0, below, -x)])


class GatedResidual(keras.layers.Layer):
    """Two convolutions and a gate, whose output is added to the input.

    h: int, the features of input and output, grouped.
    kernel_size: int, of both convolutions; their last tap is the present pixel.
    others: int, the grouped features of a second input, which is added between the convolutions.
    colours: int, the number of groups of colours.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, kernel_size, others=0, colours=3, **layer):
        super().__init__(**layer)
        self.others, self.colours = others, colours
        same = {"colours": colours, "dtype": self.dtype_policy}
        self.look = CausalConv2D(h, kernel_size, **same)
        self.choose = CausalConv2D(2 * h, kernel_size, **same)
        self.link = MaskedConv2D(h, 1, **same) if others else None

    def build(self, shape):
        self.look.build(shape)
        self.choose.build(shape)
        if self.link:
            self.link.build((*shape[:-1], self.others))

    def call(self, x, other=None):
        y = self.look(ops.elu(x))  # (N, H, W, h)
        if self.link:
            y += self.link(ops.elu(other))  # (N, H, W, h)
        return x + gate(self.choose(ops.elu(y)), self.colours)  # (N, H, W, h)

    def cached(self, cache):
        """Return the layer's step for one pixel and one group."""
        look, choose, xp = cache(self.look), cache(self.choose), cache.maths
        link = cache(self.link) if self.link else None
        elu = lambda x: xp.maximum(x, 0) + xp.exp(xp.minimum(x, 0)) - 1

        def step(x, other=None):
            y = look(elu(x))  # (h / groups, N)
            if link:
                y = y + link(elu(other))  # (h / groups, N)
            return x + cached_gate(choose(elu(y)), xp)  # (h / groups, N)

        return step
