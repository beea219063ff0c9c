"""A chapter's setup cell, its launch button and the settings name the same address."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import stamp as tool
import yaml

import chapters

ROOT = Path(__file__).parents[1]
PATHS = chapters.in_order()
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
URL = "https://github.com/a/book"  # what the books of these tests begin with
COMMAND = "Run `make stamp FROM=remote` and commit what it changes."


def with_address(config, url):
    """The text of a _config.yml whose repository has this address; "" is none."""
    entry = "  url: " + (url or '""')
    return re.sub(r"(?m)^  url: .*$", entry, config)


@pytest.fixture
def book(tmp_path, monkeypatch, capsys):
    """A book of one chapter, in a new repository; `book(...)` stamps it."""
    for folder in ("book", "chapters"):
        (tmp_path / folder).mkdir()
    (tmp_path / "book" / "_toc.yml").write_text("chapters:\n  - file: chapters/a\n")
    config = tmp_path / "_config.yml"
    config.write_text(with_address((ROOT / "_config.yml").read_text(encoding="utf-8"), URL))
    cells = [nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("1")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "chapters" / "a.ipynb")
    monkeypatch.setattr(chapters, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "CONFIG", config)
    for name in [name for name in os.environ if name.startswith(("PIXELCNN_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{who}_NAME", "A")
        monkeypatch.setenv(f"{who}_EMAIL", "a@example.org")

    def stamp(*options, **settings):
        with monkeypatch.context() as context:
            for name, value in settings.items():
                context.setenv(name, value)
            try:
                status, refused = int(tool.main(list(options))), ""
            except SystemExit as stop:
                status, refused = 1, f"{stop}\n"
        return SimpleNamespace(returncode=status, stdout=capsys.readouterr().out, stderr=refused)

    def git(*arguments):
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True, capture_output=True)

    def places():
        notebook = nbformat.read(tmp_path / "chapters" / "a.ipynb", 4)
        (setup,) = [cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", [])]
        cell = re.findall(r'--no-deps "(.*)"', setup.source)
        told = yaml.safe_load(config.read_text(encoding="utf-8"))["repository"]
        return "".join(cell), told["url"], told["branch"]

    def without_address():
        config.write_text(with_address(config.read_text(encoding="utf-8"), ""))

    stamp.git, stamp.places, stamp.without_address = git, places, without_address
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    return stamp


def test_the_address_is_the_config_s_unless_it_is_overridden(book):
    url, branch = URL, REPOSITORY["branch"]
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
    assert done.returncode == 1 and done.stdout.startswith("out of date: _config.yml, a.ipynb\n")
    book()
    url = URL
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
    assert refused.returncode == 1 and "set PIXELCNN_REPO to" in refused.stderr
    assert "got 'https://example.org/me/book.git' from the remote" in refused.stderr
    assert book.places()[1] == "https://github.com/me/a.book"
    refused = book("--from-elsewhere")
    assert refused.returncode == 1 and "Expected FROM=remote" in refused.stderr
    refused = book(PIXELCNN_REPO="https://example.org/me/book")
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1


def test_a_book_without_an_address_installs_nothing_and_says_so(book):
    book.without_address()
    assert book("--check").returncode == 1
    assert "The book has no address yet" in book().stdout
    assert book.places() == ("", "", REPOSITORY["branch"])
    done = book("--check")
    assert done.returncode == 0 and "To give it one: make stamp FROM=remote" in done.stdout
    book.git("remote", "add", "origin", "https://github.com/me/book")
    assert book("--from-remote").returncode == 0
    installed = f"https://github.com/me/book/archive/refs/heads/{REPOSITORY['branch']}.zip"
    assert book.places()[:2] == (installed, "https://github.com/me/book")
    book.without_address()
    book()
    assert book.places() == ("", "", REPOSITORY["branch"])


def test_the_cell_without_an_address_stops_only_where_the_library_is_missing(monkeypatch):
    cell = tool.setup_cell("", "main")
    exec(cell, {})
    monkeypatch.setitem(sys.modules, "pixelcnn_lib", None)
    with pytest.raises(ImportError, match="has no address yet .* `make lab`.* book.zip") as error:
        exec(cell, {})
    assert "\n" not in str(error.value) and "https:" not in cell and "\n    %" not in cell


@pytest.mark.parametrize("address", [URL, ""], ids=["stamped", "without address"])
def test_the_check_of_a_fork_fails_until_it_is_stamped(book, address):
    if not address:
        book.without_address()
    book()
    book.git("remote", "add", "origin", "https://github.com/me/fork.git")
    before = book.places()
    assert book("--check").returncode == 0  # asks no remote
    done = book("--check", "--from-remote")
    assert done.returncode == 1 and COMMAND in done.stdout and book.places() == before
    assert "from https://github.com/me/fork, " in done.stdout
    book("--from-remote")
    assert book("--check", "--from-remote").returncode == 0


@pytest.mark.parametrize("address", [URL, ""], ids=["stamped", "without address"])
@pytest.mark.parametrize("remote", [None, "/srv/git/book.git", "https://gitlab.com/me/book.git"])
def test_the_check_passes_where_the_remote_is_not_on_github(book, remote, address):
    if not address:
        book.without_address()
    book()
    if remote:
        book.git("remote", "add", "origin", remote)
    assert book("--check", "--from-remote").returncode == 0


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
def test_only_github_s_addresses(remote, page):
    assert tool.github(remote) == (page and f"https://github.com/{page}")


def links_of(page):
    """The addresses outside the book to which a built page leads."""
    assert page.exists(), "no page is built: run `make book` first"
    return re.findall(r'<a href="(https://[^"]*)"', page.read_text(encoding="utf-8"))


def assert_leads_to(links, url, branch, name):
    """The button opens this chapter in Colab, or is not there while the book has no address."""
    page = f"{url.removeprefix('https://github.com/')}/blob/{branch}/chapters/{name}.ipynb"
    button = f"https://colab.research.google.com/github/{page}"
    assert [link for link in links if "colab" in link] == [button] * bool(url)
    issue = [link for link in links if "/issues/new" in link]
    assert (url in links and issue[0].startswith(url)) if url else not issue


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_launch_button_opens_this_chapter(path):
    links = links_of(ROOT / "_build" / "html" / "chapters" / f"{path.stem}.html")
    assert_leads_to(links, REPOSITORY["url"], REPOSITORY["branch"], path.stem)


@pytest.mark.parametrize("url", [URL, ""], ids=["with address", "without"])
def test_the_buttons_of_a_page_follow_the_address(tmp_path, url):
    """A book of two pages, of the same settings and extensions."""
    shutil.copytree(ROOT / "book" / "_ext", tmp_path / "book" / "_ext")
    shutil.copytree(ROOT / "book" / "_static", tmp_path / "book" / "_static")
    for name in ("book/references.bib", "book/figures.md", f"chapters/{PATHS[5].name}"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    contents = f"format: jb-book\nroot: book/figures\nchapters:\n- file: chapters/{PATHS[5].stem}\n"
    (tmp_path / "_toc.yml").write_text(contents)
    config = with_address((ROOT / "_config.yml").read_text(encoding="utf-8"), url)
    (tmp_path / "_config.yml").write_text(config, encoding="utf-8")
    settings = {k: v for k, v in os.environ.items() if not k.startswith("PIXELCNN_")}
    build = [Path(sys.executable).with_name("jupyter-book"), "build", "-qq", tmp_path]
    done = subprocess.run(build, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = tmp_path / "_build" / "html" / "chapters" / f"{PATHS[5].stem}.html"
    assert_leads_to(links_of(page), url, REPOSITORY["branch"], PATHS[5].stem)
    assert ("https://a.github.io/book/" in page.read_text(encoding="utf-8")) == bool(url)


def test_the_chapter_on_gpus_asks_for_one():
    asked = [path.stem for path in PATHS if nbformat.read(path, 4).metadata.get("accelerator")]
    assert asked == ["12_gpu_training"]
