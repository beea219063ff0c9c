"""Write the setup cell of every chapter, which installs the library if it is missing, as in Colab.

python book/tools/stamp.py [--from-remote] [--check]

The address and the branch come from _config.yml. If there is no address, the cell installs nothing
and says how to install the library. The variables PIXELCNN_REPO and PIXELCNN_REF override the file.
--from-remote overrides the address with that of this checkout's git remote. Only addresses on
GitHub are accepted. If HEAD has a version tag, such as v1.0, the tag overrides the branch. The new
values are also written into _config.yml, so that pages, buttons and cells agree.

--check changes nothing, and fails if anything is out of date. With --from-remote it also fails if
the remote is on GitHub and is not the address in _config.yml. It does not fail for another remote
or without one."""

import os
import re
import subprocess
import sys

import nbformat
import yaml

from chapters import ROOT, in_order, normalise, read, write

CONFIG = ROOT / "_config.yml"
SETUP = """\
try:
    import pixelcnn_lib
except ImportError:  # in Colab: only the library, beside the packages that are there
    %pip install -q --no-deps "{repository}/archive/refs/{kind}/{ref}.zip"
"""
HOMELESS = """\
try:
    import pixelcnn_lib
except ImportError:  # the book has no address yet: nothing is installed
    raise ImportError(
        "pixelcnn_lib is not installed, and this book has no address yet to install it from. "
        "On your own machine, open the chapters with `make lab`. In Colab, upload the book's "
        "folder as book.zip, run `%pip install -q --no-deps book.zip`, then run this cell again."
    ) from None
"""
VERSION = r"v\d[\w.-]*"  # the name of a tag; any other name is a branch


def git(*arguments):
    """Return the words that git prints for this checkout; [] without git or a checkout."""
    try:
        command = ["git", "-C", ROOT, *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout.split()
    except OSError:
        return []


def github(address):
    """Return a repository's page on GitHub, from a remote's address; None for other remotes."""
    form = r"(?:https://(?:[^@/]+@)?|git@|ssh://git@)github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?"
    match = re.fullmatch(form, address)
    return f"https://github.com/{match[1]}" if match else None


def address(config, from_remote, check):
    """Return the repository's address, or "". Exits if it was given and is not on GitHub."""
    repository, source = os.environ.get("PIXELCNN_REPO"), "PIXELCNN_REPO"
    if not repository and from_remote:
        repository, source = "".join(git("remote", "get-url", "origin")), "the remote 'origin'"
        if check and not github(repository):
            return config["url"]
    if not repository and not from_remote:
        return config["url"]
    if not github(repository):
        sys.exit(
            f"Expected an address such as https://github.com/OWNER/REPO, got {repository!r} from "
            f"{source}: set PIXELCNN_REPO to the book's address on GitHub."
        )
    return github(repository)


def branch_or_tag(config):
    """Return the branch, or the tag of a version, that the setup cells install."""
    tags = [tag for tag in git("tag", "--points-at", "HEAD") if re.fullmatch(VERSION, tag)]
    ref = os.environ.get("PIXELCNN_REF") or "".join(tags[-1:])
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/") or config["branch"]


def setup_cell(repository, ref):
    """Return the source of the setup cell of a book at this address; "" for no address."""
    kind = "tags" if re.fullmatch(VERSION, ref) else "heads"
    form = SETUP if repository else HOMELESS
    return form.format(repository=repository, kind=kind, ref=ref).rstrip()


def stamped(notebook, source):
    """Put the setup cell second, after the title; returns the notebook."""
    cells = notebook.cells
    if not any("setup" in cell.metadata.get("tags", []) for cell in cells):
        metadata = {"tags": ["setup", "remove-cell"]}
        cells.insert(1, nbformat.v4.new_code_cell(id="setup", metadata=metadata))
    for cell in cells:
        if "setup" in cell.metadata.get("tags", []):
            cell.source = source
    return normalise(notebook)


def stamp(repository, ref, check):
    """Write the address where it belongs, unless `check`; returns the files out of date."""
    late, before = [], CONFIG.read_text(encoding="utf-8")
    entry = r"(repository:\n  url: )\S+(\n  branch: )\S+"
    url = repository or '""'
    after = re.sub(entry, lambda found: f"{found[1]}{url}{found[2]}{ref}", before)
    if after != before:
        late.append(CONFIG.name)
        if not check:
            CONFIG.write_text(after, encoding="utf-8")
    for path in in_order():
        before = path.read_text(encoding="utf-8")
        notebook = stamped(read(path), setup_cell(repository, ref))
        if nbformat.writes(notebook) + "\n" != before:
            late.append(path.name)
            if not check:
                write(notebook, path)
    return late


def main(arguments):
    if unknown := set(arguments) - {"--check", "--from-remote"}:
        sys.exit(f"Expected FROM=remote, or no FROM; got the option {unknown.pop()}.")
    check, from_remote = "--check" in arguments, "--from-remote" in arguments
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repository"]
    repository, ref = address(config, from_remote, check), branch_or_tag(config)
    late = stamp(repository, ref, check)
    print("out of date:" if check else "stamped:", ", ".join(late) or "none")
    if check and late:
        what = f"from {repository}, {ref}" if repository else "nothing: the book has no address"
        print(f"The setup cells must install {what}.")
        print(f"Run `make stamp{' FROM=remote' * from_remote}` and commit what it changes.")
    elif not repository:
        print("The book has no address yet, so its setup cells install nothing.")
        print("To give it one: make stamp FROM=remote")
    return check and bool(late)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
