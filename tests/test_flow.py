"""The pictures of fast sampling, as artists: what each cell says, and how it is shaded."""

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pytest
from legible import check_figures
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from pixelcnn_lib.teach import flow, solutions


@pytest.fixture(autouse=True)
def closed():
    yield
    check_figures()


def cells(ax):
    """What stands in each cell, and its shade, by the cell's corner (x, y)."""
    squares = [one for one in ax.patches if isinstance(one, Rectangle) and one.get_fill()]
    words = {text.get_position(): text.get_text() for text in ax.texts}
    corner = lambda square: tuple(map(float, square.get_xy()))
    return {
        corner(one): (
            words.get((one.get_x() + 0.5, one.get_y() + 0.5)),
            to_hex(one.get_facecolor()),
        )
        for one in squares
    }


def test_a_row_s_layer_keeps_the_input_before():
    fig = flow.show_row_cache(times=(1, 4), width=5)
    for ax, time in zip(fig.axes, (1, 4), strict=True):
        found = cells(ax)
        assert found[time - 1, 1.2] == (f"$x_{time - 1}$", "#ffffff")
        for pixel in range(5):
            shade = flow.DONE if pixel < time else flow.NOW if pixel == time else flow.LATER
            assert found[pixel, 0] == (f"$x_{pixel}$", shade)
            assert found[pixel, 3.1] == (f"$y_{pixel}$" if pixel <= time else "", shade)
        assert {text.get_text() for text in ax.texts} >= {"kept", "$K_0$", "$K_1$"}


@pytest.mark.parametrize("size", [3, 7])
def test_taps_are_before_now_or_dead(size):
    (ax,) = flow.show_taps(size).axes
    found = cells(ax)
    for number, (row, col) in enumerate(np.ndindex(size, size)):
        past = number < size * size // 2
        shade = flow.DONE if past else flow.NOW if number == size * size // 2 else flow.DEAD
        assert found[col, row] == ("", shade)


@pytest.mark.parametrize("row, col, width", [(2, 3, 6), (0, 0, 4), (2, 0, 5), (1, 4, 5)])
def test_a_ring_holds_what_the_taps_read(row, col, width):
    """The shaded places hold the shaded pixels, and the frame is at the oldest."""
    places = solutions.ring_places(row, col, width)
    above, below = flow.show_ring(row, col, width, places).axes
    taps = [(row - 1, col - 1), (row - 1, col), (row - 1, col + 1), (row, col - 1)]
    seen = {str(r * width + c) for r, c in taps if r >= 0 and 0 <= c < width}
    assert {text for text, shade in cells(above).values() if shade == flow.DONE} == seen
    read = {text for text, shade in cells(below).values() if shade == flow.DONE}
    assert read - {"zeros"} == seen and ("zeros" in read) == (len(seen) < 4)
    (frame,) = [one for one in below.patches if not one.get_fill()]
    now = row * width + col
    assert frame.get_x() == now % (width + 1)
    oldest = cells(below)[frame.get_x(), 0][0]
    assert oldest == (str(now - width - 1) if now > width else "")


def test_times_are_shaded_by_what_is_drawn():
    at = solutions.drawn_at(3, 5, 2)
    (ax,) = flow.show_times(at, now=4).axes
    for (row, col), time in np.ndenumerate(at):
        shade = flow.NOW if time == 4 else flow.DONE if time < 4 else flow.LATER
        assert cells(ax)[col, row] == (str(time), shade)
