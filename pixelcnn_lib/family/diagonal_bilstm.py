"""Diagonal BiLSTM: two LSTMs that run along the image's diagonals and see the whole past."""

import keras
from keras import ops

from pixelcnn_lib.faces import SIZES
from pixelcnn_lib.family.lstm import CachedRight, CachedStates, RecurrentLayer, by_step, scan
from pixelcnn_lib.family.row_lstm import PixelRNN
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.operations import shift_down


def skew(x):
    """Move each row one column farther to the right than the row above it.

    (N, H, W, F) -> (N, H, W + H - 1, F): a diagonal of the image becomes a column, and the new
    places are zero. Each row is padded with H zeros, all rows are joined into one long row, and
    this is cut into rows that are one column shorter. So each row begins one column later.
    Source: van den Oord et al. (2016a), figure 3.
    """
    count, height, width, features = ops.shape(x)
    x = ops.pad(x, ((0, 0), (0, 0), (0, height), (0, 0)))  # (N, H, W + H, F)
    x = ops.reshape(x, (count, height * (width + height), features))
    x = ops.slice(x, (0, 0, 0), (count, height * (width + height - 1), features))
    return ops.reshape(x, (count, height, width + height - 1, features))


def unskew(x):
    """Undo skew: (N, H, W + H - 1, F) -> (N, H, W, F)."""
    count, height, steps, features = ops.shape(x)
    x = ops.reshape(x, (count, height * steps, features))
    x = ops.pad(x, ((0, 0), (0, height), (0, 0)))
    x = ops.reshape(x, (count, height, steps + 1, features))
    return ops.slice(x, (0, 0, 0, 0), (count, height, steps + 1 - height, features))


@keras.saving.register_keras_serializable("pixelcnn")
class DiagonalBiLSTMLayer(RecurrentLayer):
    """Two LSTMs that read the image by diagonals, one from the left and one from the right.

    The LSTM from the left reads the hidden states of the pixel above and of the pixel to the left,
    and continues the cell state of the pixel to the left. In the skewed map, both pixels are in the
    previous column, so one step computes a whole diagonal. The LSTM from the right does the same in
    the mirrored image. Its state also depends on pixels to the right, so its map is shifted down by
    one row before the two maps are added. Both input-to-state convolutions are 1x1. Arguments,
    input and output: see RecurrentLayer.
    Source: van den Oord et al. (2016a), section 3.2.
    """

    directions = 2
    offsets = [(-1, 0), (0, -1)]

    def call(self, x):
        left, right = (layer(x) for layer in self.input_to_state)  # (N, H, W, 4h) each
        maps = [skew(left), skew(ops.flip(right, axis=2))]  # (N, H, W + H - 1, 4h) each
        gates = ops.stack([by_step(one, 2, self.colours) for one in maps], axis=1)
        hidden = scan(self.state_to_state, gates)  # (W + H - 1, 2, N, H, h)
        hidden = ops.transpose(hidden, (1, 2, 3, 0, 4))  # (2, N, H, W + H - 1, h)
        left, right = ops.unstack(hidden)  # (N, H, W + H - 1, h) each
        left, right = unskew(left), ops.flip(unskew(right), axis=2)  # (N, H, W, h) each
        return x + self.widen(left + shift_down(right))  # (N, H, W, 2h)

    def state_to_state(self, hidden):
        """Return what the hidden states add to the next gates: (2, N, H, h) -> (2, N, H, 4h)."""
        above = shift_down(hidden, axis=2)  # (2, N, H, h)
        both = ops.concatenate([above, hidden], axis=-1)  # (2, N, H, 2h)
        both = ops.reshape(both, (2, -1, 2 * self.h))
        gates = ops.matmul(both, ops.reshape(self.kernel, (2, 2 * self.h, 4 * self.h)))
        return ops.reshape(gates, (*ops.shape(hidden)[:3], 4 * self.h))

    def cached(self, cache):
        """Return the layer's step for one pixel and one group; see caching.Cache."""
        left, right = self.input_to_state
        from_left, from_right = CachedStates(self, cache), CachedRight(self, cache)

        def step(x):
            states = from_left(cache(left, x)) + from_right(cache(right, x))
            return x + cache(self.widen, states)

        return step

    def sees(self, run, x):
        """Return what its output sees; see fields."""
        left, right = (run(layer, x) for layer in self.input_to_state)
        right = right.flipped().carried(self.offsets).flipped()
        return x + run(self.widen, left.carried(self.offsets) + run.shift_down(right))


@keras.saving.register_keras_serializable("pixelcnn")
class DiagonalBiLSTM(PixelRNN):
    """The PixelRNN with Diagonal BiLSTM layers: it sees the whole past except one value per row.

    The last value of the row above is hidden: within its own row, a value reaches a layer's features
    only through the next pixel, and the last pixel has no next pixel. The first layer shows this
    value to the last four columns of the row below, and so to all rows below that one. This follows
    the paper, whose recurrent layers read only features, not the image. With a head that ties the
    colours, all values of that last pixel are hidden.
    Source: van den Oord et al. (2016a), section 3.2 and figure 4.
    """

    presets = {
        "diagonal-bilstm": dict(
            filters_per_colour=12, blocks=2, head_per_colour=30, head=TiedMixtureHead
        ),
        "faces": dict(filters_per_colour=36, blocks=2, head_per_colour=64, **SIZES),
        # binarised MNIST, the paper's sizes
        "mnist": dict(filters_per_colour=16, blocks=7, head_per_colour=32, levels=2, colours=1),
    }
    shipped = {"mnist": ("mnist", {}, 28)}
    prefix = "diagonal-bilstm-"

    def __init__(self, *sizes, pixel_layer=DiagonalBiLSTMLayer, **others):
        super().__init__(*sizes, pixel_layer=pixel_layer, **others)
