"""PixelCNN++ against a slow reference."""

import numpy as np
import pytest
import reference
from tiny import array, cached_logits, noise_images, small, trunk

slow = pytest.mark.slow


def model_of(seed=1, **options):
    return small("pixelcnn-pp", seed, **options)


# A reference, pixel by pixel


def elus(x, groups):
    """The ELU of each group's features and of their negatives."""
    parts = [sign * part for part in np.split(x, groups, -1) for sign in (1, -1)]
    x = np.concatenate(parts, -1)
    return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)


def convolved(x, layer, offsets):
    weights = map(array, layer.weights)
    return reference.causal(x, weights, offsets, layer.colours, layer.mask_type == "B")


UP = [(down, right) for down in (-1, 0) for right in (-1, 0, 1)]
LEFT = [(down, right) for down in (-1, 0) for right in (-1, 0)]
HERE = [(0, 0)]


def unit(layer, x, others, offsets):
    groups = layer.look.colours
    y = convolved(elus(x, groups), layer.look, offsets)
    for link, other in others:
        y = y + convolved(elus(other, link.colours), link, HERE)
    y = convolved(elus(y, groups), layer.choose, offsets)
    parts = np.split(y, 2 * groups, -1)
    return x + np.concatenate([a / (1 + np.exp(-b)) for a, b in zip(parts[::2], parts[1::2])], -1)


def grown(x, height, width):
    """Scatter, as a transposed convolution does: (H, W, 4h) -> (height, width, h)."""
    rows, columns, features = x.shape
    y = np.zeros((2 * rows, 2 * columns, features // 4))
    for row, col, number in np.ndindex(rows, columns, 4):
        y[2 * row + number // 2, 2 * col + number % 2] += np.split(x[row, col], 4)[number]
    return y[:height, :width]


def scaled(layer, above, row):
    kept = [(above, row)]
    for block in layer.up:
        above = unit(block.above, above, [], UP)
        row = unit(block.row, row, [(block.link, above)], LEFT)
        kept.append((above, row))
    if layer.inner is None:
        kept.pop()
    else:
        half = layer.inner
        smaller = convolved(above, half.shrink_above, UP), convolved(row, half.shrink, LEFT)
        above, row = scaled(half.scale, *(one[::2, ::2] for one in smaller))
        size = kept[0][0].shape[:2]
        later = [convolved(row, one, HERE) for one in (half.first, half.later)]
        row = grown(np.concatenate(later, -1), *size)
        above = grown(convolved(above, half.grow_above, HERE), *size)
    for block, (skip_above, skip_row) in zip(layer.down, kept[::-1], strict=True):
        above = unit(block.above, above, [(block.above.skip, skip_above)], UP)
        row = unit(block.row, row, [(block.link, above), (block.row.skip, skip_row)], LEFT)
    return above, row


def slow_trunk(model, x):
    """The trunk, from scaled pixels (H, W, colours) to (H, W, h)."""
    above = reference.moved_down(convolved(x, model.above, UP))
    beside = reference.moved_down(convolved(x, model.beside, UP[3:]))
    return scaled(model.scales, above, beside + convolved(x, model.row, LEFT[2:]))[1]


@pytest.mark.parametrize(
    "head, colours, scales, blocks, size",
    [
        ("categorical", 3, 2, 1, (5, 3)),
        pytest.param("tied", 3, 2, 1, (4, 6), marks=slow),
        pytest.param("categorical", 1, 3, 2, (4, 5), marks=slow),
        pytest.param("mixture", 2, 1, 2, (3, 4), marks=slow),
    ],
)
def test_the_trunk_is_the_reference(head, colours, scales, blocks, size):
    model = model_of(head=head, colours=colours, scales=scales, blocks=blocks)
    x = array(model.scale(noise_images(1, size, colours, levels=5)))
    np.testing.assert_allclose(trunk(model, x)[0], slow_trunk(model, x[0]), rtol=1e-9)


# What it sees


def test_the_field_by_hand():
    """One scale: two pixels for each of two blocks, the first layer, and a row and a column more."""
    field = model_of(colours=1, scales=1).field((10, 16, 1)).reshape(10, 16, 10, 16)
    expected = np.zeros((10, 16), bool)
    expected[2:9, 2:14] = True
    expected[9, 3:8] = True
    np.testing.assert_array_equal(field[9, 8], expected)


# Drawing


@slow
@pytest.mark.parametrize(
    "head, scales, size", [("tied", 1, (3, 4)), ("mixture", 3, (7, 9)), ("tied", 4, (5, 10))]
)
def test_the_cached_step_is_exact_at_any_number_of_scales(head, scales, size):
    model = model_of(head=head, scales=scales)
    images = noise_images(1, size, levels=5)
    found = cached_logits(model, images, size[1] + scales % 2)
    np.testing.assert_allclose(found, array(model(images)), rtol=1e-9, atol=1e-9)
