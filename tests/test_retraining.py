"""The tools that train the shipped models run to their end, with one step of each training.

Each night is often enough: they change seldom. They write into another folder. What the real
trainings gave is tested in test_weights.py.
"""

import json
import shutil

import gb82
import nbformat
import numpy as np
import pytest
import train_any_order
import train_digits
import train_faces
import train_ladder
import train_own
import train_small

import chapters
from pixelcnn_lib import data, model
from pixelcnn_lib.family import PixelSNAIL
from pixelcnn_lib.teach import anyorder, checks, own

pytestmark = pytest.mark.slow

STEP = {"steps_per_epoch": 1, "batch_size": 2}


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A folder that takes the place of the package's weights."""
    folder = tmp_path / "weights"
    folder.mkdir()
    shutil.copy(model.WEIGHTS / "measured.json", folder)
    monkeypatch.setattr(model, "WEIGHTS", folder)
    for tool in (train_small, train_digits, train_faces):
        monkeypatch.setattr(tool, "WEIGHTS", folder)
        monkeypatch.setitem(tool.SETTINGS, "steps_per_epoch", 1)
        monkeypatch.setitem(tool.SETTINGS, "batch_size", 2)
    return folder


def written(weights):
    return json.loads((weights / "measured.json").read_text())


def test_digits(weights, tmp_path, monkeypatch):
    monkeypatch.setitem(train_digits.SETTINGS, "epochs", 1)
    train_digits.main(tmp_path / "runs")
    assert written(weights)["digits"]["held_out_bits_per_dim"] > 1
    assert (weights / "digits.weights.h5").exists()


@pytest.mark.filterwarnings("ignore:Mean of empty:RuntimeWarning")  # it draws no right face
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_faces(weights, tmp_path, monkeypatch):
    monkeypatch.setattr(train_faces, "EPOCHS", {"faces": 1, "faces-all": 1})
    monkeypatch.setattr(train_faces, "COUNTS", {"faces": 40, "faces-all": 40})
    for name, few in {"VALID": 4, "NEW": 16, "DRAWN": 2}.items():  # 2 of 16 are held out
        monkeypatch.setattr(train_faces, name, few)
    small = {"filters_per_colour": 4, "blocks": 1}
    for name, (preset, changes, size) in PixelSNAIL.shipped.items():
        monkeypatch.setitem(PixelSNAIL.shipped, name, (preset, changes | small, size))
    train_faces.main(tmp_path / "runs")
    assert all(written(weights)[name]["bits"] > 100 for name in PixelSNAIL.shipped)
    assert len(list(weights.glob("*.h5"))) == 2


def test_small(weights, tmp_path, monkeypatch):
    patch = np.random.default_rng(0).integers(0, 256, (40, 40, 3), "uint8")
    photographs = [one._replace(image=one.image[:40, :40]) for one in data.photographs("test")]
    monkeypatch.setattr(gb82, "read", lambda folder: ({"a": patch}, {"b": patch}))
    monkeypatch.setattr(data, "photographs", lambda part: photographs)
    for name in ("LONG", "SHORT", "SEEDS"):
        monkeypatch.setattr(train_small, name, 1)
    train_small.main(tmp_path / "runs", tmp_path)
    assert set(written(weights)["kept_back_bits_per_dim"]["small"]) == {"b"}
    assert (weights / "small.csv").read_text().count("\n") == 2


def test_ladder(tmp_path, monkeypatch):
    monkeypatch.setattr(train_ladder, "FILE", tmp_path / "ladder.json")
    monkeypatch.setattr(train_ladder, "SETTINGS", {**train_ladder.SETTINGS, **STEP, "epochs": 1})
    monkeypatch.setattr(
        train_ladder, "RUNGS", {name: train_ladder.RUNGS[name] for name in ["transformer"]}
    )
    monkeypatch.setattr(train_ladder, "DRAWN", 2)
    monkeypatch.setattr(train_ladder, "NEW", 2)
    train_ladder.main(tmp_path / "runs")
    assert json.loads(train_ladder.FILE.read_text())["transformer"]["bits"] > 1000


def quick_run(path, used):
    """Run a chapter's own cells with the replacements that their quick tests make."""
    cells = [
        one for one in nbformat.read(path, 4).cells if any(text in one.source for text in used)
    ]
    quick = {old: new for one in cells for old, new in one.metadata.get("quick", {}).items()}
    return chapters.run_cells(path, used, quick)


@pytest.mark.parametrize("number", train_own.USED)
def test_the_reader_s_network(number, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "KEPT", tmp_path / "answers.json")
    model = quick_run(chapters.in_order()[number - 1], train_own.USED[number])["model"]
    assert own.described(model)["form"] == {"embed": 32, "width": 64, "first": 7, "blocks": 6}


def test_any_order(tmp_path, monkeypatch):
    monkeypatch.setattr(anyorder, "NETWORK", tmp_path / "any-order.json")
    for name, few in {"STEPS": 2, "HALF": 2, "AT_ONCE": 4}.items():
        monkeypatch.setattr(train_any_order, name, few)
    train_any_order.main(tmp_path / "run")
    assert len(anyorder.NETWORK.read_text()) > 700_000
