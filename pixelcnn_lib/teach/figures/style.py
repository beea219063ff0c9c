"""The look of the still pictures: colours, marks and sizes. Importing it sets Matplotlib's style."""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke

from pixelcnn_lib.masks import HIDDEN, LEAK, SEEN, UNSEEN

plt.style.use(Path(__file__).parents[1] / "book.mplstyle")

CARD, INK, MUTED = "#f7f7f4", "#24292f", "#5d646c"
ACCENT, PLAIN = "#0072b2", "#a9b4bd"
LETTERS = "RGB"
CHANNELS = ("#b34700", "#00704f", "#0063a0")  # Okabe and Ito's, darkened to be read as text
KIND_NAMES = ("future", "seen", "past but unseen", "leak")
KIND_COLOURS = ("#474f59", "#b9dcf2", "#f2d27c", "#cf3e78")
KIND_MARKS = {UNSEEN: {"marker": "o", "color": "#7d5a00"}, LEAK: {"marker": "x", "color": "white"}}
MASK_MAP = LinearSegmentedColormap.from_list("mask", [KIND_COLOURS[HIDDEN], KIND_COLOURS[SEEN]])

TARGET = {"facecolor": "white", "edgecolor": INK, "linewidth": 2.2}
RIM = [withStroke(linewidth=4, foreground=INK)]
OUTLINE = {"fill": False, "edgecolor": "white", "linewidth": 1.6, "path_effects": RIM}
MIDDLE = {"ha": "center", "va": "center_baseline", "zorder": 4}
WIDTH, DPI = plt.rcParams["figure.figsize"][0], plt.rcParams["figure.dpi"]  # inches, dots an inch
FONT = plt.rcParams["font.size"]
