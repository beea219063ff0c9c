"""Row LSTM: an LSTM that runs down the image row by row, with all columns of a row at once."""

import keras
from keras import ops

from pixelcnn_lib.arguments import whole_number
from pixelcnn_lib.faces import SIZES
from pixelcnn_lib.family.lstm import CachedStates, RecurrentLayer, by_step, scan
from pixelcnn_lib.family.pixelcnn import PixelCNN
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import CausalConv2D


@keras.saving.register_keras_serializable("pixelcnn")
class RowLSTMLayer(RecurrentLayer):
    """An LSTM that reads the image row by row, from the first to the last.

    The input-to-state convolution reads the pixel and the pixel to its left: in the paper it is
    1x3, with the right tap masked; here that tap is left out. The state-to-state convolution, 1x3,
    reads the three nearest states of the row above. Both outputs are added to give the gates.
    Arguments, input and output: see RecurrentLayer.
    Source: van den Oord et al. (2016a), section 3.1.
    """

    convolution = CausalConv2D, (1, 2)
    offsets = [(-1, -1), (-1, 0), (-1, 1)]

    def call(self, x):
        gates = by_step(self.input_to_state[0](x), 1, self.colours)  # (H, N, W, 4h)
        hidden = scan(self.state_to_state, gates)  # (H, N, W, h)
        return x + self.widen(ops.transpose(hidden, (1, 0, 2, 3)))  # (N, H, W, 2h)

    def state_to_state(self, hidden):
        """Return what a row's hidden states add to the next gates: (N, W, h) -> (N, W, 4h)."""
        return ops.conv(hidden, self.kernel[0], padding="same", data_format="channels_last")

    def cached(self, cache):
        """Return the layer's step for one pixel and one group; see caching.Cache."""
        states = CachedStates(self, cache)
        return lambda x: x + cache(self.widen, states(cache(self.input_to_state[0], x)))

    def sees(self, run, x):
        """Return what its output sees; see fields."""
        return x + run(self.widen, run(self.input_to_state[0], x).carried(self.offsets))


class PixelRNN(PixelCNN):
    """PixelCNN with recurrent layers instead of residual blocks, and the same skip connections.

    Arguments as for PixelCNN. `blocks` is at least 1.
    """

    shipped = {}

    def __init__(self, filters_per_colour, blocks, head_per_colour, **others):
        whole_number("blocks", blocks, 1, 1000)
        super().__init__(filters_per_colour, blocks, head_per_colour, **others)


@keras.saving.register_keras_serializable("pixelcnn")
class RowLSTM(PixelRNN):
    """The PixelRNN with Row LSTM layers: it sees a triangle of the past.

    In the row above, a prediction sees as far to the right as the first layer looks. In each row
    above that, it sees one column more. To the left it also sees one column more for each layer.
    Pixels to the right of the triangle stay hidden, however many layers there are.
    Source: van den Oord et al. (2016a), section 3.1 and figure 4.
    """

    presets = {
        "row-lstm": dict(filters_per_colour=13, blocks=2, head_per_colour=24, head=TiedMixtureHead),
        "faces": dict(filters_per_colour=36, blocks=2, head_per_colour=64, **SIZES),
        # binarised MNIST; the paper names no sizes for this network
        "mnist": dict(filters_per_colour=32, blocks=7, head_per_colour=32, levels=2, colours=1),
    }
    shipped = {"mnist": ("mnist", {}, 28)}
    prefix = "row-lstm-"

    def __init__(self, *sizes, pixel_layer=RowLSTMLayer, **others):
        super().__init__(*sizes, pixel_layer=pixel_layer, **others)
