"""Gated PixelCNN against a slow reference."""

import numpy as np
import pytest
from tiny import array, noise_images, small

from pixelcnn_lib import leaks
from pixelcnn_lib.sampling import generate_images

SHAPE = (4, 7, 3)
METHODS = ("cached", "wavefront", "compiled")


def model_of(seed=1, **options):
    return small("gated", seed, scale=2, **options)


# A reference, pixel by pixel


def at(x, row, col):
    """The features of a pixel, zeros outside the picture."""
    height, width, features = x.shape
    inside = 0 <= row < height and 0 <= col < width
    return x[row, col] if inside else np.zeros(features)


def chosen(y, gates):
    if not gates:
        return np.maximum(y, 0)
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
                own = slice(group * layer.made // groups, (group + 1) * layer.made // groups)
                y = bias[own] + at(link, i - 1, j)[own]
                y = y + sum(at(row, i, j - n + k) @ kernel[k][:, own] for k in range(n))
                known = (group + (number > 0)) * row.shape[2] // groups
                y = y + row[i, j, :known] @ kernel[n][:known, own]
                units.append(chosen(y, layer.gates))
                own = slice(group * model.h // groups, (group + 1) * model.h // groups)
                seen = np.concatenate(units)  # of this pixel, the groups so far
                lower[i, j, own] = out_bias[own] + seen @ out[: len(seen), own]
        row = lower + (row if number else 0)
        above = np.array(
            [[chosen(upper[i, j], layer.gates) for j in range(width)] for i in range(height)]
        )
    return row


@pytest.mark.parametrize(
    "head, colours, kernel_size, gates",
    [("categorical", 3, 3, True), ("mixture", 1, 5, True), ("tied", 3, 3, True)]
    + [("categorical", 3, 5, False)],
)
def test_the_trunk_is_the_reference(head, colours, kernel_size, gates):
    model = model_of(head=head, colours=colours, kernel_size=kernel_size, gates=gates)
    x = array(model.scale(noise_images(1, (4, 5), colours, levels=5)))
    np.testing.assert_allclose(array(model.trunk(x))[0], reference(model, x[0]), rtol=1e-9)


def test_without_gates_all_samplers_draw_the_same():
    model = model_of(gates=False, classes=3)
    leaks.assert_autoregressive(model, (3, 4, 3), trials=1, label=2)
    draw = lambda method: generate_images(
        model, 2, (3, 4), seed=0, labels=[0, 2], method=method, progress=False
    )
    for method in METHODS:
        np.testing.assert_array_equal(draw("naive"), draw(method))


def test_the_field_by_hand():
    """A first kernel of 7 and one of 3: 4 columns aside, 5 rows up; and no blind spot."""
    field = model_of(colours=1).field((8, 12, 1)).reshape(8, 12, 8, 12)
    expected = np.zeros((8, 12), bool)
    expected[2:7, 2:11] = True
    expected[7, 2:6] = True
    np.testing.assert_array_equal(field[7, 6], expected)
