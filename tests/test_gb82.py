"""The photographs that the shipped model learns from are told apart from any others."""

import json

import gb82
import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def photographs(tmp_path, monkeypatch):
    """A set of four in a folder, and their sums: all noise."""
    rng, sums = np.random.default_rng(0), {}
    for name in (*gb82.KEPT_BACK, "another"):
        path = tmp_path / f"{name}-lossless.png"
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), "uint8")).save(path)
        sums[name] = gb82.digest(gb82.halved(path))
    monkeypatch.setattr(gb82, "SUMS", tmp_path / "sums.json")
    gb82.SUMS.write_text(json.dumps(sums))
    return tmp_path


def test_photographs_are_halved_and_some_are_kept_back(photographs):
    train, chosen = gb82.read(photographs)
    assert list(train) == ["another"] and set(chosen) == set(gb82.KEPT_BACK)
    assert train["another"].shape == (4, 4, 3) and train["another"].dtype == np.uint8


def test_another_photograph_is_refused(photographs):
    path = photographs / "another-lossless.png"
    Image.new("RGB", (8, 8)).save(path)
    with pytest.raises(SystemExit, match="another-lossless.png is not the photograph"):
        gb82.read(photographs)


def test_a_missing_photograph_is_told_with_the_address(photographs):
    (photographs / "city-lossless.png").unlink()
    with pytest.raises(
        SystemExit, match="city-lossless.png is missing: git clone https://"
    ) as stop:
        gb82.read(photographs)
    assert "\n" not in str(stop.value)


def test_the_sums_name_twenty_photographs():
    sums = json.loads(gb82.SUMS.read_text())
    assert len(sums) == 20 and set(gb82.KEPT_BACK) < set(sums)
    assert all(len(one) == 64 for one in sums.values())
