"""Row LSTM and Diagonal BiLSTM, against slow loops."""

import keras
import numpy as np
import pytest
from loops import slow_diagonal, slow_row
from tiny import array, noise_images, shake, small, tiny

from pixelcnn_lib.caching import Cache, NoCachedStep, Schedule
from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer, skew, unskew
from pixelcnn_lib.family.lstm import lstm
from pixelcnn_lib.family.row_lstm import RowLSTMLayer
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock
from pixelcnn_lib.operations import Everywhere

ROW, DIAGONAL = "row-lstm", "diagonal-bilstm"


def built(cls, colours=3, f=2):
    """A layer with large random weights."""
    layer = cls(f, colours, dtype="float64")
    layer.build((None, None, None, 2 * f * colours))
    return shake(layer)


# One step


@pytest.mark.parametrize("run", [Cache(small(ROW), Schedule(1, 1, 1), count=2), Everywhere(1)])
def test_a_step_is_that_of_keras(run):
    """Keras keeps the gates in another order: input, forget, content, output."""
    rng, cell = np.random.default_rng(0), keras.layers.LSTMCell(4, dtype="float64")
    cell.build((2, 3))
    for weight in cell.weights:
        weight.assign(rng.normal(0, 1, weight.shape))
    x, hidden, before = rng.normal(size=(2, 3)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    _, expected = cell(x, [hidden, before])
    kernel, recurrent, bias = map(array, cell.weights)
    enter, forget, content, output = np.split(x @ kernel + hidden @ recurrent + bias, 4, axis=-1)
    for found, wanted in zip(lstm([output, forget, enter, content], before, run), expected):
        np.testing.assert_allclose(array(found), array(wanted), rtol=1e-12)


# Skewing


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1), (3, 5), (5, 3), (4, 4)])
def test_unskew_undoes_skew(size):
    x = np.random.default_rng(0).normal(size=(2, *size, 3))
    skewed = array(skew(x))
    assert skewed.shape == (2, size[0], size[0] + size[1] - 1, 3)
    np.testing.assert_array_equal(array(unskew(skewed)), x)
    kept = np.zeros(skewed.shape, bool)
    for row, col in np.ndindex(size):
        np.testing.assert_array_equal(skewed[:, row, row + col], x[:, row, col])
        kept[:, row, row + col] = True
    assert not skewed[~kept].any()


# The layers, against slow loops


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("size", [(4, 6), (5, 2), (1, 4), (3, 1)])
@pytest.mark.parametrize(
    "cls, slow_layer", [(RowLSTMLayer, slow_row), (DiagonalBiLSTMLayer, slow_diagonal)]
)
def test_a_layer_is_the_slow_loop(cls, slow_layer, size, colours):
    layer = built(cls, colours)
    x = np.random.default_rng(0).normal(size=(2, *size, 4 * colours))
    np.testing.assert_allclose(array(layer(x)), [slow_layer(layer, one) for one in x], rtol=1e-10)


# What they see


def test_the_row_lstm_sees_a_triangle():
    """Two layers: d + 2 to the right d rows above, d + 5 to the left, as many rows as there are."""
    seen = small(ROW, blocks=2, colours=1).field((12, 31, 1)).reshape(12, 31, 12, 31)[11, 15]
    for up in range(1, 12):
        columns = np.flatnonzero(seen[11 - up])
        assert (columns[0], columns[-1]) == (max(15 - up - 5, 0), min(15 + up + 2, 30))
    assert np.flatnonzero(seen[11]).tolist() == list(range(10, 15))


def test_the_diagonal_bilstm_hides_the_last_value_of_the_row_above():
    """By experiment too: four columns of the row below see it, and all of the next row."""
    model, (row, col) = small(DIAGONAL, scale=2), (0, 6)
    image = noise_images(1, (3, 7), levels=5)
    changed = image.copy()
    changed[0, row, col, 2] = (image[0, row, col, 2] + 2) % 5  # the last colour of the last pixel
    moved = np.abs(array(model(image)) - array(model(changed))).max((0, 3, 4)) > 1e-12  # (H, W)
    np.testing.assert_array_equal(moved, [7 * [False], 3 * [False] + 4 * [True], 7 * [True]])
    past = np.tri(63, k=-1, dtype=bool)
    assert (past & ~model.field((3, 7, 3))).sum() == 2 * 3 * 3  # rows, columns, colours
    assert not (np.tri(27, k=-1, dtype=bool) & ~model.field((3, 3, 3))).any()  # narrow: nothing


# As a layer of another network


class Twice(RowLSTMLayer):
    def call(self, x):
        return 2 * super().call(x)


class Doubling(MaskedConv2D):
    def convolution_op(self, inputs, kernel):
        return 2 * super().convolution_op(inputs, kernel)


class Doubled(ResidualBlock):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.look = Doubling(filters_per_colour * colours, 3, colours=colours)


class Looking(ResidualBlock):
    """A block whose second layer is a Row LSTM."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.rows = RowLSTMLayer(filters_per_colour, colours, dtype=self.dtype_policy)

    def build(self, input_shape):
        super().build(input_shape)
        self.rows.build(input_shape)

    def forward(self, run, x):
        return run(self.rows, super().forward(run, x))


@pytest.mark.parametrize("layer", [RowLSTMLayer, DiagonalBiLSTMLayer, Looking])
def test_a_pixelcnn_of_other_layers_draws_what_it_would_naively(layer):
    model = tiny(pixel_layer=layer, dtype="float64")
    assert model.margin is None and (model.reach is None) == (layer is DiagonalBiLSTMLayer)
    images = [model.sample(2, (4, 6), seed=1, method=method) for method in ("cached", "naive")]
    np.testing.assert_array_equal(*images)


@pytest.mark.parametrize("layer, named", [(Twice, "Twice has"), (Doubled, "Doubling has no")])
def test_a_layer_that_computes_something_else_is_drawn_naively_only(layer, named):
    with pytest.raises(NoCachedStep, match=named):
        tiny(pixel_layer=layer).sample(1, 4)
