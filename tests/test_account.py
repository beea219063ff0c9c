"""The account of a network's mistakes: prices are exact, shares add up, pixels have names."""

import numpy as np
import pytest
from tiny import array, shake

from pixelcnn_lib import account, faces
from pixelcnn_lib.family import PixelCNN


def test_who_knows_nothing_pays_six_bits_for_each_pixel():
    bits = account.prices(lambda images: np.full((*images.shape[:3], 64), 9.0), faces.faces(3))
    assert bits.shape == (3, 16, 16) and bits.dtype == float
    np.testing.assert_allclose(bits, 6)


def test_prices_are_those_of_the_true_colours():
    images = faces.faces(5)
    model = shake(PixelCNN.preset("faces", filters_per_colour=4, blocks=1, head_per_colour=6))
    expected = -array(model.log_prob(images))[..., 0] / np.log(2)  # (5, 16, 16)
    np.testing.assert_allclose(account.prices(model, images), expected, rtol=1e-4, atol=1e-4)
    in_parts = account.prices(lambda some: model(some)[..., 0, :], images, batch_size=2)
    np.testing.assert_allclose(in_parts, expected, rtol=1e-4, atol=1e-4)
    sure = account.prices(lambda some: 1e4 * np.eye(64)[some[..., 0]], images)
    np.testing.assert_array_equal(sure, np.zeros((5, 16, 16)))


def test_networks_that_do_not_fit_are_refused():
    images = faces.faces(2)
    with pytest.raises(ValueError, match=r"logits \(2, 16, 16, 64\), .* returned \(2, 16, 16, 5\)"):
        account.prices(lambda some: np.zeros((*some.shape[:3], 5)), images)
    with pytest.raises(ValueError, match="nan or infinite logits"):
        account.prices(lambda some: np.full((*some.shape[:3], 64), np.nan), images)
    with pytest.raises(ValueError, match=r"images must be int \(n, 16, 16, 1\)"):
        account.prices(None, images[..., 0])
    with pytest.raises(ValueError, match="batch_size must be"):
        account.prices(None, images, batch_size=0)
    for wrong in (np.zeros((16, 16)), np.zeros((0, 16, 16))):
        with pytest.raises(ValueError, match=r"prices must be float \(N, 16, 16\)"):
            account.shares(wrong, 6)
    with pytest.raises(ValueError, match="got first=9"):
        account.shares(np.zeros((1, 16, 16)), 6, first=9)


@pytest.mark.parametrize("form", [(6,), (2, 3), (0, 5), (4, 7, 2), (None, 7, 2)])
def test_the_shares_add_up(form):
    paid = np.random.default_rng(0).gamma(1, 1, (50, 16, 16))
    shares = account.shares(paid, *form)
    np.testing.assert_allclose(shares.own, paid.mean(axis=0))
    parts = shares.floor + shares.blind + shares.far + shares.rest
    np.testing.assert_allclose(parts, shares.own)
    assert min(shares.blind.min(), shares.far.min()) >= 0
    assert sum(shares.totals.values()) == pytest.approx(shares.own.sum())
    assert tuple(shares.totals) == account.PAID_FOR
    assert shares.error == pytest.approx(np.std(paid.sum((1, 2)), ddof=1) / 50**0.5)
    assert shares.blind.any() == (form[2:] != (2,)) and shares.far.any() == (form[0] is not None)
    assert np.isnan(account.shares(paid[:1], *form).error)


def test_the_best_network_of_its_form_has_learnt_all_that_is_in_sight():
    shares = account.shares(faces.limit(6)[None], 6)
    assert not shares.rest.any()
    totals = {name: round(bits, 2) for name, bits in shares.totals.items()}
    assert totals == dict(zip(account.PAID_FOR, (19.06, 1.10, 0.22, 0)))
    found = [(one.row, one.col, one.name, one.cause) for one in account.brightest(shares, 4)]
    assert found == [
        (13, 3, "left shoulder", "blind spot"),
        (4, 3, "left edge of the hair", "blind spot"),
        (7, 3, "glasses, left", "blind spot"),
        (0, 13, "background, right", "too far away"),
    ]


@pytest.mark.parametrize(
    "row, col, name",
    [
        (1, 12, "right edge of the hair"),
        (1, 8, "hair"),
        (0, 8, "hat, right"),
        (6, 4, "left eye"),
        (9, 7, "mouth"),
        (9, 13, "long hair, right"),
        (11, 8, "skin, right"),
        (12, 7, "collar"),
        (13, 11, "right shoulder"),
        (15, 2, "clothes, left"),
        (15, 15, "background, right"),
    ],
)
def test_pixels_have_names(row, col, name):
    assert account.name_of(row, col) == name


def test_other_pixels_have_none():
    with pytest.raises(ValueError, match="row must be a whole number from 0 to 15; got 16"):
        account.name_of(16, 0)
    with pytest.raises(ValueError, match="count must be"):
        account.brightest(account.shares(np.zeros((1, 16, 16)), 6), 0)
