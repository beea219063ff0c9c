"""What the best network pays that sees a part of the past, for the pictures of chapters 11 and 12."""

from collections import Counter

import numpy as np
import pytest

from pixelcnn_lib import faces
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


FACE_PAST = np.tri(256, k=-1, dtype=bool)
SPOTS = [solutions.blind_spot(16, 16, row, col + 2) for row, col in np.ndindex(16, 16)]
VISIBLE = FACE_PAST & ~np.reshape(SPOTS, (256, 256))  # through the masks of PixelCNN


def plain_faces(*free):
    """Return the plain faces that differ only in some choices: uint8 (n, 256), and their chances."""
    tables = {name: faces.CHANCES["plain"][name] for name in faces.CHOICES}
    options = [
        np.flatnonzero(table)[: None if name in free else 1] for name, table in tables.items()
    ]
    choices = np.stack([each.ravel() for each in np.meshgrid(*options, indexing="ij")], axis=1)
    columns = zip(tables.items(), choices.T)
    p = np.prod([table[column] for (name, table), column in columns if name in free], axis=0)
    pictures = faces.face_pictures(choices).reshape(-1, 256)
    _, first, picture = np.unique(pictures.view("V256"), return_index=True, return_inverse=True)
    p = np.bincount(picture.ravel(), p)
    return pictures[first], p / p.sum()


def entropy(keys, p):
    """Bits of a key; keys: int (n,), of pictures with the probabilities p."""
    p = np.bincount(np.unique(keys, return_inverse=True)[1], p)
    return -p @ np.log2(p)


def least_bits_of_faces(pictures, p, seen, targets=range(256)):
    """As least_bits, for many pictures of unequal probability; bits of some targets, float (k,).

    Pictures that look alike are told by a sum of random numbers, one for each pixel and colour.
    """
    numbers = np.random.default_rng(0).integers(2**63, size=(256, 64))
    columns = np.ascontiguousarray(pictures.T)
    look, known, bits = np.zeros(len(p), int), np.zeros(256, bool), []
    for target in targets:
        for pixel in np.flatnonzero(seen[target] != known):
            look += numbers[pixel][columns[pixel]] * (1 if seen[target, pixel] else -1)
        known = seen[target]
        both = look + numbers[target][columns[target]]
        bits.append(entropy(both, p) - entropy(look, p))
    return np.array(bits)


def test_the_blind_spot_costs_640_faces_what_chapter_11_says():
    """The limits, where the bits are lost, and that a reach of 11 pixels changes neither limit."""
    pictures, p = plain_faces("hair", "skin", "clothes", "clothes colour")
    assert len(pictures) == 640
    np.testing.assert_allclose(p, 1 / 640)
    row, col = np.indices((16, 16)).reshape(2, -1)
    near = (row[:, None] - row <= 11) & (abs(col[:, None] - col) <= 11)
    whole, blind = least_bits(pictures, FACE_PAST), least_bits(pictures, VISIBLE)
    for bits, seen in ((whole, FACE_PAST), (blind, VISIBLE)):
        np.testing.assert_allclose(least_bits(pictures, seen & near).sum(), bits.sum())
        np.testing.assert_allclose(least_bits_of_faces(pictures, p, seen), bits, atol=1e-9)
    assert whole.sum() == pytest.approx(np.log2(640))
    lost = (blind - whole).reshape(16, 16)
    assert np.argwhere(lost > 1e-9).tolist() == [[4, 3], [13, 3]]
    assert lost[4, 3] == pytest.approx(0.25) and lost[13, 3].round(2) == 0.67


@pytest.mark.slow
def test_the_blind_spot_costs_all_plain_faces_what_chapter_11_says():
    """All have the same bits for the background: it is seen in the first pixel."""
    seldom = "background", "beard", "earrings", "earring colour"
    pictures, p = plain_faces(*(name for name in faces.CHOICES if name not in seldom))
    assert 4 * len(pictures) == 2361600
    assert 2 + entropy(np.arange(len(p)), p) == pytest.approx(faces.faces_entropy())
    lost = 2 + least_bits_of_faces(pictures, p, VISIBLE).sum() - faces.faces_entropy()
    assert lost.round(2) == 1.10 and (faces.faces_entropy() + lost).round(2) == 20.15
    three = [16 * row + 3 for row in (4, 7, 13)]
    whole, blind = (least_bits_of_faces(pictures, p, seen, three) for seen in (FACE_PAST, VISIBLE))
    np.testing.assert_allclose(blind - whole, [0.225, 0.2, 0.67], atol=5e-4)
    assert (blind - whole).sum() == pytest.approx(lost)
