"""The figures to play with: `live.ReceptiveField()` as the last line of a cell shows one.

Each figure is one Python class and one ES module of the same name; base.py says how they are shown.
One more figure, predict.py, is shown by `checks.predict`. What the pages compute themselves is
written twice, and a test compares both, in Node, which comes with Playwright, or in Chromium:

in the page       in Python                           compared in tests/
pixelnet.js       family/pixelsnail.py, caching.py,   test_pixelnet.py
                  and exact.py, for files
coder.js          coding.py                           test_pixelnet.py
compose.js        face_parts.py; see compose.py       test_learning.py
own.js            teach/own.py, the reader's network  test_learning.py
learn.js          Keras, and account.py for prices    test_learning.py
matmul.wat        NumPy's matrix product              test_learning.py
erase.js          teach/anyorder.py, erase.py         test_anyorder.py, test_live_drawings.py

worker.js trains with learn.js, scores and draws; test_learning.py and test_live_train.py run it.
"""

from importlib import import_module

FIGURES = {
    "Train": "train",
    "Bits": "bits",
    "ReceptiveField": "receptive",
    "FamilySight": "sight",
    "Sweep": "sweep",
    "Ranking": "ranking",
    "Faces": "faces",
    "Steer": "steer",
    "File": "file",
    "Erase": "erase",
}


def __getattr__(name):
    """Import a figure when it is first used."""
    if name not in FIGURES:
        raise AttributeError(f"no figure {name}; there are {', '.join(FIGURES)}")
    return getattr(import_module(f"{__name__}.{FIGURES[name]}"), name)
