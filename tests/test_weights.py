"""The shipped models are the files that were measured, and score what was printed of them."""

import hashlib
import json

import numpy as np
import pytest

from pixelcnn_lib import data, losses
from pixelcnn_lib.model import WEIGHTS, PixelCNN

MEASURED = json.loads((WEIGHTS / "measured.json").read_text())["held_out_bits_per_dim"]
SUMS = json.loads((WEIGHTS / "checksums.json").read_text())


def test_the_files_are_whole_and_small():
    files = sorted(WEIGHTS.glob("*.h5"))
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files} == SUMS
    assert sum(file.stat().st_size for file in files) < 2e6


@pytest.mark.parametrize(
    "name, row", [("small", "small, "), ("small-categorical", "categorical head, ")]
)
def test_a_model_scores_what_was_measured(name, row):
    (measured,) = (bits for title, bits in MEASURED.items() if title.startswith(row))
    photographs = data.photographs("test")
    assert list(measured) == [photograph.name for photograph in photographs]
    score = losses.score(PixelCNN.pretrained(name), [one.image for one in photographs])
    np.testing.assert_allclose(score.per_image, list(measured.values()), atol=2e-3)


def test_the_shipped_model_is_below_png():
    (ours,) = (bits for title, bits in MEASURED.items() if title.startswith("small, "))
    assert all(ours[photograph] < bits - 0.5 for photograph, bits in MEASURED["PNG"].items())
