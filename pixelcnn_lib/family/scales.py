"""The layers of PixelCNN++: gated blocks of two streams, on maps that shrink and then grow again."""

from functools import partial

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Cache, Schedule
from pixelcnn_lib.family.streams import Rows
from pixelcnn_lib.layers import Block, CausalConv2D, MaskedConv2D


class Scale(Block):
    """Blocks, then the smaller scales, then blocks that also read the outputs of the first blocks.

    Input and output: whole and grouped features, (N, H, W, h) each.

    h, scales, blocks, classes: as in PixelCNNPP.
    grouped: `colours`, the number of groups of colours, and keras.layers.Layer's arguments.
    """

    def __init__(self, h, scales, blocks, classes, **grouped):
        super().__init__(**grouped)
        block = partial(GatedBlock, h, classes=classes, **grouped)
        self.up = [block() for _ in range(blocks)]
        self.down = [block(skips=True) for _ in range(blocks + (scales > 1))]
        self.inner = Half(h, scales - 1, blocks, classes, **grouped) if scales > 1 else None

    def build(self, shape):
        for layer in (*self.up, *self.down, *([self.inner] if self.inner else [])):
            layer.build(shape)

    def forward(self, run, above, row):
        kept = [(above, row)]
        for block in self.up:
            kept.append(run(block, *kept[-1]))
        above, row = run(self.inner, *kept[-1]) if self.inner else kept.pop()
        for block, skips in zip(self.down, reversed(kept)):
            above, row = run(block, above, row, *skips)
        return above, row  # (N, H, W, h) each


class GatedBlock(Block):
    """A gated unit for each stream; the grouped stream's unit also reads the whole stream.

    Input and output: whole and grouped features, (N, H, W, h) each.

    skips: bool, whether it also reads both maps that were kept on the way down.
    The other arguments: as in Scale.
    """

    def __init__(self, h, classes, skips=False, **grouped):
        super().__init__(**grouped)
        whole = {**grouped, "colours": 1}
        self.above = GatedUnit(h, (2, 3), classes, skips, centred=True, **whole)
        self.link = MaskedConv2D(h, 1, **whole)
        self.row = GatedUnit(h, (2, 2), classes, skips, **grouped)

    def build(self, shape):
        self.above.build(shape)
        self.link.build((*shape[:-1], 2 * shape[-1]))
        self.row.build(shape)

    def forward(self, run, above, row, skip_above=None, skip_row=None):
        above = run.whole(self.above.forward, above, skip_above)  # (N, H, W, h)
        row = run(self.row, row, skip_row, run.link(self.share, above))  # (N, H, W, h)
        return above, row

    def share(self, run, above):
        """Return what the whole stream adds to the grouped one, (N, H, W, h)."""
        return run(self.link, run.concat_elu(above))


class GatedUnit(Block):
    """x + a * sigmoid(b), where two convolutions compute a and b from x and other features.

    Input and output (N, H, W, h). A class of images adds a bias to a and b.

    h: int. kernel_size: (height, width). centred: as in CausalConv2D. The others: as in GatedBlock.
    """

    def __init__(self, h, kernel_size, classes, skips, centred=False, **grouped):
        super().__init__(**grouped)
        conv = partial(CausalConv2D, kernel_size=kernel_size, centred=centred, **grouped)
        self.h, self.classes = h, classes
        self.look, self.choose = conv(h), conv(2 * h, kernel_initializer="zeros")
        self.skip = MaskedConv2D(h, 1, **grouped) if skips else None

    def build(self, shape):
        for layer in (self.look, self.choose, *([self.skip] if self.skip else [])):
            layer.build((*shape[:-1], 2 * self.h))
        if self.classes:
            shape = self.classes, 2 * self.h
            self.class_bias = self.add_weight(shape=shape, initializer="zeros", name="class_bias")

    def forward(self, run, x, skip=None, share=0):
        """x, skip: features; share: what the other stream adds between the convolutions."""
        y = run(self.look, run.concat_elu(x)) + share  # (N, H, W, h)
        if self.skip:
            y = y + run(self.skip, run.concat_elu(skip))  # (N, H, W, h)
        y = run(self.choose, run.concat_elu(y))  # (N, H, W, 2h)
        if self.classes:
            y = y + run.of_class(self.class_bias)  # (N, H, W, 2h)
        return x + run.gate(y, linear=True)  # (N, H, W, h)


class ShrinkingConv2D(CausalConv2D):
    """A CausalConv2D at every second pixel of every second row: (N, H, W, …) -> (N, H / 2, W / 2, …)."""

    step = 2


class Half(Block):
    """A scale of half the height and width, rounded up; then each of its pixels becomes four.

    The first of the four lies on the pixel itself, so each of its colours may see only earlier
    colours. The other three come later and may see all its features.

    Input and output: whole and grouped features, (N, H, W, h) each. Arguments: as in Scale.
    """

    def __init__(self, h, scales, blocks, classes, **grouped):
        super().__init__(**grouped)
        whole = {**grouped, "colours": 1}
        self.shrink_above = ShrinkingConv2D(h, (2, 3), centred=True, **whole)
        self.shrink = ShrinkingConv2D(h, (2, 2), **grouped)
        self.scale = Scale(h, scales, blocks, classes, **grouped)
        self.grow_above = MaskedConv2D(4 * h, 1, **whole)
        self.first, self.later = MaskedConv2D(h, 1, **grouped), MaskedConv2D(3 * h, 1, **whole)

    def build(self, shape):
        layers = self.shrink_above, self.shrink, self.scale, self.grow_above, self.first, self.later
        for layer in layers:
            layer.build(shape)

    def forward(self, run, above, row):
        _, height, width, _ = ops.shape(above)
        above, row = self.shrink_above(above), self.shrink(row)  # (N, H / 2, W / 2, h) each
        above, row = run(self.scale, above, row)  # (N, H / 2, W / 2, h) each
        row = ops.concatenate([self.first(row), self.later(row)], axis=-1)
        return [four(x, height, width) for x in (self.grow_above(above), row)]

    def cached(self, cache):
        return cache.add(CachedHalf(self, cache))

    def sees(self, run, above, row):
        """Return what its outputs see; see fields.

        No Extent: a crop would have to be aligned with the smaller map.
        """
        like = row
        above, row = run(self.shrink_above, above), run(self.shrink, row)
        above, row = run(self.scale, above, row)
        above = run(self.grow_above, above).grown(like)
        return above, run(self.later, row).grown(like, first=run(self.first, row))


class CachedHalf:
    """A Half at one pixel; the smaller scale runs only at the first of every four pixels.

    half: Half. cache: Cache, whose schedule orders the pixels of the larger scale.
    """

    def __init__(self, half, cache):
        self.half, self.cache = half, cache
        self.width = cache.schedule.width
        size = -(-cache.schedule.height // 2), -(-self.width // 2)
        self.smaller = Cache(cache.model, Schedule(*size, size[1]), cache.count, cache.labels)
        self.smaller.rows = self.smaller.add(Rows(self.smaller))
        self.grow = cache.step(half.later)
        self.later = np.zeros((half.later.filters, size[1], cache.count), cache.dtype)

    def start(self, time):
        row, col = divmod(time, self.width)
        self.col, self.place = col // 2, row % 2 * 2 + col % 2
        self.first, self.outputs = self.place == 0, []
        if self.first:
            self.smaller.start(row // 2 * self.smaller.schedule.width + self.col)

    def __call__(self, above, x):
        """Take a row of whole features, (h, W, N), and the next group's, (h / groups, N)."""
        x, above = self.cache(self.half.shrink, x), self.cache.whole(self.shrink_above, above)
        if self.first:
            self.smaller.group = self.cache.group
            self.above, x = self.smaller(self.half.scale, above, x)
            self.outputs.append(x)
            x = self.cache(self.half.first, x)
        else:
            later = np.split(self.later[:, self.col], 3)[self.place - 1]  # (h, N)
            x = self.cache.split(later)[self.cache.group]
        return self.cache.whole(self.grow_above, self.above), x

    def shrink_above(self, run, above):
        """Shrink a row of whole features: (h, W, N) -> (h, W / 2, N)."""
        return run(self.half.shrink_above, above)  # (h, W / 2, N)

    def grow_above(self, run, above):
        """Return one of the two rows that a smaller row becomes: (h, W / 2, N) -> (h, W, N)."""
        x = run(self.half.grow_above, above)  # (4h, W / 2, N)
        x = np.reshape(x, (2, 2, -1, *x.shape[1:]))[self.place // 2]  # (2, h, W / 2, N)
        x = np.transpose(x, (1, 2, 0, 3))  # (h, W / 2, 2, N)
        return np.reshape(x, (len(x), -1, x.shape[3]))[:, : self.width]

    def keep(self, time):
        if self.first:
            self.smaller.keep()
            self.later[:, self.col] = self.grow(np.concatenate(self.outputs))  # (3h, N)


def four(x, height, width):
    """Put the features of four pixels in a square: (N, H, W, 4h) -> (N, height, width, h)."""
    count, rows, columns, features = ops.shape(x)
    x = ops.reshape(x, (count, rows, columns, 2, 2, features // 4))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))  # (N, H, 2, W, 2, h)
    x = ops.reshape(x, (count, 2 * rows, 2 * columns, features // 4))
    return ops.slice(x, (0, 0, 0, 0), (count, height, width, features // 4))
