"""The shipped networks of the paper's table: no leak, a distribution, the reference, their record."""

import json

import number
import numpy as np
import pytest
from loops import by_loops
from tiny import all_images, array, cached_logits

from pixelcnn_lib import data, leaks
from pixelcnn_lib.caching import delay
from pixelcnn_lib.family import DiagonalBiLSTM, PixelCNN, RowLSTM
from pixelcnn_lib.model import WEIGHTS

MEMBERS = {"PixelCNN": PixelCNN, "Row LSTM": RowLSTM, "Diagonal BiLSTM": DiagonalBiLSTM}
each = pytest.mark.parametrize("member", MEMBERS.values(), ids=MEMBERS)


def exact(member):
    """Return a shipped network in float64."""
    model = member.preset("mnist", dtype="float64")
    model.set_weights(member.pretrained("mnist").get_weights())
    return model


@each
def test_no_value_sees_itself_or_a_later_one(member):
    model = exact(member)
    seen = leaks.influence(model, (7, 9, 1), trials=1)
    field = model.field((7, 9, 1))
    assert not (seen & ~field).any() and not np.triu(field).any() and seen.sum() > 1000


@pytest.mark.slow
@each
def test_no_position_of_a_digit_sees_any_of_its_future(member):
    digit = data.binarised_mnist("valid")[0].reshape(-1)
    future = np.triu(np.ones((784, 784), bool))  # of each position, itself included
    noise = np.random.default_rng(0).integers(0, 2, (784, 784), "uint8")
    changed = np.where(future, noise, digit).reshape(-1, 28, 28, 1)
    both = np.concatenate([digit.reshape(1, 28, 28, 1), changed])
    model = member.pretrained("mnist")
    model.compile(jit_compile=False)
    logits = model.predict(both, batch_size=50, verbose=0).reshape(785, 784, 2)
    moved = np.abs(logits[1:] - logits[0]).max(2)  # (position, target)
    assert moved[np.tri(784, dtype=bool)].max() < 1e-3 < moved.max()


@pytest.mark.slow
@each
def test_all_pictures_of_4x4_pixels_sum_to_one(member):
    model = number.Nats(exact(member))
    nats = model.predict(all_images((4, 4, 1), 2), batch_size=2048, verbose=0)
    assert abs(np.exp(-nats).sum() - 1) < 1e-9


@each
@pytest.mark.parametrize("count", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_log_prob_is_the_reference_s(member, count):
    model, digits = exact(member), data.binarised_mnist("valid")[:count]
    found = array(model.log_prob(digits))[..., 0]  # (count, 28, 28)
    logits = np.array([by_loops(model, digit)[:, :, 0] for digit in digits])  # (…, 28, 28, 2)
    ones = logits[..., 1] - logits[..., 0]
    expected = -np.logaddexp(0, np.where(digits[..., 0] == 1, -ones, ones))
    np.testing.assert_allclose(found, expected, atol=1e-9)


@each
def test_the_sampler_pays_what_score_says(member):
    model, digits = exact(member), data.binarised_mnist("valid")[:2]
    log_p = cached_logits(model, digits, delay(model, 28))  # (2, 28, 28, 1, 2), while drawing
    paid = np.take_along_axis(log_p, digits[..., None].astype(int), -1)
    bits = -paid.sum((1, 2, 3, 4)) / np.log(2) / 784
    np.testing.assert_allclose(bits, model.score(digits).per_image, rtol=1e-9)


@pytest.mark.parametrize("name", MEMBERS)
def test_the_first_digits_cost_what_was_measured(name):
    record = json.loads((WEIGHTS / "number.json").read_text())["networks"][name]
    digits = data.binarised_mnist("valid")[: number.FIRST]
    found = number.measure(MEMBERS[name].pretrained("mnist"), digits)
    assert abs(found["nats"] - record["first"]["nats"]) < 2e-3
