"""Row LSTM and Diagonal BiLSTM: against slow loops, and with each known mistake planted."""

import itertools

import keras
import numpy as np
import pytest
import reference
import tensorflow as tf
from keras import ops
from tiny import noise_images, shake

from pixelcnn_lib import leaks
from pixelcnn_lib.family import DiagonalBiLSTM, RowLSTM, diagonal_bilstm, row_lstm
from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer, skew, unskew
from pixelcnn_lib.family.lstm import lstm, lstm_of_columns, scan
from pixelcnn_lib.family.row_lstm import RowLSTMLayer
from pixelcnn_lib.family.streams import shift_down
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.teach.cost import multiply_adds

BOTH = {"row": RowLSTM, "diagonal": DiagonalBiLSTM}
each = pytest.mark.parametrize("cls", BOTH.values(), ids=BOTH)
each_layer = pytest.mark.parametrize("cls", [RowLSTMLayer, DiagonalBiLSTMLayer], ids=BOTH)


def array(tensor):
    return ops.convert_to_numpy(tensor)


def small(cls, seed=1, scale=2, **options):
    sizes = dict(filters_per_colour=3, blocks=1, head_per_colour=4, levels=5, dtype="float64")
    return shake(cls(**{**sizes, **options}), seed, scale)


def built(cls, colours=3, f=2, **options):
    """A layer with large random weights."""
    layer = cls(f, colours, dtype="float64", **options)
    layer.build((None, None, None, 2 * f * colours))
    return shake(layer)


# One step


def test_a_step_by_hand():
    """One feature: gates of 0 are half open; a forget gate of -inf drops the cell."""
    for xp in (np, ops):
        hidden, cell = lstm(np.array([[0.0, 0.0, 0.0, 1.0]]), np.array([[3.0]]), xp)
        assert array(cell)[0, 0] == pytest.approx(0.5 * 3 + 0.5 * np.tanh(1))
        assert array(hidden)[0, 0] == pytest.approx(0.5 * np.tanh(array(cell)[0, 0]))
        hidden, cell = lstm(np.array([[999.0, -999.0, 999.0, 1.0]]), np.array([[3.0]]), xp)
        assert array(cell)[0, 0] == pytest.approx(np.tanh(1))
        assert array(hidden)[0, 0] == pytest.approx(np.tanh(np.tanh(1)))


@pytest.mark.parametrize("step", [lstm, lstm_of_columns])
@pytest.mark.parametrize("xp", [np, ops], ids=["numpy", "keras"])
def test_a_step_is_that_of_keras(xp, step):
    """Keras keeps the gates in another order: input, forget, content, output."""
    rng, cell = np.random.default_rng(0), keras.layers.LSTMCell(4, dtype="float64")
    cell.build((2, 3))
    for weight in cell.weights:
        weight.assign(rng.normal(0, 1, weight.shape))
    x, hidden, before = rng.normal(size=(2, 3)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    _, expected = cell(x, [hidden, before])
    kernel, recurrent, bias = map(array, cell.weights)
    enter, forget, content, output = np.split(x @ kernel + hidden @ recurrent + bias, 4, axis=-1)
    gates = np.concatenate([output, forget, enter, content], axis=-1)  # (2, 16)
    turn = np.transpose if step is lstm_of_columns else lambda x: x
    for one, other in zip(step(turn(gates), turn(before), xp), expected):
        np.testing.assert_allclose(turn(array(one)), array(other), rtol=1e-12)


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


def test_skew_by_hand():
    x = np.arange(1, 7).reshape(1, 2, 3, 1)
    np.testing.assert_array_equal(array(skew(x))[0, :, :, 0], [[1, 2, 3, 0], [0, 4, 5, 6]])


# The layers, against slow loops


def gates_of(layer, x, number):
    """The input-to-state convolution: (H, W, 2h) -> (H, W, 4, h), gate by gate."""
    kernel, bias = map(array, layer.input_to_state[number].weights)
    kernel = np.pad(kernel, ((0, 0), (0, kernel.shape[1] - 1), (0, 0), (0, 0)))  # later pixels'
    gates = reference.convolve(x, (kernel, bias), "B", layer.colours)  # (H, W, 4h) by colour
    gates = gates.reshape(*x.shape[:2], layer.colours, 4, -1)
    return np.moveaxis(gates, 3, 2).reshape(*x.shape[:2], 4, layer.h)


def slow_states(gates, kernel, offsets):
    """Pixel by pixel; the cell comes from the second of the pixels at the offsets."""
    height, width, _, h = gates.shape
    states = np.zeros((2, height + 1, width + 2, h))  # what lies outside stays zero
    for row, col in np.ndindex(height, width):
        places = [(row + up + 1, col + right + 1) for up, right in offsets]
        total = gates[row, col] + sum(
            (states[0][place] @ weights).reshape(4, h) for place, weights in zip(places, kernel)
        )
        o, f, i = 1 / (1 + np.exp(-total[:3]))
        cell = f * states[1][places[1]] + i * np.tanh(total[3])
        states[:, row + 1, col + 1] = o * np.tanh(cell), cell
    return states[0, 1:, 1:-1]  # (H, W, h)


def slow_row(layer, x):
    hidden = slow_states(
        gates_of(layer, x, 0), array(layer.kernel)[0], [(-1, -1), (-1, 0), (-1, 1)]
    )
    return x + reference.convolve(hidden, map(array, layer.widen.weights), "B", layer.colours)


def slow_diagonal(layer, x):
    near, kernel = [(-1, 0), (0, -1)], array(layer.kernel)
    left = slow_states(gates_of(layer, x, 0), kernel[0], near)
    right = slow_states(gates_of(layer, x, 1)[:, ::-1], kernel[1], near)[:, ::-1]
    left[1:] += right[:-1]
    return x + reference.convolve(left, map(array, layer.widen.weights), "B", layer.colours)


@pytest.mark.parametrize("colours", [1, 3])
@pytest.mark.parametrize("size", [(4, 6), (5, 2), (1, 4), (3, 1)])
@pytest.mark.parametrize(
    "cls, slow", [(RowLSTMLayer, slow_row), (DiagonalBiLSTMLayer, slow_diagonal)], ids=BOTH
)
def test_a_layer_is_the_slow_loop(cls, slow, size, colours):
    layer = built(cls, colours)
    x = np.random.default_rng(0).normal(size=(2, *size, 4 * colours))
    np.testing.assert_allclose(array(layer(x)), [slow(layer, one) for one in x], rtol=1e-10)


@each_layer
def test_gates_begin_as_in_keras(cls):
    """The forget gates' bias is one, the others' are zero; state-to-state kernels are orthogonal."""
    layer = cls(5, 3)
    layer.build((None, None, None, 30))
    for conv in layer.input_to_state:
        o, f, i, g = np.moveaxis(array(conv.bias).reshape(3, 4, 5), 1, 0)
        assert (f == 1).all() and not np.any([o, i, g])
    rows = array(layer.kernel).reshape(-1, 60)
    np.testing.assert_allclose(rows @ rows.T, np.eye(len(rows)), atol=1e-5)


@each_layer
@pytest.mark.parametrize("policy", ["float32", "float64", "mixed_bfloat16", "mixed_float16"])
def test_precision_is_the_policy_s(cls, policy):
    layer = cls(2, dtype=policy)
    y = layer(ops.ones((1, 4, 4, 12), layer.compute_dtype))
    assert keras.backend.standardize_dtype(y.dtype) == policy.removeprefix("mixed_")


@each_layer
def test_serialisation(cls):
    layer = built(cls)
    twin = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert twin.get_config() == layer.get_config()
    twin.set_weights(layer.get_weights())
    x = np.random.default_rng(0).normal(size=(1, 3, 4, 12))
    np.testing.assert_array_equal(array(twin(x)), array(layer(x)))


# What they see


def searched(model, shape):
    """The field once more: each value's sources, followed from pixel to pixel through the layers.

    Only for models with a group for each colour.
    """
    height, width, colours = shape
    first, *_ = model.masks
    look = first.shape[0] // 2
    x = np.zeros((*shape, height * width * colours), bool)  # what each block of features knows
    numbers = np.arange(height * width * colours).reshape(shape)
    for row, col, target in np.ndindex(shape):
        for a, b, source in np.argwhere(first[..., target]):
            place = row + a - look, col + b - look
            if 0 <= min(place) and place[0] < height and place[1] < width:
                x[row, col, target, numbers[place][source]] = True
    for layer in model.body:
        maps = []
        for step in (1, -1)[: layer.directions]:
            states = np.zeros((height + 1, width + 2, x.shape[3]), bool)  # of the last colour
            known = np.logical_or.accumulate(x, axis=2)[:, ::step]  # mask B: earlier colours too
            if isinstance(layer, RowLSTMLayer):
                known[:, 1:] |= x[:, :-1].any(2, keepdims=True)
            for row, col in np.ndindex(height, width):
                for up, right in layer.offsets:
                    known[row, col] |= states[row + 1 + up, col + 1 + right]
                states[row + 1, col + 1] = known[row, col, -1]
            maps.append(known[:, ::step])
        x = np.logical_or.accumulate(x | maps[0], axis=2)
        if len(maps) > 1:
            x[1:] |= maps[1][:-1]
    return x.reshape(numbers.size, numbers.size)


@each
@pytest.mark.parametrize("blocks", [1, 2, 3])
@pytest.mark.parametrize("shape", [(6, 9, 1), (5, 7, 3), (1, 6, 2), (7, 1, 3), (9, 3, 1)])
def test_the_field_is_what_a_search_finds(cls, shape, blocks):
    model = small(cls, blocks=blocks, colours=shape[2])
    np.testing.assert_array_equal(model.field(shape), searched(model, shape))


def test_the_row_lstm_sees_a_triangle():
    """Two layers: d + 2 to the right d rows above, d + 5 to the left, as many rows as there are."""
    seen = small(RowLSTM, blocks=2, colours=1).field((12, 31, 1)).reshape(12, 31, 12, 31)[11, 15]
    for up in range(1, 12):
        columns = np.flatnonzero(seen[11 - up])
        assert (columns[0], columns[-1]) == (max(15 - up - 5, 0), min(15 + up + 2, 30))
    assert np.flatnonzero(seen[11]).tolist() == list(range(10, 15))


def test_the_diagonal_bilstm_hides_the_last_value_of_the_row_above():
    """By experiment too: four columns of the row below see it, and all of the next row."""
    model, (row, col) = small(DiagonalBiLSTM), (0, 6)
    image = noise_images(1, (3, 7), levels=5)
    changed = image.copy()
    changed[0, row, col, 2] = (image[0, row, col, 2] + 2) % 5  # the last colour of the last pixel
    moved = np.abs(array(model(image)) - array(model(changed))).max((0, 3, 4)) > 1e-12  # (H, W)
    np.testing.assert_array_equal(moved, [7 * [False], 3 * [False] + 4 * [True], 7 * [True]])
    past = np.tri(63, k=-1, dtype=bool)
    assert (past & ~model.field((3, 7, 3))).sum() == 2 * 3 * 3  # rows, columns, colours
    assert not (np.tri(27, k=-1, dtype=bool) & ~model.field((3, 3, 3))).any()  # narrow: nothing


# Mistakes, planted


class EvenKernel(DiagonalBiLSTMLayer):
    """Padding "same" adds the missing row of an even kernel below."""

    def state_to_state(self, hidden):
        same = dict(padding="same", data_format="channels_last")
        return ops.stack([ops.conv(hidden[i], self.kernel[i], **same) for i in range(2)])


class Upwards:
    """keras.ops, but that the second LSTM starts in the lowest row, as it does in text."""

    def __getattr__(self, name):
        return getattr(ops, name)

    def flip(self, x, axis):
        return ops.flip(x, (1, axis))


class FlippedAfterSkewing:
    """Of the two maps, the second is skewed first and flipped then."""

    def __init__(self):
        self.second = itertools.cycle([False, True])

    def __call__(self, x):
        return ops.flip(skew(ops.flip(x, 2)), 2) if next(self.second) else skew(x)


def states_of_the_row_itself(state_to_state, gates):
    hidden = scan(state_to_state, gates)  # (H, N, W, h)
    return hidden + ops.stack([state_to_state(row) for row in hidden])[..., : hidden.shape[3]]


def skew_of_squares(x):
    count, height, width, features = x.shape
    x = ops.pad(x, ((0, 0), (0, 0), (0, width), (0, 0)))
    x = ops.reshape(x, (count, 2 * height * width, features))[:, :-width]
    return ops.reshape(x, (count, height, 2 * width - 1, features))


def unskew_of_squares(x):
    return unskew(x)[:, :, : x.shape[1]]


def turned(function):
    return lambda x: ops.flip(function(ops.flip(x, 1)), 1)


def not_moved(x, axis=1):
    """As if the map from the right were not moved down; the states of a diagonal still are."""
    return x if axis == 1 else shift_down(x, axis)


def split_across_colours(gates, axis, colours):
    return ops.transpose(gates, (axis, 0, 3 - axis, 3))


def columns_for_rows(state_to_state, gates):
    return ops.swapaxes(scan(state_to_state, ops.swapaxes(gates, 0, 2)), 0, 2)


TRAPS = {  # the class, what is planted, and whether it is a leak, or only misses some of the past
    "skewed the other way": (
        DiagonalBiLSTM,
        {"skew": turned(skew), "unskew": turned(unskew)},
        False,
    ),
    "flipped after skewing": (DiagonalBiLSTM, {"skew": FlippedAfterSkewing()}, False),
    "unskewed off by one": (DiagonalBiLSTM, {"unskew": lambda x: unskew(ops.roll(x, -1, 2))}, True),
    "not moved down": (DiagonalBiLSTM, {"shift_down": not_moved}, True),
    "from below": (DiagonalBiLSTM, {"ops": Upwards()}, True),
    "even kernel": (DiagonalBiLSTM, EvenKernel, True),
    "states of the row itself": (RowLSTM, {"scan": states_of_the_row_itself}, True),
    "columns for rows": (RowLSTM, {"scan": columns_for_rows}, True),
    "gates across colours, row": (RowLSTM, {"by_step": split_across_colours}, True),
    "gates across colours, diagonal": (DiagonalBiLSTM, {"by_step": split_across_colours}, True),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_found(name, monkeypatch):
    cls, planted, leaks_out = TRAPS[name]
    shape = (3, 4, 3) if leaks_out else (7, 9, 1)
    options = dict(levels=5, trials=4)
    module = row_lstm if cls is RowLSTM else diagonal_bilstm
    layer = {} if isinstance(planted, dict) else {"pixel_layer": planted}
    model, honest = small(cls, colours=shape[2], **layer), small(cls, colours=shape[2])
    right = leaks.influence(honest, shape, **options)
    assert not np.triu(right).any()
    for function, wrong in planted.items() if isinstance(planted, dict) else ():
        monkeypatch.setattr(module, function, wrong)
    seen = leaks.influence(model, shape, **options)
    assert np.triu(seen).any() == leaks_out
    if not leaks_out:
        assert (right & ~seen).any()


@each
@pytest.mark.parametrize("which", ["input_to_state", "widen"])
def test_an_unmasked_convolution_within_a_pixel_leaks(cls, which, monkeypatch):
    model = small(cls)
    convs = np.ravel(getattr(model.body[0], which))
    for conv in convs:
        monkeypatch.setattr(conv, "masked", lambda kernel: kernel)
    target, source = leaks.find_leak(model, (3, 4, 3), levels=5)
    assert target[:2] == source[:2] and target <= source


@pytest.mark.parametrize("function", [skew_of_squares, unskew_of_squares])
def test_height_taken_for_width_is_right_on_squares_only(function, monkeypatch):
    layer = built(DiagonalBiLSTMLayer)
    square, wide = (np.random.default_rng(0).normal(size=(1, 3, w, 12)) for w in (3, 5))
    expected = array(layer(square))
    monkeypatch.setattr(diagonal_bilstm, function.__name__.split("_")[0], function)
    np.testing.assert_array_equal(array(layer(square)), expected)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        layer(wide)


# Sizes, any shape, drawing


@each
def test_a_layer_is_needed(cls):
    with pytest.raises(ValueError, match="blocks must be a whole number from 1 to 1000; got 0"):
        small(cls, blocks=0)


@each
def test_the_paper_s_sizes(cls):
    """Twelve layers, h = 126: the largest multiple of three in the paper's 128."""
    (name,) = (name for name in cls.presets if name.endswith("-paper"))
    model = cls.preset(name)
    assert (model.h, len(model.body), model.body[0].h) == (126, 12, 126)
    assert model.top[0].filters == 1023 and model.head.groups(3) == 3


@each
def test_multiply_adds_by_hand(cls):
    """With h = 9: the first layer and the top as in PixelCNN, and the layer's own products."""
    model = small(cls, colours=3)
    own = {
        RowLSTM: 2 * 18 * 36 + 3 * 9 * 36 + 9 * 18,
        DiagonalBiLSTM: 2 * (18 * 36 + 2 * 9 * 36) + 9 * 18,
    }
    rest = 49 * 3 * 18 + 18 * 12 + 12 * 12 + 12 * 15
    assert multiply_adds(model, 4, 5) == 20 * (own[cls] + rest)


def test_the_right_hand_lstm_needs_the_whole_row_above():
    class Hasty(DiagonalBiLSTM):
        reach = 3

    with pytest.raises(ValueError, match="must be finished.*delay of 9 steps or more, got 4"):
        generate_images(small(Hasty), 1, (2, 9))
