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
    "kernel after a call": ("{call} has changed self.kernel.", "assign nothing to self.kernel."),
    "first kernel": (
        '{call}, with kernel_initializer="ones": a weight starts as {got}.',
        "does __init__ pass **conv2d to super().__init__?",
    ),
    "weights differ": ("{call}: all weights start alike.", "super().build chooses the weights."),
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
    "named": ('{call}: name="mine" is lost.', "**conv2d holds the name too: pass it on."),
}.items():
    exercise.agrees(part, says, hint, part=part)


# Mistakes: functions that make a layer which is right except for one thing

Right, plain = MaskedConv2D, keras.layers.Conv2D.convolution_op


def given(kind=lambda mask_type="B", colours=3: (mask_type, colours), **fixed):
    """The right layer of kind(mask_type, colours), with some options that are always the same."""
    return lambda n, size, *rest, **conv2d: Right(n, size, *kind(*rest), **(conv2d | fixed))


def changed(**methods):
    """The right layer, but for these methods."""
    layer = type("MaskedConv2D", (Right,), methods)
    return lambda *sizes, **conv2d: layer(*sizes, **conv2d)


def masked(kernel=lambda self, kernel: kernel * self.mask, mask=lambda self: self.mask):
    """The right layer, but for the kernel that it convolves with, or the mask that it keeps."""

    def build(self, input_shape):
        Right.build(self, input_shape)
        self.mask = mask(self)

    return changed(build=build, convolution_op=lambda self, x, k: plain(self, x, kernel(self, k)))


exercise.mistakes_about(
    "multiply the kernel by the mask in convolution_op, in every call; leave all else to Conv2D.",
    {
        "The mask has no effect: the layer is a plain Conv2D.": masked(lambda self, kernel: kernel),
        "The mask was applied once, when the layer was built. New weights are not masked.": masked(
            lambda self, kernel: kernel, lambda self: self.kernel.assign(self.kernel * self.mask)
        ),
        "The activation has no effect.": given(activation=None),
        "The bias is added twice.": changed(
            convolution_op=lambda self, x, kernel: Right.convolution_op(self, x, kernel) + self.bias
        ),
        "The output is smaller than the input: it needs padding='same'.": changed(
            convolution_op=lambda self, x, kernel: ops.conv(x, kernel * self.mask)
        ),
    },
)
exercise.mistakes_about(
    "masks.rgb_mask gets mask_type and colours. Where are they stored, and used?",
    {
        "The mask is always of type A.": given(lambda kind="B", colours=3: ("A", colours)),
        "The mask is always of type B.": given(lambda kind="B", colours=3: ("B", colours)),
        "By default, mask_type is A.": given(lambda kind="A", colours=3: (kind, colours)),
        "A and B are swapped.": given(lambda kind="B", n=3: ("AB"[kind == "A"], n)),
        "The mask is made for three colours.": given(lambda kind="B", colours=3: (kind, 3)),
        "The mask is only a spatial one: it hides the centre from all colours.": masked(
            mask=lambda self: masks.spatial_mask(self.kernel_size)[:, :, None, None]
        ),
    },
)

# Mistakes that a condition describes well enough

shared = []  # masks that are stored outside of the layers

exercise.all_caught(
    {
        "the library's own": type("MaskedConv2D", (layers.MaskedConv2D,), {}),
        "has changed self.kernel": masked(lambda self, k: self.kernel.assign(k * self.mask)),
        "after a second layer": masked(
            lambda self, kernel: kernel * shared[-1], lambda self: shared.append(self.mask)
        ),
        "of ones, with all weights 1": masked(mask=lambda self: self.mask[::-1, ::-1]),
        "all weights start alike": given(kernel_initializer="ones"),
        "a weight starts as": given(kernel_initializer="glorot_uniform"),
        "has 3 trainable weights": masked(
            mask=lambda self: self.add_weight(self.mask.shape, lambda *_, **__: self.mask)
        ),
        "no gradient for the": masked(lambda self, k: ops.convert_to_numpy(k) * self.mask),
        'name="mine" is lost': given(name=None),
        "has no bias": given(use_bias=False),
        "convolution_op returned None": changed(convolution_op=lambda self, x, kernel: None),
        "made no kernel": changed(build=lambda self, input_shape: None),
        "cannot be replaced": masked(lambda self, k: setattr(self, "kernel", k * self.mask)),
        "comes before filters_out": masked(mask=lambda self: self.mask.swapaxes(2, 3)),
        "does not know": lambda *_, **__: keras.layers.Conv2D(6, 3, mask_type="B"),
    }
)
