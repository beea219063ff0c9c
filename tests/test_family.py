"""What every member of the family promises: what it sees, that p sums to one, how it draws and learns.

A member joins by a line in MEMBERS; its reference is in a file of its own.
`make test` examines PixelCNN and Gated PixelCNN in full, and each other member with one head on one
small image; `make test-all` examines all of them.
"""

import json

import numpy as np
import pytest
from tiny import array, cached_logits, noise_images, run_on_jax, small, total_probability

from pixelcnn_lib import family, leaks
from pixelcnn_lib.caching import delay
from pixelcnn_lib.losses import bits_per_dim
from pixelcnn_lib.sampling import generate_images
from pixelcnn_lib.scoring import score

IN_FULL = {"pixelcnn": "categorical", "gated": "tied"}  # with these heads
METHODS = ("naive", "cached", "wavefront")
slow = pytest.mark.slow


def slow_unless(fast, *values):
    return pytest.param(*values, marks=() if fast else slow)


every_member = pytest.mark.parametrize("name", family.MEMBERS)
each_member = pytest.mark.parametrize(
    "name", [slow_unless(n in IN_FULL, n) for n in family.MEMBERS]
)
each_head = pytest.mark.parametrize(  # a mixture takes what a categorical head takes
    "name, head",
    [
        slow_unless(IN_FULL.get(n) == head, n, head)
        for n in family.MEMBERS
        for head in ("categorical", "tied")
    ],
)


@pytest.mark.parametrize("name", [name for name in family.MEMBERS if name not in IN_FULL])
def test_another_member_in_one_small_shape(name):
    """Each prediction depends only on its field, and the cached step gives the same logits."""
    model, shape, images = small(name), (3, 4, 3), noise_images(2, (3, 4), levels=5)
    field = model.field(shape)
    assert not (leaks.influence(model, shape) & ~field).any() and not np.triu(field).any()
    assert np.isfinite(array(model.log_prob(images))).all()
    found = cached_logits(model, images, delay(model, 4))
    np.testing.assert_allclose(found, array(model(images)), rtol=1e-9, atol=1e-9)


# What it sees, and names in place of numbers


@each_member
def test_a_level_may_be_a_name_and_an_image_have_several_labels(name):
    model, labels = small(name, colours=1, embed=3, classes=(3, 2)), [[0, 1], [2, 0]]
    leaks.assert_autoregressive(model, (3, 4, 1), trials=1, label=(2, 1))
    images = noise_images(2, (3, 4), 1, levels=5)
    logits = array(model(images, labels))
    for other in ([[0, 1], [2, 1]], [[0, 1], [1, 0]]):  # each label counts
        found = array(model(images, other))
        np.testing.assert_array_equal(found[0], logits[0])
        assert np.abs(found[1] - logits[1]).max() > 1e-9
    plain = small(name, colours=1, embed=3, levels=3)
    np.testing.assert_allclose(total_probability(plain, (2, 3, 1)), 1, atol=1e-9)


@each_head
@pytest.mark.parametrize("shape", [(3, 7, 3), (7, 3, 2), (3, 12, 1), (1, 9, 3), (8, 1, 3)])
def test_influence_is_the_field(name, head, shape):
    """Gates and cells can let little through, so several draws of the weights are tried."""
    seen = np.zeros(2 * [np.prod(shape)], bool)
    for seed in range(6):
        model = small(name, seed, head=head, colours=shape[2], scale=2)
        field = model.field(shape)
        seen |= leaks.influence(model, shape, trials=2, seed=seed)
        assert not (seen & ~field).any()
        if (seen == field).all():
            break
    np.testing.assert_array_equal(seen, field)
    assert not np.triu(field).any()


@each_head
def test_a_class_changes_what_is_drawn_and_not_what_is_seen(name, head):
    model, shape = small(name, head=head, classes=3), (3, 4, 3)
    leaks.assert_autoregressive(model, shape, trials=1, label=2)
    images = noise_images(2, shape[:2], levels=5)
    one, other = (array(model(images, [0, number])) for number in (1, 2))
    np.testing.assert_array_equal(one[0], other[0])
    assert (np.abs(one[1] - other[1]).max(-1) > 1e-9).mean() > 0.9  # a ReLU can hide it


@each_head
@pytest.mark.parametrize("size, levels", [((3, 2, 1), 3), ((1, 2, 3), 3), ((2, 2, 3), 2)])
def test_all_images_sum_to_one(name, head, size, levels):
    model = small(name, head=head, levels=levels, colours=size[2], scale=3)
    assert abs(total_probability(model, size) - 1) < 1e-9


@slow
@every_member
def test_a_large_image_is_scored_in_parts(name, monkeypatch):
    model, image = small(name, scale=1), noise_images(1, (21, 17), levels=5)
    whole = score(model, image).bits
    monkeypatch.setattr(f"{score.__module__}.SIDE", 12)
    np.testing.assert_allclose(score(model, image).bits, whole, rtol=1e-9)


# Drawing


@each_member
@pytest.mark.parametrize("size", [(4, 19), (5, 3), (6, 1), (1, 6)])
def test_the_cached_step_gives_the_model_s_logits_at_its_delay(name, size):
    model = small(name, blocks=2)
    images = noise_images(2, size, levels=5)
    least = delay(model, size[1])
    for more in {0, size[1] - least}:
        found = cached_logits(model, images, least + more)
        np.testing.assert_allclose(found, array(model(images)), rtol=1e-9, atol=1e-9)


@each_head
@pytest.mark.parametrize(
    "colours, classes, size",
    [slow_unless(True, 3, 3, (3, 9)), slow_unless(False, 1, None, (5, 3))],
)
def test_all_samplers_draw_the_same(name, head, colours, classes, size):
    model = small(name, head=head, colours=colours, classes=classes, scale=1)
    noise = np.random.default_rng(0).random((4, *size, colours))
    options = {"labels": [2, 0, 1, 1]} if classes else {}
    drawn = [generate_images(model, 4, size, noise=noise, method=m, **options) for m in METHODS]
    assert len(np.unique(drawn[0])) > 2
    for other in drawn[1:]:
        np.testing.assert_array_equal(drawn[0], other)


# Learning and keeping


@each_head
def test_fit_learns_and_changes_every_weight(name, head):
    model = small(name, head=head, classes=3, scale=1, dtype="float32")
    images, labels = noise_images(4, (5, 6), levels=5), np.array([2, 0, 1, 1])
    before = model.get_weights()
    model.compile("adam", loss=bits_per_dim)
    losses = model.fit(images, labels, epochs=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        assert (old != new).any(), weight.path


@each_head
def test_it_is_saved_and_loaded(name, head, tmp_path):
    model = small(name, head=head, colours=1, embed=3, classes=(3, 2))
    images, labels = noise_images(2, (3, 4), 1, levels=5), [[0, 1], [2, 0]]
    logits = array(model(images, labels))
    again = type(model).from_config(json.loads(json.dumps(model.get_config())))
    model.save_weights(tmp_path / "a.weights.h5")
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(array(again(images, labels)), logits)


@slow
@every_member
@pytest.mark.parametrize("policy, rounding", [("mixed_bfloat16", 0.2), ("mixed_float16", 0.02)])
def test_half_precision_is_near(name, policy, rounding):
    whole, half = (small(name, dtype=dtype, scale=0.5) for dtype in ("float32", policy))
    images = noise_images(2, (4, 5), levels=5)
    np.testing.assert_allclose(array(half(images)), array(whole(images)), atol=rounding)


# Sizes


@every_member
def test_the_preset_for_pages_has_about_130_000_weights(name):
    model = family.MEMBERS[name].preset("small" if name == "pixelcnn" else name)
    assert 120_000 < model.count_params() < 140_000


JAX = """
import sys
import keras
import numpy as np
from pixelcnn_lib import leaks, sampling, training
from pixelcnn_lib.family import MEMBERS
from pixelcnn_lib.heads import CategoricalHead, LogisticMixtureHead, TiedMixtureHead

assert keras.backend.backend() == "jax"
member = MEMBERS[sys.argv[1]]
images = np.random.default_rng(0).integers(0, 5, (4, 3, 4, 3), dtype="uint8")
sizes = dict(filters_per_colour=3, blocks=1, head_per_colour=4, levels=5)
options = dict(epochs=1, steps_per_epoch=2, batch_size=2, verbose=0)
said = dict(labels=np.array([0, 1, 2, 1]), valid_labels=np.array([0, 1, 2, 1]))
training.train(member(**sizes, classes=3), images, "run", images, **said, **options)
assert type(training.resume("run", epochs=2, verbose=0)) is member
for head, classes in (
    (TiedMixtureHead(2), None), (LogisticMixtureHead(2), None), (CategoricalHead, 3)
):
    model = member(**sizes, head=head, classes=classes, dtype="float64")
    more, label = ({"labels": [0, 2]}, {"label": 2}) if classes else ({}, {})
    seen = False
    field = model.field((3, 4, 3))
    for seed in range(6):  # a ReLU can hide a way under one draw of the weights
        rng = np.random.default_rng(seed)
        for weight in model.weights:
            weight.assign(rng.normal(0, 0.5, weight.shape))
        seen |= leaks.influence(model, (3, 4, 3), levels=5, trials=6, **label)
        if (seen == field).all():
            break
    assert model(images[:2], **more).dtype == "float64"
    np.testing.assert_array_equal(seen, field)
    naive = sampling.generate_images(model, 2, (2, 5), seed=0, method="naive", **more)
    for method in ("cached", "wavefront"):
        drawn = sampling.generate_images(model, 2, (2, 5), seed=0, method=method, **more)
        np.testing.assert_array_equal(naive, drawn, method)
"""


@slow
@every_member
def test_runs_on_jax(name, tmp_path):
    run_on_jax(JAX, tmp_path, name)
