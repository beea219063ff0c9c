"""Write the book's address on GitHub wherever it is named: `make stamp URL=https://github.com/you/pixels`.

python book/tools/stamp.py URL [BRANCH [PAGES]]      by default the present branch, and GitHub Pages

BRANCH: a branch, or the tag of a version such as v1.0. PAGES: the pages' address, if it is your own.

_config.yml gets the addresses of the repository and of its pages: the buttons, the canonical links
and the preview picture follow from them. The README and the first page get links, the two places
that say how to cite the book its address, and the chapters the cell that installs the library. A
second stamp replaces the first.
"""

import re
import sys
from pathlib import Path

import yaml

import chapters

ROOT = Path(__file__).parents[2]
COLAB = "https://colab.research.google.com/github"


def pages_of(url):
    """Return where GitHub Pages shows a repository; ValueError if `url` is none on GitHub."""
    address = re.fullmatch(r"https://github\.com/([\w-]+)/([\w.-]+)", url)
    if not address:
        raise ValueError(f"expected URL=https://github.com/you/pixels, got URL={url}")
    owner, name = address.groups()
    home = f"{owner.lower()}.github.io"
    return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"


def stamped(url, branch, pages):
    """Return {path: text} of the files that name the address; the chapters are not among them.

    url, pages: str, the repository and its pages, both "" for no address. branch: str.
    """
    colab = online = site = cited = ""
    if url:
        place, first = url.removeprefix("https://github.com/"), chapters.in_order()[0].name
        colab = f"[Run chapter 1 in Colab]({COLAB}/{place}/blob/{branch}/chapters/{first})"
        space = f"[Open it in Codespaces](https://codespaces.new/{place})"
        online = f"**[Read the book]({pages})** · {colab} · {space}"
        site = f"  url = {{{pages}}},\n"
        cited = f"repository-code: {url}\nurl: {pages}\n"
    changes = {
        "_config.yml": [
            (r"(?m)^  url: .*", f'  url: "{url}"'),
            (r"(?m)^  branch: .*", f"  branch: {branch}"),
            (r"(?m)^  baseurl: .*", f'  baseurl: "{pages}"'),
        ],
        "README.md": [(r"(<!-- make stamp -->\n).*", rf"\1{online}")],
        "book/intro.md": [(r"(<!-- make stamp -->).*", rf"\1{colab}")],
        "book/references.md": [(r"(  year = \{2026\},\n)(?:  url = .*\n)?(?=\}\n)", rf"\1{site}")],
        "CITATION.cff": [
            (r"(?m)^(license: .*\n)(?:repository-code: .*\nurl: .*\n)?", rf"\1{cited}")
        ],
    }
    texts = {}
    for name, rules in changes.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for old, new in rules:
            text, count = re.subn(old, new, text)
            if count != 1:
                raise ValueError(f"{name}: expected one place for {old}, got {count}; restore it")
        texts[ROOT / name] = text
    return texts


def main(url, branch="", pages=""):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    try:
        url = url.removesuffix("/").removesuffix(".git")
        on_github = pages_of(url)
        pages = f"{pages.rstrip('/')}/" if pages else on_github
        texts = stamped(url, branch or config["repository"]["branch"], pages)
    except ValueError as error:
        sys.exit(str(error))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    chapters.main(["--tidy"])
    print(f"Commit and push: the book will be at {pages}")


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
