"""Gated PixelCNN against a slow reference."""

import numpy as np
import pytest
import reference
from tiny import array, noise_images, small, trunk

PARTS = ("above", "link", "row", "out")


def model_of(seed=1, **options):
    return small("gated", seed, scale=2, **options)


# A reference, pixel by pixel


def chosen(y, gates, groups=1):
    """The gates of each group's features, or their ReLUs."""
    if not gates:
        return np.maximum(y, 0)
    halves = [np.split(part, 2, -1) for part in np.split(y, groups, -1)]
    return np.concatenate([np.tanh(a) / (1 + np.exp(-b)) for a, b in halves], -1)


def slow_trunk(model, x):
    """The trunk, from scaled pixels (H, W, colours) to (H, W, h), by loops over pixels and colours.

    Weights that a mask removes are never read.
    """
    above, row, groups = x, x, model.groups
    for number, layer in enumerate(model.body):
        n = layer.kernel_size // 2
        up = [(up - n, aside - n) for up, aside in np.ndindex(n + 1, 2 * n + 1)]
        left = [(0, aside - n) for aside in range(n + 1)]
        weights = {name: map(array, getattr(layer, name).weights) for name in PARTS}
        upper = reference.causal(above, weights["above"], up)  # knows the rows up to its own
        link = reference.moved_down(reference.causal(upper, weights["link"], [(0, 0)]))
        y = reference.causal(row, weights["row"], left, groups, own=number > 0) + link
        y = chosen(y, layer.gates, groups)
        lower = reference.causal(y, weights["out"], [(0, 0)], groups)
        row = lower + (row if number else 0)
        above = chosen(upper, layer.gates)
    return row


@pytest.mark.parametrize(
    "head, colours, gates",
    [("categorical", 3, True), ("mixture", 1, True), ("tied", 3, True), ("categorical", 3, False)],
)
def test_the_trunk_is_the_reference(head, colours, gates):
    model = model_of(head=head, colours=colours, gates=gates)
    x = array(model.scale(noise_images(1, (4, 5), colours, levels=5)))
    np.testing.assert_allclose(trunk(model, x)[0], slow_trunk(model, x[0]), rtol=1e-9)


def test_the_field_by_hand():
    """A first kernel of 7 and one of 3: 4 columns aside, 5 rows up; and no blind spot."""
    field = model_of(colours=1).field((8, 12, 1)).reshape(8, 12, 8, 12)
    expected = np.zeros((8, 12), bool)
    expected[2:7, 2:11] = True
    expected[7, 2:6] = True
    np.testing.assert_array_equal(field[7, 6], expected)
