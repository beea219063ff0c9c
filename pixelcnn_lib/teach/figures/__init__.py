"""The book's still pictures: images, masks, who sees whom, bits. NumPy and Matplotlib only.

Every function returns the Figure, whose words are at least 12 pixels high on a phone: no picture
with words is wider than `WIDTH`. Rows, columns and colours count from 0; a target is
(row, col, colour). Importing this package sets Matplotlib to the book's style.
"""

from pixelcnn_lib.teach.figures.accounts import show_account
from pixelcnn_lib.teach.figures.answers import show_wrong
from pixelcnn_lib.teach.figures.attention import show_looks
from pixelcnn_lib.teach.figures.bits import show_bits, show_distribution
from pixelcnn_lib.teach.figures.caches import show_row_cache, show_times
from pixelcnn_lib.teach.figures.curves import show_bars, show_curve, show_paths
from pixelcnn_lib.teach.figures.images import show_images, show_steps
from pixelcnn_lib.teach.figures.kernels import show_mask
from pixelcnn_lib.teach.figures.passes import show_passes
from pixelcnn_lib.teach.figures.plans import show_block, show_gated_layer
from pixelcnn_lib.teach.figures.sight import show_fields, show_kinds
from pixelcnn_lib.teach.figures.style import (
    ACCENT,
    CARD,
    CHANNELS,
    INK,
    KIND_COLOURS,
    MIDDLE,
    MUTED,
    PLAIN,
    WIDTH,
)
