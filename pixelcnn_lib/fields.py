"""What a network can see: its `forward` (see operations), followed with sets in place of numbers.

A feature has the set of what it can depend on. All arithmetic joins sets, and a convolution joins
those of its taps. What looks at other pixels in its own way has a method sees(run, x, …).
"""

from functools import reduce

import keras
import numpy as np

from pixelcnn_lib.arguments import short
from pixelcnn_lib.layers import is_convolution
from pixelcnn_lib.operations import written_over


class Joined:
    """What features depend on. A subclass has join, through, moved, and whole."""

    def joined(self, other):
        """Join with another set; a number depends on nothing."""
        return self.join(other) if isinstance(other, Joined) else self

    def __neg__(self):
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = joined
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = joined


class Seen(Joined):
    """Which values of the image the features of each pixel can depend on.

    values: bool (H, W, groups, sources); one group stands for whole features.
    """

    def __init__(self, values):
        self.values = values

    def join(self, other):
        return Seen(self.values | other.values)

    def whole(self):
        """What all groups of each pixel see."""
        return Seen(self.values.any(axis=2, keepdims=True))

    def moved(self, down, right):
        """For each pixel, what the pixel at an offset from it sees; outside, there is nothing."""
        height, width, *_ = self.values.shape
        after, before = np.maximum((down, right), 0), np.maximum((-down, -right), 0)
        padded = np.pad(self.values, [*zip(before, after), (0, 0), (0, 0)])
        return Seen(padded[after[0] :, after[1] :][:height, :width])

    def through(self, layer):
        """What the outputs of a masked convolution see."""
        _, _, c_in, c_out = layer.pattern.shape
        patterns = layer.pattern.reshape(-1, c_in, c_out)  # of each tap
        read, seen = self.whole().values, []
        if c_in > 1:  # each group is read by itself, and whole features by all groups
            height, width, _, sources = self.values.shape
            read = np.broadcast_to(self.values, (height, width, c_in, sources))
        for offset, pattern in zip(layer.offsets, patterns):
            fed = [read[:, :, source].any(axis=2) for source in pattern.T]
            seen.append(Seen(np.stack(fed, axis=2)).moved(*offset))
        return Seen(reduce(Seen.join, seen).values[:: layer.step, :: layer.step])

    def grown(self, like, first=None):
        """Each pixel four times, in a square, cut to the size of `like`; the first sees `first`."""
        height, width, *_ = like.values.shape
        values = self.values.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]
        if first:
            values = values.repeat(first.values.shape[2], axis=2)
            values[::2, ::2] = first.values
        return Seen(values)

    def flipped(self):
        """The mirrored image's."""
        return Seen(self.values[:, ::-1])

    def carried(self, offsets):
        """What states see that read the finished states at some offsets (row, col)."""
        values = self.values.copy()
        _, width, *_ = values.shape
        for row, col in np.ndindex(values.shape[:2]):
            for down, right in offsets:
                if row + down >= 0 and 0 <= col + right < width:
                    values[row, col] |= values[row + down, col + right].any(axis=0)
        return Seen(values)

    def before(self):
        """What all earlier pixels see together."""
        height, width, _, sources = self.values.shape
        seen = self.whole().values.reshape(-1, sources)
        seen = np.logical_or.accumulate(np.pad(seen[:-1], ((1, 0), (0, 0))))
        return Seen(seen.reshape(height, width, 1, sources))


class Extent(Joined):
    """How far features see. What sees without a limit calls a method that this class lacks.

    rows: int, at most how many rows up. columns: int, at most how many to either side.
    """

    def __init__(self, rows=0, columns=0):
        self.rows, self.columns = rows, columns

    def join(self, other):
        return Extent(max(self.rows, other.rows), max(self.columns, other.columns))

    def whole(self):
        return self

    def moved(self, down, right):
        return Extent(self.rows + abs(down), self.columns + abs(right))

    def through(self, layer):
        return reduce(Extent.join, [self.moved(*offset) for offset in layer.offsets])


class Reach(Joined):
    """How many columns to the right features see in the row above; see `reach`.

    columns: int.
    """

    def __init__(self, columns=0):
        self.columns = columns

    def join(self, other):
        return Reach(max(self.columns, other.columns))

    def carried(self, offsets):
        return Reach(max([self.columns, *(right for down, right in offsets if down)]))

    def through(self, layer):
        return self.carried(layer.offsets)


class NotFollowed(ValueError):
    """Part of a model does not say what it sees."""


class Fields:
    """Runs layers on what their inputs depend on, Joined; see operations."""

    def __call__(self, layer, *x):
        """Raises NotFollowed for a layer that does not say what it sees."""
        try:
            if hasattr(layer, "sees") and not written_over(layer, "sees"):
                return layer.sees(self, *x)
            if hasattr(layer, "forward") and not written_over(layer, "forward") & {"call", "sees"}:
                return layer.forward(self, *x)
            if type(layer) is keras.layers.Dropout:
                return x[0]
            if is_convolution(layer):
                return x[0].through(layer)
            why = ""
        except NotFollowed:
            raise
        except Exception as error:  # such as those of the backend
            why = f" ({short(error)})"
        raise NotFollowed(
            f"{type(layer).__name__} does not say what it sees{why}. Give it a method forward(run, x), "
            "see operations.py, or measure with leaks.influence."
        )

    def relu(self, x):
        return x

    elu = sigmoid = tanh = norm = concat_elu = rounded = relu

    def gate(self, x, linear=False):
        return x

    def concatenate(self, features):
        return sum(features)

    def weight(self, weight):
        return 1

    def of_class(self, bias):
        return 0

    def whole(self, function, *x):
        return function(self, *(one.whole() if isinstance(one, Joined) else one for one in x))

    link = whole

    def shift_down(self, x):
        return x.moved(-1, 0)


def field(model, shape):
    """Compute which values each value of an image can see.

    model: a model of the family.
    shape: (H, W, colours) of the image.
    Returns bool (targets, sources), H * W * colours each, numbered as in leaks.
    Raises NotFollowed, a ValueError, if a layer does not say what it sees.
    """
    count, share = int(np.prod(shape)), model.colours // model.groups  # colours of a group
    values = np.eye(count, dtype=bool).reshape(*shape[:2], model.groups, share, count)
    seen = follow(model, Seen(values.any(axis=3)))
    seen = seen.values.repeat(share, axis=2).reshape(count, count)
    group = np.arange(count) // share
    earlier = np.tri(count, k=-1, dtype=bool) & (group[:, None] == group)  # in the same group
    return seen | earlier


def margin(model):
    """Compute how far a model's predictions see: (rows, columns).

    model: a model of the family.
    Returns None if there is no limit, or if it is not known: a pixel layer may do anything.
    """
    try:
        seen = follow(model, Extent())
    except NotFollowed:
        return None
    return seen.rows, seen.columns


def reach(model):
    """Compute how many columns to the right must be drawn in the row above before a pixel can be.

    model: a model of the family.
    Returns None if the whole row above must be drawn, or if it is not known what a layer sees.
    """
    try:
        return follow(model, Reach()).columns
    except NotFollowed:
        return None


def follow(model, x):
    """Return what the features that a model's head reads depend on, if the image is x: Joined."""
    check_scale(model)
    run = Fields()
    return model.features(run, run(model, x))


def check_scale(model):
    """Raise NotFollowed if a model's `scale` mixes values: if another one changes with a value.

    It is tried on images of 2x2 pixels, one with random values, and one for each value changed.
    """
    count = 4 * model.colours
    base = np.random.default_rng(0).integers(1, model.levels, count)
    images = np.where(np.eye(count + 1, count, -1), 0, base).astype(model.variable_dtype)
    scaled = keras.ops.convert_to_numpy(model.scale(images.reshape(-1, 2, 2, model.colours)))
    scaled = scaled.reshape(count + 1, count)
    moved = np.abs(scaled[1:] - scaled[0]) > 1e-5 * np.abs(scaled[0]).max()
    if moved[~np.eye(count, dtype=bool)].any():
        raise NotFollowed(
            f"{type(model).__name__}.scale makes a value depend on others. It may scale each value "
            "only by itself."
        )
