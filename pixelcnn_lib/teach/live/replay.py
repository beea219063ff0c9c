"""Training, replayed: an honest network and the beautiful liar, step by step.

Both were really trained, once, by book/tools/record_runs.py, which wrote replay.json.
"""

import json

import traitlets

from pixelcnn_lib import data
from pixelcnn_lib.teach.live.base import Live, read

NAMES = {"honest": "the honest network", "liar": "the liar"}


class Replay(Live):
    """Two recorded runs on the toy source: scores on fresh images, the floor, and drawings."""

    title = "Two trainings, replayed"
    hint = "Play, or move through the steps. What does each network score, and what does it draw?"
    shared = ("parts.js", "draw.js")
    heights = (575, 770)
    steps = traitlets.List().tag(sync=True)
    runs = traitlets.Dict().tag(sync=True)
    names = traitlets.Dict(NAMES).tag(sync=True)
    floor = traitlets.Float().tag(sync=True)
    point = traitlets.Int().tag(sync=True)

    def __init__(self, point=0):
        """point: which of the recorded steps to show first."""
        recorded = json.loads(read("replay.json"))
        steps = recorded["honest"]["steps"]
        runs = {name: {key: recorded[name][key] for key in ("fresh", "sheet")} for name in NAMES}
        floor = round(data.toy_entropy(), 3)
        super().__init__(steps=steps, runs=runs, floor=floor, point=range(len(steps))[point])

    def still(self):
        from pixelcnn_lib.teach import figures

        curves = {name: (self.steps, run["fresh"]) for name, run in self.runs.items()}
        fig = figures.show_curve(curves, {"entropy": self.floor}, ylabel="fresh score, in bits")
        inset = fig.axes[0].inset_axes([0.45, 0.62, 0.53, 0.36])
        inset.plot(self.steps, self.runs["honest"]["fresh"])
        inset.axhline(self.floor, color=figures.MUTED, linewidth=1, linestyle=(0, (2, 2)))
        inset.set(xlim=(0, self.steps[-1]), ylim=(4, 4.2), xticks=[])
        inset.set_title("enlarged")
        return fig

    def fallback(self):
        shown = range(0, len(self.steps), 4)
        rows = "".join(
            f"<tr><td>{self.steps[n]}</td>"
            + "".join(f"<td>{self.runs[name]['fresh'][n]:.2f}</td>" for name in NAMES)
            + "</tr>"
            for n in shown
        )
        names = "".join(f"<th>{name}</th>" for name in NAMES.values())
        return (
            f"<p>Bits per dimension on fresh images. The entropy of the source is {self.floor:.2f}."
            f"</p><table><tr><th>step</th>{names}</tr>{rows}</table>"
        )
