"""The heads: by hand, against exact decimals, and each way of reading them against the other."""

import keras
import numpy as np
import pytest
import reference
from tiny import array, some_faces, tiny

from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.scoring import score


def ready(head, levels=256, colours=3, dtype="float64"):
    head.setup(levels, colours, dtype)
    return head


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


@pytest.mark.parametrize("levels, components", [(2, 3), (3, 1), (16, 10), (256, 3)])
def test_mixture_is_exact(levels, components):
    head, parameters = ready(LogisticMixtureHead(components), levels), draws(levels, components)
    log_p = array(head.log_probs(parameters))
    for row, parameter in zip(log_p, parameters):
        exact = [float(p.ln()) for p in reference.logistic_mixture(parameter, levels)]
        np.testing.assert_allclose(row, exact, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("levels, temperature", [(2, 1), (3, 0.7), (16, 1)])
@pytest.mark.parametrize("head", [CategoricalHead, LogisticMixtureHead])
def test_cumulative_adds_up_the_levels(head, levels, temperature):
    head = ready(head(), levels)
    if isinstance(head, CategoricalHead):
        parameters = np.random.default_rng(0).normal(0, 5, (4, levels))
    else:
        parameters = draws(levels, 10)
    p = np.exp(array(head.log_probs(parameters)) / temperature)
    sums = p.cumsum(-1) / p.sum(-1, keepdims=True)
    at_most = head.cumulative(parameters, temperature)
    for level in range(levels - 1):
        found = at_most(np.full(4, level, "int32"))
        np.testing.assert_allclose(found, sums[:, level], rtol=1e-9, atol=1e-12)


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


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16", "mixed_float16", "float64"])
@pytest.mark.parametrize("head", [CategoricalHead, LogisticMixtureHead, TiedMixtureHead])
def test_heads_compute_in_float32_or_wider(head, policy):
    wide = "float64" if policy == "float64" else "float32"
    model = tiny(head=head, dtype=policy, scale=1)
    images = np.zeros((1, 3, 3, 3), "uint8")
    for output in (model(images), model.parameters(images), model.log_prob(images)):
        assert keras.backend.standardize_dtype(output.dtype) == wide
    np.testing.assert_allclose(np.exp(array(model(images))).sum(-1), 1, atol=1e-5)


def test_start_at_the_histogram_scores_its_entropy():
    model, patches = PixelCNN(2, 1, 2), some_faces(8)
    model.head.start_at_histogram(patches)
    counts = [np.bincount(patches[..., c].ravel(), minlength=256) for c in range(3)]
    expected = [-(n / n.sum() * np.log2((n + 1) / (n + 1).sum())).sum() for n in counts]
    assert abs(score(model, patches).bits - np.mean(expected)) < 0.05


# Colours that are tied


def pixels_of(levels, colours, n=4):
    """Pixels (n, colours); the first two have the first level everywhere, and the last one."""
    pixels = np.random.default_rng(0).integers(0, levels, (n, colours), dtype="uint8")
    pixels[:2] = [[0], [levels - 1]]
    return pixels


def tied_draws(levels, components, colours, n=4):
    """A pixel's parameters (n, P), spread as in `draws`."""
    rng = np.random.default_rng(levels)
    weights = rng.normal(0, 3, (n, components))
    means = rng.normal(0, 2, (n, colours * components))
    log_scales = rng.uniform(-5, 2, (n, colours * components))
    shifts = rng.normal(0, 1, (n, colours * (colours - 1) // 2 * components))
    return np.concatenate([weights, means, log_scales, shifts], axis=1)


def by_colour(head, parameters, pixels):
    """Parameters of pixels (N, P) and the pixels (N, colours) -> those of values, (N, colours, P)."""
    return head.by_colour(parameters[:, None, None, None], pixels[:, None, None])[:, 0, 0]


@pytest.mark.parametrize(
    "levels, components, colours", [(2, 1, 3), (3, 3, 2), (16, 2, 4), (256, 2, 3), (2, 1, 5)]
)
def test_tied_is_the_paper_s_sum(levels, components, colours):
    """Each colour given those before it, and the whole pixel; also at the first and last level."""
    head = ready(TiedMixtureHead(components), levels, colours)
    parameters, pixels = tied_draws(levels, components, colours), pixels_of(levels, colours)
    values = by_colour(head, parameters, pixels)
    chosen = array(head.log_prob(values, pixels))  # (4, colours)
    for row, parameter, pixel, found in zip(
        chosen, parameters, pixels, array(head.log_probs(values))
    ):
        exact = reference.beginning_of_pixel(parameter, pixel, colours, levels)
        np.testing.assert_allclose(row.sum(), float(exact.ln()), rtol=1e-9, atol=1e-9)
        for colour in range(colours) if levels < 256 else [colours - 1]:
            exact = reference.tied_mixture(parameter, pixel[:colour], colours, levels)
            exact = [float(p.ln()) for p in exact]
            np.testing.assert_allclose(found[colour], exact, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("far", [5.0, 100.0])
def test_far_colours_stay_finite(far):
    """Each colour lies a thousand scales away from all curves: p and its gradient are finite."""
    import tensorflow as tf

    head = ready(TiedMixtureHead(2), dtype="float32")
    for log_scale in (-20, -7, 0, 20):
        rows = [[0, 1], *[[far, -far]] * 3, *[[log_scale, -7]] * 3, *[[1, -1]] * 3]
        parameters = tf.constant(np.reshape(rows, (1, -1)).repeat(3, 0), "float32")
        for pixel in ([0, 128, 255], [255, 0, 128], [128, 255, 0]):
            with tf.GradientTape() as tape:
                tape.watch(parameters)
                values = by_colour(head, parameters, np.array([pixel] * 3))
                log_p = head.log_prob(values, np.array([pixel] * 3))
            assert np.isfinite(log_p).all()
            assert np.isfinite(tape.gradient(log_p, parameters)).all()


class Floored(LogisticMixtureHead):
    """Half of each probability is the same for all levels."""

    def log_probs(self, parameters, xp=keras.ops):
        return xp.log((xp.exp(super().log_probs(parameters, xp)) + 1 / self.levels) / 2)


def test_a_mixture_of_one_s_own_is_drawn_by_its_own_probabilities():
    head = ready(Floored(2), levels=5)
    parameters = np.random.default_rng(0).normal(size=(3, 6))
    cumulative, expected = head.cumulative(parameters), np.exp(head.log_probs(parameters, np))
    found = np.stack([cumulative(np.full(3, level)) for level in range(5)], axis=-1)
    np.testing.assert_allclose(found, expected.cumsum(axis=-1), rtol=1e-12)
