"""What the best network pays that has the blind spot, for all plain faces, as chapter 11 says."""

import numpy as np
import pytest

from pixelcnn_lib import faces
from pixelcnn_lib.teach import solutions

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
    """Bits of some targets for the best network that sees these sources: float (k,).

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
