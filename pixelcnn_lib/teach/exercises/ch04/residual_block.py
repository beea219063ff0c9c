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
    "_later pixel": ("{call}: a pixel depends on a later pixel.", "which convolution has no mask?"),
    "_later colour": ("{call}: a colour depends on a later one.", "which convolution has no mask?"),
    "with random weights": (
        "{call} with random weights: expected {expected} at {place}, got {got}.",
        "the convolutions have the right sizes. Compare their order, masks and ReLUs with the drawing.",
    ),
    "as in training": ("{call} gives another result in training.", "what changes in training?"),
    "of its own": ("Two blocks share their weights.", "make them in __init__, store them in self."),
    "_name": ('{call}: name="mine" is lost.', "pass **layer to super().__init__."),
    "_dtype": ('{call}: dtype="float64" is lost.', "pass on everything in **layer."),
    "_starts": ("{call}: a convolution's weights start all equal.", "leave them to MaskedConv2D."),
}.items():
    exercise.agrees(part, says, hint, part=part)


# Mistakes: the block as most write it, and what readers change in it

relu, same = ops.relu, lambda x: x
Masked, Plain = layers.MaskedConv2D, keras.layers.Conv2D


class Block(keras.layers.Layer):
    sizes = 1, 3, 1  # of the convolutions
    bends = relu, relu, relu, same  # before each of them, and after the last
    build = lambda self, shape: None  # it saves Keras a slow look for one

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.steps = [self.make(n, s, colours) for n, s in zip((h, h, 2 * h), self.sizes)]

    def make(self, n, s, k):
        return Masked(n, s, "B", k)

    def branch(self, x):
        for bend, convolution in zip(self.bends, self.steps):
            x = convolution(bend(x))
        return self.bends[-1](x)

    def call(self, x):
        return x + self.branch(x)


def block(**changed):
    """The block with these methods or values changed."""
    return type("Block", (Block,), changed)


def bent(*bends):
    """The block with these functions before its convolutions, and after the last of them."""
    return block(bends=bends)


exercise.mistakes_about(
    "there is a ReLU before each convolution, and none after the last.",
    {
        "There is no ReLU, so the three convolutions can do no more than one.": bent(*[same] * 4),
        "The first of the three ReLUs is missing.": bent(same, relu, relu, same),
        "The ReLU before the 3x3 convolution is missing.": bent(relu, same, relu, same),
        "The ReLU before the last convolution is missing.": bent(relu, relu, same, same),
        "Each ReLU comes after its convolution.": bent(same, relu, relu, relu),
        "There is a fourth ReLU, at the end of the branch.": bent(*[relu] * 4),
    },
)
exercise.mistakes_about(
    "in the drawing, x itself runs straight down, and the branch is added to it.",
    {
        "The input is not added to the output.": block(call=Block.branch),
        "ReLU(x) is added, not x.": block(call=lambda self, x: relu(x) + self.branch(x)),
        "A ReLU follows the sum.": block(call=lambda self, x: relu(x + self.branch(x))),
    },
)
exercise.mistakes_about(
    "compare with the drawing: each convolution is layers.MaskedConv2D(…, …, 'B', colours).",
    {
        "The masks are of type A.": block(make=lambda _, n, s, k: Masked(n, s, "A", k)),
        "The 3x3 mask is of type A.": block(make=lambda _, n, s, k: Masked(n, s, "AB"[s == 1], k)),
        "The masks are made for three colours.": block(make=lambda _, n, s, k: Masked(n, s)),
    },
)

# Mistakes that a condition describes well enough

shared = functools.cache(Masked)

exercise.all_caught(
    {
        "What happens to x on": block(call=lambda self, x: ops.minimum(x, 1) + self.branch(x)),
        "Compare their order, masks": block(call=lambda self, x: x - self.branch(x)),
        "trained weights, got": block(sizes=(3, 3, 3)),
        "a later pixel": block(make=lambda _, n, s, k: Plain(n, s, padding="same")),
        "depends on a later one": block(make=lambda _, n, s, k: Masked(n, s, "B", 1)),
        "start all": block(make=lambda _, n, s, k: Masked(n, s, "B", k, kernel_initializer="ones")),
        "another result in training": block(
            call=lambda self, x, training=False: x if training else x + self.branch(x)
        ),
        "has no weights to train": block(trainable=False),
        "share their weights": block(make=lambda _, n, s, k: shared(n, s, "B", k)),
        'name="mine" is lost': lambda n, colours=3, **layer: Block(n, colours),
        'dtype="float64" is lost': lambda *n, dtype=None, **layer: Block(*n, **layer),
    }
)
