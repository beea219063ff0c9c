"""tests/colab.txt: Colab's version of every package that the book needs, as the tool writes it."""

import re
import tomllib
from pathlib import Path

import colab_versions as tool
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LIST = """# made by pip freeze
absl-py==1.4.0
PyYAML==6.0.3
google-colab @ file:///colabtools/dist/google_colab-1.0.0.tar.gz
torch==2.11.0+cpu
"""


def test_the_file_is_what_the_tool_writes():
    text = tool.FILE.read_text(encoding="utf-8")
    entries = re.findall(r"(?m)^([^#\s=]+)(?:==(\S+))?$", text)
    pinned = {name: version for name, version in entries if version}
    (date,) = re.findall(r"published on ([\d-]+)", text)
    names = sorted(name for name, _ in entries)
    assert text == tool.listing(names, pinned, date) + "\n"
    assert set(names) >= set(map(tool.canonical, tool.asked()))


def test_colab_meets_the_lower_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = tool.FILE.read_text(encoding="utf-8")
    for line in project["dependencies"] + project["optional-dependencies"]["tensorflow"]:
        needed = Requirement(line)
        assert tool.canonical(needed.name) in tool.asked()
        (version,) = re.findall(rf"(?m)^{tool.canonical(needed.name)}==(\S+)$", text)
        assert needed.specifier.contains(version), line


def test_only_versions_that_pip_can_install_are_taken():
    versions = tool.published(LIST)
    assert versions == {"absl-py": "1.4.0", "pyyaml": "6.0.3"}
    text = tool.listing(["absl-py", "nbval"], versions, "2026-01-02")
    assert text.endswith("\nabsl-py==1.4.0\n# Not on Colab's list\nnbval")
    assert "published on 2026-01-02" in text
