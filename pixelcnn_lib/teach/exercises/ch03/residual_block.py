"""3.1: the residual block: narrow, look around, widen, add."""

import keras
from keras import ops

from pixelcnn_lib import layers
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.noise import noise


class ResidualBlock(keras.layers.Layer):
    """Narrow, look around, widen, add: `layers.ResidualBlock` in its plainest form."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.narrow = layers.MaskedConv2D(h, 1, "B", colours)
        self.look = layers.MaskedConv2D(h, 3, "B", colours)
        self.widen = layers.MaskedConv2D(2 * h, 1, "B", colours)

    def call(self, x):
        y = self.narrow(ops.relu(x))  # (N, H, W, h)
        y = self.look(ops.relu(y))  # (N, H, W, h)
        return x + self.widen(ops.relu(y))  # (N, H, W, 2h)


def observed(block_class, filters_per_colour, colours, x):
    """Give a block random weights, and call it with x (N, H, W, 2h)."""
    block = block_class(filters_per_colour, colours=colours, name="mine")
    block(x)
    for weight in block.trainable_variables:  # weights of one shape are alike: their order is free
        inputs = weight.shape[-2] if len(weight.shape) > 1 else 1
        seed = sum(size for size in weight.shape if size > 1)  # a Dense layer's are those of a 1x1
        weight.assign(noise(*weight.shape, seed=seed) / inputs**0.5)
    return {
        "weights": block.count_params(),
        "output": ops.convert_to_numpy(block(x)),
        "name": block.name == "mine",
    }


def show_in_a_network(block_class):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    first, block = layers.MaskedConv2D(16, 7, "A", 1), block_class(8, 1)
    head, shape = layers.MaskedConv2D(8, 1, "B", 1), (9, 9, 1)

    def network(images):
        x = block(first(ops.convert_to_tensor(images, "float32")))  # (N, 9, 9, 16)
        return ops.expand_dims(head(x), 3)  # (N, 9, 9, 1, 8)

    seen = leaks.influence(network, shape, levels=8)
    return figures.show_kinds(leaks.classify(seen), (7, 4, 0), shape)


exercise = Exercise(
    id="3.1",
    title="The residual block",
    minutes=8,
    difficulty=2,
    solution=ResidualBlock,
    hints=(
        "Follow the arrows of the drawing: which two things meet in the sum?",
        "h counts the features of all colours. The first 1x1 convolution turns 2h features into h, "
        "the 3x3 keeps h, and the last 1x1 turns h into 2h.",
        "`call` has three steps, and each is a convolution of ops.relu(…). Do not overwrite x before "
        "the sum.",
    ),
    cases={
        "one colour": (3, 1, noise(1, 3, 3, 6)),
        "two images": (3, 1, noise(2, 3, 3, 6)),
        "three colours": (2, 3, noise(1, 4, 5, 12)),
    },
    probe=observed,
    shown=lambda filters_per_colour, colours, x: f"ResidualBlock({filters_per_colour}, {colours})",
    axes=("image", "row", "column", "feature"),
    tolerance=1e-4,
    after=show_in_a_network,
    seen="What a pixel sees through a 7x7 layer and your block.",
)
ANOTHER_NUMBER = "The block has another number of weights than the drawing's three convolutions."
SIZES = "made in __init__, they turn 2h features into h (1x1), h into h (3x3), and h into 2h (1x1)."
exercise.agrees(ANOTHER_NUMBER, hint=SIZES, part="weights")
exercise.agrees(
    "{call} with random weights: expected {expected} at {place}, got {got}.",
    hint="compare the number of features, the order, the masks and the ReLUs with the drawing.",
    part="output",
)
LOST = 'The options in **layer are lost, such as name="mine".'
PASS_ON = "pass **layer to super().__init__."
exercise.agrees(LOST, PASS_ON, part="name")
exercise.mistaken = {
    "there is a ReLU before each convolution, and none after the last.": {
        "The first of the three ReLUs is missing.": ("self.narrow(ops.relu(x))", "self.narrow(x)"),
        "The ReLU before the last convolution is missing.": ("widen(ops.relu(y))", "widen(y)"),
        "Each ReLU comes after its convolution.": [
            ("self.narrow(ops.relu(x))", "ops.relu(self.narrow(x))"),
            ("self.look(ops.relu(y))", "ops.relu(self.look(y))"),
            ("self.widen(ops.relu(y))", "ops.relu(self.widen(y))"),
        ],
    },
    "in the drawing, x itself runs straight down, and the branch is added to it.": {
        "The input is not added to the output.": "self.widen(ops.relu(y))",
        "A ReLU follows the sum.": "ops.relu(x + self.widen(ops.relu(y)))",
    },
    "each convolution is layers.MaskedConv2D(…, …, 'B', colours).": {
        "The masks are made for three colours.": [
            (f'{size}, "B", colours', f'{size}, "B", 3') for size in ("(h, 1", "(h, 3", "2 * h, 1")
        ]
    },
    SIZES: {
        ANOTHER_NUMBER: (
            "super().__init__(**layer)",
            "super().__init__(**layer)\n        self.gain = self.add_weight(shape=(1,))",
        )
    },
    PASS_ON: {LOST: ("__init__(**layer)", "__init__()")},
}
exercise.symptoms = {
    "every convolution needs mask B for `colours`, a 1x1 too: layers.Dense has no mask, so with three "
    "colours it leaks.": {
        "This is right for one colour, but not for three.": [
            (f'layers.MaskedConv2D({size}, 1, "B", colours)', f"keras.layers.Dense({size})")
            for size in ("h", "2 * h")
        ]
    }
}
