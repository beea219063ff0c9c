"""The 64 pictures of chapters 14 and 16: what the best network pays that sees a part of the past."""

from collections import Counter

import numpy as np
import pytest

from pixelcnn_lib.teach.kites import SHAPE, pictures

HEIGHT, WIDTH = SHAPE
PAST = np.tri(HEIGHT * WIDTH, k=-1, dtype=bool)  # [target, source]


def limit(seen):
    """Bits of a picture for the best network whose targets see these sources."""
    values, bits = pictures().reshape(64, -1), 0
    for target, sight in enumerate(seen):
        looks = [look.tobytes() for look in values[:, sight]]
        alike, same = Counter(looks), Counter(zip(looks, values[:, target]))
        bits += sum(n * np.log2(alike[look] / n) for (look, _), n in same.items()) / 64
    return bits


def test_who_sees_the_whole_past_pays_six_bits():
    assert limit(PAST) == pytest.approx(6)


def test_the_last_pixel_of_the_row_above_costs_a_diagonal_bilstm_nothing():
    """Chapter 14: a 3x3 window reaches this pixel only from the last two columns."""
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
