"""Answers to chapter 3."""

import keras
import numpy as np
from keras import ops

from pixelcnn_lib import layers, masks

# Layers


class Layer(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.mask_type = mask_type
        self.colours = colours

    def build(self, input_shape):
        super().build(input_shape)
        self.mask = masks.rgb_mask(
            self.kernel_size, input_shape[-1], self.filters, self.mask_type, self.colours
        )

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel * self.mask)


class Borrowed(layers.MaskedConv2D):
    pass


class MaskMadeInTheCall(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)
        self.kind, self.count = mask_type, colours

    def convolution_op(self, inputs, kernel):
        height, width, sources, targets = kernel.shape
        mask = masks.rgb_mask((height, width), sources, targets, self.kind, self.count)
        return ops.conv(inputs, ops.multiply(kernel, mask), padding="same")


class FromScratch(keras.layers.Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__()
        self.args = filters, kernel_size, mask_type, colours
        self.start = keras.initializers.get(conv2d.get("kernel_initializer", "glorot_uniform"))
        self.act = keras.activations.get(conv2d.get("activation"))

    def build(self, input_shape):
        filters, size, mask_type, colours = self.args
        mask = masks.rgb_mask(size, input_shape[-1], filters, mask_type, colours)
        self.mask = ops.convert_to_tensor(mask)
        self.kernel = self.add_weight(shape=mask.shape, initializer=self.start)
        self.bias = self.add_weight(shape=(filters,), initializer="zeros")

    def call(self, x):
        return self.act(ops.conv(x, self.kernel * self.mask, padding="same") + self.bias)


class BooleanWhere(Layer):
    def convolution_op(self, inputs, kernel):
        return keras.layers.Conv2D.convolution_op(
            self, inputs, ops.where(self.mask == 1, kernel, ops.zeros_like(kernel))
        )


class Forgotten(Layer):
    def convolution_op(self, inputs, kernel):
        return ops.conv(inputs, kernel, padding="same")


class MadeButNotUsed(keras.layers.Conv2D):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, padding="same", **conv2d)

    def build(self, input_shape):
        super().build(input_shape)


class AtBuild(Layer):
    def build(self, input_shape):
        super().build(input_shape)
        kernel = ops.convert_to_numpy(self.kernel)
        self.kernel.assign(np.where(self.mask, kernel, 0))

    def convolution_op(self, inputs, kernel):
        return ops.conv(inputs, kernel, padding="same")


class KeepsTheFuture(Layer):
    def convolution_op(self, inputs, kernel):
        return ops.conv(inputs, ops.where(self.mask == 0, kernel, 0.0), padding="same")


class FixedA(Layer):
    def build(self, input_shape):
        keras.layers.Conv2D.build(self, input_shape)
        sizes = self.kernel_size, input_shape[-1], self.filters
        self.mask = masks.rgb_mask(*sizes, "A", self.colours)


class FixedB(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, colours=colours, **conv2d)


class NoColours(Layer):
    def build(self, input_shape):
        keras.layers.Conv2D.build(self, input_shape)
        sizes = self.kernel_size, input_shape[-1], self.filters
        self.mask = masks.rgb_mask(*sizes, self.mask_type)


class DefaultPadding(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        keras.layers.Conv2D.__init__(self, filters, kernel_size, **conv2d)
        self.mask_type, self.colours = mask_type, colours


class WritesBack(Layer):
    def convolution_op(self, inputs, kernel):
        self.kernel.assign(self.kernel * self.mask)
        return ops.conv(inputs, kernel * self.mask, padding="same")


class MasksTheOutput(Layer):
    def convolution_op(self, inputs, kernel):
        y = ops.conv(inputs, kernel, padding="same")
        return y * self.mask.max((0, 1, 2))


class WithoutBias(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, mask_type, colours, **conv2d)

    def call(self, inputs):
        return ops.relu(ops.conv(inputs, self.kernel * self.mask, padding="same"))


class BiasTurnedOff(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, mask_type, colours, use_bias=False, **conv2d)


class DropsTheRest(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, mask_type, colours, kernel_initializer="ones")


class SizesSwapped(Layer):
    def build(self, input_shape):
        keras.layers.Conv2D.build(self, input_shape)
        sizes = self.kernel_size, self.filters, input_shape[-1]
        self.mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)


class RuleAtEveryTap(Layer):
    def build(self, input_shape):
        super().build(input_shape)
        height, width = self.kernel_size
        self.mask = self.mask * self.mask[height // 2, width // 2]


class NoReturn(Layer):
    def convolution_op(self, inputs, kernel):
        super().convolution_op(inputs, kernel)


class NoKernel(Layer):
    def build(self, input_shape):
        sizes = self.kernel_size, input_shape[-1], self.filters
        self.mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)


class NothingPassedOn(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        super().__init__(filters, kernel_size, mask_type, colours)


class AOfThree(Layer):
    def build(self, input_shape):
        keras.layers.Conv2D.build(self, input_shape)
        self.mask = masks.rgb_mask(self.kernel_size, input_shape[-1], self.filters, "A")


class PaddingOfConv(Layer):
    def convolution_op(self, inputs, kernel):
        return ops.conv(inputs, kernel * self.mask)


class MasksTheInput(Layer):
    def convolution_op(self, inputs, kernel):
        return keras.layers.Conv2D.convolution_op(self, inputs * self.mask, kernel)


class CallsItself(Layer):
    def convolution_op(self, inputs, kernel):
        return self.convolution_op(inputs, kernel * self.mask)


class HeightForFeatures(Layer):
    def build(self, input_shape):
        keras.layers.Conv2D.build(self, input_shape)
        sizes = self.kernel_size, input_shape[1], self.filters
        self.mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)


class MaskNotKept(Layer):
    def build(self, input_shape):
        keras.layers.Conv2D.build(self, input_shape)
        sizes = self.kernel_size, input_shape[-1], self.filters
        mask = masks.rgb_mask(*sizes, self.mask_type, self.colours)  # noqa: F841


class AllPassedOn(Layer):
    def __init__(self, filters, kernel_size, mask_type="B", colours=3, **conv2d):
        keras.layers.Conv2D.__init__(
            self, filters, kernel_size, mask_type, colours, padding="same", **conv2d
        )


class ItsOwnKernel(Layer):
    def convolution_op(self, inputs, kernel):
        return keras.layers.Conv2D.convolution_op(self, inputs, self.kernel * self.mask)


class InPlace(Layer):
    def convolution_op(self, inputs, kernel):
        kernel *= self.mask
        return keras.layers.Conv2D.convolution_op(self, inputs, kernel)


# Masks


def by_loops(cut=1, colour_in=None, rule=None):
    """A mask as the chapter writes it; `rule(source, target, mask_type)` is True where it is dead."""

    def mask_function(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out))
        mask[height // 2, width // 2 + cut :] = 0
        mask[height // 2 + 1 :] = 0
        for i in range(filters_in):
            for j in range(filters_out):
                source = colour_in(i, filters_in, colours)
                target = colour_in(j, filters_out, colours)
                if rule(source, target, mask_type):
                    mask[height // 2, width // 2, i, j] = 0
        return mask

    return mask_function


def block(i, filters, colours):
    return i // (filters // colours)


def turn(i, filters, colours):
    return i % colours


def number(i, filters, colours):
    return i


def third(i, filters, colours):
    return i // (filters // 3)


def always_three(i, filters, colours):
    return i // 3


def by_the_count(i, filters, colours):
    return i // colours


def fraction(i, filters, colours):
    return i / filters


def right_rule(source, target, mask_type):
    return source >= target if mask_type == "A" else source > target


def half_by_number(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Type A asks whether the features are the same one, not whether their colours are."""
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2, width // 2 + 1 :] = 0
    mask[height // 2 + 1 :] = 0
    for source in range(filters_in):
        for target in range(filters_out):
            later = block(source, filters_in, colours) > block(target, filters_out, colours)
            if later or (source == target and mask_type == "A"):
                mask[height // 2, width // 2, source, target] = 0
    return mask


def by_the_size_of_in(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Both colours are counted with the features that go in."""
    size = filters_in // colours
    source, target = np.ogrid[:filters_in, :filters_out]
    mask = np.ones((*kernel_size, filters_in, filters_out))
    row = mask[kernel_size[0] // 2]
    row[kernel_size[1] // 2 + 1 :] = 0
    row[kernel_size[1] // 2] = source // size < target // size + (mask_type == "B")
    mask[kernel_size[0] // 2 + 1 :] = 0
    return mask


def swapped_rule(source, target, mask_type):
    return source > target if mask_type == "A" else source >= target


def turned_rule(source, target, mask_type):
    return source <= target if mask_type == "A" else source < target


def numbered(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Give every feature of every tap a place in the order, and compare."""
    height, width = kernel_size
    taps = np.arange(height * width).reshape(height, width, 1, 1) - height * width // 2
    sources = np.arange(filters_in)[:, None] // (filters_in // colours)
    targets = np.arange(filters_out) // (filters_out // colours)
    return taps * colours + sources < targets + (mask_type == "B")


def with_kron(kernel_size, filters_in, filters_out, mask_type, colours=3):
    height, width = kernel_size
    mask = np.zeros((height * width, filters_in, filters_out), "int8")
    mask[: height * width // 2] = 1
    rule = np.triu(np.ones((colours, colours)), 1 if mask_type == "A" else 0)
    mask[height * width // 2] = np.kron(
        rule, np.ones((filters_in // colours, filters_out // colours))
    )
    return ops.convert_to_tensor(mask.reshape(height, width, filters_in, filters_out))


def as_blind(row_b="right", centre="rule"):
    """The chapter's blind mask, mended in part."""

    def mask_function(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out), "float32")
        mask[height // 2 + 1 :] = 0
        if mask_type == "A":
            mask[height // 2, width // 2 :] = 0
        elif row_b == "right":
            mask[height // 2, width // 2 + 1 :] = 0
        elif width > 1:
            mask[height // 2] = 0
        if centre == "rule" and not (row_b == "all" and mask_type == "B" and width > 1):
            rule = np.triu(np.ones((colours, colours)), mask_type == "A")
            rule = rule.repeat(filters_in // colours, 0).repeat(filters_out // colours, 1)
            mask[height // 2, width // 2] = rule
        return mask

    return mask_function


def rule_set_in_a_lost_row(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = as_blind(row_b="all", centre="none")(
        kernel_size, filters_in, filters_out, mask_type, colours
    )
    rule = masks.colour_rule(mask_type, colours)
    rule = np.kron(rule, np.ones((filters_in // colours, filters_out // colours)))
    mask[kernel_size[0] // 2, kernel_size[1] // 2] = rule
    return mask


def row_from_the_centre_on(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = np.ones((*kernel_size, filters_in, filters_out))
    height, width = kernel_size
    mask[height // 2 + 1 :] = 0
    mask[height // 2, : width // 2] = 0
    mask[height // 2, width // 2 + 1 :] = 0
    if mask_type == "A":
        mask[height // 2, width // 2] = 0
    return mask


def centre_seen_again(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = as_blind(row_b="all", centre="none")(
        kernel_size, filters_in, filters_out, mask_type, colours
    )
    if mask_type == "B":
        mask[kernel_size[0] // 2, kernel_size[1] // 2] = 1
    return mask


def with_centre(make):
    """The row is right; the centre is what `make` says."""

    def mask_function(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out), "float32")
        mask[height // 2, width // 2 + 1 :] = 0
        mask[height // 2 + 1 :] = 0
        mask[height // 2, width // 2] = make(filters_in, filters_out, mask_type, colours)
        return mask

    return mask_function


@with_centre
def not_repeated(filters_in, filters_out, mask_type, colours):
    return masks.colour_rule(mask_type, colours)


@with_centre
def tiled(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours)
    return np.tile(rule, (filters_in // colours, filters_out // colours))


@with_centre
def repeated_the_other_way(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours)
    return rule.repeat(filters_out // colours, 0).repeat(filters_in // colours, 1)


@with_centre
def rule_transposed(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours).T
    return rule.repeat(filters_in // colours, 0).repeat(filters_out // colours, 1)


@with_centre
def rule_of_three(filters_in, filters_out, mask_type, colours):
    return masks.colour_rule(mask_type).repeat(filters_in // 3, 0).repeat(filters_out // 3, 1)


@with_centre
def rule_of_a(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule("A", colours)
    return rule.repeat(filters_in // colours, 0).repeat(filters_out // colours, 1)


@with_centre
def rule_by_number(filters_in, filters_out, mask_type, colours):
    rule, sizes = masks.colour_rule(mask_type, colours), (filters_in, filters_out)
    return [[rule[source, target] for target in range(sizes[1])] for source in range(sizes[0])]


@with_centre
def rule_in_a_alone(filters_in, filters_out, mask_type, colours):
    if mask_type == "B":
        return 1
    rule = masks.colour_rule("A", colours)
    return rule.repeat(filters_in // colours, 0).repeat(filters_out // colours, 1)


def cut_then_multiplied(kernel_size, filters_in, filters_out, mask_type, colours=3):
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2 + 1 :] = 0
    mask[height // 2, width // 2 :] = 0
    rule = masks.colour_rule(mask_type, colours)
    rule = rule.repeat(filters_in // colours, 0).repeat(filters_out // colours, 1)
    mask[height // 2, width // 2] *= rule
    return mask


def mended_in_a_alone(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mend = as_blind("all", "rule" if mask_type == "A" else "none")
    return mend(kernel_size, filters_in, filters_out, mask_type, colours)


def below_forgotten(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = numbered(kernel_size, filters_in, filters_out, mask_type, colours)
    mask[kernel_size[0] // 2 + 1 :] = True
    return mask


def quadrant(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = numbered(kernel_size, filters_in, filters_out, mask_type, colours)
    mask[: kernel_size[0] // 2, kernel_size[1] // 2 + 1 :] = False
    return mask


def only_type_b(kernel_size, filters_in, filters_out, mask_type, colours=3):
    return numbered(kernel_size, filters_in, filters_out, "B", colours)


def untransposed(mask_function):
    """The colours turned round, by a mask carried over from (out, in)."""
    return lambda size, sources, targets, *rest: np.swapaxes(
        np.asarray(mask_function(size, targets, sources, *rest)), 2, 3
    )


WRONG = {
    "3.1": {
        "the library's own": [layers.MaskedConv2D, Borrowed],
        "No mask takes effect": [Forgotten, MadeButNotUsed, MasksTheOutput],
        "when the layer was built": [AtBuild],
        "the wrong way round": [KeepsTheFuture],
        "masks as type A, whatever": [FixedA],
        "masks as type A, for three colours": [AOfThree],
        "masks as type B": [FixedB],
        "made for three colours": [NoColours],
        "smaller than the input": [DefaultPadding, PaddingOfConv],
        "has changed self.kernel": [WritesBack],
        "with all weights 1: expected": [RuleAtEveryTap],
        "with other weights and inputs": [WithoutBias, DropsTheRest],
        "does not start as": [NothingPassedOn],
        "convolution_op returned None": [NoReturn],
        "made no kernel": [NoKernel],
        "comes before filters_out": [SizesSwapped],
        "has no bias": [BiasTurnedOff],
        "Conv2D knows no mask_type": [AllPassedOn],
        "in a cell of its own": [MasksTheInput, CallsItself, HeightForFeatures, MaskNotKept],
    },
    "3.2": {
        "Both mistakes": [by_loops(2, number, right_rule)],
        "a value still sees itself": [by_loops(1, number, right_rule)],
        "right neighbour": [by_loops(2, block, right_rule)],
        "the centre is all zeros": [
            by_loops(0, number, right_rule),
            by_loops(0, block, right_rule),
        ],
        "take turns": [by_loops(1, turn, right_rule)],
        "turned round": [by_loops(1, block, turned_rule), untransposed(numbered)],
        "are swapped": [by_loops(1, block, swapped_rule)],
        "a finished pixel": [quadrant],
        "still to come": [below_forgotten],
        "for three colours": [by_loops(1, third, right_rule)],
        "divided by the number of colours": [by_loops(1, by_the_count, right_rule)],
        "some of its own features": [half_by_number],
        "in the centre, stands": [
            only_type_b,
            by_loops(1, always_three, right_rule),
            by_the_size_of_in,
            by_loops(1, fraction, right_rule),
            by_loops(1, block, lambda source, target, mask_type: source >= target),
        ],
    },
    "3.3": {
        "Both mistakes": [as_blind("all", "none")],
        "The row is whole again": [as_blind("right", "none")],
        "loses the whole row": [as_blind("all", "rule")],
        "nothing to the left in the centre's row": [rule_set_in_a_lost_row],
        "as a whole, but still nothing": [centre_seen_again],
        "take turns": [by_loops(1, turn, right_rule), tiled],
        "turned round": [by_loops(1, block, turned_rule), rule_transposed],
        "are swapped": [by_loops(1, block, swapped_rule)],
        "a finished pixel": [quadrant, row_from_the_centre_on],
        "still to come": [below_forgotten],
        "in type A alone": [mended_in_a_alone],
        "Type B still shows its centre": [rule_in_a_alone],
        "the centre is all zeros": [cut_then_multiplied],
        "one entry per colour": [not_repeated, rule_by_number, repeated_the_other_way],
        "for three colours": [rule_of_three],
        "in the centre, stands": [only_type_b, rule_of_a],
    },
}

RIGHT = {
    "3.1": [Layer, MaskMadeInTheCall, FromScratch, BooleanWhere, ItsOwnKernel, InPlace],
    "3.2": [by_loops(1, block, right_rule), numbered, with_kron],
    "3.3": [as_blind(), numbered, with_kron],
}
