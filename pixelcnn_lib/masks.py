"""Which weights of a convolution are kept, so that no prediction sees its own or a later value.

The values of an image are ordered by row, then column, then colour: all colours of a pixel come
before the next pixel. Features are grouped by colour, red's block first. Source: van den Oord et
al., Pixel Recurrent Neural Networks (2016), section 3.4.
"""

import numpy as np

# How a prediction can treat another value. SEEN and UNSEEN: an earlier value, used or not used.
# HIDDEN: a value that is not earlier and not used, as it should be. LEAK: not earlier, but used.
HIDDEN, SEEN, UNSEEN, LEAK = range(4)


def may_see(target, source):
    """Tell whether the prediction of one value may use another value.

    target: (row, col, colour) of the value that is predicted.
    source: (row, col, colour) of the other value.
    Returns True if `source` comes before `target` in the order of the values.
    """
    return tuple(source) < tuple(target)


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


def margin(patterns):
    """Compute how far a stack of convolutions would see without masks.

    patterns: arrays (kh, kw, …), one for each convolution, as `model.masks` lists them.
    Returns (rows, columns). No feature depends on an input that is farther away, in any direction.
    """
    return tuple(sum(pattern.shape[axis] // 2 for pattern in patterns) for axis in (0, 1))


def whole_number(name, value, least, most):
    """Check that an argument is a whole number in a range; True and False are not numbers here.

    name: str, what the message calls the argument.
    value: the argument.
    least: int, the smallest number allowed.
    most: int, the largest number allowed.
    Returns the value as an int. Raises ValueError, with the range and the value, for anything else.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or not least <= value <= most:
        raise ValueError(
            f"{name} must be a whole number from {least} to {most}; got {short(value)}."
        )
    return int(value)


def short(value):
    """Return a value as text for a message: one line of at most 60 characters."""
    if isinstance(value, int) and value.bit_length() > 200:
        return f"a number of {value.bit_length()} bits"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def kernel_shape(kernel_size):
    """Return (height, width) of an int or a pair. Raises ValueError unless both are odd."""
    shape = np.broadcast_to(kernel_size, 2).tolist()
    if any(side < 1 or side % 2 == 0 for side in shape):
        raise ValueError(
            f"kernel_size must be odd, so that its centre is the present pixel; got {kernel_size}. "
            f"Use {tuple(max(side | 1, 1) for side in shape)}."
        )
    return tuple(shape)


def per_colour(name, filters, colours):
    """Return filters // colours. Raises ValueError, naming multiples, if it is not whole."""
    whole_number("colours", colours, 1, 16)
    if filters < colours or filters % colours:
        below = max(filters - filters % colours, colours)
        raise ValueError(
            f"{name} must be a multiple of {colours}, one block per colour; got {filters}. "
            f"Use {below} or {below + colours}."
        )
    return filters // colours
