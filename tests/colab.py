"""Run every chapter as Colab would, with the versions that Colab has: `make test-colab`.

Each notebook, as it is and with its exercises solved, lies alone in an empty folder, and its setup
cell installs the library: from this checkout, packed and served here as GitHub would. What the
cells print must be what is stored. Then the test suite runs, without the pages. Only the first call
needs a network.
"""

import os
import re
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "book" / "tools"
sys.path.insert(0, str(TOOLS))

import colab_versions  # noqa: E402 - after the line above
import stamp  # noqa: E402

from chapters import in_order  # noqa: E402

WHEELS = Path(sys.prefix) / "wheels"  # with what pip builds the library, as from the network
NBVAL = "--nbval --nbval-current-env --nbval-cell-timeout=600 -p conftest -p no:cacheprovider -q"
PAGES = ["page", "stamp", "browser"]  # tests of what Colab has no part in


def differences():
    """Compare this environment with tests/colab.txt; returns one line for each difference."""
    told = dict(re.findall(r"(?m)^([\w.-]+)(?:==(.+))?$", colab_versions.FILE.read_text()))
    has = {colab_versions.canonical(one.name): one.version for one in distributions()}
    wrong = [name for name in has if name not in told or told[name] not in ("", has[name])]
    return [f"{name} {has[name]}, but tests/colab.txt: {told.get(name)}" for name in wrong]


def fetch_builder():
    """Install once what pip needs to build the library; on Colab, pip downloads it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if not list(WHEELS.glob("*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", WHEELS]
        subprocess.run([*pip, *settings["build-system"]["requires"]], check=True)


def pack(folder):
    """Pack the checkout as GitHub packs a branch: one folder in a zip."""
    listed = ["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
    with zipfile.ZipFile(folder / "book.zip", "w") as archive:
        for name in names:
            if (ROOT / name).is_file():
                archive.write(ROOT / name, f"book-main/{name}")


class Archive(SimpleHTTPRequestHandler):
    """A server that sends the same archive for every branch and tag."""

    def translate_path(self, path):
        return str(Path(self.directory) / "book.zip")

    def log_message(self, *_):
        pass


def run(notebook, address):
    """Run one notebook in its folder against its stored outputs; returns what went wrong."""
    start, site = time.perf_counter(), notebook.parent / "site"
    site.mkdir()
    content = nbformat.read(notebook, as_version=4)
    (setup,) = [cell for cell in content.cells if "setup" in cell.metadata.get("tags", [])]
    source = stamp.setup_cell(address, "main")  # the book's own address may not be known yet
    setup.source = source.replace("%pip install", f'%pip install --target "{site}"')
    setup.metadata.tags.append("nbval-ignore-output")  # pip's note
    nbformat.write(content, notebook)
    code = f"import sys; sys.path.append({str(ROOT)!r}); import pytest; "
    code += f"sys.exit(pytest.main({[*NBVAL.split(), notebook.name]}))"
    settings = {"PYTHONPATH": str(site), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(WHEELS)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=notebook.parent,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
    )
    alone = (site / "pixelcnn_lib").is_dir()
    word = "as stored" if done.returncode == 0 and alone else "FAILED"
    seconds = time.perf_counter() - start
    print(f"{notebook.parents[1].name} {notebook.stem}: {word}, {seconds:.0f} s", flush=True)
    if not alone:
        return f"{notebook.stem}: the setup cell installed nothing\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr if done.returncode else ""


def main():
    if wrong := differences():
        print(*wrong, sep="\n")
        return "Remove .venv-colab, and run `make test-colab` again."
    fetch_builder()
    with TemporaryDirectory() as folder:
        folder = Path(folder)
        pack(folder)
        handler = partial(Archive, directory=folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        solve = [sys.executable, TOOLS / "solve.py", folder / "solutions"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(solve, env=environment, check=True, stdout=subprocess.DEVNULL)
        notebooks = []
        for kind, source in [("shipped", ROOT / "chapters"), ("solved", folder / "solutions")]:
            for name in [path.name for path in in_order()]:
                path = source / name
                if all(word not in path.name for word in sys.argv[1:]) and sys.argv[1:]:
                    continue
                alone = folder / kind / path.stem
                alone.mkdir(parents=True)
                (alone / path.name).write_bytes(path.read_bytes())
                notebooks.append(alone / path.name)
        address = f"http://127.0.0.1:{server.server_port}"
        with ThreadPoolExecutor(2) as pool:
            wrong = list(filter(None, pool.map(partial(run, address=address), notebooks)))
    print(*wrong, sep="\n")
    leave = [f"--ignore-glob=*/test_{name}*.py" for name in PAGES]
    suite = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "not slow"]
    suite += ["-W", "ignore::DeprecationWarning"]  # what Colab has is older than its Python
    if not sys.argv[1:]:
        tested = subprocess.run([*suite, *leave, "tests"], cwd=ROOT, env=environment)
        wrong += [1] * tested.returncode
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
