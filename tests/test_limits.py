"""What a network must pay for plain faces: the stored limits are those of all of them, exactly."""

from collections import defaultdict

import field_limits as tool
import numpy as np
import pytest

from pixelcnn_lib import faces
from pixelcnn_lib.family import PixelCNN

TABLES = {form: tool.fields(form) for form in faces.FORMS}  # bool (blocks, targets, sources)


def counted(pictures, p, target, field):
    """H(target | field), in bits, from a dict of all that is seen: float."""
    seen = defaultdict(lambda: defaultdict(float))
    for before, colour, chance in zip(pictures[field].T, pictures[target], p):
        seen[before.tobytes()][colour] += chance
    chances = [np.array(list(colours.values())) for colours in seen.values()]
    return sum(-few @ np.log2(few / few.sum()) for few in chances)


def test_the_sums():
    assert faces.floor().sum() == pytest.approx(faces.faces_entropy(), abs=1e-8)
    for sums, options in [
        ([26.577431, 22.378115, 21.300007, 20.373227, 20.153639], {}),
        ([38.220964, 26.473454, 22.962866, 21.586853, 20.889856], {"first": 5}),
        ([50.302227, 27.853636, 24.129319, 23.051212, 21.904843], {"first": 3}),
        ([26.449737, 21.283099, 20.204991, 19.27821, 19.058622], {"stacks": 2}),
    ]:
        found = [faces.limit(blocks, **options).sum() for blocks in (0, 2, 4, 6, None)]
        np.testing.assert_allclose(found, sums, atol=2e-6)


@pytest.mark.parametrize("blocks", [0, 2, 6])
def test_the_fields_are_those_of_the_librarys_networks(blocks):
    net = PixelCNN(1, blocks, 1, colours=1, levels=2)
    np.testing.assert_array_equal(net.field((16, 16, 1)), TABLES["7"][blocks])


def test_a_larger_field_never_costs_more():
    least = faces.floor()
    assert least.shape == (16, 16) and least.dtype == float and least.min() == 0
    for form, first, stacks in [("3", 3, 1), ("5", 5, 1), ("7", 7, 1), ("two stacks", 7, 2)]:
        costs = [faces.limit(blocks, first, stacks) for blocks in (*range(16), 16, 1000, None)]
        costs = np.stack(costs)  # (19, 16, 16)
        assert (np.diff(costs, axis=0) <= 0).all() and (costs >= least).all()
        assert (costs[15:] == costs[15]).all()
        same = (np.diff(TABLES[form], axis=0) == 0).all(axis=2).reshape(15, 16, 16)
        assert (np.diff(costs[:16], axis=0)[same] == 0).all()  # equal fields cost the same
        whole = TABLES[form] == np.tri(256, k=-1, dtype=bool)
        whole = whole.all(axis=2).reshape(16, 16, 16)
        assert (costs[:16] == least)[whole].all()
    for blocks in (*range(16), None):
        small, middle, large = (faces.limit(blocks, first) for first in (3, 5, 7))
        assert (small >= middle).all() and (middle >= large).all()
        assert (large >= faces.limit(blocks, stacks=2)).all()


def test_a_table_that_is_changed_stays_as_it_was():
    faces.floor()[:] = 1
    faces.limit(6)[:] = 1
    assert faces.floor().sum() < 20 and faces.limit(6).sum() < 21


def test_other_networks_have_no_limit():
    with pytest.raises(ValueError, match=r"3x3, 5x5 or 7x7 with one stack, .* got first=9, stacks"):
        faces.limit(6, first=9)
    with pytest.raises(ValueError, match="got first=5, stacks=2"):
        faces.limit(6, first=5, stacks=2)
    with pytest.raises(ValueError, match="blocks must be a whole number from 0 to 1000; got -1"):
        faces.limit(-1)


def test_few_pictures_are_counted_one_by_one(monkeypatch):
    rng = np.random.default_rng(0)
    pictures, p = faces.faces(60, 3).reshape(60, 256).T, rng.dirichlet(np.ones(60))
    monkeypatch.setattr(tool, "all_faces", lambda: (pictures, p))
    for row, bits in tool.limits(["3", "two stacks"], rows=(1, 4, 13)):
        for form, costs in bits.items():
            for blocks, col in [(0, 3), (0, 15), (1, 4), (2, 13), (15, 3)]:
                target = 16 * row + col
                cost = counted(pictures, p, target, TABLES[form][blocks, target])
                assert costs[blocks, col] == pytest.approx(cost, abs=1e-9)


@pytest.mark.slow
def test_the_tables_are_those_of_other_random_numbers():
    for row, bits in tool.limits(faces.FORMS, seed=1):
        for form, costs in bits.items():
            np.testing.assert_allclose(costs, faces.limits()[form][:, row], atol=1e-9)


@pytest.mark.slow
def test_all_plain_faces_are_counted_one_by_one():
    """The pixels at which chapter 1's network cannot see what decides them."""
    pictures, p = tool.all_faces()
    for row, col in [(0, 13), (2, 13), (4, 3), (7, 3), (13, 3)]:
        target = 16 * row + col
        cost = counted(pictures, p, target, TABLES["7"][6, target])
        assert cost == pytest.approx(faces.limit(6)[row, col], abs=1e-9)
    lost = (faces.limit(None) - faces.floor())[[4, 7, 13], 3]
    np.testing.assert_allclose(lost, [0.225, 0.2, 0.67], atol=5e-4)
    assert lost.sum() == pytest.approx(faces.limit(None).sum() - faces.faces_entropy(), abs=1e-8)
