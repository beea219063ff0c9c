"""Drawing: all methods give the same picture, from the right distribution, in the right order."""

import numpy as np
import pytest
from tiny import Plain, all_images, array, noise_images, small, tiny

from pixelcnn_lib import sampling
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead
from pixelcnn_lib.sampling import (
    complete,
    draw,
    generate_images,
)
from pixelcnn_lib.steering import Steering


@pytest.fixture(scope="module")
def model():
    return tiny("small", blocks=1, dtype="float64")


# Three ways, one picture


TIED = TiedMixtureHead(components=2)


@pytest.mark.parametrize("head, temperature, seed", [(TIED, 0.5, 1), (LogisticMixtureHead, 1, 5)])
def test_all_are_equal_in_completion(head, temperature, seed):
    model = tiny("small", seed, blocks=1, dtype="float64", scale=2, head=head)
    images = noise_images(4, (3, 9))
    known = np.random.default_rng(1).random(images.shape) < 0.4
    draw = lambda method: complete(model, images, known, 3, None, method, temperature)
    naive = draw("naive")
    for method in ("cached", "wavefront"):
        np.testing.assert_array_equal(naive, draw(method))
    np.testing.assert_array_equal(naive[known], images[known])
    assert (naive[~known] != images[~known]).any() and naive.dtype == np.uint8


@pytest.mark.parametrize("method", ["naive", "wavefront"])
def test_many_images_are_drawn_in_parts(model, monkeypatch, method, capfd):
    """Each part is small enough for the memory, and the pictures are the same."""
    images = noise_images(3, (2, 2))
    known = np.random.default_rng(0).random(images.shape) < 0.4
    whole = complete(model, images, known, seed=0, method=method)
    monkeypatch.setattr(sampling, "PIXELS", 4)
    monkeypatch.setattr(sampling, "SIDE", 2)
    parts = complete(model, images, known, seed=0, method=method, progress=True)
    np.testing.assert_array_equal(parts, whole)
    assert "drawing 3/3" in capfd.readouterr().err
    monkeypatch.setattr(sampling, "PIXELS", 1)  # one image is drawn whole, however large
    monkeypatch.setattr(sampling, "SIDE", 1)
    one = complete(model, images[:1], known[:1], seed=0, method=method)
    np.testing.assert_array_equal(one, whole[:1])


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


@pytest.mark.parametrize(
    "head, size, temperature", [(CategoricalHead, (1, 1, 3), 0.5), (TIED, (1, 2, 2), 1.0)]
)
def test_pictures_come_in_the_model_s_proportions(temperature, head, size):
    """Chi-squared over all pictures of a tiny size, within five standard deviations."""
    model = tiny(levels=3, blocks=1, colours=size[2], head=head, dtype="float64")
    count = 20_000
    images = all_images(size, 3)
    logits = array(model(images)) / temperature
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    chosen = np.take_along_axis(log_p, images[..., None].astype(int), -1)
    p = np.exp(chosen.sum((1, 2, 3, 4)))
    drawn = generate_images(model, count, size[:2], seed=0, temperature=temperature)
    numbers = drawn.reshape(count, -1) @ 3 ** np.arange(np.prod(size))[::-1]
    expected = count * p
    chi2 = ((np.bincount(numbers, minlength=len(p)) - expected) ** 2 / expected).sum()
    assert abs(chi2 - (len(p) - 1)) < 5 * np.sqrt(2 * (len(p) - 1))


# Steering


def told_and_untold(model, images, labels):
    """The logits with the labels and with none of them, (N, H, W, 1, levels) each."""
    return array(model(images, labels)), array(model(images, np.zeros_like(labels)))


def test_guidance_is_what_a_loop_over_the_whole_network_draws():
    """Written again from the formula: one value at a time, in float64."""
    model = small("pixelcnn", colours=1, classes=(3, 4))
    labels = np.array([[1, 0], [2, 3], [0, 2]])
    noise = np.random.default_rng(0).random((3, 3, 5, 1))
    images = np.zeros(noise.shape, "uint8")
    for place in np.ndindex(3, 5, 1):
        told, untold = told_and_untold(model, images, labels)
        guided = (told + 2.5 * (told - untold))[:, *place] / 0.7
        images[:, *place] = draw(guided, noise[:, *place])
    options = dict(noise=noise, labels=labels, temperature=0.7)
    for method in ("naive", "cached", "wavefront"):
        drawn = generate_images(model, 3, (3, 5), method=method, guidance=2.5, **options)
        np.testing.assert_array_equal(drawn, images)
    unguided = generate_images(model, 3, (3, 5), **options)
    assert (unguided != images).any()
    np.testing.assert_array_equal(
        generate_images(model, 3, (3, 5), guidance=0, top_p=1, **options), unguided
    )
    np.testing.assert_array_equal(labels, [[1, 0], [2, 3], [0, 2]])  # the caller's own


def test_guided_images_are_drawn_in_parts_too(monkeypatch):
    model = small("pixelcnn", colours=1, classes=(3, 4))
    options = dict(seed=0, labels=np.array([[1, 0], [2, 3], [0, 2]]), guidance=3)
    whole = generate_images(model, 3, 3, **options)
    monkeypatch.setattr(sampling, "PIXELS", 9)
    np.testing.assert_array_equal(generate_images(model, 3, 3, **options), whole)


@pytest.mark.parametrize(
    "options, kept",
    [
        (dict(top_p=0.5), [1]),  # 0.5 is reached by the likeliest
        (dict(top_p=0.51), [1, 3]),
        (dict(top_p=0.85), [0, 1, 3]),
        (dict(top_p=1.0), [0, 1, 2, 3]),
        (dict(top_k=1), [1]),
        (dict(top_k=3), [0, 1, 3]),
        (dict(top_p=0.85, top_k=2), [1, 3]),
        (dict(top_p=1e-9), [1]),  # never nothing
    ],
)
def test_top_p_keeps_the_smallest_set(options, kept):
    """Of levels with 0.125, 0.5, 0.0625 and 0.3125, exact in binary; their proportions stay."""
    p = np.array([[0.125, 0.5, 0.0625, 0.3125]])
    drawn = Steering(**options).probabilities(np.log(p) + 3)
    np.testing.assert_allclose(drawn[0, kept] / drawn.sum(), p[0, kept] / p[0, kept].sum())
    assert drawn.argmax() == 1 and (np.delete(drawn, kept) == 0).all()


def test_top_p_draws_no_other_level(model):
    """A value of each drawn picture is in the smallest set, given the values before it."""
    drawn = generate_images(model, 5, 3, seed=0, top_p=0.6)
    p = np.exp(array(model(drawn)))  # (5, 3, 3, 3, levels)
    own = np.take_along_axis(p, drawn[..., None].astype(int), -1)
    likelier = np.where(p > own, p, 0).sum(-1)
    assert (likelier < 0.6).all()
    free = generate_images(model, 5, 3, seed=0)
    np.testing.assert_array_equal(free, generate_images(model, 5, 3, seed=0, top_k=8))


# What is refused


def test_a_pixel_layer_without_a_cached_step_is_drawn_naively():
    model = tiny(pixel_layer=Plain)
    with pytest.raises(ValueError, match='Plain has no cached step.*method="naive"'):
        generate_images(model, 1, 2)
    assert generate_images(model, 1, 2, method="naive").shape == (1, 2, 2, 3)
