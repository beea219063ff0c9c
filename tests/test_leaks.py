"""The detective against the computed receptive field, entry by entry, and against real bugs."""

import keras
import numpy as np
import pytest
from keras import ops
from tiny import noise_images, shake, tiny

from pixelcnn_lib import leaks
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import ResidualBlock
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN, colour_pattern
from pixelcnn_lib.teach import bugs

SHAPES = [(5, 5), (4, 6), (1, 9), (8, 2), (6, 3), (7, 1)]  # odd, even, and not square
HEADS = [CategoricalHead, LogisticMixtureHead(components=3), TiedMixtureHead(components=3)]
NAMES = ["categorical", "mixture", "tied"]
slow = pytest.mark.slow


def field(model, shape):
    return leaks.receptive_field(model.masks, shape)


def first(pairs, shape):
    """The first marked pair of a matrix: (target, source), each a (row, col, colour), or None."""
    found = np.argwhere(pairs)
    if not len(found):
        return None
    return tuple(tuple(map(int, np.unravel_index(i, shape))) for i in found[0])


# Experiment and computation agree


@pytest.mark.parametrize("colours", [1, 2, 3, 5])
def test_the_tied_head_sees_as_far_as_colour_masks_do(colours):
    """The network sees whole earlier pixels, and the head the pixel's own earlier colours."""
    tied, masked = (tiny(head=head, colours=colours, blocks=1) for head in (HEADS[2], HEADS[1]))
    shape = (3, 7, colours)
    assert {mask.shape[2:] for mask in tied.masks} == {(1, 1)}
    np.testing.assert_array_equal(field(tied, shape), field(masked, shape))


# Computed by hand


def test_receptive_field_of_one_layer_by_hand():
    """A 3x3 mask A on a 2x2 grey image: each pixel sees its neighbours among those before."""
    pattern = colour_pattern(3, "A", 1)
    expected = [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0]]
    np.testing.assert_array_equal(leaks.receptive_field([pattern], (2, 2, 1)), expected)
    row = leaks.receptive_field([pattern, colour_pattern(3, "B", 1)], (1, 4, 1))
    np.testing.assert_array_equal(
        row, [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0]]
    )  # two to the left, no more


def test_receptive_field_of_the_paper_s_network():
    """One 7x7 and fifteen 3x3: 18 rows up, 18 columns left, d + 2 to the right d rows above."""
    patterns = [colour_pattern(7, "A", 1)] + 15 * [colour_pattern(3, "B", 1)]
    seen = leaks.receptive_field(patterns, (20, 41, 1)).reshape(20, 41, 20, 41)[19, 20]
    for up in range(1, 19):
        columns = np.flatnonzero(seen[19 - up])
        assert (columns[0], columns[-1]) == (2, 20 + min(up + 2, 18))
    assert not seen[0].any() and np.flatnonzero(seen[19]).tolist() == list(range(2, 20))


def test_kinds_by_hand():
    seen = np.array([[0, 1, 0], [1, 0, 0], [0, 1, 1]], bool)
    expected = [[HIDDEN, LEAK, HIDDEN], [SEEN, HIDDEN, HIDDEN], [UNSEEN, SEEN, LEAK]]
    np.testing.assert_array_equal(leaks.classify(seen), expected)


# Any callable


def shifted(images, by):
    """A model of one's own: the logit of level 0 is a value `by` places away in the order."""
    flat = np.asarray(images, float).reshape(len(images), -1)
    moved = np.roll(flat, by, axis=1)
    if by > 0:
        moved[:, :by] = 0
    return np.stack([moved, 0 * moved], -1).reshape(*images.shape, 2)


def test_any_callable_is_examined():
    shape = (2, 2, 3)
    honest, itself, future = (lambda x, by=by: shifted(x, by) for by in (1, 0, -1))
    np.testing.assert_array_equal(leaks.influence(honest, shape), np.eye(12, k=-1))
    assert leaks.find_leak(honest, shape) is None
    assert leaks.find_leak(itself, shape) == ((0, 0, 0), (0, 0, 0))
    assert leaks.find_leak(future, shape) == ((0, 0, 0), (0, 0, 1))
    with pytest.raises(AssertionError, match="^row 0, column 0, red sees itself.$"):
        leaks.assert_autoregressive(itself, shape)
    with pytest.raises(AssertionError, match="red sees row 0, column 0, green, its future.$"):
        leaks.assert_autoregressive(future, shape)
    with pytest.raises(AssertionError, match="column 0, colour 0 sees row 0, column 1, colour 0"):
        leaks.assert_autoregressive(future, (2, 2, 1))


@keras.saving.register_keras_serializable("tests")
class Normalised(ResidualBlock):
    """A residual block with a layer before it that behaves differently in training."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.before = keras.layers.BatchNormalization(dtype=self.dtype_policy)

    def build(self, input_shape):
        self.before.build(input_shape)
        super().build(input_shape)

    def forward(self, run, x):
        return super().forward(run, run(self.before, x))


def test_batch_normalisation_leaks_in_training_only():
    """In training it mixes all pixels of a batch; and the model stays as it was."""
    shape, options = (2, 3, 3), dict(trials=1)
    keras.utils.set_random_seed(0)  # with some weights, another leak is the first
    normalised = PixelCNN(4, 1, 6, pixel_layer=Normalised, levels=8, dtype="float64")
    before = [ops.convert_to_numpy(one) for one in normalised.variables]
    assert leaks.find_leak(normalised, shape, **options) is None
    with pytest.raises(AssertionError, match="red sees itself"):
        leaks.assert_autoregressive(normalised, shape, training=True, **options)
    for old, variable in zip(before, normalised.variables, strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(variable), old)


# Real bugs, each caught and named

SHAPE = (3, 6, 3)
LEAKS = {
    "off_by_one": ((0, 0, 0), (0, 0, 0)),  # its right neighbour looks back
    "upside_down": ((0, 0, 0), (0, 1, 0)),
    "reversed_colours": ((0, 0, 0), (0, 0, 1)),
    "interleaved": ((0, 0, 0), (0, 0, 0)),
    "feature_numbers": ((0, 0, 0), (0, 0, 0)),
}
GAPS = {  # no leak, and yet wrong: the first past value that should be seen and is not
    "colour_blind": ((0, 0, 1), (0, 0, 0)),
    "lost_row": ((0, 4, 0), (0, 0, 0)),
    "always_a": ((0, 0, 1), (0, 0, 0)),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_named(name):
    model = shake(bugs.model(name, levels=8, dtype="float64"))
    assert leaks.find_leak(model, SHAPE, levels=8) == LEAKS[name]


@pytest.mark.parametrize("name", GAPS)
def test_a_missing_sight_is_named(name):
    model = shake(bugs.model(name, levels=8, dtype="float64"))
    seen = leaks.influence(model, SHAPE, levels=8, trials=5)
    assert first(np.triu(seen), SHAPE) is None
    assert first(field(model, SHAPE) & ~seen, SHAPE) == GAPS[name]


def test_a_mask_applied_once_leaks_after_one_step():
    model, images = bugs.model("mask_once", levels=8), noise_images(8, SHAPE[:2])
    assert leaks.find_leak(model, SHAPE, levels=8) is None
    model.compile("adam", loss=bits_per_dim)
    model.train_on_batch(images, images)
    assert leaks.find_leak(model, SHAPE, levels=8) == ((0, 0, 0), (0, 0, 0))
