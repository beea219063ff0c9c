"""PixelSNAIL: gated residual layers read near pixels, attention layers read all earlier ones.

Its `forward` is in attentive.py.
"""

import keras

from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.faces import LABELS, SIZES
from pixelcnn_lib.family.attention import Attention
from pixelcnn_lib.family.attentive import AttentiveModel
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import Block, CausalConv2D, MaskedConv2D

KEY_SIZE = 16  # features of a key, as in the authors' code


@keras.saving.register_keras_serializable("pixelcnn")
class PixelSNAIL(AttentiveModel):
    """2x2 causal convolutions, with single-head attention after every four of them.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. Every
    layer has h features. The first layer, 3x3 and masked, sees the three pixels above and the one
    to the left, as in the authors' code. The model sees the whole past.

    Differences from the authors' code: positions are relative (see Attention), while the code adds
    coordinates to the features; one 1x1 convolution of normalised features makes queries or keys,
    while the code normalises the weights and has a residual layer before; an ELU, not a concat-ELU,
    comes before each convolution; the gate has a tanh; and there is no dropout.
    Source: Chen et al., PixelSNAIL (2018), and its code, github.com/neocxi/pixelsnail-public.

    blocks: int, 1 to 1000, the number of blocks: two residual layers, then attention.
    near: int, 1 to 64, up to how many rows and columns away each offset has its own bias.
    """

    presets = {
        "pixelsnail": dict(
            filters_per_colour=14, blocks=2, head_per_colour=28, head=TiedMixtureHead
        ),
        # faces of 16x16 pixels, whose colours are names
        "faces": dict(filters_per_colour=40, blocks=3, head_per_colour=64, near=16, **SIZES),
    }
    shipped = {
        "faces": ("faces", {"classes": LABELS}, 16),  # plain faces, by attributes
        "faces-all": (
            "faces",
            {"filters_per_colour": 48, "blocks": 4},
            16,
        ),  # faces of the whole style
    }

    def __init__(self, filters_per_colour, blocks, head_per_colour, *, near=8, **shared):
        whole_number("blocks", blocks, 1, 1000)
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.sizes["near"] = whole_number("near", near, 1, 64)
        self.first = MaskedConv2D(self.h, 3, "A", **self.grouped)
        self.body = [SNAILBlock(self.h, near, **self.grouped) for _ in range(blocks)]
        self.add_top(self.h)


class SNAILBlock(Block):
    """Two residual layers, then attention; one more residual layer adds its output to the features.

    h: int, the features of input and output, grouped. near: see PixelSNAIL.
    colours: int, the number of groups of colours.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, near, colours=3, **layer):
        super().__init__(colours, **layer)
        same = {"colours": colours, "dtype": self.dtype_policy}
        self.near_by = [GatedResidual(h, 2, **same) for _ in range(2)]
        value_size = max(h // colours // 2, 1)
        self.attention = Attention(1, KEY_SIZE, value_size, near, **same)
        self.merge = GatedResidual(h, 1, value_size * colours, **same)

    def build(self, shape, pixels_shape):
        for layer in (*self.near_by, self.merge):
            layer.build(shape)
        self.attention.build(shape, pixels_shape)

    def forward(self, run, x, pixels):
        for layer in self.near_by:
            x = run(layer, x)  # (N, H, W, h)
        return run(self.merge, x, run(self.attention, x, pixels))  # (N, H, W, h)


class GatedResidual(Block):
    """Two convolutions and a gate, whose output is added to the input.

    h: int, the features of input and output, grouped.
    kernel_size: int, of both convolutions; their last tap is the present pixel.
    others: int, the grouped features of a second input, which is added between the convolutions.
    colours: int, the number of groups of colours.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, kernel_size, others=0, colours=3, **layer):
        super().__init__(colours, **layer)
        self.others = others
        same = {"colours": colours, "dtype": self.dtype_policy}
        self.look = CausalConv2D(h, kernel_size, **same)
        self.choose = CausalConv2D(2 * h, kernel_size, **same)
        self.link = MaskedConv2D(h, 1, **same) if others else None

    def build(self, shape):
        self.look.build(shape)
        self.choose.build(shape)
        if self.link:
            self.link.build((*shape[:-1], self.others))

    def forward(self, run, x, other=None):
        y = run(self.look, run.elu(x))  # (N, H, W, h)
        if self.link:
            y = y + run(self.link, run.elu(other))  # (N, H, W, h)
        return x + run.gate(run(self.choose, run.elu(y)))  # (N, H, W, h)
