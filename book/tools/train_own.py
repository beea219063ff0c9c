"""Train chapter 1's network with chapter 1's own cells, for readers who have not trained it yet.

python book/tools/train_own.py        two minutes
"""

from chapters import ROOT, run_cells
from pixelcnn_lib.teach import own

CHAPTER = ROOT / "chapters" / "01_a_network_that_draws_faces.ipynb"
USED = ("import keras", "training = ", "class MaskedConv", "def block(", "def network(", ".fit(")

if __name__ == "__main__":
    own.save(run_cells(CHAPTER, USED, {})["model"], own.BOOKS)
