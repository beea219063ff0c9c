"""PixelCNN++: two streams of shifted convolutions, on maps that shrink and then grow again."""

from functools import partial

import keras

from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.faces import SIZES
from pixelcnn_lib.family.scales import Scale
from pixelcnn_lib.family.streams import TwoStreams
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import CausalConv2D


@keras.saving.register_keras_serializable("pixelcnn")
class PixelCNNPP(TwoStreams):
    """A whole stream, which reads the rows above, and a grouped one, which also reads its row.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. Each stream
    has h features. On the way down to the smallest map, every map is kept; on the way back, each
    block reads one of the kept maps, starting with the last. Source: Salimans et al., PixelCNN++
    (2017), sections 2.3 to 2.5 and figure 2; where the paper is silent, the authors' code,
    openai/pixel-cnn.

    Differences from that code: If each colour is its own group, the grouped stream also reads the
    present pixel, masked. In both streams, each pixel of a grown map reads one pixel of the smaller
    map. There is no weight normalisation, which needs a first batch; instead, each block starts as
    the identity. There is no dropout. The input has no channel of ones. The top is PixelCNN's, not a
    single 1x1.

    There is no blind spot: in each row above that a prediction sees, it sees all columns of an
    interval around its own column. The size of the interval depends on the pixel's place in the
    grids of the smaller maps. With the preset `pixelcnn-pp`, a prediction sees 19 or 20 rows, 18 or
    19 columns to the left, and 15 or 16 to the right. The smaller maps have no row for an odd row
    of the image: its pixels see 6 columns of their own row; those of an even row see 16 or 17.

    blocks: int, 1 to 1000, the number of blocks in each scale on the way down, and on the way back,
        where all scales but the smallest have one more.
    scales: int, 1 to 8, the number of scales; each has half the height and width of the one before.
    """

    presets = {
        "pixelcnn-pp": dict(
            filters_per_colour=6, blocks=1, head_per_colour=30, head=TiedMixtureHead
        ),
        "faces": dict(filters_per_colour=20, blocks=1, head_per_colour=64, **SIZES),
    }

    def __init__(self, filters_per_colour, blocks, head_per_colour, *, scales=2, **shared):
        whole_number("blocks", blocks, 1, 1000)
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.sizes["scales"] = whole_number("scales", scales, 1, 8)
        whole = partial(CausalConv2D, self.h, colours=1, centred=True, dtype=self.dtype_policy)
        self.above, self.beside = whole(kernel_size=(2, 3)), whole(kernel_size=(1, 3))
        self.row = CausalConv2D(self.h, (1, 2), "A", **self.grouped)
        self.scales = Scale(self.h, scales, blocks, self.class_rows, **self.grouped)
        self.add_top(self.h)

    def build_trunk(self, shape):
        for layer in (self.above, self.beside, self.row):
            layer.build(shape)
        self.scales.build((*shape[:-1], self.h))

    def forward(self, run, x):
        above = run.whole(self.start_above, x)  # (N, H, W, h), knows the two rows above
        row = run.link(self.start_row, x) + run(self.row, x)  # (N, H, W, h)
        _, row = run(self.scales, above, row)
        return row

    def start_above(self, run, x):
        """The first features of the whole stream: read images -> (N, H, W, h), of the rows above."""
        return run.shift_down(run(self.above, x))

    def start_row(self, run, x):
        """What the grouped stream sees of the row above: read images -> (N, H, W, h)."""
        return run.shift_down(run(self.beside, x))
