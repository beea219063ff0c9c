"""Training, replayed: an honest network and a liar, step by step.

Both were really trained, once, by book/tools/record_runs.py, which wrote replay.json.
"""

import json

import traitlets

from pixelcnn_lib import faces
from pixelcnn_lib.teach.live.base import Live, read

NAMES = {"honest": "the honest network", "liar": "the liar"}


class Replay(Live):
    """Two recorded runs on faces: bits for a new face, the entropy, and drawings."""

    title = "Two trainings, replayed"
    hint = "Play, or move through the steps. What does each network score, and what does it draw?"
    shared = ("parts.js", "draw.js")
    heights = (575, 770)
    steps = traitlets.List().tag(sync=True)
    runs = traitlets.Dict().tag(sync=True)
    names = traitlets.Dict(NAMES).tag(sync=True)
    floor = traitlets.Float().tag(sync=True)
    point = traitlets.Int().tag(sync=True)

    def __init__(self):
        recorded = json.loads(read("replay.json"))
        steps = recorded["honest"]["steps"]
        runs = {name: {key: recorded[name][key] for key in ("fresh", "sheet")} for name in NAMES}
        floor = round(faces.faces_entropy(), 2)
        super().__init__(steps=steps, runs=runs, floor=floor)

    def still(self):
        from pixelcnn_lib.teach import figures

        curves = {
            name: (self.steps, [min(bits, 80) for bits in run["fresh"]])
            for name, run in self.runs.items()
        }
        label = "bits for a new face"
        fig = figures.show_curve(curves, {"entropy": self.floor}, ylabel=label)
        fig.set_figwidth(0.97 * fig.get_figwidth())  # its words stay legible on a phone
        return fig

    def fallback(self):
        shown = range(0, len(self.steps), 2)
        rows = "".join(
            f"<tr><td>{self.steps[n]}</td>"
            + "".join(f"<td>{self.runs[name]['fresh'][n]:.2f}</td>" for name in NAMES)
            + "</tr>"
            for n in shown
        )
        names = "".join(f"<th>{name}</th>" for name in NAMES.values())
        return (
            f"<p>Bits for a new face. The entropy is {self.floor:.2f}.</p>"
            f"<table><tr><th>step</th>{names}</tr>{rows}</table>"
        )
