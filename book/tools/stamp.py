"""Give every chapter the cell that installs the library where it is missing, as in Colab.

python book/tools/stamp.py [--from-remote] [--check]

The address and the branch come from _config.yml. PIXELCNN_REPO and PIXELCNN_REF override them, as
does --from-remote, with the address of this checkout's git remote, on GitHub; and a tag of a
version at HEAD, such as v1.0, overrides the branch. What overrides is written into _config.yml, so
that pages, buttons and cells agree. --check changes nothing, and fails if anything is out of date.
"""

import os
import re
import subprocess
import sys

import nbformat
import yaml

from chapters import CHAPTERS, read, write

CONFIG = CHAPTERS.parent / "_config.yml"
SETUP = """try:
    import pixelcnn_lib
except ImportError:  # in Colab: the library alone, beside the packages that are there
    %pip install -q --no-deps "{repository}/archive/refs/{kind}/{ref}.zip"
"""
VERSION = r"v\d[\w.-]*"  # the name of a tag; any other is a branch's


def git(*arguments):
    """What git prints of this checkout; nothing where there is no git, or no checkout."""
    try:
        command = ["git", "-C", CHAPTERS.parent, *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout.split()
    except OSError:
        return []


def github(remote):
    """The address of a GitHub repository's page, from its remote's: https or ssh."""
    form = r"(?:https://(?:[^@/]+@)?|git@|ssh://git@)github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?"
    match = re.fullmatch(form, remote)
    if not match:
        sys.exit("The remote 'origin' is not on GitHub: set PIXELCNN_REPO to the book's address.")
    return f"https://github.com/{match[1]}"


def target(config):
    """The repository's address, and its branch or tag."""
    repository, ref = os.environ.get("PIXELCNN_REPO"), os.environ.get("PIXELCNN_REF")
    if not repository and "--from-remote" in sys.argv:
        repository = github("".join(git("remote", "get-url", "origin")))
    tags = [tag for tag in git("tag", "--points-at", "HEAD") if re.fullmatch(VERSION, tag)]
    ref = (ref or "".join(tags[-1:])).removeprefix("refs/heads/").removeprefix("refs/tags/")
    return (repository or config["url"]).rstrip("/"), ref or config["branch"]


def stamped(notebook, repository, ref):
    """Put the setup cell second, after the title, and number the code cells anew, in place."""
    if not any("setup" in cell.metadata.get("tags", []) for cell in notebook.cells):
        metadata = {"tags": ["setup", "remove-cell"]}
        notebook.cells.insert(1, nbformat.v4.new_code_cell(id="setup", metadata=metadata))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kind = "tags" if re.fullmatch(VERSION, ref) else "heads"
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number
        if "setup" in cell.metadata.get("tags", []):
            cell.source = SETUP.format(repository=repository, kind=kind, ref=ref).rstrip()
    return notebook


def main():
    check, late = "--check" in sys.argv, []
    before = CONFIG.read_text(encoding="utf-8")
    repository, ref = target(yaml.safe_load(before)["repository"])
    entry = r"(repository:\n  url: )\S+(\n  branch: )\S+"
    after = re.sub(entry, lambda found: f"{found[1]}{repository}{found[2]}{ref}", before)
    if after != before:
        late.append(CONFIG.name)
        if not check:
            CONFIG.write_text(after, encoding="utf-8")
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        before = path.read_text(encoding="utf-8")
        notebook = stamped(read(path), repository, ref)
        if nbformat.writes(notebook) + "\n" != before:
            late.append(path.name)
            if not check:
                write(notebook, path)
    print("out of date:" if check else "stamped:", ", ".join(late) or "none")
    return check and bool(late)


if __name__ == "__main__":
    sys.exit(main())
