"""The book's still pictures: images, masks, who sees whom, bits. NumPy and Matplotlib only.

Importing this module sets Matplotlib to the book's style. Every function returns the Figure, whose
words are at least 12 pixels high on a phone: no picture with words is wider than `WIDTH`.
Rows, columns and colours count from 0; a target is (row, col, colour).
"""

from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextPath

from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN

plt.style.use(Path(__file__).with_name("book.mplstyle"))

CARD, INK, MUTED = "#f7f7f4", "#24292f", "#5d646c"
LETTERS = "RGB"
CHANNELS = ("#b34700", "#00704f", "#0063a0")  # Okabe and Ito's, darkened to be read as text
KIND_NAMES = ("future", "seen", "past but unseen", "leak")
KIND_COLOURS = ("#474f59", "#b9dcf2", "#f2d27c", "#cf3e78")
KIND_MARKS = {UNSEEN: {"marker": "o", "color": "#7d5a00"}, LEAK: {"marker": "x", "color": "white"}}
TARGET = {"facecolor": "white", "edgecolor": INK, "linewidth": 2.2}
RIM = [withStroke(linewidth=4, foreground=INK)]
HALO = [withStroke(linewidth=5, foreground="white")]
OUTLINE = {"fill": False, "edgecolor": "white", "linewidth": 1.6, "path_effects": RIM}
MIDDLE = {"ha": "center", "va": "center_baseline", "zorder": 4}
PLUS = {"boxstyle": "circle,pad=0.15", "facecolor": CARD, "edgecolor": INK}
ACCENT, PLAIN = "#0072b2", "#a9b4bd"
LOOKED = np.array([172, 0, 92])  # where attention looks
MASK_MAP = LinearSegmentedColormap.from_list("mask", [KIND_COLOURS[HIDDEN], KIND_COLOURS[SEEN]])
WIDTH, DPI = plt.rcParams["figure.figsize"][0], plt.rcParams["figure.dpi"]
FONT = plt.rcParams["font.size"]
WIDE = 5.6  # inches, of images without words
GAP = 12  # dots between images


def show_images(images, columns=None, titles=None, scale=None):
    """Show images side by side, every pixel a crisp square.

    images: uint8 (N, H, W, 1 or 3), one (H, W, 1 or 3), or a list of images of any sizes.
    columns: images in a row, by default up to eight; fewer, a divisor of columns, where the titles
    need more room. titles: one text per image. scale: dots of the figure per pixel, by default at
    most 12; fewer where the images need more room.
    """
    images = _check_images(images)
    return _show_grid(images, [None] * len(images), columns, titles, scale)


def show_steps(images, known, titles=None, columns=None, scale=None):
    """Show a drawing in progress; pixels of which a colour is not drawn yet are hatched.

    images: as for `show_images`. known: one boolean array per image, True where drawn, (H, W) or
    (H, W, colours). titles, columns, scale: as for `show_images`.
    """
    images, known = _check_images(images), [np.asarray(one, bool) for one in known]
    if [one.shape[:2] for one in known] != [image.shape[:2] for image in images]:
        raise ValueError(
            f"expected known (H, W) or (H, W, colours) for each of the {len(images)} images, "
            f"got {[one.shape for one in known]}; one image: show_steps([image], [known])"
        )
    return _show_grid(images, known, columns, titles, scale)


def show_windows(image, places, kernel_size=3):
    """Show an image as far as it is drawn at several places, with a kernel's window around each.

    image: uint8 (H, W, 1 or 3). places: list of (row, col), the present pixels, each in a frame.
    kernel_size: int, odd, the width and height of the window, whose frame is dashed.
    """
    height, width = image.shape[:2]
    order = np.arange(height * width).reshape(height, width)
    known = [order < row * width + col for row, col in places]  # (H, W) each
    titles = [f"row {row}, column {col}" for row, col in places]
    fig = show_steps([image] * len(places), known, titles)
    for ax, (row, col) in zip(fig.axes, places, strict=True):
        for side, style in ((kernel_size, "--"), (1, "-")):
            corner = (col - side / 2, row - side / 2)
            ax.add_patch(Rectangle(corner, side, side, linestyle=style, **OUTLINE))
    return fig


def show_mask(mask, colours=3, title=None):
    """Show a mask as its little colour-to-colour kernels: light is seen, dark is hidden.

    mask: 0 or 1, (kh, kw, colours, colours), or (kh, kw, in, out) with features grouped by colour
    (then a cell shows the mean over its block). Rows are input colours, columns output
    colours; the centre tap is outlined. title: of the whole figure.
    """
    mask = _by_colour(mask, colours)  # (kh, kw, colours, colours)
    kh, kw = mask.shape[:2]
    side = min(1.5, (WIDTH - 0.5) / colours)
    height = side * colours * kh / kw + (1.2 if title else 0.9)
    fig, axes = _panels(colours, colours, side * colours + 0.5, height)
    if title:
        fig.suptitle(title)
    for source, target in product(range(colours), repeat=2):
        ax = axes[source, target]
        _cells(ax, mask[:, :, source, target], MASK_MAP, vmax=1)
        ax.add_patch(Rectangle((kw // 2, kh // 2), 1, 1, **OUTLINE))
        if source == 0 and colours > 1:
            ax.set_title(f"to {LETTERS[target]}", color=CHANNELS[target], weight="bold")
        if target == 0 and colours > 1:
            ax.set_ylabel(f"from {LETTERS[source]}", color=CHANNELS[source], weight="bold")
    _kind_legend(fig, np.where(mask > 0, SEEN, HIDDEN), ("hidden", "seen"), target=False)
    return fig


def show_question(target, below="the layer below", size=3):
    """Ask which values of a kernel's window may feed one colour: every cell is a question mark.

    target: the colour (0, 1 or 2) that is computed, at the centre. below: what the kernel reads.
    """
    fig, axes = _panels(1, 3, WIDTH, WIDTH / 3 + 0.5)
    for colour, ax in enumerate(axes[0]):
        _cells(ax, np.ones((size, size)), ListedColormap(["#e6e7e4"]), vmax=1)
        for row, col in product(range(size), repeat=2):
            ax.text(col + 0.5, row + 0.5, "?", color=MUTED, **MIDDLE)
        ax.add_patch(Rectangle((size // 2, size // 2), 1, 1, **OUTLINE))
        _name(ax, colour, 3)
    name = ("red", "green", "blue")[target]
    asked = f"Which values of {below}\nmay feed {name} at the centre?"
    fig.supxlabel(asked, color=CHANNELS[target], size=FONT)
    return fig


def show_centre(mask, colours=3):
    """Show the centre tap of a mask as a matrix: rows are input features, columns output features.

    mask: 0 or 1, (in, out) or (kh, kw, in, out), features grouped by colour; gaps part colours.
    """
    mask = np.asarray(mask)
    centre = mask[mask.shape[0] // 2, mask.shape[1] // 2] if mask.ndim == 4 else mask  # (in, out)
    _by_colour(centre[None, None], colours)
    rows, cols = centre.shape
    side = min(0.42, (WIDTH - 0.9) / max(rows, cols))
    fig, [[ax]] = _panels(1, 1, side * cols + 0.9, side * rows + 0.7)
    _cells(ax, centre, MASK_MAP, vmax=1)
    if side > 0.25:
        for (row, col), one in np.ndenumerate(centre):
            ax.text(col + 0.5, row + 0.5, f"{one:g}", color=INK if one else "white", **MIDDLE)
    for colour in range(1, colours):
        ax.axhline(colour * rows / colours, color=CARD, linewidth=5)
        ax.axvline(colour * cols / colours, color=CARD, linewidth=5)
    middles = (np.arange(colours) + 0.5) / colours
    ax.set_xticks(middles * cols, [f"to {letter}" for letter in LETTERS[:colours]])
    ax.set_yticks(middles * rows, [f"from {letter}" for letter in LETTERS[:colours]])
    ax.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    for axis in (ax.xaxis, ax.yaxis):
        for label, ink in zip(axis.get_ticklabels(), CHANNELS[:colours], strict=True):
            label.set(color=ink, weight="bold")
    return fig


def show_order(shape=(5, 5, 3), target=(2, 2, 1)):
    """Show which values of an image come before a target: it may see exactly these.

    shape: (H, W, colours). target: (row, col, colour). A pixel is a frame around its colours.
    """
    _check_target(target, shape)
    order = np.arange(np.prod(shape)).reshape(shape)
    kinds = np.where(order < order[tuple(target)], SEEN, HIDDEN)  # (H, W, colours)
    height, width, colours = shape
    tall, step, drop = (
        (1, 1, 1) if colours == 1 else (1.5, colours + 0.35, 1.8)
    )  # widths of a value
    cell = min(0.4, (WIDTH - 0.6) / (width * step))  # inches
    fig, ax = plt.subplots(figsize=(cell * width * step + 0.6, cell * height * drop + 1))
    for (row, col, colour), kind in np.ndenumerate(kinds):
        here = (row, col, colour) == tuple(target)
        ink = CHANNELS[colour] if here or kind == SEEN else "#a7afb8"
        style = TARGET if here else {"facecolor": KIND_COLOURS[kind], "edgecolor": CARD}
        x, y = col * step + colour, row * drop
        ax.add_patch(Rectangle((x, y), 1, tall, zorder=3 if here else 2, **style))
        if colours > 1:
            letter = {"color": ink, "weight": "bold"}
            ax.text(x + 0.5, y + tall / 2, LETTERS[colour], **letter, **MIDDLE)
    ax.set(xlim=(-0.1, width * step), ylim=(height * drop, -0.1), aspect="equal")
    ax.set(xlabel="column", ylabel="row")
    ax.set_xticks(np.arange(width) * step + colours / 2, range(width))
    ax.set_yticks(np.arange(height) * drop + tall / 2, range(height))
    _bare(ax)
    _kind_legend(fig, kinds, ("future", "may be seen"))
    return fig


def show_paths(first, second, target):
    """Show every path from the values of an image through two layers to one predicted value.

    first, second: which features of a layer read which values below it, bool (values, values), as
    `leaks.receptive_field` gives for one layer. target: the number of the predicted value. Arrows
    that start at the target's own value or at a later one are leaks, dashed.
    """
    count, (fig, ax) = len(first), plt.subplots(figsize=(WIDTH, 3.4))
    through = second[target]  # (features,)
    sources = (first & through[:, None]).any(0)  # (values,)
    late = np.arange(count) >= target
    marked = [sources, through, np.arange(count) == target]
    for row, names in enumerate(("image", "features", "predictions")):
        ax.text(-0.4, 2 * row, names, ha="right", va="center")
        for n, on in enumerate(marked[row]):
            plain = {"facecolor": KIND_COLOURS[SEEN] if on else "#e6e7e4"}
            style = TARGET if row == 2 and on else plain
            ax.add_patch(Rectangle((n + 0.08, 2 * row - 0.3), 0.84, 0.6, **style))
            ink = {"color": CHANNELS[n % 3], "weight": "bold"}
            ax.text(n + 0.5, 2 * row, LETTERS[n % 3], **ink, **MIDDLE)
    paths = [(0, s, f, late[s]) for f, s in np.argwhere(first & through[:, None])]
    paths += [(1, f, target, (first[f] & late).any()) for f in np.flatnonzero(through)]
    for row, start, end, leaks in paths:
        ink = KIND_COLOURS[LEAK] if leaks else CHANNELS[start % 3]
        look = {"arrowstyle": "->", "color": ink, "linestyle": "--" if leaks else "-"}
        ends = {"xy": (end + 0.5, 2 * row + 1.7), "xytext": (start + 0.5, 2 * row + 0.3)}
        ax.annotate("", **ends, arrowprops=look | {"shrinkA": 0, "shrinkB": 0})
    ax.set(xlim=(-3.4, count), ylim=(-0.5, 4.5))
    ax.set_axis_off()
    return fig


def show_kinds(kinds, target=None, shape=None, names=KIND_NAMES, title=None):
    """Show what a target sees, one map per colour: seen, past but unseen, leak, future.

    kinds: HIDDEN, SEEN, UNSEEN or LEAK, (H, W, colours); or, with `shape` (H, W, colours), all
    targets by all sources as `leaks.classify` gives, of which the target's row is shown.
    target: (row, col, colour), marked by a white cell in the map of its colour; if it sees itself,
    by an outlined leak. names: what the legend calls the four kinds. title: of the whole.
    """
    kinds = np.asarray(kinds)
    if target or shape:
        _check_target(target or (), shape or kinds.shape)
    if shape:
        kinds = kinds[np.ravel_multi_index(target, shape)].reshape(shape)
    if kinds.ndim != 3 or not np.isin(kinds, range(4)).all():
        raise ValueError(
            f"expected kinds 0 to 3 of shape (H, W, colours), got {kinds.dtype} {kinds.shape}; "
            "give leaks.classify's with shape=(H, W, colours)"
        )
    height, width, colours = kinds.shape
    side = WIDTH / max(colours, 2)
    tall = side * height / width + (1.2 if title else 0.9)
    fig, axes = _panels(1, colours, side * colours, tall, sharey=True)
    if title:
        fig.suptitle(title)
    for colour, ax in enumerate(axes[0]):
        _kinds(ax, kinds[:, :, colour], side)
        _name(ax, colour, colours)
    axes[0, 0].set_ylabel("row")
    axes[0, colours // 2].set_xlabel("column")
    if target is not None:
        row, col, colour = target
        leaks = kinds[row, col, colour] == LEAK  # it sees itself: show that
        axes[0, colour].add_patch(Rectangle((col, row), 1, 1, zorder=3, fill=not leaks, **TARGET))
    _kind_legend(fig, kinds, names, target is not None)
    return fig


def show_fields(fields, target, columns=4):
    """Show what one pixel sees through several networks, side by side.

    fields: {title: kinds (H, W)}, of HIDDEN, SEEN, UNSEEN or LEAK. target: (row, col), or {title:
    (row, col)} if each map has its own. columns: int, the most maps in one row.
    """
    targets = target if isinstance(target, dict) else dict.fromkeys(fields, target)
    columns = min(columns, len(fields))
    rows = -(-len(fields) // columns)
    height, width = next(iter(fields.values())).shape
    side = WIDTH / max(columns, 2)
    size = side * columns, rows * (side * height / width + 0.4) + 0.5
    fig, axes = _panels(rows, columns, *size, sharex=True, sharey=True)
    for ax, (title, kinds) in zip(axes.flat, fields.items(), strict=False):
        _kinds(ax, kinds, side)
        ax.add_patch(Rectangle(targets[title][::-1], 1, 1, zorder=3, **TARGET))
        ax.set_title(title)
    for ax in axes.flat[len(fields) :]:
        ax.set_visible(False)
    _kind_legend(fig, np.stack(list(fields.values())), KIND_NAMES)
    return fig


def show_looks(image, weights, target):
    """Show a picture, and how much one of its pixels attends to each earlier pixel.

    image: uint8 (H, W, 3). weights: {title: attention to nowhere and to all pixels, (1 + P,)}.
    target: (row, col), the pixel that attends; it and all later pixels are hatched. The darker the
    red, the larger the weight.
    """
    height, width, _ = image.shape
    number = np.arange(height * width).reshape(height, width)
    known = number < number[tuple(target)]
    pale = 205 + (image.mean(-1, keepdims=True) - 128) / 5  # (H, W, 1)
    shown = {"the picture": (image, None)}
    for title, one in weights.items():
        strength = np.sqrt(one[1:]).reshape(height, width, 1)
        looked = pale + (LOOKED - pale) * strength  # (H, W, 3)
        shown[f"{title}\nnowhere {one[0]:.0%}"] = looked.astype("uint8"), known
    rows = 1 + -(-len(weights) // 2)
    fig, axes = _panels(rows, 2, WIDTH, rows * (WIDTH / 2 * height / width + 0.55))
    for ax in axes.flat:
        ax.set_visible(False)
    places = [axes[0, 0], *axes[1:].flat][: len(shown)]
    for ax, (title, (pixels, known)) in zip(places, shown.items(), strict=True):
        ax.set(visible=True, title=title)
        _paint(ax, pixels, known)
        ax.add_patch(Rectangle((target[1] - 0.5, target[0] - 0.5), 1, 1, zorder=3, **OUTLINE))
    return fig


def show_block(relus=("before",)):
    """Show the residual block as a flow from top to bottom: wide bars are 2h features, narrow ones h.

    relus: for each drawing, whether a ReLU stands "before" or "after" each convolution.
    """
    convolutions = [("1x1\nmask B", 2, 1), ("3x3\nmask B", 1, 1), ("1x1\nmask B", 1, 2)]
    fig, axes = _panels(1, len(relus), WIDTH / 2 * len(relus), 5.8)
    for ax, place in zip(axes[0], relus, strict=True):
        relu = ("ReLU", None, None)
        steps = [
            step
            for convolution in convolutions
            for step in ((relu, convolution) if place == "before" else (convolution, relu))
        ]
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
        title = f"ReLU {place}\neach convolution"
        ax.set(xlim=(-2.4, 1.75), ylim=(10, -0.7), title=title)
        _bare(ax, ticks=False)
    return fig


def show_gated_layer():
    """Show a layer of Gated PixelCNN: on the left the vertical stack, on the right the horizontal."""
    fig, [[ax]] = _panels(1, 1, WIDTH, 5)
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
    _bare(ax, ticks=False)
    return fig


def show_network(boxes, skips, chosen, kinds, target, shape):
    """Show a network as a column of boxes, and beside it what a target sees after one of them.

    boxes: (name, output), from the image to the logits. skips: the numbers of the boxes whose input
    skip connections take to the box after the last of them. chosen: the number of the box that is
    marked. kinds: all targets by all sources after that box, as `leaks.classify` gives. target:
    (row, col, colour). shape: (H, W, colours).
    """
    _check_target(target, shape)
    kinds = kinds[np.ravel_multi_index(target, shape)].reshape(shape)
    height, width, colours = shape
    fig = plt.figure(figsize=(WIDTH, 0.62 * len(boxes) + 0.5), layout="compressed")
    axes = fig.subplot_mosaic([["flow", str(colour)] for colour in range(colours)])
    flow = axes.pop("flow")
    for row, box in enumerate(boxes):
        style = {"facecolor": CARD, "edgecolor": INK, "linewidth": 1, "zorder": 2}
        if row == chosen:
            style |= {"facecolor": KIND_COLOURS[SEEN], "edgecolor": ACCENT, "linewidth": 2}
        flow.add_patch(Rectangle((0, row), 4, 0.7, **style))
        flow.text(2, row + 0.36, "\n".join(box), **MIDDLE)
        if row:
            arrow = {"arrowstyle": "-|>", "color": MUTED, "shrinkA": 0, "shrinkB": 0}
            flow.annotate("", (2, row), (2, row - 0.3), arrowprops=arrow)
    end = max(skips) + 1 if skips else 0
    for row in skips:
        x, y = [2, 4.4, 4.4, 4], [row - 0.2, row - 0.2, end + 0.35, end + 0.35]
        flow.plot(x, y, color=CHANNELS[0], linewidth=1.4, linestyle="-", zorder=1)
    flow.set(xlim=(-0.1, 4.6), ylim=(len(boxes) - 0.2, -0.1))
    _bare(flow, ticks=False)
    for colour in range(colours):
        ax = axes[str(colour)]
        _kinds(ax, kinds[:, :, colour], WIDTH / 3)
        _name(ax, colour, colours)
    row, col, colour = target
    axes[str(colour)].add_patch(Rectangle((col, row), 1, 1, zorder=3, **TARGET))
    fig.suptitle(f"Seen after: {boxes[chosen][0]}", size=12)
    _kind_legend(fig, kinds, KIND_NAMES)
    return fig


def show_bits(image, bits):
    """Show an image beside its surprise map: how many bits each value, or pixel, costs.

    image: uint8 (H, W, 1 or 3). bits: (H, W, colours) for a map per colour, or (H, W), such as the
    mean over colours, for one map. The brightest half per cent share one shade.
    """
    bits = np.asarray(bits)
    if bits.ndim not in (2, 3) or bits.shape[:2] != np.shape(image)[:2]:
        raise ValueError(
            f"expected bits (H, W) or (H, W, colours) for an image {np.shape(image)}, "
            f"got {bits.shape}; pass one image and its bits, without the batch axis"
        )
    maps = [bits] if bits.ndim == 2 else list(np.moveaxis(bits, 2, 0))
    rows, side = (len(maps) + 2) // 2, WIDTH / 2
    fig, axes = _panels(rows, 2, WIDTH, side * rows * bits.shape[0] / bits.shape[1] + 0.9)
    _paint(axes[0, 0], _check_images(image)[0])
    top = np.percentile(bits, 99.5)
    for index, (ax, one) in enumerate(zip(axes.flat[1:], maps, strict=False)):
        drawn = ax.imshow(one, vmin=0, vmax=top)
        _name(ax, index, len(maps))
    for ax in axes.flat:
        _bare(ax, ticks=False)
    look = {"location": "bottom", "shrink": 0.6, "aspect": 30, "extend": "max"}
    fig.colorbar(drawn, ax=axes, label="bits per value", **look)
    return fig


def show_distribution(log_p, value=None, titles=None):
    """Show one value's distribution over the levels, or several below each other.

    log_p: natural log-probabilities, (levels,) or (K, levels). value: the level that occurred, or
    K of them, marked with its cost in bits. titles: one text per distribution.
    """
    log_p = np.atleast_2d(log_p)  # (K, levels)
    count, levels = log_p.shape
    if not np.allclose(np.exp(log_p).sum(-1), 1, atol=1e-3):
        raise ValueError(
            f"expected log-probabilities (levels,) or (K, levels), got {log_p.shape} whose "
            f"probabilities sum to {np.exp(log_p).sum(-1)}; pass log_softmax(logits)"
        )
    fig, axes = _panels(count, 1, WIDTH, 1.6 * count + 0.6, sharex=True, sharey=True)
    for index, (ax, row) in enumerate(zip(axes[:, 0], log_p, strict=True)):
        ax.stairs(np.exp(row), np.arange(levels + 1) - 0.5, fill=True, color="#7fb3d5")
        if titles is not None:
            ax.set_title(titles[index], loc="left")
        if value is not None:
            came = np.broadcast_to(value, count)[index]
            p = np.exp(row[came])
            ax.stairs([p], [came - 0.5, came + 0.5], fill=True, color=CHANNELS[0])
            ax.vlines(came, p, 1.25 * np.exp(log_p.max()), color=CHANNELS[0], linestyle=":")
            text = f"  {came} came: {-row[came] / np.log(2):.1f} bits  "
            place = {"transform": ax.get_xaxis_transform(), "va": "top"}
            ha = "left" if came < levels / 2 else "right"
            ax.text(came, 0.97, text, color=CHANNELS[0], ha=ha, **place)
        free = levels / 80  # so that the axes hide no bar
        ax.set(xlim=(-0.5 - free, levels - 0.5 + free), ylim=(0, 1.25 * np.exp(log_p.max())))
        ax.set_ylabel("probability")
    axes[-1, 0].set_xlabel("level")
    axes[-1, 0].locator_params(axis="x", integer=True)
    return fig


def show_curve(curves, lines=None, xlabel="training step", ylabel="bits per dimension"):
    """Show curves over training, each named at its end, with horizontal lines for comparison.

    curves: {name: bits} or {name: (steps, bits)}, the pair a tuple. lines: {name: bits}, such as
    the entropy of the source, PNG, or 8 for the uniform guess.
    """
    fig, ax = plt.subplots()
    labels = []
    for name, curve in curves.items():
        steps, bits = curve if isinstance(curve, tuple) else (range(len(curve)), curve)
        (line,) = ax.plot(steps, bits)
        labels.append((bits[-1], name, line.get_color()))
    for name, bits in (lines or {}).items():
        ax.axhline(bits, color=MUTED, linewidth=1, linestyle=(0, (2, 2)), zorder=1)
        labels.append((bits, name, MUTED))
    ax.margins(x=0)
    ax.set(xlabel=xlabel)
    ax.set_title(ylabel, loc="left")
    ax.locator_params(axis="x", nbins=4)
    low, high = ax.get_ylim()
    gap, place = (high - low) * 0.1, -np.inf
    for bits, name, colour in sorted(labels):
        place = max(bits, place + gap)  # labels that would touch are moved up
        ax.text(
            1, place, f"  {name}", color=colour, va="center", transform=ax.get_yaxis_transform()
        )
    return fig


def show_wrong(values, wrong, expected=None):
    """Show an answer's own values with crosses on the wrong ones, and what was expected if given.

    values: numbers or booleans of any shape. wrong: bool, same shape. Of more than two axes, the
    last two that hold the first wrong place are shown; a long array, around it.
    """
    values, wrong = np.atleast_2d(values), np.atleast_2d(wrong)
    first = tuple(np.argwhere(wrong)[0])
    corner = [max(0, place - 8) for place in first[-2:]]
    window = (*first[:-2], *(slice(start, start + 16) for start in corner))
    panels = {"yours": values} if expected is None else {"yours": values, "expected": expected}
    side = min(0.42 * max(2, *values[window].shape), (WIDTH - 0.6) / len(panels))
    fig, axes = _panels(1, len(panels), side * len(panels) + 0.6, side + 0.6)
    for ax, (name, one) in zip(axes[0], panels.items(), strict=True):
        shown = np.nan_to_num(np.atleast_2d(one)[window].astype(float), posinf=0, neginf=0)
        shown -= min(0, shown.min())
        _cells(ax, shown, MASK_MAP, max(1, shown.max()), numbered=not any(corner))
        ax.set_title(name)
    rows, cols = np.nonzero(wrong[window])
    style = {"marker": "x", "s": 70, "linewidth": 2.5, "color": KIND_COLOURS[LEAK]}
    axes[0, 0].scatter(cols + 0.5, rows + 0.5, zorder=3, path_effects=HALO, **style)
    return fig


def show_bars(values, highlight=(), xlabel="bits per dimension", digits=2):
    """Show numbers as bars, in the order given, each with its value.

    values: {name: number}. highlight: the name, or names, to stress. digits: how many decimals.
    """
    names, numbers = list(values), list(values.values())
    stressed = {highlight} if isinstance(highlight, str) else set(highlight)
    if stressed - set(names):
        raise ValueError(f"expected highlight among {names}, got {sorted(stressed)}; mend the name")
    fig, ax = plt.subplots(figsize=(WIDTH, 0.56 * len(names) + 0.4))
    inks = [ACCENT if name in stressed else PLAIN for name in names]
    places = np.arange(len(names))
    bars = ax.barh(places + 0.2, numbers, height=0.44, color=inks)
    labels = ax.bar_label(bars, fmt=f"%.{digits}f", padding=5)
    labels += [ax.text(0, place - 0.08, name, va="bottom") for place, name in enumerate(names)]
    for text, name in zip(labels, 2 * names, strict=True):
        text.set_weight("bold" if name in stressed else "normal")
    _bare(ax)
    ax.set(xticks=[], yticks=[], xlabel=xlabel, ylim=(len(names) - 0.5, -0.5))
    return fig


def _panels(rows, columns, width, height, **shared):
    """Make a figure of width by height inches, and its axes (rows, columns)."""
    size = {"figsize": (width, height), "layout": "compressed"}
    return plt.subplots(rows, columns, squeeze=False, **size, **shared)


def _check_images(images):
    """Return a list of uint8 (H, W, 1 or 3), or raise ValueError for anything else."""
    images = [np.asarray(image) for image in ([images] if np.ndim(images[0]) == 2 else images)]
    for image in images:
        if image.ndim != 3 or image.shape[2] not in (1, 3) or image.dtype != np.uint8:
            raise ValueError(
                f"expected uint8 images (H, W, 1 or 3), got {image.dtype} {image.shape}; "
                "a grey image needs a last axis of 1, scaled ones their 0 to 255 back"
            )
    return images


def _show_grid(images, known, columns, titles, scale):
    """Lay images out so that each pixel is a whole number of dots."""
    if titles is not None and len(titles) != len(images):
        raise ValueError(
            f"expected a title for each of {len(images)} images, got {len(titles)}; pass a list"
        )
    limit = DPI * (WIDTH if titles else WIDE)  # dots, as all below
    width = max(image.shape[1] for image in images)
    words = max((DPI * _length(title) for title in titles or ()), default=0)
    fit = max(1, (limit + GAP) // (words + GAP))
    if columns is None:
        columns = int(np.clip((limit + GAP) // (width + GAP), 1, min(8, len(images), fit)))
        columns = -(-len(images) // -(-len(images) // columns))  # rows of equal length
    else:
        columns = max(n for n in range(1, columns + 1) if columns % n == 0 and n <= fit)
    most = int(((limit + GAP) / columns - GAP) // width)
    scale = max(1, min(scale or 12, most))
    cell = max(scale * width, int(words))
    cell += (cell - scale * width) % 2  # the image in its middle, on whole dots
    full = columns * (cell + GAP) - GAP
    growth = max(1, full / limit)  # of the words, where not even the smallest images fit
    title = int(40 * growth) if titles else 0
    rows = [images[start : start + columns] for start in range(0, len(images), columns)]
    heights = [scale * max(image.shape[0] for image in row) + title + GAP for row in rows]
    full = np.array([full, sum(heights) - GAP])
    fig = plt.figure(figsize=full / DPI, layout="none")
    for index, image in enumerate(images):
        row, col = divmod(index, columns)
        corner = col * (cell + GAP), full[1] - sum(heights[: row + 1]) + GAP
        size = cell, heights[row] - title - GAP
        ax = fig.add_axes((*corner / full, *size / full), anchor="S")
        _paint(ax, image, known[index])
        if titles is not None:
            ax.set_title(titles[index], fontsize=FONT * growth)
    return fig


def _length(text):
    """Return the length of a text in the pictures' font, in inches."""
    return TextPath((0, 0), text, size=FONT).get_extents().width / 72 if text.strip() else 0


def _paint(ax, image, known=None):
    """Draw one uint8 image; where `known` is False the hatched ground shows."""
    size = image.shape[:2]
    drawn = np.ones(size) if known is None else known.reshape(*size, -1).all(2)  # (H, W)
    ax.imshow(np.dstack([np.broadcast_to(image, (*size, 3)), 255 * drawn]).astype(np.uint8))
    ax.patch.set(facecolor="#e6e7e4", edgecolor="#a5a9a8", hatch="////", linewidth=0)
    _bare(ax, ticks=False)


def _cells(ax, values, cmap, vmax, numbered=False, side=WIDTH / 3):
    """Draw a small matrix as cells, row 0 on top, separated by thin lines; side: inches."""
    size = max(values.shape)
    gap = {"edgecolor": CARD, "linewidth": min(1.2, 8 * side / size)} if size < 40 else {}
    ax.pcolormesh(values, cmap=cmap, vmin=0, vmax=vmax, **gap)
    ax.set(aspect="equal", ylim=(len(values), 0))
    _bare(ax, ticks=numbered)
    if numbered:
        height, width = values.shape
        tall = int(np.ceil(1.1 * FONT / 72 * width / side))  # the height of a number, in rows
        rows = range(0, height, max(-(-height // 4), tall))
        cols = range(0, width, -(-width // 4))
        ax.set_xticks(np.add(cols, 0.5), cols)
        ax.set_yticks(np.add(rows, 0.5), rows)


def _kinds(ax, kinds, side):
    """Draw a map of kinds (H, W), told apart by marks too; side: its width in inches."""
    _cells(ax, kinds, ListedColormap(KIND_COLOURS), vmax=3, numbered=True, side=side)
    for kind, mark in KIND_MARKS.items():
        rows, cols = np.nonzero(kinds == kind)
        size = (14 * side / kinds.shape[1]) ** 2
        ax.scatter(cols + 0.5, rows + 0.5, s=size, linewidth=min(1.5, size / 8), **mark)


def _name(ax, colour, colours):
    """Write a map's colour above it, if there are several maps."""
    if colours > 1:
        ax.set_title(f"{LETTERS[colour]} values", color=CHANNELS[colour], weight="bold")


def _bare(ax, ticks=True):
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    if not ticks:
        ax.set(xticks=[], yticks=[])


def _by_colour(mask, colours):
    """Average a mask (kh, kw, in, out) over features: (kh, kw, colours, colours)."""
    mask = np.asarray(mask, float)
    if mask.ndim != 4 or mask.shape[2] % colours or mask.shape[3] % colours:
        raise ValueError(
            f"expected a mask (kh, kw, in, out) whose features divide by {colours} colours, "
            f"got {mask.shape}; set colours"
        )
    kh, kw, inputs, outputs = mask.shape
    blocks = mask.reshape(kh, kw, colours, inputs // colours, colours, outputs // colours)
    return blocks.mean((3, 5))


def _check_target(target, shape):
    """Raise ValueError unless a target is (row, col, colour) inside (H, W, colours)."""
    inside = [0 <= place < size for place, size in zip(target, shape, strict=False)]
    if not len(target) == len(shape) == 3 or not all(inside):
        raise ValueError(
            f"expected a target (row, col, colour) inside a shape (H, W, colours), got "
            f"{tuple(target)} and {tuple(shape)}; count from 0"
        )


def _kind_legend(fig, kinds, names, target=True):
    """Name the kinds that occur, with their marks, below the maps."""
    square = {"linestyle": "", "marker": "s", "markersize": 12}
    small = {"linestyle": "", "markersize": 5, "markeredgewidth": 1.5}
    entries = {}
    if target:
        white = {"color": "white", "markeredgecolor": INK, "markeredgewidth": 2}
        entries["target"] = (Line2D([], [], **square, **white),)
    for kind in (SEEN, UNSEEN, LEAK, HIDDEN):
        if (kinds == kind).any():
            marks = [Line2D([], [], **small, **KIND_MARKS[kind])] if kind in KIND_MARKS else []
            entries[names[kind]] = (Line2D([], [], **square, color=KIND_COLOURS[kind]), *marks)
    lengths = [_length(name) + 0.55 for name in entries]  # inches, with the mark
    fit = (
        n
        for n in range(len(entries), 1, -1)
        if sum(max(part) for part in np.array_split(lengths, n)) <= WIDTH
    )
    columns = next(fit, 1)
    fig.set_figheight(fig.get_figheight() + 0.25 * (-(-len(entries) // columns) - 1))
    spacing = {"handlelength": 1.4, "handletextpad": 0.4, "columnspacing": 1.2}
    fig.legend(entries.values(), entries, loc="outside lower center", ncols=columns, **spacing)
