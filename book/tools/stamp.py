"""Write the book's address on GitHub wherever it is named: `make stamp URL=https://github.com/you/pixels`.

python book/tools/stamp.py URL [BRANCH]      BRANCH: a branch, or the tag of a version such as v1.0

_config.yml gets the address of the repository and of its pages: the buttons, the canonical links and
the preview picture follow from them. The README, the first page and CITATION.cff get links, and the
chapters the cell that installs the library. A second stamp replaces the first.
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
    place = url.removeprefix("https://github.com/")
    first = f"chapters/{chapters.in_order()[0].name}"
    colab = f"[Run chapter 1 in Colab]({COLAB}/{place}/blob/{branch}/{first})" if url else ""
    online = f"**[Read the book]({pages})** · {colab} · " if url else ""
    online += f"[Open it in Codespaces](https://codespaces.new/{place})" if url else ""
    cited = f"repository-code: {url}\nurl: {pages}\n" if url else ""
    changes = {
        "_config.yml": [
            (r"(?m)^  url: .*", f'  url: "{url}"'),
            (r"(?m)^  branch: .*", f"  branch: {branch}"),
            (r"(?m)^  baseurl: .*", f'  baseurl: "{pages}"'),
        ],
        "README.md": [(r"(<!-- make stamp -->\n).*", rf"\1{online}")],
        "book/intro.md": [(r"(<!-- make stamp -->).*", rf"\1{colab}")],
        "CITATION.cff": [
            (r"(?m)^(license: .*\n)(?:repository-code: .*\nurl: .*\n)?", rf"\1{cited}")
        ],
    }
    texts = {}
    for name, rules in changes.items():
        texts[ROOT / name] = (ROOT / name).read_text(encoding="utf-8")
        for old, new in rules:
            texts[ROOT / name], count = re.subn(old, new, texts[ROOT / name])
            assert count == 1, f"{name} has {count} places for the address, not one"
    return texts


def main(url, branch=None):
    try:
        pages = pages_of(url := url.removesuffix("/").removesuffix(".git"))
    except ValueError as error:
        sys.exit(str(error))
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    for path, text in stamped(url, branch or config["repository"]["branch"], pages).items():
        path.write_text(text, encoding="utf-8")
    chapters.main(["--tidy"])
    print(f"Commit and push: the book will be at {pages}")


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
