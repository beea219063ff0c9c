"""The layers of PixelCNN++: gated blocks of two streams, on maps that shrink and then grow again."""

from functools import partial

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.caching import Cache, CachedConvolution, Schedule
from pixelcnn_lib.family.rows import Row, RowConvolution
from pixelcnn_lib.layers import CausalConv2D, MaskedConv2D
from pixelcnn_lib.operations import concat_elu, gate


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


class CachedScale:
    """The steps of a scale and of the smaller scales inside it.

    scale: scales.Scale. cache: Cache, whose schedule orders this scale's pixels.
    """

    def __init__(self, scale, cache):
        self.cache, self.inner = cache, None
        self.up = [CachedBlock(block, cache) for block in scale.up]
        self.down = [CachedBlock(block, cache) for block in scale.down]
        if scale.inner:
            self.shrink_above = RowConvolution(scale.shrink.above, cache)
            self.shrink = CachedConvolution(scale.shrink.row, cache)
            height, width = (
                -(-side // 2) for side in (cache.schedule.height, cache.schedule.width)
            )
            schedule = Schedule(height, width, width)
            self.smaller = Cache(cache.model, schedule, cache.count, cache.labels)
            self.inner = CachedScale(scale.inner, self.smaller)
            self.grow = CachedGrow(scale.grow, self.smaller)

    def begin(self, row, above):
        """Compute the scale's whole output for a row from its whole input, (h, W, N)."""
        kept = [above]
        for block in self.up:
            kept.append(block.begin(kept[-1]))
        if self.inner:
            x = kept[-1]
            if row % 2 == 0:
                self.grow.above.kept = self.inner.begin(row // 2, self.shrink_above(x))
            self.shrink_above.keep(x)
            above = self.grow.row(row % 2)[:, : x.shape[1]]  # (h, W, N)
        else:
            above = kept.pop()
        for block, skip in zip(self.down, reversed(kept)):
            above = block.begin(above, skip)  # (h, W, N)
        return above

    def start(self, row, col):
        """Begin a pixel. After the end of a row, repeat the last pixel; the smaller scale stops."""
        width = self.cache.schedule.width
        self.row, self.col, self.inputs = row, np.minimum(col, width - 1), []
        self.time = col + self.cache.schedule.delay * row
        self.first = (row % 2 == 0) & (col % 2 == 0) & (col < width)
        for block in self.up + self.down:
            block.start(self.col)

    def __call__(self, x):
        """Take the next group's features, (h / groups, N), and return the scale's output for it."""
        kept = [x]
        for block in self.up:
            kept.append(block(kept[-1]))
        if self.inner:
            self.inputs.append(kept[-1])
            if self.first:
                self.run_inner()
            place = self.row % 2 * 2 + self.col % 2
            x = self.cache.split(self.grow.look(self.col // 2, place))[len(self.inputs) - 1]
        else:
            x = kept.pop()
        for block, skip in zip(self.down, reversed(kept)):
            x = block(x, skip)  # (h / groups, N)
        return x

    def run_inner(self):
        """Run the smaller scale again for all groups so far, so it needs no state between calls."""
        self.shrink.start(self.time)
        self.inner.start(self.row // 2, self.col // 2)
        self.smaller.start(self.inner.time)
        outputs = [self.inner(self.shrink(x)) for x in self.inputs]
        self.grow.keep(self.col // 2, outputs)
        if len(outputs) == self.cache.model.groups:
            self.inner.keep()
            self.smaller.keep()

    def keep(self):
        if self.inner:
            self.shrink.memory.keep(self.time, np.concatenate(self.inputs))


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


class CachedBlock:
    """The steps of a Block: the whole stream along a row, the grouped stream at a pixel."""

    def __init__(self, block, cache):
        self.cache = cache
        above, row = block.above, block.row
        self.look_above, self.choose_above, self.link, *self.skip_above = (
            RowConvolution(one, cache)
            for one in (above.look, above.choose, row.links[0], *above.links)
        )
        self.look, self.choose, *self.skip = row.look, row.choose, *row.links[1:]
        self.links = Row(cache, row.h, cache.schedule.width)
        self.bias_above, self.biases = 0, cache.model.groups * [0]
        if row.classes:
            self.bias_above = cache.whole_of_class(above.class_bias)[:, None]  # (2h, 1, N)
            self.biases = cache.split(cache.whole_of_class(row.class_bias))  # (2h / groups, N) each

    def begin(self, x, *skip):
        """Compute the whole stream along a row: (h, W, N) -> (h, W, N)."""
        seen = cached_concat_elu(x)  # (2h, W, N)
        y = self.look_above(seen)  # (h, W, N)
        self.look_above.keep(seen)
        for link, other in zip(self.skip_above, skip):
            y = y + link(cached_concat_elu(other))
        seen = cached_concat_elu(y)  # (2h, W, N)
        y = self.choose_above(seen) + self.bias_above  # (2h, W, N)
        self.choose_above.keep(seen)
        x = x + self.cache.gate(y, linear=True)
        self.links.kept = self.link(cached_concat_elu(x))  # (h, W, N)
        return x

    def start(self, col):
        self.shares = list(zip(self.cache.split(self.links.look(col)), self.biases))

    def __call__(self, x, *skip):
        """Compute the next group of the grouped stream at a pixel: x is (h / groups, N)."""
        link, bias = self.shares.pop(0)
        run = self.cache
        y = run(self.look, cached_concat_elu(x)) + link  # (h / groups, N)
        for one, other in zip(self.skip, skip):
            y = y + run(one, cached_concat_elu(other))
        y = run(self.choose, cached_concat_elu(y)) + bias  # (2h / groups, N)
        return x + run.gate(y, linear=True)


def cached_concat_elu(x):
    """concat_elu in a cached step, (h, …) -> (2h, …): of x and -x, only one is negative."""
    below = np.exp(-np.abs(x)) - 1  # (h, …)
    return np.concatenate([np.where(x > 0, x, below), np.where(x > 0, below, -x)])


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
        return x + gate(y, self.colours, linear=True)


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


class CachedGrow:
    """The steps of Grow: the whole stream along a row, the grouped stream at a pixel.

    layer: scales.Grow. cache: Cache of the smaller scale.
    """

    def __init__(self, layer, cache):
        self.h, width = layer.first.filters, cache.schedule.width
        self.grow_above, self.later = (
            RowConvolution(one, cache) for one in (layer.above, layer.later)
        )
        self.cache, self.first = cache, layer.first
        self.above, self.pixels = Row(cache, self.h, width), Row(cache, 4 * self.h, width)

    def row(self, place):
        """Return one of the two rows that a smaller row becomes, (h, 2W, N); place: 0 or 1."""
        x = self.grow_above(self.above.kept)  # (4h, W, N)
        _, width, count = x.shape
        x = np.take(np.reshape(x, (2, 2, -1, width, count)), place, axis=0)
        return np.reshape(np.transpose(x, (1, 2, 0, 3)), (-1, 2 * width, count))

    def keep(self, col, groups):
        """Store the four pixels of a smaller one, from its groups so far, (h / groups, N) each."""
        x = np.concatenate(groups)
        rest = np.zeros((self.h - x.shape[0], x.shape[1]), x.dtype)  # groups yet to come
        first = [self.cache(self.first, group) for group in groups]
        later = self.later(np.concatenate([x, rest])[:, None])[:, 0]  # (3h, N)
        self.pixels.keep(col, np.concatenate([*first, rest, later]))

    def look(self, col, place):
        """Return one of the four pixels that a smaller one becomes, (h, N); place: 0 to 3."""
        four = self.pixels.look(col)  # (4h, N)
        return np.take(np.reshape(four, (4, -1, four.shape[1])), place, axis=0)


def four(x, height, width):
    """Put the features of four pixels in a square: (N, H, W, 4h) -> (N, height, width, h)."""
    count, rows, columns, features = ops.shape(x)
    x = ops.reshape(x, (count, rows, columns, 2, 2, features // 4))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # (N, H, 2, W, 2, h)
    x = ops.reshape(x, (count, 2 * rows, 2 * columns, features // 4))
    return ops.slice(x, (0, 0, 0, 0), (count, height, width, features // 4))
