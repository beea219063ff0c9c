"""The network against the reference; probabilities that sum to one; saving; what is refused."""

import json

import keras
import numpy as np
import pytest
import reference
from keras import ops
from tiny import all_images, noise_images, shake, tiny

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.layers import MaskedConv2D, ResidualBlock
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.masks import colour_pattern
from pixelcnn_lib.teach import bugs

HEADS = [CategoricalHead, LogisticMixtureHead(components=3), TiedMixtureHead(components=3)]
NAMES = ["categorical", "mixture", "tied"]


def array(tensor):
    return ops.convert_to_numpy(tensor)


def weights(layer):
    return array(layer.kernel), array(layer.bias)


def by_reference(model, image):
    return reference.network(
        image,
        model.levels,
        weights(model.first),
        [[weights(layer) for layer in (b.narrow, b.look, b.widen)] for b in model.body],
        [array(skip) for skip in model.skips],
        [weights(layer) for layer in model.top],
        weights(model.head.conv),
        model.groups,
        model.head.straight,
    )


# What it computes


@pytest.mark.parametrize(
    "head, colours, levels, size",
    [(HEADS[0], 3, 8, (4, 5)), (HEADS[1], 1, 256, (5, 2)), (HEADS[2], 3, 8, (3, 3))],
    ids=NAMES,
)
def test_network_and_head_are_the_reference(head, colours, levels, size):
    model = tiny(head=head, colours=colours, levels=levels, dtype="float64", filters_per_colour=2)
    images = noise_images(1, size, colours, levels)
    expected = by_reference(model, images[0])
    place = (size[0] - 1, size[1] // 2, colours - 1)
    if isinstance(head, TiedMixtureHead):
        pixel = images[0][place[:2]]
        exact = reference.tied_mixture(expected[place[:2]], pixel[:-1], colours, levels)
    else:
        parameters = array(model.parameters(images))[0]
        np.testing.assert_allclose(parameters, expected, rtol=1e-9, atol=1e-9)
    if head is CategoricalHead:
        exact = reference.categorical(expected[place])
    elif head is HEADS[1]:
        exact = reference.logistic_mixture(expected[place], levels)
    logits = array(model(images))[0][place]
    np.testing.assert_allclose(logits, [float(p.ln()) for p in exact], rtol=1e-6)


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
@pytest.mark.parametrize("levels", [2, 256])
def test_log_prob_is_the_logit_of_the_value(head, levels):
    model = tiny(head=head, levels=levels, dtype="float64")
    images = noise_images(2, (3, 4), levels=levels)
    images[0, 0], images[1, 0] = 0, levels - 1  # the first and the last level
    logits = array(model(images))
    assert logits.shape == (2, 3, 4, 3, levels)
    expected = np.take_along_axis(logits, images[..., None].astype(int), -1)[..., 0]
    np.testing.assert_allclose(array(model.log_prob(images)), expected, rtol=1e-9)
    np.testing.assert_allclose(np.exp(logits).sum(-1), 1, rtol=1e-12)


def test_a_crop_s_past_is_all_that_counts():
    """The same top rows give the same logits, whatever lies below; any height and width will do."""
    model, images = tiny(dtype="float64"), noise_images(1, (6, 5))
    np.testing.assert_allclose(
        array(model(images))[:, :4], array(model(images[:, :4])), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("preset, h, blocks, top", [("tiny", 10, 3, 20), ("small", 12, 6, 24)])
def test_presets_are_of_their_size(preset, h, blocks, top):
    model = PixelCNN.preset(preset)
    assert len(model.body) == blocks and model.first.filters == 6 * h
    assert [layer.filters for layer in model.top] == [3 * top, 3 * top]
    assert type(model.head) is (CategoricalHead if preset == "tiny" else TiedMixtureHead)
    assert model.levels == 256 and len(model.masks) == 1 + 3 * blocks + 3


def test_only_the_head_grows_when_the_mixture_is_tied():
    """More parameters, where colours shift later ones; and it reads the body's features too."""
    for colours, more in [(1, 0), (3, 10)]:
        masked, tied = (
            PixelCNN.preset("small", head=head, colours=colours)
            for head in (LogisticMixtureHead, TiedMixtureHead)
        )
        assert [layer.filters for layer in tied.top] == [layer.filters for layer in masked.top]
        features, outputs = 24 * colours, masked.head.conv.filters + more
        assert tied.head.conv.kernel.shape == (1, 1, 2 * features, outputs)
        grown = more * (features + 1) + features * outputs
        assert tied.count_params() - masked.count_params() == grown


def test_grey_is_the_same_network_with_either_mixture():
    """If the tied one's head makes nothing of the body's features, which only it reads."""
    masked, tied = (tiny(head=head, colours=1, dtype="float64") for head in HEADS[1:])
    for own, other in zip(tied.weights, masked.weights, strict=True):
        missing = np.subtract(own.shape, other.shape)
        own.assign(np.pad(array(other), [(0, more) for more in missing]))
    images = noise_images(2, (4, 5), 1)
    np.testing.assert_allclose(array(tied(images)), array(masked(images)), rtol=1e-12)


def test_paper_and_wide_are_readings_of_the_paper():
    """h = 128 and 1024 as totals, the multiple of three below; or as widths per colour."""
    for name, h, top in [("paper", 128 // 3, 1024 // 3), ("wide", 128, 1024)]:
        assert PixelCNN.presets[name] == dict(filters_per_colour=h, blocks=15, head_per_colour=top)


# The probabilities of all images sum to one


SIZES = [((2, 2, 1), 4), ((1, 2, 3), 3)]


def total(model, size, levels):
    """The sum of p over all images of a size."""
    images = all_images(size, levels)
    log_p = [array(model.log_prob(batch)) for batch in np.array_split(images, 4)]
    return np.exp(np.concatenate(log_p).astype("float64").sum((1, 2, 3))).sum()


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
@pytest.mark.parametrize("size, levels", SIZES)
def test_all_images_sum_to_one(size, levels, head):
    model = tiny(colours=size[2], levels=levels, head=head, scale=4)
    assert abs(total(model, size, levels) - 1) < 1e-4


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
def test_a_leak_breaks_the_sum(head):
    (size, levels), misses = SIZES[1], []
    for seed in range(3):  # a single draw may come near one by chance
        model = tiny(colours=size[2], levels=levels, head=head, scale=3, seed=seed, blocks=1)
        for weight in model.weights:
            if len(weight.shape) == 1:  # biases and skips: what is seen must decide
                weight.assign(ops.zeros_like(weight))
        model.first.pattern = colour_pattern(7, "B", model.groups)  # each value sees itself
        misses.append(abs(total(model, size, levels) - 1))
    assert max(misses) > 0.05


def shifts_itself(head):
    """A head's `by_colour` with a bug: each value is taken for the one before it."""
    by_colour = head.by_colour
    return lambda parameters, images: by_colour(parameters, ops.roll(images, -1, axis=-1))


def test_a_colour_that_shifts_itself_breaks_the_sum(monkeypatch):
    (size, levels), misses = SIZES[1], []
    for seed in range(3):
        model = tiny(colours=size[2], levels=levels, head=HEADS[2], scale=3, seed=seed, blocks=1)
        monkeypatch.setattr(model.head, "by_colour", shifts_itself(model.head))
        misses.append(abs(total(model, size, levels) - 1))
    assert max(misses) > 0.05


def test_another_order_still_sums_to_one():
    """Any order makes a chain rule: the sum does not prove that the order is the sampler's."""
    for name in ("reversed_colours", "upside_down"):
        model = shake(bugs.model(name, levels=2), scale=4)
        assert abs(total(model, (2, 2, 3), 2) - 1) < 1e-4


# Saving


def test_weights_of_another_size_are_refused(tmp_path):
    tiny().save_weights(tmp_path / "a.weights.h5")
    with pytest.raises(ValueError, match="shape"):
        tiny(filters_per_colour=2).load_weights(tmp_path / "a.weights.h5")


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
def test_whole_model_round_trips(head, tmp_path):
    model, images = tiny(head=head, colours=2, levels=5), noise_images(1, (3, 4), 2, 5)
    model.save(tmp_path / "model.keras")
    twin = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(array(twin(images)), array(model(images)))
    config = json.loads(json.dumps(model.get_config()))
    again = PixelCNN.from_config(config)
    model.save_weights(tmp_path / "a.weights.h5")
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(array(again(images)), array(model(images)))


def test_pretrained_is_the_preset_small():
    model = PixelCNN.pretrained()
    twin = PixelCNN.preset("small")
    assert model.sizes == twin.sizes and type(model.head) is type(twin.head)


# Another body, mixed precision, a step of training


@keras.saving.register_keras_serializable("tests")
class Plain(MaskedConv2D):
    """The smallest pixel layer: one convolution, features in, features out."""

    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(2 * filters_per_colour * colours, 3, colours=colours, **layer)
        self.filters_per_colour = filters_per_colour

    def get_config(self):
        return {"filters_per_colour": self.filters_per_colour, "colours": self.colours}


def test_an_unregistered_pixel_layer_cannot_be_described():
    model = tiny(pixel_layer=lambda filters_per_colour, **layer: Plain(filters_per_colour, **layer))
    with pytest.raises(
        ValueError, match="Keras does not know the pixel layer <lambda>.*Put @keras"
    ):
        model.get_config()


def test_regularisers_count_in_the_loss():
    model, images = tiny(levels=8), noise_images(2, (3, 3))
    model.first.kernel.regularizer = keras.regularizers.L2(1.0)
    plain = lambda targets, logits: bits_per_dim(targets, logits)
    losses = []
    for loss in (bits_per_dim, plain):
        model.compile("sgd", loss=loss, run_eagerly=True)
        losses.append(model.evaluate(images, images, verbose=0))
    np.testing.assert_allclose(*losses, rtol=1e-5)
    assert losses[0] > np.square(array(model.first.kernel)).sum()


def test_body_is_made_of_any_pixel_layer():
    model = tiny(pixel_layer=Plain)
    assert all(type(layer) is Plain for layer in model.body)
    assert len(model.masks) == 6 and type(tiny().body[0]) is ResidualBlock
    twin = PixelCNN.from_config(model.get_config())
    twin.set_weights(model.get_weights())
    images = noise_images(1, (3, 3))
    np.testing.assert_array_equal(array(twin(images)), array(model(images)))


@pytest.mark.parametrize(
    "head, policy",
    [
        (HEADS[2], "mixed_bfloat16"),
        pytest.param(HEADS[2], "mixed_float16", marks=pytest.mark.slow),
        pytest.param(HEADS[0], "mixed_bfloat16", marks=pytest.mark.slow),
        pytest.param(HEADS[0], "mixed_float16", marks=pytest.mark.slow),
    ],
)
def test_mixed_precision_trains_and_is_near_float32(head, policy):
    full, mixed = (tiny(head=head, dtype=dtype, scale=1) for dtype in ("float32", policy))
    images = noise_images(4, (5, 5))
    assert mixed.first.compute_dtype == policy.removeprefix("mixed_")
    assert mixed.first.variable_dtype == "float32"
    np.testing.assert_allclose(array(mixed(images)), array(full(images)), atol=0.1)
    mixed.compile(keras.optimizers.SGD(0.01), loss=bits_per_dim)
    first = mixed.train_on_batch(images, images)
    assert np.isfinite(first) and mixed.train_on_batch(images, images) < first


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
def test_training_learns_and_changes_every_weight(head):
    model, images = tiny(head=head, scale=1), noise_images(4, (6, 6))
    before = [array(weight).copy() for weight in model.weights]
    model.compile("adam", loss=bits_per_dim, run_eagerly=True)
    losses = [model.train_on_batch(images, images) for _ in range(3)]
    assert losses[-1] < losses[0]
    for old, weight in zip(before, model.weights, strict=True):
        assert (array(weight) != old).any(), weight.path


def test_compile_leaves_a_choice_alone():
    model = tiny()
    model.compile(loss=bits_per_dim, jit_compile=True)
    assert model.jit_compile is True


# What is refused


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda images: images / 255, "uint8.*0 to 7; got float.*division by 255"),
        (lambda images: images.astype("int32"), "got int32"),
        (lambda images: images[..., :1], r"\(N, H, W, 3\), got shape \(\w+, 4, 4, 1\).*colours=1"),
        (lambda images: images[0], r"got shape \(.*4, 3\).*images\[None\]"),
    ],
)
def test_wrong_images_are_refused_with_the_fix(spoil, message):
    model, images = tiny(), noise_images(2, (4, 4))
    images[0, 0, 0, 0] = 7
    wrong = spoil(images)
    for call in (model, model.log_prob, model.check_images):
        with pytest.raises(ValueError, match=message):
            call(wrong)


def test_levels_out_of_range_are_refused_with_the_fix():
    model, images = tiny(), np.full((1, 4, 4, 3), 15, "uint8")
    for call in (model.log_prob, model.check_images):
        with pytest.raises(ValueError, match="levels 0 to 7, got 15.*\n?.*levels=16 or more"):
            call(images)


def test_fit_and_predict_refuse_another_dtype():
    model, images = tiny(), np.full((2, 4, 4, 3), np.float32(0.5))
    model.compile("adam", loss=bits_per_dim)
    for call in (
        lambda: model.fit(images, images, verbose=0),
        lambda: model.predict(images, verbose=0),
        lambda: model.evaluate(images, images, verbose=0),
        lambda: model.train_on_batch(images, images),
    ):
        with pytest.raises(ValueError, match="takes uint8 images"):
            call()
