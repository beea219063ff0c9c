"""2.1: a convolution layer that multiplies its kernel by a mask in every call."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise, Wrong


class MaskedConv2D(keras.layers.Conv2D):
    """A convolution whose kernel is masked: `layers.MaskedConv2D` in its plainest form."""

    def __init__(self, filters, kernel_size, mask_type="B", colours=1, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.mask_type, self.colours = mask_type, colours

    def build(self, input_shape):
        super().build(input_shape)
        sizes = self.kernel_size, input_shape[-1], self.filters
        self.mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel * self.mask)


def small_numbers(*shape):
    """Whole numbers from -3 to 3, so that a message can show them."""
    return np.random.default_rng(0).integers(-3, 4, shape).astype("float32")


def observed(layer_class, filters, kernel_size, kind, x):
    """Give a layer a new kernel, and call it with x. Its bias is set by an option.

    kind: (mask_type, colours).
    """
    options = {"activation": "relu", "bias_initializer": lambda shape, **_: small_numbers(*shape)}
    layer = layer_class(filters, kernel_size, *kind, **options)
    layer(x)
    mask_type, colours = kind
    other_type = "B" if mask_type == "A" else "A"
    layer_class(filters, kernel_size, other_type, colours)(x)  # it must not disturb the first
    weights = {len(weight.shape): weight for weight in layer.trainable_variables}
    if set(weights) != {1, 4}:
        names = ", ".join(weight.name for weight in layer.trainable_variables) or "none"
        hint = "Conv2D makes a kernel and a bias by itself. The mask is a constant."
        raise Wrong(f"The layer should train its kernel and its bias. It trains: {names}.", hint)
    kernel = weights[4]
    kernel.assign(small_numbers(*kernel.shape))
    return {
        "output": ops.convert_to_numpy(layer(x)),
        "kernel": ops.convert_to_numpy(kernel),
        "learns": learns(layer, kernel, x),
    }


def learns(layer, kernel, x):
    """Tell whether the output has a gradient for the kernel; on other backends than TensorFlow, True."""
    if keras.backend.backend() != "tensorflow":
        return True
    import tensorflow as tf

    with tf.GradientTape() as tape:
        total = ops.sum(layer(x))
    return tape.gradient(total, kernel) is not None


def show_layer(layer_class):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    layer, shape = layer_class(8, 3, "A"), (5, 5, 1)

    def one_layer(images):
        y = layer(ops.convert_to_tensor(images, "float32"))  # (N, 5, 5, 8)
        return ops.reshape(y, (*images.shape, 8))

    seen = leaks.influence(one_layer, shape, 8)
    return figures.show_kinds(leaks.classify(seen), (2, 2, 0), shape)


exercise = Exercise(
    id="2.1",
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
        "type A": (3, 3, ("A", 1), small_numbers(2, 4, 5, 3)),
        "wide, type B": (3, (3, 7), ("B", 1), small_numbers(1, 3, 7, 9)),
        "three colours": (3, (1, 3), ("A", 3), small_numbers(1, 2, 4, 3)),
        "four colours, one tap": (8, 1, ("B", 4), small_numbers(2, 2, 2, 4)),
    },
    probe=observed,
    shown=lambda filters, size, kind, x: (
        f"MaskedConv2D{(filters, size, *kind)} on images {x.shape}".replace("'", '"')
    ),
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_layer,
    seen="What a pixel sees through your layer, 3x3 of type A.",
)
exercise.agrees(
    part="output",
    hint="compare the numbers for one output: which weights does the mask keep, what does the bias "
    "add, and what does the activation do?",
)
CHANGED = "The call has changed self.kernel."
NO_GRADIENT = "The output has no gradient for the kernel, so training cannot change it."
PASS_ON = (
    "pass the product of kernel and mask on to super(). Assign nothing to self.kernel, and use no "
    "function of NumPy, because NumPy does not pass on the gradient."
)
exercise.agrees(CHANGED, PASS_ON, part="kernel")
exercise.agrees(NO_GRADIENT, PASS_ON, part="learns")
TYPE_AND_COLOURS = "masks.rgb_mask needs mask_type and colours. Where are they stored, and used?"
exercise.mistaken = {
    "multiply the kernel by the mask in convolution_op, in every call; leave all else to Conv2D.": {
        "With a new kernel, as in training, the output is that of a plain Conv2D: the call applies no "
        "mask.": ("kernel * self.mask", "kernel"),
        "The options in **conv2d are lost, such as the activation.": ('"same", **conv2d', '"same"'),
        'padding="same" is missing, so the output is smaller than the image.': (
            'padding="same", ',
            "",
        ),
    },
    PASS_ON: {
        CHANGED: ("kernel * self.mask)", "self.kernel.assign(kernel * self.mask))"),
        NO_GRADIENT: ("kernel * self.mask)", "ops.convert_to_numpy(kernel) * self.mask)"),
    },
    TYPE_AND_COLOURS: {
        "The mask is always of type B.": ("*sizes, self.mask_type", '*sizes, "B"'),
        "The mask is made for three colours, whatever colours says.": (", self.colours)", ")"),
        "The mask is made for one colour, whatever colours says.": (", self.colours)", ", 1)"),
    },
}
exercise.symptoms = {
    TYPE_AND_COLOURS: {
        "This is right only for a mask of type A and one colour.": (
            "self.mask_type, self.colours)",
            '"A", 1)',
        )
    }
}
