"""Both heads: by hand, against exact decimals, and each way of reading them against the other."""

import keras
import numpy as np
import pytest
import reference
from keras import ops
from tiny import tiny

from pixelcnn_lib import data
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead
from pixelcnn_lib.losses import score
from pixelcnn_lib.model import PixelCNN


def ready(head, levels=256, colours=3, dtype="float64"):
    head.setup(levels, colours, dtype)
    return head


def array(tensor):
    return ops.convert_to_numpy(tensor)


def draws(levels, components, scale=3.0, n=4):
    """Mixture parameters (n, 3 * components): spread wide, log scales from -8 to 2."""
    rng = np.random.default_rng(levels)
    weights, means = rng.normal(0, scale, (2, n, components))
    return np.concatenate([weights, means, rng.uniform(-8, 2, (n, components))], axis=1)


def test_categorical_by_hand():
    head = ready(CategoricalHead(), levels=2)
    parameters = np.log([[1.0, 3.0]])
    np.testing.assert_allclose(np.exp(array(head.log_probs(parameters))), [[0.25, 0.75]])
    np.testing.assert_allclose(np.exp(array(head.log_prob(parameters, np.array([1])))), [0.75])


def test_mixture_by_hand():
    """Two levels, at -1 and 1, meet at 0: one logistic of mean 0 gives each a half."""
    head = ready(LogisticMixtureHead(1), levels=2)
    np.testing.assert_allclose(np.exp(array(head.log_probs(np.zeros((1, 3))))), [[0.5, 0.5]])
    shifted = np.array([[0, np.log(3), 0.0]])  # sigmoid(-log 3) = 1 / 4
    np.testing.assert_allclose(np.exp(array(head.log_probs(shifted))), [[0.25, 0.75]])
    head = ready(LogisticMixtureHead(1), levels=3)  # edges at -1/2 and 1/2
    scale = np.array([[0, 0, -np.log(2 * np.log(3))]])  # sigmoid(log 3) = 3 / 4
    np.testing.assert_allclose(np.exp(array(head.log_probs(scale))), [[0.25, 0.5, 0.25]])
    two = np.array([[0, np.log(3), 0, 0, np.log(3), -np.log(3), 0, 0]])  # shares 1/4 and 3/4
    two = np.concatenate([two[:, [0, 1]], two[:, [4, 5]], two[:, [6, 7]]], axis=1)
    head = ready(LogisticMixtureHead(2), levels=2)
    np.testing.assert_allclose(np.exp(array(head.log_probs(two))), [[10 / 16, 6 / 16]])


@pytest.mark.parametrize("levels", [2, 3, 16, 256])
@pytest.mark.parametrize("components", [1, 3, 10])
def test_mixture_is_exact(levels, components):
    head, parameters = ready(LogisticMixtureHead(components), levels), draws(levels, components)
    log_p = array(head.log_probs(parameters))
    for row, parameter in zip(log_p, parameters):
        exact = [float(p.ln()) for p in reference.logistic_mixture(parameter, levels)]
        np.testing.assert_allclose(row, exact, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("xp", [np, ops], ids=["numpy", "tensors"])
@pytest.mark.parametrize("temperature", [1, 0.7])
@pytest.mark.parametrize("levels", [2, 3, 16, 256])
@pytest.mark.parametrize("head", [CategoricalHead, LogisticMixtureHead])
def test_cumulative_adds_up_the_levels(head, levels, temperature, xp):
    head = ready(head(), levels)
    if isinstance(head, CategoricalHead):
        parameters = np.random.default_rng(0).normal(0, 5, (4, levels))
    else:
        parameters = draws(levels, 10)
    if xp is ops:
        parameters = ops.convert_to_tensor(parameters)
    p = np.exp(array(head.log_probs(parameters)) / temperature)
    sums = p.cumsum(-1) / p.sum(-1, keepdims=True)
    at_most = head.cumulative(parameters, temperature, xp)
    for level in range(levels - 1):
        found = array(at_most(xp.full((4,), level, "int32")))
        np.testing.assert_allclose(found, sums[:, level], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("levels", [2, 3, 16, 256])
def test_categorical_is_exact(levels):
    parameters = np.random.default_rng(levels).normal(0, 5, (3, levels))
    log_p = array(ready(CategoricalHead(), levels).log_probs(parameters))
    exact = [[float(p.ln()) for p in reference.categorical(row)] for row in parameters]
    np.testing.assert_allclose(log_p, exact, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype, tolerance", [("float32", 1e-5), ("float64", 1e-13)])
@pytest.mark.parametrize("levels", [2, 3, 16, 256])
@pytest.mark.parametrize("head", [CategoricalHead, LogisticMixtureHead])
def test_all_levels_sum_to_one_and_log_prob_is_one_of_them(head, levels, dtype, tolerance):
    head = ready(head(), levels, dtype=dtype)
    if isinstance(head, CategoricalHead):
        parameters = np.random.default_rng(0).normal(0, 5, (5, levels)).astype(dtype)
    else:
        parameters = draws(levels, 10, n=5).astype(dtype)
    log_p = array(head.log_probs(parameters))
    assert log_p.shape == (5, levels) and log_p.dtype == dtype
    np.testing.assert_allclose(np.exp(log_p.astype("float64")).sum(-1), 1, atol=tolerance)
    for level in sorted({0, 1, levels // 2, levels - 1}):  # the first and the last included
        values = np.full(5, level, "uint8")
        np.testing.assert_allclose(
            array(head.log_prob(parameters, values)), log_p[:, level], rtol=10 * tolerance
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_far_tails_are_finite_and_right(dtype):
    """A curve a thousand scales away leaves e^-1000 and less, and a gradient that leads back."""
    head = ready(LogisticMixtureHead(1), dtype=dtype)
    for mean, log_scale in [(5.0, -7.0), (-5.0, -7.0), (50.0, -20.0), (0.0, 30.0)]:
        parameters = np.array([[0, mean, log_scale]], dtype)
        log_p = array(head.log_probs(parameters))
        assert np.isfinite(log_p).all()
        exact = reference.logistic_mixture(parameters[0], 256)
        np.testing.assert_allclose(log_p[0], [float(p.ln()) for p in exact], rtol=1e-4)


def test_gradients_are_finite_everywhere():
    import tensorflow as tf

    head = ready(LogisticMixtureHead(2), dtype="float32")
    grid = [(m, s) for m in (-100.0, -1.0, 0.0, 1.0, 100.0) for s in (-30.0, -7.0, 0.0, 20.0)]
    parameters = tf.constant([[0, 0, m, m / 2, s, s] for m, s in grid])
    for level in (0, 128, 255):
        with tf.GradientTape() as tape:
            tape.watch(parameters)
            log_p = head.log_prob(parameters, np.full(len(grid), level))
        assert np.isfinite(tape.gradient(log_p, parameters).numpy()).all()


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "mixed_float16", "float64"])
@pytest.mark.parametrize("preset", ["tiny", "small"])
def test_heads_compute_in_float32_or_wider(preset, policy):
    wide = "float64" if policy == "float64" else "float32"
    model = tiny(preset, dtype=policy, scale=1)
    images = np.zeros((1, 3, 3, 3), "uint8")
    for output in (model(images), model.parameters(images), model.log_prob(images)):
        assert keras.backend.standardize_dtype(output.dtype) == wide
    np.testing.assert_allclose(np.exp(array(model(images))).sum(-1), 1, atol=1e-5)


def test_an_untrained_mixture_covers_all_levels():
    model = tiny("small", levels=256)
    for weight in model.weights:
        weight.assign(ops.zeros_like(weight))
    model.head.conv.bias.assign(np.tile(model.head.start(), 3))
    p = np.exp(array(model(np.zeros((1, 1, 1, 3), "uint8"))))[0, 0, 0]
    assert p.shape == (3, 256) and p.min() > 1e-3 and p.max() < 0.1


def test_head_is_a_class_or_a_configured_instance():
    assert tiny("small").head.components == 10
    assert tiny(head=CategoricalHead()).head.levels == 8
    head = LogisticMixtureHead(components=4)
    one, two = tiny(head=head), tiny(head=head)
    assert one.head.components == 4 and one.head is not two.head and one.head is not head


def test_start_at_the_histogram_scores_its_entropy():
    model, patches = PixelCNN(2, 1, 2), data.toy(8)
    model.head.start_at_histogram(patches)
    counts = [np.bincount(patches[..., c].ravel(), minlength=256) for c in range(3)]
    expected = [-(n / n.sum() * np.log2((n + 1) / (n + 1).sum())).sum() for n in counts]
    assert abs(score(model, patches).bits - np.mean(expected)) < 0.05


@pytest.mark.parametrize("components", [0, -1, 2.0, True, "3", 10**6, 10**400])
def test_components_are_checked(components):
    with pytest.raises(ValueError, match="^components must be a whole number from 1 to 1000; got"):
        LogisticMixtureHead(components)


def test_categorical_log_prob_lists_no_levels(monkeypatch):
    """One logit is gathered before anything is subtracted: `log_probs` is never asked."""
    head = ready(CategoricalHead(), levels=5)
    monkeypatch.setattr(head, "log_probs", None)
    assert array(head.log_prob(np.zeros((2, 3, 5)), np.ones((2, 3), "uint8"))).shape == (2, 3)
