"""Train the reader's network with the chapters' own cells, for readers who have not trained theirs.

python book/tools/train_own.py        six minutes
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from chapters import in_order, run_cells
from pixelcnn_lib.teach import checks, own

USED = {  # of each chapter that trains it, the cells that do
    1: ("import keras", "training = ", "class MaskedConv", "def block(", "def network(", ".fit("),
    6: ("import keras", "own.mine(1)", "def bits("),
}

if __name__ == "__main__":
    with TemporaryDirectory() as folder:  # so the author's own network is not the book's
        checks.KEPT = Path(folder, "answers.json")
        for chapter, used in USED.items():
            cells = run_cells(in_order()[chapter - 1], used, {})
            own.save(cells["model"], own.BOOKS[chapter])
