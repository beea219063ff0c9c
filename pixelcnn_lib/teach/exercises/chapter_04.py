"""Exercises of chapter 4: the residual block, and how far a stack of them sees."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks, masks
from pixelcnn_lib.teach import answers
from pixelcnn_lib.teach.exercises import Exercise, Mistake, Prediction, agrees

relu = ops.relu


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def at_work(block_class, filters_per_colour, colours, x):
    """What a block makes of x with weights of zero, and with random ones."""
    block = block_class(filters_per_colour, colours)
    block(x)  # now it has its weights
    for weight in block.weights:
        weight.assign(np.zeros(weight.shape))
    idle = ops.convert_to_numpy(block(x))[0]  # (H, W, 2h)
    for weight in block.weights:  # equal shapes get equal values, so that their order is free
        fan_in = np.prod(weight.shape[:-1])
        weight.assign(noise(*weight.shape, seed=sum(weight.shape)) / np.sqrt(fan_in))
    return {"idle": idle, "busy": ops.convert_to_numpy(block(x))[0]}


class Tutored(keras.layers.Layer):
    """The block as most write it. Each class below makes one mistake in it."""

    mask_type = "B"

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.narrow, self.look, self.widen = (
            self.convolution(filters, size, colours)
            for filters, size in ((h, 1), (h, 3), (2 * h, 1))
        )

    def convolution(self, filters, size, colours):
        return layers.MaskedConv2D(filters, size, self.mask_type, colours)

    def branch(self, x):
        return self.widen(relu(self.look(relu(self.narrow(relu(x))))))

    def call(self, x):
        return x + self.branch(x)


class ReluAfter(Tutored):
    def branch(self, x):
        return relu(self.widen(relu(self.look(relu(self.narrow(x))))))


class NoRelu(Tutored):
    def branch(self, x):
        return self.widen(self.look(self.narrow(x)))


class FirstReluMissing(Tutored):
    def branch(self, x):
        return self.widen(relu(self.look(relu(self.narrow(x)))))


class NoSum(Tutored):
    def call(self, x):
        return self.branch(x)


class SumOfTheRelu(Tutored):
    def call(self, x):
        return relu(x) + self.branch(x)


class AddedTwice(Tutored):
    def call(self, x):
        return x + x + self.branch(x)


class ReluOnTheStream(Tutored):
    def call(self, x):
        return relu(x + self.branch(x))


class AllA(Tutored):
    mask_type = "A"


class Unmasked(Tutored):
    def convolution(self, filters, size, colours):
        return keras.layers.Conv2D(filters, size, padding="same")


class ThreeColours(Tutored):
    def convolution(self, filters, size, colours):
        return layers.MaskedConv2D(filters, size)


def show_in_a_network(block_class):
    from pixelcnn_lib.teach import figures

    keras.utils.set_random_seed(0)
    first, block = layers.MaskedConv2D(24, 7, "A"), block_class(4)
    head, shape = layers.MaskedConv2D(24, 1), (6, 6, 3)

    def network(images):
        x = block(first(ops.convert_to_tensor(images, "float32")))  # (N, H, W, 24)
        return ops.reshape(head(x), (*images.shape, 8))

    seen = leaks.influence(network, shape, levels=8)
    return figures.show_kinds(leaks.classify(seen), (5, 2, 1), shape)


def show_depths(blocks_needed):
    from pixelcnn_lib.teach import figures

    size, needed = 12, int(blocks_needed(12, 12))
    first, look = masks.colour_pattern(7, "A", 1), masks.colour_pattern(3, "B", 1)

    def last(blocks):
        seen = leaks.receptive_field([first] + [look] * blocks, (size, size, 1))
        return leaks.classify(seen)[-1].reshape(size, size)

    fields = {f"{blocks} blocks": last(blocks) for blocks in (needed - 1, needed)}
    return figures.show_fields(fields, (size - 1, size - 1))


EXERCISES = [
    Exercise(
        id="4.1",
        title="The residual block",
        minutes=10,
        difficulty=2,
        twin=layers.ResidualBlock,
        hints=(
            "Follow the plan from top to bottom; what leaves the branch is added to what came in.",
            "h is the width of all colours together. Three convolutions: h filters of 1x1, h of 3x3, "
            "2h of 1x1, all of type B and with colours.",
            "y = self.narrow(ops.relu(x)), and so on: each ReLU on the input of its convolution, "
            "and x itself unchanged for the sum.",
        ),
        cases=lambda: [
            (2, 3, noise(1, 4, 5, 12)),
            (3, 1, noise(1, 3, 3, 6)),
            (3, 2, noise(1, 5, 4, 12)),
        ],
        probe=at_work,
        shown=lambda filters, colours, x: f"ResidualBlock({filters}, {colours})",
        axes=("row", "column", "feature"),
        tolerance=1e-4,
        conditions=[
            agrees(
                "idle",
                "{call} with weights of zero: its input at {place} is {expected}, its output {got}.",
                "then the branch gives 0, and the stream passes unchanged.",
                part="idle",
            ),
            agrees(
                "busy",
                "{call} with random weights: expected {expected} at {place}, got {got}.",
                "go through the branch step by step beside the plan.",
                part="busy",
            ),
        ],
        mistakes=[
            Mistake(
                ReluAfter,
                "Each ReLU stands after its convolution, so the block can only raise a feature.",
                "in the plan the branch begins with a ReLU, and ends with a convolution.",
            ),
            Mistake(
                NoRelu,
                "There is no ReLU, so that three convolutions are no more than one.",
                "the plan has three.",
            ),
            Mistake(
                FirstReluMissing,
                "The first of the three ReLUs is missing.",
                "the 1x1 convolution at the top needs one before it as well.",
            ),
            Mistake(
                NoSum,
                "The input is not added to the output.",
                "the branch only corrects the stream.",
            ),
            Mistake(
                SumOfTheRelu,
                "What is added is the ReLU of the input, not the input.",
                "was x overwritten on the way?",
            ),
            Mistake(AddedTwice, "The input is added twice.", "one sum, at the end."),
            Mistake(
                ReluOnTheStream,
                "There is a ReLU on the stream itself, after the sum.",
                "in the plan nothing stands on the line that runs straight down.",
            ),
            Mistake(
                AllA,
                "The convolutions have masks of type A.",
                "which type do the layers after the first have?",
            ),
            Mistake(
                Unmasked,
                "The convolutions have no mask.",
                "layers.MaskedConv2D takes the place of Conv2D.",
            ),
            Mistake(
                ThreeColours,
                "The convolutions are made for three colours, whatever colours says.",
                "it is the fourth argument of layers.MaskedConv2D.",
            ),
        ],
        after=show_in_a_network,
        seen="What green sees through a 7x7 layer and your block.",
    ),
    Prediction(
        id="4.q1",
        right=28,
        why="The way is 31 pixels up and 31 to the left, both at once. The first layer goes 3, each "
        "block 1.",
    ),
    Exercise(
        id="4.2",
        title="How many blocks",
        minutes=5,
        difficulty=1,
        twin=answers.blocks_needed,
        hints=(
            "How many pixels up and how many to the left does a path have to go in all?",
            "A step of a 3x3 layer may go up and to the left at once, so the longer side decides.",
            "Take from the longer way, in pixels, what the first layer goes; no less than 0.",
        ),
        cases=[(9, 9), (13, 13), (6, 15), (15, 6), (1, 11), (7, 1), (4, 5), (3, 4), (2, 2), (1, 1)],
        conditions=[
            agrees(
                "images that need blocks",
                "{call}: expected {expected}, got {got}.",
                "try it: leaks.receptive_field(…)[-1, 0] tells whether the last pixel sees the first.",
                lambda height, width: np.asarray(max(height, width) > 4),
            ),
            agrees(
                "images that need none",
                "{call}: the first layer alone sees so far, and the answer was {got}.",
                "what does the 7x7 layer reach?",
                lambda height, width: np.asarray(max(height, width) <= 4),
            ),
        ],
        mistakes=[
            Mistake(
                lambda height, width: max(height, width) - 4,
                "Right for large images, but small ones get a number below 0.",
                "fewer than no blocks there cannot be.",
            ),
            Mistake(
                lambda height, width: max(height, width) - 1,
                "The reach of the first layer is left out.",
                "the 7x7 layer goes some pixels at once.",
            ),
            Mistake(
                lambda height, width: max(0, max(height, width) - 3),
                "Off by one: that is one block too many.",
                "from the first of n pixels to the last, how many steps are there?",
            ),
            Mistake(
                lambda height, width: max(0, min(height, width) - 4),
                "The shorter side was taken.",
                "the path has to cover both sides.",
            ),
            Mistake(
                lambda height, width: max(0, height + width - 2 - 3),
                "Steps up and steps to the left were added.",
                "a 3x3 kernel reaches the pixel up and to the left in one step.",
            ),
            Mistake(
                lambda height, width: max(0, height - 4),
                "Only the height was counted.",
                "a wide image has a long way to the left.",
            ),
            Mistake(
                lambda height, width: max(0, width - 4),
                "Only the width was counted.",
                "a tall image has a long way up.",
            ),
            Mistake(
                lambda height, width: max(0, max(height, width) - 1 - 7),
                "The first layer was counted with its whole width of 7.",
                "the target stands at the kernel's centre.",
            ),
        ],
        after=show_depths,
        seen="What the last pixel of 12x12 sees: with one block fewer than your number, and with it.",
    ),
    Prediction(
        id="4.q2",
        right=35,
        within=5,
        why="It sees 18 rows up and 18 columns to the left: 19 rows of 19 pixels, less itself, of 1023 "
        "before it.",
    ),
    Prediction(
        id="4.q3",
        right="it sees too little",
        why="Each layer of type A steps back by a value at least, so the nearest ones fall out.",
        replies={
            "it leaks": "Mask A shows less than mask B everywhere, and never more.",
            "nothing changes": "In a later layer, mask A takes from a colour what it knew of its own "
            "pixel.",
        },
    ),
]
