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


# Mistakes, each as a reader writes it


def with_centre(rule):
    """A mask function: ones on the finished taps, and at the centre this rule (in, out)."""

    def rgb_mask(kernel_size, filters_in, filters_out, mask_type, colours=3):
        past = masks.spatial_mask(kernel_size)
        mask = np.zeros((*past.shape, filters_in, filters_out))
        mask[past] = 1
        centre = rule(filters_in, filters_out, mask_type, colours)
        mask[past.shape[0] // 2, past.shape[1] // 2] = centre
        return mask

    return rgb_mask


@with_centre
def whole(filters_in, filters_out, mask_type, colours):
    """All is right: for mistakes elsewhere than at the centre."""
    return blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)


def ordered(source, target, mask_type):
    return source < target if mask_type == "A" else source <= target


@exercise.mistake(
    "The features take turns by colour: red, green, blue, red, and so on.",
    hint="they are grouped: all of red's features first, then green's, then blue's.",
)
@with_centre
def in_turns(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours)
    return np.tile(rule, (filters_in // colours, filters_out // colours))


@exercise.mistake(
    "The features that go out take turns by colour; those that go in are grouped.",
    hint="both are grouped: all of red's features first, then green's, then blue's.",
)
@with_centre
def out_in_turns(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours).repeat(filters_in // colours, 0)
    return np.tile(rule, filters_out // colours)


@exercise.mistake(
    "The features that go in take turns by colour; those that go out are grouped.",
    hint="both are grouped: all of red's features first, then green's, then blue's.",
)
@with_centre
def in_in_turns(filters_in, filters_out, mask_type, colours):
    rule = masks.colour_rule(mask_type, colours).repeat(filters_out // colours, 1)
    return np.tile(rule, (filters_in // colours, 1))


@exercise.mistake(
    "Both colours are computed from the number of features in.",
    hint="a colour has filters_in // colours features in. How many features out does it have?",
)
@with_centre
def by_the_size_of_in(filters_in, filters_out, mask_type, colours):
    source, target = np.ogrid[:filters_in, :filters_out]
    return ordered(source // (filters_in // colours), target // (filters_in // colours), mask_type)


groups = exercise.mistake(
    "A feature's number is divided by the number of colours.",
    hint="how many features does each colour have? Divide by that number.",
)


@groups
@with_centre
def in_groups_of_three(filters_in, filters_out, mask_type, colours):
    source, target = np.ogrid[:filters_in, :filters_out]
    return ordered(source // colours, target // colours, mask_type)


@groups
@with_centre
def in_groups_of_three_at_most(filters_in, filters_out, mask_type, colours):
    colour = lambda feature: np.minimum(feature // colours, colours - 1)
    return ordered(*map(colour, np.ogrid[:filters_in, :filters_out]), mask_type)


@exercise.mistake(
    "The rule compares the features' numbers, not their colours.",
    hint="features 0 and 1 may both be red's. To which colour does each feature belong?",
)
@with_centre
def by_number(filters_in, filters_out, mask_type, colours):
    return ordered(*np.ogrid[:filters_in, :filters_out], mask_type)


@exercise.mistake(
    "At the centre source and target are swapped: blue feeds red.",
    hint="axis 2 counts the features in, axis 3 the features out.",
)
@with_centre
def turned(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule(mask_type, colours).T, filters_in, filters_out)


@exercise.mistake(
    "The centre is all zeros, whatever the colours.",
    hint="green may use the present pixel's red.",
)
@with_centre
def closed_centre(filters_in, filters_out, mask_type, colours):
    return 0


@exercise.mistake(
    "The centre is all ones, whatever the colours.",
    hint="red must not use the present pixel's blue.",
)
@with_centre
def open_centre(filters_in, filters_out, mask_type, colours):
    return 1


exercise.mistake(
    "The centre is hidden in type A and shown in type B, whatever the colours.",
    "masks.colour_rule gives the answer for each pair of colours.",
)(with_centre(lambda filters_in, filters_out, mask_type, colours: mask_type == "B"))


@exercise.mistake(
    "The mask is of type A, whichever type is asked for.",
    hint="which function has to know mask_type?",
)
@with_centre
def always_a(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule("A", colours), filters_in, filters_out)


@exercise.mistake(
    "The mask is of type B, whichever type is asked for.",
    hint="which function has to know mask_type?",
)
@with_centre
def always_b(filters_in, filters_out, mask_type, colours):
    return blocks(masks.colour_rule("B", colours), filters_in, filters_out)


@exercise.mistake(
    "A and B are swapped.", hint="which of them is for the layer that reads the image?"
)
@with_centre
def types_swapped(filters_in, filters_out, mask_type, colours):
    other = "B" if mask_type == "A" else "A"
    return blocks(masks.colour_rule(other, colours), filters_in, filters_out)


@exercise.mistake(
    "The mask is made for three colours, whatever `colours` says.",
    hint="masks.colour_rule takes `colours`, and the size of a block depends on it.",
)
@with_centre
def always_three(filters_in, filters_out, mask_type, colours):
    source, target = np.ogrid[:filters_in, :filters_out]
    return ordered(source * 3 // filters_in, target * 3 // filters_out, mask_type)


@exercise.mistake(
    "The colour rule is applied at every tap.", hint="a finished pixel is known in all its colours."
)
def rule_everywhere(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = open_centre(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask * blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)


@exercise.mistake(
    "The colour rule is applied at the finished taps, and the centre is all zeros.",
    hint="which pixel is only partly known?",
)
def rule_on_the_past(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = closed_centre(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask * blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)


@exercise.mistake(
    "The colour rule also opens taps on pixels that come later.",
    hint="the rule holds only at the centre.",
)
def rule_let_in(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = closed_centre(kernel_size, filters_in, filters_out, mask_type, colours)
    return np.maximum(mask, blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out))


@exercise.mistake(
    "The blocks of the colour rule are not at the centre of every kernel.",
    hint="in a kernel that is not square, height // 2 and width // 2 differ.",
)
def off_centre(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = closed_centre(kernel_size, filters_in, filters_out, mask_type, colours)
    rule = blocks(masks.colour_rule(mask_type, colours), filters_in, filters_out)
    mask[len(mask) // 2, len(mask) // 2] = rule
    return mask


@exercise.mistake(
    "The features are counted once for each colour: there are too many.",
    hint="filters_in counts all features, of all colours together.",
)
def counted_per_colour(kernel_size, filters_in, filters_out, mask_type, colours=3):
    return whole(kernel_size, filters_in * colours, filters_out * colours, mask_type, colours)


exercise.mistake("The last two axes are swapped.", "features in come before features out.")(
    lambda *case: whole(*case).swapaxes(2, 3)
)


@exercise.mistake(
    "The mask is upside down: it keeps the future and hides the past.",
    hint="row 0 is at the top: which pixels are finished?",
)
def upside_down(*case):
    return whole(*case)[::-1, ::-1]


@exercise.mistake(
    '"Above and left" was read as a quarter of the plane: taps at the upper right are 0.',
    hint="a row above is finished in its whole width before this row begins.",
)
def quadrant(*case):
    mask = whole(*case)
    mask[: len(mask) // 2, mask.shape[1] // 2 + 1 :] = 0
    return mask


@exercise.mistake(
    "The centre's row is 1 to its end, right of the centre too.",
    hint="which pixels of this row are drawn before the centre?",
)
def to_the_end(*case):
    mask = whole(*case)
    mask[len(mask) // 2, mask.shape[1] // 2 + 1 :] = 1
    return mask


# Mistakes that a condition describes well enough


@exercise.caught("that tap lies on a finished pixel")
def neighbour_hidden(*case):
    mask = whole(*case)
    mask[: len(mask) // 2, mask.shape[1] // 2] = 0
    return mask


@exercise.caught("the source's colour comes before the target's")
@with_centre
def only_the_next(filters_in, filters_out, mask_type, colours):
    rule = np.eye(colours, k=1) + (mask_type == "B") * np.eye(colours)
    return blocks(rule, filters_in, filters_out)


@exercise.caught("the source's colour comes after the target's")
@with_centre
def features_meet_themselves(filters_in, filters_out, mask_type, colours):
    rule = blocks(masks.colour_rule("A", colours), filters_in, filters_out)
    return np.maximum(rule, np.eye(filters_in, filters_out) * (mask_type == "B"))


@exercise.caught("raised ValueError")
@with_centre
def not_repeated(filters_in, filters_out, mask_type, colours):
    return masks.colour_rule(mask_type, colours)


@exercise.caught("It accepts a number, but not a pair: rgb_mask((3, 7)")
def number_only(kernel_size, filters_in, filters_out, mask_type, colours=3):
    mask = np.zeros((kernel_size, kernel_size, filters_in, filters_out))
    mask[:] = whole(kernel_size, filters_in, filters_out, mask_type, colours)
    return mask
