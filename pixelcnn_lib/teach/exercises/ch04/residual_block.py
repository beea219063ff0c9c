"""4.1: the residual block: narrow, look around, widen, add."""

import functools

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
for part, (says, hint) in {
    "with weights of 0": (
        "{call} with all weights 0: expected {expected} at {place}, like the input, got {got}.",
        "then the branch is 0. What happens to x on its way to the sum?",
    ),
    "_weights": (
        "{call}: expected {expected} trained weights, got {got}.",
        "it has a 1x1 from 2h to h features, a 3x3 from h to h and a 1x1 from h to 2h, with biases.",
    ),
    "_later pixel": (
        "{call}: the output at a pixel depends on a later pixel.",
        "which of the convolutions has no mask?",
    ),
    "_later colour": (
        "{call}: features of one colour depend on a later colour of their pixel.",
        "which of the convolutions has no mask?",
    ),
    "with random weights": (
        "{call} with random weights: expected {expected} at {place}, got {got}.",
        "the convolutions have the right sizes. Compare their order, masks and ReLUs with the drawing.",
    ),
    "as in training": (
        "{call} gives another result in training, with training=True.",
        "convolutions, ReLUs and a sum are the same in training.",
    ),
    "of its own": (
        "Two blocks share their weights: a change of one changes the other.",
        "make the convolutions in __init__, and store them in self.",
    ),
    "_name": (
        '{call} was made with name="mine", and has another name.',
        "pass **layer to super().__init__.",
    ),
    "_dtype": (
        '{call} was made with dtype="float64", and has another.',
        "pass on everything in **layer, not only the name.",
    ),
    "_starts": (
        "{call}: a convolution starts with weights that are all equal.",
        "leave the first weights to layers.MaskedConv2D.",
    ),
}.items():
    exercise.agrees(part, says, hint, part=part)


# Mistakes: the block as most write it, and what readers change in it

relu, same = ops.relu, lambda x: x
Masked = layers.MaskedConv2D


class Tutored(keras.layers.Layer):
    sizes, widths = (1, 3, 1), (1, 1, 2)  # of each convolution; a width of 1 is h features
    bends = relu, relu, relu, same  # before each convolution, and after the last

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
        return Masked(filters, size, "B", colours)

    def branch(self, x):
        for bend, convolution in zip(self.bends, (self.narrow, self.look, self.widen)):
            x = convolution(bend(x))
        return self.bends[-1](x)

    def call(self, x):
        return x + self.branch(x)


def block(**changed):
    """The block with these methods or values changed."""
    return type("Block", (Tutored,), changed)


def bent(*bends):
    """The block with these functions before its convolutions, and after the last of them."""
    return block(bends=bends)


def convolving(make):
    """The block with other convolutions: make(filters, kernel size, colours)."""
    return block(convolution=lambda self, *sizes: make(*sizes))


exercise.mistakes_about(
    "there is a ReLU before each convolution, and none after the last.",
    {
        "There is no ReLU, so the three convolutions can do no more than one.": bent(*[same] * 4),
        "The first of the three ReLUs is missing.": bent(same, relu, relu, same),
        "The ReLU before the 3x3 convolution is missing.": bent(relu, same, relu, same),
        "The ReLU before the last convolution is missing.": bent(relu, relu, same, same),
        "Each ReLU comes after its convolution, so the block can only raise a feature.": bent(
            same, relu, relu, relu
        ),
        "There is a fourth ReLU, at the end of the branch.": bent(*[relu] * 4),
    },
)
exercise.mistakes_about(
    "in the drawing, x itself runs straight down, and the branch is added to it.",
    {
        "The input is not added to the output.": block(call=lambda self, x: self.branch(x)),
        "The ReLU of the input is added, not the input.": block(
            call=lambda self, x: relu(x) + self.branch(x)
        ),
        "A ReLU follows the sum.": block(call=lambda self, x: relu(x + self.branch(x))),
    },
)
exercise.mistakes_about(
    "compare the sizes with the drawing: 2h to h, look around, h to 2h, each convolution once.",
    {
        "The branch is as wide as the stream.": block(widths=(2, 2, 2)),
        "The last convolution gives h features, so x cannot be added.": block(widths=(1, 1, 1)),
    },
)
exercise.mistakes_about(
    "use layers.MaskedConv2D(filters, kernel_size, 'B', colours) as it is: type A is for the first "
    "layer of a network.",
    {
        "The masks are of type A.": convolving(lambda n, size, k: Masked(n, size, "A", k)),
        "The mask of the 3x3 convolution is of type A.": convolving(
            lambda n, size, k: Masked(n, size, "A" if size == 3 else "B", k)
        ),
    },
)
exercise.mistakes_about(
    "h counts the features of all colours; `colours` is the fourth argument of layers.MaskedConv2D.",
    {
        "The convolutions are made for three colours, whatever `colours` is.": convolving(
            lambda n, size, k: Masked(n, size)
        ),
        "Each convolution has the filters of only one colour.": convolving(
            lambda n, size, k: Masked(n // k, size, "B", k)
        ),
    },
)

# Mistakes that a condition describes well enough


def dropped_in_training(self, x, training=False):
    return x + keras.random.dropout(self.branch(x), 0.5 if training else 0)


exercise.all_caught(
    {
        "What happens to x on its way to the sum?": block(
            call=lambda self, x: ops.minimum(x, 1) + self.branch(x)
        ),
        "Compare their order, masks": block(call=lambda self, x: x - self.branch(x)),
        "trained weights, got": block(sizes=(3, 3, 3)),
        "depends on a later pixel": convolving(
            lambda n, size, k: keras.layers.Conv2D(n, size, padding="same")
        ),
        "depend on a later colour of their pixel": convolving(
            lambda n, size, k: Masked(n, 3, "B", k) if size == 3 else keras.layers.Conv2D(n, 1)
        ),
        "weights that are all equal": convolving(
            lambda n, size, k: Masked(n, size, "B", k, kernel_initializer="zeros")
        ),
        "another result in training": block(call=dropped_in_training),
        "has no weights to train": block(trainable=False),
        "Two blocks share their weights": convolving(
            functools.cache(lambda n, size, k: Masked(n, size, "B", k))
        ),
        'made with name="mine"': lambda n, colours=3, **layer: Tutored(n, colours),
        'made with dtype="float64"': lambda n, colours=3, name=None, **layer: Tutored(
            n, colours, name=name
        ),
    }
)
