"""Which weights of a convolution are kept, so that no prediction sees its own or a later value.

The values of an image are ordered by row, then column, then colour: all colours of a pixel come
before the next pixel. Features are grouped by colour, red's block first. Source: van den Oord et
al., Pixel Recurrent Neural Networks (2016), section 3.4.
"""

import numpy as np

from pixelcnn_lib.arguments import kernel_shape, per_colour

# How a prediction can treat another value. SEEN and UNSEEN: an earlier value, used or not used.
# HIDDEN: a value that is not earlier and not used, as it should be. LEAK: not earlier, but used.
HIDDEN, SEEN, UNSEEN, LEAK = range(4)


def spatial_mask(kernel_size):
    """Mark the taps of a kernel that lie on finished pixels: above the centre, or left in its row.

    kernel_size: an odd int, or (height, width), both odd. The centre lies on the present pixel.
    Returns bool (kh, kw). The centre is False, because there the colours decide.
    """
    height, width = kernel_shape(kernel_size)
    taps = np.arange(height * width).reshape(height, width)  # numbered in the order of the values
    return taps < taps[height // 2, width // 2]


def colour_rule(mask_type, colours=3):
    """Tell which colour may feed which other colour of the same pixel.

    mask_type: "A" for the first layer, which reads the image: a colour uses only earlier colours.
        "B" for every later layer, which reads masked features: a colour also uses itself.
    colours: int, how many values a pixel has.
    Returns bool (colours, colours), [source, target].
    Raises ValueError for another mask type.
    """
    if mask_type not in ("A", "B"):
        raise ValueError(f'mask_type must be "A" or "B", not {mask_type!r}.')
    source, target = np.ogrid[:colours, :colours]
    return source < target if mask_type == "A" else source <= target


def colour_pattern(kernel_size, mask_type, colours=3):
    """Combine both rules into a mask with one input and one output feature for each colour.

    kernel_size, mask_type, colours: as for `rgb_mask`.
    Returns bool (kh, kw, colours, colours), [row, col, source, target].
    """
    past = spatial_mask(kernel_size)
    height, width = past.shape
    pattern = np.repeat(past, colours * colours).reshape(height, width, colours, colours)
    pattern[height // 2, width // 2] = colour_rule(mask_type, colours)
    return pattern


def causal_pattern(kernel_size, mask_type, colours=3):
    """As colour_pattern, for a kernel of any size whose last tap is the present pixel.

    All other taps lie on pixels before it, so they are kept.
    Returns bool (kh, kw, colours, colours), [row, col, source, target].
    """
    height, width = np.broadcast_to(kernel_size, 2)
    pattern = np.ones((height, width, colours, colours), bool)
    pattern[-1, -1] = colour_rule(mask_type, colours)
    return pattern


def rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Make the mask of a whole kernel. Features are grouped by colour, red's block first.

    kernel_size: an odd int, or (height, width), both odd.
    filters_in: int, the input features of all colours together; a multiple of `colours`.
    filters_out: int, the output features of all colours together; a multiple of `colours`.
    mask_type: "A" or "B", as for `colour_rule`.
    colours: int, how many values a pixel has.
    Returns float32 (kh, kw, filters_in, filters_out): 1 where a weight is kept, 0 elsewhere.
    Raises ValueError for an even kernel size, another mask type, or features that do not divide.
    """
    per_in = per_colour("filters_in", filters_in, colours)
    per_out = per_colour("filters_out", filters_out, colours)
    pattern = colour_pattern(kernel_size, mask_type, colours)
    return pattern.repeat(per_in, axis=2).repeat(per_out, axis=3).astype("float32")
