"""Write the shipped models' sizes and scores into the README and the book's first page.

python book/tools/readme.py      reads weights/measured.json and the weights
"""

import json
import re
from pathlib import Path

from pixelcnn_lib.family import PixelCNN, PixelSNAIL
from pixelcnn_lib.model import WEIGHTS

ROOT = Path(__file__).parents[2]
FILES = {  # each page, and the model whose size it says
    ROOT / "README.md": (PixelCNN, "small"),
    ROOT / "book" / "intro.md": (PixelSNAIL, "faces"),
}
SIZE = r"[\d,]+ weights, trained"
STEPS = r"trained for [\d,]+ steps"
FACES = {  # what is said of the model of faces, and what was measured
    r"needs [\d.]+ bits for a new face": lambda one: f"needs {one['bits']:.2f} bits for a new face",
    r"[\d.]+ % of the pictures that it": lambda one: (
        f"{100 * one['are faces']:.1f} % of the pictures that it"
    ),
}
TABLE = r"(?m)^\| \|.*\n\|---\|.*\n\| PNG (?:.*\n)*?(?=\n)"


def measured():
    """Return bits per dimension of two codecs and `small`: {codec or model: {photograph: bits}}.

    The held-out photographs come first, then those that were used to choose the best epoch.
    """
    both = json.loads((WEIGHTS / "measured.json").read_text())
    held_out, chosen = both["held_out_bits_per_dim"], both["kept_back_bits_per_dim"]
    rows = {"PNG": "PNG", "WebP": "WebP", shipped(held_out): "small"}
    return {title: {**held_out[title], **chosen[other]} for title, other in rows.items()}


def shipped(scores):
    """Return the shipped model's name in `scores`, such as "small, 10000 steps"."""
    (title,) = (title for title in scores if title.startswith("small, "))
    return title


def table(scores):
    """Return the README's table, in Markdown: two codecs and the shipped model."""
    rows = {"PNG": "PNG", "WebP, lossless": "WebP", "`PixelCNN.pretrained()`": shipped(scores)}
    names = list(scores["PNG"])
    lines = [f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for words, title in rows.items():
        bits = [f"{scores[title][name]:.2f}" for name in names]
        lines.append(f"| {words} | {' | '.join(bits)} |")
    return "\n".join(lines) + "\n"


def size_of(path):
    """Return how many weights the model of a page has."""
    member, name = FILES[path]
    return member.pretrained(name).count_params()


def updated(text, scores, size):
    """Return a page's text with the present scores and the model's present size."""
    steps = int(re.search(r"\d+", shipped(scores))[0])
    text = re.sub(SIZE, f"{size:,} weights, trained", text)
    faces = json.loads((WEIGHTS / "measured.json").read_text())["faces"]
    for said, words in FACES.items():
        text = re.sub(said, words(faces), text)
    text = re.sub(STEPS, f"trained for {steps:,} steps", text)
    return re.sub(TABLE, lambda _: table(scores), text)


if __name__ == "__main__":
    for path in FILES:
        text = updated(path.read_text(encoding="utf-8"), measured(), size_of(path))
        path.write_text(text, encoding="utf-8")
