"""4.1: the residual block: narrow, look around, widen, add."""

import keras
from keras import ops

from pixelcnn_lib import layers
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch04.at_work import at_work, show_in_a_network, shown
from pixelcnn_lib.teach.exercises.weights import noise

exercise = Exercise(
    id="4.1",
    title="The residual block",
    minutes=10,
    difficulty=2,
    solution=layers.ResidualBlock,
    hints=(
        "Follow the arrows of the drawing: which two things meet in the sum?",
        "h counts the features of all colours. The first 1x1 convolution turns 2h features into h, "
        "the 3x3 keeps h, and the last 1x1 turns h into 2h.",
        "`call` has three steps, and each is a convolution of ops.relu(…). Do not overwrite x before "
        "the sum.",
    ),
    cases={
        "one colour, square": (3, 1, noise(1, 3, 3, 6)),
        "two colours, high": (3, 2, noise(1, 5, 2, 12)),
        "three colours, two images": (2, 3, noise(2, 4, 5, 12)),
        "four colours, one row": (3, 4, noise(1, 2, 4, 24)),
    },
    probe=at_work,
    shown=shown,
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_in_a_network,
    seen="What green sees through a 7x7 layer and your block.",
)
exercise.agrees(
    "input when idle",
    "{call} with all weights 0: expected {expected} at {place}, like the input, got {got}.",
    hint="then the branch is 0. What happens to x on its way to the sum?",
    part="with weights of 0",
)
exercise.agrees(
    "how many weights",
    "{call}: expected {expected} trained weights, got {got}.",
    hint="it has a 1x1 from 2h to h features, a 3x3 from h to h and a 1x1 from h to 2h, with biases.",
    part="_weights",
)
exercise.agrees(
    "pixels in order",
    "{call}: the output at a pixel depends on a later pixel.",
    hint="which of the convolutions has no mask?",
    part="_later pixel",
)
exercise.agrees(
    "colours in order",
    "{call}: features of one colour depend on a later colour of their pixel.",
    hint="which of the convolutions has no mask?",
    part="_later colour",
)
exercise.agrees(
    "branch",
    "{call} with random weights: expected {expected} at {place}, got {got}.",
    hint="the convolutions have the right sizes. Compare their order, masks and ReLUs with the drawing.",
    part="with random weights",
)
exercise.agrees(
    "as in training",
    "{call} gives another result in training, with training=True.",
    hint="convolutions, ReLUs and a sum are the same in training.",
    part="as in training",
)
exercise.agrees(
    "of its own",
    "Two blocks share their weights: a change of one changes the other.",
    hint="make the convolutions in __init__, and store them in self.",
    part="of its own",
)
exercise.agrees(
    "keeps its name",
    '{call} was made with name="mine", and has another name.',
    hint="pass **layer to super().__init__.",
    part="_name",
)
exercise.agrees(
    "keeps dtype",
    '{call} was made with dtype="float64", and has another.',
    hint="pass on everything in **layer, not only the name.",
    part="_dtype",
)


exercise.agrees(
    "first weights",
    "{call}: a convolution starts with weights that are all equal.",
    hint="leave the first weights to layers.MaskedConv2D.",
    part="_starts",
)


# Mistakes: the block as most write it, and what readers change in it

relu, same = ops.relu, lambda x: x
Masked = layers.MaskedConv2D


class Tutored(keras.layers.Layer):
    sizes, widths = (1, 3, 1), (1, 1, 2)  # of each convolution; a width of 1 is h features
    bends = relu, relu, relu, same  # before each convolution, and after the last
    mask_type = "B"

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.narrow, self.look, self.widen = (
            self.convolution(width * h, size, colours)
            for size, width in zip(self.sizes, self.widths)
        )

    def build(self, shape):
        """Left empty, it saves Keras a slow look for one."""

    def convolution(self, filters, size, colours):
        return Masked(filters, size, self.mask_type, colours)

    def branch(self, x):
        for bend, convolution in zip(self.bends, (self.narrow, self.look, self.widen)):
            x = convolution(bend(x))
        return self.bends[-1](x)

    def call(self, x):
        return x + self.branch(x)


def block(**changed):
    """The block with these methods or values changed."""
    return type("Block", (Tutored,), changed)


for message, bends in {
    "There is no ReLU, so the three convolutions can do no more than one.": (same,) * 4,
    "The first of the three ReLUs is missing.": (same, relu, relu, same),
    "The ReLU before the 3x3 convolution is missing.": (relu, same, relu, same),
    "The ReLU before the last convolution is missing.": (relu, relu, same, same),
    "The only ReLU is the first.": (relu, same, same, same),
    "Each ReLU comes after its convolution.": (same, relu, relu, relu),
    "There is a fourth ReLU, at the end of the branch.": (relu,) * 4,
}.items():
    hint = "there is a ReLU before each convolution, and none after the last."
    exercise.mistake(message, hint, block(bends=bends))
exercise.mistake(
    "The activations are not ReLUs.",
    "use ops.relu, which is x above 0, and 0 below.",
    *(
        block(bends=(bend, bend, bend, same))
        for bend in (ops.elu, ops.gelu, ops.tanh, ops.sigmoid, ops.leaky_relu)
    ),
)
for message, call in {
    "The input is not added to the output.": lambda self, x: self.branch(x),
    "The ReLU of the input is added, not the input.": lambda self, x: relu(x) + self.branch(x),
    "The input is added twice.": lambda self, x: 2 * x + self.branch(x),
    "A ReLU follows the sum.": lambda self, x: relu(x + self.branch(x)),
    "The branch is subtracted.": lambda self, x: x - self.branch(x),
}.items():
    hint = "in the drawing, x itself runs straight down, and the branch is added to it."
    exercise.mistake(message, hint, block(call=call))
for message, sizes, widths in [
    ("The middle kernel is not 3x3: the block does not look around.", (1, 1, 1), (1, 1, 2)),
    ("All three kernels are 3x3.", (3, 3, 3), (1, 1, 2)),
    ("The 3x3 kernel comes first; it belongs in the middle.", (3, 1, 1), (1, 1, 2)),
    ("The 3x3 kernel comes last; it belongs in the middle.", (1, 1, 3), (1, 1, 2)),
    ("The branch is as wide as the stream.", (1, 3, 1), (2, 2, 2)),
    ("The last convolution gives h features, so x cannot be added.", (1, 3, 1), (1, 1, 1)),
]:
    hint = "compare the sizes with the drawing: 2h to h, look around, h to 2h."
    exercise.mistake(message, hint, block(sizes=sizes, widths=widths))
exercise.mistake(
    "The 3x3 convolution is used twice.",
    "the branch has three convolutions, and each is used once.",
    block(
        branch=lambda self, x: self.widen(
            relu(self.look(relu(self.look(relu(self.narrow(relu(x)))))))
        )
    ),
)
exercise.mistake(
    "The masks are of type A.", "type A is for the first layer of a network.", block(mask_type="A")
)
for message, hint, convolution in [
    (
        "The mask of the 3x3 convolution is of type A.",
        "type A is for the first layer of a network.",
        lambda self, n, size, colours: Masked(n, size, "A" if size == 3 else "B", colours),
    ),
    (
        "The convolutions have no mask.",
        "use layers.MaskedConv2D instead of Conv2D.",
        lambda self, n, size, colours: keras.layers.Conv2D(n, size, padding="same"),
    ),
    (
        "The convolutions are made for three colours, whatever `colours` is.",
        "`colours` is the fourth argument of layers.MaskedConv2D.",
        lambda self, n, size, colours: Masked(n, size),
    ),
    (
        "Each convolution has the filters of only one colour.",
        "h counts the features of all colours.",
        lambda self, n, size, colours: Masked(n // colours, size, "B", colours),
    ),
    (
        "The convolutions have no biases.",
        "leave `use_bias` at its default.",
        lambda self, n, size, colours: Masked(n, size, "B", colours, use_bias=False),
    ),
]:
    exercise.mistake(message, hint, block(convolution=convolution))

# Mistakes that a condition describes well enough


def unmasked(plain):
    """A block whose convolutions of one size have no mask."""
    without = lambda n, size: keras.layers.Conv2D(n, size, padding="same")
    return block(
        convolution=lambda self, n, size, colours: (
            without(n, size) if size == plain else Masked(n, size, "B", colours)
        )
    )


def lost(*names):
    """A block that does not pass on these arguments of a layer."""

    class Lost(Tutored):
        def __init__(self, filters_per_colour, colours=3, **layer):
            kept = {name: value for name, value in layer.items() if name not in names}
            super().__init__(filters_per_colour, colours, **kept)

    return Lost


class Shared(Tutored):
    made = {}

    def convolution(self, *sizes):
        return self.made.setdefault(sizes, super().convolution(*sizes))


for words, form in {
    "What happens to x on its way to the sum?": block(
        call=lambda self, x: ops.minimum(x, 1) + self.branch(x)
    ),
    "Compare their order, masks and ReLUs with the drawing": block(
        bends=(relu, relu, relu, lambda x: x / 2)
    ),
    "trained weights, got": block(sizes=(1, 5, 1)),
    "depends on a later pixel": unmasked(3),
    "depend on a later colour of their pixel": unmasked(1),
    "starts with weights that are all equal": block(
        convolution=lambda self, n, size, colours: Masked(
            n, size, "B", colours, kernel_initializer="zeros"
        )
    ),
    "another result in training": block(
        call=lambda self, x, training=False: (
            x + keras.random.dropout(self.branch(x), 0.5 if training else 0)
        )
    ),
    "returned None": block(call=lambda self, x: None),
    "has no weights to train": block(trainable=False),
    "Two blocks share their weights": Shared,
    'made with name="mine"': lost("name", "dtype"),
    'made with dtype="float64"': lost("dtype"),
}.items():
    exercise.caught(words)(form)
