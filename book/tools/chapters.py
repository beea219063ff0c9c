"""Run every chapter in a fresh kernel and store its outputs in one canonical form.

python book/tools/chapters.py [--tidy] [NOTEBOOK ...]      a second run changes nothing

--tidy runs nothing: it puts the notebooks and their stored outputs in canonical form, and writes
the text of questions and solutions anew from the library, and the cells that install the library
from the address and the branch, or the tag such as v1.0, in _config.yml.
"""

import copy
import os
import re
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import yaml
from nbclient import NotebookClient

from pixelcnn_lib.teach import stored

ROOT = Path(__file__).parents[2]
KEPT_METADATA = ("tags", "mystnb", "jupyter", "cellView", "quick")
WIDGET = "application/vnd.jupyter.widget-view+json"
DROPPED_TYPES = (WIDGET, "application/vnd.google.colab")

SETUP = """\
try:
    import pixelcnn_lib
except ImportError:  # in Colab: only the library, beside the packages that are there
    %pip install -q --no-deps "{url}/archive/refs/{kind}/{branch}.zip\""""
HOMELESS = """\
try:
    import pixelcnn_lib
except ImportError:  # the book has no address yet: nothing is installed
    raise ImportError(
        "pixelcnn_lib is not installed, and this book has no address yet to install it from. "
        "On your own machine, open the chapters with `make lab`. In Colab, upload the book's "
        "folder as book.zip, run `%pip install -q --no-deps book.zip`, then run this cell again."
    ) from None"""


def setup_code(repository):
    """Return the code of the cell that installs the library where it is missing, as in Colab.

    repository: dict, that of _config.yml: its url on GitHub, "" for none, and the branch or tag.
    """
    kind = "tags" if re.fullmatch(r"v\d[\w.-]*", repository["branch"]) else "heads"
    form = SETUP if repository["url"] else HOMELESS
    return form.format(url=repository["url"], branch=repository["branch"], kind=kind)


def pages():
    """Return the names of all pages, in the order of book/_toc.yml."""
    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    return [
        contents["root"],
        *(page["file"] for part in contents["parts"] for page in part["chapters"]),
    ]


def in_order():
    """Return the paths of the chapters' notebooks, in the order of book/_toc.yml."""
    return [ROOT / f"{name}.ipynb" for name in pages() if name.startswith("chapters/")]


def joined(outputs):
    """Return the outputs, with all text of one stream, such as stdout, in one output."""
    streams, kept = {}, []
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
            continue
        if output.output_type == "stream":
            streams[output.name] = output
        kept.append(output)
    return kept


def normalise_output(output, description):
    """Keep only what a reader sees of an output: no paths, no random ids, no notes of the client.

    Of a live figure it keeps the picture: the pages make the figure again, from its call.
    description: str or None, the alt text of the output's picture. VS Code takes it from the
        output's text, nbconvert and GitHub from the metadata, which also keep the original text.
    """
    output.pop("transient", None)
    if output.output_type == "stream":
        output.text = re.sub(r"^.*\r(?=[^\n])", "", output.text, flags=re.MULTILINE)
    elif output.output_type == "error":
        output.traceback = [f"{output.ename}: {output.evalue}"]
    else:
        dropped = DROPPED_TYPES + (("text/html",) if WIDGET in output.data else ())
        output.data = {k: v for k, v in output.data.items() if not k.startswith(dropped)}
        text = output.metadata.get("text/plain", {}).get("repr", output.data.get("text/plain"))
        output.metadata = {}
        if description and "image/png" in output.data:
            output.metadata = {"image/png": {"alt": description}, "text/plain": {"repr": text}}
            output.data["text/plain"] = description
    return output


def outputs_of(cell):
    """Return a code cell's outputs in canonical form; a question or a solution is its text."""
    if asked := stored.shown(cell.source):
        data = {"text/plain": repr(asked)}
        return [nbformat.v4.new_output("execute_result", data, execution_count=0)]
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
    outputs = [normalise_output(output, alt) for output in joined(cell.outputs)]
    return [output for output in outputs if is_shown(output)]


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
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    count = 0
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"cell-{number}")
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in KEPT_METADATA and v}
        if "hide-output" in cell.metadata.get("tags", []):  # folded in Jupyter and Colab too
            cell.metadata.update(collapsed=True, jupyter={"outputs_hidden": True})
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup_code(config["repository"])
        if cell.cell_type == "code":
            count += bool(cell.source.strip())
            cell.execution_count = count if cell.source.strip() else None
            cell.outputs = outputs_of(cell)
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = cell.execution_count
    return notebook


def read(path):
    """Read a notebook as it is: a cell without an id stays without one."""
    return nbformat.from_dict(nbformat.reader.reads(path.read_text(encoding="utf-8")))


def write(notebook, path):
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def fixed_part(notebook):
    """Return the notebook without the outputs that are marked as dependent on the machine.

    The mark is the tag nbval-ignore-output, or "quick" in the metadata of a cell that trains a
    network, or uses it: the tests replace text in such a cell, so that it takes less time.
    """
    fixed = copy.deepcopy(notebook)
    for cell in fixed.cells:
        if "quick" in cell.metadata or "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = bool(cell.outputs)
    return fixed


def run(path):
    """Run one chapter and store its outputs. If a cell raises, nothing is stored.

    If only outputs that depend on the machine have changed, such as times, the stored outputs stay.
    Clear such an output to replace it.

    path: Path, the notebook.
    """
    before = normalise(read(path))
    fresh = copy.deepcopy(before)
    client = NotebookClient(
        fresh,
        kernel_name="python3",
        timeout=600,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    with TemporaryDirectory() as folder:  # so no chapter shows its author's answers
        client.execute(env={**os.environ, "PIXELCNN_ANSWERS": f"{folder}/answers.json"})
    fresh = normalise(fresh)
    write(before if fixed_part(fresh) == fixed_part(before) else fresh, path)


def run_cells(chapter, begins, changes):
    """Run the cells of a chapter that have one of some texts, to train its network anew.

    chapter: Path, the notebook. begins: list of str, the texts. changes: {text: what replaces it}.
    Returns what the cells define, a dict. Raises ValueError for a text that no cell has.
    """
    cells = [cell.source for cell in nbformat.read(chapter, 4).cells if cell.cell_type == "code"]
    for text in (*begins, *changes):
        if not any(text in source for source in cells):
            raise ValueError(f"{chapter.name} has no {text!r} any more. Change the tool.")
    defined = {}
    for source in cells:
        if any(text in source for text in begins):
            for old, new in changes.items():
                source = source.replace(old, new)
            exec(source, defined)
    return defined


def tidy(path):
    """Put one chapter in canonical form and keep its outputs; returns whether it changed."""
    notebook = normalise(read(path))
    changed = nbformat.writes(notebook) + "\n" != path.read_text(encoding="utf-8")
    if changed:
        write(notebook, path)
    return changed


def main(arguments):
    paths = [Path(name).resolve() for name in arguments if name != "--tidy"] or in_order()
    if "--tidy" in arguments:
        changed = [path.name for path in paths if tidy(path)]
        print("changed:", ", ".join(changed) or "nothing")
        return
    for path in paths:
        start = time.perf_counter()
        print(path.stem, end=" ", flush=True)
        run(path)
        print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
