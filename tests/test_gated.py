"""Gated PixelCNN against a slow reference; each known mistake, planted, is found."""

import numpy as np
import pytest
from keras import ops
from tiny import noise_images, shake

from pixelcnn_lib import leaks
from pixelcnn_lib.family import GatedPixelCNN, gated
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import CausalConv2D
from pixelcnn_lib.masks import causal_pattern

HEADS = [CategoricalHead, LogisticMixtureHead(components=2), TiedMixtureHead(components=2)]
each_head = pytest.mark.parametrize("head", HEADS, ids=["categorical", "mixture", "tied"])
masked_heads = pytest.mark.parametrize("head", HEADS[:2], ids=["categorical", "mixture"])
SHAPE = (4, 7, 3)


def array(tensor):
    return ops.convert_to_numpy(tensor)


def small(seed=1, **options):
    sizes = dict(filters_per_colour=4, blocks=1, head_per_colour=6, levels=5, dtype="float64")
    return shake(GatedPixelCNN(**{**sizes, **options}), seed, scale=2)


# A reference, pixel by pixel


def at(x, row, col):
    """The features of a pixel, zeros outside the picture."""
    height, width, features = x.shape
    inside = 0 <= row < height and 0 <= col < width
    return x[row, col] if inside else np.zeros(features)


def gated_unit(y):
    a, b = np.split(y, 2)
    return np.tanh(a) / (1 + np.exp(-b))


def reference(model, x):
    """The trunk, from scaled pixels (H, W, colours) to (H, W, h), by loops over pixels and colours.

    Weights that a mask removes are never read.
    """
    groups, (height, width, _) = model.groups, x.shape
    above, row = x, x
    for number, layer in enumerate(model.body):
        n = layer.kernel_size // 2
        kernel, bias = array(layer.above.kernel), array(layer.above.bias)
        upper = np.zeros((height, width, len(bias)))  # knows the rows up to its own
        for i, j in np.ndindex(height, width):
            upper[i, j] = bias + sum(
                at(above, i - n + up, j - n + aside) @ kernel[up, aside]
                for up, aside in np.ndindex(n + 1, 2 * n + 1)
            )
        link = upper @ array(layer.link.kernel)[0, 0] + array(layer.link.bias)
        kernel, bias = array(layer.row.kernel)[0], array(layer.row.bias)
        out, out_bias = array(layer.out.kernel)[0, 0], array(layer.out.bias)
        lower = np.zeros((height, width, model.h))
        for i, j in np.ndindex(height, width):
            units = []
            for group in range(groups):
                own = slice(group * 2 * model.h // groups, (group + 1) * 2 * model.h // groups)
                y = bias[own] + at(link, i - 1, j)[own]
                y = y + sum(at(row, i, j - n + k) @ kernel[k][:, own] for k in range(n))
                known = (group + (number > 0)) * row.shape[2] // groups
                y = y + row[i, j, :known] @ kernel[n][:known, own]
                units.append(gated_unit(y))
                own = slice(group * model.h // groups, (group + 1) * model.h // groups)
                seen = np.concatenate(units)  # of this pixel, the groups so far
                lower[i, j, own] = out_bias[own] + seen @ out[: len(seen), own]
        row = lower + (row if number else 0)
        above = np.array([[gated_unit(upper[i, j]) for j in range(width)] for i in range(height)])
    return row


@each_head
@pytest.mark.parametrize("colours, kernel_size", [(3, 3), (1, 5)])
def test_the_trunk_is_the_reference(head, colours, kernel_size):
    model = small(head=head, colours=colours, kernel_size=kernel_size)
    image = noise_images(1, (4, 5), colours, levels=5)
    x = array(model.scale(image))
    np.testing.assert_allclose(array(model.trunk(x))[0], reference(model, x[0]), rtol=1e-9)


def test_the_field_by_hand():
    """A first kernel of 7 and one of 3: 4 columns aside, 5 rows up; and no blind spot."""
    field = small(colours=1).field((8, 12, 1)).reshape(8, 12, 8, 12)
    expected = np.zeros((8, 12), bool)
    expected[2:7, 2:11] = True
    expected[7, 2:6] = True
    np.testing.assert_array_equal(field[7, 6], expected)


# Traps that leak


def without_groups(x, groups=1, whole=gated.gate):
    """Halves of all the features, so that red's gate learns of blue."""
    return whole(x)


def leaks_somewhere(models):
    return any(leaks.find_leak(model, SHAPE, levels=5) is not None for model in models)


@masked_heads
def test_a_gate_split_across_the_colours_is_found(head, monkeypatch):
    monkeypatch.setattr(gated, "gate", without_groups)
    assert leaks_somewhere([small(head=head)])


@masked_heads
def test_an_unmasked_1x1_is_found(head):
    model = small(head=head)
    model.body[1].out.pattern = np.ones((1, 1, 3, 3), bool)
    assert leaks_somewhere([model])


@each_head
@pytest.mark.parametrize("wrong", ["A", "B"])
def test_a_first_layer_of_type_b_is_found(head, wrong):
    model = small(head=head)
    model.body[0].row.pattern = causal_pattern((1, 4), wrong, model.groups)
    assert leaks_somewhere([model]) == (wrong == "B")


@each_head
def test_a_vertical_stack_without_its_shift_is_found(head, monkeypatch):
    monkeypatch.setattr(gated, "shift_down", lambda x: x)
    assert leaks_somewhere([small(head=head)])


@each_head
def test_a_shift_up_is_found(head, monkeypatch):
    up = lambda x: ops.pad(x, ((0, 0), (0, 1), (0, 0), (0, 0)))[:, 1:]
    monkeypatch.setattr(gated, "shift_down", up)
    assert leaks_somewhere([small(head=head)])


@each_head
def test_padding_on_both_sides_is_found(head, monkeypatch):
    same = lambda layer, x, kernel: ops.conv(
        x, layer.masked(kernel), padding="same", data_format="channels_last"
    )
    monkeypatch.setattr(CausalConv2D, "convolution_op", same)
    assert leaks_somewhere([small(head=head)])


@each_head
@pytest.mark.parametrize("feeds", [False, True])
def test_a_horizontal_stack_that_feeds_a_shifted_vertical_one_is_found(head, feeds, monkeypatch):
    """If the first layer shifts, the vertical features of a row know the rows above it only.

    The next vertical kernel then reads, to the right, what horizontal features know of their row.
    """

    def call(layer, above, row):
        x = layer.above(above)  # (N, H, W, 2h)
        x = gated.shift_down(x) if layer.mask_type == "A" else x
        y = layer.out(gated.gate(layer.row(row) + layer.link(x), layer.colours))  # (N, H, W, h)
        row = y if layer.mask_type == "A" else row + y
        return gated.gate(x) + (row if feeds else 0), row

    monkeypatch.setattr(gated.GatedLayer, "call", call)
    assert leaks_somewhere([small(head=head)]) == feeds


# Traps that leak nothing, and yet are wrong


def test_a_shift_to_the_right_instead_hides_pixels(monkeypatch):
    """Height taken for width: the row above is seen a column too far to the left, and a row low."""
    right = lambda x: ops.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0)))[:, :-1, :-1]
    monkeypatch.setattr(gated, "shift_down", right)
    model = small()
    seen = leaks.influence(model, SHAPE, levels=5)
    assert not np.triu(seen).any() and (model.field(SHAPE) & ~seen).any()


def test_mask_a_in_every_layer_hides_colours():
    model = small(blocks=2)
    for layer in model.body[1:]:
        layer.row.pattern = causal_pattern((1, 2), "A", 3)
        layer.out.pattern = np.tri(3, k=-1, dtype=bool).T[None, None]
    seen = leaks.influence(model, SHAPE, levels=5)
    assert not np.triu(seen).any() and (seen != model.field(SHAPE)).any()


def test_a_link_after_the_gate_is_another_network(monkeypatch):
    """It sees the same pixels; only the reference tells it from the paper's network."""

    class After(gated.GatedLayer):
        def call(self, above, row):
            x = self.above(above)  # (N, H, W, 2h)
            open_ = ops.concatenate(2 * [gated.gate(x)], axis=-1)  # (N, H, W, 2h)
            y = self.row(row) + gated.shift_down(self.link(open_))
            y = self.out(gated.gate(y, self.colours))
            return gated.gate(x), (y if self.mask_type == "A" else row + y)

    model, x = small(), noise_images(1, (4, 5), levels=5)
    x = array(model.scale(x))
    monkeypatch.setattr(gated.GatedLayer, "call", After.call)
    seen = leaks.influence(model, SHAPE, levels=5, trials=4)
    seen |= leaks.influence(small(seed=2), SHAPE, levels=5, trials=4)
    np.testing.assert_array_equal(seen, model.field(SHAPE))
    assert np.abs(array(model.trunk(x))[0] - reference(model, x[0])).max() > 0.1


# What is refused


@pytest.mark.parametrize("wrong", [1, 4, 17, "3"])
def test_a_kernel_that_does_not_fit_is_refused(wrong):
    with pytest.raises(ValueError, match="kernel_size must be"):
        GatedPixelCNN(2, 1, 2, kernel_size=wrong)
