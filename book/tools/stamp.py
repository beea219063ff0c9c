"""Give every chapter the cell that installs the library where it is missing, as in Colab.

python book/tools/stamp.py [--check]      --check changes nothing, and fails if a cell is out of date

The address and the branch come from _config.yml; PIXELCNN_REPO and PIXELCNN_REF override them.
"""

import os
import sys
from pathlib import Path

import nbformat
import yaml

from chapters import CHAPTERS, read, write

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "_config.yml").read_text(encoding="utf-8"))
SETUP = """try:
    import pixelcnn_lib
except ImportError:  # in Colab: the library alone, beside the packages that are there
    %pip install -q --no-deps "{repository}/archive/refs/heads/{branch}.zip"
"""


def setup_source():
    repository = os.environ.get("PIXELCNN_REPO", CONFIG["repository"]["url"])
    branch = os.environ.get("PIXELCNN_REF", CONFIG["repository"]["branch"])
    return SETUP.format(repository=repository, branch=branch).rstrip()


def stamped(notebook):
    """Put the setup cell second, after the title, and number the code cells anew, in place."""
    if not any("setup" in cell.metadata.get("tags", []) for cell in notebook.cells):
        metadata = {"tags": ["setup", "remove-cell"]}
        notebook.cells.insert(1, nbformat.v4.new_code_cell(id="setup", metadata=metadata))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_source()
    return notebook


if __name__ == "__main__":
    late = []
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        before = path.read_text(encoding="utf-8")
        notebook = stamped(read(path))
        if nbformat.writes(notebook) + "\n" != before:
            late.append(path.name)
            if "--check" not in sys.argv:
                write(notebook, path)
    print("out of date:" if "--check" in sys.argv else "stamped:", ", ".join(late) or "none")
    sys.exit("--check" in sys.argv and bool(late))
