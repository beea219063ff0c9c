"""The cached steps of PixelCNN++: the whole stream row by row, the grouped one pixel by pixel.

When a row begins, the rows above it are finished, so the row's whole features are computed for all
columns at once. A smaller scale has a row for every second row of the larger scale, and a pixel for
every second pixel of such a row; its convolutions have twins that follow its own schedule.
"""

import numpy as np
from keras import ops

from pixelcnn_lib.caching import Cache, CachedConvolution, Schedule
from pixelcnn_lib.family.gates import cached_concat_elu, cached_linear_gate
from pixelcnn_lib.family.streams import need_finished_rows


class Row:
    """Stores the features of one row's pixels, (features, columns, N).

    cache: Cache, which gets this row as a memory. features: int. columns: int, or None for the
    schedule's delay, which leaves room for what is stored in the pause between two rows.
    """

    def __init__(self, cache, features, columns=None):
        self.xp = cache.xp
        columns = columns or cache.schedule.delay
        self.kept = self.xp.zeros((features, columns, cache.count), cache.dtype)
        cache.memories.append(self)

    def look(self, col):
        """Return the features of one column, (features, N)."""
        return self.xp.take(self.kept, col, axis=1)

    def keep(self, col, x):
        """Store the features of one column, (features, N)."""
        if self.xp is np:
            self.kept[:, col] = x
        else:
            self.kept = ops.slice_update(self.kept, (0, col, 0), x[:, None])


class RowConvolution:
    """A convolution of whole features along a finished row; it stores the row above if needed.

    layer: a built MaskedConv2D or CausalConv2D with colours=1, at most two rows high.
    """

    def __init__(self, layer, cache):
        self.xp, self.step = cache.xp, getattr(layer, "step", 1)
        self.height, self.taps, features, filters = layer.kernel.shape
        kernel = ops.transpose(ops.reshape(layer.masked(layer.kernel), (-1, filters)))
        self.kernel = cache.array(kernel)  # (out, taps * in)
        self.bias = cache.array(layer.bias)[:, None]  # (out, 1)
        if self.height > 1:
            self.above = Row(cache, features, cache.schedule.width)

    def __call__(self, x):
        """Return the output for a row: (in, W, N) -> (out, W, N), or only every n-th column."""
        seen, side = [], self.taps // 2
        for row in [self.above.kept, x] if self.height > 1 else [x]:
            padded = self.xp.pad(row, ((0, 0), (side, side), (0, 0)))  # (in, W + 2 * side, N)
            for tap in range(self.taps):
                seen.append(padded[:, tap : tap + x.shape[1] : self.step])
        seen = self.xp.concatenate(seen)  # (taps * in, W, N)
        flat = self.xp.reshape(seen, (seen.shape[0], -1))
        y = self.xp.matmul(self.kernel, flat) + self.bias  # (out, W * N)
        return self.xp.reshape(y, (-1, *seen.shape[1:]))

    def keep(self, x):
        """Store a row's input for the next row."""
        self.above.kept = x


class CachedTrunk:
    """The trunk's step at one pixel, group by group; see caching.Cache."""

    def __init__(self, model, cache):
        need_finished_rows(cache.schedule)
        self.xp, self.split, self.schedule = cache.xp, cache.split, cache.schedule
        self.cache = cache
        self.image, self.besides = Row(cache, model.colours), Row(cache, model.h)
        self.above, self.beside = (
            RowConvolution(one, cache) for one in (model.above, model.beside)
        )
        self.row = cache(model.row)
        self.scales = CachedScale(model.scales, cache)
        self.take = self.row.take
        cache.add(self)

    def start(self, time):
        row, self.col = time // self.schedule.delay, time % self.schedule.delay
        when(self.col == 0, lambda: self.begin(row), self.cache)
        self.scales.start(row, self.col)
        self.beside_row = self.split(self.besides.look(self.scales.col))

    def begin(self, row):
        """Compute the whole features of a row; the image's row above it is finished."""
        x = self.image.kept[:, : self.schedule.width]  # (colours, W, N)
        above, beside = self.above(x), self.beside(x)  # (h, W, N) each
        self.above.keep(self.xp.array(x))  # a copy, because the row is overwritten
        self.besides.kept = self.xp.where(row > 0, beside, 0)  # zero above the first row
        self.scales.begin(row, self.xp.where(row > 0, above, 0))

    def __call__(self, group):
        return self.scales(self.row.output() + self.beside_row[group])

    def keep(self, time):
        self.image.keep(self.col, self.xp.concatenate(self.row.inputs))
        self.scales.keep()


class CachedScale:
    """The steps of a scale and of the smaller scales inside it.

    scale: scales.Scale. cache: Cache, whose schedule orders this scale's pixels.
    """

    def __init__(self, scale, cache):
        self.cache, self.xp, self.inner = cache, cache.xp, None
        self.up = [CachedBlock(block, cache) for block in scale.up]
        self.down = [CachedBlock(block, cache) for block in scale.down]
        if scale.inner:
            self.shrink_above = RowConvolution(scale.shrink.above, cache)
            self.shrink = CachedConvolution(scale.shrink.row, cache)
            height, width = (
                -(-side // 2) for side in (cache.schedule.height, cache.schedule.width)
            )
            schedule = Schedule(height, width, width)
            self.smaller = Cache(cache.model, schedule, cache.count, self.xp, cache.labels)
            self.inner = CachedScale(scale.inner, self.smaller)
            self.grow = CachedGrow(scale.grow, self.smaller)
            cache.memories.extend(self.smaller.memories)

    def begin(self, row, above):
        """Compute the scale's whole output for a row from its whole input, (h, W, N)."""
        kept = [above]
        for block in self.up:
            kept.append(block.begin(kept[-1]))
        if self.inner:
            x = kept[-1]
            when(row % 2 == 0, lambda: self.begin_inner(row // 2, x), self.smaller)
            self.shrink_above.keep(x)
            above = self.grow.row(row % 2)[:, : x.shape[1]]  # (h, W, N)
        else:
            above = kept.pop()
        for block, skip in zip(self.down, reversed(kept)):
            above = block.begin(above, skip)  # (h, W, N)
        return above

    def begin_inner(self, row, above):
        self.grow.above.kept = self.inner.begin(row, self.shrink_above(above))

    def start(self, row, col):
        """Begin a pixel. After the end of a row, repeat the last pixel; the smaller scale stops."""
        width = self.cache.schedule.width
        self.row, self.col, self.inputs = row, self.xp.minimum(col, width - 1), []
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
            when(self.first, self.run_inner, self.smaller)
            place = self.row % 2 * 2 + self.col % 2
            x = self.cache.split(self.grow.look(self.col // 2, place))[len(self.inputs) - 1]
        else:
            x = kept.pop()
        for block, skip in zip(self.down, reversed(kept)):
            x = block(x, skip)  # (h / groups, N)
        return x

    def run_inner(self):
        """Run the smaller scale again for all groups so far, so it needs no state between calls."""
        twins = self.smaller.twins
        self.shrink.start(self.time)
        self.inner.start(self.row // 2, self.col // 2)
        for twin in twins:
            twin.start(self.inner.time)
        outputs = []
        for x in self.inputs:
            self.shrink.take(x)
            outputs.append(self.inner(self.shrink.output()))
        self.grow.keep(self.col // 2, outputs)
        if len(outputs) == self.cache.model.groups:
            self.inner.keep()
            for twin in twins:
                twin.keep(self.inner.time)

    def keep(self):
        if self.inner:
            self.shrink.memory.keep(self.time, self.xp.concatenate(self.inputs))


class CachedBlock:
    """The steps of a Block: the whole stream along a row, the grouped stream at a pixel."""

    def __init__(self, block, cache):
        self.xp, self.split = cache.xp, cache.split
        above, row = block.above, block.row
        self.look_above, self.choose_above, self.link, *self.skip_above = (
            RowConvolution(one, cache)
            for one in (above.look, above.choose, row.links[0], *above.links)
        )
        self.look, self.choose, *self.skip = (
            cache(one) for one in (row.look, row.choose, *row.links[1:])
        )
        self.links = Row(cache, row.h, cache.schedule.width)
        self.bias_above, self.biases = 0, cache.model.groups * [0]
        if row.classes:
            self.bias_above = cache.of_class(above.class_bias)[:, None]  # (2h, 1, N)
            self.biases = self.split(cache.of_class(row.class_bias))  # (2h / groups, N) each

    def begin(self, x, *skip):
        """Compute the whole stream along a row: (h, W, N) -> (h, W, N)."""
        seen = cached_concat_elu(x, self.xp)  # (2h, W, N)
        y = self.look_above(seen)  # (h, W, N)
        self.look_above.keep(seen)
        for link, other in zip(self.skip_above, skip):
            y = y + link(cached_concat_elu(other, self.xp))
        seen = cached_concat_elu(y, self.xp)  # (2h, W, N)
        y = self.choose_above(seen) + self.bias_above  # (2h, W, N)
        self.choose_above.keep(seen)
        x = x + cached_linear_gate(y, self.xp)
        self.links.kept = self.link(cached_concat_elu(x, self.xp))  # (h, W, N)
        return x

    def start(self, col):
        self.shares = list(zip(self.split(self.links.look(col)), self.biases))

    def __call__(self, x, *skip):
        """Compute the next group of the grouped stream at a pixel: x is (h / groups, N)."""
        link, bias = self.shares.pop(0)
        y = self.look(cached_concat_elu(x, self.xp)) + link  # (h / groups, N)
        for one, other in zip(self.skip, skip):
            y = y + one(cached_concat_elu(other, self.xp))
        y = self.choose(cached_concat_elu(y, self.xp)) + bias  # (2h / groups, N)
        return x + cached_linear_gate(y, self.xp)


class CachedGrow:
    """The steps of Grow: the whole stream along a row, the grouped stream at a pixel.

    layer: scales.Grow. cache: Cache of the smaller scale.
    """

    def __init__(self, layer, cache):
        self.xp, self.h, width = cache.xp, layer.first.filters, cache.schedule.width
        self.grow_above, self.later = (
            RowConvolution(one, cache) for one in (layer.above, layer.later)
        )
        self.first = cache(layer.first)
        self.above, self.pixels = Row(cache, self.h, width), Row(cache, 4 * self.h, width)

    def row(self, place):
        """Return one of the two rows that a smaller row becomes, (h, 2W, N); place: 0 or 1."""
        x = self.grow_above(self.above.kept)  # (4h, W, N)
        _, width, count = x.shape
        x = self.xp.take(self.xp.reshape(x, (2, 2, -1, width, count)), place, axis=0)
        return self.xp.reshape(self.xp.transpose(x, (1, 2, 0, 3)), (-1, 2 * width, count))

    def keep(self, col, groups):
        """Store the four pixels of a smaller one, from its groups so far, (h / groups, N) each."""
        x = self.xp.concatenate(groups)
        rest = self.xp.zeros((self.h - x.shape[0], x.shape[1]), x.dtype)  # groups yet to come
        first = [self.first(group) for group in groups]
        later = self.later(self.xp.concatenate([x, rest])[:, None])[:, 0]  # (3h, N)
        self.pixels.keep(col, self.xp.concatenate([*first, rest, later]))

    def look(self, col, place):
        """Return one of the four pixels that a smaller one becomes, (h, N); place: 0 to 3."""
        four = self.pixels.look(col)  # (4h, N)
        return self.xp.take(self.xp.reshape(four, (4, -1, four.shape[1])), place, axis=0)


def when(condition, run, cache):
    """Run a function that changes the memories of a cache, but only if a condition holds.

    Compiled, this is a loop with one turn or none: for ops.cond, XLA copies all that a branch may
    change.

    condition: bool, or a tensor in a compiled loop. run: function without arguments; only the
    cache's memories may store what it computes. cache: Cache.
    """
    if cache.xp is np:
        if condition:
            run()
        return

    def turn(number, kept):
        for memory, one in zip(cache.memories, kept):
            memory.kept = one
        run()
        return [memory.kept for memory in cache.memories]

    before = [memory.kept for memory in cache.memories]
    after = ops.fori_loop(0, ops.cast(condition, "int32"), turn, before)
    for memory, kept in zip(cache.memories, after):
        memory.kept = kept
