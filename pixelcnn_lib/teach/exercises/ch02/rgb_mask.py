"""2.3: the mask of a whole kernel, for features grouped by colour."""

import numpy as np

from pixelcnn_lib import masks
from pixelcnn_lib.teach.exercises import Exercise
from pixelcnn_lib.teach.exercises.ch02.places import GROUPS, blocks, both_forms
from pixelcnn_lib.teach.exercises.groups import by_group


def show_in_layers(rgb_mask):
    from pixelcnn_lib import leaks
    from pixelcnn_lib.teach import figures

    layers = [np.asarray(rgb_mask(5, 3, 3, "A")), np.asarray(rgb_mask(3, 3, 3, "B"))]
    kinds = leaks.classify(leaks.receptive_field(layers, (5, 5, 3)))
    return figures.show_kinds(kinds, (2, 2, 1), (5, 5, 3))


exercise = Exercise(
    id="2.3",
    title="The whole mask",
    minutes=10,
    difficulty=2,
    solution=masks.rgb_mask,
    parts=(masks.colour_pattern,),
    hints=(
        "Which taps are the same for all pairs of features? Which tap is different?",
        "At the taps around the centre, all pairs of features are equal. At the centre, each entry "
        "of the colour rule becomes a block.",
        "Start from zeros of the whole shape. mask[masks.spatial_mask(kernel_size)] = 1 fills the "
        "finished taps. To make blocks, repeat the colour rule along axis 0 and along axis 1.",
    ),
    cases={
        "3x3 A": (3, 6, 9, "A"),
        "3x7 B": ((3, 7), 3, 12, "B"),
        "5x1 A": ((5, 1), 12, 6, "A"),
        "1x5 B of 2 colours": ((1, 5), 4, 6, "B", 2),
        "1x1 A of 4 colours": (1, 8, 4, "A", 4),
        "3x3 B of 1 colour": (3, 2, 5, "B", 1),
        "3x3 A of 1 colour": (3, 2, 2, "A", 1),
        "3x3 B of 6 in and out": (3, 6, 6, "B"),
    },
    axes=("row", "column", "feature in", "feature out"),
    after=show_in_layers,
    seen="What green sees through your masks, a 5x5 A and a 3x3 B.",
)
both_forms(exercise)
by_group(exercise, GROUPS)


# Mistakes: another centre, or other taps around it


def with_centre(rule):
    """An answer: ones on the finished taps, and at the centre rule(in, out, mask_type, colours)."""

    def rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
        past = masks.spatial_mask(kernel_size)
        mask = np.zeros((*past.shape, filters_in, filters_out))
        mask[past] = 1
        centre = rule(filters_in, filters_out, mask_type, colours)
        mask[past.shape[0] // 2, past.shape[1] // 2] = centre
        return mask

    return rgb_mask


def right_block(filters_in, filters_out, mask_type, colours=3):
    return blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)


def coloured(colour):
    """A centre's rule, for which each feature has colour(number, features, features in, colours)."""

    def rule(filters_in, filters_out, mask_type, colours):
        source, target = (
            colour(np.arange(count), count, filters_in, colours)
            for count in (filters_in, filters_out)
        )
        return np.less_equal.outer(source, target - (mask_type == "A"))

    return with_centre(rule)


whole = with_centre(right_block)
closed, opened = with_centre(lambda *case: 0), with_centre(lambda *case: 1)

exercise.mistakes_about(
    "to which colour does a feature belong? All of red's features come first, then green's, then "
    "blue's: divide a feature's number by how many features each colour has.",
    {
        "The features take turns by colour: red, green, blue, red, and so on.": coloured(
            lambda number, count, filters_in, colours: number % colours
        ),
        "The rule compares the features' numbers, not their colours.": coloured(
            lambda number, count, filters_in, colours: number
        ),
        "A feature's number is divided by the number of colours.": coloured(
            lambda number, count, filters_in, colours: number // colours
        ),
        "Both colours are computed from the number of features in.": coloured(
            lambda number, count, filters_in, colours: number // (filters_in // colours)
        ),
        "The mask is made for three colours, whatever `colours` says.": coloured(
            lambda number, count, filters_in, colours: number * 3 // count
        ),
    },
)
exercise.mistakes_about(
    "at the centre, masks.colour_rule(mask_type, colours) has the answer for each pair of colours: "
    "rows are features in, columns features out.",
    {
        "At the centre source and target are swapped: blue feeds red.": with_centre(
            lambda ins, outs, kind, colours: blocks(masks.colour_rule(kind, colours).T, ins, outs)
        ),
        "The centre is all zeros, whatever the colours.": closed,
        "The centre is all ones, whatever the colours.": opened,
        "The centre is hidden in type A and shown in type B, whatever the colours.": with_centre(
            lambda ins, outs, kind, colours: kind == "B"
        ),
    },
)
exercise.mistakes_about(
    "the rule holds only at the centre; a finished pixel is known in all its colours.",
    {
        "The colour rule is applied at every tap.": lambda *case: (
            opened(*case) * right_block(*case[1:])
        ),
        "The colour rule also opens taps on pixels that come later.": lambda *case: np.maximum(
            whole(*case), right_block(*case[1:])
        ),
    },
)


@exercise.mistake(
    "The blocks of the colour rule are not at the centre of every kernel.",
    "in a kernel that is not square, height // 2 and width // 2 differ.",
)
def off_centre(*case):
    mask = closed(*case)
    mask[len(mask) // 2, len(mask) // 2] = right_block(*case[1:])
    return mask


# Mistakes that a condition, or what is said of all cases, describes well enough

exercise.all_caught(
    {
        "`mask_type` changes nothing": with_centre(
            lambda ins, outs, kind, colours: right_block(ins, outs, "A", colours)
        ),
        "the source's colour comes before the target's": with_centre(
            lambda ins, outs, kind, colours: blocks(
                np.eye(colours, k=1) + (kind == "B") * np.eye(colours), ins, outs
            )
        ),
        "the source's colour comes after the target's": with_centre(
            lambda ins, outs, kind, colours: np.maximum(
                right_block(ins, outs, "A", colours), np.eye(ins, outs) * (kind == "B")
            )
        ),
        "It accepts a number, but not a pair: rgb_mask((3, 7)": lambda size, *case: (
            whole(size, *case) + np.zeros((size, size, 1, 1))
        ),
    }
)
