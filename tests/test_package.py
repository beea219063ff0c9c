"""One smoke job: the wheel works without the repository, and the workflow calls what exists."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
USE = """
import pixelcnn_lib
from PIL import Image
from pixelcnn_lib import __main__, data
from pixelcnn_lib.family import PixelCNN
from pixelcnn_lib.teach import exercises, figures, live
assert data.photos(16).any() and PixelCNN.pretrained("small").count_params()
assert all(exercises.chapter(number) for number in exercises.CHAPTERS)
assert all(getattr(live, name) for name in live.FIGURES)
assert Image.open(data.FOLDER / "china.png").size
print(pixelcnn_lib.__file__)
"""


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_folder(tmp_path):
    source, site, empty = (tmp_path / name for name in ("source", "site", "empty"))
    source.mkdir(), empty.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "pixelcnn_lib", source / "pixelcnn_lib", ignore=leave)
    run(*PIP, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", tmp_path, source)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.stat().st_size < 5e6
    run(*PIP, "install", "--no-index", "--no-deps", "--target", site, wheel)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    where = run(sys.executable, "-c", USE, cwd=empty, env=environment)
    assert Path(where).is_relative_to(site) and not list(empty.iterdir())
    run(*PIP, "check")


def test_the_workflow_calls_targets_that_exist():
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        called = re.findall(r"(?:run: make|make:) ([a-z-]+)", text)
        assert called and set(called) <= targets, f"{path.name} calls {set(called) - targets}"
