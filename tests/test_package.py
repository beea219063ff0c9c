"""The wheel works where there is nothing else, addresses are stamped, workflows call what exists."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import stamp
import yaml

ROOT = Path(__file__).parents[1]
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
def test_the_wheel_works_in_an_empty_environment(tmp_path):
    """It is built from a clone as pip builds it, and pip installs all that it needs."""
    source, home = tmp_path / "source", tmp_path / "environment"
    python = [home / "bin" / "python", "-I"]
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "_build", "build", "runs"))
    run(sys.executable, "-m", "venv", home)
    pip = [*python, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    run(*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, source)
    (wheel,) = tmp_path.glob("*.whl")
    inside = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in inside} == {"pixelcnn_lib"}
    ours = {Path(name).name for name in inside}
    assert ours & {path.name for path in (ROOT / "tests").rglob("*")} == {"__init__.py"}
    assert wheel.stat().st_size < 8e6
    run(*pip, "install", "-c", ROOT / "constraints.txt", wheel)
    run(*pip, "check")
    (empty := tmp_path / "empty").mkdir()
    where = run(*python, "-c", USE, cwd=empty)
    assert Path(where).is_relative_to(home) and not list(empty.iterdir())
    run(*python, "-m", "pixelcnn_lib", *"sample faces --n 4 --out drawn/".split(), cwd=empty)
    assert len(list((empty / "drawn").glob("*.png"))) == 4
    shutil.rmtree(home)  # with TensorFlow it is large


def test_the_address_stands_where_a_stamp_writes_it(tmp_path, monkeypatch):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    present = config["repository"]["url"], config["repository"]["branch"], config["html"]["baseurl"]
    before = {
        path.relative_to(ROOT): (text, path.read_text(encoding="utf-8"))
        for path, text in stamp.stamped(*present).items()
    }
    assert [str(path) for path, (stamped, text) in before.items() if stamped != text] == []
    (tmp_path / "book").mkdir()
    for path, (text, _) in before.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr(stamp, "ROOT", tmp_path)
    url, pages = "https://github.com/Some-One/pixels", "https://some-one.github.io/pixels/"
    assert stamp.pages_of(url) == pages
    assert stamp.pages_of("https://github.com/me/me.github.io") == "https://me.github.io/"
    moved = {path.name: text for path, text in stamp.stamped(url, "v1.0", pages).items()}
    colab = "https://colab.research.google.com/github/Some-One/pixels/blob/v1.0/chapters/01_"
    assert moved["README.md"].count(colab) == moved["intro.md"].count(colab) == 1
    assert f"**[Read the book]({pages})**" in moved["README.md"]
    assert f"\nrepository-code: {url}\nurl: {pages}\n" in moved["CITATION.cff"]
    config["repository"] |= {"url": url, "branch": "v1.0"}
    config["html"]["baseurl"] = pages
    assert yaml.safe_load(moved["_config.yml"]) == config
    for path in before:
        (tmp_path / path).write_text(moved[path.name], encoding="utf-8")
    again = stamp.stamped(*present)  # a second stamp leaves nothing of the first
    assert {path.relative_to(tmp_path): text for path, text in again.items()} == {
        path: text for path, (text, _) in before.items()
    }


def test_workflows_and_the_container_call_targets_that_exist():
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        called = re.findall(r"(?:run: make|make:) ([a-z-]+)", text)
        assert called and set(called) <= targets, f"{path.name} calls {set(called) - targets}"
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    run(*container["postCreateCommand"].split(), "--dry-run", cwd=ROOT)
