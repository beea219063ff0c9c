"""Write a new tests/colab.txt, from the list of packages that Colab publishes.

.venv-colab/bin/python book/tools/colab_versions.py pip-freeze.txt DATE

Get the list from https://github.com/googlecolab/backend-info (pip-freeze.txt), and give the date of
its commit. Run it with the Python version that Colab has: pip finds out which packages the book and
its tests need, directly or not, and each one that Colab lists gets Colab's version.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "colab.txt"
ASKED = """
# What the book asks for
anywidget filelock ipykernel ipython ipywidgets keras matplotlib numpy pillow pip setuptools
tensorboard tensorflow tqdm
# What its tests ask for
jax nbclient nbval playwright pytest pytest-xdist pyyaml websocket-client
"""
HEAD = """\
# What Colab has, as published on {date}, of all packages that the book and its tests need,
# directly or not. Written by book/tools/colab_versions.py.
"""
REST = "# Not on Colab's list\n"


def canonical(name):
    """Return a package's name in the form that pip compares."""
    return re.sub(r"[-_.]+", "-", name).lower()


def published(text):
    """Read a list made by `pip freeze`: {name: version}, without packages from an address."""
    entries = re.findall(r"(?m)^([\w.-]+)==([\w.!]+)$", text)
    return {canonical(name): version for name, version in entries}


def asked():
    """Return the names of the packages that the book and its tests ask for."""
    return " ".join(line for line in ASKED.splitlines() if not line.startswith("#")).split()


def needed(versions):
    """Return all packages that pip would install for `asked()` with these versions, sorted."""
    with TemporaryDirectory() as folder:
        constraints, report = Path(folder) / "constraints.txt", Path(folder) / "report.json"
        constraints.write_text("".join(f"{name}=={at}\n" for name, at in versions.items()))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*pip, "--report", report, "-c", constraints, *asked()], check=True)
        installed = json.loads(report.read_text())["install"]
    return sorted(canonical(one["metadata"]["name"]) for one in installed)


def listing(names, versions, date):
    """Return the text of tests/colab.txt."""
    listed = "".join(f"{name}=={versions[name]}\n" for name in names if name in versions)
    return HEAD.format(date=date) + listed + REST + "\n".join(n for n in names if n not in versions)


if __name__ == "__main__":
    path, date = sys.argv[1:]
    versions = published(Path(path).read_text(encoding="utf-8"))
    FILE.write_text(listing(needed(versions), versions, date) + "\n", encoding="utf-8")
