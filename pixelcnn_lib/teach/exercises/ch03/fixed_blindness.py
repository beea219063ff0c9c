"""3.4: a mask function that hides too much, to be corrected."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import GROUPS, blocks
from pixelcnn_lib.teach.exercises.ch03 import kernels
from pixelcnn_lib.teach.exercises.groups import by_group


def fixed_blindness(kernel_size, filters_in, filters_out, mask_type, colours=3):
    """Make the mask of a kernel (height, width): past taps 1, the centre by colour, the rest 0.

    Returns float32 (height, width, filters_in, filters_out), features grouped by colour.
    """
    height, width = kernel_size
    mask = np.ones((height, width, filters_in, filters_out), "float32")
    mask[height // 2 + 1 :] = 0  # below
    mask[height // 2, width // 2 + 1 :] = 0  # to the right: only this half of the row
    rule = masks.colour_rule(mask_type, colours)  # [source, target]
    rule = rule.repeat(filters_in // colours, axis=0).repeat(filters_out // colours, axis=1)
    mask[height // 2, width // 2] = rule
    return mask


exercise = Exercise(
    id="3.4",
    title="Find the bug: two gaps",
    minutes=10,
    difficulty=2,
    solution=fixed_blindness,
    hints=(
        "Which taps in the row of the centre lie on finished pixels, and which line sets them to 0?",
        "In the row of the centre, both types set the same taps to 0. At the centre, each entry of the "
        "colour rule becomes a block of filters_in // colours by filters_out // colours features.",
        "In a slice of columns, width // 2 + 1 is the first tap to the right of the centre. And "
        ".repeat along axis 0, then along axis 1, makes the colour rule as large as the features.",
    ),
    after=kernels.show_network,
    **kernels.COMMON,
)
by_group(exercise, GROUPS)
kernels.declare(exercise)


# Mistakes: the centre's row of the chapter's function, after the reader's repair


def in_its_row(zeros, centre):
    """An answer that sets to 0 the row's taps zeros(column of the centre, type), then the centre.

    centre: (the right rule, type) -> the centre (in, out), or None: it stays as it is.
    """

    def fixed_blindness(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out), "float32")
        mask[height // 2 + 1 :] = 0  # below
        mask[height // 2, zeros(width // 2, mask_type)] = 0
        rule = blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)
        made = centre(rule, mask_type)
        if made is not None:
            mask[height // 2, width // 2] = made
        return mask

    return fixed_blindness


def after(middle, mask_type):
    """The taps to the right of the centre: what has to be 0."""
    return slice(middle + 1, None)


def all_in_b(middle, mask_type):
    """As in the chapter: from the centre on in type A, and the whole row in type B, if it has more."""
    return slice(middle if mask_type == "A" else int(middle == 0), None)


def right(rule, mask_type):
    return rule


exercise.mistake(
    "Both mistakes are still there.",
    "begin with the row: which taps does mask[height // 2] = 0 set to 0?",
    in_its_row(all_in_b, lambda rule, kind: None),
)
exercise.mistakes_about(
    "when green is predicted, red is known and blue is not: 0 times anything stays 0.",
    {
        "The row is correct now. The centre is still 0 or 1 for all colours alike.": in_its_row(
            after, lambda rule, kind: kind == "B"
        ),
        "The row is right, but the centre is 0 for all colours.": in_its_row(
            after, lambda rule, kind: 0
        ),
        "The centre is right only in type A. In type B, a colour sees later colours: a leak.": (
            in_its_row(after, lambda rule, kind: rule if kind == "A" else 1)
        ),
    },
)
exercise.mistakes_about(
    "only the taps to the right of the centre are future: which of the row's taps do you set to 0?",
    {
        "Type A is right. Type B is as it was, without its row.": in_its_row(
            lambda middle, kind: (after if kind == "A" else all_in_b)(middle, kind),
            lambda rule, kind: rule if kind == "A" else None,
        ),
        "The colours are right. Type B still sees nothing to the left in the centre's row.": in_its_row(
            all_in_b, right
        ),
        "The centre is right. But in its row, taps on the right are seen.": (
            in_its_row(lambda middle, kind: [], right),
            in_its_row(lambda middle, kind: slice(middle + 2, None), right),
        ),
    },
)
