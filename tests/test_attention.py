"""The members with causal attention against slow loops."""

import numpy as np
import pytest
import reference
from tiny import array, noise_images, shake, small, trunk

from pixelcnn_lib.family import attention
from pixelcnn_lib.family.attention import Attention, places

each = pytest.mark.parametrize("name", ["transformer", "pixelsnail"])
slow = pytest.mark.slow


def built(heads=2, near=2, colours=3):
    layer = Attention(heads, 3, 2, near, colours, dtype="float64")
    layer.build((None, None, None, 2 * colours), (None, None, None, colours))
    return shake(layer)


# A reference, pixel by pixel


def offsets(near):
    """The offsets (rows up, columns to the left) that have a bias of their own, in its order."""
    beside = [(0, left) for left in range(1, near + 1)]
    above = [(up, left) for up in range(1, near + 1) for left in range(-near, near + 1)]
    return beside + above


def bias_of(layer, up, left):
    """The biases, (heads,), of an offset: those of the nearest that has its own."""
    own = offsets(layer.near)
    steps = max(layer.near, 1)
    up, left = min(up, steps), max(-steps, min(left, steps))
    return array(layer.bias)[:, 1 + own.index((up, left))]


def dense(x, layer, groups):
    """A 1x1 convolution: group g of the outputs reads the groups up to g of the inputs."""
    return reference.causal(x, map(array, layer.weights), [(0, 0)], groups)


def slow_attention(layer, x, pixels):
    """One pixel and one head at a time: (H, W, F), (H, W, values) -> (H, W, heads * value_size)."""
    height, width, _ = x.shape
    heads, x = layer.heads * layer.colours, slow_norm(x, layer.colours)
    query = dense(x, layer.query, layer.colours).reshape(height, width, heads, -1)
    both = dense(np.concatenate([x, pixels], -1), layer.remember, 1)
    both = both.reshape(height, width, heads, -1)
    out = np.zeros((height, width, heads, layer.value_size))
    order = list(np.ndindex(height, width))
    for number, (row, col) in enumerate(order):
        for head in range(heads):
            scores, values = [array(layer.bias)[head, 0]], [np.zeros(layer.value_size)]
            for r, c in order[:number]:
                key, value = np.split(both[r, c, head], [layer.key_size])
                score = key @ query[row, col, head] / np.sqrt(layer.key_size)
                scores.append(score + bias_of(layer, row - r, col - c)[head])
                values.append(value)
            weights = np.exp(np.array(scores) - max(scores))
            out[row, col, head] = weights @ np.array(values) / weights.sum()
    return out.reshape(height, width, -1)


def slow_norm(x, groups):
    parts = np.split(x, groups, -1)
    return np.concatenate([x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5) for x in parts], -1)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def slow_transformer(model, pixels):
    """The trunk, from scaled pixels (H, W, colours) to (H, W, h)."""
    x = slow_causal(pixels, model.first, model.groups, own=False)
    for block in model.body:
        y = slow_attention(block.attention, x, pixels)
        x = x + dense(y, block.out, model.groups)
        y = dense(slow_norm(x, model.groups), block.widen, model.groups)
        x = x + dense(y * sigmoid(1.702 * y), block.narrow, model.groups)
    return x


def slow_causal(x, layer, groups, own=True):
    """A convolution that ends at the present pixel, of which group g reads the groups up to g."""
    height, width = layer.kernel.shape[:2]
    taps = [(row - height + 1, col - width + 1) for row, col in np.ndindex(height, width)]
    return reference.causal(x, map(array, layer.weights), taps, groups, own)


def elu(x):
    return np.where(x > 0, x, np.expm1(x))


def slow_residual(layer, x, groups, other=None):
    y = slow_causal(elu(x), layer.look, groups)
    if other is not None:
        y = y + dense(elu(other), layer.link, groups)
    y = slow_causal(elu(y), layer.choose, groups)
    halves = [np.split(part, 2, -1) for part in np.split(y, groups, -1)]
    return x + np.concatenate([np.tanh(a) * sigmoid(b) for a, b in halves], -1)


def slow_snail(model, pixels):
    """The trunk, from scaled pixels (H, W, colours) to (H, W, h)."""
    groups = model.groups
    x = reference.convolve(pixels, map(array, model.first.weights), "A", groups)
    for block in model.body:
        for layer in block.near_by:
            x = slow_residual(layer, x, groups)
        x = slow_residual(block.merge, x, groups, slow_attention(block.attention, x, pixels))
    return x


SLOW = {"transformer": slow_transformer, "pixelsnail": slow_snail}


@each
@pytest.mark.parametrize(
    "head, colours, near, size",
    [
        ("categorical", 3, 2, (4, 6)),
        pytest.param("mixture", 1, 1, (5, 3), marks=slow),
        pytest.param("tied", 2, 8, (2, 5), marks=slow),
    ],
)
def test_the_trunk_is_the_reference(name, head, colours, near, size):
    model = small(name, head=head, colours=colours, near=near, blocks=2)
    image = array(model.scale(noise_images(1, size, colours, levels=5)))
    np.testing.assert_allclose(trunk(model, image)[0], SLOW[name](model, image[0]), rtol=1e-9)


@pytest.mark.parametrize("size, colours", [((1, 1), 3), ((1, 6), 1), ((6, 1), 3), ((4, 7), 3)])
def test_the_layer_is_the_reference(size, colours):
    layer, rng = built(colours=colours), np.random.default_rng(0)
    x, pixels = rng.normal(size=(2, *size, 2 * colours)), rng.normal(size=(2, *size, colours))
    for one, *given in zip(array(layer(x, pixels)), x, pixels):
        np.testing.assert_allclose(one, slow_attention(layer, *given), rtol=1e-9)


# Where each pixel may look


def test_places_by_hand():
    """Two rows of three: the last pixel has five before it, and nowhere."""
    assert array(places(2, 3)).tolist() == [0, 1, 2, 5, 6, 7]
    layer = built(heads=1, near=1, colours=1)
    layer.bias.assign(
        [[0, 1, 2, 3, 4]]
    )  # nowhere; left; above to the right, above, and to the left
    found = array(layer.position(2, 3, places(2, 3)))[0]
    ahead = -np.inf
    expected = [
        [0, ahead, ahead, ahead, ahead, ahead, ahead],
        [0, 1, ahead, ahead, ahead, ahead, ahead],
        [0, 1, 1, ahead, ahead, ahead, ahead],
        [0, 3, 2, 2, ahead, ahead, ahead],
        [0, 4, 3, 2, 1, ahead, ahead],
        [0, 4, 4, 3, 1, 1, ahead],
    ]
    np.testing.assert_array_equal(found, expected)


@each
def test_a_large_image_is_looked_at_in_parts(name, monkeypatch):
    model, images = small(name), noise_images(2, (3, 5), levels=5)
    whole = array(model(images))
    monkeypatch.setattr(attention, "SCORES", 4 * model.body[0].attention.all_heads * 16)
    assert model.body[0].attention.cuts(15) == [4, 8, 12]
    np.testing.assert_allclose(array(model(images)), whole, rtol=1e-9)
