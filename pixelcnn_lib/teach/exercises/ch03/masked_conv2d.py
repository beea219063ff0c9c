"""3.1: a convolution layer that multiplies its kernel by a mask in every call."""

import keras
from keras import ops

from pixelcnn_lib import layers, masks
from pixelcnn_lib.teach.exercises import Exercise, Wrong
from pixelcnn_lib.teach.exercises.ch03.at_work import at_work, noise, show_layer


class MaskedConv2D(keras.layers.Conv2D):
    """A convolution whose kernel is masked: `layers.MaskedConv2D` in its plainest form."""

    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.mask_type, self.colours = mask_type, colours

    def build(self, input_shape):
        super().build(input_shape)
        sizes = self.kernel_size, input_shape[-1], self.filters
        self.mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel * self.mask)


exercise = Exercise(
    id="3.1",
    title="The masked convolution",
    minutes=10,
    difficulty=2,
    solution=MaskedConv2D,
    hints=(
        "What must each of the three methods do that Conv2D's own method does not do?",
        "Make the mask in build, where input_shape is known, and store it in self. Use it in "
        "convolution_op, which runs in every call.",
        "Each method calls super()'s method of the same name once. convolution_op passes on another "
        "kernel, and nothing else changes.",
    ),
    cases={
        "type A": (6, 3, ("A", 3), noise(2, 4, 5, 3)),
        "wide, type B": (3, (3, 7), ("B", 3), noise(1, 3, 7, 9)),
        "two colours": (6, (5, 1), ("B", 2), noise(1, 5, 2, 6)),
        "grey": (3, (1, 3), ("A", 1), noise(1, 2, 4, 3)),
        "1x1": (8, 1, ("B", 4), noise(2, 2, 2, 4)),
        "mask_type and colours not given": (6, 3, (), noise(1, 3, 4, 3)),
    },
    probe=at_work,
    shown=lambda filters, size, kind, x: (
        f"MaskedConv2D{(filters, size, *kind)} on images {x.shape}".replace("'", '"')
    ),
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_layer,
    seen="What green sees through your layer, 3x3 of type A.",
)


@exercise.condition
def is_your_own(answer):
    if isinstance(answer.value, type) and issubclass(answer.value, layers.MaskedConv2D):
        message = "That is the library's own layers.MaskedConv2D, or derives from it."
        return Wrong(message, "derive yours from keras.layers.Conv2D.")


for part, (says, hint) in {
    "kernel after a call": (
        "{call} has changed self.kernel.",
        "mask the kernel that convolution_op receives, and assign nothing to self.kernel.",
    ),
    "first kernel": (
        '{call}, with kernel_initializer="ones": a weight starts as {got}.',
        "does __init__ pass **conv2d to super().__init__?",
    ),
    "weights differ": (
        "{call}, without a kernel_initializer: all weights have the same value at the start.",
        "super().build has already given the kernel its first weights.",
    ),
    "output for ones": (
        "{call} of ones, with all weights 1: expected {expected} at {place}, got {got}.",
        "the number counts the weights that the mask keeps, as far as they lie inside the image.",
    ),
    "output beside a second layer": (
        "{call} of ones, after a second layer of the other type was made and called: expected "
        "{expected} at {place}, got {got}.",
        "store in self what belongs to one layer. All layers share what is outside.",
    ),
    "trainable": (
        "{call} has {got} trainable weights. Expected {expected}: kernel and bias.",
        "the mask is a constant: training must not change it.",
    ),
    "output": (
        "{call}, with other weights: expected {expected} at {place}, got {got}.",
        "the result is right if all weights are 1 and the bias is 0. How do kernel, bias and "
        "activation enter it?",
    ),
    "learns": (
        "{call}: the output has no gradient for the kernel, so training cannot change it.",
        "multiply the kernel itself by the mask. NumPy does not pass on the gradient.",
    ),
    "named": (
        '{call}, with name="mine": the name is lost.',
        "**conv2d holds all other arguments, also the name: pass it on.",
    ),
}.items():
    exercise.agrees(part, says, hint, part=part)


# Mistakes: each changes one method of a right layer


class Layer(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.mask_type, self.colours = mask_type, colours

    def build(self, input_shape):
        super().build(input_shape)
        self.mask = self.make(input_shape[-1], self.filters, self.mask_type, self.colours)

    def make(self, filters_in, filters_out, mask_type, colours):
        return masks.rgb_mask(self.kernel_size, filters_in, filters_out, mask_type, colours)

    def convolution_op(self, inputs, kernel):
        return ops.conv(inputs, self.masked(kernel), padding="same")

    def masked(self, kernel):
        return kernel * self.mask


def layer(**methods):
    """A layer that is right except for these methods."""
    return type("MaskedConv2D", (Layer,), methods)


def given(change):
    """A layer that passes on other options: change(options) gives them."""

    class Given(Layer):
        def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
            super().__init__(filters, kernel_size, mask_type, colours, **change(conv2d))

    return Given


def masked_by(change):
    """A layer whose mask is made for change(mask_type, colours)."""
    return layer(make=lambda self, ins, outs, *kind: Layer.make(self, ins, outs, *change(*kind)))


class TypeAByDefault(Layer):
    def __init__(self, filters, kernel_size, mask_type="A", colours=3, **conv2d):
        super().__init__(filters, kernel_size, mask_type, colours, **conv2d)


class MaskedOnce(Layer):
    def build(self, input_shape):
        super().build(input_shape)
        self.kernel.assign(self.kernel * self.mask)

    def masked(self, kernel):
        return kernel


exercise.mistakes_about(
    "convolution_op runs in every call: multiply the kernel by the mask there, and change nothing else.",
    {
        "The mask has no effect: the layer is a plain Conv2D.": layer(
            masked=lambda self, kernel: kernel
        ),
        "The mask was applied once, when the layer was built. New weights are not masked.": MaskedOnce,
    },
)
exercise.mistakes_about(
    "mask_type and colours are the last two arguments of masks.rgb_mask. Where are they stored, and "
    "used?",
    {
        "The mask is always of type A, whatever mask_type is.": masked_by(lambda kind, n: ("A", n)),
        "The mask is always of type B, whatever mask_type is.": masked_by(lambda kind, n: ("B", n)),
        "If mask_type is not given, the mask is of type A.": TypeAByDefault,
        "A and B are swapped.": masked_by(lambda kind, n: ("AB"[kind == "A"], n)),
        "The mask is only a spatial one: it hides the centre from all colours.": layer(
            make=lambda self, *_: masks.spatial_mask(self.kernel_size)[:, :, None, None]
        ),
        "The mask is made for three colours, whatever `colours` is.": masked_by(
            lambda kind, n: (kind, 3)
        ),
    },
)
exercise.mistakes_about(
    "leave `call` to Conv2D: after convolution_op it adds the bias, and then applies the activation.",
    {
        "Bias and activation have no effect.": layer(
            call=lambda self, x: self.convolution_op(x, self.kernel)
        ),
        "The activation has no effect.": layer(
            call=lambda self, x: self.convolution_op(x, self.kernel) + self.bias
        ),
        "The bias is added twice.": layer(
            convolution_op=lambda self, x, k: Layer.convolution_op(self, x, k) + self.bias
        ),
    },
)
exercise.mistake(
    "The output is smaller than the input.",
    "which argument of Conv2D says how the border is padded?",
    layer(convolution_op=lambda self, x, kernel: ops.conv(x, kernel * self.mask)),
)

# Mistakes that a condition describes well enough


class SharedMask(Layer):
    kept = {}

    def make(self, *sizes):
        self.kept["mask"] = super().make(*sizes)

    def masked(self, kernel):
        return kernel * self.kept["mask"]


class TrainableMask(Layer):
    def make(self, *sizes):
        mask = super().make(*sizes)
        return self.add_weight(mask.shape, initializer=lambda *_, **__: mask)


class AllPassedOn(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        conv2d.update(mask_type=mask_type, colours=colours, padding="same")
        keras.layers.Conv2D.__init__(self, filters, kernel_size, **conv2d)


exercise.all_caught(
    {
        "the library's own": type("MaskedConv2D", (layers.MaskedConv2D,), {}),
        "has changed self.kernel": layer(
            masked=lambda self, kernel: self.kernel.assign(kernel * self.mask)
        ),
        "a second layer of the other type": SharedMask,
        "of ones, with all weights 1": layer(  # the rule of the centre, at every tap
            masked=lambda self, kernel: (
                kernel * self.mask * self.mask[tuple(n // 2 for n in self.kernel_size)]
            )
        ),
        "all weights have the same value at the start": given(
            lambda options: {"kernel_initializer": "ones", **options}
        ),
        "a weight starts as": given(lambda options: {}),
        "has 3 trainable weights": TrainableMask,
        "no gradient for the kernel": layer(
            masked=lambda self, kernel: ops.convert_to_numpy(kernel) * self.mask
        ),
        "the name is lost": given(lambda options: {**options, "name": None}),
        "has no bias": given(lambda options: {**options, "use_bias": False}),
        "convolution_op returned None": layer(convolution_op=lambda self, x, kernel: None),
        "made no kernel": layer(build=lambda self, input_shape: None),
        "self.kernel cannot be replaced": layer(
            masked=lambda self, kernel: setattr(self, "kernel", kernel * self.mask)
        ),
        "comes before filters_out": layer(
            make=lambda self, ins, outs, *kind: Layer.make(self, outs, ins, *kind)
        ),
        "arguments that it does not know": AllPassedOn,
    }
)
