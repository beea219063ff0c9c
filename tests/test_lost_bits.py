"""What the best network pays that sees a part of the past, for the pictures of chapters 11 and 12."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from pixelcnn_lib import data
from pixelcnn_lib.teach import kites, solutions

HEIGHT, WIDTH = kites.SHAPE
PAST = np.tri(HEIGHT * WIDTH, k=-1, dtype=bool)  # [target, source]


def least_bits(values, seen):
    """Bits of each target for the best network that sees these sources: (targets,).

    values: (pictures, values), all pictures equally likely. seen: bool (targets, sources).
    """
    bits = []
    for target, sight in enumerate(seen):
        looks = [look.tobytes() for look in values[:, sight]]
        alike, same = Counter(looks), Counter(zip(looks, values[:, target]))
        bits.append(sum(n * np.log2(alike[look] / n) for (look, _), n in same.items()))
    return np.array(bits) / len(values)


def limit(seen):
    """Bits of a picture of a kite."""
    return least_bits(kites.pictures().reshape(64, -1), seen).sum()


def test_who_sees_the_whole_past_pays_six_bits():
    assert limit(PAST) == pytest.approx(6)


def test_the_last_pixel_of_the_row_above_costs_a_diagonal_bilstm_nothing():
    """Chapter 12: a 3x3 window reaches this pixel only from the last two columns."""
    row, col = np.divmod(np.arange(HEIGHT * WIDTH), WIDTH)
    next_row, far = row[:, None] == row + 1, col[:, None] < WIDTH - 2  # of the targets
    gap = next_row & far & (col == WIDTH - 1)  # (targets, sources)
    assert gap.sum() == (HEIGHT - 1) * (WIDTH - 2)
    assert limit(PAST & ~gap) == pytest.approx(6)


def test_who_sees_no_kite_pays_two_bits_more():
    """The kite stands in columns 8 to 13, and the child in columns 0 to 5."""
    kite = np.arange(HEIGHT * WIDTH) % WIDTH > 7
    child = np.arange(HEIGHT * WIDTH) // WIDTH == 5
    assert limit(PAST & ~(child[:, None] & kite)) == pytest.approx(8)


def test_the_blind_spot_costs_the_houses_what_chapter_13_says():
    """The limits, where the bits are lost, and that a reach of 11 pixels changes neither limit."""
    layouts = [(0, 0, 0, *three) for three in product(range(4), range(13), range(12))]
    _, kinds = np.unique(data.toy_pictures(layouts).reshape(-1, 3), axis=0, return_inverse=True)
    houses = kinds.reshape(len(layouts), 256).astype("uint8")
    past = np.tri(256, k=-1, dtype=bool)
    spots = [solutions.blind_spot(16, 16, row, col + 2) for row, col in np.ndindex(16, 16)]
    visible = past & ~np.reshape(spots, (256, 256))
    row, col = np.indices((16, 16)).reshape(2, -1)
    near = (row[:, None] - row <= 11) & (abs(col[:, None] - col) <= 11)
    whole, blind = least_bits(houses, past), least_bits(houses, visible)
    for bits, seen in ((whole, past), (blind, visible)):
        np.testing.assert_allclose(least_bits(houses, seen & near).sum(), bits.sum())
    lost = (blind - whole).reshape(16, 16)
    assert lost.sum().round(2) == 1.21
    assert lost[11:14, 0].sum().round(2) == 0.93
    assert lost[6:9].sum().round(2) == 0.28
