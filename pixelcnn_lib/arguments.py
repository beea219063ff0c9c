"""Checks of arguments. Each raises a ValueError: what was expected, what came, and the fix."""

import numpy as np

CLASSES = 10**4  # the most that a model can have


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


def one_of(name, value, known):
    """Check that an argument is one of the known names.

    name: str, what the message calls the argument.
    value: the argument.
    known: the names, such as a dict's keys.
    Returns the value. Raises ValueError, with the names and the value, for anything else.
    """
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}; got {short(value)}.")
    return value


def short(value):
    """Return a value as text for a message: one line of at most 60 characters."""
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
