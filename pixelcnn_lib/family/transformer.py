"""A transformer over pixels: after the first layer, only attention reads other pixels.

Its `forward` is in attentive.py.
"""

import keras

from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.faces import SIZES
from pixelcnn_lib.family.attention import Attention
from pixelcnn_lib.family.attentive import AttentiveModel
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import Block, CausalConv2D, MaskedConv2D

HEADS = 4  # among which each group divides its features


@keras.saving.register_keras_serializable("pixelcnn")
class PixelTransformer(AttentiveModel):
    """A decoder-only transformer whose tokens are the pixels: it sees the whole past.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. Every
    layer has h features. The first layer reads the pixel to the left, and the earlier groups of
    colours of the present pixel; iGPT's reads the previous pixel, which in the first column is the
    last pixel of the row above. With a head that ties the colours, each pixel is one token, as in
    iGPT. But iGPT has a palette of 512 colours and learns a vector for each position; here
    positions are relative, see Attention.
    Sources: Chen et al., Generative Pretraining from Pixels (2020), and its code,
    github.com/openai/image-gpt; Parmar et al., Image Transformer (2018).

    blocks: int, 1 to 1000, the number of blocks.
    near: int, 1 to 64, up to how many rows and columns away each offset has its own bias.
    """

    presets = {
        "transformer": dict(
            filters_per_colour=22, blocks=2, head_per_colour=24, head=TiedMixtureHead
        ),
        "faces": dict(filters_per_colour=64, blocks=3, head_per_colour=64, near=16, **SIZES),
    }

    def __init__(self, filters_per_colour, blocks, head_per_colour, *, near=8, **shared):
        whole_number("blocks", blocks, 1, 1000)
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.sizes["near"] = whole_number("near", near, 1, 64)
        self.first = CausalConv2D(self.h, (1, 2), "A", **self.grouped)
        self.body = [TransformerBlock(self.h, near, **self.grouped) for _ in range(blocks)]
        self.add_top(self.h)


class TransformerBlock(Block):
    """Attention, then two 1x1 convolutions with 4h features in between; both parts are residual.

    Source: Chen et al. (2020); the norm and the gelu are those of its code.

    h: int, the features of input and output, grouped. near: see PixelTransformer.
    colours: int, the number of groups of colours.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, near, colours=3, **layer):
        super().__init__(colours, **layer)
        size = max(h // colours // HEADS, 1)
        same = {"colours": colours, "dtype": self.dtype_policy}
        self.attention = Attention(HEADS, size, size, near, **same)
        self.mixed = HEADS * colours * size
        self.out, self.narrow = (MaskedConv2D(h, 1, **same) for _ in range(2))
        self.widen = MaskedConv2D(4 * h, 1, **same)

    def build(self, shape, pixels_shape):
        *place, h = shape
        self.attention.build(shape, pixels_shape)
        self.out.build((*place, self.mixed))
        self.widen.build(shape)
        self.narrow.build((*place, 4 * h))

    def forward(self, run, x, pixels):
        x = x + run(self.out, run(self.attention, x, pixels))  # (N, H, W, h)
        y = run(self.widen, run.norm(x))  # (N, H, W, 4h)
        y = y * run.sigmoid(1.702 * y)  # the Gaussian error linear unit, as iGPT computes it
        return x + run(self.narrow, y)  # (N, H, W, h)
