"""PixelCNN++: two streams of shifted convolutions, on maps that shrink and then grow again."""

import numbers
from functools import partial
from itertools import product

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import leaks
from pixelcnn_lib.family.scales import CachedTrunk
from pixelcnn_lib.family.streams import concat_elu, linear_gate, shift_down
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import CausalConv2D, MaskedConv2D
from pixelcnn_lib.masks import short, whole_number
from pixelcnn_lib.model import AutoregressiveModel


@keras.saving.register_keras_serializable("pixelcnn")
class PixelCNNPP(AutoregressiveModel):
    """A whole stream, which reads the rows above, and a grouped one, which also reads its row.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. Each stream
    has h features. On the way down to the smallest map, every map is kept; on the way back, each
    block reads one of the kept maps, starting with the last. Source: Salimans et al., PixelCNN++
    (2017), sections 2.3 to 2.5 and figure 2; where the paper is silent, the authors' code,
    openai/pixel-cnn.

    Differences from that code: If each colour is its own group, the grouped stream also reads the
    present pixel, masked. In both streams, each pixel of a grown map reads one pixel of the smaller
    map. There is no weight normalisation, which needs a first batch; instead, each block starts as
    the identity. The input has no channel of ones. The top is PixelCNN's, not a single 1x1.

    There is no blind spot: in each row above that a prediction sees, it sees all columns of an
    interval around its own column. The size of the interval depends on the pixel's place in the
    grids of the smaller maps. With the preset `pixelcnn-pp`, a prediction sees 19 or 20 rows, 18 or
    19 columns to the left, and 15 or 16 to the right. The smaller maps have no row for an odd row
    of the image: its pixels see 6 columns of their own row; those of an even row see 16 or 17.

    blocks: int, 1 to 1000, the number of blocks in each scale on the way down, and on the way back,
        where all scales but the smallest have one more.
    scales: int, 1 to 8, the number of scales; each has half the height and width of the one before.
    dropout: float, 0 or more and below 1, the share of a block's inner features that are set to zero
        in training.
    """

    presets = {
        "pixelcnn-pp": dict(
            filters_per_colour=6, blocks=1, head_per_colour=30, head=TiedMixtureHead
        ),
        # 160 filters as in the authors' code, rounded down to a multiple of three
        "pixelcnn-pp-paper": dict(
            filters_per_colour=53,
            blocks=5,
            head_per_colour=53,
            scales=3,
            dropout=0.5,
            head=TiedMixtureHead,
        ),
    }

    reach = None  # the whole stream is computed row by row, so the row above must be finished
    margin = None  # there is a limit, but a crop would have to be aligned with the smaller grids

    def __init__(
        self, filters_per_colour, blocks, head_per_colour, *, scales=2, dropout=0.0, **shared
    ):
        whole_number("blocks", blocks, 1, 1000)
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.sizes["scales"] = whole_number("scales", scales, 1, 8)
        if not (isinstance(dropout, numbers.Real) and 0 <= dropout < 1):
            raise ValueError(f"dropout must be a number from 0 to below 1; got {short(dropout)}.")
        self.sizes["dropout"] = float(dropout)
        whole = partial(CausalConv2D, self.h, colours=1, centred=True, dtype=self.dtype_policy)
        self.above, self.beside = whole(kernel_size=(2, 3)), whole(kernel_size=(1, 3))
        self.row = CausalConv2D(self.h, (1, 2), "A", **self.grouped)
        sizes = dict(blocks=blocks, dropout=self.sizes["dropout"], classes=self.classes)
        self.scales = Scale(self.h, scales, **sizes, **self.grouped)
        self.add_top(self.h)

    def build_trunk(self, shape):
        for layer in (self.above, self.beside, self.row):
            layer.build(shape)
        self.scales.build((*shape[:-1], self.h))

    def trunk(self, x, labels=None, training=None):
        above = shift_down(self.above(x))  # (N, H, W, h), knows the two rows above
        row = shift_down(self.beside(x)) + self.row(x)  # (N, H, W, h)
        of_class = partial(self.of_class, labels=labels, dtype=x.dtype)
        _, row = self.scales((above, row), of_class=of_class, training=training)
        return row

    def cached(self, cache):
        return CachedTrunk(self, cache)

    def field(self, shape):
        """Follow the kernels layer by layer: each place has a set of the pixels seen so far."""
        height, width, colours = shape
        pixels = np.eye(height * width, dtype=bool).reshape(height, width, -1)
        above = reached(pixels, product((-2, -1), (-1, 0, 1)))
        row = reached(pixels, [(-1, -1), (-1, 0), (-1, 1), (0, -1)])
        _, row = self.known(self.sizes["scales"], above, row)
        return leaks.by_colour(row.reshape(height * width, -1), colours)

    def known(self, scales, above, row):
        """Return what both streams know after a scale: bool (H, W, pixels) each, as before it."""
        up = partial(reached, offsets=list(product((-1, 0), (-1, 0, 1))))
        left = partial(reached, offsets=list(product((-1, 0), (-1, 0))))
        (height, width, _), kept = above.shape, [(above, row)]
        for _ in range(self.sizes["blocks"]):
            above = up(up(above))
            row = left(left(row) | above)
            kept.append((above, row))
        if scales == 1:
            kept.pop()
        else:
            smaller = self.known(scales - 1, up(above)[::2, ::2], left(row)[::2, ::2])
            above, row = (one.repeat(2, 0).repeat(2, 1)[:height, :width] for one in smaller)
        for kept_above, kept_row in reversed(kept):
            above = up(up(above) | kept_above)
            row = left(left(row) | above | kept_row)
        return above, row


def reached(known, offsets):
    """For each place, join the sets at the offsets (row, col) from it: bool (H, W, pixels)."""
    height, width, _ = known.shape
    padded = np.pad(known, ((2, 0), (1, 1), (0, 0)))
    return np.any([padded[2 + r :, 1 + c :][:height, :width] for r, c in offsets], axis=0)


class Scale(keras.layers.Layer):
    """Blocks, then the smaller scales, then blocks that also read the outputs of the first blocks.

    Input and output: a pair of whole and grouped features, (N, H, W, h) each.

    h, scales, blocks, dropout, classes: as in PixelCNNPP.
    grouped: `colours`, the number of groups of colours, and keras.layers.Layer's arguments.
    """

    def __init__(self, h, scales, blocks, dropout, classes, **grouped):
        super().__init__(dtype=grouped["dtype"])
        block = partial(Block, h, dropout=dropout, classes=classes, **grouped)
        self.up = [block() for _ in range(blocks)]
        self.down = [block(skips=True) for _ in range(blocks + (scales > 1))]
        self.inner = None
        if scales > 1:
            self.shrink, self.grow = Shrink(h, **grouped), Grow(h, **grouped)
            self.inner = Scale(h, scales - 1, blocks, dropout, classes, **grouped)
            for layer in (self.shrink, self.grow, self.inner):
                for conv in layer._flatten_layers():
                    if isinstance(conv, MaskedConv2D):
                        conv.spacing *= 2

    def build(self, shape):
        layers = *self.up, *self.down, *((self.shrink, self.inner, self.grow) if self.inner else ())
        for layer in layers:
            layer.build(shape)

    def call(self, streams, of_class=None, training=None):
        kept, options = [streams], {"of_class": of_class, "training": training}
        for block in self.up:
            kept.append(block(kept[-1], **options))
        if self.inner:
            smaller = self.inner(self.shrink(kept[-1]), **options)  # (N, H / 2, W / 2, h) each
            streams = self.grow(smaller, like=kept[-1])  # (N, H, W, h) each
        else:
            streams = kept.pop()
        for block, skips in zip(self.down, reversed(kept)):
            streams = block(streams, skips, **options)  # (N, H, W, h) each
        return streams


class Block(keras.layers.Layer):
    """A gated unit for each stream; the grouped stream's unit also reads the whole stream.

    Input: both streams, and if `skips` is True, both kept maps of the way down; (N, H, W, h) each.
    Arguments as in Scale.
    """

    def __init__(self, h, dropout, classes, skips=False, **grouped):
        super().__init__(dtype=grouped["dtype"])
        whole, sizes = {**grouped, "colours": 1}, {"dropout": dropout, "classes": classes}
        links = [1] * skips, [1] + [grouped["colours"]] * skips
        self.above = GatedUnit(h, (2, 3), links[0], centred=True, **sizes, **whole)
        self.row = GatedUnit(h, (2, 2), links[1], **sizes, **grouped)

    def build(self, shape):
        self.above.build(shape)
        self.row.build(shape)

    def call(self, streams, skips=(), of_class=None, training=None):
        options = {"of_class": of_class, "training": training}
        (above, row), skip_above, skip_row = streams, skips[:1], skips[1:]
        above = self.above(above, skip_above, **options)  # (N, H, W, h)
        return above, self.row(row, [above, *skip_row], **options)


class GatedUnit(keras.layers.Layer):
    """x + a * sigmoid(b), where two convolutions compute a and b from x and other features.

    Input and output (N, H, W, h); other features, a list of the same. A class adds a bias to a, b.

    h: int. kernel_size: (height, width). links: list of int, the number of groups of colours in
    each of the other features. centred: as in CausalConv2D. The others: as in Scale.
    """

    def __init__(self, h, kernel_size, links, dropout, classes, centred=False, **grouped):
        super().__init__(dtype=grouped["dtype"])
        conv = partial(CausalConv2D, kernel_size=kernel_size, centred=centred, **grouped)
        self.h, self.colours, self.classes = h, grouped["colours"], classes
        self.look, self.choose = conv(h), conv(2 * h, kernel_initializer="zeros")
        self.links = [MaskedConv2D(h, 1, **{**grouped, "colours": groups}) for groups in links]
        self.dropout = keras.layers.Dropout(dropout, dtype=grouped["dtype"])

    def build(self, shape):
        for layer in (self.look, self.choose, *self.links):
            layer.build((*shape[:-1], 2 * self.h))
        if self.classes:
            shape = self.classes, 2 * self.h
            self.class_bias = self.add_weight(shape=shape, initializer="zeros", name="class_bias")

    def call(self, x, others=(), of_class=None, training=None):
        y = self.look(concat_elu(x, self.colours))  # (N, H, W, h)
        for link, other in zip(self.links, others):
            y += link(concat_elu(other, link.colours))
        y = self.dropout(concat_elu(y, self.colours), training=training)  # (N, H, W, 2h)
        y = self.choose(y)  # (N, H, W, 2h)
        if self.classes:
            y += of_class(self.class_bias)  # (N, 1, 1, 2h)
        return x + linear_gate(y, self.colours)


class ShrinkingConv2D(CausalConv2D):
    """A CausalConv2D at every second pixel of every second row: (N, H, W, …) -> (N, H / 2, W / 2, …)."""

    step = 2


class Shrink(keras.layers.Layer):
    """Both streams at half the height and width, rounded up. Arguments as in Scale."""

    def __init__(self, h, **grouped):
        super().__init__(dtype=grouped["dtype"])
        whole = {**grouped, "colours": 1}
        self.above = ShrinkingConv2D(h, (2, 3), centred=True, **whole)
        self.row = ShrinkingConv2D(h, (2, 2), **grouped)

    def build(self, shape):
        self.above.build(shape)
        self.row.build(shape)

    def call(self, streams):
        above, row = streams
        return self.above(above), self.row(row)


class Grow(keras.layers.Layer):
    """Both streams at twice the height and width: each pixel becomes four.

    The first of the four lies on the pixel itself, so each of its colours may see only earlier
    colours. The other three come later and may see all its features. Arguments as in Scale.
    """

    def __init__(self, h, **grouped):
        super().__init__(dtype=grouped["dtype"])
        whole = {**grouped, "colours": 1}
        self.above = MaskedConv2D(4 * h, 1, **whole)
        self.first, self.later = MaskedConv2D(h, 1, **grouped), MaskedConv2D(3 * h, 1, **whole)

    def build(self, shape):
        for layer in (self.above, self.first, self.later):
            layer.build(shape)

    def call(self, streams, like):
        """like: both streams at the target size; what is beyond an odd side is cut off."""
        above, row = streams
        row = ops.concatenate([self.first(row), self.later(row)], axis=-1)  # (N, H, W, 4h)
        return [four(x, *ops.shape(like[0])[1:3]) for x in (self.above(above), row)]


def four(x, height, width):
    """Put the features of four pixels in a square: (N, H, W, 4h) -> (N, height, width, h)."""
    count, rows, columns, features = ops.shape(x)
    x = ops.reshape(x, (count, rows, columns, 2, 2, features // 4))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # (N, H, 2, W, 2, h)
    x = ops.reshape(x, (count, 2 * rows, 2 * columns, features // 4))
    return ops.slice(x, (0, 0, 0, 0), (count, height, width, features // 4))
