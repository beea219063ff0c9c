"""Shrink and grow: which pixels a small pixel reads, and what the four pixels made of it know."""

import numpy as np
import traitlets

from pixelcnn_lib import leaks
from pixelcnn_lib.teach.live.base import Live

WAYS = {  # where the last tap of the shrinking kernel lies, from the first of the four pixels
    "first": "the first of the four",
    "all": "all four",
}


def reads(pixel, way):
    """Return the four places that a small pixel reads, for a pixel that grows from it.

    pixel: (row, col). way: one of WAYS. Returns a list of (row, col), the latest place last; some
    places may lie outside the image.
    """
    first = np.array(pixel) // 2 * 2 - (way == "first")
    return [tuple(map(int, first + tap)) for tap in np.ndindex(2, 2)]


def knows(shape, pixel, way):
    """Return which pixels a pixel knows through its small pixel, if features know all before them.

    shape: (H, W). Returns bool (H * W,).
    """
    inside = [place for place in reads(pixel, way) if place[0] < shape[0] and place[1] < shape[1]]
    latest = max(row * shape[1] + col for row, col in inside)
    return np.arange(np.prod(shape)) < latest


class Scales(Live):
    """A large map, and the small map that it shrinks to and that grows again.

    shape: (H, W) of the large map, even. way: what a small pixel reads, one of WAYS. pixel: [row,
    col] of the pixel that is predicted.
    """

    title = "Shrink and grow"
    hint = "Choose a pixel, and what a small pixel reads. What does the chosen pixel get to know?"
    heights = (601, 654)

    shape = traitlets.List().tag(sync=True)
    way = traitlets.Enum(list(WAYS), "first").tag(sync=True)
    pixel = traitlets.List([3, 4]).tag(sync=True)
    ways = traitlets.List().tag(sync=True)  # [[way, its words], ...]
    reads = traitlets.Dict().tag(sync=True)  # {way: for each pixel, the numbers of those read}
    knows = traitlets.Dict().tag(sync=True)  # {way: for each pixel, how many are known, in order}

    def __init__(self, shape=(6, 8), **shown):
        places = list(np.ndindex(*shape))

        def numbers(pixel, way):
            return [places.index(one) for one in reads(pixel, way) if one in places]

        super().__init__(
            shape=list(shape),
            ways=[list(one) for one in WAYS.items()],
            reads={way: [numbers(pixel, way) for pixel in places] for way in WAYS},
            knows={way: [int(knows(shape, pixel, way).sum()) for pixel in places] for way in WAYS},
            **shown,
        )

    def still(self):
        from pixelcnn_lib.teach import figures

        shape, pixel = tuple(self.shape), tuple(self.pixel)
        number = pixel[0] * shape[1] + pixel[1]
        fields = {}
        for way, name in WAYS.items():
            known = np.zeros((number + 1, np.prod(shape)), bool)
            known[number] = knows(shape, pixel, way)
            fields[f"reads {name}"] = leaks.classify(known)[number].reshape(shape)
        return figures.show_fields(fields, pixel, columns=2)

    def fallback(self):
        rows, (_, width) = "", self.shape
        for place, name in zip(
            np.ndindex(2, 2), ("upper left", "upper right", "lower left", "lower right")
        ):
            number = place[0] * width + place[1]
            cells = "".join(
                f"<td>{'leak' if self.knows[way][number] > number else 'no leak'}</td>"
                for way in WAYS
            )
            rows += f'<tr><th scope="row">{name}</th>{cells}</tr>'
        heads = "".join(f'<th scope="col">it reads {name}</th>' for name in WAYS.values())
        return (
            "<p>A small pixel stands for four pixels of the large map, and four grow from it again. "
            "Which of the four then know themselves or later pixels?</p>\n"
            f"<table><tr><td>of the four</td>{heads}</tr>{rows}</table>"
        )
