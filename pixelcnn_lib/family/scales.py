"""The layers of PixelCNN++: gated blocks of two streams, on maps that shrink and then grow again."""

from functools import partial

import keras
from keras import ops

from pixelcnn_lib.family.gates import concat_elu, linear_gate
from pixelcnn_lib.layers import CausalConv2D, MaskedConv2D


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
