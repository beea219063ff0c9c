"""Where the taps of a kernel lie, and how two colours of a pixel stand to each other."""

import numpy as np

from pixelcnn_lib.teach.exercises import Wrong


def taps(kernel_size):
    """Row and column of each tap, counted from the centre: int (height, width) each."""
    height, width = np.broadcast_to(kernel_size, 2)
    row, col = np.indices((height, width))
    return row - height // 2, col - width // 2


def above(kernel_size):
    return taps(kernel_size)[0] < 0


def left(kernel_size):
    row, col = taps(kernel_size)
    return (row == 0) & (col < 0)


def centre(kernel_size):
    row, col = taps(kernel_size)
    return (row == 0) & (col == 0)


def future(kernel_size):
    row, col = taps(kernel_size)
    return (row > 0) | (row == 0) & (col > 0)


def earlier(mask_type, colours=3):
    return np.triu(np.ones((colours, colours), bool), 1)


def later(mask_type, colours=3):
    return np.tril(np.ones((colours, colours), bool), -1)


def itself(mask_type, colours=3):
    return np.eye(colours, dtype=bool)


def blocks(rule, filters_in, filters_out):
    """Grow a rule (colours, colours) to features (in, out), grouped by colour."""
    rule = np.repeat(rule, filters_in // len(rule), axis=0)
    return np.repeat(rule, filters_out // rule.shape[1], axis=1)


def in_space(where):
    """Turn a map of taps into places of the whole mask."""
    return lambda kernel_size, *_: where(kernel_size)[:, :, None, None]


def at_centre(where):
    """Turn a map of colour pairs into places of the whole mask."""

    def places(kernel_size, filters_in, filters_out, mask_type, colours=3):
        pair = blocks(where(mask_type, colours), filters_in, filters_out)
        return centre(kernel_size)[:, :, None, None] & pair

    return places


def both_forms(exercise):
    """Declare the condition that kernel_size may be a number or a pair."""

    @exercise.condition
    def number_or_pair(answer):
        outcomes = {True: [], False: []}
        for case in exercise.inputs:
            outcomes[isinstance(case[0], tuple)].append(answer.outcome(case))
        for pair, form, other in [(True, "pair", "number"), (False, "number", "pair")]:
            if all(isinstance(one, Wrong) for one in outcomes[pair]):
                if not any(isinstance(one, Wrong) for one in outcomes[not pair]):
                    message = f"It accepts a {other}, but not a {form}: {outcomes[pair][0]}"
                    hint = "np.broadcast_to(kernel_size, 2) turns both forms into a pair."
                    return Wrong(message, hint)


GROUPS = [  # the weights of a whole mask: name, where, why, hint
    (
        "finished pixels",
        in_space(lambda size: above(size) | left(size)),
        "that tap lies on a finished pixel",
        "there every feature may use every feature, whatever their colours.",
    ),
    (
        "pixels to come",
        in_space(future),
        "that tap lies on a pixel that comes later",
        "which taps lie to the right of the centre or below it?",
    ),
    (
        "earlier colours",
        at_centre(earlier),
        "at the centre, the source's colour comes before the target's",
        "to which colours do the two features belong?",
    ),
    (
        "later colours",
        at_centre(later),
        "at the centre, the source's colour comes after the target's",
        "to which colours do the two features belong?",
    ),
    (
        "same colour",
        at_centre(itself),
        "at the centre, source and target have the same colour",
        "only in type B does a colour use its own features, and then all of them.",
    ),
]
