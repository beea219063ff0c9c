"""The masked convolution, the base of blocks, and the residual block of three convolutions."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.arguments import per_colour
from pixelcnn_lib.masks import causal_pattern, colour_pattern
from pixelcnn_lib.operations import Everywhere, written_over


@keras.saving.register_keras_serializable("pixelcnn")
class LivingFanIn(keras.initializers.Initializer):
    """He's normal initialiser; its fan-in counts only the weights that the mask keeps.

    In a 1x1 kernel with mask B, red keeps a third of its inputs and blue keeps all. If both had the
    same scale, red's outputs would be too small at first.

    mask_type: "A" or "B", the mask of the kernel that is drawn.
    colours: int, how many values a pixel has.
    seed: int, to draw the same numbers at every call, as Keras's initialisers do; None draws new
        numbers at every call.
    causal: bool, whether the layer is a CausalConv2D.
    Source: He et al., Delving Deep into Rectifiers (2015).
    """

    def __init__(self, mask_type, colours=3, seed=None, causal=False):
        self.mask_type, self.colours, self.seed, self.causal = mask_type, colours, seed, causal
        self.source = keras.random.SeedGenerator() if seed is None else seed

    def __call__(self, shape, dtype=None):
        height, width, filters_in, filters_out = shape
        pattern = causal_pattern if self.causal else colour_pattern
        pattern = pattern((height, width), self.mask_type, self.colours)  # (kh, kw, c_in, c_out)
        fan_in = pattern.sum((0, 1, 2)) * (filters_in // self.colours)  # (colours,)
        scale = np.sqrt(2 / np.maximum(fan_in, 1)).repeat(filters_out // self.colours)  # (out,)
        return keras.random.normal(shape, dtype=dtype, seed=self.source) * ops.cast(scale, dtype)

    def get_config(self):
        return {
            "mask_type": self.mask_type,
            "colours": self.colours,
            "seed": self.seed,
            "causal": self.causal,
        }


@keras.saving.register_keras_serializable("pixelcnn")
class MaskedConv2D(keras.layers.Conv2D):
    """A convolution whose kernel is masked, so that each colour sees only its past.

    Input (N, H, W, filters_in), output (N, H, W, filters), features grouped by colour.

    filters: int, the output features of all colours together; a multiple of `colours`.
    kernel_size: an odd int, or (height, width), both odd.
    mask_type: "A" for the first layer, which reads the image; "B" for every later one.
    colours: int, how many values a pixel has.
    conv2d: further arguments of keras.layers.Conv2D.
    Raises ValueError for a padding, stride or layout that moves an output away from its pixel.
    """

    step = 1  # the stride: it keeps every n-th pixel, in both directions, the first included

    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        conv2d.setdefault("padding", "same")
        conv2d.setdefault("data_format", "channels_last")  # whatever keras.json says
        conv2d.setdefault("kernel_initializer", LivingFanIn(mask_type, colours))
        super().__init__(filters, kernel_size, **conv2d)
        fixed = ("same", (1, 1), (1, 1), 1, "channels_last")
        got = (self.padding, self.strides, self.dilation_rate, self.groups, self.data_format)
        if got != fixed:
            raise ValueError(
                "MaskedConv2D keeps each output on its own pixel: it needs padding, strides, "
                f"dilation_rate, groups and data_format {fixed}, got {got}. Leave them out."
            )
        per_colour("filters", filters, colours)
        self.mask_type, self.colours = mask_type, colours
        self.pattern = self.new_pattern()  # (kh, kw, c_in, c_out)

    def new_pattern(self):
        """Return which weights are kept: bool (kh, kw, colours in, colours out)."""
        return colour_pattern(self.kernel_size, self.mask_type, self.colours)

    def build(self, input_shape):
        per_colour("the number of input features", input_shape[-1], self.colours)
        super().build(input_shape)

    @property
    def offsets(self):
        """The offsets (row, col) of the taps that the mask can keep; the last is (0, 0)."""
        height, width = self.kernel_size
        taps = [(row - height // 2, col - width // 2) for row, col in np.ndindex(height, width)]
        return taps[: height * width // 2 + 1]

    def masked(self, kernel):
        """Return a kernel (kh, kw, in, out), same dtype, with its masked weights set to zero."""
        if self.pattern.all():
            return kernel
        height, width, c_in, c_out = self.pattern.shape
        grouped = ops.reshape(kernel, (height, width, c_in, -1, c_out, self.filters // c_out))
        pattern = ops.cast(self.pattern[:, :, :, None, :, None], grouped.dtype)
        return ops.reshape(grouped * pattern, kernel.shape)

    def convolution_op(self, inputs, kernel):
        kernel = self.masked(kernel)
        if self.kernel_size[0] > 1:
            return without_rows_below(inputs, kernel)  # the same output, with fewer products
        return super().convolution_op(inputs, kernel)

    def get_config(self):
        return {**super().get_config(), "mask_type": self.mask_type, "colours": self.colours}


@keras.saving.register_keras_serializable("pixelcnn")
class CausalConv2D(MaskedConv2D):
    """A convolution whose last tap is the present pixel, so that it has no taps on later pixels.

    Outside the image it sees zeros. Input (N, H, W, filters_in), output (N, H, W, filters).

    filters, mask_type, colours, conv2d: as in MaskedConv2D; only the last tap is masked.
    kernel_size: int, or (height, width), odd or even.
    centred: bool, whether the kernel's middle column lies on the present pixel, instead of its last
        column. The output then depends on pixels to the right, so that only later rows may use it;
        see `forward` in AutoregressiveModel. It needs an odd width, and colours=1.
    """

    def __init__(self, filters, kernel_size, mask_type="B", colours=3, centred=False, **conv2d):
        self.centred = centred
        conv2d.setdefault("kernel_initializer", LivingFanIn(mask_type, colours, causal=True))
        super().__init__(filters, kernel_size, mask_type, colours, **conv2d)
        if centred and (self.kernel_size[1] % 2 == 0 or colours != 1):
            raise ValueError(
                f"centred=True needs an odd width and colours=1; got the width {self.kernel_size[1]} "
                f"and colours={colours}."
            )

    def new_pattern(self):
        return causal_pattern(self.kernel_size, self.mask_type, self.colours)

    @property
    def offsets(self):
        height, width = self.kernel_size
        left = width // 2 if self.centred else width - 1
        return [(row - height + 1, col - left) for row, col in np.ndindex(height, width)]

    def convolution_op(self, inputs, kernel):
        up, left = np.abs(self.offsets[0]).tolist()
        padded = ops.pad(inputs, ((0, 0), (up, 0), (left, self.offsets[-1][1]), (0, 0)))
        kernel = self.masked(kernel)
        return ops.conv(padded, kernel, self.step, padding="valid", data_format="channels_last")

    def get_config(self):
        return {**super().get_config(), "centred": self.centred}


def is_convolution(layer):
    """Tell whether a layer computes what MaskedConv2D or CausalConv2D does, and nothing else.

    A subclass may write only how it is made, and a pattern that keeps no tap but those of `offsets`.
    """
    if not isinstance(layer, MaskedConv2D):
        return False
    changed = written_over(layer, "convolution_op") - {"build", "get_config", "new_pattern"}
    ours = type(layer).convolution_op in (MaskedConv2D.convolution_op, CausalConv2D.convolution_op)
    plain = layer.use_bias and layer.activation is keras.activations.linear
    later = layer.pattern.reshape(-1, *layer.pattern.shape[2:])[len(layer.offsets) :]
    return ours and plain and not changed and not later.any()


def without_rows_below(inputs, kernel):
    """Convolve with padding "same", but leave out the kernel's rows below its centre.

    inputs: (N, H, W, in).
    kernel: (kh, kw, in, out), zero in all rows below the centre.
    Returns (N, H, W, out).
    """
    height, width, *_ = kernel.shape
    up, side = height // 2, width // 2
    padded = ops.pad(inputs, ((0, 0), (up, 0), (side, side), (0, 0)))
    seen, _ = ops.split(kernel, [up + 1])  # the gradient of split is faster than that of an index
    return ops.conv(padded, seen, padding="valid", data_format="channels_last")


class Block(keras.layers.Layer):
    """The base of layers that are written once, in forward(run, x, …), see operations.

    Its layers need the same `colours` and dtype. A subclass builds them in its own `build`. Features
    lie along another axis while images are drawn, so `forward` uses the operations, and no axis. It
    changes no x in place.

    colours: int, how many groups of colours the features form.
    layer: arguments of keras.layers.Layer, such as `dtype`.
    Raises TypeError when a class is derived that has a `call`: images are drawn with `forward`.
    """

    def __init__(self, colours=3, **layer):
        super().__init__(**layer)
        self.colours = colours

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        if "call" in vars(cls):
            raise TypeError(f"Write {cls.__name__}.call as forward(self, run, x), see operations.")

    def build(self, shape):
        if sublayers(self):
            raise NotImplementedError(f"Write {type(self).__name__}.build: it builds the layers.")

    def call(self, x, *others, training=None):
        return self.forward(Everywhere(self.colours, self, training=training), x, *others)


@keras.saving.register_keras_serializable("pixelcnn")
class ResidualBlock(Block):
    """Three masked convolutions, 2h -> h -> h -> 2h features, whose result is added to the input.

    A ReLU comes before each convolution. Input and output are (N, H, W, 2h), features grouped by
    colour; h = filters_per_colour * colours.

    filters_per_colour: int, how many of the h inner features belong to each colour.
    colours: int, how many values a pixel has.
    layer: arguments of keras.layers.Layer, such as `dtype`.
    Raises ValueError if it is built for an input that does not have 2h features.
    Source: van den Oord et al. (2016a), figure 5.
    """

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(colours, **layer)
        self.filters_per_colour = filters_per_colour
        h = filters_per_colour * colours
        same = {"mask_type": "B", "colours": colours, "dtype": self.dtype_policy}
        self.narrow = MaskedConv2D(h, 1, **same)
        self.look = MaskedConv2D(h, 3, **same)
        self.widen = MaskedConv2D(2 * h, 1, **same)

    def build(self, input_shape):
        h = self.filters_per_colour * self.colours
        if input_shape[-1] != 2 * h:
            raise ValueError(
                f"ResidualBlock({self.filters_per_colour}) needs an input of {2 * h} features, "
                f"2 * filters_per_colour * colours; got {input_shape[-1]}. Change the input or "
                "filters_per_colour."
            )
        self.narrow.build(input_shape)
        self.look.build((*input_shape[:-1], h))
        self.widen.build((*input_shape[:-1], h))

    def forward(self, run, x):
        y = run(self.narrow, run.relu(x))  # (N, H, W, h)
        y = run(self.look, run.relu(y))  # (N, H, W, h)
        return x + run(self.widen, run.relu(y))  # (N, H, W, 2h)


def sublayers(layer):
    """Return all layers inside a layer or model, at any depth, in the order of their weights.

    Keras lists only the outermost ones (`Model.layers`). A public method for all of them would
    replace this private one.
    """
    return layer._flatten_layers(include_self=False)
