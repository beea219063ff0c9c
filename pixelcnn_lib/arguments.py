"""Checks of arguments. Each raises an error: what was expected, what came, and the fix."""

import inspect

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


def check_config(thing):
    """Check that a model's or a head's configuration has all arguments that its class names.

    Training, saving and copying make it anew from its configuration; what is missing there would
    have its default value.

    thing: a model or a head, of any class.
    Raises TypeError, with the argument that is missing.
    """
    try:
        config = thing.get_config()
    except ValueError:  # it names a class that Keras does not know, so it can be drawn only
        return
    named = inspect.signature(type(thing).__init__).parameters.values()
    several = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
    named = {one.name for one in named if one.kind not in several} - {"self"}
    for missing in sorted(named - set(config)):
        raise TypeError(
            f"{type(thing).__name__} takes {missing}, and its get_config does not return it, so that "
            f'training and saving would lose it. Add "{missing}" to get_config.'
        )


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
