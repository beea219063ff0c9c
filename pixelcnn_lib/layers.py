"""The masked convolution, and the residual block built of three of them."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib.masks import colour_pattern, per_colour

WIDE = 200  # features in and out from which a product in parts was the faster on a CPU


@keras.saving.register_keras_serializable("pixelcnn")
class LivingFanIn(keras.initializers.Initializer):
    """He's normal initialiser, counting only the weights that the mask leaves alive.

    In a 1x1 kernel with mask B, red keeps a third of its inputs and blue keeps all: with one scale
    for both, red would start too quiet. Source: He et al., Delving Deep into Rectifiers (2015).

    mask_type: "A" or "B", the mask of the layer whose kernel is drawn.
    colours: int, how many values a pixel has.
    seed: int, to draw the same numbers at every call, as Keras's initialisers do; None draws new
        numbers at every call.
    """

    def __init__(self, mask_type, colours=3, seed=None):
        self.mask_type, self.colours, self.seed = mask_type, colours, seed
        self.source = keras.random.SeedGenerator() if seed is None else seed

    def __call__(self, shape, dtype=None):
        height, width, filters_in, filters_out = shape
        pattern = colour_pattern((height, width), self.mask_type, self.colours)
        fan_in = pattern.sum((0, 1, 2)) * (filters_in // self.colours)  # (colours,)
        scale = np.sqrt(2 / np.maximum(fan_in, 1)).repeat(filters_out // self.colours)  # (out,)
        return keras.random.normal(shape, dtype=dtype, seed=self.source) * ops.cast(scale, dtype)

    def get_config(self):
        return {"mask_type": self.mask_type, "colours": self.colours, "seed": self.seed}


@keras.saving.register_keras_serializable("pixelcnn")
class MaskedConv2D(keras.layers.Conv2D):
    """A convolution whose kernel is masked, so that each colour sees only its past.

    Input (N, H, W, filters_in), output (N, H, W, filters), features grouped by colour.

    filters: int, how many features come out, all colours together; a multiple of `colours`.
    kernel_size: an odd int, or (height, width), both odd.
    mask_type: "A" for the first layer, which reads the image; "B" for every later one.
    colours: int, how many values a pixel has.
    conv2d: keras.layers.Conv2D's other arguments.
    Raises ValueError for a padding, stride or layout that would move the centre off the pixel.
    """

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
        self.pattern = colour_pattern(self.kernel_size, mask_type, colours)  # (kh, kw, c_in, c_out)

    def build(self, input_shape):
        per_colour("the number of input features", input_shape[-1], self.colours)
        super().build(input_shape)

    def masked(self, kernel):
        """Set the dead weights of a kernel (kh, kw, in, out) to zero; dtype stays."""
        height, width, c_in, c_out = self.pattern.shape
        grouped = ops.reshape(kernel, (height, width, c_in, -1, c_out, self.filters // c_out))
        pattern = ops.cast(self.pattern[:, :, :, None, :, None], grouped.dtype)
        return ops.reshape(grouped * pattern, kernel.shape)

    def convolution_op(self, inputs, kernel):
        kernel = self.masked(kernel)
        # two shortcuts to the same output, which leave out products with dead weights
        if self.kernel_size[0] > 1:
            return without_rows_below(inputs, kernel)
        if self.kernel_size == (1, 1) and min(kernel.shape[2:]) >= WIDE:
            return without_later_colours(inputs, kernel, self.colours)
        return super().convolution_op(inputs, kernel)

    def get_config(self):
        return {**super().get_config(), "mask_type": self.mask_type, "colours": self.colours}


def without_rows_below(inputs, kernel):
    """Convolve as padding "same" does, by a kernel (kh, kw, in, out) dead below its centre."""
    height, width, *_ = kernel.shape
    up, side = height // 2, width // 2
    padded = ops.pad(inputs, ((0, 0), (up, 0), (side, side), (0, 0)))
    seen, _ = ops.split(kernel, [up + 1])  # its gradient is quicker than an index's
    return ops.conv(padded, seen, padding="valid", data_format="channels_last")


def without_later_colours(inputs, kernel, colours):
    """Convolve by a kernel (1, 1, in, out) in which no colour feeds an earlier one.

    What each colour says to itself and to later ones is a product of its own; they are added up.
    """
    _, _, features, filters = kernel.shape
    xs = ops.split(inputs, colours, axis=-1)  # (N, H, W, in / colours) each
    rows = ops.split(ops.reshape(kernel, (features, filters)), colours)  # (in / colours, out)
    outputs, starts = 0, range(0, filters, filters // colours)
    for start, x, weights in zip(starts, xs, rows):
        _, living = ops.split(weights, [start], axis=-1)  # (in / colours, out - start)
        outputs += ops.pad(ops.matmul(x, living), ((0, 0), (0, 0), (0, 0), (start, 0)))
    return outputs  # (N, H, W, out)


@keras.saving.register_keras_serializable("pixelcnn")
class ResidualBlock(keras.layers.Layer):
    """Narrow, look around, widen again, and add: 2h -> h -> h -> 2h, each after a ReLU.

    Input and output (N, H, W, 2h), features grouped by colour; h = filters_per_colour * colours.
    Source: van den Oord et al. (2016a), figure 5, with each ReLU before its convolution.

    filters_per_colour: int, how many of the h inner features belong to each colour.
    colours: int, how many values a pixel has.
    layer: keras.layers.Layer's arguments, such as `dtype`.
    Raises ValueError when it is built for an input that has not 2h features.
    """

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        self.filters_per_colour, self.colours = filters_per_colour, colours
        h = filters_per_colour * colours
        same = {"mask_type": "B", "colours": colours, "dtype": self.dtype_policy}
        self.narrow = MaskedConv2D(h, 1, **same)
        self.look = MaskedConv2D(h, 3, **same)
        self.widen = MaskedConv2D(2 * h, 1, **same)

    def build(self, input_shape):
        h = self.filters_per_colour * self.colours
        if input_shape[-1] != 2 * h:
            raise ValueError(
                f"ResidualBlock({self.filters_per_colour}) adds to an input of {2 * h} features: "
                f"2 * filters_per_colour * colours; got {input_shape[-1]}. Change one of the two."
            )
        self.narrow.build(input_shape)
        self.look.build((*input_shape[:-1], h))
        self.widen.build((*input_shape[:-1], h))

    def call(self, x):
        y = self.narrow(ops.relu(x))  # (N, H, W, h)
        y = self.look(ops.relu(y))  # (N, H, W, h)
        return x + self.widen(ops.relu(y))  # (N, H, W, 2h)

    def cached(self, cache, xp=np):
        """Give the block's step at one pixel and colour, made of its convolutions' cached twins.

        cache: turns a MaskedConv2D into a function (features of a colour, N) -> the same. On NumPy
        arrays, or on tensors with `xp=keras.ops`.
        """
        narrow, look, widen = cache(self.narrow), cache(self.look), cache(self.widen)
        relu = lambda x: xp.maximum(x, 0)
        return lambda x: x + widen(relu(look(relu(narrow(relu(x))))))

    def get_config(self):
        return {
            **super().get_config(),
            "filters_per_colour": self.filters_per_colour,
            "colours": self.colours,
        }


def registered_name(what, cls):
    """Return the name by which Keras knows a class, for a file that names it."""
    name = keras.saving.get_registered_name(cls)
    if keras.saving.get_registered_object(name) is None:
        raise ValueError(
            f"Keras does not know the {what} {name}, so no file can name it. Put "
            "@keras.saving.register_keras_serializable() above its definition."
        )
    return name


def registered(what, name, module):
    """Return the class that Keras knows by a name, or say what to import."""
    cls = keras.saving.get_registered_object(name)
    if cls is None:
        where = f"import {module}, where it was defined" if module else "import its module"
        raise ValueError(f"Keras does not know the {what} {name} yet. First {where}.")
    return cls
