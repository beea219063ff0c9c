"""The Diagonal BiLSTM's sweep: a diagonal of the image is a column of the skewed map."""

import numpy as np
import traitlets

from pixelcnn_lib.family.diagonal_bilstm import DiagonalBiLSTMLayer, skew
from pixelcnn_lib.teach.live.base import Live

SHAPE = (4, 6)  # of the image: height, width
SIDES = ("left", "right")


def skewed(shape, side):
    """Return the number of the pixel in each place of the skewed map, -1 if there is none.

    shape: (H, W). side: from which side the LSTM comes, "left" or "right".
    Returns int (H, W + H - 1). Each column is a step of the LSTM.
    """
    numbers = np.arange(1, 1 + np.prod(shape)).reshape(1, *shape, 1)
    numbers = numbers if side == "left" else numbers[:, :, ::-1]  # mirrored
    return np.asarray(skew(numbers))[0, :, :, 0] - 1


def reads(shape, side):
    """Return which pixels' states each pixel's step reads: a list of numbers for each pixel."""
    height, width = shape
    sign = 1 if side == "left" else -1
    steps = [(down, sign * right) for down, right in DiagonalBiLSTMLayer.offsets]
    places = [
        [(row + down, col + right) for down, right in steps] for row, col in np.ndindex(shape)
    ]
    inside = [[(r, c) for r, c in each if 0 <= r < height and 0 <= c < width] for each in places]
    return [[r * width + c for r, c in each] for each in inside]


class Sweep(Live):
    """A small image and its skewed map, over which a diagonal sweeps step by step.

    side: from which side the LSTM comes, "left" or "right". step: how many steps are done.
    """

    title = "The sweeping diagonal"
    hint = (
        "Play, move through the steps, or choose a pixel to see the step that computes its state."
    )
    heights = (550, 924)

    shape = traitlets.List(list(SHAPE)).tag(sync=True)
    side = traitlets.Enum(SIDES, "left").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    maps = traitlets.Dict().tag(sync=True)  # {side: what `skewed` gives}
    reads = traitlets.Dict().tag(sync=True)  # {side: what `reads` gives}

    def __init__(self, **shown):
        super().__init__(
            maps={side: skewed(SHAPE, side).tolist() for side in SIDES},
            reads={side: reads(SHAPE, side) for side in SIDES},
            **shown,
        )

    def still(self):
        return show_sweep(SHAPE, self.side, self.step or SHAPE[0])

    def fallback(self):
        height, width = SHAPE
        heads = "".join(f'<th scope="col">{step + 1}</th>' for step in range(height + width - 1))
        rows = "".join(
            f'<tr><th scope="row">row {row}</th>'
            + "".join(f"<td>{number if number >= 0 else ''}</td>" for number in numbers)
            + "</tr>"
            for row, numbers in enumerate(self.maps[self.side])
        )
        return (
            f"<p>An image of {height}x{width} pixels, numbered row by row from 0, and skewed. Each "
            "column is one step of the LSTM. The states that it reads are all in the column before."
            f"</p>\n<table><tr><td>step</td>{heads}</tr>{rows}</table>"
        )


def show_sweep(shape, side, step):
    """Show a step of the sweep: the diagonal in the image, the column in the skewed map below it."""
    import matplotlib.pyplot as plt
    from matplotlib.colors import ListedColormap

    from pixelcnn_lib.teach import figures

    numbers, read = skewed(shape, side), reads(shape, side)
    columns = np.broadcast_to(np.arange(1, 1 + numbers.shape[1]), numbers.shape)  # from 1
    kinds = np.select([numbers < 0, columns > step, columns == step], [0, 1, 4], 2)
    wanted = [other for number in numbers[kinds == 4] for other in read[number]]
    kinds[np.isin(numbers, wanted)] = 3
    unskewed = np.zeros(shape, int)
    unskewed.flat[numbers[numbers >= 0]] = kinds[numbers >= 0]
    colours = figures.CARD, figures.KIND_COLOURS[0], "#dfe2e4", figures.KIND_COLOURS[1]
    look = ListedColormap([*colours, figures.ACCENT])
    fig, axes = plt.subplots(2, 1, figsize=(figures.WIDTH, 4.2), sharex=True, layout="compressed")
    order = np.arange(unskewed.size).reshape(shape)
    name = "the image, skewed" if side == "left" else "the mirrored image, skewed"
    panels = ("the image", order, unskewed), (name, numbers, kinds)
    for ax, (name, texts, values) in zip(axes, panels, strict=True):
        ax.pcolormesh(values, cmap=look, vmin=0, vmax=4, edgecolor=figures.CARD, linewidth=1.2)
        for (row, col), number in np.ndenumerate(texts):
            if number >= 0:
                colour = "white" if values[row, col] in (1, 4) else figures.INK
                ax.text(col + 0.5, row + 0.5, number, color=colour, **figures.MIDDLE)
        ax.set(aspect="equal", xlim=(0, numbers.shape[1]), ylim=(shape[0], 0), xticks=[], yticks=[])
        ax.set_title(name, loc="left")
        ax.spines[:].set_visible(False)
    return fig
