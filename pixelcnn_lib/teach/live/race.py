"""The race: all members of the family draw from the same noise, each at its measured pace.

book/tools/race.py drew the pictures and measured the seconds; race.json stores both.
"""

import base64
import io
import json

import numpy as np
import traitlets

from pixelcnn_lib.teach.contest import NAMES
from pixelcnn_lib.teach.live.base import Live, read

MODES = {
    "one": "1 picture, fast sampler",
    "many": "16 pictures, fast sampler",
    "naive": "1 picture, naive sampler",
}
LENGTH = 10  # about how many seconds the slowest network takes on the page


class Race(Live):
    """Trained members of the family draw side by side.

    mode: one of MODES; the fast sampler is chapter 10's, compiled; the naive one is chapter 9's. If
    16 pictures are drawn at once, the page shows four of them.
    """

    title = "The race"
    hint = "Press Start. All networks draw from the same noise, each at the pace that we measured."
    shared = ("parts.js",)
    heights = (732, 728)
    names = traitlets.List().tag(sync=True)
    seconds = traitlets.Dict().tag(sync=True)  # {mode: of each network}
    pace = traitlets.Dict().tag(sync=True)  # {mode: seconds of the page for a real second}
    counts = traitlets.Dict().tag(sync=True)  # {mode: pictures that are drawn at once}
    modes = traitlets.List([list(one) for one in MODES.items()]).tag(sync=True)
    size = traitlets.Int().tag(sync=True)
    shown = traitlets.Int().tag(sync=True)
    sheet = traitlets.Unicode().tag(sync=True)
    mode = traitlets.Enum(list(MODES), "many").tag(sync=True)

    def __init__(self, **chosen):
        recorded = json.loads(read("race.json"))
        each = recorded["seconds"].values()
        seconds = {mode: [one[mode] for one in each] for mode in MODES}
        super().__init__(
            names=[NAMES[member] for member in recorded["seconds"]],
            seconds=seconds,
            pace={mode: slowing(max(one)) for mode, one in seconds.items()},
            **{key: recorded[key] for key in ("counts", "size", "shown", "sheet")},
            **chosen,
        )

    def times(self):
        """Return the seconds of each network in the chosen mode: {name: float}."""
        return dict(zip(self.names, self.seconds[self.mode]))

    def pictures(self):
        """Return what the networks drew: uint8 (networks, shown, size, size, 3)."""
        from PIL import Image

        sheet = np.array(Image.open(io.BytesIO(base64.b64decode(self.sheet))).convert("RGB"))
        cut = sheet.reshape(len(self.names), self.size, self.shown, self.size, 3)
        return cut.swapaxes(1, 2)

    def still(self):
        """Show the pictures of each network when half of the networks have finished."""
        from pixelcnn_lib.teach import figures

        times = np.array(list(self.times().values()))
        parts = np.minimum(np.median(times) / times, 1)  # of each picture
        order = np.arange(self.size**2).reshape(self.size, self.size)
        shown = min(self.counts[self.mode], self.shown)
        images = [np.concatenate(drawn[:shown], axis=1) for drawn in self.pictures()]
        known = [np.tile(order < round(part * order.size), shown) for part in parts]
        titles = [f"{name}\n{told(time)}" for name, time in self.times().items()]
        return figures.show_steps(images, known, titles, columns=2)

    def fallback(self):
        heads = "".join(f'<th scope="col">{mode}</th>' for mode in MODES.values())
        rows = ""
        for number, name in enumerate(self.names):
            cells = "".join(f"<td>{told(self.seconds[mode][number])}</td>" for mode in MODES)
            rows += f'<tr><th scope="row">{name}</th>{cells}</tr>'
        return (
            "<p>CPU seconds that each network takes to draw pictures of "
            f"{self.size}x{self.size} pixels:</p>\n<table><tr><td></td>{heads}</tr>{rows}</table>"
        )


def slowing(slowest):
    """Return the page's seconds for one real second: 1, 2 or 5 times a power of ten."""
    wanted = LENGTH / slowest
    ten = 10 ** np.floor(np.log10(wanted))
    return round(float(max(step for step in (1, 2, 5) if step * ten <= wanted * 1.001) * ten), 6)


def told(seconds):
    """Return seconds in words, short times in milliseconds."""
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
