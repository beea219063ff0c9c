"""Numbers: curves over training, and bars."""

import matplotlib.pyplot as plt
import numpy as np

from pixelcnn_lib.teach.figures.parts import bare
from pixelcnn_lib.teach.figures.style import ACCENT, MUTED, PLAIN, WIDTH


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


def show_paths(start, paths, xlabel, ylabel):
    """Show how two numbers change together, in several ways from one start.

    start: (x, y). paths: {name: {value: (x, y)}}, the values in the order of the path; the last one
    is written beside its point.
    """
    fig, ax = plt.subplots(figsize=(WIDTH, 4.2))
    for number, (name, path) in enumerate(paths.items()):
        x, y = zip(start, *path.values())
        (line,) = ax.plot(x, y, marker="osD^v"[number % 5], label=name)
        beside = dict(xytext=(0, -8), textcoords="offset points", ha="center", va="top")
        ax.annotate(f"{[*path][-1]:g}", (x[-1], y[-1]), color=line.get_color(), **beside)
    ax.plot(*start, marker="o", color=MUTED, markersize=8)
    ax.margins(0.12)
    ax.set(xlabel=xlabel)
    ax.set_title(ylabel, loc="left")
    ax.legend(frameon=False, loc="lower left")
    return fig


def show_bars(values, highlight=(), xlabel="bits per dimension", digits=2):
    """Show numbers as bars, in the order given, each with its value.

    values: {name: number}. highlight: the name, or names, to stress. digits: how many decimals.
    """
    names, numbers = list(values), list(values.values())
    stressed = {highlight} if isinstance(highlight, str) else set(highlight)
    fig, ax = plt.subplots(figsize=(WIDTH, 0.56 * len(names) + 0.4))
    inks = [ACCENT if name in stressed else PLAIN for name in names]
    places = np.arange(len(names))
    bars = ax.barh(places + 0.2, numbers, height=0.44, color=inks)
    labels = ax.bar_label(bars, fmt=f"%.{digits}f", padding=5)
    labels += [ax.text(0, place - 0.08, name, va="bottom") for place, name in enumerate(names)]
    for text, name in zip(labels, 2 * names, strict=True):
        text.set_weight("bold" if name in stressed else "normal")
    bare(ax)
    ax.set(xticks=[], yticks=[], xlabel=xlabel, ylim=(len(names) - 0.5, -0.5))
    return fig
