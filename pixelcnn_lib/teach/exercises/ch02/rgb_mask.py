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


def right_block(ins, outs, mask_type, colours=3):
    return blocks(masks.colour_rule(mask_type, colours), ins, outs)


def with_centre(rule=right_block, centre=lambda height, width: (height // 2, width // 2)):
    """An answer: ones on the finished taps, and at the centre rule(in, out, mask_type, colours)."""

    def rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
        past = masks.spatial_mask(kernel_size)
        mask = np.zeros((*past.shape, filters_in, filters_out))
        mask[past] = 1
        mask[centre(*past.shape)] = rule(filters_in, filters_out, mask_type, colours)
        return mask

    return rgb_mask


def coloured(colour):
    """An answer in which feature i of n has the colour(i, n, features in, k), with k colours."""

    def rule(ins, outs, mask_type, k):
        source, target = (colour(np.arange(n), n, ins, k) for n in (ins, outs))
        return np.less_equal.outer(source, target - (mask_type == "A"))

    return with_centre(rule)


whole, opened = with_centre(), with_centre(lambda *case: 1)

exercise.mistakes_about(
    "to which colour does a feature belong? All of red's features come first, then green's, then "
    "blue's: divide a feature's number by how many features each colour has.",
    {
        "The features take turns: red, green, blue, red.": coloured(lambda i, n, ins, k: i % k),
        "The features' numbers are compared, not their colours.": coloured(lambda i, n, ins, k: i),
        "A feature's number is divided by `colours`.": coloured(lambda i, n, ins, k: i // k),
        "Both colours are computed from the number of features in.": coloured(
            lambda i, n, ins, k: i // (ins // k)
        ),
        "The mask is made for three colours, whatever `colours` says.": coloured(
            lambda i, n, ins, k: i * 3 // n
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
        "The centre is all zeros, whatever the colours.": with_centre(lambda *case: 0),
        "The centre is all ones, whatever the colours.": opened,
        "The centre is hidden in type A and shown in type B, whatever the colours.": with_centre(
            lambda ins, outs, kind, colours: kind == "B"
        ),
    },
)
exercise.mistakes_about(
    "only at [height // 2, width // 2] the rule holds; a finished pixel is known in all colours.",
    {
        "The colour rule is applied at every tap.": lambda *case: (
            opened(*case) * right_block(*case[1:])
        ),
        "The colour rule also opens taps on pixels that come later.": lambda *case: np.maximum(
            whole(*case), right_block(*case[1:])
        ),
        "The blocks of the colour rule are not at the centre of every kernel.": with_centre(
            centre=lambda height, width: (height // 2, height // 2)
        ),
    },
)

# Mistakes that a condition, or what is said of all cases, describes well enough

exercise.all_caught(
    {
        "`mask_type` changes nothing": with_centre(
            lambda ins, outs, kind, colours: right_block(ins, outs, "A", colours)
        ),
        "the source's colour comes before the target's": with_centre(
            lambda ins, outs, kind, colours: blocks(np.eye(colours), ins, outs) * (kind == "B")
        ),
        "the source's colour comes after the target's": with_centre(
            lambda ins, outs, *case: np.maximum(right_block(ins, outs, *case), np.eye(ins, outs))
        ),
        "It accepts a number, but not a pair: rgb_mask((3, 7)": lambda size, *case: (
            whole(size, *case) + np.zeros((size, size, 1, 1))
        ),
    }
)
