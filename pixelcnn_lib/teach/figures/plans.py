"""Plans of parts of networks: a residual block and a gated layer."""

from matplotlib.patches import Polygon, Rectangle

from pixelcnn_lib.masks import SEEN
from pixelcnn_lib.teach.figures.parts import bare, panels
from pixelcnn_lib.teach.figures.style import (
    CARD,
    INK,
    KIND_COLOURS,
    MIDDLE,
    MUTED,
    WIDTH,
)

PLUS = {"boxstyle": "circle,pad=0.15", "facecolor": CARD, "edgecolor": INK}


def show_block():
    """Show the residual block as a flow from top to bottom: wide bars are 2h features, narrow ones h."""
    relu = ("ReLU", None, None)
    steps = [relu, ("1x1\nmask B", 2, 1), relu, ("3x3\nmask B", 1, 1), relu, ("1x1\nmask B", 1, 2)]
    fig, [[ax]] = panels(1, 1, WIDTH / 2, 4.6)
    line = {"color": MUTED, "linewidth": 1.6}
    arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **line}
    ax.annotate("", (-2, 9.35), (-2, 0), arrowprops=arrow)  # the stream
    ax.plot([-2, 0, 0], [0.5, 0.5, 8.5], linestyle="-", zorder=1, **line)  # the branch
    ax.annotate("", (-1.7, 8.5), (0, 8.5), arrowprops=arrow)
    for row, (name, wide_in, wide_out) in enumerate(steps):
        top, bottom = 1 + 1.2 * row, 2 + 1.2 * row
        if name == "ReLU":
            top, bottom, wide_in, wide_out, face = top + 0.2, bottom - 0.2, 1, 1, CARD
        else:
            face = KIND_COLOURS[SEEN]
        corners = [(-wide_in, top), (wide_in, top), (wide_out, bottom), (-wide_out, bottom)]
        style = {"facecolor": face, "edgecolor": INK, "linewidth": 1, "zorder": 2}
        ax.add_patch(Polygon([(0.85 * x, y) for x, y in corners], **style))
        ax.text(0, (top + bottom) / 2, name, linespacing=1, **MIDDLE)
    ax.text(-2.3, -0.15, "x: 2h features", ha="left", va="bottom")
    ax.text(-2, 8.5, "+", fontsize=13, **MIDDLE, bbox=PLUS)
    ax.text(-2.3, 9.45, "2h features", ha="left", va="top")
    ax.set(xlim=(-2.4, 1.75), ylim=(10, -0.7), title="ReLU before\neach convolution")
    bare(ax, ticks=False)
    return fig


def show_gated_layer():
    """Show a layer of Gated PixelCNN: on the left the vertical stack, on the right the horizontal."""
    fig, [[ax]] = panels(1, 1, WIDTH, 5)
    line = {"color": MUTED, "linewidth": 1.6}
    arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **line}
    for start, end in [
        ((-3, 0), (-3, 9.3)),  # the vertical stack
        ((-3, 3.5), (1.35, 3.5)),  # the link
        ((4, 0), (4, 9.3)),  # the horizontal stack
        ((1.6, 8.4), (3.75, 8.4)),
    ]:
        ax.annotate("", end, start, arrowprops=arrow)
    ax.plot([4, 1.6, 1.6], [0.6, 0.6, 8.4], linestyle="-", **line)  # its branch
    for x, y, name in [
        (-3, 2, "2x3\nno mask"),
        (-3, 5.3, "gate"),
        (-0.7, 3.5, "link\n1x1"),
        (1.6, 2, "1x3\nmask B"),
        (1.6, 5.3, "gate"),
        (1.6, 7, "1x1\nmask B"),
    ]:
        face = CARD if name == "gate" else KIND_COLOURS[SEEN]
        wide, tall = 1.3 if x == -3 else 0.9, 0.45 if name == "gate" else 0.65
        style = {"facecolor": face, "edgecolor": INK, "linewidth": 1, "zorder": 3.5}
        ax.add_patch(Rectangle((x - wide, y - tall), 2 * wide, 2 * tall, **style))
        ax.text(x, y, name, linespacing=1, **MIDDLE)
    for x, y in [(1.6, 3.5), (4, 8.4)]:
        ax.text(x, y, "+", fontsize=13, **MIDDLE, bbox=PLUS)
    for y, side in [(-0.2, "bottom"), (9.5, "top")]:
        ax.text(-3, y, "vertical", ha="center", va=side)
        ax.text(4, y, "horizontal", ha="center", va=side)
    ax.set(xlim=(-4.6, 4.8), ylim=(10.2, -0.9))
    bare(ax, ticks=False)
    return fig
