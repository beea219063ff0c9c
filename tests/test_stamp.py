"""Where a chapter's setup cell, its launch button and the settings say the book is: one place."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "book" / "tools"
PATHS = sorted((ROOT / "chapters").glob("*.ipynb"))
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]


@pytest.fixture
def book(tmp_path):
    """A book of one chapter, in a repository of its own; `book(...)` stamps it."""
    (tmp_path / "book" / "tools").mkdir(parents=True)
    (tmp_path / "chapters").mkdir()
    for name in ("stamp.py", "chapters.py"):
        shutil.copy(TOOLS / name, tmp_path / "book" / "tools")
    shutil.copy(ROOT / "_config.yml", tmp_path)
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("1")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "chapters" / "a.ipynb")

    def run(*command, **settings):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PIXELCNN_", "GIT_"))}
        identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("GIT_AUTHOR", "GIT_COMMITTER"):
            identity |= {f"{who}_NAME": "A", f"{who}_EMAIL": "a@example.org"}
        return subprocess.run(
            command, env=clean | identity | settings, cwd=tmp_path, capture_output=True, text=True
        )

    def stamp(*options, **settings):
        return run(sys.executable, "book/tools/stamp.py", *options, **settings)

    def places():
        notebook = nbformat.read(tmp_path / "chapters" / "a.ipynb", 4)
        (setup,) = [cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", [])]
        (cell,) = re.findall(r'--no-deps "(.*)"', setup.source)
        config = yaml.safe_load((tmp_path / "_config.yml").read_text(encoding="utf-8"))
        return cell, config["repository"]["url"], config["repository"]["branch"]

    stamp.git = lambda *arguments: run("git", *arguments)
    stamp.places = places
    stamp.git("init", "-q")
    stamp.git("add", ".")
    stamp.git("commit", "-q", "-m", "one")
    return stamp


def test_the_address_is_the_config_s_unless_it_is_overridden(book):
    url, branch = REPOSITORY["url"], REPOSITORY["branch"]
    assert book("--check").returncode == 1
    assert book().returncode == 0
    assert book.places() == (f"{url}/archive/refs/heads/{branch}.zip", url, branch)
    assert book("--check").returncode == 0
    fork = {"PIXELCNN_REPO": "https://github.com/me/book/", "PIXELCNN_REF": "refs/heads/try"}
    before = book.places()
    assert book("--check", **fork).returncode == 1 and book.places() == before
    assert book(**fork).stdout == "stamped: _config.yml, a.ipynb\n"
    mine = "https://github.com/me/book"
    assert book.places() == (f"{mine}/archive/refs/heads/try.zip", mine, "try")
    assert book("--check").returncode == 0


def test_a_version_s_tag_is_what_its_cells_install(book):
    book()
    book.git("tag", "draft")
    assert book("--check").returncode == 0  # not a version
    book.git("tag", "v1.0")
    done = book("--check")
    assert done.returncode == 1 and done.stdout == "out of date: _config.yml, a.ipynb\n"
    book()
    url = REPOSITORY["url"]
    assert book.places() == (f"{url}/archive/refs/tags/v1.0.zip", url, "v1.0")
    book(PIXELCNN_REF="refs/tags/v1.1")
    assert book.places()[0] == f"{url}/archive/refs/tags/v1.1.zip"
    book(PIXELCNN_REF="main")
    assert book.places()[0] == f"{url}/archive/refs/heads/main.zip"


def test_a_fork_s_remote_when_asked_for(book):
    book()
    before = book.places()
    book.git("remote", "add", "origin", "git@github.com:me/a.book.git")
    assert book("--check").returncode == 0
    assert book("--from-remote").returncode == 0
    assert book.places()[1] == "https://github.com/me/a.book" != before[1]
    book.git("remote", "set-url", "origin", "https://example.org/me/book.git")
    refused = book("--from-remote")
    assert refused.returncode == 1 and "is not on GitHub: set PIXELCNN_REPO" in refused.stderr
    assert book.places()[1] == "https://github.com/me/a.book"


@pytest.mark.parametrize(
    "remote, page",
    [
        ("https://github.com/me/book", "me/book"),
        ("https://github.com/me/book.git", "me/book"),
        ("https://name:secret@github.com/me/book.git", "me/book"),
        ("git@github.com:me/my-book.git", "me/my-book"),
        ("ssh://git@github.com/me/my.book", "me/my.book"),
        ("https://gitlab.com/me/book.git", None),
        ("https://example.org/github.com/me/book", None),
        ("https://github.com.example.org/me/book", None),
        ("/srv/git/book.git", None),
        ("", None),
    ],
)
def test_only_github_s_addresses(remote, page, monkeypatch):
    monkeypatch.syspath_prepend(TOOLS)
    spec = importlib.util.spec_from_file_location("stamp", TOOLS / "stamp.py")
    spec.loader.exec_module(stamp := importlib.util.module_from_spec(spec))
    if page:
        assert stamp.github(remote) == f"https://github.com/{page}"
    else:
        with pytest.raises(SystemExit, match="not on GitHub"):
            stamp.github(remote)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_launch_button_opens_this_chapter(path):
    page = ROOT / "_build" / "html" / "chapters" / f"{path.stem}.html"
    assert page.exists(), "no page is built: run `make book` first"
    links = re.findall(r'href="(https://colab[^"]*)"', page.read_text(encoding="utf-8"))
    owner = REPOSITORY["url"].removeprefix("https://github.com/")
    address = f"https://colab.research.google.com/github/{owner}/blob/{REPOSITORY['branch']}"
    assert links == [f"{address}/chapters/{path.name}"]


def test_the_chapter_on_gpus_asks_for_one():
    asked = [path.stem for path in PATHS if nbformat.read(path, 4).metadata.get("accelerator")]
    assert asked == ["10_gpu_training"]
