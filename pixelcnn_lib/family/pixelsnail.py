"""PixelSNAIL: gated residual layers look at what is near, and attention between them farther."""

import keras
from keras import ops

from pixelcnn_lib.family.attention import Attention, CachedAttention
from pixelcnn_lib.family.attentive import AttentiveModel
from pixelcnn_lib.family.streams import cached_gate, gate
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import CausalConv2D, MaskedConv2D
from pixelcnn_lib.masks import whole_number

KEY_SIZE = 16  # features of a key, as in the authors' code


@keras.saving.register_keras_serializable("pixelcnn")
class PixelSNAIL(AttentiveModel):
    """Causal convolutions of 2x2, and attention of one head after every few of them.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. There are h
    features all along. The first layer, 3x3 and masked, sees the three pixels above and the one to
    the left, as in the authors' code. It sees the whole past.

    What differs from the authors' code: positions are relative, see Attention, where the code adds
    coordinates to the features; each query and key is made by one 1x1 convolution of normed
    features, where the code norms the weights and has a residual layer before; an ELU, not a
    concat-ELU, comes before each convolution; a tanh is in the gate; and there is no dropout.
    Source: Chen et al., PixelSNAIL (2018), and its code, github.com/neocxi/pixelsnail-public.

    blocks: int, 1 to 1000, how many times residual layers are followed by attention.
    residuals: int, 1 to 16, how many residual layers come before each attention.
    near: int, 1 to 64, up to how many rows and columns away each offset has a bias of its own.
    """

    presets = {
        "pixelsnail": dict(
            filters_per_colour=14, blocks=2, head_per_colour=28, residuals=2, head=TiedMixtureHead
        ),
        # 12 blocks of 4 residual layers, 256 features, rounded down to a multiple of three
        "pixelsnail-paper": dict(
            filters_per_colour=85, blocks=12, head_per_colour=85, residuals=4, head=TiedMixtureHead
        ),
    }

    def __init__(
        self, filters_per_colour, blocks, head_per_colour, *, residuals=2, near=8, **shared
    ):
        whole_number("blocks", blocks, 1, 1000)
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.sizes["residuals"] = whole_number("residuals", residuals, 1, 16)
        self.sizes["near"] = whole_number("near", near, 1, 64)
        self.first = MaskedConv2D(self.h, 3, "A", **self.grouped)
        self.body = [SNAILBlock(self.h, residuals, near, **self.grouped) for _ in range(blocks)]
        self.add_top(self.h)


@keras.saving.register_keras_serializable("pixelcnn")
class SNAILBlock(keras.layers.Layer):
    """Residual layers, then attention, whose values one more residual layer adds to the features.

    h: int, the features of input and output, grouped. residuals, near: see PixelSNAIL.
    colours: int, how many groups of colours there are.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, residuals, near, colours=3, **layer):
        super().__init__(**layer)
        self.h, self.residuals, self.near, self.colours = h, residuals, near, colours
        same = {"colours": colours, "dtype": self.dtype_policy}
        self.near_by = [GatedResidual(h, 2, **same) for _ in range(residuals)]
        value_size = max(h // colours // 2, 1)
        self.attention = Attention(1, KEY_SIZE, value_size, near, **same)
        self.merge = GatedResidual(h, 1, value_size * colours, **same)

    def build(self, shape, pixels_shape):
        for layer in (*self.near_by, self.merge):
            layer.build(shape)
        self.attention.build(shape, pixels_shape)

    def call(self, x, pixels):
        for layer in self.near_by:
            x = layer(x)  # (N, H, W, h)
        return self.merge(x, self.attention(x, pixels))  # (N, H, W, h)

    def cached(self, cache, trunk):
        """Give the block's step at one pixel and group; trunk: see CachedAttention."""
        near_by = [layer.cached(cache) for layer in self.near_by]
        attention = CachedAttention(self.attention, cache, trunk)
        merge = self.merge.cached(cache)

        def step(x):
            for layer in near_by:
                x = layer(x)  # (h / groups, N)
            return merge(x, attention(x))  # (h / groups, N)

        return step

    def get_config(self):
        own = {name: getattr(self, name) for name in ("h", "residuals", "near", "colours")}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("pixelcnn")
class GatedResidual(keras.layers.Layer):
    """Two convolutions and a gate; what comes out is added to what goes in.

    h: int, the features of input and output, grouped.
    kernel_size: int, of both convolutions; their last tap is the present pixel.
    others: int, how many grouped features a second input has, which enters between the two.
    colours: int, how many groups of colours there are.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, kernel_size, others=0, colours=3, **layer):
        super().__init__(**layer)
        self.h, self.kernel_size, self.others, self.colours = h, kernel_size, others, colours
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
        """Give the layer's step at one pixel and group."""
        look, choose, xp = cache(self.look), cache(self.choose), cache.xp
        link = cache(self.link) if self.link else None
        elu = lambda x: xp.maximum(x, 0) + xp.exp(xp.minimum(x, 0)) - 1

        def step(x, other=None):
            y = look(elu(x))  # (h / groups, N)
            if link:
                y = y + link(elu(other))  # (h / groups, N)
            return x + cached_gate(choose(elu(y)), xp)  # (h / groups, N)

        return step

    def get_config(self):
        own = {name: getattr(self, name) for name in ("h", "kernel_size", "others", "colours")}
        return {**super().get_config(), **own}
