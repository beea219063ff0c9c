"""Answers to chapter 4."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, leaks, masks

Masked = layers.MaskedConv2D

# Blocks


class Block(keras.layers.Layer):
    """The block as a reader writes it; the classes below go wrong in one place."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.first = Masked(h, 1, "B", colours)
        self.second = Masked(h, 3, "B", colours)
        self.third = Masked(2 * h, 1, "B", colours)

    def call(self, x):
        y = self.first(ops.relu(x))
        y = self.second(ops.relu(y))
        y = self.third(ops.relu(y))
        return y + x


class InAList(keras.layers.Layer):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.steps = [Masked(n, k, colours=colours) for n, k in ((h, 1), (h, 3), (2 * h, 1))]

    def call(self, x):
        y = x
        for step in self.steps:
            y = step(keras.activations.relu(y))
        return ops.add(x, y)


class WithActivations(keras.layers.Layer):
    """A ReLU as the activation of the first two convolutions, and one of its own at the start."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.start = keras.layers.ReLU()
        self.branch = [
            Masked(h, 1, "B", colours, activation="relu"),
            Masked(h, 3, "B", colours, activation="relu"),
            Masked(2 * h, 1, "B", colours),
        ]

    def call(self, x):
        y = self.start(x)
        for layer in self.branch:
            y = layer(y)
        return keras.layers.add([x, y])


class AsTheTutorial(keras.layers.Layer):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(**layer)
        h = filters_per_colour * colours
        self.conv_in = Masked(h, 1, "B", colours, activation="relu")
        self.conv_mid = Masked(h, 3, "B", colours, activation="relu")
        self.conv_out = Masked(2 * h, 1, "B", colours, activation="relu")

    def call(self, x):
        return x + self.conv_out(self.conv_mid(self.conv_in(x)))


class Linear(Block):
    def call(self, x):
        return x + self.third(self.second(self.first(x)))


class FirstReluForgotten(Block):
    def call(self, x):
        y = ops.relu(self.first(x))
        y = ops.relu(self.second(y))
        return x + self.third(y)


class BranchAlone(Block):
    def call(self, x):
        x = self.first(ops.relu(x))
        x = self.second(ops.relu(x))
        return self.third(ops.relu(x))


class Overwritten(Block):
    def call(self, x):
        x = ops.relu(x)
        y = self.first(x)
        y = self.second(ops.relu(y))
        return x + self.third(ops.relu(y))


class Twice(Block):
    def call(self, x):
        return x + super().call(x)


class ReluAtTheEnd(Block):
    def call(self, x):
        return ops.relu(super().call(x))


class MaskA(Block):
    def __init__(self, filters_per_colour, colours=3, **layer):
        keras.layers.Layer.__init__(self, **layer)
        h = filters_per_colour * colours
        self.first = Masked(h, 1, "A", colours)
        self.second = Masked(h, 3, "A", colours)
        self.third = Masked(2 * h, 1, "A", colours)


class Plain(Block):
    def __init__(self, filters_per_colour, colours=3, **layer):
        keras.layers.Layer.__init__(self, **layer)
        h = filters_per_colour * colours
        self.first = keras.layers.Conv2D(h, 1, padding="same")
        self.second = keras.layers.Conv2D(h, 3, padding="same")
        self.third = keras.layers.Conv2D(2 * h, 1, padding="same")


class ColoursForgotten(Block):
    def __init__(self, filters_per_colour, colours=3, **layer):
        keras.layers.Layer.__init__(self, **layer)
        h = filters_per_colour * colours
        self.first, self.second, self.third = Masked(h, 1), Masked(h, 3), Masked(2 * h, 1)


class Averaged(Block):
    def call(self, x):
        return super().call(x) / 2


class LookTwice(Block):
    def call(self, x):
        y = self.second(ops.relu(self.first(ops.relu(x))))
        y = self.second(ops.relu(y))
        return x + self.third(ops.relu(y))


class NotWidened(Block):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.third = Masked(filters_per_colour * colours, 1, "B", colours)


class WidthOfOneColour(Block):
    def __init__(self, filters_per_colour, colours=3, **layer):
        keras.layers.Layer.__init__(self, **layer)
        self.first = Masked(filters_per_colour, 1, "B", colours)
        self.second = Masked(filters_per_colour, 3, "B", colours)
        self.third = Masked(2 * filters_per_colour, 1, "B", colours)


# Numbers of blocks


def by_trial(height, width):
    first, look = masks.colour_pattern(7, "A", 1), masks.colour_pattern(3, "B", 1)
    blocks = 0
    while not leaks.receptive_field([first] + [look] * blocks, (height, width, 1))[-1, 0]:
        blocks += 1
        if height == width == 1:
            return 0  # a pixel alone never sees itself
    return blocks


def by_steps(height, width):
    row, col, blocks = height - 1 - 3, width - 1 - 3, 0
    while row > 0 or col > 0:
        row, col, blocks = row - 1, col - 1, blocks + 1
    return blocks


def with_numpy(height, width):
    return np.clip(np.maximum(height, width) - 4, 0, None)


def below_zero(height, width):
    return max(height - 4, width - 4)


def without_the_first(height, width):
    return max(height, width) - 1


def one_too_many(height, width):
    return max(max(height, width) - 3, 0)


def one_too_few(height, width):
    return max(max(height, width) - 5, 0)


def shorter(height, width):
    return max(min(height - 1, width - 1) - 3, 0)


def added(height, width):
    return max(0, (height - 1) + (width - 1) - 3)


def tall_only(height, width):
    return max(0, height - 4)


def wide_only(height, width):
    return max(0, width - 4)


def whole_kernel(height, width):
    return max(0, max(height, width) - 8)


def at_least_one(height, width):
    return max(1, max(height, width) - 4)


WRONG = {
    "4.1": {
        "can only raise": [AsTheTutorial],
        "There is no ReLU": [Linear],
        "first of the three ReLUs": [FirstReluForgotten],
        "is not added": [BranchAlone],
        "the ReLU of the input": [Overwritten],
        "added twice": [Twice],
        "on the stream itself": [ReluAtTheEnd],
        "of type A": [MaskA],
        "have no mask": [Plain],
        "for three colours": [ColoursForgotten],
        "with weights of zero": [Averaged],
        "with random weights": [LookTwice],
        "raised": [NotWidened, WidthOfOneColour],
    },
    "4.2": {
        "a number below 0": [below_zero],
        "is left out": [without_the_first],
        "one block too many": [one_too_many],
        "shorter side": [shorter],
        "were added": [added],
        "Only the height": [tall_only],
        "Only the width": [wide_only],
        "whole width of 7": [whole_kernel],
        "expected 5, got 4": [one_too_few],
        "the first layer alone": [at_least_one],
    },
}

RIGHT = {
    "4.1": [Block, InAList, WithActivations],
    "4.2": [by_trial, by_steps, with_numpy],
}
