"""The figures to play with: `live.ReceptiveField()` as the last line of a cell shows one.

Each figure is one Python class and one ES module of the same name; base.py says how they are shown.
One more figure, predict.py, is shown by `checks.predict`.
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
