"""Run every chapter in a fresh kernel and store its outputs in one canonical form.

python book/tools/chapters.py [NOTEBOOK ...]      a second run changes nothing
"""

import copy
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CHAPTERS = Path(__file__).parents[2] / "chapters"
KEPT_METADATA = ("tags", "mystnb", "jupyter", "cellView")
DROPPED_TYPES = ("application/vnd.jupyter.widget-view", "application/vnd.google.colab")


def normalise_output(output):
    """Keep what a reader sees, without paths, random ids and the client's notes."""
    output.pop("transient", None)
    if output.output_type == "stream":
        output.text = re.sub(r"^.*\r(?=[^\n])", "", output.text, flags=re.MULTILINE)
    elif output.output_type == "error":
        output.traceback = [f"{output.ename}: {output.evalue}"]
    else:
        output.metadata = {}
        output.data = {k: v for k, v in output.data.items() if not k.startswith(DROPPED_TYPES)}
    return output


def is_shown(output):
    if output.output_type == "stream":
        return output.name != "stderr"
    return output.output_type == "error" or bool(output.data)


def normalise(notebook):
    """Put a notebook in canonical form, in place: same content, same bytes."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    accelerator = {k: v for k, v in notebook.metadata.items() if k == "accelerator"}
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **accelerator,
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number}")
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT_METADATA}
        if cell.cell_type == "code":
            cell.outputs = [o for o in map(normalise_output, cell.outputs) if is_shown(o)]
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = cell.execution_count
    return notebook


def read(path):
    """A notebook as it stands: cells without an id stay without."""
    return nbformat.from_dict(nbformat.reader.reads(path.read_text(encoding="utf-8")))


def write(notebook, path):
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def fixed_part(notebook):
    """The notebook without the outputs that its tags leave to the machine."""
    fixed = copy.deepcopy(notebook)
    for cell in fixed.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = bool(cell.outputs)
    return fixed


def run(path):
    """Execute one chapter and write it back. A cell that raises stops here, with its traceback.

    Where only outputs differ that are the machine's own, such as times, the stored ones stay: clear
    such an output to have it made anew.
    """
    stored = normalise(read(path))
    fresh = copy.deepcopy(stored)
    NotebookClient(
        fresh,
        kernel_name="python3",
        timeout=600,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    fresh = normalise(fresh)
    write(stored if fixed_part(fresh) == fixed_part(stored) else fresh, path)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or sorted(CHAPTERS.glob("*.ipynb"))):
        start = time.perf_counter()
        print(path.stem, end=" ", flush=True)
        run(path.resolve())
        print(f"{time.perf_counter() - start:.0f} s")
