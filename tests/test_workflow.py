"""The workflow that publishes the book uses only make targets that exist."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def texts(node):
    """All strings of a loaded YAML file."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from texts(child)


def test_every_target_and_setting_exists():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    settings = set(re.findall(r"\$\((?:if \$\()?([A-Z]+)\)", MAKEFILE))
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        rows = jobs["test"]["strategy"]["matrix"]["include"]
        calls = [row["make"] for row in rows]
        calls += [text.removeprefix("make ") for text in texts(jobs) if text.startswith("make ")]
        words = [word for call in calls for word in call.split() if "{" not in word]
        words = [word for word in words if word not in ("}}", "matrix.make")]
        asked = {word.partition("=")[0] for word in words if "=" in word}
        assert {word for word in words if "=" not in word} <= targets
        assert asked <= settings
        assert {"test", "test-colab", "test-all", "pdf", "stamp"} <= set(words)


def test_nothing_is_published_that_was_not_tested():
    (path,) = (ROOT / ".github" / "workflows").glob("*.yml")
    publish = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["publish"]
    assert set(publish["needs"]) == {"test", "address"}
    assert "!= 'pull_request'" in publish["if"]
    assert "continue-on-error" not in path.read_text(encoding="utf-8")


def test_a_repository_whose_cells_lead_elsewhere_fails():
    (path,) = (ROOT / ".github" / "workflows").glob("*.yml")
    job = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["address"]
    assert "make stamp FROM=remote CHECK=yes" in texts(job) and "if" not in job
    recipe = re.search(r"(?m)^stamp:.*\n(\t.*\n)+", MAKEFILE)[0]
    assert "$(if $(FROM),--from-$(FROM))" in recipe and "$(if $(CHECK),--check)" in recipe
