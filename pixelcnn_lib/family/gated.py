"""Gated PixelCNN: two stacks instead of one mask, so that no pixel of the past stays hidden."""

import keras

from pixelcnn_lib.faces import SIZES
from pixelcnn_lib.family.streams import TwoStreams
from pixelcnn_lib.heads import TiedMixtureHead
from pixelcnn_lib.layers import Block, CausalConv2D, MaskedConv2D


@keras.saving.register_keras_serializable("pixelcnn")
class GatedPixelCNN(TwoStreams):
    """A vertical stack, which reads the rows above, and a horizontal one, which reads the row.

    Input, output, and the arguments that are not listed here: see AutoregressiveModel. Each stack
    has h features. Source: van den Oord et al., Conditional Image Generation with PixelCNN Decoders
    (2016b), sections 2.1 to 2.3 and figure 2.

    The vertical features of row i depend on all colours of rows 0 to i. They are shifted down by
    one row before the horizontal stack reads them. A class adds a bias to the input of each gate,
    in both stacks. The top is PixelCNN's, because the paper describes no other.

    blocks: int, 0 to 1000, the number of gated layers with a kernel of 3x3, after a first one of 7x7.
    gates: bool; without gates, each stack's convolution makes h features, and a ReLU follows.
    """

    presets = {
        "gated": dict(filters_per_colour=10, blocks=5, head_per_colour=30, head=TiedMixtureHead),
        "faces": dict(filters_per_colour=32, blocks=6, head_per_colour=64, **SIZES),
    }
    late = True  # the vertical features of a row know this row

    def __init__(self, filters_per_colour, blocks, head_per_colour, *, gates=True, **shared):
        super().__init__(filters_per_colour, blocks, head_per_colour, **shared)
        self.sizes["gates"] = bool(gates)
        kinds = [(7, "A")] + blocks * [(3, "B")]
        self.body = [GatedLayer(self.h, *kind, gates=gates, **self.grouped) for kind in kinds]
        self.add_top(self.h)

    def build_trunk(self, shape):
        for layer in self.body:
            layer.build(shape)
            shape = (*shape[:-1], self.h)
        self.class_biases, self.class_biases_above = (
            self.add_class_biases(len(self.body), self.body[0].made, name)
            for name in ("class_bias", "class_bias_above")
        )

    def forward(self, run, x):
        above = row = x  # (N, H, W, colours)
        for i, layer in enumerate(self.body):
            biases = (self.class_biases_above[i], self.class_biases[i]) if self.classes else ()
            above, row = run(layer, above, row, *biases)  # (N, H, W, h) each
        return row


class GatedLayer(Block):
    """One layer of both stacks: two gated convolutions, and a link from vertical to horizontal.

    Input and output: whole vertical features and grouped horizontal features, (N, H, W, h) each.
    The first layer reads the image instead of both, so it has no residual connection.

    h: int, the features of each stack. kernel_size: int, odd, the vertical kernel's width.
    mask_type: "A" for the first layer, "B" for the others. colours: int, how many groups.
    gates: bool, whether gates follow the convolutions, or ReLUs. `made`, 2h or h, is the number of
        features that a gate or a ReLU reads.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    """

    def __init__(self, h, kernel_size, mask_type="B", colours=3, gates=True, **layer):
        super().__init__(colours, **layer)
        self.h, self.kernel_size, self.gates = h, kernel_size, gates
        self.made = 2 * h if gates else h
        self.mask_type = mask_type
        half, same = kernel_size // 2 + 1, {"dtype": self.dtype_policy}
        self.above = CausalConv2D(self.made, (half, kernel_size), colours=1, centred=True, **same)
        self.row = CausalConv2D(self.made, (1, half), mask_type, colours, **same)
        self.link = MaskedConv2D(self.made, 1, colours=1, **same)
        self.out = MaskedConv2D(h, 1, colours=colours, **same)

    def build(self, shape):
        *place, _ = shape
        self.above.build(shape)
        self.row.build(shape)
        self.link.build((*place, self.made))
        self.out.build((*place, self.h))

    def forward(self, run, above, row, bias_above=None, bias=None):
        """Run both stacks; the last two: a bias for each class, (classes, made) each."""
        seen = run.whole(self.look_above, above, bias_above)  # (N, H, W, made)
        share = run.link(self.pass_down, seen)  # (N, H, W, made)
        if bias is not None:
            share = share + run.of_class(bias)
        y = run(self.out, self.choose(run, run(self.row, row) + share))  # (N, H, W, h)
        row = y if self.mask_type == "A" else row + y
        return run.whole(self.choose, seen), row

    def look_above(self, run, above, bias):
        """The vertical convolution, (N, H, W, made), which knows the rows up to its own."""
        seen = run(self.above, above)
        return seen if bias is None else seen + run.of_class(bias)

    def pass_down(self, run, seen):
        """What the horizontal stack reads of the row above: (N, H, W, made), unchanged shape."""
        return run.shift_down(run(self.link, seen))

    def choose(self, run, x):
        """Apply the gates, or the ReLU, that follow a convolution: (N, H, W, made) -> (N, H, W, h)."""
        return run.gate(x) if self.gates else run.relu(x)  # (N, H, W, h)
