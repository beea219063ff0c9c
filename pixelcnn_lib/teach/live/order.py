"""The order of values: step through a small picture, and see what a value may see."""

import numpy as np
import traitlets

from pixelcnn_lib import masks
from pixelcnn_lib.teach.live.base import Live

COLOURS = ("red", "green", "blue")


class Order(Live):
    """A picture of `shape` (H, W, 3), and the first value to show, `target` (row, col, colour).

    sees: for each value, in order, a digit for every value: 1 if it may be seen. words: a sentence
    for each value that says the same.
    """

    title = "The order of values"
    hint = "Step from value to value, or choose one in the picture. What may it see?"
    heights = (575, 545)
    shape = traitlets.List().tag(sync=True)
    place = traitlets.Int().tag(sync=True)
    sees = traitlets.List().tag(sync=True)
    words = traitlets.List().tag(sync=True)

    def __init__(self, shape=(5, 5, 3), target=(2, 2, 1)):
        values = list(np.ndindex(*shape))
        sees = [
            "".join(str(int(masks.may_see(value, source))) for source in values) for value in values
        ]
        words = [describe(value, seen.count("1"), len(seen)) for value, seen in zip(values, sees)]
        place = values.index(tuple(target))
        super().__init__(shape=list(shape), place=place, sees=sees, words=words)

    def still(self):
        from pixelcnn_lib.teach import figures

        return figures.show_order(self.shape, np.unravel_index(self.place, self.shape))

    def fallback(self):
        return f"<p>{self.words[self.place]}</p>"


def describe(value, seen, count):
    """Say in words which values come before one, of which `seen` of `count` may be seen."""
    row, col, colour = value
    parts = []
    if row:
        parts.append(f"{span('row', row)} in {'their' if row > 1 else 'its'} whole width")
    if col:
        parts.append(f"{span('column', col)} of its own row")
    if colour:
        parts.append(f"its own pixel's {' and '.join(COLOURS[:colour])}")
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "nothing"
    return (
        f"Value {seen + 1} of {count}: the {COLOURS[colour]} of row {row}, column {col}. It may see "
        f"{listed}: {seen} {'value' if seen == 1 else 'values'}. Hidden: itself, and "
        f"{count - seen - 1} still to come."
    )


def span(name, count):
    """Name the first `count` rows or columns."""
    return f"{name} 0" if count == 1 else f"{name}s 0 {'and' if count == 2 else 'to'} {count - 1}"
