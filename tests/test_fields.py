"""Fields and margins, followed through `forward`; and blocks as a reader might write them.

That each member's field is its influence: test_family.py. Fields by hand: each member's own file.
"""

import keras
import numpy as np
import pytest
from keras import ops
from tiny import HEADS, Plain, array, noise_images, small, tiny

from pixelcnn_lib import leaks
from pixelcnn_lib.caching import NoCachedStep
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.family.attention import Attention
from pixelcnn_lib.family.gated import GatedLayer
from pixelcnn_lib.heads import CategoricalHead
from pixelcnn_lib.layers import CausalConv2D, MaskedConv2D, ResidualBlock
from pixelcnn_lib.scoring import score

EACH_HEAD = pytest.mark.parametrize("head", ["categorical", "tied"])


@EACH_HEAD
def test_pixelcnn_s_field_is_that_of_its_masks(head):
    model = small("pixelcnn", head=head, blocks=2)
    expected = leaks.receptive_field(model.masks, (6, 9, 3))
    np.testing.assert_array_equal(model.field((6, 9, 3)), expected)


@pytest.mark.parametrize(
    "name, sizes, margin",
    [
        ("pixelcnn", {"blocks": 2}, (5, 5)),  # 3 of the first layer, 1 of each block
        ("gated", {"blocks": 2}, (6, 5)),  # the rows above are read from one row below
        ("pixelcnn-pp", {"blocks": 1, "scales": 1}, (7, 6)),  # as in its field by hand
        ("pixelcnn-pp", {"scales": 2}, None),
        ("row-lstm", {}, None),
        ("diagonal-bilstm", {}, None),
        ("transformer", {}, None),
        ("pixelsnail", {}, None),
    ],
)
def test_margins_by_hand(name, sizes, margin):
    assert small(name, **sizes).margin == margin


@pytest.mark.parametrize(
    "name, reach", [("pixelcnn", 3), ("row-lstm", 3), ("gated", None), ("diagonal-bilstm", None)]
)
def test_how_far_a_row_waits_for_the_row_above(name, reach):
    assert small(name).reach == reach  # the first layer's 7x7 kernel looks 3 columns to the right


class Own(ResidualBlock):
    """A block with one more layer, `more`, that sees (N, H, W, 2h) and returns it."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(filters_per_colour, colours, **layer)
        self.more = self.another(
            2 * filters_per_colour * colours, colours=colours, dtype=self.dtype_policy
        )

    def another(self, width, **same):
        return MaskedConv2D(width, 3, **same)

    def build(self, input_shape):
        super().build(input_shape)
        self.more.build(input_shape)

    def forward(self, run, x):
        return super().forward(run, run(self.more, x))


class Causal(Own):
    def another(self, width, **same):
        return CausalConv2D(width, (3, 2), **same)


class Joining(Own):
    """It reads the features twice, side by side, in each group of colours."""

    def another(self, width, **same):
        return MaskedConv2D(width, 1, **same)

    def build(self, input_shape):
        super().build(input_shape)
        self.more = MaskedConv2D(input_shape[-1], 1, colours=self.colours, dtype=self.dtype_policy)
        self.more.build((*input_shape[:-1], 2 * input_shape[-1]))

    def forward(self, run, x):
        return run(self.more, run.concatenate([run.relu(x), run.elu(x)]))


class Twice(Own):
    def forward(self, run, x):
        return run(self.more, run(self.more, x))


@EACH_HEAD
@pytest.mark.parametrize("layer", [Own, Causal, Joining])
def test_a_block_of_one_s_own_is_followed_and_drawn(layer, head):
    model = tiny(head=HEADS[head], pixel_layer=layer, dtype="float64")
    shape = (3, 5, 3)
    field = model.field(shape)
    assert not np.triu(field).any() and not (leaks.influence(model, shape) & ~field).any()
    images = [model.sample(2, (4, 6), seed=1, method=method) for method in ("cached", "naive")]
    np.testing.assert_array_equal(*images)


@pytest.mark.parametrize("layer", [Causal, Twice])
def test_a_block_of_one_s_own_is_scored_in_parts_as_in_one_piece(layer, monkeypatch):
    model, image = tiny(pixel_layer=layer, dtype="float64"), noise_images(1, (40, 37))
    whole = score(model, image).bits
    monkeypatch.setattr(f"{score.__module__}.SIDE", 30)
    np.testing.assert_allclose(score(model, image).bits, whole, rtol=1e-12)


class InPlace(Own):
    """It changes what its convolution has been given."""

    def forward(self, run, x):
        y = run(self.more, x)
        x += run.relu(y)
        return x


class Reading(Own):
    """Its convolution has mask A, but reads features."""

    def another(self, width, **same):
        return MaskedConv2D(width, 3, "A", **same)


class Computing(Own):
    """It computes a weight."""

    def build(self, input_shape):
        super().build(input_shape)
        self.log = self.add_weight(shape=input_shape[-1:], initializer="ones", name="log")

    def forward(self, run, x):
        return x * run.weight(ops.exp(self.log))


class Activated(Own):
    def another(self, width, **same):
        return MaskedConv2D(width, 3, activation="relu", **same)


class Unbiased(Own):
    def another(self, width, **same):
        return MaskedConv2D(width, 3, use_bias=False, **same)


class Ahead(MaskedConv2D):
    """It keeps one more tap: the pixel to the right."""

    def new_pattern(self):
        pattern = super().new_pattern()
        pattern[1, 2] = True
        return pattern


class Foreseeing(Own):
    def another(self, width, **same):
        return Ahead(width, 3, **same)


class Centred(Own):
    """It sees the pixel to the right, without a class of its own that says so."""

    def another(self, width, **same):
        return CausalConv2D(width, 3, centred=True, **same)


class Steeper(Attention):
    """Attention with twice the biases, which its cached twin would not have."""

    def position(self, height, width, asking):
        return 2 * super().position(height, width, asking)


class Attending(Own):
    def another(self, width, colours, dtype):
        return Steeper(1, 2, width // colours, 2, colours=colours, dtype=dtype)

    def build(self, input_shape):
        ResidualBlock.build(self, input_shape)
        self.more.build(input_shape, input_shape)

    def forward(self, run, x):
        return x + run(self.more, x, x)


class Scalar(Own):
    """It has one weight for all features."""

    def build(self, input_shape):
        super().build(input_shape)
        self.one = self.add_weight(shape=(), initializer="ones", name="one")

    def forward(self, run, x):
        return x * run.weight(self.one)


class Whole(Own):
    """It has whole features, in a network without a stream for them."""

    def forward(self, run, x):
        return run.whole(lambda run, x: x, x)


class Powered(Own):
    """It uses an operation that sets do not have."""

    def forward(self, run, x):
        return super().forward(run, x**2)


class Summed(Own):
    """It uses an operation that the cache does not have."""

    def forward(self, run, x):
        return x + ops.sum(x, axis=3, keepdims=True)


class Halved(keras.layers.Dropout):
    def call(self, x, training=None):
        return x / 2


class Halving(Own):
    def another(self, width, **same):
        return Halved(0.5, dtype=same["dtype"])


@pytest.mark.parametrize(
    "layer, said",
    [
        (Twice, "may run once at a pixel"),
        (Reading, "has mask A, so it can read only the image"),
        (InPlace, "layers of your own, and drawn pixel by pixel"),
        (Computing, "take a variable"),
        (Activated, "MaskedConv2D has no cached step.*no activation"),
        (Unbiased, "MaskedConv2D has no cached step.*need a bias"),
        (Scalar, r"got the shape \(\)"),
        (Whole, "need a member derived from TwoStreams"),
        (Summed, "Summed cannot be drawn pixel by pixel"),
        (Halving, "Halved has no cached step"),
        (Foreseeing, "Ahead has no cached step.*no kept tap on later pixels"),
        (Centred, "sees pixels to the right"),
        (Attending, "Steeper has a `position` of its own"),
    ],
)
def test_what_cannot_be_drawn_is_refused(layer, said):
    model = tiny(pixel_layer=layer, colours=1)
    assert np.isfinite(array(model.log_prob(noise_images(1, (4, 4), colours=1)))).all()
    with pytest.raises(NoCachedStep, match=said):
        model.sample(1, 4)


@pytest.mark.parametrize(
    "layer, named",
    [
        (Plain, "Plain"),
        (Halving, "Halved"),
        (Activated, "MaskedConv2D"),
        (Powered, "Powered"),
        (Foreseeing, "Ahead"),
        (Attending, "Steeper"),
    ],
)
def test_a_layer_that_does_not_say_what_it_sees_has_no_field_and_no_margin(layer, named):
    model = tiny(pixel_layer=layer)
    assert model.margin is None and model.reach is None
    with pytest.raises(ValueError, match=f"{named} does not say what it sees"):
        model.field((3, 3, 3))


@keras.saving.register_keras_serializable("tests")
class Squeezed(PixelCNN):
    def scale(self, images):
        return super().scale(images) / 2


def test_another_scale_is_drawn_too():
    model = Squeezed(3, 1, 4, levels=5, dtype="float64")
    images = [model.sample(2, 4, seed=1, method=method) for method in ("cached", "naive")]
    np.testing.assert_array_equal(*images)


@keras.saving.register_keras_serializable("tests")
class Levelled(PixelCNN):
    """It subtracts each picture's mean, which depends on all pixels."""

    def scale(self, images):
        return images - ops.mean(images, axis=(1, 2), keepdims=True)


def test_a_scale_that_mixes_values_has_no_field_and_no_margin():
    model = Levelled(3, 1, 4, levels=5)
    assert model.margin is None and model.reach is None
    with pytest.raises(ValueError, match="Levelled.scale makes a value depend on others"):
        model.field((3, 3, 3))


class Middling(Own):
    """It computes along the last axis, which is another one in the cache."""

    def another(self, width, **same):
        return MaskedConv2D(width, 1, **same)

    def forward(self, run, x):
        x = run(self.more, x)
        return x - ops.mean(x, axis=-1, keepdims=True)


@keras.saving.register_keras_serializable("tests")
class Capped(CategoricalHead):
    def call(self, features):
        return ops.tanh(super().call(features))


class Farther(GatedLayer):
    """It reads two rows up, with two shifts."""

    def pass_down(self, run, seen):
        return run.shift_down(super().pass_down(run, seen))


class Dropping(GatedLayer):
    """It drops whole features, in training only."""

    def __init__(self, *sizes, **layer):
        super().__init__(*sizes, **layer)
        self.drop = keras.layers.Dropout(1 / 3, dtype=self.dtype_policy)

    def pass_down(self, run, seen):
        return super().pass_down(run, run(self.drop, seen))


def test_whole_features_may_be_dropped_in_training(monkeypatch):
    monkeypatch.setattr("pixelcnn_lib.family.gated.GatedLayer", Dropping)
    images = [small("gated").sample(2, 4, seed=1, method=one) for one in ("cached", "naive")]
    np.testing.assert_array_equal(*images)


def test_whole_features_that_would_be_drawn_otherwise_are_refused(monkeypatch):
    monkeypatch.setattr("pixelcnn_lib.family.gated.GatedLayer", Farther)
    model = small("gated")
    with pytest.raises(NoCachedStep, match="layers of your own, and drawn pixel by pixel"):
        model.sample(1, 4)


@pytest.mark.parametrize(
    "own", [{"pixel_layer": Middling}, {"head": Capped}, {"pixel_layer": Middling, "classes": 3}]
)
def test_what_would_be_drawn_otherwise_than_it_is_trained_is_refused(own):
    model = tiny(colours=1, **own)
    labels = [0] if model.classes else None
    with pytest.raises(NoCachedStep, match="has layers of your own, and"):
        model.sample(1, 4, labels=labels)
    assert model.sample(1, 3, method="naive", labels=labels).shape == (1, 3, 3, 1)
