"""The wheel contains the whole package, and works without the repository."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
USE = """
from PIL import Image
from pixelcnn_lib import __main__, data
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.teach import exercises, figures, live
print(data.__file__)
assert data.photos(16).any() and PixelCNN.pretrained("small").count_params()
assert Image.open(data.FOLDER / "china.png").size
"""


def pip(*arguments):
    done = subprocess.run([*PIP, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build from a copy, so that the checkout does not change, with the installed setuptools."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "pixelcnn_lib", source / "pixelcnn_lib", ignore=leave)
    pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", built, source)
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    files = {path for path in (ROOT / "pixelcnn_lib").rglob("*") if path.is_file()}
    expected = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == {name.replace(os.sep, "/") for name in expected}
    assert wheel.stat().st_size < 5e6


@pytest.mark.slow
def test_the_wheel_works_alone(wheel, tmp_path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    pip("install", "--no-index", "--no-deps", "--target", site, wheel)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=empty, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(site)
    assert not list(empty.iterdir())


@pytest.mark.slow
def test_what_is_installed_fits_together():
    pip("check")


TRAINING = """
import keras
from pixelcnn_lib import data
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.losses import bits_per_dim
model = PixelCNN.preset("tiny", blocks=1)
model.compile("adam", loss=bits_per_dim)
_ = model.fit(data.photos(16)[:32], verbose=0)
print("trained")
"""


def test_a_notebook_shows_no_log_of_tensorflow():
    cells = [nbformat.v4.new_code_cell(code) for code in ("import pixelcnn_lib", TRAINING)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    shown = [output.get("text") for cell in notebook.cells for output in cell.outputs]
    assert shown == ["trained\n"]
