"""Drawing: both methods give the same picture, from the right distribution, in the right order."""

import keras
import numpy as np
import pytest
from keras import ops
from tiny import all_images, noise_images, shake, tiny

from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead
from pixelcnn_lib.layers import MaskedConv2D
from pixelcnn_lib.sampling import CachedPredictor, complete, draw, generate_images
from pixelcnn_lib.teach import bugs


def array(tensor):
    return ops.convert_to_numpy(tensor)


def predictions(predictor, images):
    """Walk a predictor over finished images; all its log-probabilities, (N, H, W, colours, levels)."""
    rows = []
    for row in range(images.shape[1]):
        predictor.start_row(row)
        for col in range(images.shape[2]):
            predictor.start_pixel(col)
            for colour in range(images.shape[3]):
                rows.append(predictor.log_probs(colour))
                predictor.put(colour, images[:, row, col, colour])
    return np.stack(rows, 1).reshape(*images.shape, -1)


@pytest.fixture(scope="module")
def model():
    return tiny("small", blocks=1, dtype="float64")


# Naive and cached


MIXTURE = LogisticMixtureHead(components=2)
CASES = [
    dict(blocks=2, head=CategoricalHead, colours=3, levels=8),
    dict(blocks=3, head=MIXTURE, colours=3, levels=256),
    dict(blocks=1, head=MIXTURE, colours=1, levels=2),
    dict(blocks=0, head=CategoricalHead, colours=2, levels=5),
]


@pytest.mark.parametrize("case", CASES, ids=["three", "mixture", "grey", "two"])
def test_naive_equals_cached(case):
    model = tiny(dtype="float64", scale=2, **case)
    for n, size in [(1, 1), (3, (1, 6)), (2, (5, 1)), (2, (3, 4))]:
        noise = np.random.default_rng(n).random((n, *np.broadcast_to(size, 2), case["colours"]))
        pictures = [
            generate_images(model, n, size, noise=noise, method=method)
            for method in ("naive", "cached")
        ]
        np.testing.assert_array_equal(*pictures)
        assert pictures[0].shape == noise.shape and pictures[0].dtype == np.uint8
    assert model(pictures[0]).dtype == "float64"
    assert len(np.unique(pictures[0])) > 1


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
def test_naive_equals_cached_in_completion(model, temperature):
    images = noise_images(2, (4, 3))
    known = np.random.default_rng(0).random(images.shape) < 0.4
    options = dict(seed=3, temperature=temperature)
    naive = complete(model, images, known, method="naive", **options)
    np.testing.assert_array_equal(naive, complete(model, images, known, **options))
    np.testing.assert_array_equal(naive[known], images[known])
    assert (naive[~known] != images[~known]).any()


@pytest.mark.parametrize("head", [CategoricalHead, MIXTURE], ids=["categorical", "mixture"])
@pytest.mark.parametrize("dtype, tolerance", [("float64", 1e-10), ("float32", 1e-4)])
def test_cached_logits_are_the_model_s(head, dtype, tolerance):
    model, images = tiny(head=head, dtype=dtype), noise_images(2, (6, 9))
    found = predictions(CachedPredictor(model, images), images)
    assert found.dtype == dtype and array(model(images)).dtype == dtype
    np.testing.assert_allclose(found, array(model(images)), atol=tolerance, rtol=tolerance)


def test_mixed_precision_draws():
    images = generate_images(tiny(dtype="mixed_bfloat16"), 2, (2, 3), seed=0)
    assert images.shape == (2, 2, 3, 3) and images.max() < 8


# Noise decides


def test_same_noise_same_picture(model):
    noise = np.random.default_rng(5).random((2, 3, 4, 3))
    one = generate_images(model, 2, (3, 4), noise=noise)
    np.testing.assert_array_equal(one, generate_images(model, 2, (3, 4), noise=noise))
    np.testing.assert_array_equal(one, generate_images(model, 2, (3, 4), seed=5))
    assert (one != generate_images(model, 2, (3, 4), seed=6)).any()
    alone = generate_images(model, 1, (3, 4), noise=noise[1:])  # whatever else is drawn beside it
    np.testing.assert_array_equal(alone, one[1:])


def test_overruling_a_value_changes_only_later_ones(model):
    first = generate_images(model, 1, 4, seed=1)
    place = (0, 1, 2, 1)  # row 1, column 2, green
    overruled, known = first.copy(), np.zeros(first.shape, bool)
    overruled[place] = (first[place] + 4) % 8
    known[place] = True
    second = complete(model, overruled, known, seed=1)
    number = np.ravel_multi_index(place, first.shape)
    np.testing.assert_array_equal(second.ravel()[:number], first.ravel()[:number])
    assert second[place] == overruled[place]
    assert (second.ravel()[number + 1 :] != first.ravel()[number + 1 :]).any()


def test_known_broadcasts_and_images_stay_as_they_are(model):
    images = noise_images(2, (3, 4))
    before = images.copy()
    left = np.arange(4)[:, None] < 2  # (W, 1)
    done = complete(model, images, left, seed=0)
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(done[:, :, :2], images[:, :, :2])
    np.testing.assert_array_equal(complete(model, images, True), images)
    np.testing.assert_array_equal(
        complete(model, images, False, seed=0), generate_images(model, 2, (3, 4), seed=0)
    )


# Draws


def test_draw_by_hand():
    logits = np.log([[0.25, 0.5, 0.25]])
    for noise, level in [(0, 0), (0.2499, 0), (0.2501, 1), (0.7499, 1), (0.7501, 2), (0.9999, 2)]:
        assert draw(logits, np.array([noise])) == [level]
        assert draw(logits + 100, np.array([noise])) == [level]  # need not be normalised


def test_draws_are_in_proportion():
    """Evenly spaced noise must give every level its share, to one draw."""
    p, count = np.random.default_rng(0).dirichlet(np.ones(16)), 20_000
    noise = (np.arange(count) + 0.5) / count
    levels = draw(np.tile(np.log(p), (count, 1)), noise)
    assert np.abs(np.bincount(levels, minlength=16) - count * p).max() <= 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_noise_near_one_stays_below_levels(dtype):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 10, (2000, 256)).astype(dtype)
    logits[:500, -1] = -1000  # the last level is out of reach
    for below_one in (np.nextafter(1, 0), np.nextafter(np.float32(1), np.float32(0))):
        levels = draw(logits, np.full(2000, below_one))
        assert levels.max() < 256 and (levels[:500] < 255).all()
    logits[:, :3] = -2000  # impossible levels are never drawn, not even by a noise of zero
    assert draw(logits, np.zeros(2000)).min() > 2


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_pictures_come_in_the_model_s_proportions(temperature):
    """Chi-squared over all pictures of a tiny size, within five standard deviations."""
    model, count = tiny(levels=3, blocks=1, dtype="float64"), 20_000
    size = (1, 1, 3)
    images = all_images(size, 3)
    logits = array(model(images)) / temperature
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    chosen = np.take_along_axis(log_p, images[..., None].astype(int), -1)
    p = np.exp(chosen.sum((1, 2, 3, 4)))
    drawn = generate_images(model, count, size[:2], seed=0, temperature=temperature)
    numbers = drawn.reshape(count, -1) @ 3 ** np.arange(3)[::-1]
    expected = count * p
    chi2 = ((np.bincount(numbers, minlength=len(p)) - expected) ** 2 / expected).sum()
    assert abs(chi2 - (len(p) - 1)) < 5 * np.sqrt(2 * (len(p) - 1))


def test_a_low_temperature_takes_the_likeliest(model):
    images = generate_images(model, 1, (2, 2), seed=0, temperature=1e-6)
    np.testing.assert_array_equal(array(model(images)).argmax(-1), images)


def test_colours_reversed_break_the_sampler():
    """Its p sums to one; what it draws does not follow p, for red is drawn before what it asks."""
    model = shake(bugs.model("reversed_colours", levels=2, dtype="float64"), seed=5, scale=2)
    images = all_images((1, 1, 3), 2)
    p = np.exp(array(model.log_prob(images)).sum((1, 2, 3)))
    drawn = np.ones(8)
    for i, image in enumerate(images):
        for colour in range(3):
            so_far = np.where(np.arange(3) < colour, image, 0).astype("uint8")[None]
            drawn[i] *= np.exp(array(model(so_far))[0, 0, 0, colour, image[0, 0, colour]])
    assert abs(p.sum() - 1) < 1e-9 and abs(drawn.sum() - 1) < 1e-9
    assert np.abs(p - drawn).sum() / 2 > 0.1


# What is refused, and the bar


@keras.saving.register_keras_serializable("tests")
class Uncached(MaskedConv2D):
    def __init__(self, filters_per_colour, colours=3, **layer):
        super().__init__(2 * filters_per_colour * colours, 1, colours=colours, **layer)


def test_a_pixel_layer_without_a_cached_step_is_drawn_naively():
    model = tiny(pixel_layer=Uncached)
    with pytest.raises(ValueError, match='Uncached has no cached step.*method="naive"'):
        generate_images(model, 1, 2)
    assert generate_images(model, 1, 2, method="naive").shape == (1, 2, 2, 3)


@pytest.mark.parametrize(
    "options, message",
    [
        (dict(noise=np.zeros((1, 2, 2, 1))), r"shape \(1, 2, 2, 3\).*got shape \(1, 2, 2, 1\)"),
        (dict(noise=np.ones((1, 2, 2, 3))), r"in \[0, 1\).*default_rng\(seed\)"),
        (dict(noise=np.full((1, 2, 2, 3), -0.1)), r"in \[0, 1\)"),
        (dict(noise=np.full((1, 2, 2, 3), np.nan)), r"in \[0, 1\)"),
        (dict(temperature=0), "above 0, got 0. 1e-6 is nearly argmax"),
        (dict(temperature=float("nan")), "above 0"),
        (dict(method="fast"), "cached, naive; got 'fast'"),
    ],
)
def test_errors_name_the_fix(model, options, message):
    with pytest.raises(ValueError, match=message):
        generate_images(model, 1, 2, **options)


def test_images_to_complete_are_checked(model):
    with pytest.raises(ValueError, match="takes uint8 images"):
        complete(model, np.zeros((1, 2, 2, 3)), True)
    with pytest.raises(ValueError, match="levels 0 to 7, got 8"):
        complete(model, np.full((1, 2, 2, 3), 8, "uint8"), True)
    with pytest.raises(ValueError):
        complete(model, noise_images(1, (2, 2)), np.ones((3, 3, 3), bool))


def test_the_bar_counts_rows(model, capfd):
    generate_images(model, 1, (3, 2), seed=0, progress=True)
    assert "3/3" in capfd.readouterr().err
    generate_images(model, 1, (3, 2), seed=0, progress=False)
    assert capfd.readouterr().err == ""
