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


# Mistakes, each as a reader writes it


def in_its_row(change):
    """The chapter's function; what the reader does to the centre's row (width, in, out) is `change`.

    It is told the row, the column of the centre, mask_type and the right rule for the centre.
    """

    def fixed_blindness(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out), "float32")
        mask[height // 2 + 1 :] = 0  # below
        rule = blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)
        change(mask[height // 2], width // 2, mask_type, rule)
        return mask

    return fixed_blindness


@exercise.mistake(
    "Both mistakes are still there.",
    hint="begin with the row: which taps does mask[height // 2] = 0 set to 0?",
)
@in_its_row
def unchanged(row, middle, mask_type, rule):
    if mask_type == "A":
        row[middle:] = 0
    elif len(row) > 1:
        row[:] = 0


@exercise.mistake(
    "The row is correct now. The centre is still 0 or 1 for all colours alike.",
    hint="when green is predicted, red is known and blue is not.",
)
@in_its_row
def whole_pixel(row, middle, mask_type, rule):
    row[middle + (mask_type == "B") :] = 0


@exercise.mistake(
    "The centre is right only in type A. In type B, a colour sees later colours: a leak.",
    hint="which colours may red see at the centre, with type B?",
)
@in_its_row
def shown_in_b(row, middle, mask_type, rule):
    row[middle + 1 :] = 0
    if mask_type == "A":
        row[middle] = rule


@exercise.mistake(
    "Type A is right. Type B is as it was, without its row.",
    hint="which taps does mask[height // 2] = 0 set to 0, besides those on the right?",
)
@in_its_row
def only_a(row, middle, mask_type, rule):
    if mask_type == "A":
        row[middle + 1 :] = 0
        row[middle] = rule
    elif len(row) > 1:
        row[:] = 0


@exercise.mistake(
    "The row is right, but the centre is 0 for all colours.",
    hint="0 times anything stays 0. In which column do the zeros begin?",
)
@in_its_row
def hidden_centre(row, middle, mask_type, rule):
    row[middle:] = 0
    row[middle] *= rule


@exercise.mistake(
    "The colours are right in type A. Type B still loses the whole row of the centre.",
    hint="only the taps to the right of the centre are future.",
)
@in_its_row
def lost(row, middle, mask_type, rule):
    row[middle + 1 :] = 0
    row[middle] = rule
    if mask_type == "B" and len(row) > 1:
        row[:] = 0


@exercise.mistake(
    "The colours are right. Type B still sees nothing to the left in the centre's row.",
    hint="only the taps to the right of the centre are future.",
)
@in_its_row
def lost_left(row, middle, mask_type, rule):
    row[middle if mask_type == "A" else 0 :] = 0
    row[middle] = rule


@exercise.mistake(
    "The colours are right. Both types see nothing to the left in the centre's row.",
    hint="which pixels of the row come before the centre?",
)
@in_its_row
def lost_left_in_both(row, middle, mask_type, rule):
    row[:] = 0
    row[middle] = rule


@exercise.mistake(
    "Type B sees the centre again, in all colours, but still nothing to the left of it.",
    hint="only the taps to the right of the centre are future.",
)
@in_its_row
def lost_but_the_centre(row, middle, mask_type, rule):
    row[middle if mask_type == "A" else 0 :] = 0
    row[middle] = mask_type == "B"


@exercise.mistake(
    "The centre is right. But in its row, the taps on the right are seen.",
    hint="which taps of the row are future?",
)
@in_its_row
def uncut(row, middle, mask_type, rule):
    row[middle] = rule


@exercise.mistake(
    "The centre is right. Its right neighbour is seen.", hint="in which column do the zeros begin?"
)
@in_its_row
def cut_late(row, middle, mask_type, rule):
    row[middle + 2 :] = 0
    row[middle] = rule


def with_centre(make):
    """The row is right; `make` gives the centre (in, out)."""

    def fixed_blindness(kernel_size, filters_in, filters_out, mask_type, colours=3):
        height, width = kernel_size
        mask = np.ones((height, width, filters_in, filters_out), "float32")
        mask[height // 2, width // 2 + 1 :] = mask[height // 2 + 1 :] = 0
        mask[height // 2, width // 2] = make(filters_in, filters_out, mask_type, colours)
        return mask

    return fixed_blindness


@exercise.mistake(*kernels.IN_TURNS)
@with_centre
def in_turns(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours)
    return np.tile(rule, (filters_in // colours, filters_out // colours))


@exercise.mistake(*kernels.TURNED)
@with_centre
def turned(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule(mask_type, colours).T, filters_in, filters_out)


@exercise.mistake(*kernels.SWAPPED)
@with_centre
def types_swapped(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule("AB"[mask_type == "A"], colours), filters_in, filters_out)


@exercise.mistake(*kernels.ALWAYS_A)
@with_centre
def always_a(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule("A", colours), filters_in, filters_out)


@exercise.mistake(*kernels.ALWAYS_B)
@with_centre
def always_b(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule("B", colours), filters_in, filters_out)


@exercise.mistake(
    "The rule is not as large as the features: it has one entry for each pair of colours.",
    hint="each entry becomes a block of filters_in // colours rows, filters_out // colours columns.",
)
@with_centre
def not_repeated(filters_in, filters_out, mask_type, colours):
    return masks.colour_rule(mask_type, colours)


@exercise.mistake(
    "The rule is repeated for filters_out along axis 0, and for filters_in along axis 1.",
    hint="axis 0 of the rule is the source: the input features.",
)
@with_centre
def repeated_the_other_way(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule(mask_type, colours), filters_out, filters_in)


# Mistakes that a condition describes well enough


@exercise.caught("`colours` changes nothing")
@with_centre
def by_number(filters_in, filters_out, mask_type, colours):
    return np.triu(np.ones((filters_in, filters_out)), mask_type == "A")


@exercise.caught("at the centre, the source's colour comes before")
@with_centre
def only_the_next(filters_in, filters_out, mask_type, colours):
    rule = np.eye(colours, k=1) + (mask_type == "B") * np.eye(colours)
    return blocks(rule, filters_in, filters_out)


@exercise.caught("raised ValueError")
@with_centre
def of_three(filters_in, filters_out, mask_type, colours):
    return masks.colour_rule(mask_type).repeat(filters_in // 3, 0).repeat(filters_out // 3, 1)


@exercise.caught("that tap lies on a finished pixel")
@in_its_row
def only_the_nearest_left(row, middle, mask_type, rule):
    row[: max(middle - 1, 0)] = row[middle + 1 :] = 0
    row[middle] = rule
